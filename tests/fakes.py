"""Small real things in place of the outside world, shared by the tests of all rooms."""

from collections import Counter
from collections.abc import Mapping

from gateway.model.dns_answer import DnsAnswer, RecordType
from gateway.resolver.zone import ZoneResolver


class FakeResolver:
    """Answers from a zone as `--zone` files are written (name -> type -> values, or "TIMEOUT", "SERVFAIL")."""

    def __init__(self, zone: Mapping[str, object] | None = None) -> None:
        self._zone = ZoneResolver(zone or {})
        self.asked: list[tuple[str, RecordType]] = []  # every question, in order

    def for_message(self, _deadline: float) -> "FakeResolver":
        """Itself."""
        return self

    async def query(self, name: str, rtype: RecordType) -> DnsAnswer:
        """One answer, noted in `asked`."""
        self.asked.append((name, rtype))
        return await self._zone.query(name, rtype)


class FakeObserver:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.refusals: Counter[str] = Counter()
        self.open_connections = 0
        self.next_hop_replies: Counter[str] = Counter()
        self.dns_answers: Counter[str] = Counter()
        self.inspections: Counter[str] = Counter()
        self.events: list[tuple[str, dict[str, str | int | float | bool | None]]] = []

    def refused(self, reason: str) -> None:
        """Count a refusal."""
        self.refusals[reason] += 1

    def connections(self, change: int) -> None:
        """Follow the number of sessions."""
        self.open_connections += change

    def next_hop_reply(self, reply_class: str) -> None:
        """Count a next hop's answer."""
        self.next_hop_replies[reply_class] += 1

    def dns_answer(self, kind: str) -> None:
        """Count an answer of DNS."""
        self.dns_answers[kind] += 1

    def inspected(self, outcome: str) -> None:
        """Count an inspection."""
        self.inspections[outcome] += 1

    def event(self, name: str, **fields: str | int | float | bool | None) -> None:
        """Keep an event."""
        self.events.append((name, fields))
