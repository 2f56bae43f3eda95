"""What the fuzzer does to the whole judgement: any message, the pack's rules, a decision for two recipients."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Final

from gateway.daemon.loaded import load_defaults
from gateway.daemon.scanner import Scanner, ScanRequest, path_of
from gateway.decision.report import describe
from gateway.inspection.none import NoInspector
from gateway.resolver.zone import ZoneResolver
from tests.fuzz.reading_targets import SEEDS as READING_SEEDS

_NOW: Final = datetime(2026, 11, 25, tzinfo=UTC)
_SCANNER: list[tuple[Scanner, asyncio.AbstractEventLoop]] = []


def _scanner() -> tuple[Scanner, asyncio.AbstractEventLoop]:
    if not _SCANNER:
        zone = ZoneResolver({"_dmarc.strict.example": {"TXT": ["v=DMARC1; p=reject"]}})
        loaded = replace(load_defaults(), zone=zone)
        _SCANNER.append((Scanner(loaded, inspector=NoInspector()), asyncio.new_event_loop()))
    return _SCANNER[0]


def judgement(data: bytes) -> None:
    """Any message is judged, and the judgement can be told."""
    scanner, loop = _scanner()
    request = ScanRequest(
        raw=data,
        received_at=_NOW,
        address=ip_address("192.0.2.7"),
        helo="mail.example",
        mail_from=path_of("a@strict.example"),
        recipients=(path_of("a@mutuelle.example"), path_of("b@mutuelle.example")),
    )
    told = describe(loop.run_until_complete(scanner.judge(request)))
    if told["action"] not in ("relay", "tag", "quarantine", "reject", "defer"):
        raise AssertionError(f"no action: {told['action']}")
    if any(item.endswith(":crash") for item in told["unchecked"]):
        raise AssertionError(f"a fault: {told['unchecked']}")


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {"whole_judgement": judgement}
SEEDS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "whole_judgement": (
        *READING_SEEDS["reading_message"],
        b"From: Assurance Maladie <x@evil.example>\r\nReply-To: y@gmail.com\r\nSubject: Votre carte Vitale expire\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Confirmez votre RIB FR7630006000011234567890189 "
        b"<a href='http://ameli.fr.evil.example/'>www.ameli.fr</a> sous 48 h</p>\r\n",
    )
}
