"""Judging the messages of `tests/vectors/rule_pack/` with the built-in pack, as `serve` would with default policy."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from gateway.cli.proof_reading import proof_judge
from gateway.daemon.scanner import path_of
from gateway.decision.disposition import decide
from gateway.model.content_facts import ContentFacts
from gateway.model.directory import Directory
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.model.hit import RuleHit
from gateway.model.message import Message
from gateway.rulebook.examples import PROOF_ORGANISATION, Judge, envelope_of, message_of
from gateway.rulebook.load import load_directory, load_rulebook
from gateway.rulebook.match import Rulebook
from gateway.rulebook.rule_file import read_proof
from gateway.rulebook.schema import Proof
from gateway.settings.schema import Settings
from gateway.settings.yaml_lines import load_yaml

FOLDER = Path(__file__).parent / "vectors" / "rule_pack"
SETTINGS = Settings(organisation=PROOF_ORGANISATION)


@dataclass(frozen=True)
class Case:
    """One message and the actions it may meet."""

    name: str
    actions: frozenset[str]
    proof: Proof


@dataclass(frozen=True)
class Judged:
    """What the pack and the default policy made of it."""

    action: str
    score: float
    hits: tuple[RuleHit, ...]
    content: ContentFacts
    message: Message


@lru_cache(maxsize=1)
def pack() -> tuple[Rulebook, Directory, Judge]:
    """The built-in pack for the proofs' organisation."""
    directory = load_directory(("builtin",), PROOF_ORGANISATION)
    return load_rulebook(("builtin",), {}, Path(), directory), directory, proof_judge(directory)


def load_cases(kind: str) -> list[Case]:
    """The cases of `lures.yml` or `honest.yml`."""
    node = load_yaml(FOLDER / f"{kind}.yml")
    assert isinstance(node.data, list)
    usual = ["quarantine", "reject"] if kind == "lures" else ["relay"]
    cases = []
    for index, item in enumerate(node.data):
        given = dict(item)
        name, actions = given.pop("name"), given.pop("action", usual)
        cases.append(Case(name, frozenset(actions), read_proof(node, given, (index,))))
    return cases


def try_proof(proof: Proof) -> Judged:
    """Judge one message."""
    rulebook, _, judge = pack()
    known = envelope_of(proof)
    content, auth, message = judge(message_of(proof), known)
    outcome = rulebook.match(content, auth, message)
    envelope = Envelope(
        client=Client(address=None),
        mail_from=path_of(known.mail_from) if known.mail_from is not None else None,
        recipients=tuple(Recipient(path=path_of(address)) for address in known.recipients),
    )
    decision = decide(
        settings=SETTINGS,
        envelope=envelope,
        auth=auth,
        content=content,
        outcome=outcome,
        unchecked=(),
        today=date(2026, 11, 25),
    )
    return Judged(str(decision.verdict.action), decision.verdict.score, outcome.hits, content, message)


def try_case(case: Case) -> Judged:
    """Judge one case."""
    return try_proof(case.proof)
