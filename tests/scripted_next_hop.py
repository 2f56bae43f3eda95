"""An SMTP server on 127.0.0.1 for tests: well-behaved by default, misbehaving at whatever stage its script says.

    async with ScriptedNextHop({"rcpt:bob@hop.example": b"550 5.1.1 no\\r\\n", "dot": Step(then=Then.RESET)}) as hop:
        ... deliver to hop.address ...
    assert hop.accepted == []

A script maps a stage to what is done there instead of the usual answer: raw bytes to say (with their CRLF), a `Step`,
or a sequence of these, one per occurrence over all connections (afterwards the usual answer again). A single bytes or
Step holds for every occurrence.

Stages: `connect ehlo helo starttls xforward mail rcpt data in_data dot rset noop quit unknown`, and `rcpt:ADDRESS`,
`mail:ADDRESS` for one address. `in_data` is done once `after_bytes` bytes of data have come, before the dot.
`sessions` and `transactions` record what came, byte for byte; a transaction is `accepted` when its dot was told 2xx.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import cast

KEYWORDS = ("PIPELINING", "SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES", "SMTPUTF8", "DSN")


class Then(Enum):
    """What follows the words of a step."""

    GO_ON = "go on"
    DROP = "drop"  # close in order, after what was said
    RESET = "reset"  # RST
    SILENCE = "silence"  # never answer again, connection stays open


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One piece of (mis)behaviour. `say` None: the usual answer; b"": nothing."""

    say: bytes | None = None
    then: Then = Then.GO_ON
    delay_s: float = 0.0
    pieces: int = 0  # > 0: `say` goes out in pieces of so many bytes, a segment each
    after_bytes: int = 0  # for `in_data`


Answer = bytes | Step
Script = Mapping[str, Answer | Sequence[Answer]]


@dataclass(slots=True, eq=False)
class Transaction:
    """One MAIL transaction as it came. Paths are what stood between the angle brackets."""

    mail: bytes
    mail_parameters: tuple[bytes, ...] = ()
    recipients: list[tuple[bytes, tuple[bytes, ...]]] = field(default_factory=list)  # those answered 2xx
    refused: list[bytes] = field(default_factory=list)
    wire: bytes = b""  # the bytes after 354, final dot included
    data: bytes | None = None  # dot-unstuffed, without the final dot; None when it never came to its end
    accepted: bool = False
    tls: bool = False
    xforward: dict[str, str] = field(default_factory=dict)  # as sent, not decoded


@dataclass(slots=True, eq=False)
class Session:
    """One connection."""

    commands: list[bytes] = field(default_factory=list)  # lines without CRLF, data excluded
    tls: bool = False
    client_certificate: bool = False
    server_name: str | None = None
    closed: bool = False
    writes: int = 0  # calls of data_received, roughly the client's segments


class _End(Exception):
    """The session is over."""


class ScriptedNextHop:
    """The server. `address` is HOST:PORT once started."""

    def __init__(
        self,
        script: Script | None = None,
        *,
        keywords: Sequence[str] = KEYWORDS,
        tls: ssl.SSLContext | None = None,
        port: int = 0,
    ) -> None:
        self.script = dict(script or {})
        self.keywords = tuple(keywords)
        self.tls = tls
        self.port = port
        self.sessions: list[Session] = []
        self.transactions: list[Transaction] = []
        self._used: dict[str, int] = {}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """HOST:PORT."""
        return f"127.0.0.1:{self.port}"

    @property
    def accepted(self) -> list[Transaction]:
        """The transactions whose dot was answered 2xx."""
        return [t for t in self.transactions if t.accepted]

    @property
    def open_sessions(self) -> list[Session]:
        """Connections that are still there."""
        return [s for s in self.sessions if not s.closed]

    async def all_closed(self, within_s: float = 2.0) -> bool:
        """Whether every connection is closed, or is so soon."""
        for _ in range(int(within_s / 0.01)):
            if not self.open_sessions:
                return True
            await asyncio.sleep(0.01)
        return False

    async def start(self) -> None:
        """Listen (again, on the same port, after `stop`)."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut every connection."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self) -> "ScriptedNextHop":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def step(self, *stages: str) -> Step | None:
        """What the script wants at the first of these stages it names; None: the usual answer."""
        for stage in stages:
            if stage not in self.script:
                continue
            wanted = self.script[stage]
            if isinstance(wanted, (bytes, Step)):
                return Step(say=wanted) if isinstance(wanted, bytes) else wanted
            turn = self._used.get(stage, 0)
            self._used[stage] = turn + 1
            if turn < len(wanted):
                one = wanted[turn]
                return Step(say=one) if isinstance(one, bytes) else one
        return None


@contextlib.contextmanager
def next_hop_in_thread(hop: ScriptedNextHop) -> Iterator[ScriptedNextHop]:
    """Run a scripted next hop in a thread of its own, for tests that block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(hop.start(), loop).result(10)
        yield hop
    finally:
        asyncio.run_coroutine_threadsafe(hop.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def unstuff(wire: bytes) -> bytes:
    """What the sender meant by `wire`, the bytes from after the 354 up to and including the final dot line."""
    content = wire[: -len(b".\r\n")]
    return content[content.startswith(b".") :].replace(b"\r\n.", b"\r\n")


def _split_path(argument: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """`<a@b> X Y=1` -> (b"a@b", (b"X", b"Y=1")); a quoted local part may hold blanks and brackets."""
    quoted = False
    for at, byte in enumerate(argument):
        if byte == 0x22 and argument[at - 1 : at] != b"\\":
            quoted = not quoted
        if byte == 0x3E and not quoted:
            return argument[1:at], tuple(argument[at + 1 :].split())
    return argument, ()


class _Connection(asyncio.Protocol):
    """One connection: a buffer, and a task that reads commands from it."""

    def __init__(self, hop: ScriptedNextHop) -> None:
        self.hop = hop
        self.session = Session()
        self.buffer = bytearray()
        self.arrived = asyncio.Event()
        self.gone = False
        self.said = b""  # by the last step
        self.transaction: Transaction | None = None
        self.xforward: dict[str, str] = {}
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance
        if self.session not in self.hop.sessions:
            self.hop.sessions.append(self.session)
            task = asyncio.get_running_loop().create_task(self._run())
            self.hop._tasks.add(task)
            task.add_done_callback(self.hop._tasks.discard)

    def data_received(self, data: bytes) -> None:
        self.session.writes += 1
        self.buffer += data
        self.arrived.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        self.session.closed = True
        self.arrived.set()

    async def _run(self) -> None:
        try:
            await self._answer(b"220 hop.example ESMTP\r\n", "connect")
            while True:
                await self._command(await self._line())
        except (_End, ConnectionError, ssl.SSLError):
            pass
        finally:
            assert self.transport is not None
            self.transport.abort() if self.gone else self.transport.close()

    async def _more(self) -> None:
        if self.gone:
            raise _End
        self.arrived.clear()
        await self.arrived.wait()

    async def _line(self) -> bytes:
        while (end := self.buffer.find(b"\r\n")) < 0:
            await self._more()
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 2]
        self.session.commands.append(line)
        return line

    async def _answer(self, usual: bytes, *stages: str) -> bytes:
        """Say what the script wants here, else `usual`; gives what was said. Raises _End when the step ends it."""
        step = self.hop.step(*stages)
        return await self._perform(step, usual) if step is not None else self._say(usual)

    def _say(self, words: bytes) -> bytes:
        assert self.transport is not None
        self.transport.write(words)
        return words

    async def _perform(self, step: Step, usual: bytes) -> bytes:
        if step.delay_s:
            await asyncio.sleep(step.delay_s)
        words = usual if step.say is None and step.then is Then.GO_ON else step.say or b""
        self.said = words
        if step.pieces:
            for at in range(0, len(words), step.pieces):
                await asyncio.sleep(0.001 if at else 0)
                self._say(words[at : at + step.pieces])
        elif words:
            self._say(words)
        if step.then is Then.GO_ON:
            return words
        if step.then is Then.SILENCE:
            while True:
                await self._more()
        if step.then is Then.RESET:
            assert self.transport is not None
            sock: socket.socket = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()
        raise _End

    async def _command(self, line: bytes) -> None:
        verb = line.split(b" ", 1)[0].split(b":", 1)[0].upper()
        if verb == b"EHLO":
            await self._ehlo()
        elif verb == b"HELO":
            await self._answer(b"250 hop.example\r\n", "helo")
        elif verb == b"STARTTLS":
            await self._starttls()
        elif verb == b"XFORWARD":
            self.xforward |= dict(pair.decode().split("=", 1) for pair in line.split()[1:] if b"=" in pair)
            await self._answer(b"250 2.0.0 Ok\r\n", "xforward")
        elif verb == b"MAIL":
            await self._mail(line)
        elif verb == b"RCPT":
            await self._rcpt(line)
        elif verb == b"DATA":
            await self._data()
        elif verb == b"RSET":
            self.transaction = None
            await self._answer(b"250 2.0.0 Ok\r\n", "rset")
        elif verb == b"NOOP":
            await self._answer(b"250 2.0.0 Ok\r\n", "noop")
        elif verb == b"QUIT":
            await self._answer(b"221 2.0.0 Bye\r\n", "quit")
            raise _End
        else:
            await self._answer(b"502 5.5.1 Command not implemented\r\n", "unknown")

    async def _ehlo(self) -> None:
        words = [*self.hop.keywords]
        if self.hop.tls is not None and not self.session.tls:
            words.append("STARTTLS")
        lines = ["hop.example", *words]
        text = "".join(f"250{'-' if n < len(lines) - 1 else ' '}{line}\r\n" for n, line in enumerate(lines))
        await self._answer(text.encode(), "ehlo")

    async def _starttls(self) -> None:
        said = await self._answer(b"220 2.0.0 Ready to start TLS\r\n", "starttls")
        if not said.startswith(b"220") or self.hop.tls is None:
            return
        assert self.transport is not None
        self.buffer.clear()
        transport = await asyncio.get_running_loop().start_tls(self.transport, self, self.hop.tls, server_side=True)
        if transport is None:
            raise _End
        self.transport = transport
        self.session.tls = True
        self.session.client_certificate = bool(transport.get_extra_info("peercert"))

    async def _mail(self, line: bytes) -> None:
        path, parameters = _split_path(line[len(b"MAIL FROM:") :])
        self.transaction = Transaction(path, parameters, tls=self.session.tls, xforward=dict(self.xforward))
        said = await self._answer(b"250 2.1.0 Ok\r\n", f"mail:{path.decode('utf-8', 'replace')}", "mail")
        if not said.startswith(b"2"):
            self.transaction = None
        else:
            self.hop.transactions.append(self.transaction)

    async def _rcpt(self, line: bytes) -> None:
        if self.transaction is None:
            self._say(b"503 5.5.1 Need MAIL\r\n")
            return
        path, parameters = _split_path(line[len(b"RCPT TO:") :])
        said = await self._answer(b"250 2.1.5 Ok\r\n", f"rcpt:{path.decode('utf-8', 'replace')}", "rcpt")
        if said.startswith(b"2"):
            self.transaction.recipients.append((path, parameters))
        else:
            self.transaction.refused.append(path)

    async def _data(self) -> None:
        if "data" not in self.hop.script and (self.transaction is None or not self.transaction.recipients):
            self._say(b"554 5.5.1 No valid recipients\r\n")
            return
        said = await self._answer(b"354 End data with <CR><LF>.<CR><LF>\r\n", "data")
        if b"354" not in said:
            return
        transaction = self.transaction or Transaction(b"")
        transaction.wire = wire = await self._wire()
        transaction.data = unstuff(wire)
        self.said = b""
        try:
            self.said = await self._answer(b"250 2.0.0 Ok: queued\r\n", "dot")
        finally:
            transaction.accepted = self.said.startswith(b"2")
        self.transaction = None

    async def _wire(self) -> bytes:
        """The bytes up to and including the final dot line (RFC 5321 §4.1.1.4: CRLF.CRLF alone)."""
        pending = self.hop.step("in_data")
        searched = 0
        while True:
            if pending is not None and len(self.buffer) >= pending.after_bytes:
                step, pending = pending, None
                await self._perform(step, b"")
            if self.buffer.startswith(b".\r\n"):
                end = 3
                break
            if (at := self.buffer.find(b"\r\n.\r\n", max(0, searched - 4))) >= 0:
                end = at + 5
                break
            searched = len(self.buffer)
            await self._more()
        wire = bytes(self.buffer[:end])
        del self.buffer[:end]
        return wire
