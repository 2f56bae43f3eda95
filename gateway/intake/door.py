"""What the sessions of one listener have in common, and who owns the messages they have handed over."""

import asyncio
import ssl
from typing import TYPE_CHECKING

from gateway.intake.limits import Admission
from gateway.intake.refusals import reason_of
from gateway.model import reply as replies
from gateway.model.envelope import Submission
from gateway.model.ports import FrontDesk, Observer
from gateway.model.reply import Reply
from gateway.settings.schema import Limits, Listen

if TYPE_CHECKING:
    from gateway.intake.session import Session

_LINES_PER_S = 20  # of refusals in the log, per worker and listener: a flood must not fill the disk


class Door:
    """Opens and closes sessions, and carries messages to the desk in tasks of its own."""

    def __init__(
        self,
        *,
        listen: Listen,
        limits: Limits,
        desk: FrontDesk,
        observer: Observer,
        admission: Admission,
        tls: ssl.SSLContext | None,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.listen = listen
        self.limits = limits
        self.desk = desk
        self.observer = observer
        self.admission = admission
        self.tls = tls
        self.loop = loop
        self.sessions: dict[Session, asyncio.Task[None]] = {}
        self.messages: set[asyncio.Task[Reply]] = set()
        self.draining = False
        self._told_until = 0.0  # loop time at which the second ends that _told counts in
        self._told = 0
        self._untold = 0

    def refused(self, reply: Reply, client: str, *, first: bool = True) -> None:
        """Count a refusal; a log line too, when it is the session's `first` for that reason and not one of a flood."""
        reason = reason_of(reply)
        self.observer.refused(reason)
        if not first:
            return
        now = self.loop.time()
        if now >= self._told_until:
            self._told_until, self._told = now + 1.0, 0
        if self._told >= _LINES_PER_S:
            self._untold += 1
            return
        self._told += 1
        self.observer.event("refused", client=client, reason=reason, code=reply.code, untold=self._untold)
        self._untold = 0

    def fault(self, name: str, error: Exception, message_id: str = "") -> None:
        """Log a fault of ours: its class and place, never its text, which may quote a mail."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else ""
        self.observer.event(name, level="error", id=message_id, error=type(error).__name__, place=place)

    def open(self, session: "Session") -> None:
        """Start a session, or say why not."""
        if self.draining:
            self._turn_away(session, replies.SHUTTING_DOWN)
        elif not self.admission.connections.acquire():
            self._turn_away(session, replies.TOO_MANY_CONNECTIONS)
        else:
            self.observer.connections(1)
            self.sessions[session] = self.loop.create_task(session.run())

    def _turn_away(self, session: "Session", reply: Reply) -> None:
        self.refused(reply, session.peer_text)
        session.hang_up(reply)

    def closed(self, session: "Session") -> None:
        """A session has ended."""
        del self.sessions[session]
        session.uncount()
        self.admission.connections.release()
        self.observer.connections(-1)

    def take(self, submission: Submission, reserved: int) -> "asyncio.Task[Reply]":
        """Give a whole message to the desk; `reserved` octets in flight are given back when it is done with."""
        task = self.loop.create_task(self._take(submission, reserved))
        self.messages.add(task)
        task.add_done_callback(self.messages.discard)
        return task

    async def _take(self, submission: Submission, reserved: int) -> Reply:
        try:
            return await self.desk.take(submission)
        except Exception as error:
            self.fault("message_fault", error, submission.id)
            return replies.LOCAL_PROBLEM
        finally:
            self.admission.bytes_in_flight.release(reserved)
