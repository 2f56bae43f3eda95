"""One TCP connection to a next hop: a thin shell that moves bytes between a socket and an `SmtpClient`.

Whoever is cancelled while waiting here leaves a conversation at an unknown point, so the connection is aborted then.
"""

import asyncio
import select
import socket
import ssl
from collections.abc import Sequence
from typing import cast

from gateway.delivery.dot_stuffing import stuffed
from gateway.delivery.replies import Fault, HopReply
from gateway.delivery.smtp_client import QUIT, STARTTLS, Command, SmtpClient, State, Verb
from gateway.model.errors import NextHopLost, NextHopUnreachable
from gateway.settings.schema import split_endpoint

WRITE_BUFFER_BYTES = 262_144
_NEVER = float("inf")


class AnswerLost(NextHopLost):
    """The dot was sent and no trustworthy answer came: the message may have been taken (a duplicate may follow)."""


class HopConnection(asyncio.Protocol):
    """One connection. `ask` and `send_data` raise NextHopLost when no trustworthy answer came."""

    def __init__(self, address: str, reply_timeout_s: float) -> None:
        self.address = address
        self.client = SmtpClient()
        self.used = False  # has carried a transaction before: an end of it now may only mean that it was stale
        self.born = 0.0  # loop time
        self.idle_since = 0.0
        self.rank = 0  # of the address in its list
        self._reply_timeout_s = reply_timeout_s
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None
        self._deadline = _NEVER  # loop time by which whoever waits here gives the hop up
        self._timer: asyncio.TimerHandle | None = None  # one for many waits: it looks at `_deadline` when it goes off
        self._paused = False
        self._message = b""  # ready for the wire, to be sent as soon as the hop wants it
        self._poll: select.poll | None = None

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The TCP connection stands."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance
        self._transport.set_write_buffer_limits(high=WRITE_BUFFER_BYTES)
        sock: socket.socket | None = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._poll = select.poll()
            self._poll.register(sock.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)

    def data_received(self, data: bytes) -> None:
        """Bytes of the hop."""
        heard = len(self.client.answers)
        words = self.client.receive(data)
        if words and self._transport is not None:
            self._transport.write(words)
        if self._waiter is not None and len(self.client.answers) > heard:  # each reply has its own time, no byte has
            self._deadline = asyncio.get_running_loop().time() + self._reply_timeout_s
        self._look()

    def eof_received(self) -> bool:
        """The hop closed its side: it will never answer again."""
        self._break(Fault.CLOSED)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._break(Fault.CLOSED)

    def pause_writing(self) -> None:
        """Too much waits to be sent."""
        self._paused = True

    def resume_writing(self) -> None:
        """What waited has gone."""
        self._paused = False
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)

    # what the room uses

    @property
    def lost(self) -> bool:
        """Whether nothing can be asked here any more."""
        return self.client.state is State.CLOSED

    def quiet(self) -> bool:
        """Whether the hop has said nothing that we did not read yet; False also when it has closed.

        Costs one system call. Under TLS session tickets come whenever they like, so nothing can be told there.
        """
        return self._poll is None or not self._poll.poll(0)

    async def greeting(self) -> HopReply:
        """Wait for the hop's greeting."""
        await self._settle()
        if not self.client.answers:
            raise self._loss()
        return self.client.answers[0]

    async def ask(self, *commands: Command, message: bytes = b"") -> Sequence[HopReply]:
        """Put a group of commands; one reply each, fewer when a refusal or a 421 ended it early.

        `message`: a small one, stuffed and with its dot, for a group that ends in DATA: it is sent at once when the hop
        wants it, and the dot's answer is one more reply. Raises NextHopLost when the group was left unanswered;
        `client.answers` then has what did come.
        """
        if not self.client.usable:
            await self._settle()  # a RSET whose answer nobody waited for
            if not self.client.usable:
                self.client.answers = []
                raise self._loss()
        if not self.quiet():  # it said something unasked, or is about to close: what it says now is no answer
            self.client.answers = []
            self._break(Fault.PREMATURE)
            raise self._loss()
        self._message = message
        self._write(self.client.put(*commands))
        await self._settle()
        self._message = b""
        if not self.client.answered:
            raise self._loss()
        return self.client.answers

    def put_unawaited(self, command: Command) -> None:
        """Put a command whose answer the next `ask` checks."""
        if self.client.usable:
            self._write(self.client.put(command))

    async def send_data(self, head: bytes, body: memoryview) -> HopReply:
        """Send the message after a 354; the answer to its dot. Raises NextHopLost."""
        if not self.client.wants_data:
            raise self._loss()
        try:
            waiting = None
            for piece in stuffed(head, body):
                if waiting is not None:
                    await self._write_gently(waiting)
                    if self.lost:
                        raise self._loss()
                waiting = piece
            if waiting is None or self.lost or not self.quiet():  # an answer before the dot answers nothing
                self._break(Fault.PREMATURE)
                raise self._loss()
            self.client.data_sent()
            await self._write_gently(waiting)
        except BaseException:
            self.abort()
            raise
        await self._settle()
        answer = self.client.dot_answer
        if answer is None:
            raise self._loss()
        return answer

    async def start_tls(self, context: ssl.SSLContext, name: str) -> bool:
        """Ask for TLS and shake hands; False when the hop refused and the conversation goes on in clear.

        Raises NextHopLost when words came in clear after the hop's 220, OSError when no handshake could be had.
        """
        if not (await self.ask(STARTTLS))[-1].positive:
            if self.lost:
                raise self._loss()
            return False
        transport = self._transport
        if transport is None or self.client.state is not State.HANDSHAKE:
            raise self._loss()
        self._poll = None
        loop = asyncio.get_running_loop()
        try:
            self._transport = await loop.start_tls(
                transport, self, context, server_hostname=name, ssl_handshake_timeout=self._reply_timeout_s
            )
        except BaseException:
            self._break(Fault.TLS)
            raise
        if self._transport is None or self.lost:
            raise self._loss()
        self._transport.set_write_buffer_limits(high=WRITE_BUFFER_BYTES)
        self.client.tls_started()
        return True

    def quit(self) -> None:
        """Say goodbye and close, without waiting for an answer."""
        if self.client.usable:
            self._write(self.client.put(QUIT))
            self.client.close(Fault.DROPPED)
            if self._transport is not None:
                self._transport.close()
        else:
            self.abort()

    def abort(self) -> None:
        """Throw the connection away."""
        self._break(Fault.DROPPED)

    # inner workings

    def _write(self, words: bytes) -> None:
        if self._transport is not None:
            self._transport.write(words)

    async def _write_gently(self, piece: bytes) -> None:
        """Write, then wait until the buffer has room. The connection is lost when the hop stops reading."""
        self._write(piece)
        if self._paused and not self.lost:
            self._writable = self._patience()
            try:
                await self._writable
            finally:
                self._deadline = _NEVER
                self._writable = None

    async def _settle(self) -> None:
        """Wait until nothing is awaited of the hop."""
        if self.client.settled:
            return
        self._waiter = self._patience()
        try:
            await self._waiter
        except BaseException:
            self.abort()
            raise
        finally:
            self._deadline = _NEVER
            self._waiter = None

    def _patience(self) -> asyncio.Future[None]:
        """Something to wait for, for `reply_timeout_s` at most."""
        loop = asyncio.get_running_loop()
        self._deadline = loop.time() + self._reply_timeout_s
        if self._timer is None:
            self._timer = loop.call_at(self._deadline, self._time)
        return loop.create_future()

    def _time(self) -> None:
        """The timer went off: for a wait that is over, for one begun since, or for the one it is about."""
        self._timer = None
        loop = asyncio.get_running_loop()
        if self._deadline <= loop.time():
            self._break(Fault.TIMEOUT)
        elif self._deadline < _NEVER:
            self._timer = loop.call_at(self._deadline, self._time)

    def _look(self) -> None:
        """Wake whoever waits when the conversation came to rest; let go of a connection that broke."""
        if self.client.state is State.CLOSED:
            self._break(self.client.fault or Fault.CLOSED)
        elif self._message and self.client.wants_data:
            message, self._message = self._message, b""
            if self.quiet():
                self.client.data_sent()
                self._write(message)
            else:
                self._break(Fault.PREMATURE)
        elif self._waiter is not None and self.client.settled and not self._waiter.done():
            self._waiter.set_result(None)

    def _break(self, fault: Fault) -> None:
        self.client.close(fault)
        if self._transport is not None:
            self._transport.abort()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for future in (self._waiter, self._writable):
            if future is not None and not future.done():
                future.set_result(None)

    def _loss(self) -> NextHopLost:
        fault = self.client.fault or Fault.CLOSED
        kind = AnswerLost if self.client.dot_sent else NextHopLost
        return kind(f"{self.address}: {fault.value}")


async def open_connection(
    address: str, *, hostname: str, connect_timeout_s: float, reply_timeout_s: float
) -> HopConnection:
    """Connect, hear the greeting, say EHLO (HELO where EHLO is unknown). Raises NextHopUnreachable."""
    host, port = split_endpoint(address)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(connect_timeout_s):
            _, connection = await loop.create_connection(lambda: HopConnection(address, reply_timeout_s), host, port)
    except (OSError, TimeoutError) as error:
        raise NextHopUnreachable(f"{address}: {type(error).__name__}") from error
    connection.born = connection.idle_since = loop.time()
    try:
        greeting = await connection.greeting()
        if not greeting.positive:
            raise NextHopUnreachable(f"{address}: greeted with {greeting.code}")
        await introduce(connection, hostname)
    except NextHopLost as error:
        raise NextHopUnreachable(str(error)) from error
    except BaseException:
        connection.abort()
        raise
    return connection


async def introduce(connection: HopConnection, hostname: str) -> None:
    """Say EHLO, or HELO to a hop that does not know it. Raises NextHopLost; NextHopUnreachable when refused."""
    name = hostname.encode("ascii", "replace")
    answer = (await connection.ask(Command(Verb.EHLO, b"EHLO " + name)))[-1]
    if answer.reply_class == 5:
        answer = (await connection.ask(Command(Verb.HELO, b"HELO " + name)))[-1]
    if not answer.positive:
        connection.abort()
        raise NextHopUnreachable(f"{connection.address}: EHLO answered with {answer.code}")
