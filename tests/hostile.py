"""What the hostile tests share: a gateway with several policies beside a scripted next hop."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.real_gateway import RealGateway
from tests.scripted_next_hop import ScriptedNextHop, Transaction, next_hop_in_thread
from tests.smtp_dialogue import Answer, SmtpDialogue

STAFF = b"accueil@mutuelle.example"
OTHER = b"autre@mutuelle.example"
WATCHED = b"observe@mutuelle.example"
TAGGED = b"etiquette@mutuelle.example"
REPORTS = b"abuse@mutuelle.example"
HONEST = (
    b"From: Claire <claire@sender.example>\r\nTo: accueil@mutuelle.example\r\nSubject: Bonjour\r\n"
    b"Message-ID: <1@sender.example>\r\nDate: Wed, 25 Nov 2026 09:00:00 +0100\r\n\r\nBonjour,\r\nA demain.\r\n"
)
FORGED = HONEST.replace(b"claire@sender.example", b"claire@strict.example")
SECTIONS: Mapping[str, Any] = {
    "organisation": {"report_mailboxes": [REPORTS.decode()]},
    "policy": {
        "for": [
            {"recipients": [WATCHED.decode()], "mode": "watch"},
            {"recipients": [TAGGED.decode()], "mode": "tag"},
        ]
    },
    "limits": {"errors": 10, "recipients": 20, "commands_without_mail": 60, "message_bytes": 1048576},
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A gateway and its next hop."""

    gateway: RealGateway
    hop: ScriptedNextHop

    def client(self, timeout_s: float = 15.0) -> SmtpDialogue:
        """A new session, its greeting read."""
        return SmtpDialogue(("127.0.0.1", self.gateway.port), timeout_s=timeout_s)

    def relayed(self, count: int) -> list[Transaction]:
        """What the next hop has taken: so many messages, once it has written that down, and no more."""
        self.gateway.wait_for(lambda: len(self.hop.accepted) >= count)
        assert len(self.hop.accepted) == count
        return self.hop.accepted

    def entries(self) -> list[Path]:
        """The held messages that count, as files."""
        folder = self.gateway.folder / "quarantine" / "entries"
        return sorted(path for path in folder.glob("*") if path.is_file())

    def pending(self) -> list[Path]:
        """Those that do not count (yet)."""
        folder = self.gateway.folder / "quarantine" / "pending"
        return sorted(path for path in folder.glob("*") if path.is_file())

    def send(self, raw: bytes, *to: bytes, mail_from: bytes = b"claire@sender.example") -> Answer:
        """A whole message; the reply to the dot."""
        with self.client() as client:
            client.envelope(mail_from, *(to or (STAFF,)))
            return client.data(raw.removesuffix(b"\r\n"))


@contextmanager
def running_pair(folder: Path, sections: Mapping[str, Any] | None = None) -> Iterator[Pair]:
    """Start both."""
    with next_hop_in_thread(ScriptedNextHop()) as hop:
        settings = {**SECTIONS, "next_hop": {"address": hop.address, "reply_timeout_s": 0.7}, **(sections or {})}
        with RealGateway(folder, settings, listen={"trusted_clients": []}) as gateway:
            yield Pair(gateway, hop)
