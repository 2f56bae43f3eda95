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
        self.observer.refused(reason_of(reply))
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
            self.observer.event("message_fault", id=submission.id, error=type(error).__name__)
            return replies.LOCAL_PROBLEM
        finally:
            self.admission.bytes_in_flight.release(reserved)
