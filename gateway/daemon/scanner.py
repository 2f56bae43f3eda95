"""Judging messages without a listener: what `scan`, `rules test` and `replay` share with `serve`."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address

from gateway.daemon.cpu import LoopOrThread
from gateway.daemon.loaded import Loaded
from gateway.inspection.none import NoInspector
from gateway.inspection.pool import make_inspector
from gateway.intake.paths import read_path
from gateway.model.address import NULL_PATH, Path
from gateway.model.envelope import Client, Envelope, IpAddress, Recipient, Submission
from gateway.model.identifiers import new_message_id
from gateway.model.judgement import Judgement
from gateway.model.ports import Inspector, Observer, Resolver
from gateway.pipeline import Judges, judge
from gateway.resolver.resolver import DnsResolver


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """A message and what is known of its envelope; None is unknown."""

    raw: bytes
    received_at: datetime
    address: IpAddress | None = None
    helo: str | None = None
    mail_from: Path | None = None
    recipients: tuple[Path, ...] = ()
    authentication: bool = True


class Quiet:
    """An `Observer` that keeps nothing."""

    def refused(self, reason: str) -> None:
        """Nothing."""

    def connections(self, change: int) -> None:
        """Nothing."""

    def next_hop_reply(self, reply_class: str) -> None:
        """Nothing."""

    def dns_answer(self, kind: str) -> None:
        """Nothing."""

    def inspected(self, outcome: str) -> None:
        """Nothing."""

    def event(self, name: str, **fields: str | int | float | bool | None) -> None:
        """Nothing."""


class Scanner:
    """Judges messages one by one with one loaded set. Use inside a running event loop; `close` at the end."""

    def __init__(self, loaded: Loaded, observer: Observer | None = None, inspector: Inspector | None = None) -> None:
        self._loaded = loaded
        self._inspector = make_inspector(loaded.settings.inspection, observer or Quiet()) if inspector is None else None
        self._dns = DnsResolver(loaded.settings.dns, observer or Quiet()) if loaded.zone is None else None
        self._judges = Judges(
            resolver_for=self._resolver_for,
            reader=loaded.reader,
            rulebook=loaded.rulebook,
            cpu=LoopOrThread(),
            inspector=inspector or self._inspector or NoInspector(),  # one of the first two always is
        )

    def _resolver_for(self, deadline: float) -> Resolver:
        if self._loaded.zone is not None:
            return self._loaded.zone.for_message(deadline)
        if self._dns is None:
            raise RuntimeError("a scanner has a zone or a resolver")
        return self._dns.for_message(deadline)

    async def judge(self, request: ScanRequest) -> Judgement:
        """What the gateway would think of it."""
        settings = self._loaded.settings
        loop = asyncio.get_running_loop()
        submission = Submission(
            id=new_message_id(request.received_at),
            envelope=envelope_of(request),
            raw=request.raw,
            received_at=request.received_at,
            deadline=loop.time() + settings.limits.judge_s,
        )
        return await judge(submission, settings, self._judges, authentication=request.authentication)

    async def close(self) -> None:
        """End what was opened."""
        if self._inspector is not None:
            await self._inspector.close()
        if self._dns is not None:
            await self._dns.close()


def envelope_of(request: ScanRequest) -> Envelope:
    """The envelope of a request."""
    address = request.address
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return Envelope(
        client=Client(address=address, helo=request.helo or ""),
        mail_from=request.mail_from,
        recipients=tuple(Recipient(path=path) for path in request.recipients),
    )


def path_of(text: str) -> Path:
    """A path as given on a command line, with or without angle brackets; "" is the null path. What is no
    mail path has no mailbox."""
    bare = text.strip()
    if bare.startswith("<") and bare.endswith(">"):
        bare = bare[1:-1]
    if not bare:
        return NULL_PATH
    raw = bare.encode("utf-8", "surrogateescape")
    argument = read_path(b"<" + raw + b">", null_allowed=False)
    return argument.path if argument is not None and not argument.rest else Path(raw, None)


def address_of(text: str) -> IpAddress:
    """An IP address; raises ValueError."""
    return ip_address(text.strip())


def crlf(raw: bytes) -> bytes:
    """A message as it would stand on the wire: a file with bare LF line ends gets CRLF (no body of ours is changed)."""
    if b"\r\n" in raw or b"\n" not in raw:
        return raw
    return raw.replace(b"\n", b"\r\n")
