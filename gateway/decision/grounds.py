"""How points of rule hits add up: capped per family, and signs (words) kept from holding a message alone."""

from collections import defaultdict
from dataclasses import dataclass

from gateway.model.hit import Ground, RuleHit, RuleMode

RELATIONS = frozenset({Ground.PROOF, Ground.ADDRESS, Ground.FORM})
_JUST_BELOW = 0.1


@dataclass(frozen=True, slots=True)
class Score:
    """Points of all enforced hits, and of those that rest on a relation (proof, address, form)."""

    total: float
    related: float

    def against(self, quarantine_at: float) -> float:
        """The score as it counts: without a hit that tests a relation it stays below `quarantine_at` (DESIGN §6)."""
        return self.total if self.related > 0 else min(self.total, quarantine_at - _JUST_BELOW)

    def for_benefits_mailbox(self, quarantine_at: float) -> float:
        """The score where members write: only relations may bring it to `quarantine_at`."""
        return self.total if self.related >= quarantine_at else min(self.total, quarantine_at - _JUST_BELOW)


def add_up(hits: tuple[RuleHit, ...], caps: dict[str, float]) -> Score:
    """The score of these hits. Shadow hits give nothing; a family gives at most its cap."""
    total: dict[str, float] = defaultdict(float)
    related: dict[str, float] = defaultdict(float)
    for hit in hits:
        if hit.mode is not RuleMode.ENFORCE:
            continue
        total[hit.family] += hit.points
        if hit.grounds & RELATIONS:
            related[hit.family] += hit.points
    return Score(_capped_sum(total, caps), _capped_sum(related, caps))


def _capped_sum(points: dict[str, float], caps: dict[str, float]) -> float:
    return round(sum(min(value, caps.get(family, value)) for family, value in points.items()), 2)
