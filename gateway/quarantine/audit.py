"""The audit log: who looked at, released, approved, deleted what. One JSON line each, chained by hash.

Each line holds the hash of the line before it (`prev`) and its own (`hash`: SHA-256 over `prev` and the line without
`hash`), is fsynced before the act it tells of, and names the kernel's user, or the one that sudo acted for. A chain
shows every change but the loss of its last lines: who notes `hash` elsewhere (the digest mail tells it each time) sees
that too. Nothing of a message stands here but its id.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.model.errors import Unavailable
from gateway.quarantine.durable import give_to_owner, locked, sync_folder, write_all

START = "0" * 64
_LAST_BYTES = 65_536
_MOTIVE = 500


class BrokenChain(Exception):
    """The audit log was changed: which line, and how that shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a user id that can't be chosen by an option."""

    uid: int
    login: int | None = None  # the login's user id as the kernel remembers it through sudo, where it does


def actor_now(spool: Path) -> Actor:
    """The kernel's user id; sudo's word for whom it acts counts only for root and for the spool's own account."""
    uid = os.getuid()
    try:
        owner = spool.stat().st_uid
    except OSError:
        owner = 0
    behind = os.environ.get("SUDO_UID", "")
    if uid in (0, owner) and behind.isascii() and behind.isdigit() and len(behind) < 11:
        uid = int(behind)
    return Actor(uid=uid, login=_login_uid())


def _login_uid() -> int | None:
    try:
        login = int(Path("/proc/self/loginuid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return login if login != 0xFFFFFFFF else None


class AuditLog:
    """The audit log of one quarantine."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "audit.log"
        self._lock = folder / ".audit.lock"

    def add(self, actor: Actor, action: str, **fields: Any) -> str:
        """Write one line and fsync it: its hash. Raises Unavailable: an act that can't be written down is not done."""
        try:
            with locked(self._lock):
                return self._append(actor, action, fields)
        except OSError as error:
            raise Unavailable(f"{self.file}: cannot be written: {error.strerror}") from error

    def _append(self, actor: Actor, action: str, fields: dict[str, Any]) -> str:
        new = not self.file.exists()
        handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            give_to_owner(handle, self.file.parent)
            previous, torn = _last_line(handle)
            lines = b""
            whole = _read(torn + b"\n") if torn else None
            if whole is not None and whole.get("prev") == previous:  # only its line end is missing
                lines, previous = b"\n", str(whole.get("hash", ""))
            elif torn:  # a write that a crash cut short: it stays, its hash becomes part of the chain
                lines, previous = _line(previous, actor, "torn", {"sha256": hashlib.sha256(torn).hexdigest()})
                lines = b"\n" + lines
            line, own = _line(previous, actor, action, fields)
            write_all(handle, lines + line)
            os.fsync(handle)
        finally:
            os.close(handle)
        if new:
            sync_folder(self.file.parent)
        return own

    def lines(self) -> Iterator[dict[str, Any]]:
        """Every line, checked, oldest first. Raises BrokenChain."""
        return check_chain(self.file)

    def head(self) -> tuple[int, str]:
        """How many lines there are, and the hash of the last one. Raises BrokenChain."""
        count, last = 0, START
        for line in self.lines():
            count, last = count + 1, line["hash"]
        return count, last


def check_chain(file: Path) -> Iterator[dict[str, Any]]:
    """Read an audit log anywhere, also a copy of one: its lines. Raises BrokenChain."""
    if not file.exists():
        return
    previous = START
    torn = b""
    with file.open("rb") as lines:
        for number, raw in enumerate(lines, 1):
            line = _read(raw)
            if line is None:
                if torn:
                    raise BrokenChain(f"line {number - 1}: is no line of ours")
                torn = raw.rstrip(b"\n")
                continue
            if torn and (line.get("action"), line.get("sha256")) != ("torn", hashlib.sha256(torn).hexdigest()):
                raise BrokenChain(f"line {number - 1}: is no line of ours")
            torn = b""
            if line.get("prev") != previous:
                raise BrokenChain(f"line {number}: does not follow the line before it: lines were removed or put in")
            own = line.pop("hash", "")
            if own != _hash(line):
                raise BrokenChain(f"line {number}: was changed")
            previous = line["hash"] = own
            yield line
    if torn and raw.endswith(b"\n"):
        raise BrokenChain("the last line is no line of ours")


def _read(raw: bytes) -> dict[str, Any] | None:
    if not raw.endswith(b"\n"):
        return None
    try:
        line = json.loads(raw)
    except ValueError:
        return None
    return line if isinstance(line, dict) and "prev" in line else None


def _last_line(handle: int) -> tuple[str, bytes]:
    """The hash of the last whole line, and what stands behind it."""
    size = os.fstat(handle).st_size
    tail = os.pread(handle, _LAST_BYTES, max(0, size - _LAST_BYTES))
    whole, _, torn = tail.rpartition(b"\n")
    for raw in reversed(whole.split(b"\n")):
        line = _read(raw + b"\n")
        if line is not None:
            return str(line.get("hash", "")), torn
    return START, torn


def _line(previous: str, actor: Actor, action: str, fields: dict[str, Any]) -> tuple[bytes, str]:
    line: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "action": action}
    line["uid"] = actor.uid
    if actor.login is not None:
        line["login"] = actor.login
    for name, value in fields.items():
        if value is not None:
            line[name] = value[:_MOTIVE] if isinstance(value, str) else value
    line["prev"] = previous
    own = _hash(line)
    return json.dumps({**line, "hash": own}, ensure_ascii=True).encode() + b"\n", own


def _hash(line: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(line, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
