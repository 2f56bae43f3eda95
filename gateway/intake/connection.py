"""One client's connection: octets in, replies out, nothing of SMTP's verbs.

aiosmtpd's `SMTP` is the protocol class, and all of its own behaviour that a gateway must not have is overridden, here
and in `session.py`: it cancels the handler when the client hangs up or half-closes, reads the body line by line, writes
reply by reply, logs what it reads and knows one timer only. Leans on `aiosmtpd.smtp.SMTP` of 1.4.6, pinned.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterable
from typing import Final, cast

from aiosmtpd.smtp import SMTP

from gateway.model.reply import Reply

# At INFO aiosmtpd writes every command and at DEBUG every line of a mail: health data.
logging.getLogger("mail.log").setLevel(logging.WARNING)

COMMAND_READ: Final = 65536  # octets asked of the kernel at once while commands come
DATA_READ: Final = 262144  # ...and while a body comes
_INBOX_HIGH: Final = 65536  # stop reading when this much waits for us
_LINGER_S: Final = 2.0
_LINGER_OCTETS: Final = 4_194_304
_CLOSE_S: Final = 10.0
_HANDSHAKE_S: Final = 30.0
NEVER: Final = float("inf")


class SessionEnd(Exception):
    """The session ends with this reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


class ClientGone(Exception):
    """Nobody is there to hear more."""


Feed = Callable[[bytes], bytes | None]


class Connection(SMTP):
    """Buffers, timers and flow of one connection. `due` is the loop time (s) at which the listener calls `expire`."""

    transport: asyncio.Transport | None

    def __init__(self, loop: asyncio.AbstractEventLoop, hostname: str) -> None:
        super().__init__(None, hostname=hostname, ident="ESMTP", loop=loop)
        self.due = NEVER
        self.inbox = bytearray()
        self.tls = ""  # protocol and cipher
        self.flushed_at = loop.time()
        self._outbox = bytearray()
        self._waiter: asyncio.Future[None] | None = None
        self._feed: Feed | None = None  # where octets go instead of the inbox
        self._fed_all = False
        self._eof = False
        self._lost = False
        self._expired = False
        self._discarding = -1  # octets still to be thrown away while lingering; -1: not lingering
        self._write_paused = False
        self._read_paused = False

    def __dir__(self) -> Iterable[str]:
        # aiosmtpd's constructor looks for verbs and AUTH mechanisms by name, 0.1 ms per connection; it shall find none.
        return ()

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; the session's task is started by who overrides this."""
        self.transport = cast("asyncio.Transport", transport)  # TCP servers make nothing else
        self._read_at_most(COMMAND_READ)

    def data_received(self, data: bytes) -> None:
        """Take octets: into the body that is being read, else into the inbox."""
        if self._discarding >= 0:
            self._discarding -= len(data)
            if self._discarding < 0:
                self._wake()
            return
        if self._feed is None:
            self.inbox += data
            if len(self.inbox) > _INBOX_HIGH:
                self._pause_reading()
            self._wake()
            return
        rest = self._feed(data)
        if rest is not None:
            self._feed = None
            self._fed_all = True
            self.inbox += rest
            self._wake()

    def eof_received(self) -> bool:
        """The client will say no more. It may still listen (half-close): its answers are sent. Not possible in TLS."""
        self._eof = True
        self._wake()
        return not self.tls

    def connection_lost(self, error: Exception | None) -> None:
        """The client is gone. The session's task is not cancelled: what is past the final dot goes on."""
        self._lost = self._eof = True
        self._write_paused = False
        self._wake()

    def pause_writing(self) -> None:
        """The client does not read what we write."""
        self._write_paused = True

    def resume_writing(self) -> None:
        """It does again."""
        self._write_paused = False
        self._wake()

    def expire(self) -> None:
        """`due` has passed."""
        self.due = NEVER
        self._expired = True
        self._wake()

    # What the session calls

    @property
    def gone(self) -> bool:
        """Whether there is nobody to answer."""
        return self._lost

    def put(self, reply: Reply) -> None:
        """Queue a reply; it goes out when we next wait for the client."""
        self._outbox += reply.encode()

    def put_lines(self, lines: bytes) -> None:
        """Queue octets of a reply of several lines."""
        self._outbox += lines

    async def flush(self, limit_s: float) -> None:
        """Send what is queued; raises ClientGone when the client takes none of it for `limit_s`."""
        if self._lost or self.transport is None:
            self._outbox.clear()
            raise ClientGone
        self.flushed_at = self.loop.time()
        if self._outbox:
            self.transport.write(bytes(self._outbox))
            self._outbox.clear()
        if self._write_paused:
            self.due = self.loop.time() + limit_s
            while self._write_paused:
                await self._wait()
                if self._expired:
                    self.transport.abort()
                    raise ClientGone
            self.due = NEVER

    async def more(self) -> None:
        """Wait for octets in the inbox. Raises TimeoutError when `due` passes, ClientGone when none will come."""
        self._resume_reading()
        before = len(self.inbox)
        while len(self.inbox) == before:
            if self._eof:
                raise ClientGone
            await self._wait()
            if self._expired:
                self._expired = False
                raise TimeoutError

    async def receive(self, feed: Feed) -> None:
        """Give `feed` all octets until it returns those that follow its end. Raises as `more` does."""
        waiting = bytes(self.inbox)
        self.inbox.clear()
        rest = feed(waiting)
        if rest is not None:
            self.inbox += rest
            return
        self._feed, self._fed_all = feed, False
        self._read_at_most(DATA_READ)
        self._resume_reading()
        try:
            while not self._fed_all:
                if self._eof:
                    raise ClientGone
                await self._wait()
                if self._expired and not self._fed_all:
                    raise TimeoutError
        finally:
            self._feed = None
            self._expired = False
            self._read_at_most(COMMAND_READ)

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Change to TLS. What the client sent in clear after STARTTLS is thrown away (RFC 3207 §6, CVE-2024-34083)."""
        assert self.transport is not None  # noqa: S101 - only sessions that have begun come here
        self.inbox.clear()
        self._resume_reading()
        plain = self.transport
        try:
            upgraded = await self.loop.start_tls(
                plain, self, context, server_side=True, ssl_handshake_timeout=_HANDSHAKE_S
            )
        except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError
            plain.abort()
            raise ClientGone from error
        if upgraded is None or self._lost:
            raise ClientGone
        if self._read_paused:  # by what came with the end of the handshake
            self._read_paused = False
            plain.resume_reading()
        self.transport = upgraded
        secured = upgraded.get_extra_info("ssl_object")
        self.tls = f"{secured.version()} {secured.cipher()[0]}"

    def hang_up(self, reply: Reply) -> None:
        """Say this and close, before any session."""
        if self.transport is not None:
            self.transport.write(reply.encode())
            self.transport.close()
            self.transport = None

    async def close(self, *, linger: bool) -> None:
        """Send what is queued and hang up. A lingering close lets the client finish what it is saying, for a moment:
        octets that nobody reads would make the kernel send RST, and with it our last reply would be lost."""
        transport = self.transport
        self.transport = None
        if transport is None:
            return
        if self._lost:
            transport.abort()
            return
        transport.write(bytes(self._outbox))
        self._outbox.clear()
        if self._eof or not linger or not transport.can_write_eof():
            _close_in_time(self.loop, transport)
            return
        self.inbox.clear()
        self._discarding = _LINGER_OCTETS
        try:
            transport.write_eof()
        except OSError:  # the client reset the connection, and the loop hasn't told us yet
            transport.abort()
            return
        if self._read_paused:
            transport.resume_reading()
        self.due = self.loop.time() + _LINGER_S
        try:
            while self._discarding >= 0 and not (self._eof or self._lost or self._expired):
                await self._wait()
        finally:
            _close_in_time(self.loop, transport)

    # Private

    async def _wait(self) -> None:
        self._waiter = self.loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _pause_reading(self) -> None:
        if not self._read_paused and self.transport is not None:
            self._read_paused = True
            self.transport.pause_reading()

    def _resume_reading(self) -> None:
        if self._read_paused and self.transport is not None:
            self._read_paused = False
            self.transport.resume_reading()

    def _read_at_most(self, octets: int) -> None:
        # asyncio's own transports only; elsewhere the default stays.
        if hasattr(self.transport, "max_size"):
            self.transport.max_size = octets  # type: ignore[union-attr]


def _close_in_time(loop: asyncio.AbstractEventLoop, transport: asyncio.Transport) -> None:
    transport.close()
    if transport.get_write_buffer_size():  # a client that doesn't read would keep the socket open for ever
        loop.call_later(_CLOSE_S, transport.abort)
