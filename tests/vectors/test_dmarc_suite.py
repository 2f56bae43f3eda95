"""The published DMARC vectors, whole messages and public-suffix cases, read in place."""

import asyncio
import json
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest

from gateway.authn.dkim import check_dkim
from gateway.authn.dmarc import check_dmarc
from gateway.authn.org_domain import registrable_text
from gateway.authn.spf import check_spf
from gateway.model.address import NULL_PATH, Mailbox, Path
from gateway.model.auth_facts import (
    Author,
    AuthorProblem,
    DkimResult,
    DkimStatus,
    SpfIdentity,
    SpfResult,
    SpfStatus,
)
from gateway.model.dns_answer import FailureCause
from gateway.model.domain import DomainName, parse_domain
from gateway.model.envelope import Client, Envelope
from gateway.parsing.mime_tree import parse_message
from tests.authn_support import FakeResolver, Zone, inline_cpu, suite, with_crlf

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def zone_of(dns: dict[str, Any]) -> Zone:
    """Keys are "NAME TYPE"; a name that is absent does not exist."""
    zone: dict[str, Any] = {}
    for key, value in dns.items():
        name, _, rtype = key.partition(" ")
        if isinstance(value, dict):
            if value["rcode"] != "NXDOMAIN":
                cause = FailureCause.TIMEOUT if "TIMEOUT" in value["rcode"] else FailureCause.SERVFAIL
                zone.setdefault(name, {})[rtype] = cause
        else:
            texts = [v if isinstance(v, str) else v["exchange"] for v in value]
            zone.setdefault(name, {})[rtype] = [t.split()[-1] if rtype == "MX" else t for t in texts]
    return zone


def author_of(header_from: str | list[str]) -> Author:
    """The author as the parser gives it."""
    texts = [header_from] if isinstance(header_from, str) else header_from
    mailboxes = tuple(
        Mailbox(local, parse_domain(domain)) for local, _, domain in (text.rpartition("@") for text in texts)
    )
    if len(mailboxes) > 1:
        return Author(mailbox=None, problem=AuthorProblem.SEVERAL_ADDRESSES, candidates=mailboxes)
    return Author(mailbox=mailboxes[0])


def test_every_policy_vector(capsys: pytest.CaptureFixture[str]) -> None:
    vectors = json.loads(suite("dmarc/policy-vectors.json").read_text())["vectors"]
    wrong = []
    for vector in vectors:
        dkim = tuple(
            DkimResult(status=DkimStatus(d["result"]), domain=parse_domain(d["domain"])) for d in vector["dkim"]
        )
        spf = SpfResult(status=SpfStatus.NONE, identity=SpfIdentity.MAIL_FROM, domain=None)
        for entry in vector["spf"]:
            spf = SpfResult(
                status=SpfStatus(entry["result"]), identity=SpfIdentity.MAIL_FROM, domain=parse_domain(entry["domain"])
            )
        resolver = FakeResolver(zone_of(vector["dns"]))
        got = asyncio.run(check_dmarc(author_of(vector["header_from"]), spf, dkim, resolver))
        if (got.status, got.policy) != (vector["expect"]["result"], vector["expect"]["policy"]):
            wrong.append(f"{vector['id']}: {vector['expect']}, got {got.status} {got.policy} ({got.reason})")
    with capsys.disabled():
        print(f"DMARC vectors: {len(vectors) - len(wrong)}/{len(vectors)}")
    assert not wrong, "\n".join(wrong)


def test_every_whole_message(capsys: pytest.CaptureFixture[str]) -> None:
    suite_data = json.loads(suite("dmarc/message-cases.json").read_text())
    zone = zone_of(suite_data["dns"])
    wrong = []
    for case in suite_data["cases"]:
        message = parse_message(with_crlf(suite("dmarc/" + case["file"]).read_bytes()))
        address = ip_address(case["client_ip"] or "127.0.0.1")
        sender = case["mail_from"]
        local, _, domain = (sender or "").rpartition("@")
        path = Path(sender.encode(), Mailbox(local, parse_domain(domain))) if sender else NULL_PATH
        envelope = Envelope(client=Client(address=address, helo="client.example"), mail_from=path)
        resolver = FakeResolver(zone)

        async def check() -> Any:
            spf, _ = await check_spf(envelope, resolver, DomainName("mx.example"))  # noqa: B023
            dkim = await check_dkim(message, resolver, inline_cpu, NOW)  # noqa: B023
            return await check_dmarc(message.author, spf, dkim, resolver)  # noqa: B023

        got, expect = asyncio.run(check()), case["expect"]
        if got.status != expect["dmarc"] or expect["policy"] not in (None, got.policy):
            wrong.append(f"{case['id']}: {expect}, got {got.status} {got.policy} ({got.reason})")
    with capsys.disabled():
        print(f"DMARC messages: {len(suite_data['cases']) - len(wrong)}/{len(suite_data['cases'])}")
    assert not wrong, "\n".join(wrong)


def test_every_public_suffix_case(capsys: pytest.CaptureFixture[str]) -> None:
    cases = json.loads(suite("dmarc/psl-cases.json").read_text())["cases"]
    wrong = [(name, wanted) for name, wanted in cases if (registrable_text(name) if name else None) != wanted]
    with capsys.disabled():
        print(f"public suffix: {len(cases) - len(wrong)}/{len(cases)}")
    assert not wrong
