"""Making and sending the digest mail."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.cli.quarantine_common import store_of
from gateway.cli.quarantine_index import summaries
from gateway.daemon.scanner import Quiet, path_of
from gateway.delivery.relay import NextHops
from gateway.model.address import NULL_PATH
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.model.identifiers import new_message_id
from gateway.model.reply import Reply
from gateway.quarantine.audit import AuditLog, BrokenChain
from gateway.quarantine.digest import Digest, write_digest
from gateway.quarantine.durable import write_durably


@dataclass(frozen=True, slots=True)
class DigestMail:
    """The digest and its bytes."""

    digest: Digest
    raw: bytes


def made(settings: Any) -> DigestMail:
    """The digest of now."""
    store = store_of(settings)
    entries, broken = summaries(settings, store)
    hostname = settings.listen[0].hostname
    now = datetime.now(UTC)
    try:
        audit = AuditLog(settings.quarantine.folder).head()
    except BrokenChain:
        audit = None
    digest = Digest(
        entries=entries,
        unreadable=len(broken),
        progress={progress.id: progress for progress in store.book.all()},
        now=now,
        known=_known(settings),
        retention_days=settings.quarantine.retention_days,
        gateway=hostname,
        audit=audit,
    )
    raw = write_digest(
        digest,
        sender=f"vitalgate@{hostname}",
        recipients=settings.quarantine.reviewers,
        message_id=new_message_id(now),
    )
    return DigestMail(digest, raw)


async def send(settings: Any, raw: bytes) -> Reply:
    """Hand it to the next hop of each reviewer; the worst of its answers. From the null path: no bounce of it comes."""
    hops = NextHops(
        next_hop=settings.next_hop, routes=settings.routes, hostname=settings.listen[0].hostname, observer=Quiet()
    )
    ways: dict[Any, list[Recipient]] = {}
    for address in settings.quarantine.reviewers:
        recipient = Recipient(path=path_of(address))
        domain = recipient.path.domain
        ways.setdefault(settings.routes.get(domain, settings.next_hop), []).append(recipient)
    replies = []
    try:
        for recipients in ways.values():
            envelope = Envelope(client=Client(address=None), mail_from=NULL_PATH, recipients=tuple(recipients))
            outcome = await hops.deliver(envelope, envelope.recipients, b"", memoryview(raw), asked_before=False)
            replies.append(outcome.reply)
    finally:
        await hops.close()
    return max(replies, key=lambda reply: reply.code)


def _state(settings: Any) -> Path:
    return Path(settings.quarantine.folder) / "digest.json"


def _known(settings: Any) -> frozenset[str]:
    try:
        return frozenset(json.loads(_state(settings).read_bytes())["told"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def remember(settings: Any, digest: Digest) -> None:
    """Note what the reviewers were told of. Raises OSError."""
    data = json.dumps({"told": [entry["id"] for entry in digest.entries]})
    write_durably(_state(settings), data.encode(), mode=0o600)
