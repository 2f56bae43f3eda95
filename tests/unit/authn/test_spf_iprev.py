"""Forward-confirmed reverse DNS (RFC 8601 §3)."""

import asyncio
from ipaddress import ip_address

import pytest

from gateway.authn.iprev import check_iprev
from tests.fakes import FakeResolver

PTR4 = "1.2.0.192.in-addr.arpa"
PTR6 = "1." + "0." * 23 + "8.b.d.0.1.0.0.2.ip6.arpa"


@pytest.mark.parametrize(
    ("zone", "address", "status", "name"),
    [
        ({PTR4: {"PTR": ["H.example."]}, "h.example": {"A": ["192.0.2.1"]}}, "192.0.2.1", "pass", "h.example"),
        ({PTR4: {"PTR": ["h.example"]}, "h.example": {"A": ["192.0.2.1"]}}, "::ffff:192.0.2.1", "pass", "h.example"),
        ({PTR6: {"PTR": ["h.example"]}, "h.example": {"AAAA": ["2001:db8::1"]}}, "2001:db8::1", "pass", "h.example"),
        (
            {PTR4: {"PTR": ["g.example", "h.example"]}, "h.example": {"A": ["192.0.2.1"]}},
            "192.0.2.1",
            "pass",
            "h.example",
        ),
        ({PTR4: {"PTR": ["h.example"]}, "h.example": {"A": ["192.0.2.2"]}}, "192.0.2.1", "fail", None),
        ({PTR4: {"PTR": ["h.example"]}}, "192.0.2.1", "fail", None),
        ({PTR4: {"PTR": ["not a name"]}}, "192.0.2.1", "fail", None),
        ({}, "192.0.2.1", "permerror", None),
        ({PTR4: "SERVFAIL"}, "192.0.2.1", "temperror", None),
        ({PTR4: {"PTR": ["h.example"]}, "h.example": "TIMEOUT"}, "192.0.2.1", "temperror", None),
        (
            {PTR4: {"PTR": ["g.example", "h.example"]}, "g.example": "TIMEOUT", "h.example": {"A": ["192.0.2.1"]}},
            "192.0.2.1",
            "pass",
            "h.example",
        ),
    ],
)
def test_iprev(zone: dict[str, object], address: str, status: str, name: str | None) -> None:
    got = asyncio.run(check_iprev(ip_address(address), FakeResolver(zone)))
    assert (got.status.value, got.name) == (status, name)


def test_at_most_ten_names_are_looked_at() -> None:
    resolver = FakeResolver({PTR4: {"PTR": [f"h{n}.example" for n in range(50)]}})
    asyncio.run(check_iprev(ip_address("192.0.2.1"), resolver))
    assert len(resolver.asked) == 11
