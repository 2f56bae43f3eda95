"""What we think of a message (Verdict) and what we do with it for each recipient (Disposition)."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.model.envelope import Recipient
from gateway.model.hit import RuleHit
from gateway.model.reply import Reply


class Action(StrEnum):
    """What is done with a message for one recipient, from the mildest to the strictest but `defer`."""

    RELAY = "relay"
    TAG = "tag"
    QUARANTINE = "quarantine"
    REJECT = "reject"
    DEFER = "defer"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientAction:
    """The action for one recipient. `intended` is what would be done whatever the mode (watch and tag soften it)."""

    recipient: Recipient
    action: Action
    intended: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What we think, and why: the strictest recipient's."""

    action: Action  # intended by the strictest recipient, whatever the mode
    score: float
    reasons: tuple[str, ...]  # French, strongest first
    hits: tuple[RuleHit, ...]
    unchecked: tuple[str, ...] = ()
    rules_unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The verdict and what follows from it for each recipient."""

    verdict: Verdict
    recipients: tuple[RecipientAction, ...]
    refusal: Reply | None = None  # the reply, when the whole message is refused or deferred
