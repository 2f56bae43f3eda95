"""What a reviewer does with held messages: look, release, delete, expire. Needs the master key; never in a worker."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from gateway.model.address import Path
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.quarantine.durable import sync_folder
from gateway.quarantine.entry import (
    BrokenEntry,
    EntryHeader,
    day_of,
    header_bytes_needed,
    open_header,
    open_message,
)
from gateway.quarantine.keys import DayKeys, KeyLost
from gateway.quarantine.released import release_mark
from gateway.quarantine.spool import Spool
from gateway.settings.schema import QuarantineSettings

_FIRST_BYTES = 65_536


class NoSuchEntry(Exception):
    """Nothing is held under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A message ready to go out again: its envelope, and its bytes below the release marks."""

    envelope: Envelope
    marks: bytes
    raw: bytes


class Store:
    """The held messages of one quarantine."""

    def __init__(self, settings: QuarantineSettings) -> None:
        self._spool = Spool(settings)
        self._keys = DayKeys(settings)
        self._retention = timedelta(days=settings.retention_days)

    def headers(self) -> list[EntryHeader | BrokenEntry]:
        """Every entry that counts, oldest first; what can't be opened is told, not left out."""
        found: list[EntryHeader | BrokenEntry] = []
        for entry_id in self._spool.ids():
            try:
                found.append(self.header(entry_id))
            except NoSuchEntry:
                continue
            except (BrokenEntry, KeyLost) as error:
                found.append(BrokenEntry(f"{entry_id}: {error}"))
        return found

    def header(self, entry_id: str) -> EntryHeader:
        """One entry's header. Raises NoSuchEntry, BrokenEntry, KeyLost."""
        try:
            with self._spool.file_of(entry_id).open("rb") as file:
                data = file.read(_FIRST_BYTES)
                needed = header_bytes_needed(data)
                if needed > len(data):
                    data += file.read(needed - len(data))
        except (OSError, KeyError):
            raise NoSuchEntry(f"{entry_id}: nothing is held under this id") from None
        return open_header(data, entry_id, self._keys.private(day_of(data)))

    def message(self, entry_id: str) -> bytes:
        """The received bytes. Raises NoSuchEntry, BrokenEntry, KeyLost."""
        try:
            data = self._spool.file_of(entry_id).read_bytes()
        except (OSError, KeyError):
            raise NoSuchEntry(f"{entry_id}: nothing is held under this id") from None
        return open_message(data, entry_id, self._keys.private(day_of(data)))

    def release(self, entry_id: str) -> Release:
        """What has to be delivered to release an entry."""
        header = self.header(entry_id)
        raw = self.message(entry_id)
        key = self._keys.release_key()
        marks = b"".join(release_mark(key, entry_id, path, header.sha256) for path, _ in header.recipients)
        envelope = Envelope(
            client=Client(address=None),
            mail_from=Path(header.mail_from, None),
            mail_parameters=header.mail_parameters,
            recipients=tuple(Recipient(path=Path(path, None), parameters=more) for path, more in header.recipients),
        )
        return Release(envelope=envelope, marks=marks, raw=raw)

    def remove(self, entry_id: str) -> None:
        """Take an entry out. Raises NoSuchEntry."""
        try:
            os.unlink(self._spool.file_of(entry_id))
        except (OSError, KeyError):
            raise NoSuchEntry(f"{entry_id}: nothing is held under this id") from None
        sync_folder(self._spool.entries)

    def expire(self, now: datetime) -> tuple[int, int]:
        """Destroy the keys of days past retention, then their entries; how many days and entries."""
        last = (now - self._retention).date()
        days = [day for day in self._keys.days() if day < last]
        for day in days:
            self._keys.destroy(day)
        removed = 0
        for entry_id in self._spool.ids():
            if self._day(entry_id) < last:
                self._spool.file_of(entry_id).unlink(missing_ok=True)
                removed += 1
        return len(days), removed

    def _day(self, entry_id: str) -> date:
        with self._spool.file_of(entry_id).open("rb") as file:
            try:
                return day_of(file.read(64))
            except BrokenEntry:
                return datetime.now(UTC).date()


def summary(header: EntryHeader) -> dict[str, Any]:
    """One line of `quarantine list --json`."""
    verdict = header.verdict
    return {
        "id": header.id,
        "received_at": header.received_at.isoformat(),
        "mail_from": header.mail_from.decode("utf-8", "replace"),
        "recipients": [path.decode("utf-8", "replace") for path, _ in header.recipients],
        "client": header.client,
        "size": header.size,
        "score": verdict.get("score", 0),
        "rules": [hit["rule"] for hit in verdict.get("hits", [])],
        "families": sorted({hit["family"] for hit in verdict.get("hits", [])}),
        "reasons": verdict.get("reasons", []),
    }
