"""Helpers for tests that relay: an observer that remembers, paths, envelopes, and `NextHops` beside scripted hops."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from gateway.delivery.relay import NextHops
from gateway.model.address import Mailbox, Path
from gateway.model.domain import parse_domain
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.settings.schema import NextHop

CLIENT = Client(address=None, helo="client.example")
HEAD = b"Subject: essai\r\n\r\n"


@dataclass
class Recorder:
    """An observer that remembers what concerns next hops."""

    classes: list[str] = field(default_factory=list)
    events: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def refused(self, reason: str) -> None:
        raise AssertionError(reason)

    def connections(self, change: int) -> None:
        raise AssertionError(change)

    def next_hop_reply(self, reply_class: str) -> None:
        self.classes.append(reply_class)

    def inspected(self, outcome: str) -> None:
        """No attachment is inspected here."""

    def dns_answer(self, kind: str) -> None:
        raise AssertionError(kind)

    def event(self, name: str, **fields: str | int | float | bool | None) -> None:
        self.events.append((name, dict(fields)))


def path(text: str) -> Path:
    """A path with its domain read, as intake would give it."""
    local, _, domain = text.rpartition("@")
    return Path(text.encode(), Mailbox(local, parse_domain(domain)))


def recipients(*addresses: str) -> list[Recipient]:
    """Recipients without parameters; bob@y.example when none is named."""
    return [Recipient(path=path(a)) for a in addresses or ("bob@y.example",)]


def envelope(*parameters: bytes, client: Client = CLIENT) -> Envelope:
    """An envelope from a@x.example with these MAIL parameters."""
    return Envelope(client=client, mail_from=path("a@x.example"), mail_parameters=parameters)


@asynccontextmanager
async def next_hops(
    default: NextHop, routes: dict[str, NextHop] | None = None, recorder: Recorder | None = None
) -> AsyncIterator[NextHops]:
    """`NextHops` that is closed at the end."""
    hops = NextHops(next_hop=default, routes=routes or {}, hostname="gw.example", observer=recorder or Recorder())
    try:
        yield hops
    finally:
        await hops.close()
