"""Whole messages of our own invention: kinds that the development sets don't hold, judged with given authentication."""

from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.daemon.loaded import Loaded, load_everything
from gateway.model.auth_facts import (
    AuthFacts,
    DkimResult,
    DkimStatus,
    DmarcPolicy,
    DmarcResult,
    DmarcStatus,
    SpfIdentity,
    SpfResult,
    SpfStatus,
)
from gateway.model.domain import DomainName
from gateway.model.judgement import Judgement
from tests.corpora import HELD, Letter, action_of, judge_all

FILES = ("invented_mail", "long_mail")
MIN_HELD = 0.95
MAX_BEYOND = 0.02
SETTINGS: dict[str, Any] = {
    "relay_domains": ["mutuelle.example"],
    "organisation": {
        "name": "Mutuelle Exemple",
        "domains": ["mutuelle.example"],
        "people": [
            {"name": "Jeanne Martin", "role": "directrice générale", "addresses": ["j.martin@mutuelle.example"]}
        ],
        "report_mailboxes": ["abuse@mutuelle.example"],
        "benefits_mailboxes": ["prestations@mutuelle.example"],
    },
}
Row = dict[str, Any]


def load_rows(kind: str, file: str = FILES[0]) -> list[Row]:
    """The lures or the honest messages of a table."""
    path = Path(__file__).parent / f"{file}.yml"
    rows: list[Row] = yaml.safe_load(path.read_text(encoding="utf-8"))[kind]
    return rows


def authenticated_as(name: str) -> AuthFacts:
    """Everything passes for one domain, or nothing is there to check."""
    if name == "none":
        return AuthFacts(spf=SpfResult(status=SpfStatus.NEUTRAL, identity=SpfIdentity.MAIL_FROM, domain=None))
    domain = DomainName(name)
    return AuthFacts(
        spf=SpfResult(status=SpfStatus.PASS, identity=SpfIdentity.MAIL_FROM, domain=domain),
        dkim=(DkimResult(status=DkimStatus.PASS, domain=domain, selector="s", key_bits=2048),),
        dmarc=DmarcResult(
            status=DmarcStatus.PASS,
            domain=domain,
            policy=DmarcPolicy.NONE,
            organizational_domain=domain,
            aligned_spf=True,
            aligned_dkim=(domain,),
        ),
        claimed_dkim_domains=(domain,),
    )


def letter_of(row: Row, index: int) -> Letter:
    """A row as a message."""
    message = EmailMessage()
    message["From"] = row["from"]
    message["To"] = row.get("to", "accueil@mutuelle.example")
    message["Subject"] = row["subject"]
    message["Date"] = "Tue, 24 Nov 2026 09:00:00 +0100"
    message["Message-ID"] = f"<{index}@courrier.example>"
    if "reply_to" in row:
        message["Reply-To"] = row["reply_to"]
    for name, value in row.get("headers", {}).items():
        message[name] = value
    if "html" in row:
        message.set_content(f"<html><body>{row['html']}</body></html>", subtype="html")
    else:
        message.set_content(row["text"])
    for part in row.get("attachments", ()):
        kind, subtype = part["type"].split("/")
        message.add_attachment(part["text"].encode(), maintype=kind, subtype=subtype, filename=part["name"])
    return Letter(
        id=f"{row['from']}: {row['subject']}",
        raw=message.as_bytes().replace(b"\n", b"\r\n"),
        label="invented",
        ip="192.0.2.1",
        mail_from=row.get("mail_from", parseaddr(row["from"])[1]),
        recipients=(message["To"],),
    )


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The gateway of an invented mutuelle."""
    path = tmp_path_factory.mktemp("invented") / "vitalgate.yml"
    path.write_text(yaml.safe_dump(SETTINGS, allow_unicode=True), encoding="utf-8")
    return load_everything(path, for_scan=True)


def judge_rows(loaded: Loaded, rows: list[Row]) -> list[Judgement]:
    """Each row judged with the authentication that it names."""
    known = iter([authenticated_as(row["auth"]) for row in rows])

    async def authenticate(*_: Any) -> AuthFacts:
        return next(known)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.pipeline.authenticate", authenticate)
        return judge_all(loaded, [letter_of(row, index) for index, row in enumerate(rows)])


@pytest.mark.parametrize("file", FILES)
def test_lures_are_held(loaded: Loaded, file: str) -> None:
    rows = load_rows("lures", file)
    actions = [action_of(judgement) for judgement in judge_rows(loaded, rows)]
    missed = [
        (row["from"], row["subject"], action)
        for row, action in zip(rows, actions, strict=True)
        if action not in row.get("expect", HELD)
    ]
    assert 1 - len(missed) / len(rows) >= MIN_HELD, missed


@pytest.mark.parametrize("file", FILES)
def test_honest_mail_passes(loaded: Loaded, file: str) -> None:
    rows = load_rows("honest", file)
    actions = [action_of(judgement) for judgement in judge_rows(loaded, rows)]
    both = list(zip(rows, actions, strict=True))
    assert not [(row["from"], row["subject"]) for row, action in both if action in HELD]
    beyond = [(row["from"], row["subject"]) for row, action in both if action not in row.get("expect", ["relay"])]
    assert len(beyond) / len(rows) <= MAX_BEYOND, beyond
