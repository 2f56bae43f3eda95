"""All checks together: concurrent, each fault kept to itself, and what the facts hold."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest

from gateway.authn import authenticate as module
from gateway.authn import canonical_body
from gateway.authn.arc_seal import Sealer
from gateway.authn.authenticate import authenticate
from gateway.authn.canonical_header import Canon
from gateway.model.address import NULL_PATH, Mailbox, Path
from gateway.model.auth_facts import (
    ArcResult,
    ArcStatus,
    AuthFacts,
    DkimStatus,
    DmarcStatus,
    IprevStatus,
    SpfIdentity,
    SpfStatus,
)
from gateway.model.dns_answer import DnsAnswer, FailureCause, RecordType, failed
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope
from gateway.parsing.mime_tree import parse_message
from tests.authn_keys import DOMAIN, KEY_NAME, pem, record, rsa_key, signed
from tests.authn_support import FakeResolver, Zone, inline_cpu, txt_zone

NOW = datetime.now(UTC)
RAW = (
    b"From: Jeanne <a@signer.example>\r\nTo: c@mutuelle.example\r\nSubject: Votre dossier\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@signer.example>\r\n\r\nBonjour\r\n"
)
ENVELOPE = Envelope(
    client=Client(address=ip_address("192.0.2.25"), helo="mail.signer.example"),
    mail_from=Path(b"a@signer.example", Mailbox("a", DomainName(DOMAIN))),
)
ZONE: Zone = {
    **txt_zone(
        {KEY_NAME: record(rsa_key()), DOMAIN: "v=spf1 ip4:192.0.2.25 -all", f"_dmarc.{DOMAIN}": "v=DMARC1; p=reject"}
    ),
    "25.2.0.192.in-addr.arpa": {"PTR": ["mail.signer.example"]},
    "mail.signer.example": {"A": ["192.0.2.25"]},
}


class SlowFake(FakeResolver):
    """Says nothing until the message's time is up."""

    async def query(self, name: str, rtype: RecordType) -> DnsAnswer:
        await asyncio.sleep(0.05)
        return failed(FailureCause.TIMEOUT)


def run(raw: bytes = RAW, resolver: FakeResolver | None = None, envelope: Envelope = ENVELOPE) -> AuthFacts:
    return asyncio.run(
        authenticate(
            parse_message(raw), envelope, resolver or FakeResolver(ZONE), inline_cpu, NOW, "mx.mutuelle.example", ()
        )
    )


def test_an_honest_message_has_all_its_proofs() -> None:
    facts = run(signed(RAW))
    assert facts.spf.status is SpfStatus.PASS
    assert [d.status for d in facts.dkim] == [DkimStatus.PASS]
    assert (facts.dmarc.status, facts.dmarc.aligned_spf, facts.dmarc.aligned_dkim) == (
        DmarcStatus.PASS,
        True,
        (DOMAIN,),
    )
    assert facts.arc.status is ArcStatus.NONE
    assert facts.iprev is not None
    assert (facts.iprev.status, facts.iprev.name) == (IprevStatus.PASS, "mail.signer.example")
    assert facts.claimed_dkim_domains == (DOMAIN,)
    assert facts.checked_at == NOW
    assert facts.skipped == ()


def test_with_dns_down_everything_is_a_temporary_error_and_nothing_a_failure() -> None:
    async def timed() -> tuple[AuthFacts, float]:
        loop = asyncio.get_running_loop()
        start = loop.time()
        facts = await authenticate(
            parse_message(signed(RAW)), ENVELOPE, SlowFake({}), inline_cpu, NOW, "mx.mutuelle.example", ()
        )
        return facts, loop.time() - start

    facts, seconds = asyncio.run(timed())
    assert facts.spf.status is SpfStatus.TEMPERROR
    assert [d.status for d in facts.dkim] == [DkimStatus.TEMPERROR]
    assert (facts.dmarc.status, facts.dmarc.policy) == (DmarcStatus.TEMPERROR, None)
    assert facts.iprev is not None
    assert facts.iprev.status is IprevStatus.TEMPERROR
    assert facts.claimed_dkim_domains == (DOMAIN,)
    assert seconds < 0.15, "checks wait for DNS at the same time"


def test_an_aligned_check_that_could_not_be_made_is_no_failure_of_dmarc() -> None:
    zone = {**ZONE, KEY_NAME: FailureCause.SERVFAIL, DOMAIN: {"TXT": ["v=spf1 -all"]}}
    facts = run(signed(RAW), FakeResolver(zone))
    assert facts.spf.status is SpfStatus.FAIL
    assert (facts.dmarc.status, facts.dmarc.policy) == (DmarcStatus.TEMPERROR, "reject")
    stranger = run(
        signed(RAW, domain="other.example"),
        FakeResolver({**zone, "sel._domainkey.other.example": FailureCause.SERVFAIL}),
    )
    assert stranger.dmarc.status is DmarcStatus.FAIL, "a stranger's key could not have helped"


def test_the_null_path_is_judged_by_helo() -> None:
    zone = {**ZONE, "mail.signer.example": {"A": ["192.0.2.25"], "TXT": ["v=spf1 a -all"]}}
    facts = run(RAW, FakeResolver(zone), Envelope(client=ENVELOPE.client, mail_from=NULL_PATH))
    assert (facts.spf.status, facts.spf.identity) == (SpfStatus.PASS, SpfIdentity.HELO)
    assert facts.dmarc.status is DmarcStatus.PASS


def test_an_unknown_envelope_fails_nothing() -> None:
    facts = run(RAW, envelope=Envelope(client=Client(address=None), mail_from=None))
    assert facts.spf.status is SpfStatus.NONE
    assert facts.iprev is None


BREAKABLE = {
    "check_spf": "spf",
    "run_dkim": "dkim",
    "DkimCheck": "dkim",
    "run_arc": "arc",
    "ArcCheck": "arc",
    "check_iprev": "iprev",
    "discover_policies": "dmarc",
    "evaluate_dmarc": "dmarc",
}


@pytest.mark.parametrize(("name", "check"), BREAKABLE.items())
def test_a_check_that_breaks_is_a_word_and_the_others_stand(
    name: str, check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RecursionError("a bug of ours")

    monkeypatch.setattr(module, name, broken)
    facts = run(b"ARC-Seal: i=1; cv=none\r\n" + signed(RAW))
    assert facts.skipped == (f"{check}:error",)
    statuses: dict[str, Callable[[], bool]] = {
        "spf": lambda: facts.spf.status is SpfStatus.PASS,
        "dkim": lambda: [d.status for d in facts.dkim] == [DkimStatus.PASS],
        "dmarc": lambda: facts.dmarc.status is DmarcStatus.PASS,
        "iprev": lambda: facts.iprev is not None and facts.iprev.status is IprevStatus.PASS,
    }
    assert {name for name, stands in statuses.items() if stands()} == set(statuses) - {check}


def test_cancellation_goes_through() -> None:
    async def cancelled() -> None:
        task = asyncio.create_task(
            authenticate(parse_message(signed(RAW)), ENVELOPE, SlowFake({}), inline_cpu, NOW, "mx.example", ())
        )
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())


def test_body_hashes_are_shared_between_signature_and_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = signed(RAW)
    head, _, body = raw.partition(b"\r\n\r\n")
    sealer = Sealer(DomainName(DOMAIN), "sel", pem(rsa_key()))
    raw = sealer.seal(head + b"\r\n\r\n", memoryview(body), ArcResult(status=ArcStatus.NONE), b"A: x; none", NOW) + raw
    passes = 0
    plain = canonical_body.canonical_chunks

    def counted(body: memoryview, canon: Canon) -> Iterator[bytes]:
        nonlocal passes
        passes += 1
        return plain(body, canon)

    monkeypatch.setattr(canonical_body, "canonical_chunks", counted)
    facts = run(raw)
    assert (facts.arc.status, facts.dkim[0].status) == (ArcStatus.PASS, DkimStatus.PASS)
    assert passes == 1
