"""Ours against dkimpy over real mail and over mutations of it: every disagreement is of a kind that is explained.

The kinds are told in docs/AUTHENTICATION.md. A sample runs by default; VITALGATE_DIFFERENTIAL=all runs over all mail.
"""

import asyncio
import os
import random
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

import dkim

from gateway.authn.arc import check_arc
from gateway.authn.arc_seal import Sealer
from gateway.authn.dkim import check_dkim
from gateway.model.auth_facts import ArcResult, ArcStatus, DkimResult, DkimStatus
from gateway.model.dns_answer import DnsAnswer, RecordType, found
from gateway.model.domain import DomainName
from gateway.parsing.mime_tree import parse_message
from tests.authn_keys import DOMAIN, SELECTOR, pem, record, rsa_key, signed
from tests.authn_support import SUITES, FakeResolver, inline_cpu, suite, with_crlf

ALL = os.environ.get("VITALGATE_DIFFERENTIAL") == "all"
NOW = datetime.now(UTC)
INTERESTING = b" \t\r\n:;=,<>()@.\x00\xe9aZ0-_+/\x0b"
BARE_LF = re.compile(rb"(?<!\r)\n")
CANONS = [(a, b) for a in (b"relaxed", b"simple") for b in (b"relaxed", b"simple")]


class AnyKey(FakeResolver):
    """Has our test key for every name."""

    async def query(self, name: str, rtype: RecordType) -> DnsAnswer:
        return found((record(rsa_key()),))


@lru_cache
def all_mails() -> list[tuple[str, bytes]]:
    """All real mail there is."""
    suite("mail/PROVENANCE.md")
    found_mails = []
    for archive in sorted([*(SUITES / "mail").glob("*.tar.xz"), *(SUITES / "mail/french").glob("*.tar.xz")]):
        with tarfile.open(archive) as tar:
            for member in tar:
                file = tar.extractfile(member)
                if file is not None:
                    found_mails.append((f"{archive.name}/{member.name}", with_crlf(file.read())))
    return found_mails


def mails() -> list[tuple[str, bytes]]:
    """All of it, or every eighth."""
    return all_mails() if ALL else all_mails()[::8]


def ours(raw: bytes) -> tuple[DkimResult, ...]:
    return asyncio.run(check_dkim(parse_message(raw), AnyKey({}), inline_cpu, NOW))


def theirs(raw: bytes, index: int) -> str:
    """dkimpy's word: pass, fail, body (hash), form."""
    try:
        verified = dkim.DKIM(raw, minkey=1024).verify(idx=index, dnsfunc=lambda *_, **__: record(rsa_key()).encode())
    except dkim.ValidationError as error:
        return "body" if "body hash mismatch" in str(error) else "form"
    except Exception:
        return "form"  # whatever dkimpy raises on what it can't read
    return "pass" if verified else "fail"


def explained(got: DkimResult | None, their: str, raw: bytes) -> str:
    """The kind of a disagreement on whether a signature passes, "" when there is no explanation."""
    if got is not None and got.status is DkimStatus.PASS:
        return "a malformed line somewhere ends dkimpy's reading" if their == "form" else ""
    if BARE_LF.search(raw):
        return "dkimpy takes a bare LF for CRLF"
    if got is not None and got.reason == "not base64" and re.search(rb"[\x0b\x0c]", raw):
        return "dkimpy takes VT and FF for folding in base64"
    return ""


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """One byte changed, put in or taken out: half in the signature, most of the rest in the header."""
    dice = random.Random(seed)
    pool = [raw for _, raw in mails() if len(raw) < 40_000]
    for _ in range(count):
        raw = dice.choice(pool)
        whole = signed(raw, canon=dice.choice(CANONS), length=dice.random() < 0.2)
        head = whole.index(b"\r\n\r\n") + 4
        end = dice.choice([len(whole) - len(raw), len(whole) - len(raw), head, len(whole)])
        at = dice.randrange(end)
        byte = bytes([dice.choice(INTERESTING) if dice.random() < 0.8 else dice.randrange(256)])
        before, after = whole[:at], whole[at:]
        yield dice.choice([before + byte + after[1:], before + byte + after, before + after[1:]])


def test_signatures_of_real_mail_fail_alike_under_a_foreign_key() -> None:
    """The keys are not at hand, so none can pass; but whether body hashes match is seen all the same."""
    table = Counter((result.reason, theirs(raw, index)) for _, raw in mails() for index, result in enumerate(ours(raw)))
    print(*sorted(table.items()), sep="\n")
    alike = {
        ("body has changed", "body"),
        ("bad signature", "fail"),
        ("signature has expired", "form"),
        ("rsa-sha1 is no longer accepted", "body"),
        ("rsa-sha1 is no longer accepted", "fail"),
    }
    assert set(table) <= alike
    assert table[("body has changed", "body")] > 0 < table[("bad signature", "fail")]


def test_what_dkimpy_signs_over_real_mail_passes() -> None:
    for name, raw in mails():
        for canon in (CANONS[0], CANONS[3]):
            result = ours(signed(raw, canon=canon))[0]
            assert result.status is DkimStatus.PASS, (name, canon, result.reason)


def test_mutations_are_judged_alike_or_the_difference_is_explained() -> None:
    table: Counter[str] = Counter()
    for raw in mutations(6_000 if ALL else 500, 1):
        results = ours(raw)
        got = results[0] if results else None
        their = theirs(raw, 0)
        if (got is not None and got.status is DkimStatus.PASS) == (their == "pass"):
            table["alike"] += 1
            continue
        kind = explained(got, their, raw)
        table[kind] += 1
        assert kind, (got, their, raw[:2000])
    print(*table.most_common(), sep="\n")


def test_our_seals_over_real_mail_hold_before_dkimpy() -> None:
    sealer = Sealer(DomainName(DOMAIN), SELECTOR, pem(rsa_key()))
    sealed = 0
    for name, raw in mails():
        if b"\r\nARC-" in raw or raw.startswith(b"ARC-"):
            continue  # its own chain can't be checked without its keys
        body_start = parse_message(raw).body_start
        head, body = raw[:body_start], memoryview(raw)[body_start:]
        whole = sealer.seal(head, body, ArcResult(status=ArcStatus.NONE), b"Authentication-Results: x; none", NOW) + raw
        got = asyncio.run(check_arc(parse_message(whole), AnyKey({}), inline_cpu, ()))
        assert got.status is ArcStatus.PASS, (name, got.reason)
        _, _, reason = dkim.arc_verify(whole, dnsfunc=lambda *_, **__: record(rsa_key()).encode())
        assert reason == "success", (name, reason)
        sealed += 1
    assert sealed > 10


def test_chains_of_real_lists_are_read_whatever_their_spacing() -> None:
    """subspace.kernel.org writes `ARC-Message-Signature:i=1`, which crashes dkimpy. Without keys a chain can't pass,
    but it must come as far as its signatures."""
    read = [
        asyncio.run(check_arc(parse_message(raw), AnyKey({}), inline_cpu, ()))
        for _, raw in all_mails()
        if b"\nARC-Message-Signature:i=" in raw
    ]
    assert read
    assert {result.reason.partition(": ")[2] for result in read} <= {"bad signature", "body has changed"}
