"""A listener with a fake front desk on 127.0.0.1, in a thread with its own event loop, for blocking tests."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gateway.intake.limits import Admission
from gateway.intake.listener import SmtpListener
from gateway.model import reply as replies
from gateway.model.address import Path
from gateway.model.domain import DomainName, is_same_or_below
from gateway.model.envelope import Client, Recipient, Submission
from gateway.model.identifiers import new_message_id
from gateway.model.ports import NextHopDialogue, NextHopOffer
from gateway.model.reply import Reply
from gateway.settings.schema import Limits, Listen
from tests.smtp_dialogue import SmtpDialogue


@dataclass
class FakeObserver:
    """Remembers what it was told."""

    refusals: list[str] = field(default_factory=list)
    open: int = 0
    events: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def refused(self, reason: str) -> None:
        self.refusals.append(reason)

    def connections(self, change: int) -> None:
        self.open += change

    def next_hop_reply(self, reply_class: str) -> None:
        raise AssertionError("not the intake's to tell")

    def inspected(self, outcome: str) -> None:
        """No attachment is inspected here."""

    def dns_answer(self, kind: str) -> None:
        raise AssertionError("not the intake's to tell")

    def event(self, name: str, **fields: str | int | float | bool | None) -> None:
        self.events.append((name, dict(fields)))


Take = Callable[[Submission], Awaitable[Reply]]


@dataclass
class FakeDesk:
    """A front desk that remembers, and answers as the test says."""

    relay_domains: tuple[str, ...] = ("inside.example",)
    offered: NextHopOffer = field(default_factory=lambda: NextHopOffer(smtputf8=True, dsn=True))
    mail_reply: Reply = replies.MAIL_OK
    rcpt_replies: dict[bytes, Reply] = field(default_factory=dict)
    take_reply: Reply = replies.OK
    on_take: Take | None = None
    fault: Exception | None = None
    release_fault: Exception | None = None
    delay_s: float = 0.0  # of every RCPT
    clients: list[Client] = field(default_factory=list)
    asked: list[tuple[str, bytes, tuple[bytes, ...]]] = field(default_factory=list)
    taken: list[Submission] = field(default_factory=list)
    finished: int = 0
    open_dialogues: int = 0

    async def offer(self) -> NextHopOffer:
        return self.offered

    def open_dialogue(self, client: Client) -> NextHopDialogue:
        self.clients.append(client)
        self.open_dialogues += 1
        return FakeDialogue(self)

    def relays_for(self, path: Path) -> bool:
        return path.domain is not None and any(is_same_or_below(path.domain, DomainName(d)) for d in self.relay_domains)

    async def take(self, submission: Submission) -> Reply:
        self.taken.append(submission)
        if self.on_take is not None:
            reply = await self.on_take(submission)
        else:
            reply = self.take_reply
        self.finished += 1
        return reply

    def new_id(self) -> str:
        return new_message_id(datetime.now(UTC))


@dataclass
class FakeDialogue:
    """The next hop's side."""

    desk: FakeDesk
    released: bool = False

    async def mail(self, path: Path, parameters: Sequence[bytes], smtputf8: bool) -> Reply:
        self.desk.asked.append(("MAIL", path.raw, tuple(parameters)))
        return self.desk.mail_reply

    async def rcpt(self, recipient: Recipient) -> Reply:
        await asyncio.sleep(self.desk.delay_s)
        if self.desk.fault is not None:
            raise self.desk.fault
        self.desk.asked.append(("RCPT", recipient.path.raw, recipient.parameters))
        return self.desk.rcpt_replies.get(recipient.path.raw, replies.RCPT_OK)

    async def release(self) -> None:
        if not self.released:
            self.released = True
            self.desk.open_dialogues -= 1
            if self.desk.release_fault is not None:
                raise self.desk.release_fault


@dataclass
class House:
    """What a test gets."""

    address: tuple[str, int]
    desk: FakeDesk
    observer: FakeObserver
    admission: Admission
    listener: SmtpListener
    loop: asyncio.AbstractEventLoop
    dialled: list[SmtpDialogue] = field(default_factory=list)

    def dial(self, *, greeting: bool = True) -> SmtpDialogue:
        """A client that lives as long as the house, where a `with` of its own is no use."""
        client = SmtpDialogue(self.address, greeting=greeting)
        self.dialled.append(client)
        return client

    def drain(self, limit_s: float) -> None:
        """Drain the listener, from outside its loop."""
        asyncio.run_coroutine_threadsafe(self.listener.drain(limit_s), self.loop).result(limit_s + 10)


@contextmanager
def house(
    desk: FakeDesk | None = None, *, listen: Listen | None = None, limits: Limits | None = None
) -> Iterator[House]:
    """Serve until the block ends, then drain; what was left open is an error."""
    limits = limits or Limits()
    desk = desk or FakeDesk()
    observer = FakeObserver()
    admission = Admission.local(limits)
    listener = SmtpListener(
        listen=listen or Listen(hostname="gateway.example"),
        limits=limits,
        desk=desk,
        observer=observer,
        admission=admission,
    )
    sock = socket.create_server(("127.0.0.1", 0))
    address = sock.getsockname()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(listener.start(sock), loop).result(5)
    this = House(address, desk, observer, admission, listener, loop)
    try:
        yield this
        this.drain(2.0)
        assert listener.sessions == 0
        assert observer.open == 0
        assert desk.open_dialogues == 0, "a next hop's connection was not given back"
        assert admission.bytes_in_flight.held == 0, "bytes in flight were not given back"  # type: ignore[attr-defined]
        assert admission.clients.held == {}  # type: ignore[attr-defined]
    finally:
        for client in this.dialled:
            client.close()
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01), loop).result(5)  # for transports to close
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
