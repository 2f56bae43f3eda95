"""The held messages as a reviewer finds them: read, listed, filtered. Needs the master key; never in a worker."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.quarantine.durable import sync_folder
from gateway.quarantine.entry import (
    BrokenEntry,
    EntryHeader,
    day_of,
    header_bytes_needed,
    open_header,
    open_message,
)
from gateway.quarantine.keys import DayKeys, KeyLost, overwrite
from gateway.quarantine.progress import Progress, ProgressBook, Stage
from gateway.quarantine.spool import Spool
from gateway.settings.schema import QuarantineSettings

_FIRST_BYTES = 65_536


class NoSuchEntry(Exception):
    """Nothing is held under this id."""


class Busy(Exception):
    """Somebody else is at this entry now."""


class Store:
    """The held messages of one quarantine."""

    def __init__(self, settings: QuarantineSettings) -> None:
        self.spool = Spool(settings)
        self.keys = DayKeys(settings)
        self.book = ProgressBook(settings.folder)

    def ids(self) -> list[str]:
        """Every entry that counts, oldest first; one that was released but not yet removed doesn't."""
        gone = {progress.id for progress in self.book.all() if progress.stage is Stage.RELEASED}
        return [entry_id for entry_id in self.spool.ids() if entry_id not in gone]

    def headers(self, ids: Iterable[str] | None = None) -> list[EntryHeader | BrokenEntry]:
        """The headers of these entries, or of all; what can't be opened is told, not left out."""
        found: list[EntryHeader | BrokenEntry] = []
        for entry_id in self.ids() if ids is None else ids:
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
            with self.spool.file_of(entry_id).open("rb") as file:
                data = file.read(_FIRST_BYTES)
                needed = header_bytes_needed(data)
                if needed > len(data):
                    data += file.read(needed - len(data))
        except (OSError, KeyError):
            raise self._absent(entry_id) from None
        return open_header(data, entry_id, self.keys.private(day_of(data)))

    def message(self, entry_id: str) -> bytes:
        """The received bytes. Raises NoSuchEntry, BrokenEntry, KeyLost."""
        try:
            data = self.spool.file_of(entry_id).read_bytes()
        except (OSError, KeyError):
            raise self._absent(entry_id) from None
        return open_message(data, entry_id, self.keys.private(day_of(data)))

    def _absent(self, entry_id: str) -> NoSuchEntry:
        try:
            progress = self.book.read(entry_id)
        except KeyError:
            progress = Progress(id=entry_id)
        if progress.stage is Stage.RELEASED:
            return NoSuchEntry(f"{entry_id}: was released at {progress.at} ({progress.reply})")
        return NoSuchEntry(f"{entry_id}: nothing is held under this id")

    @contextmanager
    def alone_with(self, entry_id: str) -> Iterator[None]:
        """Nobody else releases or removes this entry meanwhile. Raises NoSuchEntry, Busy."""
        try:
            handle = os.open(self.spool.file_of(entry_id), os.O_RDONLY | os.O_CLOEXEC)
        except (OSError, KeyError):
            raise self._absent(entry_id) from None
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(f"{entry_id}: somebody else is releasing or removing it now") from None
            if os.fstat(handle).st_nlink == 0:
                raise self._absent(entry_id)
            yield
        finally:
            os.close(handle)

    def remove(self, entry_id: str) -> None:
        """Take an entry out, its bytes overwritten. Raises NoSuchEntry."""
        file = self.spool.file_of(entry_id)
        if not file.exists():
            raise self._absent(entry_id)
        overwrite(file)
        sync_folder(self.spool.entries)


def needs_approval(header: EntryHeader) -> bool:
    """Whether a rule that hit asks for a second person before release."""
    return any(hit.get("needs_approval") for hit in header.verdict.get("hits", []))


def summary(header: EntryHeader) -> dict[str, Any]:
    """One entry of `quarantine list --json`; also what the index keeps of it. No content."""
    verdict = header.verdict
    mail_from = header.mail_from.decode("utf-8", "replace")
    authentication = verdict.get("authentication")
    author_domain = authentication["dmarc"]["domain"] if isinstance(authentication, dict) else ""
    return {
        "id": header.id,
        "received_at": header.received_at.isoformat(),
        "mail_from": mail_from,
        "recipients": [path.decode("utf-8", "replace") for path, _ in header.recipients],
        "client": header.client,
        "size": header.size,
        "score": verdict.get("score", 0),
        "rules": [hit["rule"] for hit in verdict.get("hits", [])],
        "families": sorted({hit["family"] for hit in verdict.get("hits", [])}),
        "reasons": verdict.get("reasons", []),
        "sender_domains": sorted({mail_from.rpartition("@")[2].lower(), str(author_domain).lower()} - {""}),
        "needs_approval": needs_approval(header),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """What `quarantine list` is asked for; None and "" ask nothing."""

    since: datetime | None = None
    rule: str = ""
    family: str = ""
    recipient: str = ""  # an address, or a domain
    sender_domain: str = ""  # of MAIL FROM or of the author; its subdomains too
    score: float | None = None  # at least

    def wants(self, entry: dict[str, Any]) -> bool:
        """Whether an entry (as `summary` gives it) is asked for."""
        return (
            (self.since is None or datetime.fromisoformat(entry["received_at"]) >= self.since)
            and (not self.rule or self.rule in entry["rules"])
            and (not self.family or self.family in entry["families"])
            and (not self.recipient or any(_is_for(self.recipient, address) for address in entry["recipients"]))
            and (not self.sender_domain or any(_within(d, self.sender_domain) for d in entry["sender_domains"]))
            and (self.score is None or entry["score"] >= self.score)
        )


def _is_for(wanted: str, address: str) -> bool:
    if "@" in wanted.lstrip("@"):
        return address.lower() == wanted.lower()
    return address.lower().endswith("@" + wanted.lower().lstrip("@"))


def _within(domain: str, wanted: str) -> bool:
    wanted = wanted.lower().strip("@.")
    return domain == wanted or domain.endswith("." + wanted)
