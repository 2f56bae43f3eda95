"""Facts of a message in, rule hits out. Pure; everything dear was done at load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.model.auth_facts import AuthFacts
from gateway.model.content_facts import ContentFacts
from gateway.model.hit import RuleHit, RuleMode, RuleOutcome
from gateway.model.message import Message
from gateway.rulebook.compile import Compiled
from gateway.rulebook.scan import Literals
from gateway.rulebook.schema import Rule
from gateway.rulebook.view import View

MAX_PLACES = 20  # stretches told of one hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All rules of a load, ready to run; never changes."""

    compiled: tuple[Compiled, ...]  # in the order of asking: composites after what they ask about
    literals: Literals
    family_caps: tuple[tuple[str, float], ...] = ()
    switched_off: tuple[Rule, ...] = ()
    by_id: Mapping[str, Rule] = field(default_factory=dict)

    @property
    def rules(self) -> Sequence[Rule]:
        """Every rule in force (points and mode as overridden), by family and id."""
        return sorted((item.rule for item in self.compiled), key=lambda rule: (rule.family, rule.id))

    def match(self, content: ContentFacts, auth: AuthFacts, message: Message | None) -> RuleOutcome:
        """Every rule that holds for these facts, and the ids of those that could not be known.

        A composite sees the hits of rules that count: a rule on trial (shadow) can't bring points by another's hand.
        """
        view = View(content, auth, message, self.literals)
        hits: list[RuleHit] = []
        unknown: list[str] = []
        kinds = view.kinds
        for item in self.compiled:
            for clause in item.clauses:
                if clause.isdisjoint(kinds):
                    break
            else:
                rule = item.rule
                answer = item.node.truth(view)
                if answer is True:
                    hits.append(_hit(item, view))
                    if rule.mode is RuleMode.ENFORCE:
                        view.hits[rule.id] = rule.family
                elif answer is None:
                    unknown.append(rule.id)
                    view.unknown_rules.add(rule.id)
        return RuleOutcome(hits=tuple(hits), unknown=tuple(unknown), family_caps=self.family_caps)


def _hit(item: Compiled, view: View) -> RuleHit:
    grounds, places = item.explain(view)
    rule = item.rule
    return RuleHit(
        rule=rule.id,
        family=rule.family,
        points=rule.points,
        mode=rule.mode,
        reason=rule.reason,
        grounds=grounds,
        where=places[:MAX_PLACES],
        needs_approval=rule.needs_approval,
        overrides_allow=rule.overrides_allow,
    )
