"""The published DKIM messages: every definite expectation of the manifest, read in place."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.authn.dkim import check_dkim
from gateway.model.auth_facts import DkimResult
from gateway.model.dns_answer import FailureCause
from gateway.parsing.mime_tree import parse_message
from tests.authn_support import FakeResolver, Zone, inline_cpu, suite, with_crlf

ACCEPTED = {
    "pass": {"pass"},
    "fail": {"fail", "permerror"},
    "permerror": {"permerror", "fail"},
    "temperror": {"temperror"},
    "not_pass": {"none", "fail", "policy", "neutral", "temperror", "permerror"},
}
NOW = datetime(2026, 11, 24, tzinfo=UTC)
CAUSES = {"TIMEOUT": FailureCause.TIMEOUT, "SERVFAIL": FailureCause.SERVFAIL}


def zone_of(dns: dict[str, Any]) -> Zone:
    """The manifest's DNS; NXDOMAIN is a name that is absent."""
    zone: dict[str, Any] = {}
    for name, value in dns.items():
        if isinstance(value, str):
            zone[name] = {"TXT": [value]}
        elif value["rcode"] in CAUSES:
            zone[name] = CAUSES[value["rcode"]]
    return zone


def verify(vector: dict[str, Any], now: datetime) -> tuple[DkimResult, ...]:
    """Our results for one vector."""
    raw = suite("dkim/" + vector["file"]).read_bytes()
    if vector["line_endings"] == "lf":
        raw = with_crlf(raw)
    return asyncio.run(check_dkim(parse_message(raw), FakeResolver(zone_of(vector["dns"])), inline_cpu, now))


def test_every_definite_expectation_of_the_published_messages(capsys: pytest.CaptureFixture[str]) -> None:
    manifest = json.loads(suite("dkim/manifest.json").read_text())
    definite = right = 0
    wrong = []
    for vector in manifest["vectors"]:
        for signature in vector["signatures"]:
            moment = signature.get("evaluate_at")
            results = verify(vector, datetime.fromtimestamp(moment, UTC) if moment else NOW)
            assert len(results) == len(vector["signatures"]), vector["id"]
            got = results[signature["index"]]
            expected = signature["expect"]
            if expected == "either":
                expected = signature.get("strict_rfc8301")
            if expected is None:
                continue
            definite += 1
            if got.status in ACCEPTED[expected]:
                right += 1
            else:
                wrong.append(f"{vector['id']}[{signature['index']}]: {expected}, got {got.status} ({got.reason})")
    with capsys.disabled():
        print(f"DKIM suite: {right}/{definite}")
    assert not wrong, "\n".join(wrong)
    assert definite > 80
