"""ARC: what a chain is, whose word in it is believed, and what can't be known."""

import asyncio
from datetime import UTC, datetime

import pytest

from gateway.authn.arc import check_arc
from gateway.authn.arc_seal import Sealer
from gateway.model.auth_facts import ArcResult, ArcStatus
from gateway.model.dns_answer import FailureCause
from gateway.model.domain import DomainName
from gateway.parsing.mime_tree import parse_message
from tests.authn_keys import pem, record, rsa_key
from tests.authn_support import FakeResolver, Zone, inline_cpu, txt_zone

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
MESSAGE = (
    b"From: Jeanne <a@author.example>\r\nTo: c@mutuelle.example\r\nSubject: Votre dossier\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0100\r\n\r\nBonjour\r\n"
)
PASSED = b"dmarc=pass (p=reject) header.from=author.example"
FAILED = b"dmarc=fail header.from=author.example"
ZONE = txt_zone({f"s._domainkey.{d}": record(rsa_key()) for d in ("list.example", "evil.example", "host.example")})


def sealed(raw: bytes, domain: str, results: bytes, state: ArcResult | None = None) -> bytes:
    """One set more, by `domain`; the incoming state is found out when it isn't given."""
    state = state or validate(raw)
    head, _, body = raw.partition(b"\r\n\r\n")
    ours = b"Authentication-Results: " + domain.encode() + b"; " + results
    sealer = Sealer(DomainName(domain), "s", pem(rsa_key()))
    fields = sealer.seal(head + b"\r\n\r\n", memoryview(body), state, ours, NOW)
    return fields + raw


def validate(raw: bytes, *trusted: str, zone: Zone = ZONE) -> ArcResult:
    names = tuple(DomainName(name) for name in trusted)
    return asyncio.run(check_arc(parse_message(raw), FakeResolver(zone), inline_cpu, names))


def test_the_newest_trusted_sealer_is_believed_for_what_it_saw_itself() -> None:
    raw = sealed(MESSAGE, "list.example", PASSED)
    got = validate(raw, "list.example")
    assert (got.status, got.trusted, got.recorded_dmarc_pass) == (ArcStatus.PASS, True, ("author.example",))
    assert (got.sealer, got.sealers) == ("list.example", ("list.example",))
    assert validate(raw).recorded_dmarc_pass == ()
    assert validate(raw, "sub.list.example", "example").trusted is False


def test_a_forged_first_set_is_not_believed_through_an_honest_second() -> None:
    raw = sealed(sealed(MESSAGE, "evil.example", PASSED), "list.example", FAILED + b"; arc=pass")
    got = validate(raw, "list.example")
    assert (got.status, got.trusted, got.recorded_dmarc_pass) == (ArcStatus.PASS, True, ())


def test_a_run_of_trusted_sealers_is_believed_down_to_the_first_stranger() -> None:
    raw = sealed(sealed(MESSAGE, "host.example", PASSED), "list.example", FAILED)
    assert validate(raw, "list.example", "host.example").recorded_dmarc_pass == ("author.example",)
    assert validate(raw, "list.example").recorded_dmarc_pass == ()
    assert validate(raw, "host.example").trusted is False


def test_a_stranger_on_top_ends_all_trust() -> None:
    raw = sealed(sealed(MESSAGE, "list.example", PASSED), "evil.example", PASSED)
    assert validate(raw, "list.example").recorded_dmarc_pass == ()


RECORDED = [
    (PASSED, ("author.example",)),
    (b"dmarc=pass header.from=a@Author.Example", ("author.example",)),
    (b"DMARC = Pass (x) header.from = author.example", ("author.example",)),
    (b"dmarc/1=pass header.from=author.example; spf=fail", ("author.example",)),
    (b'spf=pass reason="; dmarc=pass header.from=author.example"', ()),
    (b"spf=pass (; dmarc=pass header.from=author.example)", ()),
    (b"dmarc=pass header.from=author.example; dmarc=fail header.from=author.example", ()),
    (b"dmarc=pass header.from=author.example header.from=other.example", ()),
    (b"dmarc=pass", ()),
    (b"dmarc=fail header.from=author.example", ()),
    (b"x-dmarc=pass header.from=author.example", ()),
    (b"dmarc=pass header.from=author.example (never closed", ()),
    (b"none", ()),
    (b"", ()),
]


@pytest.mark.parametrize(("results", "domains"), RECORDED)
def test_recorded_results_are_read_strictly(results: bytes, domains: tuple[str, ...]) -> None:
    assert validate(sealed(MESSAGE, "list.example", results), "list.example").recorded_dmarc_pass == domains


def test_a_field_written_without_a_space_is_read() -> None:
    raw = sealed(MESSAGE, "list.example", PASSED).replace(b"ARC-Message-Signature: i=1", b"ARC-Message-Signature:i=1")
    assert b"Signature:i=1" in raw
    assert validate(raw).status is ArcStatus.PASS


def test_dns_trouble_is_not_a_broken_chain() -> None:
    raw = sealed(MESSAGE, "list.example", PASSED)
    for cause in (FailureCause.TIMEOUT, FailureCause.SERVFAIL, FailureCause.BUDGET):
        got = validate(raw, "list.example", zone={"s._domainkey.list.example": cause})
        assert (got.status, got.trusted, got.sets) == (ArcStatus.TEMPERROR, False, 1)
    assert validate(raw, zone={}).reason == "signature 1: no key"


def test_older_message_signatures_may_break() -> None:
    first = sealed(MESSAGE, "host.example", PASSED)
    changed = first.replace(b"Subject: ", b"Subject: [liste] ")
    raw = sealed(changed, "list.example", PASSED, ArcResult(status=ArcStatus.PASS, sets=1))
    got = validate(raw, "list.example")
    assert (got.status, got.oldest_pass) == (ArcStatus.PASS, 2)
    assert validate(sealed(first, "list.example", PASSED)).oldest_pass == 0


def test_keys_are_asked_once_each() -> None:
    raw = MESSAGE
    for _ in range(5):
        raw = sealed(raw, "list.example", PASSED)
    resolver = FakeResolver(ZONE)
    assert asyncio.run(check_arc(parse_message(raw), resolver, inline_cpu, ())).status is ArcStatus.PASS
    assert len(resolver.asked) == 1


def test_without_a_chain_nothing_is_asked() -> None:
    resolver = FakeResolver(ZONE)
    got = asyncio.run(check_arc(parse_message(MESSAGE), resolver, inline_cpu, ()))
    assert (got.status, got.sets, resolver.asked) == (ArcStatus.NONE, 0, [])
