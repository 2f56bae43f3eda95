"""A next hop as the rest of the room sees it: a name, and what it offers."""

import asyncio
from pathlib import Path

from gateway.delivery.features import NO_FEATURES, Features
from gateway.delivery.pool import HopPool
from gateway.model.errors import NextHopLost, NextHopUnreachable
from gateway.model.ports import NextHopOffer, Observer
from gateway.settings.schema import NextHop

OFFER_AGE_S = 60.0
OFFER_WAIT_S = 5.0  # a client's EHLO does not wait longer for what a hop offers
OFFER_RETRY_S = 2.0  # nor does every client wait that long for a hop that is down

# Takes everything; but it sends no delivery reports, so it does not offer DSN.
MAILDIR_FEATURES = Features(pipelining=True, eightbitmime=True, smtputf8=True, size=0)


class Hop:
    """One next hop: an SMTP server behind a pool, or a Maildir (then `pool` is None)."""

    def __init__(self, settings: NextHop, hostname: str, observer: Observer) -> None:
        self.folder = settings.maildir or Path()  # the Maildir, of no meaning with a pool
        self.pool = HopPool(settings, hostname, observer) if settings.maildir is None else None
        self.name = f"maildir:{settings.maildir}" if settings.maildir else ",".join(settings.addresses)
        self._asking = asyncio.Lock()
        self._ask_again_at = float("-inf")  # loop time, after an attempt that failed

    async def offered(self) -> Features | None:
        """What the hop offers, at most 60 s old; when it can't be asked, what it offered last. Never raises.

        None: it was never reached.
        """
        if self.pool is None:
            return MAILDIR_FEATURES
        if not self._known_lately(self.pool):
            async with self._asking:
                await self._ask(self.pool)
        return self.pool.known.features

    async def _ask(self, pool: HopPool) -> None:
        now = asyncio.get_running_loop().time()
        if self._known_lately(pool) or now < self._ask_again_at:
            return
        try:
            async with asyncio.timeout(OFFER_WAIT_S):
                await pool.refresh()
        except (NextHopUnreachable, NextHopLost, TimeoutError):
            self._ask_again_at = asyncio.get_running_loop().time() + OFFER_RETRY_S

    @staticmethod
    def _known_lately(pool: HopPool) -> bool:
        return asyncio.get_running_loop().time() - pool.known.asked_at < OFFER_AGE_S


def common_offer(features: list[Features | None]) -> NextHopOffer:
    """What all of them offer. A hop never reached offers nothing that a client could rely on."""
    sure = [f or NO_FEATURES for f in features]
    return NextHopOffer(
        smtputf8=all(f.smtputf8 for f in sure),
        dsn=all(f.dsn for f in sure),
        eightbitmime=all(f is None or f.eightbitmime for f in features),
        size=min((f.size for f in sure if f.size), default=0),
    )
