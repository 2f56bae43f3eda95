"""Limits over real sockets: each has its reply, honest clients stay below them, and nobody stalls the others."""

import asyncio
import contextlib
import errno
import os
import resource
import threading
import time

import pytest

from gateway.intake.transaction import RECIPIENT_OVERSHOOT
from gateway.model import reply as replies
from gateway.settings.schema import Limits, Listen
from tests.loopback.intake.house import FakeDesk, House, house
from tests.smtp_dialogue import SmtpDialogue


class StallMeter:
    """The longest stretch of work that the house's loop did without a turn for others, in seconds of its thread's CPU
    time: what the machine does besides does not count."""

    def __init__(self, here: House) -> None:
        self.worst = 0.0
        self._going = True
        self._done = asyncio.run_coroutine_threadsafe(self._measure(), here.loop)

    async def _measure(self) -> None:
        before = time.thread_time()
        while self._going:
            await asyncio.sleep(0.002)
            now = time.thread_time()
            self.worst = max(self.worst, now - before)
            before = now

    def stop(self) -> float:
        self._going = False
        self._done.result(5)
        return self.worst


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_connections_in_all() -> None:
    with house(limits=Limits(connections=2)) as here:
        one, two = here.dial(), here.dial()
        three = here.dial()
        assert str(three.banner) == str(replies.TOO_MANY_CONNECTIONS)
        assert three.is_closed()
        assert here.observer.refusals == ["too_many_connections"]
        one.expect(b"QUIT", 221)
        assert one.is_closed()
        assert here.dial().banner == two.banner


def test_connections_of_one_client() -> None:
    with house(limits=Limits(connections_per_client=2)) as here:
        kept = [here.dial() for _ in range(2)]
        assert str(here.dial().banner) == str(replies.TOO_MANY_CONNECTIONS)
        kept.pop().close()
        time.sleep(0.1)
        assert here.dial().banner == kept[0].banner


def test_errors() -> None:
    with house(limits=Limits(errors=3)) as here, SmtpDialogue(here.address) as client:
        client.send(b"FOO\r\nFOO\r\nFOO\r\nNOOP\r\n")
        assert [client.read().code for _ in range(3)] == [500, 500, 500]
        assert str(client.read()) == str(replies.TOO_MANY_ERRORS)
        assert client.is_closed()


def test_a_message_makes_up_for_errors_and_the_next_hops_refusals_are_none() -> None:
    unknown = replies.Reply(550, "5.1.1", "No such user")
    desk = FakeDesk(rcpt_replies={b"no@inside.example": unknown})
    with house(desk, limits=Limits(errors=3)) as here, SmtpDialogue(here.address) as client:
        for _ in range(5):
            client.expect(b"FOO", 500)
            client.expect(b"FOO", 500)
            client.envelope(b"a@x.example", b"b@inside.example")
            for _ in range(5):
                client.expect(b"RCPT TO:<no@inside.example>", 550)
            assert client.data(b"x").code == 250


def test_commands_without_mail() -> None:
    with house(limits=Limits(commands_without_mail=10)) as here, SmtpDialogue(here.address) as client:
        answers = client.commands(*[b"NOOP"] * 11)
        assert [answer.code for answer in answers] == [250] * 10 + [421]
        assert str(answers[-1]) == str(replies.TOO_MANY_COMMANDS)
        assert client.is_closed()


def test_recipients_over_the_limit_are_put_off_and_the_others_served() -> None:
    with house(limits=Limits(recipients=10)) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example")
        answers = client.commands(*[b"RCPT TO:<b@inside.example>"] * 300)
        assert [answer.code for answer in answers] == [250] * 10 + [452] * 290
        assert str(answers[-1]) == str(replies.TOO_MANY_RECIPIENTS)
        assert client.data(b"x").code == 250
        assert len(here.desk.taken[0].envelope.recipients) == 10


def test_a_flood_of_recipients_ends_and_stalls_nobody() -> None:
    with house() as here, SmtpDialogue(here.address) as client, SmtpDialogue(here.address) as other:
        before, meter = peak_mib(), StallMeter(here)
        client.envelope(b"a@x.example")
        flood = threading.Thread(target=lambda: _swallow(client, b"RCPT TO:<b@inside.example>\r\n" * 100_000))
        flood.start()
        slowest = 0.0
        for _ in range(20):
            began = time.perf_counter()
            other.expect(b"RSET", 250)
            slowest = max(slowest, time.perf_counter() - began)
        codes = []
        while True:
            answer = client.read()
            codes.append(answer.code)
            if answer.code == 421:
                break
        flood.join(20)
        assert codes.count(250) == 1000
        assert RECIPIENT_OVERSHOOT <= codes.count(452) <= RECIPIENT_OVERSHOOT + 20
        assert meter.stop() < 0.1
        assert slowest < 1.0  # this thread and the client's share one interpreter with the server's
        assert peak_mib() - before < 30


def _swallow(client: SmtpDialogue, data: bytes) -> None:
    with contextlib.suppress(OSError):
        client.send(data)


@pytest.mark.parametrize("flood", [b"NOOP\r\n", b"\r\n", b"x" * 70_000 + b"\r\n"], ids=lambda f: repr(f[:8]))
def test_floods_of_commands_end(flood: bytes) -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        meter = StallMeter(here)
        flooding = threading.Thread(target=lambda: _swallow(client, flood * (3_000_000 // len(flood))))
        flooding.start()
        while client.read().code != 421:
            pass
        flooding.join(20)
        assert meter.stop() < 0.1


def test_a_line_without_end_costs_no_memory() -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        before = peak_mib()
        flooding = threading.Thread(target=lambda: _swallow(client, b"x" * 30_000_000))
        flooding.start()
        assert str(client.read()) == str(replies.LINE_TOO_LONG)
        flooding.join(20)
        assert peak_mib() - before < 40  # 30 of them are the client's own


@pytest.mark.parametrize("unit", [b"\r\n", b"x", b"x\r\n", b".\r\n..", b"\r\n.."], ids=repr)
def test_large_bodies_of_any_kind_stall_nobody(unit: bytes) -> None:
    size = 33_000_000
    with house() as here, SmtpDialogue(here.address, timeout_s=30) as client:
        stream = unit * (size // len(unit))
        stream = stream.replace(b"\r\n.\r\n", b"\r\nx\r\n")
        client.envelope(b"a@x.example", b"b@inside.example")
        client.expect(b"DATA", 354)
        before, meter = peak_mib(), StallMeter(here)
        client.send(b"x" + stream)
        client.send(b"\r\n.\r\n")
        assert client.read().code == 250
        assert meter.stop() < 0.1
        assert peak_mib() - before < 2.2 * size / 1_048_576
        assert len(here.desk.taken[0].raw) > size / 2
        here.desk.taken.clear()


def test_a_body_that_never_ends_is_not_kept_and_cut() -> None:
    limits = Limits(message_bytes=1_000_000)
    with house(limits=limits) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        client.expect(b"DATA", 354)
        before = peak_mib()
        flooding = threading.Thread(target=lambda: _swallow(client, b"x" * 40_000_000))
        flooding.start()
        assert str(client.read()) == str(replies.MESSAGE_TOO_BIG)
        flooding.join(20)
        assert peak_mib() - before < 55  # 40 of them are the client's own
        assert here.admission.bytes_in_flight.acquire(limits.bytes_in_flight), "a body that is not kept holds bytes"
        here.admission.bytes_in_flight.release(limits.bytes_in_flight)


def test_idle_clients_hear_why() -> None:
    with house(limits=Limits(idle_command_s=0.3)) as here:
        for said in (b"", b"EHLO x\r\n", b"NO"):
            with SmtpDialogue(here.address) as client:
                client.send(said)
                if said.endswith(b"\n"):
                    client.read()
                assert str(client.read()) == str(replies.IDLE_TIMEOUT)
                assert client.is_closed()


def test_a_command_that_drips_is_as_good_as_none() -> None:
    with house(limits=Limits(idle_command_s=0.4)) as here, SmtpDialogue(here.address) as client:
        began = time.monotonic()
        for _ in range(20):
            client.send(b"x")
            time.sleep(0.05)
            if time.monotonic() - began > 0.7:
                break
        assert client.read().code == 421


def test_the_session_ends_whatever_is_said() -> None:
    with house(limits=Limits(session_s=0.5)) as here, SmtpDialogue(here.address) as client:
        while (answer := client.command(b"NOOP")).code == 250:
            time.sleep(0.05)
        assert str(answer) == str(replies.SESSION_TIMEOUT)


def test_a_body_that_pauses_is_cut_and_one_that_goes_on_is_not() -> None:
    with house(limits=Limits(data_idle_s=0.4)) as here:
        with SmtpDialogue(here.address) as client:
            client.envelope(b"a@x.example", b"b@inside.example")
            client.expect(b"DATA", 354)
            for _ in range(8):
                client.send(b"x")
                time.sleep(0.1)
            client.send(b"\r\n.\r\n")
            assert client.read().code == 250
        with SmtpDialogue(here.address) as client:
            client.envelope(b"a@x.example", b"b@inside.example")
            client.expect(b"DATA", 354)
            client.send(b"x")
            assert str(client.read()) == str(replies.DATA_TIMEOUT)
            assert client.is_closed()


def test_a_body_that_drips_is_cut() -> None:
    with house(limits=Limits(data_idle_s=10.0, data_total_s=0.5)) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        client.expect(b"DATA", 354)
        for _ in range(8):
            client.send(b"x")
            time.sleep(0.1)
        assert str(client.read()) == str(replies.DATA_TIMEOUT)


def test_a_client_that_does_not_read_is_dropped() -> None:
    limits = Limits(idle_command_s=0.5, commands_without_mail=1_000_000)
    with house(limits=limits) as here, SmtpDialogue(here.address) as client:
        flooding = threading.Thread(target=lambda: _swallow(client, b"HELP\r\n" * 2_000_000))
        flooding.start()
        flooding.join(20)
        assert not flooding.is_alive()
        ends = time.monotonic() + 5
        while here.listener.sessions:
            assert time.monotonic() < ends
            time.sleep(0.02)


def test_without_descriptors_accepting_pauses_and_goes_on() -> None:
    with house() as here:
        told: list[str] = []
        here.loop.set_exception_handler(lambda _loop, context: told.append(context["message"]))
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        spent = [here.dial()]
        resource.setrlimit(resource.RLIMIT_NOFILE, (len(_descriptors()) + 4, hard))
        try:
            with pytest.raises(OSError, match=os.strerror(errno.EMFILE)):
                spent.extend(here.dial(greeting=False) for _ in range(10))
            began = time.process_time()
            time.sleep(0.5)
            assert time.process_time() - began < 0.2, "it spins"
            assert spent[0].command(b"NOOP").code == 250
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for client in here.dialled[1:]:
            client.close()
        time.sleep(1.2)  # asyncio's pause
        assert here.dial().banner == spent[0].banner
        assert all("out of system resource" in message for message in told)


def _descriptors() -> list[str]:
    return os.listdir("/proc/self/fd")


def test_many_dripping_bodies_leave_the_others_alone() -> None:
    limits = Limits(connections=400, connections_per_client=400)
    with house(limits=limits) as here:
        dripping = [here.dial() for _ in range(200)]
        for client in dripping:
            client.send(b"EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@inside.example>\r\nDATA\r\n")
        meter = StallMeter(here)
        with SmtpDialogue(here.address) as other:
            for _ in range(5):
                for client in dripping:
                    client.socket.sendall(b"x")
                began = time.perf_counter()
                other.envelope(b"a@x.example", b"b@inside.example")
                assert other.data(b"x").code == 250
                assert time.perf_counter() - began < 1.0
        assert meter.stop() < 0.4  # a turn of the loop serves all 200; none of them may take long alone
        for client in dripping:
            client.close()


def test_the_front_itself_is_not_one_client() -> None:
    listen = Listen.model_validate({"hostname": "gateway.example", "trusted_clients": ["127.0.0.0/8"]})
    with house(listen=listen, limits=Limits(connections_per_client=1)) as here:
        clients = [here.dial() for _ in range(3)]
        for client in clients:
            client.expect(b"EHLO front", 250)
        clients[0].expect(b"XFORWARD ADDR=192.0.2.1", 250)
        clients[1].expect(b"XFORWARD ADDR=192.0.2.2", 250)
        assert str(clients[2].command(b"XFORWARD ADDR=192.0.2.1")) == str(replies.TOO_MANY_CONNECTIONS)
        clients[0].expect(b"MAIL FROM:<>", 250)
        clients[0].expect(b"RSET", 250)  # the client's place goes with its transaction
        clients[1].expect(b"XFORWARD ADDR=192.0.2.1", 250)
