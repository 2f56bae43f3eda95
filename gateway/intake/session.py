"""One SMTP session (RFC 5321): commands in, replies out, and whole messages to the front desk.

Every command gets one well-formed reply; replies to a pipelined batch leave together (RFC 2920 §3.2). Commands are
lines that end with CRLF: one that ends with a bare LF is answered 500 and not done, unless the listener normalizes. A
message past its final dot belongs to a task of the listener's: nothing the client does can stop it half-way.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import ClassVar

from gateway.intake import origin as origins
from gateway.intake.body import Body, ChunkReader, DataReader
from gateway.intake.connection import NEVER, ClientGone, Connection, SessionEnd
from gateway.intake.door import Door
from gateway.intake.origin import Origin, ProxyFault
from gateway.intake.refusals import reason_of
from gateway.intake.transaction import RECIPIENT_OVERSHOOT, Transaction, read_mail
from gateway.model import reply as replies
from gateway.model.envelope import Client, Submission
from gateway.model.ports import NextHopOffer
from gateway.model.reply import Reply
from gateway.settings.schema import Networks

_COMMANDS_AT_A_STRETCH = 16  # then other sessions get their turn
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_HELO = re.compile(rb"[\x21-\x7e]{1,255}")
_CHUNK = re.compile(rb"([0-9]{1,12})( +LAST)?", re.IGNORECASE)
_LONGEST_DISCARDED_LINE = 1_048_576
_SLOWEST_OCTETS_PER_S = 2000  # below that a body is dripping (about a modem of 1996)
_DRIP_S = 120.0  # time that even a dripping body has

Verb = Callable[["Session", bytes], Awaitable[None]]


class Session(Connection):
    """One client's session. `run` is its life, started by the listener when the connection is made."""

    verbs: ClassVar[dict[bytes, Verb]] = {}

    def __init__(self, door: Door) -> None:
        super().__init__(door.loop, door.listen.hostname)
        self.door = door
        self.peer = Origin(address=None)
        self.peer_text = ""
        self.base = self.peer  # the peer, or who PROXY or XCLIENT says it is
        self.forwarded: Origin | None = None  # what XFORWARD says of the next transaction
        self.trusted = False
        self.helo: str | None = None
        self.extended = False
        self.offer = NextHopOffer()
        self.transaction: Transaction | None = None
        self.errors = 0
        self.commands = 0  # since the last message
        self.counted_as = ""  # the client whose session this counts as
        self.draining = False  # no new transaction
        self.cutting = False  # no new wait for the client either
        self.at_rest = True  # waiting for a command
        self.ends_at = NEVER

    # Life

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See Connection; then the session runs, if there is room."""
        super().connection_made(transport)
        name = transport.get_extra_info("peername")
        if isinstance(name, tuple):
            self.peer_text = str(name[0]).partition("%")[0]
            self.peer = Origin(address=origins.plain_address(self.peer_text), port=name[1])
        self.base = self.peer
        self.ends_at = self.loop.time() + self.door.limits.session_s
        self.door.open(self)

    async def run(self) -> None:
        """Greet, serve, hang up. Never raises but CancelledError (the drain's limit)."""
        lingering = True
        try:
            await self._greet()
            lingering = await self._serve()
        except SessionEnd as end:
            self._refuse(end.reply, error=False)
        except ClientGone:
            lingering = False
        except asyncio.CancelledError:
            self.put(replies.SHUTTING_DOWN)
            lingering = False
            raise
        except Exception as error:
            self.door.observer.event("session_fault", error=type(error).__name__)
            self._refuse(replies.OVERLOADED)
        finally:
            try:
                await self._end_transaction()
                await self.close(linger=lingering)
            finally:
                self.door.closed(self)

    async def handle_exception(self, error: Exception) -> str:
        """What a client hears of a fault of ours: nothing of the exception."""
        self.door.observer.event("session_fault", error=type(error).__name__)
        return str(replies.LOCAL_PROBLEM)

    async def _greet(self) -> None:
        networks = self.door.listen.trusted_clients
        if self.door.listen.proxy_protocol:
            if networks and not _is_in(self.peer, networks):
                raise SessionEnd(replies.PROXY_HEADER_EXPECTED)
            await self._read_proxy_header()
        # Behind a proxy the announced client must be the trusted one: else all the world could come through it.
        self.trusted = _is_in(self.base, networks)
        if not self.trusted or self.base is not self.peer:
            self._count_client(self.base)
        self._put_banner()

    async def _read_proxy_header(self) -> None:
        self.due = self.loop.time() + min(self.door.limits.idle_command_s, 10.0)
        while True:
            header = origins.read_proxy_header(bytes(self.inbox[:8192]), self.peer_text)
            if header is ProxyFault.BAD:
                raise SessionEnd(replies.PROXY_HEADER_EXPECTED)
            if header is not ProxyFault.INCOMPLETE:
                break
            try:
                await self.more()
            except TimeoutError:
                raise SessionEnd(replies.PROXY_HEADER_EXPECTED) from None
        self.due = NEVER
        del self.inbox[: header.length]
        if header.origin is not None:
            self.base = header.origin

    def _put_banner(self) -> None:
        self.put(Reply(220, "", f"{self.door.listen.hostname} ESMTP"))

    async def _serve(self) -> bool:
        """Take commands until QUIT; False then (there is nothing left to linger for)."""
        served = 0
        while True:
            line = await self._next_line()
            if line is None:
                continue
            verb, _, argument = line.partition(b" ")
            verb = verb.upper()
            if verb == b"QUIT" and not argument:
                self.put(replies.BYE)
                return False
            await self._do(verb, argument.strip(b" "))
            served += 1
            if served % _COMMANDS_AT_A_STRETCH == 0:
                await asyncio.sleep(0)

    async def _do(self, verb: bytes, argument: bytes) -> None:
        method = self.verbs.get(verb)
        if verb not in (b"RCPT", b"DATA", b"BDAT"):
            self.commands += 1
            if self.commands > self.door.limits.commands_without_mail:
                raise SessionEnd(replies.TOO_MANY_COMMANDS)
        if method is None:
            self._refuse(replies.UNKNOWN_COMMAND)
            return
        if self.door.listen.tls.require and not self.tls and verb not in _BEFORE_TLS:
            self._refuse(replies.TLS_REQUIRED)
            return
        try:
            await method(self, argument)
        except (SessionEnd, ClientGone):
            raise
        except Exception as error:
            await self.handle_exception(error)
            self._refuse(replies.LOCAL_PROBLEM)

    # Lines

    async def _next_line(self) -> bytes | None:
        """The next command, without its line end; None when it was refused here. Raises SessionEnd and ClientGone."""
        limit = self.door.limits.command_line_bytes
        dropped = 0
        waiting = False
        while (end := self.inbox.find(b"\n", 0, limit)) < 0:
            if len(self.inbox) >= limit:
                end = self.inbox.find(b"\n")
                if end >= 0:
                    break
                dropped += len(self.inbox)
                self.inbox.clear()
                if dropped > _LONGEST_DISCARDED_LINE:
                    raise SessionEnd(replies.LINE_TOO_LONG)
            if not waiting:
                waiting = True
                await self._prepare_to_wait()
            await self._wait_for_command()
        self.due = NEVER
        line = bytes(self.inbox[: end + 1])
        del self.inbox[: end + 1]
        if dropped or len(line) > limit:
            self._refuse(replies.LINE_TOO_LONG)
            return None
        whole = line.endswith(b"\r\n")
        line = line[:-2] if whole else line[:-1]
        if not (whole or self.door.listen.bare_newline == "normalize") or _FORBIDDEN.search(line):
            self._refuse(replies.BAD_CHARACTERS)
            return None
        if not line.strip(b" "):
            self._refuse(replies.UNKNOWN_COMMAND)
            return None
        return line

    async def _prepare_to_wait(self) -> None:
        await self.flush(self.door.limits.idle_command_s)
        if self.cutting or (self.draining and self.transaction is None):
            raise SessionEnd(replies.SHUTTING_DOWN)
        self.due = min(self.loop.time() + self.door.limits.idle_command_s, self.ends_at)

    async def _wait_for_command(self) -> None:
        self.at_rest = True
        try:
            await self.more()
        except TimeoutError:
            if self.draining:
                raise SessionEnd(replies.SHUTTING_DOWN) from None
            ended = self.loop.time() >= self.ends_at
            raise SessionEnd(replies.SESSION_TIMEOUT if ended else replies.IDLE_TIMEOUT) from None
        finally:
            self.at_rest = False

    def drain(self) -> None:
        """Say 421 as soon as no transaction is open."""
        self.draining = True
        if self.at_rest and self.transaction is None:
            self.expire()

    def cut(self) -> None:
        """Say 421 now, unless a message is past its final dot: whose session waits for that answer has no `due`."""
        self.draining = self.cutting = True
        if self.due != NEVER:
            self.expire()

    # Replies

    def _refuse(self, reply: Reply, *, error: bool = True) -> None:
        """A refusal of ours; `error` counts it towards the session's limit."""
        self.door.observer.refused(reason_of(reply))
        self.put(reply)
        if error and reply.code != 421:
            self.errors += 1
            if self.errors >= self.door.limits.errors:
                raise SessionEnd(replies.TOO_MANY_ERRORS)

    # Who is there

    def _count_client(self, origin: Origin) -> None:
        """Count this session as one of the announced client's, no longer as another's."""
        client = str(origin.address or "")
        if client == self.counted_as:
            return
        if client and not self.door.admission.clients.acquire(client):
            raise SessionEnd(replies.TOO_MANY_CONNECTIONS)
        self.uncount_client()
        self.counted_as = client

    def uncount_client(self) -> None:
        """Give back this session's place among the client's."""
        if self.counted_as:
            self.door.admission.clients.release(self.counted_as)
            self.counted_as = ""

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

    async def helo_command(self, argument: bytes) -> None:
        """HELO (RFC 5321 §4.1.1.1)."""
        if await self._hello(argument, extended=False):
            self.put(Reply(250, "", self.door.listen.hostname))

    async def ehlo_command(self, argument: bytes) -> None:
        """EHLO: what we offer depends on what the next hops do."""
        if not await self._hello(argument, extended=True):
            return
        try:
            self.offer = await self.door.desk.offer()
        except Exception as error:
            await self.handle_exception(error)
            self.offer = NextHopOffer()
        lines = [self.door.listen.hostname, "PIPELINING", f"SIZE {self._size_limit()}", "8BITMIME"]
        lines += ["SMTPUTF8"] if self.offer.smtputf8 else []
        lines += ["DSN"] if self.offer.dsn else []
        lines += ["CHUNKING"] if self.door.listen.chunking else []
        lines += ["STARTTLS"] if self.door.tls is not None and not self.tls else []
        lines += [origins.XFORWARD_OFFER, origins.XCLIENT_OFFER] if self.trusted else []
        lines.append("ENHANCEDSTATUSCODES")
        text = "".join(f"250-{line}\r\n" for line in lines[:-1]) + f"250 {lines[-1]}\r\n"
        self.put_lines(text.encode("ascii"))

    async def _hello(self, argument: bytes, *, extended: bool) -> bool:
        if _HELO.fullmatch(argument) is None:
            self._refuse(replies.BAD_HELO)
            return False
        await self._end_transaction()
        self.helo = argument.decode("ascii")
        self.extended = extended
        return True

    def _size_limit(self) -> int:
        ours = self.door.limits.message_bytes
        return min(ours, self.offer.size) if self.offer.size else ours

    async def starttls_command(self, argument: bytes) -> None:
        """STARTTLS (RFC 3207): afterwards nothing is known that was said before."""
        if argument:
            self._refuse(replies.BAD_ARGUMENTS)
        elif self.tls:
            self._refuse(replies.BAD_SEQUENCE)
        elif self.door.tls is None:
            self._refuse(replies.TLS_UNAVAILABLE)
        else:
            await self._end_transaction()
            self.helo = None
            self.forwarded = None
            self.inbox.clear()
            self.put(replies.READY_FOR_TLS)
            await self.flush(self.door.limits.idle_command_s)
            await self.start_tls(self.door.tls)

    async def xforward_command(self, argument: bytes) -> None:
        """XFORWARD: a trusted front tells whose the next transaction is."""
        if not self.trusted:
            self._refuse(replies.NOT_A_TRUSTED_CLIENT)
        elif self.transaction is not None:
            self._refuse(replies.BAD_SEQUENCE)
        elif (said := self._announced(argument, origins.XFORWARD_NAMES, self.forwarded or self.base)) is None:
            self._refuse(replies.BAD_PARAMETER_VALUE)
        else:
            self._count_client(said)
            self.forwarded = said
            self.put(replies.OK)

    async def xclient_command(self, argument: bytes) -> None:
        """XCLIENT: a trusted front tells whose this session is; it begins anew."""
        if not self.trusted:
            self._refuse(replies.NOT_A_TRUSTED_CLIENT)
        elif self.transaction is not None:
            self._refuse(replies.BAD_SEQUENCE)
        elif (said := self._announced(argument, origins.XCLIENT_NAMES, self.base)) is None:
            self._refuse(replies.BAD_PARAMETER_VALUE)
        else:
            self._count_client(said)
            self.base = said
            self.forwarded = None
            self.helo = None
            self._put_banner()

    def _announced(self, argument: bytes, names: frozenset[str], known: Origin) -> Origin | None:
        attributes = origins.read_attributes(argument, names)
        return None if attributes is None else origins.announced(known, attributes, self.peer_text)

    # Transactions

    async def mail_command(self, argument: bytes) -> None:
        """MAIL: read strictly, then put to the next hop."""
        if self.helo is None:
            self._refuse(replies.NEED_EHLO)
            return
        if self.transaction is not None:
            self._refuse(replies.NESTED_MAIL)
            return
        if self.draining:
            raise SessionEnd(replies.SHUTTING_DOWN)
        mail = read_mail(argument, self.offer)
        if isinstance(mail, Reply):
            self._refuse(mail)
            return
        if mail.size > self._size_limit():
            self._refuse(replies.MESSAGE_TOO_BIG, error=False)
            return
        if not self._has_room_for(max(mail.size, 1)):
            self._refuse(replies.BYTES_IN_FLIGHT, error=False)
            return
        client = self.client()
        transaction = Transaction(
            client=client, dialogue=self.door.desk.open_dialogue(client), mail=mail, dsn=self.offer.dsn
        )
        self.transaction = transaction
        reply = await transaction.dialogue.mail(mail.path, mail.parameters, mail.smtputf8)
        self.put(reply)
        if not reply.positive:
            await self._end_transaction()

    def _has_room_for(self, size: int) -> bool:
        if not self.door.admission.bytes_in_flight.acquire(size):
            return False
        self.door.admission.bytes_in_flight.release(size)
        return True

    async def rcpt_command(self, argument: bytes) -> None:
        """RCPT: the next hop's own answer, live."""
        transaction = self.transaction
        if transaction is None:
            self._refuse(replies.NEED_MAIL)
            return
        if transaction.body is not None:
            self._refuse(replies.BAD_SEQUENCE)
            return
        limit = self.door.limits.recipients
        reply, is_next_hops = await transaction.rcpt(argument, self.door.desk, limit)
        if is_next_hops:
            self.put(reply)
        else:
            overshot = transaction.asked > limit + RECIPIENT_OVERSHOOT
            self._refuse(reply, error=overshot or reply is not replies.TOO_MANY_RECIPIENTS)

    async def rset_command(self, argument: bytes) -> None:
        """RSET."""
        if argument:
            self._refuse(replies.BAD_ARGUMENTS)
            return
        await self._end_transaction()
        self.put(replies.OK)

    async def _end_transaction(self) -> None:
        """Forget the transaction; the next hop's side is given back, and what XFORWARD said is over."""
        transaction, self.transaction = self.transaction, None
        if transaction is None:
            return
        self.forwarded = None
        if transaction.body is not None:
            self._give_back(transaction.body)
        try:
            await transaction.dialogue.release()
        except Exception as error:
            await self.handle_exception(error)

    # Bodies

    async def data_command(self, argument: bytes) -> None:
        """DATA: the next hop is let go first, so that a slow client holds none of its connections."""
        transaction = self.transaction
        if argument:
            self._refuse(replies.BAD_ARGUMENTS)
        elif transaction is None:
            self._refuse(replies.NEED_MAIL)
        elif transaction.body is not None:
            self._refuse(replies.BAD_SEQUENCE)
        elif not transaction.recipients:
            self._refuse(replies.NO_VALID_RECIPIENTS if transaction.asked else replies.NEED_RCPT)
        elif not self._has_room_for(1):
            self._refuse(replies.BYTES_IN_FLIGHT, error=False)
        else:
            transaction.body = body = self._new_body()
            self.put(replies.START_DATA)
            await self.flush(self.door.limits.data_idle_s)
            await transaction.dialogue.release()
            await self._read_body(body, DataReader(body).feed)
            await self._hand_over(transaction, body)

    async def bdat_command(self, argument: bytes) -> None:
        """BDAT (RFC 3030 §3), on listeners that offer it. The octets of a chunk are read whatever is the matter."""
        if not self.door.listen.chunking:
            self._refuse(replies.NOT_IMPLEMENTED)
            return
        found = _CHUNK.fullmatch(argument)
        if found is None:
            raise SessionEnd(replies.BAD_ARGUMENTS)  # how many octets are no commands is not known
        transaction = self.transaction
        fits = transaction is not None and bool(transaction.recipients)
        body = transaction.body if transaction is not None and fits else None
        if body is None:
            body = self._new_body()
            if not fits or transaction is None:
                body.refuse(replies.NO_VALID_RECIPIENTS if transaction and transaction.asked else replies.BAD_SEQUENCE)
            else:
                transaction.body = body
                await transaction.dialogue.release()
        size = int(found[1])
        if size > self._most_octets():
            raise SessionEnd(replies.MESSAGE_TOO_BIG)
        chunk = ChunkReader(body, size, transaction.carry if transaction is not None else b"")
        await self._read_body(body, chunk.feed)
        if transaction is None or not fits:
            self._refuse(body.fault or replies.BAD_SEQUENCE)
            return
        transaction.carry = chunk.carry
        if found[2]:
            body.finish(chunk.carry)
            await self._hand_over(transaction, body)
        elif body.fault is None:
            self.put(Reply(250, "2.0.0", f"{size} octets received"))
        else:
            fault = body.fault
            await self._end_transaction()
            self._refuse(fault, error=False)

    def _new_body(self) -> Body:
        return Body(
            limit=self._size_limit(),
            normalize=self.door.listen.bare_newline == "normalize",
            reserve=self.door.admission.bytes_in_flight.acquire,
        )

    def _give_back(self, body: Body) -> None:
        self.door.admission.bytes_in_flight.release(body.reserved)
        body.reserved = 0
        body.refuse(replies.LOCAL_PROBLEM)  # lets go of the octets

    def _most_octets(self) -> int:
        """How much is read of one body, for the sake of answering at its end, before we hang up."""
        return 4 * self.door.limits.message_bytes + 16_777_216

    async def _read_body(self, body: Body, feed: Callable[[bytes], bytes | None]) -> None:
        limits = self.door.limits
        began = self.loop.time()
        most = self._most_octets()
        grace = min(_DRIP_S, limits.data_total_s)

        def timed(data: bytes) -> bytes | None:
            rest = feed(data)
            if body.received > most:
                self.due = 0.0  # as if it had run out of time
            else:
                earned = min(limits.data_total_s, grace + body.received / _SLOWEST_OCTETS_PER_S)
                self.due = min(self.loop.time() + limits.data_idle_s, began + earned)
            return rest

        if self.cutting:
            raise SessionEnd(replies.SHUTTING_DOWN)
        self.due = began + min(limits.data_idle_s, grace)
        try:
            await self.receive(timed)
        except TimeoutError:
            if self.draining:
                raise SessionEnd(replies.SHUTTING_DOWN) from None
            raise SessionEnd(replies.MESSAGE_TOO_BIG if body.received > most else replies.DATA_TIMEOUT) from None
        finally:
            self.due = NEVER

    async def _hand_over(self, transaction: Transaction, body: Body) -> None:
        """Answer the final dot."""
        self.commands = 0
        self.transaction = self.forwarded = None
        if body.fault is not None:
            fault = body.fault
            self._give_back(body)
            self._refuse(fault, error=False)
            return
        submission = Submission(
            id=self.door.desk.new_id(),
            envelope=transaction.envelope,
            raw=body.hand_over(),
            received_at=datetime.now(UTC),
            deadline=self.loop.time() + self.door.limits.judge_s,
            listener_hostname=self.door.listen.hostname,
        )
        task = self.door.take(submission, body.reserved)
        body.reserved = 0
        del submission
        reply = await asyncio.shield(task)
        if self.gone:
            self.door.observer.event("client_gone_before_answer", code=reply.code)
        if reply.positive:
            self.errors = 0
        self.put(reply)

    # The rest

    async def noop_command(self, _argument: bytes) -> None:
        """NOOP."""
        self.put(replies.OK)

    async def help_command(self, _argument: bytes) -> None:
        """HELP."""
        self.put(replies.HELP)

    async def vrfy_command(self, argument: bytes) -> None:
        """VRFY: neither yes nor no (RFC 5321 §3.5.3)."""
        if argument:
            self.put(replies.CANNOT_VRFY)
        else:
            self._refuse(replies.BAD_ARGUMENTS)

    async def quit_command(self, _argument: bytes) -> None:
        """QUIT with an argument; the plain one ends the loop."""
        self._refuse(replies.BAD_ARGUMENTS)

    async def unimplemented_command(self, _argument: bytes) -> None:
        """Known to SMTP, not done here."""
        self._refuse(replies.NOT_IMPLEMENTED)


def _is_in(origin: Origin, networks: Networks) -> bool:
    return origin.address is not None and any(origin.address in network for network in networks)


_BEFORE_TLS = frozenset({b"NOOP", b"EHLO", b"HELO", b"STARTTLS", b"QUIT", b"RSET", b"HELP", b"XCLIENT", b"XFORWARD"})

Session.verbs = {
    b"HELO": Session.helo_command,
    b"EHLO": Session.ehlo_command,
    b"MAIL": Session.mail_command,
    b"RCPT": Session.rcpt_command,
    b"DATA": Session.data_command,
    b"BDAT": Session.bdat_command,
    b"RSET": Session.rset_command,
    b"NOOP": Session.noop_command,
    b"QUIT": Session.quit_command,
    b"HELP": Session.help_command,
    b"VRFY": Session.vrfy_command,
    b"STARTTLS": Session.starttls_command,
    b"XFORWARD": Session.xforward_command,
    b"XCLIENT": Session.xclient_command,
    **dict.fromkeys((b"EXPN", b"ETRN", b"AUTH", b"TURN", b"SEND", b"SOML", b"SAML"), Session.unimplemented_command),
}
