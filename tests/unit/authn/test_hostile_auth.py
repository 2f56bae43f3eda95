"""Hostile mail and hostile DNS: bounded cost, a defined result with a reason, and the message is still judged.

Budgets are CPU time above the honest cost of the same size, with room for a loaded machine; the honest cost itself is
measured in the same run.
"""

import asyncio
import base64
import time
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.authn import canonical_body
from gateway.authn.authenticate import authenticate
from gateway.authn.canonical_body import CHUNK, BodyHasher, canonical_chunks
from gateway.authn.canonical_header import Canon
from gateway.authn.keys import parse_key
from gateway.authn.ration import Ration
from gateway.authn.results_header import write_results
from gateway.model.address import Mailbox, Path
from gateway.model.auth_facts import ArcStatus, AuthFacts, DkimStatus, DmarcStatus, SpfStatus
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope
from gateway.parsing.mime_tree import parse_message
from tests.authn_keys import KEY_NAME, record, rsa_key, signed
from tests.authn_support import FakeResolver, inline_cpu, txt_zone
from tests.pace import slowness

NOW = datetime.now(UTC)
HEAD = (
    b"From: Jeanne <a@signer.example>\r\nTo: c@mutuelle.example\r\nSubject: Votre dossier\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@signer.example>\r\n"
)
RAW = HEAD + b"\r\nBonjour\r\n"
ENVELOPE = Envelope(
    client=Client(address=ip_address("192.0.2.25"), helo="mail.signer.example"),
    mail_from=Path(b"a@signer.example", Mailbox("a", DomainName("signer.example"))),
)
BUDGET_S = 0.1


def judge(raw: bytes, key: str = "") -> tuple[AuthFacts, float, FakeResolver]:
    """Facts, CPU seconds of authentication and writing the field (the best of two), and the resolver."""
    message = parse_message(raw)
    best = float("inf")
    for _ in range(2):
        resolver = FakeResolver(txt_zone({KEY_NAME: key or record(rsa_key())}))
        parse_key.cache_clear()
        start = time.process_time()
        facts = asyncio.run(authenticate(message, ENVELOPE, resolver, inline_cpu, NOW, "mx.mutuelle.example", ()))
        write_results("mx.mutuelle.example", facts, ENVELOPE)
        best = min(best, time.process_time() - start)
    assert facts.skipped == ()
    return facts, best, resolver


def signature(**tags: bytes) -> bytes:
    """A DKIM-Signature that is well-formed but for what is given."""
    known = {
        b"v": b"1", b"a": b"rsa-sha256", b"c": b"relaxed/relaxed", b"d": b"signer.example", b"s": b"sel",
        b"h": b"from:to", b"bh": b"AAAA", b"b": b"AAAA",
    }  # fmt: skip
    known.update({name.encode(): value for name, value in tags.items()})
    return b"DKIM-Signature: " + b"; ".join(name + b"=" + value for name, value in known.items()) + b"\r\n"


def big_key(bits: int, exponent_bits: int) -> str:
    numbers = RSAPublicNumbers((1 << (exponent_bits - 1)) + 1, (1 << bits) - 189)
    try:
        der = numbers.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except ValueError:  # the library refuses to make it: its shape is enough
        der = b"\x30\x82" + (bits // 4).to_bytes(2, "big") + bytes(bits // 4)
    return "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()


def arc_sets(count: int) -> bytes:
    """So many well-formed sets, each with keys of its own."""
    return b"".join(
        b"ARC-Seal: i=%d; a=rsa-sha256; cv=%s; d=d%d.example; s=s; b=AAAA\r\n"
        b"ARC-Message-Signature: i=%d; a=rsa-sha256; c=relaxed/relaxed; d=d%d.example; s=s;"
        b" h=from; bh=AAAA; b=AAAA\r\n"
        b"ARC-Authentication-Results: i=%d; d%d.example; dmarc=pass header.from=signer.example\r\n"
        % (i, b"none" if i == 1 else b"pass", i, i, i, i, i)
        for i in range(count, 0, -1)
    )


SMALL: dict[str, Callable[[], bytes]] = {
    "1000 signatures": lambda: signature() * 1000 + RAW,
    "1000 different signatures": lambda: b"".join(signature(d=b"d%d.example" % i) for i in range(1000)) + RAW,
    "8 signatures of 8 lengths": lambda: b"".join(signature(l=b"%d" % i) for i in range(8)) + RAW,
    "100,000 spaces in b=": lambda: signature(b=b" " * 100_000 + b"!") + RAW,
    "15,000 spaces in b=": lambda: signature(b=b" " * 15_000 + b"!") + RAW,
    "b= of 1 MB": lambda: signature(b=b"A" * 1_000_000) + RAW,
    "b= folded 4000 times": lambda: signature(b=b"\r\n " * 4000) + RAW,
    "b= folded 8 times over": lambda: signature(b=b"\r\n " * 4000) * 8 + RAW,
    "h= of 20,000 names": lambda: signature(h=b"from:" + b"x:" * 20_000) + b"X: 1\r\n" * 800 + RAW,
    "h= of 500 names, 900 fields": lambda: signature(h=b"from" + b":x" * 499) * 8 + b"X: 1\r\n" * 900 + RAW,
    "h= of blanks": lambda: signature(h=b"from" + b" " * 15_000 + b":to") + RAW,
    "a field folded 80,000 times": lambda: signature() + b"To: a" + b"\r\n " * 80_000 + b"b\r\n" + RAW,
    "a field folded 60,000 times, 8 signatures": lambda: (
        signature() * 8 + b"To: a" + b"\r\n b" * 60_000 + b"\r\n" + RAW
    ),
    "x= of 5000 digits": lambda: signature(x=b"9" * 5000) + RAW,
    "l= of 5000 digits": lambda: signature(l=b"9" * 5000) + RAW,
    "50 ARC sets": lambda: arc_sets(50) + RAW,
    "51 ARC sets": lambda: arc_sets(51) + RAW,
    "300 ARC sets": lambda: arc_sets(300) + RAW,
    "instances out of order and twice": lambda: arc_sets(20) + arc_sets(3) + RAW,
    "ARC instance of 5000 digits": lambda: b"ARC-Seal: i=" + b"9" * 5000 + b"; cv=none\r\n" + RAW,
    "a seal of 100,000 spaces": lambda: b"ARC-Seal: i=1; cv=none; b=" + b" " * 100_000 + b"\r\n" + RAW,
    "results of 200 KB": lambda: b"ARC-Authentication-Results: i=1; " + b"(" * 200_000 + b"\r\n" + RAW,
    "10,000 tags": lambda: signature(x=b"1" + b"".join(b"; t%d=1" % i for i in range(1500))) + RAW,
    "10,000 semicolons": lambda: b"DKIM-Signature: " + b";" * 10_000 + b"\r\n" + RAW,
    "first line folded": lambda: b" folded\r\n" + signature() + RAW,
    "d= of 300 characters": lambda: signature(d=b"a." * 150 + b"example") + RAW,
    "control characters everywhere": lambda: signature(d=b"\x00\x01", s=b"\x7f\r", i=b"\x00@\x00") + RAW,
}


@pytest.mark.parametrize("name", SMALL)
def test_a_hostile_header_costs_little_and_is_judged(name: str) -> None:
    facts, seconds, resolver = judge(SMALL[name]())
    assert seconds < BUDGET_S * slowness()
    assert all(result.status is not DkimStatus.PASS and result.reason for result in facts.dkim)
    assert facts.arc.status is not ArcStatus.PASS
    assert len(resolver.asked) <= 80


def test_more_than_fifty_sets_ask_nothing() -> None:
    facts, _, resolver = judge(arc_sets(51) + RAW)
    assert (facts.arc.status, facts.arc.reason) == (ArcStatus.FAIL, "more than 50 sets")
    assert not [name for name, _ in resolver.asked if "_domainkey" in name]


KEYS = {
    "16384 bits, exponent of 16384": lambda: big_key(16384, 16384),
    "4096 bits, exponent of 4096": lambda: big_key(4096, 4096),
    "2048 bits, exponent of 2048": lambda: big_key(2048, 2048),
    "64 KB": lambda: "p=" + "A" * 65_000,
    "64 KB of semicolons": lambda: ";" * 65_000,
    "4 KB of tags": lambda: "p=" + ";".join(f"t{i}=1" for i in range(500)),
    "4 KB of colons": lambda: "h=" + ":" * 4000 + "; p=AAAA",
}


@pytest.mark.parametrize("name", KEYS)
def test_a_hostile_key_costs_little_and_is_named(name: str) -> None:
    facts, seconds, _ = judge(signed(RAW), KEYS[name]())
    assert seconds < BUDGET_S * slowness()
    (result,) = facts.dkim
    assert result.status is DkimStatus.PERMERROR
    assert result.reason.startswith("key")


SIZE = 22_000_000
BODIES = {
    "one line of spaces": b" " * SIZE + b"x\r\n",
    "lines of 900 spaces": (b" " * 900 + b"\r\n") * (SIZE // 902),
    "lines of 900 tabs and a letter": (b"\t" * 900 + b"x\r\n") * (SIZE // 903),
    "empty lines": b"\r\n" * (SIZE // 2),
    "empty lines, then a letter": b"\r\n" * (SIZE // 2) + b"x",
    "bare line feeds": b"\n" * SIZE,
    "bare carriage returns": b"\r" * SIZE,
    "runs of every length": b"".join(b" " * (1 << (i % 17)) + b"x" for i in range(3000)),
}


@pytest.mark.parametrize("canon", [b"relaxed/relaxed", b"simple/simple"])
@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_costs_like_an_honest_one(name: str, canon: bytes) -> None:
    head = b"".join(signature(c=canon, l=b"%d" % (i * 1000)) for i in range(8)) + HEAD + b"\r\n"
    honest = b"Bonjour, voici votre releve de prestations du mois.\r\n" * (SIZE // 53)
    honest_s = min(_seconds(honest) for _ in range(2))
    _, seconds, _ = judge(head + BODIES[name])
    assert seconds < 12 * honest_s + BUDGET_S  # runs of blanks cost six times as much as words; quadratic ones hours


def _seconds(body: bytes) -> float:
    start = time.process_time()
    BodyHasher(memoryview(body)).digest(Canon.RELAXED, None)
    return time.process_time() - start


@pytest.mark.parametrize("name", BODIES)
def test_no_step_over_a_body_holds_the_interpreter_for_long(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each chunk is a few C-level calls; between two of them other threads get their turn."""
    worst = 0.0
    relaxed = canonical_body._relaxed

    def timed(chunk: bytes) -> bytes:
        nonlocal worst
        start = time.thread_time()
        canonical = relaxed(chunk)
        worst = max(worst, time.thread_time() - start)
        return canonical

    monkeypatch.setattr(canonical_body, "_relaxed", timed)
    for chunk in canonical_chunks(memoryview(BODIES[name]), Canon.RELAXED):
        assert len(chunk) <= CHUNK + 1
    assert 0 < worst < 0.005


def test_lying_dns_is_bounded() -> None:
    """TXT records by the thousand, names that never end, a policy that points nowhere."""
    zone = txt_zone(
        {
            KEY_NAME: [f"v=DKIM1; p=AAA{i}" for i in range(2000)],
            "_dmarc.signer.example": ["v=DMARC1; p=reject" + ";x=y" * 20_000] * 1,
        }
    )
    resolver = FakeResolver(zone)
    start = time.process_time()
    facts = asyncio.run(
        authenticate(parse_message(signed(RAW)), ENVELOPE, resolver, inline_cpu, NOW, "mx.mutuelle.example", ())
    )
    assert time.process_time() - start < BUDGET_S * slowness()
    assert facts.dkim[0].status is DkimStatus.PERMERROR
    assert facts.dmarc.policy == "reject"
    assert len(facts.dmarc.record) <= 4096


def test_the_walk_of_a_deep_domain_asks_eight_names() -> None:
    domain = ".".join(f"l{i}" for i in range(60)) + ".example"
    resolver = FakeResolver({})
    raw = RAW.replace(b"a@signer.example", b"a@" + domain.encode())
    asyncio.run(authenticate(parse_message(raw), ENVELOPE, resolver, inline_cpu, NOW, "mx.mutuelle.example", ()))
    assert len({name for name, _ in resolver.asked if name.startswith("_dmarc.")}) == 8


def test_no_check_can_use_up_the_questions_of_the_others() -> None:
    """A chain of 50 seals, an SPF record of a hundred names and 500 signatures: the author's policy is found."""
    zone = {
        **txt_zone({"evil.example": "v=spf1 " + " ".join(f"mx:m{i}.evil.example" for i in range(10)) + " -all"}),
        **{f"m{i}.evil.example": {"MX": [f"h{i}-{j}.evil.example" for j in range(10)]} for i in range(10)},
        **txt_zone({"_dmarc.victim.example": "v=DMARC1; p=reject"}),
    }
    raw = arc_sets(50) + b"".join(signature(d=b"d%d.example" % i) for i in range(500))
    raw += RAW.replace(b"a@signer.example", b"a@deep.down.victim.example")
    envelope = Envelope(
        client=Client(address=ip_address("192.0.2.25"), helo="evil.example"),
        mail_from=Path(b"a@evil.example", Mailbox("a", DomainName("evil.example"))),
    )
    dns = FakeResolver(zone, delay_s=0.001)
    facts = asyncio.run(authenticate(parse_message(raw), envelope, Ration(dns, 80), inline_cpu, NOW, "mx.example", ()))
    assert (facts.dmarc.status, facts.dmarc.policy) == (DmarcStatus.FAIL, "reject")
    assert facts.arc.status is not ArcStatus.PASS
    assert facts.spf.status is not SpfStatus.PASS
    assert len(dns.asked) < 80
