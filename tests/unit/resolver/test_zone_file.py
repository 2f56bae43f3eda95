"""Zone files: what they may say, how they answer, and what is told of a bad one."""

import asyncio
import json
from pathlib import Path

import pytest

from gateway.model.dns_answer import NO_DATA, NO_NAME, DnsAnswer, FailureCause, RecordType, failed, found
from gateway.model.errors import SettingsError
from gateway.resolver.zone import ZoneResolver

ZONE = {
    "Example.": {
        "TXT": ["v=spf1 -all", ["two ", "strings"], "é"],
        "MX": ["20 B.example.", [10, "a.example"]],
        "A": ["192.0.2.1"],
    },
    "null.example": {"MX": ["0 ."], "SOA": ["what we never ask"]},
    "six.example": {"aaaa": ["2001:DB8:0::1"]},
    "alias.example": {"CNAME": ["Alias2.example."]},
    "alias2.example": {"CNAME": ["example"]},
    "loop1.example": {"CNAME": ["loop2.example"]},
    "loop2.example": {"CNAME": ["loop1.example"]},
    "nowhere.example": {"CNAME": ["gone.test"]},
    "root.example": {"CNAME": ["."]},
    "slow.example": {"A": "TIMEOUT", "TXT": ["here"]},
    "dead.example": "SERVFAIL",
    "a.b.c.example": {"A": []},
    "1.2.0.192.in-addr.arpa": {"PTR": ["Host.example."]},
}


@pytest.mark.parametrize(
    ("name", "rtype", "expected"),
    [
        ("example", "TXT", found(("v=spf1 -all", "two strings", "Ã©"))),
        ("EXAMPLE.", "MX", found(("a.example", "b.example"))),
        ("example", "A", found(("192.0.2.1",))),
        ("example", "AAAA", NO_DATA),
        ("null.example", "MX", found(("",))),
        ("six.example", "AAAA", found(("2001:db8::1",))),
        ("alias.example", "A", found(("192.0.2.1",))),
        ("alias.example", "AAAA", NO_DATA),
        ("loop1.example", "A", failed(FailureCause.MALFORMED)),
        ("nowhere.example", "A", NO_NAME),
        ("root.example", "A", NO_DATA),
        ("slow.example", "A", failed(FailureCause.TIMEOUT)),
        ("slow.example", "TXT", found(("here",))),
        ("slow.example", "MX", NO_DATA),
        ("dead.example", "TXT", failed(FailureCause.SERVFAIL)),
        ("a.b.c.example", "A", NO_DATA),
        ("b.c.example", "A", NO_DATA),
        ("x.b.c.example", "A", NO_NAME),
        ("1.2.0.192.in-addr.arpa", "PTR", found(("host.example",))),
        ("gone.test", "A", NO_NAME),
        ("", "A", failed(FailureCause.MALFORMED)),
        ("a..b", "A", failed(FailureCause.MALFORMED)),
        ("x" * 64 + ".example", "A", failed(FailureCause.MALFORMED)),
    ],
)
def test_answers(tmp_path: Path, name: str, rtype: str, expected: DnsAnswer) -> None:
    file = tmp_path / "zone.json"
    file.write_text(json.dumps(ZONE), "utf-8")
    resolver = ZoneResolver.load(file).for_message(0.0)
    assert asyncio.run(resolver.query(name, RecordType(rtype))) == expected


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("[1]", ["zone: must be an object of names"]),
        ('{"a.example": {"A": "SLOW"}}', ['a.example.A: must be a list, "TIMEOUT" or "SERVFAIL"']),
        ('{"a.example": ["A"]}', ['a.example: must be an object of types, "TIMEOUT" or "SERVFAIL"']),
        ('{"a..example": {}}', ["'a..example': can't be a DNS name"]),
        ('{"a.example": {"MX": ["mx.example"]}}', ['a.example.MX: must be "PREFERENCE HOST" or [PREFERENCE, HOST]']),
        ('{"a.example": {"PTR": [3]}}', ["a.example.PTR: must be a host name"]),
        ('{"a.example": {"TXT": [3]}}', ["a.example.TXT: must be a string or a list of strings"]),
        (
            '{"a.example": {"A": [1]}, "b": {"AAAA": [1]}}',
            ["a.example.A: must be an IPv4 address", "b.AAAA: must be an IPv6 address"],
        ),
    ],
)
def test_all_that_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, problems: list[str]) -> None:
    file = tmp_path / "zone.json"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        ZoneResolver.load(file)
    assert caught.value.problems == [f"{file}: {problem}" for problem in problems]


@pytest.mark.parametrize(
    "content", [b"{", b"", b"\xff", b"[" * 100_000, b'{"a": {}, "a": {}}', b'{"a": {"A": ["1.2.3"]}}', None]
)
def test_what_is_no_zone_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "zone.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        ZoneResolver.load(file)
    assert all(problem.startswith(f"{file}: ") for problem in caught.value.problems)
