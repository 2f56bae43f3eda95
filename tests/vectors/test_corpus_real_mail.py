"""Real mail of which no envelope is known, judged without authentication: honest passes, most phishing is marked."""

from collections import Counter

import pytest

from tests.corpora import HELD, Letter, action_of, insurer_texts, judge_all, load_for, needs_shared, real_mail

HONEST = {"ham-modern": 95, "ham-classic": 65}
MAX_TAGGED = 0.01
PHISHING = {"french/french-phishing": (73, 0.60), "phishing": (100, 0.40)}

pytestmark = needs_shared


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Letter, str]]]:
    """Action of every message of every archive."""
    loaded = load_for("corpus", tmp_path_factory.mktemp("real"))
    archives = {name: real_mail(name, "legit") for name in HONEST} | {"insurer": insurer_texts()}
    archives |= {name: real_mail(name, "lure") for name in PHISHING}
    return {
        name: list(zip(letters, map(action_of, judge_all(loaded, letters)), strict=True))
        for name, letters in archives.items()
    }


def test_archives_are_whole(judged: dict[str, list[tuple[Letter, str]]]) -> None:
    wanted = HONEST | {"insurer": 19} | {name: count for name, (count, _share) in PHISHING.items()}
    assert {name: len(rows) for name, rows in judged.items()} == wanted


def test_honest_mail_passes(judged: dict[str, list[tuple[Letter, str]]]) -> None:
    rows = [row for name in (*HONEST, "insurer") for row in judged[name]]
    touched = [f"{letter.id} {action}" for letter, action in rows if action != "relay"]
    assert not [letter.id for letter, action in rows if action in HELD]
    assert len(touched) / len(rows) <= MAX_TAGGED, touched


@pytest.mark.parametrize("name", PHISHING)
def test_phishing_is_marked(judged: dict[str, list[tuple[Letter, str]]], name: str) -> None:
    _count, share = PHISHING[name]
    actions = Counter(action for _letter, action in judged[name])
    marked = sum(actions[action] for action in ("tag", *HELD))
    assert marked / actions.total() >= share, actions
