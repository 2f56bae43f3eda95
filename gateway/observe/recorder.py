"""The recorder: one process that writes the history, so that no worker waits for a database (DESIGN §4).

Rows come as datagrams from the workers. A thread takes them from the socket at once, whatever the database does; they
wait in bounded memory and are written in batches. A database that is locked, full or gone is asked again, ever more
slowly; a broken SQLite file is put aside and a new one begun. While the recorder is down rows wait in the socket. What
is lost is counted: `history_dropped`.
"""

import json
import os
import select
import signal
import socket
import threading
import time
from collections import deque
from typing import Any

from gateway.observe.history import HistoryStore, open_history
from gateway.observe.history_database import HistoryUnavailable, move_aside
from gateway.observe.log import Log
from gateway.settings.schema import Settings

BATCH = 500
MAX_WAITING_BYTES = 33_554_432
_LARGEST_ROW = 1 << 20
_IDLE_S = 0.5
_GATHER_S = 0.05  # rows that come together are written together
_FIRST_RETRY_S = 0.2
_LONGEST_RETRY_S = 30.0
_LOCK_WAIT_S = 2.0
_END_S = 10.0  # for what still waits when told to end
_QUIET_S = 3.0  # without the supervisor the workers finish what is past the dot: so long without a row and they have


class Waiting:
    """Rows between the socket and the database; the oldest go when memory is full."""

    def __init__(self, most_bytes: int = MAX_WAITING_BYTES) -> None:
        self._rows: deque[bytes] = deque()
        self._bytes = 0
        self._most = most_bytes
        self._dropped = 0
        self._lock = threading.Lock()

    def put(self, rows: list[bytes]) -> None:
        """Add rows."""
        with self._lock:
            self._rows.extend(rows)
            self._bytes += sum(map(len, rows))
            while self._bytes > self._most:
                self._bytes -= len(self._rows.popleft())
                self._dropped += 1

    def first(self, count: int) -> list[bytes]:
        """The oldest rows, which stay until `done`."""
        with self._lock:
            return [self._rows[number] for number in range(min(count, len(self._rows)))]

    def done(self, rows: list[bytes]) -> None:
        """These were written: take them out, those of them that are still there."""
        with self._lock:
            for row in rows:
                if self._rows and self._rows[0] is row:
                    self._bytes -= len(self._rows.popleft())

    def take_dropped(self) -> int:
        """How many were dropped since the last call."""
        with self._lock:
            dropped, self._dropped = self._dropped, 0
            return dropped

    def __len__(self) -> int:
        return len(self._rows)


class Recorder:
    """Writes what waits. `step` never raises for what a database may do."""

    def __init__(self, settings: Settings, waiting: Waiting, log: Log) -> None:
        self._settings = settings
        self._waiting = waiting
        self._log = log
        self._history: HistoryStore | None = None
        self._retry_at = 0.0
        self._retry_after = _FIRST_RETRY_S
        self._trouble = ""
        self.dropped = 0

    def step(self, now: float) -> bool:
        """Write one batch when there is one and the database is due; whether more may be done at once."""
        if now < self._retry_at or not len(self._waiting):
            return False
        rows = self._waiting.first(BATCH)
        try:
            if self._history is None:
                self._history = open_history(self._settings, create=True, wait_s=_LOCK_WAIT_S)
            self._write(self._history, rows)
        except HistoryUnavailable as error:
            self._fail(error, now)
            return False
        self._waiting.done(rows)
        self._recover()
        return True

    def _write(self, history: HistoryStore, rows: list[bytes]) -> None:
        try:
            history.write([json.loads(row) for row in rows])
            return
        except (KeyError, TypeError, ValueError):
            pass
        except HistoryUnavailable as error:
            if error.cause != "data":
                raise
        for row in rows:  # one of them is bad: find it, and keep the others
            try:
                history.write([json.loads(row)])
            except (KeyError, TypeError, ValueError):
                self._drop_bad()
            except HistoryUnavailable as error:
                if error.cause != "data":
                    raise
                self._drop_bad()

    def _drop_bad(self) -> None:
        self.dropped += 1
        self._log.event("history_row_refused", "error")

    def _fail(self, error: HistoryUnavailable, now: float) -> None:
        self.close()
        if error.cause == "corrupt":
            try:
                aside = move_aside(self._settings.history.url)
            except OSError:
                aside = None
            if aside is not None:
                self._log.event("history_corrupt", "error", put_aside=aside.name)
                return
        self._retry_at = now + self._retry_after
        self._retry_after = min(_LONGEST_RETRY_S, self._retry_after * 2)
        if error.cause != self._trouble:
            self._trouble = error.cause
            self._log.event("history_unavailable", "error", cause=error.cause, waiting=len(self._waiting))

    def _recover(self) -> None:
        self._retry_after = _FIRST_RETRY_S
        if self._trouble:
            self._log.event("history_back", "warning", after=self._trouble, waiting=len(self._waiting))
            self._trouble = ""

    def take_dropped(self) -> int:
        """Rows lost since the last call."""
        dropped, self.dropped = self.dropped, 0
        return dropped + self._waiting.take_dropped()

    def close(self) -> None:
        """Let go of the database."""
        if self._history is not None:
            self._history.close()
            self._history = None


def run_recorder(
    settings: Settings, rows: socket.socket, channel: socket.socket, supervisor_gone: int, log: Log
) -> int:
    """The process' main function: the exit code. `channel` takes counts to the supervisor."""
    ending = threading.Event()
    arrived = threading.Event()

    def end(_number: int, _frame: object) -> None:
        ending.set()
        arrived.set()

    signal.signal(signal.SIGTERM, end)
    waiting = Waiting()
    reader = threading.Thread(target=_read, args=(rows, supervisor_gone, waiting, arrived, ending), daemon=True)
    reader.start()
    recorder = Recorder(settings, waiting, log)
    while not ending.is_set():
        arrived.wait(_IDLE_S)
        arrived.clear()
        while recorder.step(time.monotonic()) and not ending.is_set():
            pass
        _tell(channel, recorder.take_dropped())
    reader.join(_IDLE_S * 2)
    until = time.monotonic() + _END_S
    while recorder.step(time.monotonic()) and time.monotonic() < until:
        pass
    _tell(channel, recorder.take_dropped() + len(waiting))
    recorder.close()
    return 0


def _read(
    rows: socket.socket, supervisor_gone: int, waiting: Waiting, arrived: threading.Event, ending: threading.Event
) -> None:
    """The reading thread: empties the socket, gathers a little, and ends some time after the supervisor."""
    last_row = time.monotonic()
    while True:
        select.select([rows.fileno()], [], [], _IDLE_S)
        taken = _take(rows)
        if taken:
            last_row = time.monotonic()
            waiting.put(taken)
            arrived.set()
            time.sleep(0 if ending.is_set() else _GATHER_S)
        elif ending.is_set():
            return
        elif select.select([supervisor_gone], [], [], 0)[0] and time.monotonic() - last_row > _QUIET_S:
            ending.set()
            arrived.set()
            return


def _take(rows: socket.socket) -> list[bytes]:
    taken = []
    for _ in range(BATCH):
        try:
            taken.append(rows.recv(_LARGEST_ROW))
        except (BlockingIOError, InterruptedError):
            break
    return taken


def _tell(channel: socket.socket, dropped: int) -> None:
    """Add lost rows to the gateway's metric."""
    if not dropped:
        return
    counts: dict[str, Any] = {"counters": [["history_dropped", [], float(dropped)]], "histograms": []}
    try:
        channel.send(json.dumps({"worker": -1, "pid": os.getpid(), "counts": counts}).encode())
    except OSError:  # the supervisor is gone, and its metrics with it
        return
