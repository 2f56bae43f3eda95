"""What DNS said and for how long it holds: least recently used first out, bounded in entries and in bytes."""

from collections import OrderedDict

from gateway.model.dns_answer import AnswerKind, DnsAnswer

MIN_TTL_S = 5.0  # a TTL of 0 would let one sender make us ask for every message
MAX_TTL_S = 86_400.0
MAX_NEGATIVE_TTL_S = 3_600.0  # RFC 2308 §5
NO_SOA_TTL_S = 30.0  # a negative answer that does not say how long it holds
STALE_S = 3_600.0  # how long an answer past its time may stand in when DNS can't be asked (RFC 8767)
STALE_RETRY_S = 30.0  # RFC 8767 §5: a stale answer in use stands so long before DNS is asked again
MAX_BYTES = 32 * 1024 * 1024


class Entry:
    """One answer. Times are the loop's (s)."""

    __slots__ = ("answer", "fresh_until", "size", "stale_until")

    def __init__(self, answer: DnsAnswer, fresh_until: float, size: int) -> None:
        self.answer = answer
        self.fresh_until = fresh_until
        self.stale_until = fresh_until + STALE_S
        self.size = size


class Cache:
    """Answers by key. Failures are not kept: each question finds out anew whether DNS can be asked."""

    def __init__(self, max_entries: int, max_bytes: int = MAX_BYTES) -> None:
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def fresh(self, key: str, now: float) -> DnsAnswer | None:
        """The answer, when it still holds."""
        entry = self._entries.get(key)
        if entry is None or entry.fresh_until <= now:
            return None
        self._entries.move_to_end(key)
        return entry.answer

    def has_stale(self, key: str, now: float) -> bool:
        """Whether `stale` would give something."""
        entry = self._entries.get(key)
        return entry is not None and entry.stale_until > now

    def stale(self, key: str, now: float) -> DnsAnswer | None:
        """An answer past its time that may stand in; it then counts as fresh for a short while."""
        entry = self._entries.get(key)
        if entry is None or entry.stale_until <= now:
            return None
        entry.fresh_until = min(now + STALE_RETRY_S, entry.stale_until)
        return entry.answer

    def put(self, key: str, answer: DnsAnswer, ttl_s: float | None, now: float) -> None:
        """Remember an answer for its time, clamped; None is a negative answer without a SOA."""
        if answer.failed or not self._max_entries:
            return
        longest = MAX_TTL_S if answer.kind is AnswerKind.FOUND else MAX_NEGATIVE_TTL_S
        lasts = min(max(NO_SOA_TTL_S if ttl_s is None else ttl_s, MIN_TTL_S), longest)
        old = self._entries.pop(key, None)
        entry = Entry(answer, now + lasts, len(key) + sum(map(len, answer.values)) + 200)
        self._entries[key] = entry
        self._bytes += entry.size - (old.size if old else 0)
        while len(self._entries) > self._max_entries or self._bytes > self._max_bytes:
            _, dropped = self._entries.popitem(last=False)
            self._bytes -= dropped.size
