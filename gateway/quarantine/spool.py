"""The spool: where entries lie, and the states they pass through.

    pending/ID.tmp   being written                           a crash leaves it: swept, its sender retries
    pending/ID       whole and fsynced, its 250 not given    a crash leaves it: swept, its sender retries
    entries/ID       it counts: its 250 was or may be given  kept until released, deleted or expired
    releases/ID      how far its release got                 see progress.py; "released": entries/ID is removed

Each step is one rename, followed by an fsync of the folder. Who reviews an entry holds a lock on its file. A message
whose other recipients are relayed is pending while that goes on, so that a failure there leaves nothing held that the
client will send again.
"""

import asyncio
import hashlib
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from gateway.model.errors import QuarantineUnavailable
from gateway.model.identifiers import is_message_id
from gateway.model.ports import HeldMessage
from gateway.quarantine.durable import make_folder, sync_folder, write_pieces
from gateway.quarantine.entry import seal_entry
from gateway.quarantine.keys import DayKeys
from gateway.settings.schema import QuarantineSettings


class Spool:
    """The `Quarantine` port on a folder."""

    def __init__(self, settings: QuarantineSettings) -> None:
        self.folder = settings.folder
        self.entries = settings.folder / "entries"
        self.pending = settings.folder / "pending"
        self._minimum_free = settings.minimum_free_bytes
        self._keys = DayKeys(settings)

    async def prepare(self, held: HeldMessage) -> "PendingEntry":
        """Write and fsync an entry that counts only after `commit`. Raises QuarantineUnavailable."""
        await asyncio.to_thread(self._write, held)
        return PendingEntry(self, held.submission.id)

    def _write(self, held: HeldMessage) -> None:
        submission = held.submission
        today = datetime.now(UTC).date()
        try:
            for folder in (self.entries, self.pending):
                make_folder(folder)
            space = os.statvfs(self.folder)
            if space.f_bavail * space.f_frsize < max(self._minimum_free, 2 * len(submission.raw)):
                raise QuarantineUnavailable("too little space for the quarantine")
            sha256 = hashlib.sha256(submission.raw).hexdigest()
            pieces = seal_entry(held, sha256, today, self._keys.public(today))
            temporary = self.pending / f"{submission.id}.tmp"
            write_pieces(temporary, pieces, mode=0o600)
            os.rename(temporary, self.pending / submission.id)
            sync_folder(self.pending)
        except OSError as error:
            raise QuarantineUnavailable(f"the quarantine cannot be written: {error.strerror}") from error

    def commit(self, entry_id: str) -> None:
        """Make a pending entry count. Raises QuarantineUnavailable."""
        try:
            os.rename(self.pending / entry_id, self.entries / entry_id)
            sync_folder(self.entries)
        except OSError as error:
            raise QuarantineUnavailable(f"the quarantine cannot be written: {error.strerror}") from error

    def withdraw(self, entry_id: str) -> None:
        """Remove a pending entry."""
        (self.pending / entry_id).unlink(missing_ok=True)

    def sweep(self, older_than_s: float) -> int:
        """Remove what a crash left pending; how many. Nothing in use is that old. Raises OSError."""
        swept = 0
        limit = time.time() - older_than_s
        try:
            with os.scandir(self.pending) as files:
                for file in files:
                    if file.stat(follow_symlinks=False).st_mtime < limit:
                        os.unlink(file.path)
                        swept += 1
        except FileNotFoundError:  # no folder yet, or a file that was committed or withdrawn meanwhile
            return swept
        return swept

    def ids(self) -> list[str]:
        """The ids of all entries that count, oldest first."""
        try:
            return sorted(name for name in os.listdir(self.entries) if is_message_id(name))
        except FileNotFoundError:
            return []

    def file_of(self, entry_id: str) -> Path:
        """Where an entry lies. Raises KeyError for what is no id of ours (and so never a path)."""
        if not is_message_id(entry_id):
            raise KeyError(entry_id)
        return self.entries / entry_id


class PendingEntry:
    """The `PreparedEntry` port."""

    def __init__(self, spool: Spool, entry_id: str) -> None:
        self._spool = spool
        self._id = entry_id

    async def commit(self) -> None:
        """See PreparedEntry."""
        await asyncio.to_thread(self._spool.commit, self._id)

    async def withdraw(self) -> None:
        """See PreparedEntry."""
        try:
            await asyncio.to_thread(self._spool.withdraw, self._id)
        except OSError:  # swept later: a pending entry never counts
            return
