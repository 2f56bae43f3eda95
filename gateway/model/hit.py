"""A rule that matched, and what kind of thing made it match."""

from dataclasses import dataclass
from enum import StrEnum


class RuleMode(StrEnum):
    """Whether a rule's points count."""

    ENFORCE = "enforce"
    SHADOW = "shadow"  # counted and logged, no points


class Ground(StrEnum):
    """What a hit rests on. Signs (words) alone never hold a message (DESIGN §6)."""

    PROOF = "proof"  # claim against proof
    ADDRESS = "address"  # address against address
    FORM = "form"  # what only deceivers need
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """One rule that matched this message."""

    rule: str
    family: str
    points: float
    mode: RuleMode
    reason: str  # French, one sentence, from the rule file
    grounds: frozenset[Ground]
    where: tuple[tuple[int, int], ...] = ()  # stretches of the folded text
    needs_approval: bool = False  # release asks for a second person
    overrides_allow: bool = False  # own-domain and executable findings: an allow entry doesn't cover them


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """Everything the rulebook said of one message."""

    hits: tuple[RuleHit, ...] = ()
    unknown: tuple[str, ...] = ()  # ids of rules whose condition could not be known
    family_caps: tuple[tuple[str, float], ...] = ()  # family -> most points it may give
