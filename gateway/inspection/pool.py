"""The inspectors of one worker: started at the first attachment, kept warm, killed when late, replaced when worn.

Every part gets an answer: what was found, or why it could not be read. A part that takes its process down costs only
itself; the next part gets a fresh process.
"""

import asyncio
import contextlib
import hashlib
from collections import OrderedDict, deque
from dataclasses import replace

from gateway.inspection.child import Child, ChildGoneError
from gateway.inspection.limits import ReadLimits
from gateway.inspection.none import NoInspector
from gateway.inspection.protocol import ProtocolError, decode_answer
from gateway.inspection.worth import Candidate, candidates
from gateway.model.inspection import InspectedPart
from gateway.model.message import Message
from gateway.model.ports import Observer
from gateway.model.texts import Texts
from gateway.settings.schema import Inspection

EXTRA = 3  # processes beyond `processes` while all of those are held up by slow files
PATIENCE_S = 0.1  # how long an honest file waits behind a slow one before an extra process is started
REMEMBERED_BYTES = 65_536  # logos and campaigns come again and again: small parts are read once
REMEMBERED = 1024
MAX_UNREAD = 50  # parts named as unread, of one message


class InspectorPool:
    """The `Inspector` port over processes. Belongs to one event loop."""

    def __init__(self, settings: Inspection, observer: Observer) -> None:
        self._settings = settings
        self._observer = observer
        self._limits = ReadLimits(
            pdf_pages=settings.pdf_pages,
            pixels=settings.pixels,
            archive_members=settings.archive_members,
            archive_ratio=settings.archive_ratio,
            archive_depth=settings.archive_depth,
            unpacked_bytes=settings.unpacked_bytes,
        )
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._dying: list[Child] = []
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._remembered: OrderedDict[bytes, InspectedPart] = OrderedDict()
        self._closed = False

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes alive now."""
        return tuple(child.pid for child in (*self._idle, *self._busy))

    async def inspect(self, message: Message, texts: Texts, deadline: float) -> tuple[InspectedPart, ...]:
        """See Inspector."""
        wanted = candidates(message, texts)
        if not wanted:
            return ()
        loop = asyncio.get_running_loop()
        limit = min(deadline, loop.time() + self._settings.deadline_s)
        results: list[InspectedPart] = []
        for number, candidate in enumerate(wanted):
            if number >= self._settings.parts:
                results += [self._unread(left.part_index, "too_many") for left in wanted[number:][:MAX_UNREAD]]
                break
            last = number + 1 >= min(len(wanted), self._settings.parts)
            now = loop.time()
            until = limit if last else now + max(0.0, limit - now) / 2  # a slow first part leaves time for the others
            results.append(await self._inspect_part(message.raw, candidate, until))
        return tuple(results)

    async def _inspect_part(self, raw: bytes, candidate: Candidate, until: float) -> InspectedPart:
        length = candidate.end - candidate.start
        decoded = length * 74 // 100 if candidate.question.encoding == "base64" else length
        if decoded > self._settings.part_bytes:
            return self._unread(candidate.part_index, "too_large")
        body = memoryview(raw)[candidate.start : candidate.end]
        key = _key(body, candidate) if length <= REMEMBERED_BYTES else None
        if key is not None and (known := self._remembered.get(key)) is not None:
            self._remembered.move_to_end(key)
            self._observer.inspected("remembered")
            return replace(known, part_index=candidate.part_index)
        result = await self._read(body, candidate, until)
        if key is not None and not result.unchecked:
            self._remembered[key] = result
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return result

    async def _read(self, body: memoryview, candidate: Candidate, until: float) -> InspectedPart:
        index = candidate.part_index
        try:
            async with asyncio.timeout_at(until):
                child = self._take_idle() or await self._take()
                return await self._ask(child, candidate, body)
        except TimeoutError:
            return self._unread(index, "timeout")
        except OSError:
            return self._unread(index, "absent")

    async def _ask(self, child: Child, candidate: Candidate, body: memoryview) -> InspectedPart:
        fit = False
        try:
            answer = await child.ask(candidate.question, body)
            part, leaving = decode_answer(answer, candidate.part_index)
            fit = not leaving and child.answered < self._settings.requests
            self._observer.inspected("refused" if part.unchecked else "done")
            return part
        except (ChildGoneError, ProtocolError):
            return self._unread(candidate.part_index, "crash")
        finally:
            self._give_back(child, fit=fit)

    def _unread(self, index: int, cause: str) -> InspectedPart:
        self._observer.inspected(cause if cause in ("timeout", "crash", "absent") else "refused")
        return InspectedPart(part_index=index, unchecked=cause)

    def _take_idle(self) -> Child | None:
        """A process that waits for work; one that was killed in its sleep is buried unnoticed."""
        while self._idle:
            child = self._idle.pop()
            if not child.reap():
                self._busy.add(child)
                return child
            child.kill()
        return None

    async def _take(self) -> Child:
        """A process, once there is one. Raises OSError when the system gives none."""
        self._sweep()
        loop = asyncio.get_running_loop()
        patience = loop.time() + PATIENCE_S
        while True:
            if self._closed:
                raise OSError("closed")
            waited = loop.time() >= patience
            if len(self._busy) < self._settings.processes + (EXTRA if waited else 0):
                child = Child(self._limits, self._settings.memory_bytes, int(self._settings.deadline_s) + 1)
                self._busy.add(child)
                return child
            freed: asyncio.Future[None] = loop.create_future()
            self._waiting.append(freed)
            try:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(None if waited else patience):
                        await freed
            except asyncio.CancelledError:
                if freed.done() and not freed.cancelled():
                    self._wake_one()  # the call was for whoever waits next
                raise
            finally:
                with contextlib.suppress(ValueError):
                    self._waiting.remove(freed)
            if (idle := self._take_idle()) is not None:
                return idle

    def _give_back(self, child: Child, *, fit: bool) -> None:
        self._busy.discard(child)
        if fit and not self._closed and len(self._idle) < self._settings.processes:
            self._idle.append(child)
        else:
            self._bury(child)
        self._wake_one()

    def _wake_one(self) -> None:
        while self._waiting:
            freed = self._waiting.popleft()
            if not freed.done():
                freed.set_result(None)
                break

    def _bury(self, child: Child) -> None:
        child.kill()
        self._dying.append(child)
        self._sweep()

    def _sweep(self) -> None:
        self._dying = [child for child in self._dying if not child.reap()]

    async def close(self) -> None:
        """End all processes; what is being read is answered as crashed."""
        self._closed = True
        for child in (*self._idle, *self._busy):
            self._bury(child)
        self._idle.clear()
        for _ in range(200):
            self._sweep()
            if not self._dying:
                break
            await asyncio.sleep(0.005)


def _key(body: memoryview, candidate: Candidate) -> bytes:
    """What a part is remembered by: its bytes, and all that the answer rests on."""
    question = candidate.question
    said = f"{question.encoding}\0{question.name}\0{question.declared}\0{question.covered}{question.is_body}"
    digest = hashlib.blake2b(body, digest_size=16)
    digest.update(said.encode("utf-8", "replace"))
    return digest.digest()


def make_inspector(settings: Inspection, observer: Observer) -> "InspectorPool | NoInspector":
    """The inspector that the settings ask for."""
    return InspectorPool(settings, observer) if settings.enabled else NoInspector()
