"""The labelled mail under `shared/`, read in place, and the gateway's judgement of it without a process or a port.

`shared/` lies beside the repository; where it does not, everything that needs it is skipped with that reason.
"""

import asyncio
import json
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.daemon.loaded import Loaded, load_everything
from gateway.daemon.scanner import Scanner, ScanRequest, path_of
from gateway.decision.report import describe
from gateway.model.auth_facts import AuthFacts
from gateway.model.judgement import Judgement
from gateway.resolver.zone import ZoneResolver

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
MAIL = SHARED / "conformance" / "mail"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared/ does not lie beside the repository")

HELD = frozenset({"quarantine", "reject"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message and what is known of it."""

    id: str
    raw: bytes
    label: str  # "lure" or "legit"
    family: str = ""
    expected: frozenset[str] = frozenset()
    ip: str | None = None
    helo: str | None = None
    mail_from: str | None = None
    recipients: tuple[str, ...] = ()
    received_at: datetime = field(default_factory=lambda: datetime(2026, 11, 25, 8, tzinfo=UTC))
    put_aside: bool = False  # not looked at while the rules were written
    authentication: bool = True

    def request(self) -> ScanRequest:
        """As `scan` would ask."""
        return ScanRequest(
            raw=self.raw,
            received_at=self.received_at,
            address=ip_address(self.ip) if self.ip else None,
            helo=self.helo,
            mail_from=path_of(self.mail_from) if self.mail_from is not None else None,
            recipients=tuple(path_of(address) for address in self.recipients),
            authentication=self.authentication,
        )


def development_set(name: str) -> list[Letter]:
    """All of `shared/corpus` or `shared/corpus2`. Half of each family was put aside: those of odd SHA-256."""
    folder = SHARED / name
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines() if line]
    return [
        Letter(
            id=row["id"],
            raw=(folder / row["file"]).read_bytes(),
            label=row["class"],
            family=row["family"],
            expected=frozenset(row["expected"]),
            ip=row["client_ip"],
            helo=row["helo"],
            mail_from=row["mail_from"],
            recipients=tuple(row["rcpt_to"]),
            received_at=datetime.fromisoformat(row["received_at"]),
            put_aside=int(row["sha256"], 16) % 2 == 1,
        )
        for row in rows
    ]


def real_mail(archive: str, label: str) -> list[Letter]:
    """The messages of one archive of real mail, judged without authentication: no envelope is known for them."""
    with tarfile.open(MAIL / f"{archive}.tar.xz") as tar:
        found = [(member.name, tar.extractfile(member)) for member in tar if member.isfile()]
        return [
            Letter(id=name, raw=_crlf(file.read()), label=label, family=archive, authentication=False)
            for name, file in found
            if file is not None and name.endswith(".eml")
        ]


def insurer_texts() -> list[Letter]:
    """Real texts that members wrote to an insurer, each put into a plain message."""
    rows = json.loads((MAIL / "french" / "insurer-ham-texts.json").read_text(encoding="utf-8"))["messages"]
    return [
        Letter(id=f"insurer-{index}", raw=_as_message(row), label="legit", family="insurer", authentication=False)
        for index, row in enumerate(rows)
    ]


def _as_message(row: dict[str, str]) -> bytes:
    subject, author = " ".join(row["header"].split()), " ".join(row["from"].split())
    head = f"From: {author}\nTo: contact@mutuelle.example\nSubject: {subject}\n"
    head += "Date: Tue, 24 Nov 2026 09:00:00 +0100\nMessage-ID: <1@courrier.example>\nMIME-Version: 1.0\n"
    head += "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    return _crlf((head + row["body"] + "\n").encode())


def _crlf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def load_for(name: str, folder: Path) -> Loaded:
    """The gateway as an administrator would have set it up for a development set; `folder` takes the settings."""
    context = json.loads((SHARED / name / "context.json").read_text(encoding="utf-8"))
    settings = {
        "relay_domains": context["relay_for"],
        "organisation": {
            "name": context["organisation"],
            "domains": context["local_domains"],
            "services": context["own_saas_senders"],
            "people": [
                {"name": person["display"], "role": person["role"], "addresses": [person["mail"]]}
                for person in context["executives"]
            ],
            "report_mailboxes": context["report_mailboxes"],
            "benefits_mailboxes": context["benefits_mailboxes"],
        },
        "authentication": {"trusted_arc_sealers": context["trusted_arc_sealers"]},
    }
    return replace(load_with(settings, folder), zone=ZoneResolver.load(SHARED / name / "zone.json"))


def load_with(settings: dict[str, Any], folder: Path) -> Loaded:
    """A gateway with these settings; `folder` takes them."""
    path = folder / "vitalgate.yml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return load_everything(path, for_scan=True)


def judge_all(loaded: Loaded, letters: Iterable[Letter]) -> list[Judgement]:
    """Every message judged, in order, as the gateway would do it."""

    async def run() -> list[Judgement]:
        scanner = Scanner(loaded)
        try:
            return [await scanner.judge(letter.request()) for letter in letters]
        finally:
            await scanner.close()

    return asyncio.run(run())


def judge_known(loaded: Loaded, known: Sequence[tuple[Letter, AuthFacts]]) -> list[Judgement]:
    """Every message judged with what is said of its authentication."""
    coming = iter([auth for _letter, auth in known])

    async def authenticate(*_: Any) -> AuthFacts:
        return next(coming)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.pipeline.authenticate", authenticate)
        return judge_all(loaded, [letter for letter, _auth in known])


def action_of(judgement: Judgement) -> str:
    """The strictest recipient's action, as `scan` reports it."""
    return str(describe(judgement)["action"])
