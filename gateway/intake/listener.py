"""One listening address: accepts connections, watches the sessions' clocks, and drains."""

import asyncio
import socket
import ssl

from gateway.intake.door import Door
from gateway.intake.limits import Admission
from gateway.intake.session import Session
from gateway.model.ports import FrontDesk, Observer
from gateway.settings.schema import Limits, Listen, ListenTls

_BACKLOG = 512
_WATCH_S = 0.5  # how late a timeout may be noticed
_ACCEPT_TURNS = 4  # of the loop, from accept(2) to `connection_made` and the session's first step in asyncio's server


class SmtpListener:
    """SMTP in, on the sockets it is given."""

    def __init__(
        self, *, listen: Listen, limits: Limits, desk: FrontDesk, observer: Observer, admission: Admission
    ) -> None:
        """Reads the certificate: raises OSError (ssl.SSLError is one) when it can't be used."""
        self._listen = listen
        self._limits = limits
        self._desk = desk
        self._observer = observer
        self._admission = admission
        self._tls = server_context(listen.tls)
        self._door: Door | None = None
        self._servers: list[asyncio.Server] = []
        self._watch: asyncio.Task[None] | None = None

    @property
    def sessions(self) -> int:
        """Open sessions."""
        return len(self._door.sessions) if self._door else 0

    @property
    def messages(self) -> int:
        """Messages past their final dot and not answered yet."""
        return len(self._door.messages) if self._door else 0

    async def start(self, sock: socket.socket) -> None:
        """Accept on a bound TCP socket from now on; may be called for several. The socket is closed by `drain`."""
        loop = asyncio.get_running_loop()
        if self._door is None:
            self._door = Door(
                listen=self._listen,
                limits=self._limits,
                desk=self._desk,
                observer=self._observer,
                admission=self._admission,
                tls=self._tls,
                loop=loop,
            )
            self._watch = loop.create_task(self._watch_clocks(self._door))
        door = self._door
        # When descriptors run out asyncio stops accepting for a second instead of spinning.
        self._servers.append(await loop.create_server(lambda: Session(door), sock=sock, backlog=_BACKLOG))

    async def drain(self, limit_s: float) -> None:
        """Stop accepting; 421 to sessions without a transaction. Open transactions may reach their end: those still
        sending a body have half the limit, those past the dot all of it; then everything ends."""
        door = self._door
        if door is None:
            return
        for server in self._servers:
            for listening in server.sockets:
                door.loop.remove_reader(listening.fileno())
        door.draining = True
        for _ in range(_ACCEPT_TURNS):  # what was accepted just now is no session yet: it shall hear 421, not nothing
            await asyncio.sleep(0)
        for server in self._servers:
            server.close()  # not before: asyncio drops what it has accepted for a server that is closed
        for session in list(door.sessions):
            session.drain()
        await self._settled(door, limit_s / 2)
        for session in list(door.sessions):
            session.cut()
        await self._settled(door, limit_s / 2)
        left = [*door.sessions.values(), *door.messages]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0)  # the transports' last words
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)

    async def _settled(self, door: Door, limit_s: float) -> None:
        tasks = [*door.sessions.values(), *door.messages]
        if tasks:
            await asyncio.wait(tasks, timeout=limit_s)

    async def _watch_clocks(self, door: Door) -> None:
        """Tell sessions whose time is up. One loop for all of them: sessions move their `due` without any cost."""
        loop = asyncio.get_running_loop()
        limits = self._limits
        shortest = min(limits.idle_command_s, limits.data_idle_s, limits.data_total_s, limits.session_s)
        pause = min(_WATCH_S, shortest / 4)
        while True:
            await asyncio.sleep(pause)
            now = loop.time()
            for session in list(door.sessions):
                if session.due <= now:
                    session.expire()


def server_context(settings: ListenTls) -> ssl.SSLContext | None:
    """The TLS context of a listener; None when it has no certificate."""
    if settings.certificate is None or settings.key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.certificate, settings.key)
    return context
