"""The log: one JSON object a line on standard error, for journald. Names of fields are an API (docs/OPERATE.md).

No line holds anything a mail says; addresses are shown, or replaced by a keyed hash, as the settings say. What other
libraries log passes through the same redaction, tracebacks without their exceptions' texts included.
"""

import hashlib
import hmac
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

from gateway.observe.redact import redact

LEVELS = {"debug": 0, "info": 1, "warning": 2, "error": 3}
PRIORITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3}
Value = str | int | float | bool | None | list[str] | list[dict[str, str]]


class Log:
    """Writes events. `write` is where a finished line goes; the default is standard error in one system call."""

    def __init__(
        self,
        *,
        level: str = "info",
        addresses: str = "clear",
        key: bytes = b"",
        write: Callable[[bytes], object] | None = None,
        process: str = "",
    ) -> None:
        self._key = key
        self.configure(level=level, addresses=addresses)
        self._write = write or _to_standard_error
        self._process = process
        self._journald = "JOURNAL_STREAM" in os.environ

    def configure(self, *, level: str, addresses: str, key: bytes | None = None) -> None:
        """Take over settings; without a new key the old one stays."""
        self._threshold = LEVELS[level]
        self._hashed = addresses == "hashed"
        self._key = key or self._key

    def event(self, name: str, level: str = "info", **fields: Value) -> None:
        """One line: time, event, then the fields as they are given."""
        if LEVELS[level] < self._threshold:
            return
        line: dict[str, Value] = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level}
        line["event"] = name
        if self._process:
            line["process"] = self._process
        line.update(fields)
        text = redact(json.dumps(line, ensure_ascii=True, separators=(",", ":"), default=str))
        prefix = f"<{PRIORITIES[level]}>" if self._journald else ""
        self._write((prefix + text + "\n").encode("ascii"))

    def address(self, text: str) -> str:
        """A mail address as the log may show it."""
        if not self._hashed or not text:
            return text
        return keyed_hash(self._key, text)

    def exception(self, name: str, error: BaseException, **fields: Value) -> None:
        """An unexpected exception: its class and the code places it passed, never its text (which may quote a mail)."""
        places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-8:]]
        self.event(name, "error", error=type(error).__name__, places=places, **fields)


def keyed_hash(key: bytes, text: str) -> str:
    """A pseudonym: 16 hex digits of HMAC-SHA-256 over the lower-case text."""
    return "h:" + hmac.new(key, text.lower().encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]


def _to_standard_error(line: bytes) -> None:
    try:
        os.write(2, line)
    except OSError:  # the reader is gone: mail goes on
        return


class _Bridge(logging.Handler):
    """Takes what libraries log to our lines: logger and level only, since their texts may quote mail."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write one event for a library's record."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._log.exception("library_error", error, logger=record.name)
        else:
            level = "error" if record.levelno >= logging.ERROR else "warning"
            self._log.event("library_message", level, logger=record.name, place=f"{record.module}:{record.lineno}")


def adopt_library_logs(log: Log) -> None:
    """Send all library loggers through `log`; `mail.log` (aiosmtpd) stays above DEBUG, where it writes mail."""
    root = logging.getLogger()
    root.handlers[:] = [_Bridge(log)]
    root.setLevel(logging.WARNING)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    sys.excepthook = lambda kind, error, trace: log.exception("uncaught", error)
