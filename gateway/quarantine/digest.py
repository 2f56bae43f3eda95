"""The mail to the reviewers, in French: what is held, for whom, why, since when and until when. No content.

It also tells the audit log's last hash: who keeps these mails can see later whether lines of it were taken away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from gateway.model.plain_text import visible
from gateway.quarantine.progress import Progress, Stage

MAX_SHOWN = 200
_MAX_RECIPIENTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a digest is made of. `entries`: as `store.summary` gives them, oldest first."""

    entries: Sequence[dict[str, Any]]
    unreadable: int
    progress: dict[str, Progress]
    now: datetime
    known: frozenset[str]  # ids that the last digest told of
    retention_days: int
    gateway: str
    audit: tuple[int, str] | None  # lines, last hash; None: the chain is broken

    @property
    def new(self) -> list[dict[str, Any]]:
        """What came since the last digest."""
        return [entry for entry in self.entries if entry["id"] not in self.known]

    @property
    def waiting(self) -> list[dict[str, Any]]:
        """What somebody asked to release, and another one has to approve."""
        return [e for e in self.entries if self._stage(e) is Stage.REQUESTED]

    def _stage(self, entry: dict[str, Any]) -> Stage:
        progress = self.progress.get(entry["id"])
        return progress.stage if progress else Stage.HELD


def write_digest(digest: Digest, *, sender: str, recipients: Sequence[str], message_id: str) -> bytes:
    """The whole mail, CRLF line ends."""
    mail = EmailMessage(policy=SMTP)
    count, new = len(digest.entries), len(digest.new)
    mail["From"] = f"Quarantaine vitalgate <{sender}>"
    mail["To"] = ", ".join(recipients)
    told = _plural(count, "message retenu", "messages retenus")
    mail["Subject"] = f"Quarantaine : {told}, dont {_plural(new, 'nouveau', 'nouveaux')}"
    mail["Date"] = digest.now
    mail["Message-ID"] = f"<{message_id}@{digest.gateway}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5
    mail.set_content("\n".join(_lines(digest)) + "\n", cte="quoted-printable")  # every next hop takes it
    return mail.as_bytes()


def _lines(digest: Digest) -> list[str]:
    entries = sorted(digest.entries, key=_moment, reverse=True)
    lines = ["Bonjour,", ""]
    lines.append(f"{_plural(len(entries), 'message est retenu', 'messages sont retenus')} par {digest.gateway}.")
    if digest.waiting:
        lines += ["", "À APPROUVER par une autre personne que celle qui demande :"]
        lines += [f"  {entry['id']}" for entry in digest.waiting]
    new = {entry["id"] for entry in digest.new}
    for entry in entries[:MAX_SHOWN]:
        lines += ["", *_entry_lines(digest, entry, is_new=entry["id"] in new)]
    if len(entries) > MAX_SHOWN:
        lines += ["", f"... et {len(entries) - MAX_SHOWN} plus anciens : vitalgate quarantine list"]
    if digest.unreadable:
        lines += ["", f"{_plural(digest.unreadable, 'entrée est illisible', 'entrées sont illisibles')} : "]
        lines[-1] += "lancer « vitalgate quarantine verify »."
    lines += ["", *_HOW_TO, ""]
    if digest.audit is None:
        lines.append("ATTENTION : le journal d'audit a été modifié : vitalgate quarantine audit verify")
    else:
        lines.append(f"Journal d'audit : {_plural(digest.audit[0], 'ligne', 'lignes')}, empreinte {digest.audit[1]}")
    return lines


_HOW_TO = (
    "Lire un message     vitalgate quarantine show ID --text --motive « pourquoi »",
    "Le libérer          vitalgate quarantine release ID",
    "Demander à deux     vitalgate quarantine release --request ID, puis une autre personne : quarantine approve ID",
    "Le supprimer        vitalgate quarantine delete ID",
    "Urgence le soir ou le week-end : appeler l'astreinte, qui libère de la même façon (docs/fr).",
)


def _entry_lines(digest: Digest, entry: dict[str, Any], *, is_new: bool) -> list[str]:
    came = _moment(entry)
    ends = (came + timedelta(days=digest.retention_days)).date()
    recipients = [visible(address) for address in entry["recipients"]]
    shown = ", ".join(recipients[:_MAX_RECIPIENTS])
    if len(recipients) > _MAX_RECIPIENTS:
        shown += f" et {len(recipients) - _MAX_RECIPIENTS} autres"
    domains = ", ".join(visible(domain) for domain in entry["sender_domains"]) or "expéditeur vide"
    lines = [
        f"{entry['id']}{'  NOUVEAU' if is_new else ''}",
        f"  Retenu   depuis {_age(digest.now - came)} ({came.astimezone():%d/%m/%Y à %H:%M})",
        f"  Supprimé le {ends:%d/%m/%Y}",
        f"  Pour     {shown}",
        f"  De       {domains}",
        f"  Score    {entry['score']:g}",
    ]
    lines += [f"  - {visible(str(reason))}" for reason in entry["reasons"][:4]]
    if entry.get("needs_approval"):
        lines.append("  Libération : une seconde personne doit approuver.")
    return lines


def _moment(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["received_at"])


def _age(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} jours"


def _plural(count: int, one: str, many: str) -> str:
    return f"{count} {one if count < 2 else many}"
