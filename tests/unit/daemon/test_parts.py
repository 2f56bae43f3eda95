"""The supervisor's parts: endpoint, sockets, systemd, putting off, thread or loop."""

import asyncio
import os
import selectors
import socket
import threading
from collections.abc import Iterator
from pathlib import Path as FilePath

import pytest

from gateway.daemon.cpu import THREAD_FROM_BYTES, LoopOrThread
from gateway.daemon.health import measure_spool
from gateway.daemon.http_endpoint import HttpEndpoint, json_answer
from gateway.daemon.listening import open_sockets, systemd_sockets
from gateway.decision.put_off import PutOffs
from gateway.model.address import Path
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.model.errors import Unavailable
from gateway.observe.sd_notify import SystemdNotifier
from gateway.settings.schema import Listen


class Serving:
    """An endpoint whose selector turns in this test's hands."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.endpoint = HttpEndpoint("127.0.0.1:0", self.selector, {"/x": lambda: json_answer(200, {"a": 1})})

    def ask(self, request: bytes) -> bytes:
        answer = b""
        with socket.create_connection(("127.0.0.1", self.endpoint.port), 5) as client:
            client.sendall(request)
            client.setblocking(False)
            for _ in range(200):
                for key, events in self.selector.select(0.01):
                    key.data(events)
                try:
                    data = client.recv(65536)
                except BlockingIOError:
                    continue
                if not data:
                    return answer
                answer += data
        raise AssertionError("no end")


@pytest.fixture
def serving() -> Iterator[Serving]:
    running = Serving()
    yield running
    running.endpoint.close()
    running.selector.close()


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /x HTTP/1.1", b"200"),
        (b"GET /x?y=1 HTTP/1.0", b"200"),
        (b"HEAD /x HTTP/1.1", b"200"),
        (b"GET /nothing HTTP/1.1", b"404"),
        (b"POST /x HTTP/1.1", b"405"),
        (b"nonsense", b"400"),
        (b"\xff\x00 /x HTTP/1.1", b"405"),
    ],
)
def test_the_endpoint_answers(serving: Serving, request_line: bytes, status: bytes) -> None:
    answer = serving.ask(request_line + b"\r\n\r\n")
    assert answer.split(b" ", 2)[1] == status
    assert answer.endswith(b'"a": 1\n}\n') == (status == b"200" and not request_line.startswith(b"HEAD"))


def test_a_request_without_end_is_dropped(serving: Serving) -> None:
    assert serving.ask(b"GET /" + b"x" * 10_000) == b""


def test_sockets_are_shared_out_and_a_taken_port_is_told() -> None:
    sockets = open_sockets(Listen(address="127.0.0.1:0"), 2)
    try:
        assert len({s.getsockname() for s in sockets}) == 1
        host, port = sockets[0].getsockname()
        with pytest.raises(Unavailable, match=f"{host}:{port}"):
            open_sockets(Listen(address=f"{host}:{port}"), 1)
    finally:
        for opened in sockets:
            opened.close()


def test_sockets_of_another_process_are_not_ours() -> None:
    assert systemd_sockets({"LISTEN_PID": "1", "LISTEN_FDS": "3"}) == []
    assert systemd_sockets({}) == []


def test_systemd_hears_of_us(tmp_path: FilePath) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(2)
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000000"}
        notifier = SystemdNotifier({**environment, "WATCHDOG_PID": str(os.getpid())})
        assert notifier.watchdog_interval_s == 15
        notifier.ready("good")
        assert systemd.recv(100) == b"READY=1\nSTATUS=good"
        notifier.reloading()
        assert systemd.recv(100).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
        notifier.watchdog()
        assert systemd.recv(100) == b"WATCHDOG=1"
    assert SystemdNotifier({**environment, "WATCHDOG_PID": "1"}).watchdog_interval_s == 0
    SystemdNotifier({}).ready("nobody listens")


def test_small_work_stays_on_the_loop_and_large_work_leaves_it() -> None:
    async def where(size: int) -> int:
        return await LoopOrThread()(size, threading.get_ident)

    assert asyncio.run(where(10)) == threading.get_ident()
    assert asyncio.run(where(THREAD_FROM_BYTES)) != threading.get_ident()


def test_a_message_is_put_off_so_often_and_no_more() -> None:
    put_offs = PutOffs(2)
    envelope = Envelope(client=Client(address=None), recipients=(Recipient(path=Path(b"a@b.example", None)),))
    assert [put_offs.again(envelope, b"x") for _ in range(4)] == [False, False, True, True]
    assert not put_offs.again(envelope, b"y")


def test_the_spool_is_measured(tmp_path: FilePath) -> None:
    assert measure_spool(tmp_path / "absent") == (0, 0, 0.0)
    (tmp_path / "a").write_bytes(b"12345")
    count, size, oldest = measure_spool(tmp_path)
    assert (count, size) == (1, 5)
    assert 0 <= oldest < 10
