"""The published espoofer cases: however the From and the envelope are written, nobody is authenticated as another."""

import asyncio
import json
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import dkim
import pytest

from gateway.authn.authenticate import authenticate
from gateway.authn.results_header import write_results
from gateway.model.address import Mailbox, Path
from gateway.model.auth_facts import AuthFacts, DmarcStatus
from gateway.model.dns_answer import NO_NAME, DnsAnswer, RecordType, found
from gateway.model.domain import parse_domain
from gateway.model.envelope import Client, Envelope
from gateway.parsing.mime_tree import parse_message
from tests.authn_keys import pem, record, rsa_key
from tests.authn_support import inline_cpu, suite

NOW = datetime.now(UTC)
VICTIMS = ("legitimate.com", "example.com")


class AttackersDns:
    """Says yes to all that is asked below attack.com, has p=reject for the imitated domains, and nothing else."""

    async def query(self, name: str, rtype: RecordType) -> DnsAnswer:
        """One answer."""
        if rtype is not RecordType.TXT:
            return NO_NAME
        if name in [f"_dmarc.{victim}" for victim in VICTIMS]:
            return found(("v=DMARC1; p=reject",))
        if "attack.com" in name:
            return found((record(rsa_key()) if "_domainkey" in name else "v=spf1 +all",))
        return found(("v=spf1 +all",)) if name == "example.com" else NO_NAME  # the shared host of the client cases


def judge(case: dict[str, Any]) -> tuple[AuthFacts, bytes]:
    """Facts about one case, as the attacker sends it, and the field we write."""
    parts = case["headers_and_body"]
    order = ("from_header", "to_header", "subject_header", "other_headers", "body")
    raw = "".join(parts.get(name, "") for name in order).encode("latin-1")
    if case["dkim"]:
        selector = case["dkim"]["s"].encode("latin-1")
        field = dkim.sign(raw, b"placeholder", case["dkim"]["d"].encode(), pem(rsa_key()), include_headers=[b"from"])
        raw = field.replace(b"placeholder", selector) + raw
    sender = case["mail_from"].strip("<>").encode("latin-1")
    local, _, domain = sender.decode("latin-1").rpartition("@")
    envelope = Envelope(
        client=Client(address=ip_address("192.0.2.66"), helo=case["helo"]),
        mail_from=Path(sender, Mailbox(local, parse_domain(domain))),
    )
    facts = asyncio.run(
        authenticate(parse_message(raw), envelope, AttackersDns(), inline_cpu, NOW, "mx.mutuelle.example", ())
    )
    return facts, write_results("mx.mutuelle.example", facts, envelope)


def test_no_published_spoofing_case_is_authenticated(capsys: pytest.CaptureFixture[str]) -> None:
    cases = json.loads(suite("attacks/espoofer-cases.json").read_text())["cases"]
    table = []
    for case in cases:
        facts, field = judge(case)
        table.append(f"{case['id']}: dmarc={facts.dmarc.status} {facts.dmarc.domain} {facts.dmarc.reason}")
        assert facts.dmarc.status is not DmarcStatus.PASS, table[-1]
        assert not any(d.domain in VICTIMS and d.status == "pass" for d in facts.dkim), table[-1]
        assert field.count(b"dmarc=") == 1
        assert b"dmarc=pass" not in field
    with capsys.disabled():
        print(f"espoofer: {len(table)}/{len(cases)} without a pass", *table, sep="\n  ")
