"""What a room needs from outside, as protocols. The daemon and the tests give the real thing or a small fake."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ParamSpec, Protocol, TypeVar

from gateway.model.address import Path
from gateway.model.dns_answer import DnsAnswer, RecordType
from gateway.model.envelope import Client, Envelope, Recipient, Submission
from gateway.model.inspection import InspectedPart
from gateway.model.message import Message
from gateway.model.reply import Reply
from gateway.model.texts import Texts

P = ParamSpec("P")
T = TypeVar("T")


class Resolver(Protocol):
    """DNS for one message: the implementation carries the message's deadline and lookup budget."""

    async def query(self, name: str, rtype: RecordType) -> DnsAnswer:
        """Ask one question; CNAMEs are followed. Never raises, but `CancelledError`: what fails is a value.

        `name` is any text: what can't be a DNS name gives FAILED/MALFORMED, or NO_NAME where a resolver would say so.
        """
        ...


class Cpu(Protocol):
    """Runs a pure function on the loop or beside it, whichever suits `size` (bytes the function will chew on)."""

    async def __call__(self, size: int, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result; its exceptions pass through."""
        ...


class Observer(Protocol):
    """Where rooms tell what happened: counters and log events. Closed words only, nothing taken from mail."""

    def refused(self, reason: str) -> None:
        """One refusal by us, by a closed word ("relay_denied", "too_many_connections", "bare_newline", ...)."""
        ...

    def connections(self, change: int) -> None:
        """Sessions opened (+1) or closed (-1)."""
        ...

    def next_hop_reply(self, reply_class: str) -> None:
        """One answer of a next hop: "2xx", "4xx", "5xx", or a fault: "unreachable", "lost", "changed"."""
        ...

    def dns_answer(self, kind: str) -> None:
        """One answer of DNS: an AnswerKind, a FailureCause, or "cached", "stale"."""
        ...

    def inspected(self, outcome: str) -> None:
        """One attachment: "done", "remembered", "refused" (not wholly read), "timeout", "crash", "absent"."""
        ...

    def event(self, name: str, **fields: str | int | float | bool | None) -> None:
        """One notable event for the log; `name` and the field names are an API, values are never mail content."""
        ...


class Inspector(Protocol):
    """Reads attachments and dangerous markup in processes that may die."""

    async def inspect(self, message: Message, texts: Texts, deadline: float) -> tuple[InspectedPart, ...]:
        """What the parts worth inspecting hide; () at once when there are none. What could not be read is a result
        with its cause, never an exception. `texts` is what was read of the message already; `deadline` is loop time
        (s)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NextHopOffer:
    """What the next hops all offer, as far as it is known: decides what our EHLO may advertise."""

    smtputf8: bool = False
    dsn: bool = False
    eightbitmime: bool = True
    size: int = 0  # the smallest limit announced by one of them, 0 for none


class NextHopDialogue(Protocol):
    """The next hop's side of one SMTP transaction, up to the client's DATA: its answers, live.

    One at a time; nothing raises: a fault of the next hop is a 451 of ours.
    """

    async def mail(self, path: Path, parameters: Sequence[bytes], smtputf8: bool) -> Reply:
        """Put MAIL to the (default) next hop."""
        ...

    async def rcpt(self, recipient: Recipient) -> Reply:
        """Put RCPT to the next hop of this recipient's route; `OTHER_ROUTE` when the transaction has another one."""
        ...

    async def release(self) -> None:
        """End the next hop's transaction (RSET) and give its connection back. Idempotent."""
        ...


class FrontDesk(Protocol):
    """What `intake` needs from the daemon."""

    async def offer(self) -> NextHopOffer:
        """What EHLO may advertise now; answers from memory when it is younger than 60 s."""
        ...

    def open_dialogue(self, client: Client) -> NextHopDialogue:
        """Start the next hop's side of a transaction."""
        ...

    def relays_for(self, path: Path) -> bool:
        """Whether the recipient's domain is one of `relay_domains`."""
        ...

    async def take(self, submission: Submission) -> Reply:
        """Judge a whole message and relay, hold or refuse it. The reply to the final dot. Never raises but
        `CancelledError`; once called it is carried to its end even when the client is gone."""
        ...

    def new_id(self) -> str:
        """An id for the next message."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayOutcome:
    """What became of a relay attempt. `reply` is what the client may be told; only a 2xx there earned a 250."""

    reply: Reply
    next_hop: str = ""  # name of the hop as set, for the log
    next_hop_reply_class: str = ""  # "2xx", "4xx", "5xx", or the fault: "unreachable", "lost", "changed"


class Relay(Protocol):
    """Delivers one message to the next hop of its recipients."""

    async def deliver(
        self, envelope: Envelope, recipients: Sequence[Recipient], head: bytes, body: memoryview
    ) -> RelayOutcome:
        """Put the envelope again (all answers must be 2xx before any byte of data) and send `head + body`.

        `head` is the rewritten header block with our fields on top, up to and including the empty line; `body` is what
        follows, untouched. One attempt past the dot; a lost answer is 451. Never raises but `CancelledError`.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMessage:
    """What a quarantine entry keeps: the submission, the recipients it is held for, and the verdict as JSON data."""

    submission: Submission
    recipients: tuple[Recipient, ...]
    verdict: dict[str, object]  # as `scan --json` prints it


class PreparedEntry(Protocol):
    """An entry that is on disk and fsynced, but not yet ours: its 250 was not given."""

    async def commit(self) -> None:
        """Make it count: after this the 250 may be given. Raises QuarantineUnavailable."""
        ...

    async def withdraw(self) -> None:
        """Take it back, since the message is refused or must be retried after all. Never raises."""
        ...


class Quarantine(Protocol):
    """Holds messages so that they outlive us."""

    async def prepare(self, held: HeldMessage) -> PreparedEntry:
        """Write and fsync an entry that counts only after `commit`. Raises QuarantineUnavailable."""
        ...


class Released(Protocol):
    """Knows our own released messages (DESIGN §7)."""

    async def is_ours(self, submission: Submission, message: Message) -> bool:
        """Whether the message bears a valid release mark for all its recipients; a mark is valid once."""
        ...

    async def spend(self, submission: Submission, message: Message) -> None:
        """Remember that the message's marks were used."""
        ...
