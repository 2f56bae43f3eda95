"""Both development sets, judged in process: the bar of two expert readers, on what was put aside as well."""

import pytest

from tests.corpora import HELD, SHARED, Letter, action_of, development_set, judge_all, load_for, needs_shared

SETS = ("corpus", "corpus2")
MIN_CAUGHT = 0.95  # lures whose action is one of the expected
MIN_CAUGHT_ASIDE = 0.90  # the same of the put-aside half alone: 30 messages, so two may be missed
MAX_BEYOND = 0.02  # honest messages with an action beyond their expected set

pytestmark = needs_shared
Judged = list[tuple[Letter, str]]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    """Action of every message of both sets."""
    folder = tmp_path_factory.mktemp("corpus")
    found: dict[str, Judged] = {}
    for name in SETS:
        letters = development_set(name)
        actions = [action_of(judgement) for judgement in judge_all(load_for(name, folder), letters)]
        found[name] = list(zip(letters, actions, strict=True))
    return found


def told(rows: Judged) -> str:
    """What went wrong, for the failure's text."""
    return ", ".join(f"{letter.id} {letter.family} {action}" for letter, action in rows)


@pytest.mark.parametrize("name", SETS)
def test_lures_are_caught(judged: dict[str, Judged], name: str) -> None:
    lures = [(letter, action) for letter, action in judged[name] if letter.label == "lure"]
    missed = [(letter, action) for letter, action in lures if action not in letter.expected]
    assert 1 - len(missed) / len(lures) >= MIN_CAUGHT, told(missed)


@pytest.mark.parametrize("name", SETS)
def test_no_honest_message_is_held(judged: dict[str, Judged], name: str) -> None:
    held = [(letter, action) for letter, action in judged[name] if letter.label == "legit" and action in HELD]
    assert not held, told(held)


@pytest.mark.parametrize("name", SETS)
def test_honest_messages_keep_their_expected_action(judged: dict[str, Judged], name: str) -> None:
    honest = [(letter, action) for letter, action in judged[name] if letter.label == "legit"]
    beyond = [(letter, action) for letter, action in honest if action not in letter.expected]
    assert len(beyond) / len(honest) <= MAX_BEYOND, told(beyond)


def test_what_was_put_aside_is_caught_too(judged: dict[str, Judged]) -> None:
    aside = [row for rows in judged.values() for row in rows if row[0].put_aside and row[0].label == "lure"]
    missed = [(letter, action) for letter, action in aside if action not in letter.expected]
    assert len(aside) >= 25
    assert 1 - len(missed) / len(aside) >= MIN_CAUGHT_ASIDE, told(missed)


def test_sets_are_whole() -> None:
    for name, count in (("corpus", 103), ("corpus2", 45)):
        assert len(development_set(name)) == count
    assert (SHARED / "corpus" / "zone.json").is_file()
