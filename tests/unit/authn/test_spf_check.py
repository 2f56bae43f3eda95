"""SPF beyond the published suites: envelopes, limits, temporary errors, hostile records and their cost."""

import asyncio
import time
from ipaddress import ip_address

import pytest

from gateway.authn.spf import check_host, check_spf
from gateway.authn.spf_record import SpfSyntaxError, parse_record
from gateway.model.address import NULL_PATH, Mailbox, Path
from gateway.model.auth_facts import SpfIdentity, SpfResult, SpfStatus
from gateway.model.dns_answer import RecordType
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope
from tests.fakes import FakeResolver

RECEIVER = DomainName("mx.mutuelle.example")
MAIL_FROM, HELO = SpfIdentity.MAIL_FROM, SpfIdentity.HELO


def envelope(mail_from: str | None, address: str | None = "192.0.2.1", helo: str = "mail.a.example") -> Envelope:
    """An envelope; "" is the null path, None an unknown one."""
    path = NULL_PATH if mail_from == "" else None
    if mail_from:
        local, _, domain = mail_from.rpartition("@")
        literal = domain if domain.startswith("[") else ""
        path = Path(mail_from.encode(), Mailbox(local, None if literal else DomainName(domain), literal))
    return Envelope(client=Client(address=ip_address(address) if address else None, helo=helo), mail_from=path)


def judge(zone: dict[str, object], *args: str | None, **options: str) -> tuple[SpfResult, SpfResult | None]:
    """check_spf() over a zone."""
    return asyncio.run(check_spf(envelope(*args, **options), FakeResolver(zone), RECEIVER))  # type: ignore[arg-type]


def host(zone: dict[str, object], address: str = "192.0.2.1", resolver: FakeResolver | None = None) -> SpfResult:
    """check_host() for a.example."""
    asked = resolver or FakeResolver(zone)
    return asyncio.run(check_host(ip_address(address), "a.example", "user@a.example", "mail.a.example", asked))


ZONE: dict[str, object] = {
    "a.example": {"TXT": ["v=spf1 ip4:192.0.2.0/24 -all"]},
    "mail.a.example": {"TXT": ["v=spf1 ip4:192.0.2.1 -all"]},
}


@pytest.mark.parametrize(
    ("mail_from", "address", "helo", "first", "second"),
    [
        ("u@a.example", "192.0.2.1", "mail.a.example", ("pass", MAIL_FROM, "a.example"), "pass"),
        ("u@a.example", "192.0.2.9", "mail.a.example", ("pass", MAIL_FROM, "a.example"), "fail"),
        ("u@a.example", "203.0.113.1", "[203.0.113.1]", ("fail", MAIL_FROM, "a.example"), None),
        ("u@a.example", "::ffff:192.0.2.1", "host", ("pass", MAIL_FROM, "a.example"), None),
        ("u@a.example", "192.0.2.1", "\0\n.\udcff", ("pass", MAIL_FROM, "a.example"), None),
        ("u@[192.0.2.1]", "192.0.2.1", "localhost", ("none", MAIL_FROM, None), None),
        ("", "192.0.2.1", "mail.a.example", ("pass", HELO, "mail.a.example"), None),
        ("", "192.0.2.2", "Mail.A.Example.", ("fail", HELO, "mail.a.example"), None),
        ("", "192.0.2.1", "host", ("none", HELO, "host"), None),
        ("", "192.0.2.1", "", ("none", HELO, None), None),
        ("u@a.example", None, "mail.a.example", ("none", MAIL_FROM, "a.example"), None),
        (None, "192.0.2.1", "mail.a.example", ("none", MAIL_FROM, None), None),
    ],
)
def test_which_identity_is_checked(
    mail_from: str | None,
    address: str | None,
    helo: str,
    first: tuple[str, SpfIdentity, str | None],
    second: str | None,
) -> None:
    got, got_helo = judge(ZONE, mail_from, address, helo)
    assert (got.status.value, got.identity, got.domain) == first
    assert (got_helo.status.value if got_helo else None) == second


@pytest.mark.parametrize("fault", ["TIMEOUT", "SERVFAIL"])
@pytest.mark.parametrize(
    "zone",
    [
        {"a.example": "FAULT"},
        {"a.example": {"TXT": ["v=spf1 mx -all"], "MX": "FAULT"}},
        {"a.example": {"TXT": ["v=spf1 a -all"], "A": "FAULT"}},
        {"a.example": {"TXT": ["v=spf1 exists:b.example -all"]}, "b.example": "FAULT"},
        {"a.example": {"TXT": ["v=spf1 include:b.example -all"]}, "b.example": "FAULT"},
        {"a.example": {"TXT": ["v=spf1 redirect=b.example"]}, "b.example": "FAULT"},
        {"a.example": {"TXT": ["v=spf1 mx -all"], "MX": ["1 b.example"]}, "b.example": "FAULT"},
    ],
)
def test_dns_that_fails_is_never_a_fail(zone: dict[str, object], fault: str) -> None:
    def with_fault(value: object) -> object:
        if isinstance(value, dict):
            return {key: with_fault(inner) for key, inner in value.items()}
        return fault if value == "FAULT" else value

    got = host({name: with_fault(types) for name, types in zone.items()})
    assert got.status is SpfStatus.TEMPERROR
    assert got.reason


def test_ip_terms_before_a_dead_lookup_still_count() -> None:
    assert host({"a.example": {"TXT": ["v=spf1 ip4:192.0.2.1 mx -all"], "MX": "TIMEOUT"}}).status is SpfStatus.PASS


def test_exp_costs_no_lookup_unless_wanted() -> None:
    resolver = FakeResolver({"a.example": {"TXT": ["v=spf1 -all exp=b.example"]}, "b.example": {"TXT": ["no"]}})
    got = host({}, resolver=resolver)
    assert (got.status, got.explanation) == (SpfStatus.FAIL, "")
    assert resolver.asked == [("a.example", RecordType.TXT)]


def chain(length: int, last: str) -> dict[str, object]:
    """Includes within includes."""
    zone: dict[str, object] = {f"n{n}.example": {"TXT": [f"v=spf1 include:n{n + 1}.example"]} for n in range(length)}
    zone["a.example"] = {"TXT": ["v=spf1 include:n0.example -all"]}
    zone[f"n{length}.example"] = {"TXT": [last]}
    return zone


@pytest.mark.parametrize(
    ("zone", "status", "questions"),
    [
        (chain(9, "v=spf1 +all"), "pass", 11),
        (chain(10, "v=spf1 +all"), "permerror", 11),
        ({"a.example": {"TXT": ["v=spf1 include:a.example -all"]}}, "permerror", 11),
        ({"a.example": {"TXT": ["v=spf1 redirect=a.example"]}}, "permerror", 11),
        ({"a.example": {"TXT": ["v=spf1 a:x.example a:y.example ip4:192.0.2.1"]}}, "pass", 3),
        ({"a.example": {"TXT": ["v=spf1 a:x.example a:y.example a:z.example ip4:192.0.2.1"]}}, "permerror", 4),
        ({"a.example": {"TXT": ["v=spf1 mx +all"], "MX": [f"1 h{n}.example" for n in range(11)]}}, "permerror", 2),
        ({"a.example": {"TXT": ["v=spf1 -all", "v=spf1 +all"]}}, "permerror", 1),
    ],
)
def test_limits(zone: dict[str, object], status: str, questions: int) -> None:
    resolver = FakeResolver(zone)
    assert host({}, resolver=resolver).status.value == status
    assert len(resolver.asked) == questions


HOSTILE = {
    "many ip4": "v=spf1 " + "ip4:203.0.113.1 " * 990,
    "many terms": "v=spf1 " + "a " * 4000,
    "many blanks": "v=spf1" + " " * 16_000,
    "slashes": "v=spf1 a:" + "/" * 16_000,
    "macros": "v=spf1 exists:" + "%{dr}" * 1600 + " -all",
    "macros that fit": "v=spf1 " + ("exists:" + "%{sr-+.}" * 120 + ".example ") * 8,
    "digits": "v=spf1 exists:%{d" + "9" * 8000 + "}",
    "zeros": "v=spf1 exists:%{d" + "0" * 8000 + "}",
    "delimiters": "v=spf1 exists:%{d." + "-" * 8000 + "}",
    "open braces": "v=spf1 exists:" + "%{" * 4000,
    "labels": "v=spf1 include:" + "a." * 500 + "example",
    "long name": "v=spf1 " + "x" * 16_000,
    "dots": "v=spf1 redirect=" + "." * 8000,
    "modifiers": "v=spf1 " + "x=%{d} " * 900,
    "colons": "v=spf1 ip6:" + ":" * 8000,
}


@pytest.mark.parametrize("record", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_records_cost_little(record: str) -> None:
    """The record itself, and ten includes of it: under 100 ms of CPU (issue: hazards §5)."""
    includes = " ".join(f"include:n{n}.example" for n in range(10))
    zone: dict[str, object] = {f"n{n}.example": {"TXT": [record]} for n in range(10)}
    resolvers = [
        FakeResolver(zone | {"a.example": {"TXT": [record]}}),
        FakeResolver(zone | {"a.example": {"TXT": [f"v=spf1 {includes} -all"]}}),
    ]
    for resolver in resolvers:
        started = time.process_time()
        result = host({}, resolver=resolver)
        assert time.process_time() - started < 0.1
        assert result.status is not SpfStatus.PASS


def test_records_are_read_once() -> None:
    text = "v=spf1 ip4:192.0.2.7 -all"
    assert parse_record(text) is parse_record(text)


@pytest.mark.parametrize("term", ["ip4:192.0.2.1%eth0", "ip6:fe80::1%eth0", "a/ 32", "all ", "include:", "=x", "a//"])
def test_terms_that_are_none(term: str) -> None:
    if term == "all ":  # a trailing blank is allowed
        assert parse_record(f"v=spf1 {term}").directives
        return
    with pytest.raises(SpfSyntaxError) as caught:
        parse_record(f"v=spf1 {term}")
    assert term not in str(caught.value)
