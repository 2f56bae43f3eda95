"""Processes that die, stand still or are replaced: mail goes on, nothing is lost, counters never go back."""

import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.real_gateway import RealGateway
from tests.scripted_next_hop import ScriptedNextHop, Step, next_hop_in_thread
from tests.smtp_dialogue import DialogueError, SmtpDialogue

TO = b"accueil@mutuelle.example"
MAIL = b"From: a@sender.example\r\nSubject: Bonjour\r\nMessage-ID: <%d@sender.example>\r\n\r\nA demain.\r\n"


@pytest.fixture
def hop() -> Iterator[ScriptedNextHop]:
    with next_hop_in_thread(ScriptedNextHop()) as running:
        yield running


@pytest.fixture
def gateway(tmp_path: Path, hop: ScriptedNextHop) -> Iterator[RealGateway]:
    sections = {"next_hop": {"address": hop.address}, "workers": 2, "limits": {"drain_s": 4}}
    with RealGateway(tmp_path, sections) as running:
        yield running


def send(gateway: RealGateway, number: int = 0, timeout_s: float = 30) -> int:
    with SmtpDialogue(("127.0.0.1", gateway.port), timeout_s=timeout_s) as client:
        client.envelope(b"a@sender.example", TO)
        return client.data(MAIL % number).code


def workers(gateway: RealGateway) -> list[int]:
    """Process ids of the workers alone, by what the supervisor would send them: those that listen."""
    return [pid for pid in gateway.worker_pids() if _listens(pid)]


def recorder(gateway: RealGateway) -> int:
    (pid,) = [pid for pid in gateway.worker_pids() if not _listens(pid)]
    return pid


def _listens(pid: int) -> bool:
    """Whether a child runs an event loop: the recorder has none."""
    try:
        links = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
    except OSError:
        return False
    return any("eventpoll" in link for link in links)


def relayed(gateway: RealGateway) -> float:
    return gateway.metric('vitalgate_messages_total{disposition="relay"}')


def test_a_killed_worker_is_replaced_and_counters_never_go_back(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    for number in range(4):
        assert send(gateway, number) == 250
    gateway.wait_for(lambda: relayed(gateway) == 4)
    before = set(workers(gateway))
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    gateway.wait_for(lambda: len(set(workers(gateway)) - before) == 2)
    assert relayed(gateway) == 4
    assert send(gateway, 5) == 250
    gateway.wait_for(lambda: relayed(gateway) == 5)
    assert gateway.metric("vitalgate_worker_restarts_total") == 2
    assert gateway.metric("vitalgate_connections") == 0, "what the dead held is given back"
    assert {event["code"] for event in gateway.events("child_died")} == {-9}


def test_a_worker_that_stands_still_is_replaced(gateway: RealGateway) -> None:
    stuck = workers(gateway)[0]
    os.kill(stuck, signal.SIGSTOP)
    start = time.monotonic()
    gateway.wait_for(lambda: gateway.events("worker_silent"), 20)
    assert 8 < time.monotonic() - start < 16
    gateway.wait_for(lambda: len(workers(gateway)) == 2 and stuck not in workers(gateway))
    for number in range(6):
        assert send(gateway, number) == 250


def test_a_draining_worker_that_stands_still_is_ended(tmp_path: Path, hop: ScriptedNextHop) -> None:
    with RealGateway(tmp_path, {"next_hop": {"address": hop.address}, "limits": {"drain_s": 0.5}}) as gateway:
        (stuck,) = workers(gateway)
        os.kill(stuck, signal.SIGSTOP)
        assert gateway.process is not None
        gateway.process.send_signal(signal.SIGHUP)
        gateway.wait_for(lambda: len(gateway.events("ready")) == 2)
        assert send(gateway) == 250
        gateway.wait_for(lambda: stuck not in gateway.worker_pids(), 20)


def test_a_killed_recorder_is_replaced_and_what_waits_is_written(gateway: RealGateway) -> None:
    assert send(gateway, 0) == 250
    history = gateway.folder / "history.db"
    gateway.wait_for(lambda: rows(history) == 1)
    old = recorder(gateway)
    os.kill(old, signal.SIGSTOP)  # rows now wait for it in the queue
    for number in range(1, 31):
        assert send(gateway, number) == 250
    assert rows(history) == 1
    os.kill(old, signal.SIGKILL)
    gateway.wait_for(lambda: rows(history) == 31)
    assert recorder(gateway) != old
    assert gateway.metric("vitalgate_history_dropped_total") == 0


def rows(history: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{history}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM message").fetchone()[0])
    except sqlite3.OperationalError:  # not there yet, or being made
        return 0


def test_when_the_supervisor_is_killed_workers_finish_and_end(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    hop.script = {"dot": Step(delay_s=1.0)}
    children = gateway.worker_pids()
    assert gateway.process is not None
    with SmtpDialogue(("127.0.0.1", gateway.port)) as client:
        client.envelope(b"a@sender.example", TO)
        client.expect(b"DATA", 354)
        client.send(MAIL % 1 + b".\r\n")
        time.sleep(0.3)
        gateway.process.kill()
        assert client.read().code == 250, "past the dot: it is finished"
    limit = time.monotonic() + 15
    while any(Path(f"/proc/{pid}").exists() and _state(pid) != "Z" for pid in children):
        assert time.monotonic() < limit, "somebody stayed behind"
        time.sleep(0.05)
    gateway.process.wait()
    assert len(hop.accepted) == 1
    gateway.start()  # the port is free again
    assert send(gateway, 2) == 250


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_reloads_under_load_refuse_no_connection_and_lose_no_mail(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    stop = threading.Event()
    accepted: list[int] = []
    faults: list[str] = []
    lock = threading.Lock()

    def client(first: int) -> None:
        number = first
        while not stop.is_set():
            number += 1
            try:
                code = send(gateway, number)
            except DialogueError as error:  # 421 while draining closes a session: then the client tries again
                if "421" not in str(error):
                    faults.append(str(error))
            except OSError as error:
                faults.append(repr(error))
            else:
                if code == 250:
                    with lock:
                        accepted.append(number)
                elif code // 100 != 4:
                    faults.append(str(code))

    threads = [threading.Thread(target=client, args=(base * 100_000,)) for base in range(3)]
    for thread in threads:
        thread.start()
    assert gateway.process is not None
    try:
        for reload in range(3):
            before = len(gateway.events("ready"))
            gateway.settings["policy"] = {"tag_at": 4 + reload / 10}
            gateway.settings["workers"] = (1, 3, 2)[reload]
            gateway.write_settings()
            gateway.process.send_signal(signal.SIGHUP)
            gateway.wait_for(lambda before=before: len(gateway.events("ready")) > before, 30)
            time.sleep(0.5)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert faults == []
    assert len(accepted) > 10
    arrived = [_number(transaction.data or b"") for transaction in hop.accepted]
    assert sorted(arrived) == sorted(accepted)
    assert len(gateway.events("reloaded")) == 3


def _number(data: bytes) -> int:
    return int(data.partition(b"Message-ID: <")[2].partition(b"@")[0])


def test_fewer_workers_leave_no_socket_that_nobody_serves(gateway: RealGateway) -> None:
    """With SO_REUSEPORT the kernel spreads clients over all sockets, those of workers that are gone included."""
    gateway.settings["workers"] = 1
    gateway.write_settings()
    assert gateway.process is not None
    gateway.process.send_signal(signal.SIGHUP)
    gateway.wait_for(lambda: len(gateway.events("ready")) == 2)
    gateway.wait_for(lambda: len(workers(gateway)) == 1)
    for number in range(20):
        assert send(gateway, number, timeout_s=5) == 250


def test_many_reloads_at_once_end_in_one_set_of_processes(gateway: RealGateway) -> None:
    assert gateway.process is not None
    for _ in range(30):
        gateway.process.send_signal(signal.SIGHUP)
        time.sleep(0.02)
    gateway.wait_for(lambda: gateway.events("reloaded"))
    settled = 0

    def is_settled() -> bool:
        nonlocal settled
        settled = settled + 1 if len(gateway.worker_pids()) == 3 else 0  # two workers and one recorder
        return settled > 50  # looked at for some two seconds

    gateway.wait_for(is_settled, 40)
    assert send(gateway) == 250


def test_a_reload_takes_over_how_addresses_are_logged(gateway: RealGateway) -> None:
    assert send(gateway, 1) == 250
    gateway.settings["log"] = {"addresses": "hashed"}
    gateway.write_settings()
    assert gateway.process is not None
    gateway.process.send_signal(signal.SIGHUP)
    gateway.wait_for(lambda: len(gateway.events("ready")) == 2)
    seen = len(gateway.log_file.read_bytes())
    assert send(gateway, 2) == 250
    gateway.wait_for(lambda: len(gateway.events("message")) == 2)
    assert b"sender.example" in gateway.log_file.read_bytes()[:seen]
    line = gateway.message_event(-1)
    assert line["mail_from"].startswith("h:")
    assert line["recipients"][0]["address"].startswith("h:")
    assert "a@sender.example" not in json.dumps(line)


def test_a_reload_that_cannot_have_its_keys_or_port_changes_nothing(gateway: RealGateway, tmp_path: Path) -> None:
    good = dict(gateway.settings)
    (tmp_path / "other.key").write_text("another master key, of more than 16 bytes\n")
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert gateway.process is not None
    broken = (
        {"quarantine": {**good["quarantine"], "key_file": str(tmp_path / "other.key")}},
        {"quarantine": {"folder": str(blocked / "quarantine")}},
        {"metrics": {"address": f"127.0.0.1:{gateway.port}"}},
    )
    for number, change in enumerate(broken):
        gateway.settings = {**good, **change}
        gateway.write_settings()
        gateway.process.send_signal(signal.SIGHUP)
        gateway.wait_for(lambda number=number: len(gateway.events("reload_failed")) == number + 1)
        assert send(gateway, number) == 250
        assert gateway.metric("vitalgate_reload_success") == 0, "the old endpoint still answers"
    gateway.settings = good
    gateway.write_settings()
    gateway.process.send_signal(signal.SIGHUP)
    gateway.wait_for(lambda: gateway.events("reloaded"))
    assert gateway.metric("vitalgate_reload_success") == 1
