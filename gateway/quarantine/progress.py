"""How far the release of an entry got: one small file beside the spool, durable before and after each delivery.

    releases/ID  "requested"  one person asks, another one has to approve
                 "approved"   by another one; not delivered yet
                 "releasing"  a delivery has begun, and its outcome is not known: never begun again without being told
                 "refused"    the next hop said no, or could not be reached: may be tried again
                 "partly"     some recipients have it, and never get it again
                 "released"   all have it; the entry is removed

Recipients stand here by their place in the entry's header, not by address.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from gateway.model.identifiers import is_message_id
from gateway.quarantine.durable import make_folder, sync_folder, write_durably


class Stage(StrEnum):
    """See the table above."""

    HELD = "held"  # no file
    REQUESTED = "requested"
    APPROVED = "approved"
    RELEASING = "releasing"
    REFUSED = "refused"
    PARTLY = "partly"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The release of one entry so far."""

    id: str
    stage: Stage = Stage.HELD
    at: str = ""
    requested_by: int | None = None
    approved_by: int | None = None
    delivered: tuple[int, ...] = ()
    under_way: tuple[int, ...] = ()
    reply: str = ""

    def step(self, stage: Stage, **changes: Any) -> "Progress":
        """The same, further on."""
        return replace(self, stage=stage, at=datetime.now(UTC).isoformat(timespec="seconds"), **changes)


class ProgressBook:
    """The files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "releases"

    def read(self, entry_id: str) -> Progress:
        """How far an entry is. What can't be read counts as a delivery of unknown outcome: never sent twice."""
        try:
            data = json.loads(self._file(entry_id).read_bytes())
            return Progress(
                id=entry_id,
                stage=Stage(data["stage"]),
                at=data["at"],
                requested_by=data["requested_by"],
                approved_by=data["approved_by"],
                delivered=tuple(data["delivered"]),
                under_way=tuple(data["under_way"]),
                reply=data["reply"],
            )
        except FileNotFoundError:
            return Progress(id=entry_id)
        except (OSError, ValueError, KeyError, TypeError):
            return Progress(id=entry_id, stage=Stage.RELEASING, at="an unknown time")

    def write(self, progress: Progress) -> None:
        """Put it down durably. Raises OSError."""
        make_folder(self.folder)
        data = {
            "stage": progress.stage.value,
            "at": progress.at,
            "requested_by": progress.requested_by,
            "approved_by": progress.approved_by,
            "delivered": progress.delivered,
            "under_way": progress.under_way,
            "reply": progress.reply,
        }
        write_durably(self._file(progress.id), json.dumps(data).encode(), mode=0o600)

    def all(self) -> list[Progress]:
        """Every release begun or asked for, oldest first."""
        if not self.folder.is_dir():
            return []
        return [self.read(file.name) for file in sorted(self.folder.iterdir()) if is_message_id(file.name)]

    def forget(self, entry_ids: list[str]) -> None:
        """Remove files. Raises OSError."""
        there = [file for file in map(self._file, entry_ids) if file.exists()]
        for file in there:
            file.unlink(missing_ok=True)
        if there:
            sync_folder(self.folder)

    def _file(self, entry_id: str) -> Path:
        if not is_message_id(entry_id):
            raise KeyError(entry_id)
        return self.folder / entry_id
