"""One SMTP session (RFC 5321): commands in, replies out, and whole messages to the front desk.

Every command gets one well-formed reply; replies to a pipelined batch leave together (RFC 2920 §3.2). Commands are
lines that end with CRLF: one that ends with a bare LF is answered 500 and not done, unless the listener normalizes. A
message past its final dot belongs to a task of the listener's: nothing the client does can stop it half-way.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Final

from gateway.intake import introduction, mailing
from gateway.intake import origin as origins
from gateway.intake.connection import NEVER, ClientGone, Connection, SessionEnd
from gateway.intake.door import Door
from gateway.intake.origin import Origin
from gateway.intake.transaction import Transaction
from gateway.model import reply as replies
from gateway.model.envelope import Client
from gateway.model.ports import NextHopOffer
from gateway.model.reply import Reply

_COMMANDS_AT_A_STRETCH: Final = 16  # then other sessions get their turn
_LONGEST_SILENCE_S: Final = 1.0  # a pipelined batch that a slow next hop answers is answered piece by piece
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_LONGEST_DISCARDED_LINE: Final = 1_048_576


class Session(Connection):
    """One client's session. `run` is its life, started by the door when the connection is made."""

    def __init__(self, door: Door) -> None:
        super().__init__(door.loop, door.listen.hostname)
        self.door = door
        self.peer = self.base = Origin(address=None)  # base: the peer, or who PROXY or XCLIENT says it is
        self.peer_text = ""
        self.forwarded: Origin | None = None  # what XFORWARD says of the next transaction
        self.trusted = False  # may announce clients
        self.helo: str | None = None
        self.extended = False  # EHLO, not HELO
        self.offer = NextHopOffer()
        self.transaction: Transaction | None = None
        self.errors = 0
        self.commands = 0  # since the last message
        self.draining = False  # no new transaction
        self.cutting = False  # no new wait for the client either
        self._told: set[Reply] = set()  # refusals that the log knows of
        self._counted_as = ""  # the client whose session this counts as
        self._at_rest = False  # waiting for a command
        self._ends_at = NEVER

    # Life

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See Connection; then the session runs, if there is room."""
        super().connection_made(transport)
        name = transport.get_extra_info("peername")
        if isinstance(name, tuple):
            self.peer_text = str(name[0]).partition("%")[0]
            self.peer = self.base = Origin(address=origins.plain_address(self.peer_text), port=name[1])
        self._ends_at = self.loop.time() + self.door.limits.session_s
        self.door.open(self)

    async def run(self) -> None:
        """Greet, serve, hang up. Raises nothing but CancelledError (the drain's limit)."""
        lingering = True
        try:
            await introduction.meet(self)
            await self._serve()
            lingering = False  # after QUIT nothing more is coming
        except SessionEnd as end:
            self.refuse(end.reply, error=False)
        except ClientGone:
            lingering = False
        except asyncio.CancelledError:
            lingering = False
            raise
        except Exception as error:
            await self.handle_exception(error)
            self.refuse(replies.OVERLOADED, error=False)
        finally:
            try:
                await self.end_transaction()
                await self.close(linger=lingering)
            finally:
                self.door.closed(self)

    async def handle_exception(self, error: Exception) -> str:
        """What a client hears of a fault of ours: nothing of the exception."""
        self.door.fault("session_fault", error)
        return str(replies.LOCAL_PROBLEM)

    def drain(self) -> None:
        """Say 421 as soon as no transaction is open."""
        self.draining = True
        if self._at_rest and self.transaction is None:
            self.expire()

    def cut(self) -> None:
        """Say 421 now, unless a message is past its final dot: a session that waits for its answer has no `due`."""
        self.draining = self.cutting = True
        if self.due != NEVER:
            self.expire()

    # Commands

    async def _serve(self) -> None:
        """Take commands until QUIT."""
        served = 0
        while True:
            line = await self._next_line()
            if line is not None:
                verb, _, argument = line.partition(b" ")
                verb = verb.upper()
                argument = argument.strip(b" ")
                if verb == b"QUIT" and not argument:
                    self.put(replies.BYE)
                    return
                await self._do(verb, argument)
            served += 1
            if served % _COMMANDS_AT_A_STRETCH == 0:
                await asyncio.sleep(0)
            if self.loop.time() - self.flushed_at > _LONGEST_SILENCE_S:
                await self.flush(self.door.limits.idle_command_s)

    async def _do(self, verb: bytes, argument: bytes) -> None:
        if verb not in _MAILING:
            self.commands += 1
            if self.commands > self.door.limits.commands_without_mail:
                raise SessionEnd(replies.TOO_MANY_COMMANDS)
        perform = VERBS.get(verb)
        if perform is None:
            self.refuse(replies.UNKNOWN_COMMAND)
            return
        if self.door.listen.tls.require and not self.tls and verb not in _BEFORE_TLS:
            self.refuse(replies.TLS_REQUIRED)
            return
        try:
            await perform(self, argument)
        except (SessionEnd, ClientGone):
            raise
        except Exception as error:
            await self.handle_exception(error)
            self.refuse(replies.LOCAL_PROBLEM)

    async def _next_line(self) -> bytes | None:
        """The next command, without its line end; None when it was refused here. Raises SessionEnd and ClientGone."""
        limit = self.door.limits.command_line_bytes
        dropped = 0
        waiting = False
        while (end := self.inbox.find(b"\n")) < 0:
            if len(self.inbox) >= limit:
                dropped += len(self.inbox)
                self.inbox.clear()
                if dropped > _LONGEST_DISCARDED_LINE:
                    raise SessionEnd(replies.LINE_TOO_LONG)
            if not waiting:  # the time for a command begins once, however its octets drip in
                waiting = True
                await self._prepare_to_wait()
            await self._wait_for_octets()
        self.due = NEVER
        if dropped or end >= limit:
            del self.inbox[: end + 1]
            self.refuse(replies.LINE_TOO_LONG)
            return None
        line = bytes(self.inbox[: end + 1])
        del self.inbox[: end + 1]
        whole = line.endswith(b"\r\n")
        line = line[:-2] if whole else line[:-1]
        if not (whole or self.door.listen.bare_newline == "normalize") or _FORBIDDEN.search(line):
            self.refuse(replies.BAD_CHARACTERS)
            return None
        if not line.strip(b" "):
            self.refuse(replies.UNKNOWN_COMMAND)
            return None
        return line

    async def _prepare_to_wait(self) -> None:
        await self.flush(self.door.limits.idle_command_s)
        if self.cutting or (self.draining and self.transaction is None):
            raise SessionEnd(replies.SHUTTING_DOWN)
        self.due = min(self.loop.time() + self.door.limits.idle_command_s, self._ends_at)

    async def _wait_for_octets(self) -> None:
        self._at_rest = True
        try:
            await self.more()
        except TimeoutError:
            if self.draining:
                raise SessionEnd(replies.SHUTTING_DOWN) from None
            ended = self.loop.time() >= self._ends_at
            raise SessionEnd(replies.SESSION_TIMEOUT if ended else replies.IDLE_TIMEOUT) from None
        finally:
            self._at_rest = False

    # What the verbs use

    @property
    def size_limit(self) -> int:
        """Octets that a message may have: ours, or the next hop's where that is smaller."""
        ours = self.door.limits.message_bytes
        return min(ours, self.offer.size) if self.offer.size else ours

    def refuse(self, reply: Reply, *, error: bool = True) -> None:
        """Queue a refusal of ours; `error` counts it towards the session's limit. Raises SessionEnd at that."""
        origin = self.forwarded or self.base
        self.door.refused(reply, str(origin.address or ""), first=reply not in self._told)
        self._told.add(reply)
        self.put(reply)
        if error:
            self.errors += 1
            if self.errors >= self.door.limits.errors:
                raise SessionEnd(replies.TOO_MANY_ERRORS)

    def client(self) -> Client:
        """Who hands over the next message."""
        said = self.forwarded or self.base
        return Client(
            address=said.address,
            port=said.port,
            name=said.name,
            helo=self.helo or "" if said.helo is None else said.helo,
            extended=self.extended if said.extended is None else said.extended,
            tls=self.tls,
            announced_by=said.announced_by,
        )

    def count_as(self, origin: Origin) -> None:
        """Count this session as one of that client's, no longer as another's. Raises SessionEnd at its limit."""
        client = str(origin.address or "")
        if client == self._counted_as:
            return
        if client and not self.door.admission.clients.acquire(client):
            raise SessionEnd(replies.TOO_MANY_CONNECTIONS)
        self.uncount()
        self._counted_as = client

    def uncount(self) -> None:
        """Give back this session's place among the client's."""
        if self._counted_as:
            self.door.admission.clients.release(self._counted_as)
        self._counted_as = ""

    def forget_forwarded(self) -> None:
        """What XFORWARD said holds for one transaction, and so does the client's place."""
        if self.forwarded is not None and not self.base.announced_by:
            self.uncount()
        self.forwarded = None

    async def end_transaction(self) -> None:
        """Forget the transaction; the next hop's side is given back, and what XFORWARD said is over."""
        transaction, self.transaction = self.transaction, None
        if transaction is None:
            return
        self.forget_forwarded()
        if transaction.body is not None:
            transaction.body.refuse(replies.LOCAL_PROBLEM)  # lets go of its octets
        await self.release(transaction)

    async def release(self, transaction: Transaction) -> None:
        """Give the next hop's side back."""
        try:
            await transaction.dialogue.release()
        except Exception as error:
            await self.handle_exception(error)


async def _noop(session: Session, _argument: bytes) -> None:
    session.put(replies.OK)


async def _help(session: Session, _argument: bytes) -> None:
    session.put(replies.HELP)


async def _vrfy(session: Session, argument: bytes) -> None:
    """Neither yes nor no (RFC 5321 §3.5.3)."""
    if argument:
        session.put(replies.CANNOT_VRFY)
    else:
        session.refuse(replies.BAD_ARGUMENTS)


async def _quit_with_argument(session: Session, _argument: bytes) -> None:
    session.refuse(replies.BAD_ARGUMENTS)


async def _not_implemented(session: Session, _argument: bytes) -> None:
    session.refuse(replies.NOT_IMPLEMENTED)


VERBS: Final[dict[bytes, Callable[[Session, bytes], Awaitable[None]]]] = {
    b"HELO": introduction.helo,
    b"EHLO": introduction.ehlo,
    b"STARTTLS": introduction.starttls,
    b"XFORWARD": introduction.xforward,
    b"XCLIENT": introduction.xclient,
    b"MAIL": mailing.mail,
    b"RCPT": mailing.rcpt,
    b"DATA": mailing.data,
    b"BDAT": mailing.bdat,
    b"RSET": mailing.rset,
    b"NOOP": _noop,
    b"QUIT": _quit_with_argument,
    b"HELP": _help,
    b"VRFY": _vrfy,
    **dict.fromkeys((b"EXPN", b"ETRN", b"AUTH", b"TURN", b"SEND", b"SOML", b"SAML"), _not_implemented),
}
_MAILING: Final = frozenset({b"RCPT", b"DATA", b"BDAT"})
_BEFORE_TLS: Final = frozenset({b"NOOP", b"EHLO", b"HELO", b"STARTTLS", b"QUIT", b"RSET", b"HELP", b"XCLIENT"})
