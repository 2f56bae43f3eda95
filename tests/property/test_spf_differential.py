"""Our check_host() beside pyspf's, on generated records: the same result, but where a table says why not."""

import asyncio
from collections.abc import Iterator
from ipaddress import ip_address

import pytest
import spf
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.authn.spf import check_host
from tests.fakes import FakeResolver

Zone = dict[str, dict[str, list[str] | str]]

NAMES = ("a.example", "b.example", "c.example", "d.example", "x.a.example", "none.example")
ADDRESSES4 = ("192.0.2.1", "192.0.2.77", "198.51.100.9")
ADDRESSES6 = ("2001:db8::1", "2001:db8:1::9")
CLIENTS = (*ADDRESSES4, *ADDRESSES6)

_name = st.sampled_from(NAMES)
_asked = st.sampled_from(NAMES[:5])
_cidr = st.sampled_from(("", "/32", "/24", "/0", "//128", "//64", "/24//32", "/33", "//129", "/08", "/", "/ab"))
_macro = st.sampled_from(
    (
        "%{i}.a.example", "%{ir}.%{v}.x.a.example", "%{l}.a.example", "%{d}", "%{d2}", "%{o}", "%{h}", "%{dr}.example",
        "x.%{d1r}.example", "%{d0}", "%{q}", "%{c}", "%", "%%.example", "%{l-}.a.example", "%{s}.a.example", "%{D2}",
        "a.example.", "example", "x.123", "a..example", "%{lr+-}.b.example", "%{p}",
    )
)  # fmt: skip
_target = st.one_of(_name, _name, _macro)
_qualifier = st.sampled_from(("", "", "+", "-", "~", "?"))
_networks = st.sampled_from(
    (
        "ip4:192.0.2.0/24", "ip4:192.0.2.1", "ip4:198.51.100.0/25", "ip4:192.0.2.1/33", "ip4:192.0.2", "ip4", "ip4:::1",
        "ip6:2001:db8::/32", "ip6:2001:db8::1", "ip6:2001:db8::/129", "ip6:192.0.2.1", "ip6", "ip6:::ffff:192.0.2.1",
        "IP4:0.0.0.0/0", "ip6:::/0", "ip4:192.0.2.01", "ip4:192.0.2.1/", "ip4:192.0.2.1/00",
    )
)  # fmt: skip
_mechanism = st.one_of(
    _networks,
    st.sampled_from(("all", "ALL", "a", "mx", "ptr", "all:x", "all/8", "a:", "exists", "include", "foo", "foo:bar")),
    st.tuples(st.sampled_from(("a", "mx", "A", "Mx")), _target, _cidr).map(lambda t: f"{t[0]}:{t[1]}{t[2]}"),
    st.tuples(st.sampled_from(("a", "mx")), _cidr).map("".join),
    st.tuples(st.sampled_from(("include", "exists", "ptr")), _target).map(":".join),
    _name.map("include:{}".format),
)
_modifier = st.one_of(
    _target.map("redirect={}".format),
    st.sampled_from(("exp=c.example", "foo=bar", "foo=", "foo=%", "redirect=", "-redirect=a.example", "x:y=z")),
)
_term = st.one_of(*[st.tuples(_qualifier, _mechanism).map("".join)] * 6, _modifier)
_record = st.lists(_term, max_size=5).map(lambda terms: " ".join(("v=spf1", *terms)))
_texts = st.one_of(
    *[_record.map(lambda record: [record])] * 8,
    st.just([]),
    st.just("TIMEOUT"),
    st.lists(_record, min_size=2, max_size=2),
    st.sampled_from((["v=spf10 +all"], ["other", "v=spf1 +all"], ["V=SPF1 -all"], ["v=spf1"], ["v=spf1\t+all"])),
)
_hosts = st.fixed_dictionaries(
    {
        "TXT": _texts,
        "A": st.one_of(st.lists(st.sampled_from(ADDRESSES4), max_size=2, unique=True), st.just("TIMEOUT")),
        "AAAA": st.lists(st.sampled_from(ADDRESSES6), max_size=2, unique=True),
        "MX": st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(
            lambda hosts: [f"{number} {host}" for number, host in enumerate(hosts)]
        ),
    }
)
_pointers = st.lists(st.sampled_from(NAMES), max_size=3, unique=True)
_zone: st.SearchStrategy[Zone] = st.builds(
    lambda hosts, pointers: (
        dict(zip(NAMES, hosts, strict=False))
        | {"1.2.0.192.in-addr.arpa": {"PTR": pointers}, "192.0.2.1.a.example": {"A": ["127.0.0.2"]}}
    ),
    st.lists(_hosts, min_size=5, max_size=5),
    _pointers,
)


def ours(zone: Zone, client: str, domain: str, local: str, helo: str) -> str:
    """Our result."""
    return asyncio.run(
        check_host(ip_address(client), domain, f"{local}@{domain}", helo, FakeResolver(zone))
    ).status.value


def theirs(monkeypatch: pytest.MonkeyPatch, zone: Zone, client: str, domain: str, local: str, helo: str) -> str:
    """pyspf's result over the same zone."""

    def look_up(name: str, rtype: str, _strict: object = True, _timeout: object = 0) -> Iterator[object]:
        values = zone.get(name.lower().rstrip("."), {}).get(rtype, [])
        if values == "TIMEOUT":
            raise spf.TempError("DNS timeout")
        for value in values:
            if rtype == "TXT":
                yield (name, rtype), (value.encode("latin-1"),)
            elif rtype == "MX":
                preference, host = value.split()
                yield (name, rtype), (int(preference), host)
            else:
                yield (name, rtype), value

    monkeypatch.setattr(spf, "DNSLookup", look_up)
    query = spf.query(i=client, s=f"{local}@{domain}", h=helo, strict=True, timeout=0, querytime=0)
    result, _, _ = query.check()
    return str(result)


def _texts_of(zone: Zone) -> list[str]:
    return [text for types in zone.values() for text in types.get("TXT", []) if text.startswith("v=spf1 ")]


def _repeats_a_modifier(zone: Zone) -> bool:
    terms = (text.lower().split(" ") for text in _texts_of(zone))
    return any(sum(term.startswith(name) for term in record) > 1 for record in terms for name in ("foo=", "x:y="))


def _has_exists_without_domain(zone: Zone) -> bool:
    terms = (term for text in _texts_of(zone) for term in text.lower().split())
    return any(term[0] in "+-~?" and term[1:] == "exists" for term in terms)


def _includes_itself(zone: Zone) -> bool:
    return any(
        f"include:{name}" in text.lower()
        for name, types in zone.items()
        for text in types.get("TXT", [])
        if text.startswith("v=spf1 ")
    )


def _redirects_by_p(zone: Zone) -> bool:
    return any("redirect=%{p}" in text for text in _texts_of(zone))


# why pyspf says something else: (when, the results concerned, who is right)
EXPLAINED = (
    (
        _repeats_a_modifier,
        {"permerror"},
        "an unknown modifier may stand twice: RFC 7208 §6 forbids it of redirect, exp",
    ),
    (
        _has_exists_without_domain,
        {"pass", "fail", "softfail", "neutral", "temperror", "permerror"},
        "exists needs a domain, with a qualifier too: RFC 7208 §5.7",
    ),
    (
        _includes_itself,
        {"permerror"},
        "pyspf refuses a record that includes itself before its turn comes: RFC 7208 §4.6.2 goes from left to right",
    ),
    (
        _redirects_by_p,
        {"temperror"},
        "pyspf expands redirect= before it is due, and lets %{p} fail: RFC 7208 §5.5, §6.1",
    ),
)


@settings(max_examples=800, deadline=None)
@given(zone=_zone, client=st.sampled_from(CLIENTS), domain=_asked, local=st.sampled_from(("user", "us-er+x", "a.b")))
def test_same_result_as_pyspf(zone: Zone, client: str, domain: str, local: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        expected = theirs(monkeypatch, zone, client, domain, local, "mail.a.example")
    got = ours(zone, client, domain, local, "mail.a.example")
    if got != expected:
        why = [why for when, results, why in EXPLAINED if expected in results and when(zone)]
        assert why, f"pyspf: {expected}, ours: {got}"
