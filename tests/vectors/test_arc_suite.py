"""The published ARC validation suite and whole messages, read in place."""

import asyncio
import json
from typing import Any

import pytest
import yaml

from gateway.authn.arc import check_arc
from gateway.model.auth_facts import ArcResult
from gateway.parsing.mime_tree import parse_message
from tests.authn_support import FakeResolver, inline_cpu, suite, txt_zone, with_crlf


def validate(raw: bytes, records: dict[str, Any]) -> ArcResult:
    """Our result for one message."""
    resolver = FakeResolver(txt_zone(records))
    return asyncio.run(check_arc(parse_message(with_crlf(raw)), resolver, inline_cpu, ()))


def test_every_case_of_the_validation_suite(capsys: pytest.CaptureFixture[str]) -> None:
    total, wrong = 0, []
    for scenario in yaml.safe_load_all(suite("arc/arc-draft-validation-tests.yml").read_text()):
        for name, case in scenario["tests"].items():
            total += 1
            got = validate(case["message"].encode(), scenario["txt-records"] or {})
            # "" stands where a sealer has ended the chain: there is no chain any more
            expected = (case["cv"] or "None").lower()
            if got.status != expected:
                wrong.append(f"{name}: {expected}, got {got.status} ({got.reason})")
    with capsys.disabled():
        print(f"ARC validation: {total - len(wrong)}/{total}")
    assert not wrong, "\n".join(wrong)
    assert total > 100


def test_every_whole_message(capsys: pytest.CaptureFixture[str]) -> None:
    messages = json.loads(suite("arc/messages.json").read_text())["messages"]
    wrong = []
    for entry in messages:
        got = validate(suite("arc/" + entry["file"]).read_bytes(), entry["dns"])
        if got.status != entry["expect"]:
            wrong.append(f"{entry['file']}: {entry['expect']}, got {got.status} ({got.reason})")
    with capsys.disabled():
        print(f"ARC messages: {len(messages) - len(wrong)}/{len(messages)}")
    assert not wrong, "\n".join(wrong)
