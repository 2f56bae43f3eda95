"""DKIM: what passes, what doesn't, and why; every reason has a row."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.authn.dkim import MAX_SIGNATURES, check_dkim
from gateway.model.auth_facts import DkimResult, DkimStatus
from gateway.model.dns_answer import FailureCause
from gateway.parsing.mime_tree import parse_message
from tests.authn_keys import DOMAIN, KEY_NAME, ed25519_key, record, rsa_key, signed
from tests.authn_support import FakeResolver, Zone, inline_cpu, txt_zone

NOW = datetime.now(UTC)
RAW = (
    b"From: Jeanne <a@signer.example>\r\nTo: c@mutuelle.example\r\nSubject: Votre  dossier\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@signer.example>\r\nContent-Type: text/plain\r\n\r\n"
    b"Bonjour,  \r\n\r\nun \t mot.\r\n\r\n"
)
GOOD = txt_zone({KEY_NAME: record(rsa_key())})


def check(raw: bytes, zone: Zone = GOOD, now: datetime = NOW) -> tuple[DkimResult, ...]:
    return asyncio.run(check_dkim(parse_message(raw), FakeResolver(zone), inline_cpu, now))


def only(raw: bytes, zone: Zone = GOOD, now: datetime = NOW) -> DkimResult:
    (result,) = check(raw, zone, now)
    return result


@pytest.mark.parametrize("canon", [(a, b) for a in (b"simple", b"relaxed") for b in (b"simple", b"relaxed")])
@pytest.mark.parametrize("body", [b"", b"\r\n", b" \r\n\r\n", b"no end", b"x  \r\n\t\r\n\r\n"])
def test_what_dkimpy_signs_passes(canon: tuple[bytes, bytes], body: bytes) -> None:
    head = RAW.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    got = only(signed(head + body, canon=canon))
    assert (got.status, got.reason, got.is_proof) == (DkimStatus.PASS, "", True)


def test_a_pass_tells_all_that_is_known_of_it() -> None:
    got = only(signed(RAW))
    assert got.domain == DOMAIN
    assert (got.selector, got.identity, got.algorithm, got.key_bits) == ("sel", "@signer.example", "rsa-sha256", 2048)
    assert len(got.signature_start) == 8
    assert got.signed_fields == ("from", "to", "subject", "date", "message-id")


def test_ed25519_passes() -> None:
    got = only(signed(RAW, ed25519=True), txt_zone({KEY_NAME: record(ed25519_key())}))
    assert (got.status, got.key_bits) == (DkimStatus.PASS, 256)


@pytest.mark.parametrize("bits", [1024, 4096])
def test_rsa_of_1024_to_4096_bits_passes(bits: int) -> None:
    got = only(signed(RAW, bits=bits), txt_zone({KEY_NAME: record(rsa_key(bits))}))
    assert (got.status, got.key_bits) == (DkimStatus.PASS, bits)


def weird_key(n_bits: int, e: int) -> str:
    """A record with a made-up RSA key of this size and exponent."""
    numbers = RSAPublicNumbers(e, (1 << n_bits) - 159)
    der = numbers.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "p=" + base64.b64encode(der).decode()


P = record(rsa_key()).partition("p=")[2]
KEY_ROWS = [
    ("v=DKIM1; k=rsa; p=" + P, "pass", ""),
    ("p=" + P, "pass", ""),
    ("v=DKIM1; h=sha1:sha256; s=email; t=; n=note; g=; x1 = y; p=" + P, "pass", ""),
    ("v=DKIM1;; p=" + P + "; ;", "pass", ""),
    ("v=DKIM1; s=tlsrpt:*; p=" + P, "pass", ""),
    ("v=DKIM2; p=" + P, "permerror", "key record has another version"),
    ("v=DKIM1; k=rsa", "permerror", "key record has no key"),
    ("v=DKIM1; p=", "permerror", "key is revoked"),
    ("v=DKIM1; h=sha1; p=" + P, "permerror", "key does not allow sha256"),
    ("v=DKIM1; s=tlsrpt; p=" + P, "permerror", "key is not for mail"),
    ("v=DKIM1; k=ed2024; p=" + P, "permerror", "key is of an unknown type"),
    ("v=DKIM1; k=ed25519; p=" + P, "permerror", "key can't be read"),
    ("v=DKIM1; p=" + P[:-9], "permerror", "key can't be read"),
    ("v=DKIM1; p=!!!!", "permerror", "key can't be read"),
    ("v=DKIM1; p=" + P + "; p=" + P, "permerror", "key record is malformed"),
    (record(ed25519_key()), "permerror", "key is of another type than the signature"),
    (record(rsa_key(1024)), "fail", "bad signature"),
    (weird_key(1023, 65537), "permerror", "key is too small"),
    (weird_key(8192, 65537), "permerror", "key is too large"),
    (weird_key(2048, (1 << 40) + 1), "permerror", "key has an unreasonable exponent"),
    ("p=" + "A" * 70_000, "permerror", "key record is too large"),
    ("k=\xff; p=" + P, "permerror", "key is of an unknown type"),
]


@pytest.mark.parametrize(("text", "status", "reason"), KEY_ROWS, ids=[f"{r[1]}-{i}" for i, r in enumerate(KEY_ROWS)])
def test_key_records(text: str, status: str, reason: str) -> None:
    got = only(signed(RAW), txt_zone({KEY_NAME: text}))
    assert (got.status, got.reason) == (status, reason)


def test_key_flags() -> None:
    testing = only(signed(RAW), txt_zone({KEY_NAME: record(rsa_key(), "v=DKIM1; t=y:s; ")}))
    assert (testing.status, testing.testing, testing.is_proof) == (DkimStatus.PASS, True, False)


def test_strict_key_refuses_an_identity_in_a_subdomain() -> None:
    raw = signed(RAW).replace(b"i=@signer.example", b"i=x@sub.signer.example")
    got = only(raw, txt_zone({KEY_NAME: record(rsa_key(), "v=DKIM1; t=s; ")}))
    assert (got.status, got.reason) == (DkimStatus.PERMERROR, "key does not allow subdomains in i=")


def test_stray_records_beside_the_key_do_not_stand_in_its_way() -> None:
    zone = txt_zone({KEY_NAME: ["v=spf1 -all", "google-site-verification=x", record(rsa_key(1024)), record(rsa_key())]})
    assert only(signed(RAW), zone).status is DkimStatus.PASS


DNS_ROWS = [
    ({}, "permerror", "no key"),
    ({KEY_NAME: {"A": ["192.0.2.1"]}}, "permerror", "no key"),
    ({KEY_NAME: FailureCause.TIMEOUT}, "temperror", "key could not be looked up"),
    ({KEY_NAME: FailureCause.SERVFAIL}, "temperror", "key could not be looked up"),
    ({KEY_NAME: FailureCause.BUDGET}, "temperror", "key could not be looked up"),
    ({KEY_NAME: FailureCause.OVERSIZED}, "permerror", "key record is too large"),
]


@pytest.mark.parametrize(("zone", "status", "reason"), DNS_ROWS)
def test_could_not_look_is_not_the_same_as_not_there(zone: Zone, status: str, reason: str) -> None:
    got = only(signed(RAW), zone)
    assert (got.status, got.reason) == (status, reason)


FIELD_ROWS = [
    (b"v=1", b"v=2", "permerror", "unknown version of the signature"),
    (b"v=1; ", b"", "permerror", "a required tag is missing"),
    (b"a=rsa-sha256", b"a=rsa-md5", "permerror", "unknown algorithm"),
    (b"a=rsa-sha256", b"a=RSA-SHA256", "permerror", "unknown algorithm"),
    (b"a=rsa-sha256", b"a=rsa-sha1", "permerror", "rsa-sha1 is no longer accepted"),
    (b"a=rsa-sha256", b"a=ed25519-sha256", "permerror", "key is of another type than the signature"),
    (b"c=relaxed/relaxed", b"c=future", "permerror", "unknown canonicalisation"),
    (b"c=relaxed/relaxed", b"c=relaxed/relaxed/x", "permerror", "unknown canonicalisation"),
    (b"c=relaxed/relaxed", b"c=relaxed", "fail", "body has changed"),
    (b"d=signer.example", b"d=", "permerror", "d= is no domain"),
    (b"d=signer.example", b"d=a..b", "permerror", "d= is no domain"),
    (b"d=signer.example", b"d=" + b"a" * 64 + b".example", "permerror", "d= is no domain"),
    (b"d=signer.example", b"d=" + b"a.b" * 100, "permerror", "d= is no domain"),
    (b"d=signer.example", b"d=other.example", "permerror", "i= is not within d="),
    (b"s=sel", b"s=", "permerror", "s= is no selector"),
    (b"s=sel", b"s=" + b".".join([b"a" * 60] * 4), "permerror", "name of the key is too long"),
    (b"s=sel", b"s=\xff\xfe", "permerror", "s= is no selector"),
    (b"s=sel", b"s=a b", "permerror", "s= is no selector"),
    (b"i=@signer.example", b"i=signer.example", "permerror", "i= is not within d="),
    (b"i=@signer.example", b"i=a@notsigner.example", "permerror", "i= is not within d="),
    (b"q=dns/txt", b"q=dns", "permerror", "unknown query method"),
    (b"q=dns/txt", b"q=foo/bar:dns/txt", "fail", "bad signature"),
    (b"h=from : ", b"h=", "permerror", "h= does not name From"),
    (b"h=from", b"h=from : " + b"x:" * 600 + b"from", "permerror", "h= names too many fields"),
    (b"t=", b"t=x", "permerror", "not a number of at most 12 digits"),
    (b"t=", b"t=" + b"9" * 5000, "permerror", "not a number of at most 12 digits"),
    (b"q=dns/txt", b"x=" + b"9" * 5000, "permerror", "not a number of at most 12 digits"),
    (b"q=dns/txt", b"x=1", "permerror", "expires before it was made"),
    (b"q=dns/txt", b"l=999999", "fail", "l= is longer than the body"),
    (b"q=dns/txt", b"l=-1", "permerror", "not a number of at most 12 digits"),
    (b"q=dns/txt", b"q=dns/txt;;", "permerror", "malformed tag list"),
    (b"q=dns/txt", b"d=x", "permerror", "tag given twice"),
    (b"bh=", b"bh=!", "permerror", "not base64"),
    (b"bh=", b"bh=AAAA", "fail", "body has changed"),
    (b"bh=", b"bh=" + b"A" * 88, "permerror", "signature is too long"),
    (b" b=", b" b=" + b" " * 10_000 + b"!", "permerror", "not base64"),
    (b" b=", b" b=" + b" " * 100_000 + b"!", "permerror", "signature field is too large"),
    (b" b=", b" b=" + b"A" * 1_000_000, "permerror", "signature field is too large"),
    (b" b=", b" b=" + b"A" * 4000, "permerror", "signature is too long"),
    (b" b=", b" b=AAAA", "fail", "bad signature"),
    (b"Votre", b"Notre", "fail", "bad signature"),
    (b"un \t mot", b"un autre", "fail", "body has changed"),
    (b"From: Jeanne", b"From: x@evil.example\r\nFrom: Jeanne", "fail", "a second From field is not signed"),
]


@pytest.mark.parametrize(
    ("old", "new", "status", "reason"), FIELD_ROWS, ids=[f"{row[3]}-{i}" for i, row in enumerate(FIELD_ROWS)]
)
def test_what_is_wrong_with_a_signature_is_told(old: bytes, new: bytes, status: str, reason: str) -> None:
    raw = signed(RAW)
    assert old in raw
    got = only(raw.replace(old, new, 1))
    assert (got.status, got.reason) == (status, reason)


def test_time_is_judged_at_the_moment_given() -> None:
    raw = signed(RAW).replace(b"q=dns/txt", b"x=%d" % (int(NOW.timestamp()) + 7200), 1)
    assert only(raw).reason == "bad signature", "not expired: the changed field is what is seen"
    assert only(raw, now=NOW + timedelta(hours=3)).reason == "signature has expired"
    assert only(signed(RAW), now=NOW - timedelta(hours=9)).status is DkimStatus.PASS
    assert only(signed(RAW), now=NOW - timedelta(hours=11)).reason == "signed in the future"


def test_a_length_that_covers_less_than_the_body_is_no_proof() -> None:
    raw = signed(RAW, length=True)
    whole = only(raw)
    assert (whole.status, whole.partial_body, whole.is_proof) == (DkimStatus.PASS, False, True)
    more = only(raw + b"Cliquez ici: http://evil.example/\r\n")
    assert (more.status, more.partial_body, more.is_proof) == (DkimStatus.PASS, True, False)


@pytest.mark.parametrize("name", [b"Subject", b"To", b"Date", b"Content-Type", b"SUBJECT "])
def test_a_field_slipped_in_is_told_and_is_no_proof(name: bytes) -> None:
    got = only(name + b": forged\r\n" + signed(RAW))
    assert got.status is DkimStatus.PASS
    assert got.unsigned_duplicates == (name.strip().lower().decode(),)
    assert not got.is_proof


def test_an_oversigned_field_can_not_be_slipped_in() -> None:
    raw = signed(RAW, names=(b"from", b"subject", b"subject", b"to"))
    assert only(raw).is_proof
    assert only(b"Subject: forged\r\n" + raw).reason == "bad signature"


def test_fields_are_taken_bottom_up() -> None:
    raw = RAW.replace(b"To:", b"X-A: 1\r\nX-A: 2\r\nTo:")
    assert only(b"X-A: 3\r\n" + signed(raw, names=(b"from", b"x-a", b"x-a"))).status is DkimStatus.PASS
    assert only(b"X-A: 3\r\n" + signed(raw, names=(b"from", b"x-a", b"x-a", b"x-a"))).reason == "bad signature"


def test_results_stand_in_the_order_of_the_fields_and_each_hash_is_its_own() -> None:
    other = "other.example"
    raw = signed(signed(RAW), domain=other, canon=(b"simple", b"simple"))
    zone = txt_zone({KEY_NAME: record(rsa_key()), f"sel._domainkey.{other}": record(rsa_key(1024))})
    assert [(r.domain, r.reason) for r in check(raw, zone)] == [(other, "bad signature"), (DOMAIN, "")]


def test_above_the_cap_the_authors_domain_goes_first() -> None:
    raw = signed(RAW)
    for number in range(40):
        raw = signed(raw, domain=f"d{number}.example")
    results = check(raw)
    assert [r.status for r in results].count(DkimStatus.POLICY) == 41 - MAX_SIGNATURES
    assert {r.reason for r in results if r.status is DkimStatus.POLICY} == {"too many signatures"}
    assert results[-1].status is DkimStatus.PASS


def test_no_signature_no_result_and_no_question() -> None:
    resolver = FakeResolver({})
    assert asyncio.run(check_dkim(parse_message(RAW), resolver, inline_cpu, NOW)) == ()
    assert resolver.asked == []


def test_keys_are_asked_once_and_at_the_same_time() -> None:
    raw = signed(signed(signed(RAW)), domain="other.example")
    resolver = FakeResolver(GOOD, delay_s=0.05)

    async def timed() -> float:
        loop = asyncio.get_running_loop()
        start = loop.time()
        await check_dkim(parse_message(raw), resolver, inline_cpu, NOW)
        return loop.time() - start

    assert asyncio.run(timed()) < 0.09
    assert len(resolver.asked) == 2
