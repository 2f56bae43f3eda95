"""The invented messages rewritten too: each lure by some deceptions in turn, each honest message by all habits."""

import random
from dataclasses import replace

import pytest

from gateway.daemon.loaded import Loaded
from gateway.model.auth_facts import AuthFacts
from tests.corpora import HELD, Letter, action_of, judge_known, load_with
from tests.invented import authentication_of, letter_of
from tests.mutation.mutator import DECEPTIONS, HARMLESS, passed_on
from tests.mutation.test_mutation import MIN_KEPT, ORDER, PERSON, own_mailbox
from tests.vectors.test_corpus_invented import SETTINGS, load_rows

TURNS = 5  # deceptions that each lure gets, so that all stay within seconds


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The gateway of an invented mutuelle."""
    return load_with(SETTINGS, tmp_path_factory.mktemp("invented"))


def actions(loaded: Loaded, known: list[tuple[Letter, AuthFacts]]) -> list[str]:
    """The action on each message, authentication given."""
    return [action_of(judgement) for judgement in judge_known(loaded, known)]


def invented(kind: str) -> list[tuple[Letter, AuthFacts]]:
    """The lures or the honest messages."""
    return [(letter_of(row, index), authentication_of(row)) for index, row in enumerate(load_rows(kind))]


def test_lures_stay_held(loaded: Loaded) -> None:
    lures = invented("lures")
    first = actions(loaded, lures)
    held = [item for item, action in zip(lures, first, strict=True) if action in HELD]
    names = list(DECEPTIONS)
    variants = [
        (names[(index * TURNS + turn) % len(names)], letter, auth)
        for index, (letter, auth) in enumerate(held)
        for turn in range(TURNS)
    ]
    rewritten = [
        (replace(letter, raw=DECEPTIONS[name](letter.raw, random.Random(letter.id))), auth)
        for name, letter, auth in variants
    ]
    after = actions(loaded, rewritten)
    lost = [(name, letter.id) for (name, letter, _), action in zip(variants, after, strict=True) if action not in HELD]
    assert 1 - len(lost) / len(variants) >= MIN_KEPT, lost


def test_honest_messages_keep_theirs(loaded: Loaded) -> None:
    honest = invented("honest")
    before = actions(loaded, honest)
    for name, change in HARMLESS.items():
        if name == "warning below":
            continue  # a footer changes what is said; the development sets hold that it changes nothing
        after = actions(
            loaded,
            [(replace(letter, raw=change(letter.raw, random.Random(letter.id))), auth) for letter, auth in honest],
        )
        hurt = [
            letter.id
            for (letter, _), old, new in zip(honest, before, after, strict=True)
            if ORDER.index(new) > ORDER.index(old)
        ]
        assert not hurt, (name, hurt)


@pytest.mark.parametrize("reply", [False, True], ids=["forwarded", "answered"])
def test_honest_messages_passed_on_are_relayed(loaded: Loaded, reply: bool) -> None:
    author = f"Camille Lormeau <{PERSON}>"
    letters = [
        replace(letter, raw=passed_on(letter.raw, author, reply=reply), mail_from=str(PERSON))
        for letter, _ in invented("honest")
    ]
    after = actions(loaded, [(letter, own_mailbox()) for letter in letters])
    assert not [letter.id for letter, action in zip(letters, after, strict=True) if action != "relay"]
