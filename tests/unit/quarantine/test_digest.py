"""The digest: French, complete, without what could harm the reader's mail program."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest

from gateway.quarantine.digest import MAX_SHOWN, Digest, write_digest
from gateway.quarantine.progress import Progress, Stage

NOW = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)


def entry(number: int = 0, **more: Any) -> dict[str, Any]:
    came = NOW - timedelta(hours=number)
    return {
        "id": f"{number:018}",
        "received_at": came.isoformat(),
        "recipients": ["claire@mutuelle.example"],
        "sender_domains": ["lure.example"],
        "score": 9.5,
        "reasons": ["Ce message se dit de l'Assurance Maladie."],
        "needs_approval": False,
        **more,
    }


def text_of(*entries: dict[str, Any], **more: Any) -> tuple[str, str]:
    facts: dict[str, Any] = {
        "entries": entries,
        "unreadable": 0,
        "progress": {},
        "now": NOW,
        "known": frozenset(),
        "retention_days": 30,
        "gateway": "mx.mutuelle.example",
        "audit": (12, "ab" * 32),
        **more,
    }
    raw = write_digest(Digest(**facts), sender="v@mx.mutuelle.example", recipients=["r@m.example"], message_id="1")
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    mail = message_from_bytes(raw, policy=SMTP)
    assert raw.isascii()
    return str(mail["Subject"]), mail.get_content().replace("\r\n", "\n")


def test_what_it_says() -> None:
    subject, text = text_of(entry(5), entry(50, needs_approval=True), known=frozenset({f"{50:018}"}))
    assert subject == "Quarantaine : 2 messages retenus, dont 1 nouveau"
    assert f"{5:018}  NOUVEAU" in text
    assert f"{50:018}\n" in text
    for expected in (
        "depuis 5 h",
        "depuis 2 jours",
        "Supprimé le 27/12/2026",
        "Pour     claire@mutuelle.example",
        "De       lure.example",
        "Score    9.5",
        "- Ce message se dit de l'Assurance Maladie.",
        "une seconde personne doit approuver",
        "12 lignes, empreinte " + "ab" * 32,
        "astreinte",
    ):
        assert expected in text, expected


def test_requests_stand_on_top() -> None:
    waiting = Progress(id=f"{3:018}", stage=Stage.REQUESTED)
    _subject, text = text_of(entry(1), entry(3), progress={waiting.id: waiting})
    assert text.index("À APPROUVER") < text.index(f"  {3:018}") < text.index(f"{1:018}")


@pytest.mark.parametrize("hostile", ["a\r\nBcc: x@evil.example", "\x1b[2J", "\u202egro.ilema", "a\x00b", "\ud800"])
def test_nothing_of_a_mail_moves_anything(hostile: str) -> None:
    address = f"{hostile}@mutuelle.example"
    _subject, text = text_of(entry(1, recipients=[address], sender_domains=[hostile], reasons=[hostile]))
    assert hostile not in text
    assert all(line.isprintable() for line in text.split("\n"))


def test_a_flood_is_cut_and_counted() -> None:
    many = [entry(number) for number in range(MAX_SHOWN + 50)]
    _subject, text = text_of(*many, entry(0, recipients=[f"{n}@m.example" for n in range(500)]))
    assert "et 51 plus anciens" in text
    assert "et 490 autres" in text
    assert len(text) < 200_000


def test_damage_is_told() -> None:
    _subject, text = text_of(unreadable=2, audit=None)
    assert "2 entrées sont illisibles" in text
    assert "journal d'audit a été modifié" in text
