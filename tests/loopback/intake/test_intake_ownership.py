"""What is past the final dot is carried to its end, whatever the client or the drain does."""

import asyncio
import threading
import time
from collections.abc import Callable

import pytest

from gateway.model import reply as replies
from gateway.model.envelope import Submission
from gateway.model.reply import Reply
from gateway.settings.schema import Limits, Listen
from tests.loopback.intake.house import FakeDesk, house
from tests.smtp_dialogue import SmtpDialogue


def until(condition: Callable[[], bool], limit_s: float = 5.0) -> None:
    """Wait for something that another thread does."""
    ends = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.005)


class SlowDesk(FakeDesk):
    """Answers the dot when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.on_take = self._wait

    async def _wait(self, _submission: Submission) -> Reply:
        await asyncio.to_thread(self.go.wait, 20)
        return replies.OK


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_client_that_hangs_up_after_the_dot_stops_nothing(how: str) -> None:
    desk = SlowDesk()
    with house(desk) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        client.expect(b"DATA", 354)
        client.send(b"x\r\n.\r\n")
        until(lambda: len(desk.taken) == 1)
        client.close() if how == "close" else client.reset()
        time.sleep(0.1)
        assert desk.finished == 0
        assert here.listener.messages == 1
        desk.go.set()
        until(lambda: desk.finished == 1 and here.listener.sessions == 0)
        assert ("client_gone_before_answer", {"code": 250}) in here.observer.events or how == "close"


def test_a_client_that_half_closes_gets_its_answers() -> None:
    desk = SlowDesk()
    with house(desk) as here, SmtpDialogue(here.address) as client:
        client.expect(b"EHLO client", 250)
        client.send(b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@inside.example>\r\nDATA\r\nx\r\n.\r\nNOOP\r\nVRFY x\r\n")
        client.half_close()
        until(lambda: len(desk.taken) == 1)
        time.sleep(0.1)
        desk.go.set()
        assert [client.read().code for _ in range(6)] == [250, 250, 354, 250, 250, 252]
        assert client.is_closed()


def test_a_client_that_goes_in_mid_body_leaves_nothing() -> None:
    for leave in (SmtpDialogue.close, SmtpDialogue.reset, SmtpDialogue.half_close):
        with house() as here:
            client = here.dial()
            client.envelope(b"a@x.example", b"b@inside.example")
            client.expect(b"DATA", 354)
            client.send(b"x" * 100_000)
            leave(client)
            until(lambda here=here: here.listener.sessions == 0)  # type: ignore[misc]
            assert here.desk.taken == []
            client.close()


def test_no_timer_runs_while_we_decide() -> None:
    desk = SlowDesk()
    limits = Limits(idle_command_s=0.2, data_idle_s=0.2, data_total_s=0.2, session_s=0.3)
    with house(desk, limits=limits) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        client.expect(b"DATA", 354)
        client.send(b"x\r\n.\r\n")
        time.sleep(0.6)
        desk.go.set()
        assert client.read().code == 250
        assert str(client.read()) == str(replies.SESSION_TIMEOUT)
        assert client.is_closed()


def test_the_verdict_has_a_deadline() -> None:
    desk = FakeDesk()
    with house(desk, limits=Limits(judge_s=7.0)) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        client.data(b"x")
        assert 0 < desk.taken[0].deadline - here.loop.time() <= 7.0


def test_a_drain_lets_what_is_past_the_dot_end() -> None:
    desk = SlowDesk()
    with house(desk) as here:
        idle, begun, past = (here.dial() for _ in range(3))
        idle.expect(b"EHLO idle", 250)
        begun.envelope(b"a@x.example", b"b@inside.example")
        past.envelope(b"a@x.example", b"b@inside.example")
        past.expect(b"DATA", 354)
        past.send(b"x\r\n.\r\n")
        until(lambda: len(desk.taken) == 1)
        drained = threading.Thread(target=here.drain, args=(10.0,))
        drained.start()
        assert str(idle.read()) == str(replies.SHUTTING_DOWN)
        assert idle.is_closed()
        with pytest.raises(OSError, match="refused"):
            here.dial()
        begun.expect(b"DATA", 354)  # a transaction that was begun may go on
        begun.send(b"y\r\n.\r\n")
        until(lambda: len(desk.taken) == 2)
        desk.go.set()
        for client in (past, begun):
            assert client.read().code == 250
            assert str(client.read()) == str(replies.SHUTTING_DOWN)
            assert client.is_closed()
        drained.join(5)
        assert not drained.is_alive()


def test_a_drain_cuts_bodies_at_half_its_limit_and_everything_at_its_end() -> None:
    desk = SlowDesk()
    with house(desk) as here:
        body, past = here.dial(), here.dial()
        for client in (body, past):
            client.envelope(b"a@x.example", b"b@inside.example")
            client.expect(b"DATA", 354)
        past.send(b"x\r\n.\r\n")
        body.send(b"x\r\n")
        until(lambda: len(desk.taken) == 1)
        began = time.monotonic()
        drained = threading.Thread(target=here.drain, args=(1.0,))
        drained.start()
        assert str(body.read()) == str(replies.SHUTTING_DOWN)
        assert time.monotonic() - began > 0.4
        assert past.is_closed()
        drained.join(5)
        assert time.monotonic() - began < 6.0
        assert (desk.finished, here.listener.sessions, here.listener.messages) == (0, 0, 0)


def test_while_the_body_comes_the_next_hop_is_free() -> None:
    listen = Listen(hostname="gateway.example", chunking=True)
    with house(listen=listen) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        assert here.desk.open_dialogues == 1
        client.expect(b"DATA", 354)
        client.send(b"x")
        until(lambda: here.desk.open_dialogues == 0)
        client.send(b"\r\n.\r\n")
        client.read()
        client.envelope(b"a@x.example", b"b@inside.example")
        assert here.desk.open_dialogues == 1
        client.expect(b"RSET", 250)
        assert here.desk.open_dialogues == 0
        client.envelope(b"a@x.example", b"b@inside.example")
        client.close()
        until(lambda: here.desk.open_dialogues == 0)
