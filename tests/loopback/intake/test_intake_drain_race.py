"""A connection that comes in the very moment of a drain is told so, or is left to the next worker: never dropped."""

import asyncio
import socket

import pytest

from gateway.intake.limits import Admission
from gateway.intake.listener import SmtpListener
from gateway.settings.schema import Limits, Listen
from tests.fakes import FakeObserver
from tests.loopback.intake.house import FakeDesk


@pytest.mark.parametrize("turns", range(6))
def test_a_connection_that_is_accepted_while_the_drain_begins(turns: int) -> None:
    async def connect_and_drain() -> tuple[socket.socket, socket.socket]:
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setblocking(False)
        supervisors = listening.dup()  # the supervisor keeps the socket: what waits there is the next worker's
        limits = Limits()
        listener = SmtpListener(
            listen=Listen(hostname="gateway.example"),
            limits=limits,
            desk=FakeDesk(),
            observer=FakeObserver(),
            admission=Admission.local(limits),
        )
        await listener.start(listening)
        client = socket.create_connection(supervisors.getsockname(), 2)
        for _ in range(turns):
            await asyncio.sleep(0)
        await listener.drain(1.0)
        return client, supervisors

    client, supervisors = asyncio.run(connect_and_drain())
    with client, supervisors:
        supervisors.setblocking(False)
        try:
            waiting, _ = supervisors.accept()
        except BlockingIOError:
            assert b"421 4.3.2 " in client.recv(1000)
        else:
            waiting.close()
