"""The end of held messages: the day's key is destroyed first, then the files, so that copies in backups are dead too.

Each step may be cut short and is done again the next night; what has lost its key can be read by nobody in between.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gateway.model.identifiers import is_message_id, time_of_id
from gateway.quarantine.audit import Actor, AuditLog
from gateway.quarantine.durable import sync_folder
from gateway.quarantine.entry import BrokenEntry, day_of
from gateway.quarantine.progress import Stage
from gateway.quarantine.released import MARK_DAYS
from gateway.quarantine.store import Store
from gateway.settings.schema import QuarantineSettings

PENDING_FOR_S = 3600.0  # longer than any message is under way


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """What one run removed."""

    days: int  # keys
    entries: int
    pending: int  # left by crashes


def expire(settings: QuarantineSettings, now: datetime, actor: Actor) -> Expired:
    """Destroy what is past retention, and clear up what crashes left. Raises OSError, Unavailable."""
    store = Store(settings)
    last = (now - timedelta(days=settings.retention_days)).date()
    days = [day for day in store.keys.days() if day < last]
    doomed = [entry_id for entry_id in store.spool.ids() if _is_past(store, entry_id, last)]
    released = [progress for progress in store.book.all() if progress.stage is Stage.RELEASED]
    if days or doomed:
        audit = AuditLog(settings.folder)
        audit.add(actor, "expire", days=[day.isoformat() for day in days], entries=len(doomed))
    for day in days:
        store.keys.destroy(day)
    # A released entry that is still there: a crash came between its delivery and its removal.
    files = [store.spool.file_of(entry_id) for entry_id in (*doomed, *(progress.id for progress in released))]
    there = [file for file in files if file.exists()]
    for file in there:
        file.unlink(missing_ok=True)
    if there:
        sync_folder(store.spool.entries)
    _forget_releases(store, now, settings.retention_days)
    return Expired(days=len(days), entries=len(doomed), pending=store.spool.sweep(PENDING_FOR_S))


def _is_past(store: Store, entry_id: str, last: date) -> bool:
    try:
        with store.spool.file_of(entry_id).open("rb") as file:
            day = day_of(file.read(64))
    except FileNotFoundError:
        return False
    except BrokenEntry:
        day = time_of_id(entry_id).date()
    return day < last


def _forget_releases(store: Store, now: datetime, retention_days: int) -> None:
    """Records of releases and spent marks live as long as a mark may come back."""
    limit = now - timedelta(days=retention_days + MARK_DAYS + 1)
    held = set(store.spool.ids())
    store.book.forget([p.id for p in store.book.all() if time_of_id(p.id) < limit and p.id not in held])
    folder = store.spool.folder / "released"
    if folder.is_dir():
        for file in folder.iterdir():
            entry_id = file.name.partition("-")[0]
            if is_message_id(entry_id) and time_of_id(entry_id) < limit:
                file.unlink(missing_ok=True)
