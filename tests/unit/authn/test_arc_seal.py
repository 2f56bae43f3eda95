"""Our seals hold before dkimpy and before our own check, on every kind of incoming chain."""

import asyncio
from datetime import UTC, datetime

import dkim
import pytest

from gateway.authn.arc import check_arc
from gateway.authn.arc_seal import Sealer
from gateway.model.auth_facts import ArcResult, ArcStatus
from gateway.model.domain import DomainName
from gateway.parsing.mime_tree import parse_message
from tests.authn_keys import DOMAIN, KEY_NAME, SELECTOR, ed25519_key, pem, record, rsa_key
from tests.authn_support import FakeResolver, inline_cpu, txt_zone

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
RESULTS = (
    b"Authentication-Results: mx.mutuelle.example;\r\n\tspf=pass smtp.mailfrom=a@b.example;\r\n"
    b"\tdkim=none;\r\n\tdmarc=pass (p=reject) header.from=b.example\r\n"
)
HEAD = (
    b"X-Vitalgate: action=tag\r\nReceived: from a by b;\r\n\tTue, 24 Nov 2026 10:00:00 +0100\r\n"
    b"From: Jeanne <a@b.example>\r\nTo: c@mutuelle.example\r\nSubject:  [SUSPECT]  Votre  dossier\r\n\tsuite\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@b.example>\r\nMIME-Version: 1.0\r\n\r\n"
)
BODY = b"Bonjour,  \r\n\r\n  deux\tmots  \r\n\r\n\r\n"


def sealer(ed25519: bool = False) -> Sealer:
    return Sealer(DomainName(DOMAIN), SELECTOR, pem(ed25519_key() if ed25519 else rsa_key()))


def validate(raw: bytes, key: str, trusted: tuple[str, ...] = ()) -> ArcResult:
    resolver = FakeResolver(txt_zone({KEY_NAME: key}))
    return asyncio.run(check_arc(parse_message(raw), resolver, inline_cpu, tuple(DomainName(name) for name in trusted)))


def seal_once(raw: bytes, state: ArcResult, ed25519: bool = False) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    return sealer(ed25519).seal(head + b"\r\n\r\n", memoryview(body), state, RESULTS, NOW) + raw


def dkimpy_verdict(raw: bytes) -> tuple[bytes, str]:
    verdict, _, reason = dkim.arc_verify(raw, dnsfunc=lambda name, timeout=5: record(rsa_key()).encode())
    return verdict, reason


@pytest.mark.parametrize("ed25519", [False, True])
@pytest.mark.parametrize("body", [BODY, b"", b"\r\n\r\n", b"without an end"])
def test_a_chain_of_ours_holds_and_grows(ed25519: bool, body: bytes) -> None:
    key = record(ed25519_key() if ed25519 else rsa_key())
    raw, state = HEAD + body, ArcResult(status=ArcStatus.NONE)
    for count in (1, 2, 3):
        raw = seal_once(raw, state, ed25519)
        state = validate(raw, key, (DOMAIN,))
        assert (state.status, state.sets, state.oldest_pass) == (ArcStatus.PASS, count, 0), state.reason
        assert state.trusted
        assert state.recorded_dmarc_pass == ("b.example",)
        if not ed25519:  # dkimpy knows no Ed25519 in ARC
            assert dkimpy_verdict(raw) == (b"pass", "success")


def test_a_changed_message_breaks_the_chain_and_the_next_seal_says_so() -> None:
    raw = seal_once(HEAD + BODY, ArcResult(status=ArcStatus.NONE)).replace(b"dossier", b"compte")
    state = validate(raw, record(rsa_key()))
    assert (state.status, state.reason) == (ArcStatus.FAIL, "signature 1: bad signature")
    again = seal_once(raw, state)
    assert again.startswith(b"ARC-Seal: i=2; a=rsa-sha256; cv=fail;")
    ended = validate(again, record(rsa_key()))
    assert (ended.status, ended.sets) == (ArcStatus.NONE, 2)
    assert seal_once(again, ended) == again, "an ended chain gets no further set"


@pytest.mark.parametrize("name", [b"Subject", b"From", b"To", b"Date", b"Content-Type"])
def test_a_field_slipped_in_beside_a_signed_one_breaks_the_chain(name: bytes) -> None:
    raw = seal_once(HEAD + BODY, ArcResult(status=ArcStatus.NONE))
    state = validate(name + b": x@evil.example\r\n" + raw, record(rsa_key()), (DOMAIN,))
    assert state.status is ArcStatus.FAIL


def test_fifty_sets_are_the_end() -> None:
    raw, state = HEAD + BODY, ArcResult(status=ArcStatus.NONE)
    for _ in range(50):
        raw = seal_once(raw, state)
        state = ArcResult(status=ArcStatus.PASS, sets=state.sets + 1)
    assert validate(raw, record(rsa_key())).status is ArcStatus.PASS
    assert seal_once(raw, state) == raw


def test_a_chain_that_could_not_be_checked_is_not_sealed() -> None:
    raw = seal_once(HEAD + BODY, ArcResult(status=ArcStatus.NONE))
    assert seal_once(raw, ArcResult(status=ArcStatus.TEMPERROR, sets=1)) == raw


@pytest.mark.parametrize("key", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_bad_key_is_refused_when_it_is_loaded(key: bytes) -> None:
    with pytest.raises(ValueError, match="not an unencrypted private key in PEM"):
        Sealer(DomainName(DOMAIN), SELECTOR, key)
