"""Whole messages of our own invention: kinds that the development sets don't hold, judged with given authentication.

The last files were written by examiners who had not read the rules, as rounds of an examination: what was caught and
spared at first sight stands on top of each. They are kept so that no later change loses what was won.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.daemon.loaded import Loaded
from tests.corpora import HELD, action_of, load_with
from tests.invented import Row, judge_rows

OWN_PEOPLE = [{"name": "Jeanne Martin", "role": "directrice générale", "addresses": ["j.martin@mutuelle.example"]}]
SETTINGS: dict[str, Any] = {
    "relay_domains": ["mutuelle.example"],
    "organisation": {
        "name": "Mutuelle Exemple",
        "domains": ["mutuelle.example"],
        "people": OWN_PEOPLE,
        "report_mailboxes": ["abuse@mutuelle.example"],
        "benefits_mailboxes": ["prestations@mutuelle.example"],
    },
}
FILES = ("invented_mail", "long_mail")
MIN_HELD = 0.95
MAX_BEYOND = 0.02
SAUVAGINE: dict[str, Any] = {  # of the rounds from the third on
    "relay_domains": ["mutuelle-sauvagine.fr", "sauvagine-sante.fr"],
    "organisation": {
        "name": "Mutuelle Sauvagine",
        "domains": ["mutuelle-sauvagine.fr", "sauvagine-sante.fr"],
        "services": ["rh-tournesol.fr", "assist-desk.eu"],
        "people": [
            {"name": name, "role": role, "addresses": [f"{local}@mutuelle-sauvagine.fr"]}
            for name, role, local in (
                ("Arnaud Verdelhan", "directeur général", "arnaud.verdelhan"),
                ("Céline Osmont", "directrice financière", "celine.osmont"),
                ("Damien Faucheur", "RSSI", "damien.faucheur"),
            )
        ],
        "report_mailboxes": ["abuse@mutuelle-sauvagine.fr"],
        "benefits_mailboxes": ["prestations@mutuelle-sauvagine.fr", "remboursements@sauvagine-sante.fr"],
    },
}
# file -> the most that may be missed, be held though honest, be tagged though honest
ROUNDS = {
    "blind_round_1": (1, 1, 1),
    "blind_round_2": (3, 1, 1),
    "blind_round_3": (1, 0, 0),
    "blind_round_4": (3, 0, 0),
    "blind_round_5": (0, 1, 0),
    "blind_round_6": (1, 1, 0),
    "blind_round_7": (2, 1, 0),
    "blind_round_8": (1, 0, 0),
    "blind_round_9": (0, 0, 0),
    "blind_round_10": (0, 0, 1),
    "blind_round_11": (0, 0, 0),
    "blind_round_12": (0, 0, 0),
    "blind_round_13": (0, 0, 0),
    "blind_round_14": (0, 0, 0),
    "blind_round_16": (1, 0, 0),
    "blind_round_19": (0, 0, 0),
    "blind_round_20": (0, 0, 0),
    "blind_round_22": (0, 0, 0),
    "daily_mail": (3, 0, 0),  # no round: written beside the rules
    "daily_mail_2": (1, 0, 0),  # the same
    "daily_mail_3": (2, 0, 0),  # the same
    "daily_mail_4": (2, 0, 0),  # the same
    "daily_mail_5": (4, 0, 0),  # the same
    "daily_mail_6": (1, 0, 0),  # the same
    "daily_mail_7": (3, 0, 0),  # the same
    "daily_mail_8": (0, 0, 0),  # the same
    "daily_mail_9": (0, 0, 0),  # the same
    "daily_mail_10": (1, 0, 0),  # the same
    "danger_mail": (0, 0, 0),  # no round: written beside the rules, for the same mutuelle
    "threats": (0, 0, 0),
    "money_mail": (0, 0, 0),  # the same
    "off_their_place": (0, 0, 1),  # the same
    "off_their_place_2": (0, 2, 0),  # the same
    "off_their_place_3": (0, 0, 0),  # the same
    "office_mail": (6, 2, 1),  # the same
}


def load_rows(kind: str, file: str = FILES[0]) -> list[Row]:
    """The lures or the honest messages of a table."""
    path = Path(__file__).parent / f"{file}.yml"
    rows: list[Row] = yaml.safe_load(path.read_text(encoding="utf-8"))[kind]
    return rows


def wrong(loaded: Loaded, file: str, kind: str) -> list[tuple[str, str, str]]:
    """Author, subject and action of every message that got what is not right for it."""
    rows = load_rows(kind, file)
    actions = [action_of(judgement) for judgement in judge_rows(loaded, rows)]
    right = HELD if kind == "lures" else ("relay",)
    both = zip(rows, actions, strict=True)
    return [(row["from"], row["subject"], action) for row, action in both if action not in row.get("expect", right)]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The gateway of an invented mutuelle."""
    return load_with(SETTINGS, tmp_path_factory.mktemp("invented"))


@pytest.mark.parametrize("file", FILES)
def test_lures_are_held(loaded: Loaded, file: str) -> None:
    missed = wrong(loaded, file, "lures")
    assert 1 - len(missed) / len(load_rows("lures", file)) >= MIN_HELD, missed


@pytest.mark.parametrize("file", FILES)
def test_honest_mail_passes(loaded: Loaded, file: str) -> None:
    beyond = wrong(loaded, file, "honest")
    assert not [found for found in beyond if found[2] in HELD]
    assert len(beyond) / len(load_rows("honest", file)) <= MAX_BEYOND, beyond


@pytest.fixture(scope="module")
def sauvagine(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The gateway of the other invented mutuelle."""
    return load_with(SAUVAGINE, tmp_path_factory.mktemp("sauvagine"))


@pytest.mark.parametrize("file", ROUNDS)
def test_no_round_of_the_examination_gets_worse(loaded: Loaded, sauvagine: Loaded, file: str) -> None:
    loaded = loaded if file in ("blind_round_1", "blind_round_2") else sauvagine
    most_missed, most_held, most_tagged = ROUNDS[file]
    missed = wrong(loaded, file, "lures")
    beyond = wrong(loaded, file, "honest")
    held = [found for found in beyond if found[2] in HELD]
    tagged = [found for found in beyond if found[2] not in HELD]
    assert len(missed) <= most_missed, missed
    assert len(held) <= most_held, held
    assert len(tagged) <= most_tagged, tagged


def test_no_honest_letter_of_everyday_life_is_held(sauvagine: Loaded) -> None:
    rows = load_rows("honest", "honest_life")
    beyond = wrong(sauvagine, "honest_life", "honest")
    assert len(rows) >= 100
    assert not [found for found in beyond if found[2] in HELD]
    assert len(beyond) / len(rows) <= MAX_BEYOND, beyond
