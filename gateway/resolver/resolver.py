"""DNS for the gateway: cached, asked once for all who wait, within a deadline and a budget per message.

Every outcome is a value. "Could not look" is never remembered as "not there"; when DNS can't be asked, an answer that
has run out may stand in for a bounded time (RFC 8767). No search list is ever applied.
"""

import asyncio

from gateway.model.dns_answer import NO_DATA, DnsAnswer, FailureCause, RecordType, failed
from gateway.model.ports import Observer, Resolver
from gateway.resolver.cache import Cache
from gateway.resolver.exchange import Server, ask_server
from gateway.resolver.names import canonical_name
from gateway.resolver.nameservers import nameservers_of
from gateway.resolver.wire import Reading, question_of, read_answer
from gateway.settings.schema import Dns

MAX_ALIASES = 8  # CNAMEs that we follow ourselves, beyond those a server has followed
MAX_IN_FLIGHT = 1000  # sockets; more questions wait for their turn
TRIES = 3  # at least: one lost packet is no failure
STALE_PATIENCE_S = 1.8  # RFC 8767 §5: how long DNS may take when an old answer is at hand

_MALFORMED = failed(FailureCause.MALFORMED)
_BUDGET = failed(FailureCause.BUDGET)
_TIMEOUT = failed(FailureCause.TIMEOUT)
_SERVFAIL = failed(FailureCause.SERVFAIL)
_WORTH_OLD_ANSWERS = frozenset({FailureCause.TIMEOUT, FailureCause.SERVFAIL, FailureCause.REFUSED})


class DnsResolver:
    """The resolver of one worker: its cache and its questions in flight, shared by all messages."""

    def __init__(self, dns: Dns, observer: Observer) -> None:
        self._servers = nameservers_of(dns.nameservers)
        self._timeout_s = dns.timeout_s
        self._lookups = dns.lookups
        self._observer = observer
        self._cache = Cache(dns.cache_entries)
        self._in_flight: dict[str, asyncio.Task[DnsAnswer]] = {}
        self._sockets = asyncio.Semaphore(MAX_IN_FLIGHT)

    def for_message(self, deadline: float) -> Resolver:
        """The resolver of one message: `deadline` in loop time (s), at most `dns.timeout_s` from now."""
        loop = asyncio.get_running_loop()
        return MessageResolver(self, loop, min(deadline, loop.time() + self._timeout_s), self._lookups)

    async def close(self) -> None:
        """End every question in flight; who waits for one gets FAILED/TIMEOUT."""
        tasks = list(self._in_flight.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def cached(self, key: str, now: float) -> DnsAnswer | None:
        """A fresh answer, counted."""
        answer = self._cache.fresh(key, now)
        if answer is not None:
            self._observer.dns_answer("cached")
        return answer

    async def look_up(self, key: str, name: str, rtype: RecordType, deadline: float) -> DnsAnswer:
        """Wait for DNS until `deadline` at the latest; the question itself goes on for those who ask after us."""
        task = self._in_flight.get(key)
        if task is None:
            task = asyncio.create_task(self._resolve(key, name, rtype))
            self._in_flight[key] = task
            task.add_done_callback(lambda _: self._in_flight.pop(key, None))
        loop = asyncio.get_running_loop()
        if self._cache.has_stale(key, loop.time()):
            deadline = min(deadline, loop.time() + STALE_PATIENCE_S)
        done, _ = await asyncio.wait((task,), timeout=max(0.0, deadline - loop.time()))
        answer = task.result() if done and not task.cancelled() else _TIMEOUT
        if answer.cause in _WORTH_OLD_ANSWERS:
            old = self._cache.stale(key, loop.time())
            if old is not None:
                self._observer.dns_answer("stale")
                return old
        self.count(answer)
        return answer

    def count(self, answer: DnsAnswer) -> None:
        """Tell the observer."""
        self._observer.dns_answer((answer.cause or answer.kind).value)

    async def _resolve(self, key: str, name: str, rtype: RecordType) -> DnsAnswer:
        """The answer, remembered. Never raises but `CancelledError`."""
        loop = asyncio.get_running_loop()
        reading = await self._follow(name, rtype, loop.time() + self._timeout_s)
        self._cache.put(key, reading.answer, reading.ttl_s, loop.time())
        return reading.answer

    async def _follow(self, name: str, rtype: RecordType, until: float) -> Reading:
        """Ask, and ask on where a server tells of a CNAME but not of what it leads to."""
        seen = {name}
        ttls: list[float] = []
        while True:
            reading = await self._ask(question_of(name, rtype), rtype, until)
            if reading.ttl_s is not None:
                ttls.append(reading.ttl_s)
            if reading.alias is None:
                return Reading(reading.answer, min(ttls, default=None))
            if reading.alias == ".":
                return Reading(NO_DATA, min(ttls, default=None))  # the root holds nothing of what we ask for
            target = canonical_name(reading.alias)
            if target is None or target in seen or len(seen) > MAX_ALIASES:
                return Reading(_MALFORMED)
            seen.add(target)
            name = target

    async def _ask(self, question: bytes, rtype: RecordType, until: float) -> Reading:
        """Put one question to the servers in turn until `until`, each try with a growing share of the time."""
        loop = asyncio.get_running_loop()
        servers = self._servers
        tries = [servers[i % len(servers)] for i in range(max(TRIES, len(servers)))]
        share_s = self._timeout_s / (len(tries) * (len(tries) + 1) / 2)
        last = Reading(_TIMEOUT)
        given_up: set[Server] = set()
        for number, server in enumerate(tries, 1):
            if server in given_up:
                continue  # it has said that it can't
            try:
                async with asyncio.timeout_at(min(until, loop.time() + share_s * number)), self._sockets:
                    wire = await ask_server(server, question)
            except TimeoutError:
                last = Reading(_TIMEOUT)
                continue
            except OSError:
                last = Reading(_SERVFAIL)  # nobody listens there: no use in waiting for it
                continue
            last = read_answer(wire, rtype)
            if not last.retry:
                return last
            given_up.add(server)
        return last


class MessageResolver:
    """DNS for one message (`gateway.model.ports.Resolver`)."""

    __slots__ = ("_deadline", "_left", "_loop", "_resolver")

    def __init__(self, resolver: DnsResolver, loop: asyncio.AbstractEventLoop, deadline: float, lookups: int) -> None:
        self._resolver = resolver
        self._loop = loop
        self._deadline = deadline
        self._left = lookups

    async def query(self, name: str, rtype: RecordType) -> DnsAnswer:
        """One answer. Only questions that must go to DNS count against the budget."""
        resolver = self._resolver
        now = self._loop.time()
        key = name.lower() + rtype  # no lower-case name ends like a type: one string is a key of its own
        answer = resolver.cached(key, now)
        if answer is not None:
            return answer
        asked = canonical_name(name)
        if asked is None:
            resolver.count(_MALFORMED)
            return _MALFORMED
        if asked + rtype != key:
            key = asked + rtype
            answer = resolver.cached(key, now)
            if answer is not None:
                return answer
        if self._left <= 0 or now >= self._deadline:
            resolver.count(_BUDGET)
            return _BUDGET
        self._left -= 1
        return await resolver.look_up(key, asked, rtype, self._deadline)
