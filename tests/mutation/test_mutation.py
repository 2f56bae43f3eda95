"""Lures rewritten as deceivers do keep their action, honest mail rewritten as mail programs do keeps its own.

Rewriting breaks signatures, which would decide by itself: each variant is judged with what authentication said of the
message it was made from. What is forwarded or answered comes from a person's own authenticated mailbox.
"""

import random
from collections import defaultdict
from dataclasses import replace

import pytest

from gateway.daemon.loaded import Loaded
from gateway.model.address import Mailbox
from gateway.model.auth_facts import AuthFacts
from gateway.model.domain import DomainName
from tests.corpora import HELD, Letter, action_of, development_set, judge_all, judge_known, load_for, needs_shared
from tests.invented import authentication_of
from tests.mutation.mutator import DECEPTIONS, HARMLESS, passed_on

pytestmark = needs_shared

MIN_KEPT = 0.95
ORDER = ("relay", "tag", "quarantine", "reject")
PERSON = Mailbox("camille.lormeau", DomainName("orange.fr"))
Judged = tuple[Letter, AuthFacts, str]


class Bench:
    """One development set, its gateway, and the verdicts on the messages as they are."""

    def __init__(self, name: str, loaded: Loaded) -> None:
        self._loaded = loaded
        letters = development_set(name)
        judgements = judge_all(loaded, letters)
        self.judged: list[Judged] = [
            (letter, judgement.auth, action_of(judgement))
            for letter, judgement in zip(letters, judgements, strict=True)
        ]

    def actions(self, variants: list[tuple[Letter, AuthFacts]]) -> list[str]:
        """The action on each variant, authentication given."""
        return [action_of(judgement) for judgement in judge_known(self._loaded, variants)]


@pytest.fixture(scope="module", params=["corpus", "corpus2"])
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Both development sets."""
    name = str(request.param)
    return Bench(name, load_for(name, tmp_path_factory.mktemp(name)))


def own_mailbox() -> AuthFacts:
    """What authentication says of a private person's mail."""
    return authentication_of({"from": str(PERSON), "auth": PERSON.domain, "dmarc_policy": "quarantine"})


def test_lures_keep_their_action(bench: Bench) -> None:
    caught = [item for item in bench.judged if item[0].label == "lure" and item[2] in item[0].expected]
    assert len(caught) >= 15
    lost: dict[str, list[str]] = defaultdict(list)
    for name, change in DECEPTIONS.items():
        variants = [
            (replace(letter, raw=change(letter.raw, random.Random(letter.id))), auth) for letter, auth, _ in caught
        ]
        for (letter, _auth, action), new in zip(caught, bench.actions(variants), strict=True):
            if new not in HELD and ORDER.index(new) < ORDER.index(action):
                lost[name].append(f"{letter.id} {letter.family} {new}")
    share = 1 - sum(map(len, lost.values())) / (len(caught) * len(DECEPTIONS))
    assert share >= MIN_KEPT, f"{share:.3f} kept; lost: {dict(lost)}"


def test_honest_mail_keeps_its_action(bench: Bench) -> None:
    honest = [item for item in bench.judged if item[0].label == "legit"]
    hurt: dict[str, list[str]] = defaultdict(list)
    for name, change in HARMLESS.items():
        variants = [
            (replace(letter, raw=change(letter.raw, random.Random(letter.id))), auth) for letter, auth, _ in honest
        ]
        for (letter, _auth, action), new in zip(honest, bench.actions(variants), strict=True):
            if ORDER.index(new) > ORDER.index(action):
                hurt[name].append(f"{letter.id} {letter.family} {new}")
    assert not hurt, dict(hurt)


@pytest.mark.parametrize("reply", [False, True], ids=["forwarded", "answered"])
def test_honest_mail_passed_on_is_relayed(bench: Bench, reply: bool) -> None:
    honest = [item for item in bench.judged if item[0].label == "legit" and item[2] == "relay"]
    author = f"Camille Lormeau <{PERSON}>"
    variants = [
        (replace(letter, raw=passed_on(letter.raw, author, reply=reply), mail_from=str(PERSON)), own_mailbox())
        for letter, _auth, _action in honest
    ]
    hurt = [
        f"{letter.id} {letter.family} {new}"
        for (letter, _auth, _action), new in zip(honest, bench.actions(variants), strict=True)
        if new != "relay"
    ]
    assert not hurt, hurt


def test_every_rewriting_changes_the_bytes(bench: Bench) -> None:
    letter = next(item[0] for item in bench.judged if item[0].label == "lure")
    for change in (*DECEPTIONS.values(), *HARMLESS.values()):
        assert change(letter.raw, random.Random(1)) != letter.raw
