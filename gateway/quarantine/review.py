"""What a reviewer does with held messages: look, ask, approve, release, delete. Each act is an audit line first.

Deliveries are made by the caller: this room knows no next hop. What must not happen twice is written down durably
before it may have happened once (progress.py).
"""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass

from gateway.model.reply import Reply
from gateway.quarantine.audit import Actor, AuditLog
from gateway.quarantine.entry import EntryHeader
from gateway.quarantine.progress import Progress, Stage
from gateway.quarantine.released import release_mark
from gateway.quarantine.store import NoSuchEntry, Store, needs_approval
from gateway.settings.schema import QuarantineSettings


class NotNow(Exception):
    """A reviewer may not do that (yet), and what has to be done first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A message to be delivered again: to these of its recipients, its bytes below the release marks."""

    header: EntryHeader
    recipients: tuple[tuple[bytes, tuple[bytes, ...]], ...]  # path, parameters
    marks: bytes
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What the next hop answered. `sure` is False when it may have taken the message without our hearing of it."""

    reply: Reply
    sure: bool = True


Deliver = Callable[[Release], Awaitable[Delivery]]


class Review:
    """The acts of one person on one quarantine."""

    def __init__(self, settings: QuarantineSettings, actor: Actor) -> None:
        self.store = Store(settings)
        self.audit = AuditLog(settings.folder)
        self._actor = actor

    def look(self, entry_id: str, what: str, motive: str | None) -> EntryHeader:
        """The header of an entry that somebody looks at. Raises NoSuchEntry, BrokenEntry, KeyLost, Unavailable."""
        header = self.store.header(entry_id)
        self.audit.add(self._actor, "view", id=entry_id, what=what, motive=motive)
        return header

    def delete(self, entry_id: str, motive: str | None) -> None:
        """Remove an entry for good. Raises NoSuchEntry, Busy, Unavailable."""
        with self.store.alone_with(entry_id):
            self.audit.add(self._actor, "delete", id=entry_id, motive=motive)
            self.store.remove(entry_id)
            self.store.book.forget([entry_id])

    def request(self, entry_id: str, motive: str | None) -> None:
        """Ask that another person releases an entry. Raises NoSuchEntry, Busy, NotNow, Unavailable."""
        with self.store.alone_with(entry_id):
            progress = self.store.book.read(entry_id)
            if progress.stage in (Stage.RELEASING, Stage.PARTLY, Stage.RELEASED):
                raise NotNow(f"{entry_id}: its release has begun ({progress.stage.value} at {progress.at})")
            self.audit.add(self._actor, "request", id=entry_id, motive=motive)
            self.store.book.write(
                progress.step(Stage.REQUESTED, requested_by=self._actor.uid, approved_by=None, reply="")
            )

    def approve(self, entry_id: str, motive: str | None) -> None:
        """Grant somebody else's request. Raises NoSuchEntry, Busy, NotNow, Unavailable."""
        with self.store.alone_with(entry_id):
            progress = self.store.book.read(entry_id)
            if progress.stage is not Stage.REQUESTED or progress.requested_by is None:
                raise NotNow(f"{entry_id}: nobody asks for its release; ask with `quarantine release --request`")
            if progress.requested_by == self._actor.uid:
                self.audit.add(self._actor, "approve_refused", id=entry_id, why="own request")
                raise NotNow(f"{entry_id}: who asked (user id {self._actor.uid}) can't approve; another person must")
            self.audit.add(self._actor, "approve", id=entry_id, requested_by=progress.requested_by, motive=motive)
            self.store.book.write(progress.step(Stage.APPROVED, approved_by=self._actor.uid))

    async def release(
        self,
        entry_id: str,
        deliver: Deliver,
        *,
        way_of: Callable[[bytes], Hashable],
        again: bool = False,
        only: frozenset[bytes] = frozenset(),
        motive: str | None = None,
    ) -> list[Delivery]:
        """Deliver an entry to its recipients, each once; take it out when all have it. One answer for each way out.

        `way_of` tells for a recipient's path which next hop it has: one delivery goes one way. `only`: just these
        recipients (lower case). `again`: also when an earlier delivery may have gone through unheard.
        Raises NoSuchEntry, Busy, NotNow, BrokenEntry, KeyLost, Unavailable.
        """
        with self.store.alone_with(entry_id):
            progress = self.store.book.read(entry_id)
            if progress.stage is Stage.RELEASED:  # a crash came between the delivery's record and this
                self.store.remove(entry_id)
                raise NoSuchEntry(f"{entry_id}: was released at {progress.at} ({progress.reply})")
            header = self.store.header(entry_id)
            self._allowed(header, progress, again)
            groups = self._groups(header, progress, way_of, only)
            raw = self.store.message(entry_id)
            answers = []
            for group in groups:
                self.audit.add(
                    self._actor, "release", id=entry_id, recipients=group, again=again or None, motive=motive
                )
                progress = progress.step(Stage.RELEASING, under_way=group, reply="")
                self.store.book.write(progress)
                delivery = await deliver(self._prepared(header, group, raw))
                progress = self._after(header, progress, delivery)
                self.store.book.write(progress)
                self.audit.add(self._actor, "delivery", id=entry_id, stage=progress.stage.value, reply=progress.reply)
                answers.append(delivery)
            if progress.stage is Stage.RELEASED:
                self.store.remove(entry_id)
        return answers

    def _allowed(self, header: EntryHeader, progress: Progress, again: bool) -> None:
        if needs_approval(header) and progress.approved_by is None:
            raise NotNow(
                f"{header.id}: a rule that hit asks for a second person: `quarantine release --request {header.id}`, "
                f"then another person `quarantine approve {header.id}`"
            )
        if progress.stage is Stage.RELEASING and not again:
            raise NotNow(
                f"{header.id}: a delivery begun at {progress.at} ended without an answer: it may have gone through. "
                "Look in the next hop's log; --again sends it once more"
            )

    @staticmethod
    def _groups(
        header: EntryHeader, progress: Progress, way_of: Callable[[bytes], Hashable], only: frozenset[bytes]
    ) -> list[tuple[int, ...]]:
        groups: dict[Hashable, list[int]] = {}
        for number, (path, _parameters) in enumerate(header.recipients):
            if number not in progress.delivered and (not only or path.lower() in only):
                groups.setdefault(way_of(path), []).append(number)
        if not groups:
            raise NotNow(f"{header.id}: is not held for these recipients, or they have it already")
        return [tuple(numbers) for numbers in groups.values()]

    def _prepared(self, header: EntryHeader, group: tuple[int, ...], raw: bytes) -> Release:
        recipients = tuple(header.recipients[number] for number in group)
        key = self.store.keys.release_key()
        marks = b"".join(release_mark(key, header.id, path, header.sha256) for path, _ in recipients)
        return Release(header=header, recipients=recipients, marks=marks, raw=raw)

    @staticmethod
    def _after(header: EntryHeader, progress: Progress, delivery: Delivery) -> Progress:
        reply = delivery.reply
        if reply.positive:
            delivered = tuple(sorted({*progress.delivered, *progress.under_way}))
            stage = Stage.RELEASED if len(delivered) == len(header.recipients) else Stage.PARTLY
            return progress.step(stage, delivered=delivered, under_way=(), reply=str(reply))
        if not delivery.sure:
            return progress.step(Stage.RELEASING, reply=f"{reply.code} {reply.enhanced}")
        stage = Stage.PARTLY if progress.delivered else Stage.REFUSED
        # The text of a refusal often quotes the recipient's address: its codes are enough here.
        return progress.step(stage, under_way=(), reply=f"{reply.code} {reply.enhanced}")
