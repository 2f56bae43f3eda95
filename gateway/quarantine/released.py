"""The mark by which our own gateway knows its released mail again (DESIGN §7).

    X-Vitalgate-Release: id=ID; mac=HEX

One such field for each recipient stands right above the stored bytes. The MAC is HMAC-SHA-256 over the id, the
recipient and the SHA-256 of everything below the last mark, so other hops may add fields above it. A mark counts once:
it is spent when the message was relayed.
"""

import asyncio
import hashlib
import hmac
import os
import re

from gateway.model.envelope import Submission
from gateway.model.message import Message
from gateway.quarantine.durable import make_folder
from gateway.settings.schema import QuarantineSettings

FIELD = "X-Vitalgate-Release"
_VALUE = re.compile(rb"\s*id=([0-9a-z]{18}); mac=([0-9a-f]{64})\s*")
_MAX_MARKS = 1000


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
        given: dict[str, str] = {}
        for field in fields:
            value = _VALUE.fullmatch(field.value)
            if value is None:
                return []
            given[value[2].decode()] = value[1].decode()
        sha256 = hashlib.sha256(memoryview(message.raw)[fields[-1].end :]).hexdigest()
        used = []
        for recipient in recipients:
            for entry_id in set(given.values()):
                mac = _mac(self._key, entry_id, recipient.path.raw, sha256)
                if given.get(mac) == entry_id and not (self._folder / mac).exists():
                    used.append(mac)
                    break
            else:
                return []
        return used

    def _spend(self, macs: list[str]) -> None:
        make_folder(self._folder)
        for mac in macs:
            os.close(os.open(self._folder / mac, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
