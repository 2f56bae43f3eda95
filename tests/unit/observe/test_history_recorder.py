"""The recorder: whatever the database does, rows are written later, or lost with a count."""

import json
import os
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.observe.history import open_history
from gateway.observe.history_database import HistoryUnavailable
from gateway.observe.history_query import HistoryFilter, find
from gateway.observe.log import Log
from gateway.observe.recorder import Recorder, Waiting, run_recorder
from gateway.settings.schema import Settings
from tests.history_rows import row, settings_for


class Bench:
    """A recorder whose clock and rows are in the test's hands."""

    def __init__(self, folder: Path, most_bytes: int = 1 << 20) -> None:
        self.file = folder / "h.db"
        self.settings = settings_for(f"sqlite:///{self.file}")
        self.waiting = Waiting(most_bytes)
        self.lines: list[dict[str, Any]] = []
        log = Log(write=lambda line: self.lines.append(json.loads(line)))
        self.recorder = Recorder(self.settings, self.waiting, log)
        self.now = 1000.0

    def put(self, *rows: dict[str, Any]) -> None:
        self.waiting.put([json.dumps(told).encode() for told in rows])

    def step(self, later: float = 0.0) -> bool:
        self.now += later
        return self.recorder.step(self.now)

    def events(self) -> list[str]:
        return [line["event"] for line in self.lines]

    def written(self) -> int:
        return count(self.settings)


def count(settings: Settings) -> int:
    store = open_history(settings)
    try:
        return len(find(store, HistoryFilter(limit=100_000)))
    finally:
        store.close()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr("gateway.observe.recorder._LOCK_WAIT_S", 0.01)
    return Bench(tmp_path)


def test_rows_are_written_in_batches(bench: Bench) -> None:
    bench.put(*(row() for _ in range(1200)))
    assert [bench.step(), bench.step(), bench.step(), bench.step()] == [True, True, True, False]
    assert bench.written() == 1200
    assert bench.recorder.take_dropped() == 0


def test_a_locked_database_is_asked_again(bench: Bench) -> None:
    bench.put(row())
    assert bench.step()
    other = sqlite3.connect(bench.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    bench.put(row())
    assert not bench.step()
    assert not bench.step(0.1), "not before the pause is over"
    assert not bench.step(0.2)
    other.execute("ROLLBACK")
    other.close()
    assert bench.step(1.0)
    assert bench.written() == 2
    assert bench.events() == ["history_unavailable", "history_back"]
    assert bench.lines[0]["cause"] == "locked"


def test_a_corrupt_database_is_put_aside(bench: Bench) -> None:
    bench.put(row())
    bench.step()
    bench.recorder.close()
    bench.file.write_bytes(b"this is no database" * 1000)
    bench.put(row())
    assert not bench.step()
    assert bench.step()
    assert bench.written() == 1
    assert bench.events() == ["history_corrupt"]
    (aside,) = bench.file.parent.glob("h.db.corrupt-*")
    assert aside.read_bytes().startswith(b"this is no database")
    assert str(bench.file.parent) not in json.dumps(bench.lines)


def test_a_page_gone_bad_is_found_while_writing(bench: Bench) -> None:
    bench.put(*(row() for _ in range(500)))
    bench.step()
    bench.recorder.close()
    data = bytearray(bench.file.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    bench.file.write_bytes(data)
    bench.put(row())
    for _ in range(3):
        bench.step(60)
    assert bench.events()[0] == "history_corrupt"
    assert bench.written() == 1


def test_a_full_disk_keeps_what_memory_holds_and_counts_the_rest(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.waiting = bench.recorder._waiting = Waiting(50_000)
    bench.put(row())
    bench.step()
    connection = bench.recorder._history.database._connection  # type: ignore[union-attr]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    told = [row() for _ in range(2000)]
    size = len(json.dumps(told[0]))
    for each in told:
        bench.put(each)
    assert not bench.step()
    assert bench.lines[0]["cause"] == "full"
    lost = bench.recorder.take_dropped()
    assert abs(2000 - lost - 50_000 // size) <= 2
    while bench.step(60):  # a new connection has no such limit
        pass
    assert bench.written() == 1 + 2000 - lost
    assert bench.recorder.take_dropped() == 0


def test_a_row_that_nothing_takes_is_dropped_alone(bench: Bench) -> None:
    bad = [{}, {"id": 1}, row(received_at="yesterday"), row(bytes=1 << 70), row(hits=[[1]]), row(score="high")]
    bench.put(row(), *bad, row())
    bench.waiting.put([b"{", b"\xff", b"[]"])
    assert bench.step()
    assert bench.written() == 2
    assert bench.recorder.take_dropped() == len(bad) + 3
    assert set(bench.events()) == {"history_row_refused"}


def test_memory_is_bounded_and_the_oldest_go() -> None:
    waiting = Waiting(1000)
    for number in range(100):
        waiting.put([b"%03d" % number * 10])
    first = waiting.first(500)
    assert len(first) == 33
    assert first[-1].startswith(b"099")
    assert waiting.take_dropped() == 67
    waiting.put([b"x" * 2000])
    waiting.done(first)
    assert len(waiting) == 0
    assert waiting.take_dropped() == 34


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HistoryUnavailable) as caught:
        open_history(settings_for(f"sqlite:///{tmp_path}/file/h.db"), create=True)
    assert caught.value.cause == "unreachable"


def forked(act: Callable[[], int]) -> int:
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            code = act()
        finally:
            os._exit(code)
    return pid


def test_the_process_writes_what_waits_also_when_told_to_end(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/h.db")
    reader, writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    channel_in, channel_out = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for each in (reader, writer, channel_in, channel_out):
        each.setblocking(False)
    gone_read, gone_write = os.pipe()
    log = Log(write=lambda line: None)

    def act() -> int:
        signal.alarm(30)  # whatever goes wrong here, it does not outlive the test
        os.close(gone_write)
        return run_recorder(settings, reader, channel_out, gone_read, log)

    def start() -> int:
        return forked(act)

    def tell(number: int) -> None:
        for _ in range(number):
            while True:
                try:
                    writer.send(json.dumps(row()).encode())
                    break
                except BlockingIOError:
                    time.sleep(0.001)

    pid = start()
    tell(300)
    os.kill(pid, signal.SIGTERM)
    assert os.waitpid(pid, 0)[1] == 0
    assert count(settings) == 300
    tell(30)  # nobody listens: it waits in the socket
    pid = start()
    deadline = time.monotonic() + 10
    while count(settings) < 330:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    writer.send(b"{}")
    deadline = time.monotonic() + 10
    while True:
        try:
            counts = json.loads(channel_in.recv(65536))
            break
        except BlockingIOError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert counts["counts"]["counters"] == [["history_dropped", [], 1.0]]
    assert counts["pid"] == pid
    thread = threading.Thread(target=tell, args=(5,))
    thread.start()
    os.close(gone_write)
    thread.join()
    assert os.waitpid(pid, 0)[1] == 0, "it ends some time after the supervisor"
    assert count(settings) == 335
    for each in (reader, writer, channel_in, channel_out):
        each.close()
    os.close(gone_read)
