"""The recorder: one process that writes the history, so that no worker waits for a database (DESIGN §4).

Rows come as datagrams from the workers and are written in batches. While it is down they wait in the socket; what no
longer fits is dropped by the workers, who count it.
"""

import json
import select
import signal
import socket
import sqlite3
import time
from pathlib import Path
from typing import Any

from gateway.observe.log import Log
from gateway.settings.schema import History

_BATCH = 500
_WAIT_S = 0.5
_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY, received_at TEXT NOT NULL, disposition TEXT NOT NULL, row TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_received_at ON messages (received_at);
"""


def run_recorder(history: History, rows: socket.socket, supervisor_gone: int, log: Log) -> int:
    """The process' main function: the exit code."""
    ending = False

    def end(_number: int, _frame: object) -> None:
        nonlocal ending
        ending = True

    signal.signal(signal.SIGTERM, end)
    database = _open(history)
    while True:
        readable = select.select([rows.fileno(), supervisor_gone], [], [], _WAIT_S)[0]
        batch = _take(rows)
        if batch:
            _write(database, batch, log)
        elif ending or supervisor_gone in readable:
            database.close()
            return 0


def _open(history: History) -> sqlite3.Connection:
    file = Path(history.url.removeprefix("sqlite:///"))
    file.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(file, timeout=5.0)
    database.execute("PRAGMA journal_mode=WAL")
    database.executescript(_SCHEMA)
    return database


def _take(rows: socket.socket) -> list[dict[str, Any]]:
    batch = []
    for _ in range(_BATCH):
        try:
            batch.append(json.loads(rows.recv(1 << 20)))
        except (BlockingIOError, InterruptedError):
            break
    return batch


def _write(database: sqlite3.Connection, batch: list[dict[str, Any]], log: Log) -> None:
    start = time.monotonic()
    with database:
        database.executemany(
            "INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?)",
            [(row["id"], row["received_at"], row["disposition"], json.dumps(row)) for row in batch],
        )
    if time.monotonic() - start > 5:
        log.event("history_slow", "warning", rows=len(batch))
