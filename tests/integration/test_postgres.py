"""The history on Debian's real PostgreSQL: two gateways on one database, and what happens when it goes away."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.observe.history import HistoryStore, open_history
from gateway.observe.history_database import HistoryUnavailable, open_database
from gateway.observe.history_query import HistoryFilter, by_id, campaign, find, of_person
from gateway.observe.log import Log
from gateway.observe.recorder import Recorder, Waiting
from tests.history_rows import held_row, row, settings_for
from tests.real_gateway import RealGateway, free_port
from tests.scripted_next_hop import ScriptedNextHop, next_hop_in_thread
from tests.smtp_dialogue import SmtpDialogue

pytest.importorskip("psycopg")
_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not _BINARIES, reason="PostgreSQL's server is not installed (apt install postgresql)"),
]


class Server:
    """One PostgreSQL of our own, in a folder of its own, on 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"postgresql://vitalgate@127.0.0.1:{self.port}/history"
        self._data = folder / "data"
        self._folder = folder
        self._bin = _BINARIES[-1].parent
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
            for parent in folder.parents:
                if parent.stat().st_uid == 0 and parent != Path("/tmp") and parent.is_relative_to("/tmp"):
                    parent.chmod(parent.stat().st_mode | 0o011)
        self._run("initdb", "-D", str(self._data), "-U", "vitalgate", "--auth", "trust", "-E", "UTF8", "--no-sync")
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "vitalgate", "history")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder} -c fsync=off"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def _run(self, *words: str) -> None:
        command = [str(self._bin / words[0]), *words[1:]]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # To a file, not a pipe: the server would keep a pipe open.
        with (self._folder.parent / "postgres-commands.log").open("ab") as log:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False, cwd="/", timeout=50
            )
        assert done.returncode == 0, (self._folder.parent / "postgres-commands.log").read_text()[-2000:]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("postgres"))
    yield running
    running.stop()


@pytest.fixture
def url(server: Server) -> str:
    """The server's database, emptied."""
    database = open_database(server.url, create=True)
    for table in ("message", "recipient", "rule_hit", "link_host", "held"):
        database.run(f"DELETE FROM {table}")  # noqa: S608
    database.close()
    return server.url


def store_of(url: str, name: str) -> HistoryStore:
    return open_history(settings_for(url, history={"gateway": name}), create=True)


def test_many_gateways_start_at_once(server: Server) -> None:
    database = open_database(server.url, create=True)
    for table in ("message", "recipient", "rule_hit", "link_host", "held", "meta", "migration"):
        database.run(f"DROP TABLE IF EXISTS {table}")
    database.close()
    faults: list[BaseException] = []
    keys: list[bytes] = []

    def start() -> None:
        try:
            store = store_of(server.url, "x")
            keys.append(store.names.key)
            store.close()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert faults == []
    assert len(keys) == 6
    assert len(set(keys)) == 1, "all gateways hash with one key"


def test_both_see_what_each_wrote(url: str) -> None:
    one, two = store_of(url, "mx1"), store_of(url, "mx2")
    lure = held_row(link_hosts=["lure.example"], reasons=["Parce que, 100 % sûr."])
    other = held_row(link_hosts=["lure.example"], author="x@y.example", author_domain="y.example")
    old = row(moment=datetime.now(UTC) - timedelta(days=200))
    one.write([lure, old])
    one.write([lure])
    two.write([other, row(mail_from="a\0b%s@x.example"), row(mail_from="\ud800@x.example")])
    assert [(r["id"], r["gateway"]) for r in by_id(two, lure["id"])] == [(lure["id"], "mx1")]
    assert len(by_id(two, "<one@sender.example>")) == 5
    assert {r["id"] for r in find(two, HistoryFilter(domain="lure.example"))} == {lure["id"], other["id"]}
    assert find(two, HistoryFilter(domain="%", rule="?", recipient="%s")) == []
    (anchor,) = by_id(two, lure["id"])
    assert other["id"] in {r["id"] for r in campaign(two, anchor, [])}
    assert anchor["reasons"] == ["Parce que, 100 % sûr."]
    assert two.held().keys() == {lure["id"], other["id"]}
    two.rebuild_held([])
    assert two.held().keys() == {lure["id"]}, "each gateway's part of the index is its own"
    assert one.expire(datetime.now(UTC) - timedelta(days=180)) == 1
    assert one.erase_person("CLAIRE@m.example") == 4
    assert of_person(two, "claire@m.example") == []
    one.close()
    two.close()


def test_the_recorder_outlives_the_server(server: Server, url: str) -> None:
    waiting = Waiting()
    events: list[dict[str, Any]] = []
    log = Log(write=lambda line: events.append(json.loads(line)))
    recorder = Recorder(settings_for(url), waiting, log)
    waiting.put([json.dumps(row()).encode()])
    assert recorder.step(0.0)
    server.stop()
    try:
        waiting.put([json.dumps(row()).encode() for _ in range(700)])
        for moment in (1.0, 2.0, 3.0, 60.0):
            assert not recorder.step(moment)
    finally:
        server.start()
    waiting.put([json.dumps(row(bytes=1 << 70)).encode()])
    moment = 100.0
    while len(waiting):
        recorder.step(moment := moment + 60.0)
        assert moment < 2000
    recorder.close()
    store = store_of(url, "x")
    assert len(find(store, HistoryFilter(limit=1000))) == 701
    store.close()
    assert recorder.take_dropped() == 1
    assert [event["event"] for event in events] == ["history_unavailable", "history_back", "history_row_refused"] or [
        event["event"] for event in events
    ] == ["history_unavailable", "history_row_refused", "history_back"]
    assert events[0]["cause"] == "unreachable"


def test_an_unreachable_server_tells_no_password() -> None:
    with pytest.raises(HistoryUnavailable) as caught:
        open_database(f"postgresql://u:planted-password@127.0.0.1:{free_port()}/x", create=True)
    assert caught.value.cause == "unreachable"
    assert "planted-password" not in str(caught.value)


def test_two_real_gateways_share_one_history(url: str, tmp_path: Path) -> None:
    forged = b"From: a@strict.example\r\nSubject: x\r\nMessage-ID: <%d@strict.example>\r\n\r\nx"
    with next_hop_in_thread(ScriptedNextHop()) as hop:
        gateways = []
        for name in ("mx1", "mx2"):
            (tmp_path / name).mkdir()
            sections = {"next_hop": {"address": hop.address}, "history": {"url": url, "gateway": name}}
            gateways.append(RealGateway(tmp_path / name, sections))
        with gateways[0], gateways[1]:
            for number, gateway in enumerate(gateways):
                with SmtpDialogue(("127.0.0.1", gateway.port)) as client:
                    client.envelope(b"a@sender.example", b"claire@mutuelle.example")
                    assert client.data(forged % number).code == 250

            def told() -> list[dict[str, Any]]:
                done = gateways[0].command("history", "--recipient", "claire@mutuelle.example", "--json")
                assert done.returncode == 0, done.stderr
                return list(json.loads(done.stdout))

            gateways[0].wait_for(lambda: len(told()) == 2, 20)
            assert {record["gateway"] for record in told()} == {"mx1", "mx2"}
            assert gateways[1].command("explain", "<0@strict.example>").returncode == 0
            assert len(gateways[0].held()) == 1, "each lists what lies in its own spool"
