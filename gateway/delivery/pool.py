"""Connections to one next hop: kept between messages, bounded in number, opened to the first address that is well.

A kept connection may have been closed by the hop meanwhile. The rule for that is the caller's: as long as nothing past
MAIL was answered on a `used` connection, the same commands may be put once more on a fresh one (`acquire(fresh=True)`).
"""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass, field

from gateway.delivery.addresses import Addresses, HopAddress
from gateway.delivery.connection import HopConnection, introduce, open_connection
from gateway.delivery.features import Features
from gateway.delivery.replies import Fault
from gateway.delivery.smtp_client import RSET
from gateway.delivery.tls import server_name, tls_context
from gateway.model.errors import NextHopLost, NextHopUnreachable
from gateway.model.ports import Observer
from gateway.settings.schema import NextHop

IDLE_LIMIT_S = 30.0  # Postfix closes after 300 s, in stress after 10 s
AGE_LIMIT_S = 300.0  # so that a change of addresses or TLS at the hop is noticed under load, too
SWEEP_S = 0.25  # how often kept connections are looked at


@dataclass(slots=True)
class Known:
    """What a hop offered when it last said so."""

    features: Features | None = None
    asked_at: float = field(default=float("-inf"))  # loop time


class HopPool:
    """The connections of this worker to one next hop. Raises SettingsError when its certificates can't be read."""

    def __init__(self, hop: NextHop, hostname: str, observer: Observer) -> None:
        self.known = Known()
        self._hop = hop
        self._hostname = hostname
        self._observer = observer
        self._context: ssl.SSLContext | None = tls_context(hop)
        self._addresses = Addresses(hop)
        self._probes: set[asyncio.Task[None]] = set()
        self._idle: list[HopConnection] = []  # the one used last is last
        self._in_use: set[HopConnection] = set()
        self._opening = 0
        self._promised = 0  # turns given to somebody who has not run since
        self._queue: deque[asyncio.Future[None]] = deque()
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False

    async def acquire(self, *, fresh: bool = False) -> HopConnection:
        """A connection on which MAIL may be said; to be handed to `give_back` whatever happens.

        Waits for one up to the reply timeout when all `connections` are in use. Raises NextHopUnreachable.
        """
        await self._turn()
        if fresh:
            self._drop_idle()  # the hop was restarted, most likely: the others are stale too
        now = asyncio.get_running_loop().time()
        self._probe_later(now)
        while self._idle:
            connection = self._idle.pop()
            if not self._fit(connection, now):
                connection.quit()
                continue
            self._in_use.add(connection)
            return connection
        self._opening += 1
        try:
            connection = await self._open()
        except BaseException:
            self._opening -= 1
            self._wake()
            raise
        self._opening -= 1
        self._in_use.add(connection)
        return connection

    def give_back(self, connection: HopConnection) -> None:
        """Keep the connection for the next message if its conversation is at rest, else throw it away. Idempotent.

        A transaction that is still open there is ended by whoever is next, with RSET before MAIL, or soon by ourselves.
        """
        if connection not in self._in_use:
            return
        self._in_use.discard(connection)
        if connection.client.usable and not self._closed:
            connection.used = True
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
            self._sweep_later()
        elif connection.client.usable:
            connection.quit()
        else:
            connection.abort()
        self._wake()

    async def refresh(self) -> Features:
        """Ask the hop what it offers, on a kept connection or a new one. Raises NextHopUnreachable, NextHopLost."""
        asked_at = self.known.asked_at
        connection = await self.acquire()
        try:
            if self.known.asked_at == asked_at:  # a kept one: what it was told when it was opened may be old
                await introduce(connection, self._hostname)
                self._learn(connection)
            return connection.client.features
        except NextHopLost:
            if not connection.used:
                raise
        finally:
            self.give_back(connection)
        connection = await self.acquire(fresh=True)
        self.give_back(connection)
        return connection.client.features

    def close(self) -> None:
        """Close what is kept; what is in use is closed when it comes back."""
        self._closed = True
        self._drop_idle()
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for probe in self._probes:
            probe.cancel()

    async def _turn(self) -> None:
        """Wait until one more connection may be in use; who comes first is served first."""
        if not self._queue and self._free() > 0:
            return
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        self._queue.append(waiter)
        try:
            async with asyncio.timeout(self._hop.reply_timeout_s):
                await waiter
        except BaseException as error:
            if waiter.done() and not waiter.cancelled():  # the turn came in the same moment: it is the next one's
                self._promised -= 1
                self._wake()
            elif waiter in self._queue:
                self._queue.remove(waiter)
            if isinstance(error, TimeoutError):
                raise NextHopUnreachable("all connections to the next hop are in use") from error
            raise
        self._promised -= 1

    def _free(self) -> int:
        return self._hop.connections - len(self._in_use) - self._opening - self._promised

    def _wake(self) -> None:
        while self._queue and self._free() > 0:
            waiter = self._queue.popleft()
            if not waiter.done():
                self._promised += 1
                waiter.set_result(None)

    def _fit(self, connection: HopConnection, now: float) -> bool:
        """Whether a kept connection may be used once more, as far as can be told from here."""
        if connection.lost or now - connection.idle_since > IDLE_LIMIT_S:
            return False
        if now - connection.born > AGE_LIMIT_S or connection.rank > self._addresses.best_rank():
            return False
        return not connection.client.usable or connection.quiet()  # not usable: its RSET is being answered

    async def _open(self) -> HopConnection:
        """Open a connection to the first address that gives one."""
        last: NextHopUnreachable | None = None
        for address in self._addresses.to_try():
            try:
                return await self._open_and_note(address)
            except NextHopUnreachable as error:
                last = error
        raise last or NextHopUnreachable("no address")

    async def _open_and_note(self, address: HopAddress) -> HopConnection:
        """Open a connection to this address, and remember how that went."""
        try:
            connection = await self._open_at(address.text)
        except NextHopUnreachable:
            address.failed(asyncio.get_running_loop().time())
            self._observer.event("next_hop_address_down", next_hop=address.text, failures=address.failures)
            raise
        address.worked()
        connection.rank = address.rank
        self._learn(connection)
        return connection

    def _probe_later(self, now: float) -> None:
        """Look whether an address that is passed over is well again, without any mail waiting for it."""
        address = self._addresses.due(now)
        if address is not None:
            address.probed = True
            task = asyncio.get_running_loop().create_task(self._probe(address))
            self._probes.add(task)
            task.add_done_callback(self._probes.discard)

    async def _probe(self, address: HopAddress) -> None:
        try:
            connection = await self._open_and_note(address)
        except NextHopUnreachable:
            return
        finally:
            address.probed = False
        self._in_use.add(connection)
        self.give_back(connection)

    async def _open_at(self, address: str) -> HopConnection:
        connection = await self._connect(address)
        if self._context is None:
            return connection
        if not connection.client.features.starttls:
            return self._in_clear(connection)
        try:
            if not await connection.start_tls(self._context, server_name(self._hop, address)):
                return self._in_clear(connection)
            await introduce(connection, self._hostname)
            return connection
        except NextHopLost as error:  # words slipped in before the handshake, or after it: no second try in clear
            raise NextHopUnreachable(str(error)) from error
        except OSError as error:  # ssl.SSLError and timeouts are OSErrors
            connection.abort()
            if self._hop.tls == "require":
                raise NextHopUnreachable(f"{address}: no TLS ({type(error).__name__})") from error
        except BaseException:
            connection.abort()
            raise
        self._observer.event("next_hop_tls_failed", next_hop=address)
        return await self._connect(address)

    async def _connect(self, address: str) -> HopConnection:
        return await open_connection(
            address,
            hostname=self._hostname,
            connect_timeout_s=self._hop.connect_timeout_s,
            reply_timeout_s=self._hop.reply_timeout_s,
        )

    def _in_clear(self, connection: HopConnection) -> HopConnection:
        """What follows when the hop offers or gives no TLS."""
        if self._hop.tls == "require":
            connection.quit()
            raise NextHopUnreachable(f"{connection.address}: {Fault.TLS.value} required, not offered")
        return connection

    def _learn(self, connection: HopConnection) -> None:
        self.known = Known(connection.client.features, asyncio.get_running_loop().time())

    def _drop_idle(self) -> None:
        while self._idle:
            self._idle.pop().quit()

    def _sweep_later(self) -> None:
        if self._sweeper is None and not self._closed:
            self._sweeper = asyncio.get_running_loop().call_later(SWEEP_S, self._sweep)

    def _sweep(self) -> None:
        """Say goodbye to what nobody used for a while."""
        self._sweeper = None
        now = asyncio.get_running_loop().time()
        kept = []
        for connection in self._idle:
            if connection.lost or now - connection.idle_since > IDLE_LIMIT_S:
                connection.quit()
                continue
            if connection.client.in_transaction:
                connection.put_unawaited(RSET)
            kept.append(connection)
        self._idle = kept
        if kept:
            self._sweep_later()
