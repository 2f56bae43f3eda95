"""Who releases: the pack asks for one person, the operator may ask for two."""

from pathlib import Path

from gateway.rulebook.load import load_rulebook
from gateway.settings.schema import RuleOverride


def test_the_pack_lets_one_person_release_and_the_operator_may_ask_for_two() -> None:
    pack = load_rulebook(["builtin"], {}, Path())
    assert [rule.id for rule in pack.rules if rule.needs_approval] == []
    chosen = pack.rules[0].id
    stricter = load_rulebook(["builtin"], {chosen: RuleOverride(needs_approval=True)}, Path())
    assert [rule.id for rule in stricter.rules if rule.needs_approval] == [chosen]
