"""Everything one run of the pipeline found out about a message, for those who report, log, hold and explain it."""

from dataclasses import dataclass

from gateway.model.auth_facts import AuthFacts
from gateway.model.content_facts import ContentFacts
from gateway.model.envelope import Submission
from gateway.model.hit import RuleOutcome
from gateway.model.message import Message
from gateway.model.verdict import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One message, judged."""

    submission: Submission
    message: Message
    auth: AuthFacts
    content: ContentFacts
    outcome: RuleOutcome
    decision: Decision
    milliseconds: float  # wall time of the judgement
    stages: tuple[tuple[str, float], ...] = ()  # stage -> seconds
