"""The mark by which our own gateway knows its released mail again (DESIGN §7).

    X-Vitalgate-Release: id=ID; mac=HEX

One such field for each recipient stands right above the stored bytes. The MAC is HMAC-SHA-256 over the id, the
recipient and the SHA-256 of everything below the last mark, so other hops may add fields above it. A mark counts once:
it is spent when the message was relayed. It counts for the time of retention and some days, as long as spent ones are
remembered.
"""

import asyncio
import hashlib
import hmac
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.model.envelope import Submission
from gateway.model.identifiers import is_message_id, time_of_id
from gateway.model.message import Message
from gateway.quarantine.durable import make_folder, sync_folder
from gateway.settings.schema import QuarantineSettings

FIELD = "X-Vitalgate-Release"
_VALUE = re.compile(rb"\s*id=([0-9a-z]{18}); mac=([0-9a-f]{64})\s*")
_MAX_MARKS = 1000
MARK_DAYS = 7  # longer than any queue keeps mail: how much longer than the entry's retention a mark counts


def release_mark(key: bytes, entry_id: str, recipient: bytes, sha256: str) -> bytes:
    """The field for one recipient, ending with CRLF."""
    return f"{FIELD}: id={entry_id}; mac={_mac(key, entry_id, recipient, sha256)}\r\n".encode("ascii")


def _mac(key: bytes, entry_id: str, recipient: bytes, sha256: str) -> str:
    text = b"\0".join((entry_id.encode(), recipient.lower(), sha256.encode()))
    return hmac.new(key, text, hashlib.sha256).hexdigest()


class ReleaseMarks:
    """The `Released` port: verifies marks, and remembers the spent ones as files."""

    def __init__(self, settings: QuarantineSettings, key: bytes) -> None:
        self._folder = settings.folder / "released"
        self._key = key
        self._lifetime = timedelta(days=settings.retention_days + MARK_DAYS)

    async def is_ours(self, submission: Submission, message: Message) -> bool:
        """Whether the message bears a valid, unspent mark for every one of its recipients."""
        return bool(self._macs(submission, message))

    async def spend(self, submission: Submission, message: Message) -> None:
        """Remember that the marks were used."""
        await asyncio.to_thread(self._spend, self._macs(submission, message))

    def _macs(self, submission: Submission, message: Message) -> list[str]:
        fields = message.all(FIELD.lower())
        recipients = submission.envelope.recipients
        if not fields or not recipients or len(fields) > _MAX_MARKS:
            return []
        ids, given = set(), set()
        for field in fields:
            value = _VALUE.fullmatch(field.value)
            if value is None:
                return []
            ids.add(value[1].decode())
            given.add(value[2].decode())
        if len(ids) != 1:  # one release, one id: nobody makes us try each of many for each recipient
            return []
        entry_id = ids.pop()
        if not is_message_id(entry_id):
            return []
        if datetime.now(UTC) - time_of_id(entry_id) > self._lifetime:
            return []
        sha256 = hashlib.sha256(memoryview(message.raw)[fields[-1].end :]).hexdigest()
        macs = [_mac(self._key, entry_id, recipient.path.raw, sha256) for recipient in recipients]
        if not given.issuperset(macs) or any(self._file(entry_id, mac).exists() for mac in macs):
            return []
        return [f"{entry_id}-{mac}" for mac in macs]

    def _file(self, entry_id: str, mac: str) -> Path:
        return self._folder / f"{entry_id}-{mac}"

    def _spend(self, names: list[str]) -> None:
        make_folder(self._folder)
        for name in names:
            os.close(os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
        if names:
            sync_folder(self._folder)
