"""Asks and signs by sentences: both directions, French and English, of our own invention."""

from pathlib import Path

import pytest
import yaml

from gateway.content.asks import find_asks
from gateway.content.folding import fold
from gateway.content.signs import find_signs, read_intent
from gateway.model.folded import Folded, Region, Span

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
Case = dict[str, str | list[str]]


def folded(text: str, region: Region = Region.VISIBLE) -> Folded:
    """A text as the folding gives it, all in one region."""
    plain = fold(text)
    return Folded(text=plain, spans=(Span(region, 0, len(plain)),))


def cases() -> list[Case]:
    """Every row of every table."""
    tables = (
        "asks",
        "asks_english",
        "asks_negative",
        "asks_signs",
        "asks_context",
        "asks_told",
        "asks_money",
        "asks_danger",
        "asks_threats",
        "asks_data",
    )
    return [row for name in tables for row in yaml.safe_load((VECTORS / f"{name}.yml").read_text(encoding="utf-8"))]


def test_tables_are_large_and_say_both() -> None:
    rows = cases()
    assert len(rows) >= 250
    assert sum("has" in row for row in rows) >= 150
    assert sum("not" in row for row in rows) >= 80


@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case["text"])[:60])
def test_sentence(case: Case) -> None:
    asks, signs = read_intent(folded(str(case["text"])))
    said = {ask.kind.value for ask in asks if ask.region is Region.VISIBLE}
    shown = {ask.kind.value for ask in asks if ask.region is Region.QUOTED}
    kinds = {sign.kind.value for sign in signs}
    why = f"asks {[(a.kind.value, a.words) for a in asks]} signs {[(s.kind.value, s.words) for s in signs]}"
    assert set(case.get("has", ())) <= said, why
    refused = set(case.get("not", ()))
    assert not (said if "any" in refused else said & refused), why
    assert set(case.get("signs", ())) <= kinds, why
    assert not set(case.get("not_signs", ())) & kinds, why
    if "shown" in case:
        assert set(case["shown"]) <= shown, why
        assert not set(case["shown"]) & said, why


def test_both_doors_agree() -> None:
    text = folded("Veuillez confirmer vos identifiants sous 48 h. Ne donnez jamais votre code.")
    asks, signs = read_intent(text)
    assert find_asks(text) == asks
    assert find_signs(text) == signs


def test_offsets_lead_back_to_the_words() -> None:
    text = folded("Bonjour,\nMerci de nous communiquer rapidement votre RIB.\nCordialement")
    ask = next(ask for ask in find_asks(text) if ask.kind == "bank_details")
    assert text.text[ask.start : ask.end] == "communiquer rapidement votre rib"
    assert ask.words == "communiquer ... rib"


def test_regions_are_told_apart() -> None:
    subject, body, quoted = "confirmez votre compte", "bonjour", "indiquez votre iban"
    text = f"{subject}\n{body}\n{quoted}"
    spans = (
        Span(Region.SUBJECT, 0, len(subject)),
        Span(Region.VISIBLE, len(subject) + 1, len(subject) + 1 + len(body)),
        Span(Region.QUOTED, len(text) - len(quoted), len(text)),
    )
    found = {(ask.kind.value, ask.region) for ask in find_asks(Folded(text=text, spans=spans))}
    assert ("confirm", Region.SUBJECT) in found
    assert ("bank_details", Region.QUOTED) in found
    assert not any(region is Region.VISIBLE for _kind, region in found)


def test_no_value_is_repeated() -> None:
    text = folded("Virez mon remboursement sur FR76 3000 6000 0112 3456 7890 189 désormais.")
    for ask in find_asks(text):
        assert "3000" not in ask.words


def test_empty_text_has_nothing() -> None:
    assert read_intent(Folded()) == ((), ())


def test_salad_is_bounded() -> None:
    words = "confirmez votre rib carte bancaire merci de veuillez urgent suspendu mot de passe cliquez ici 12 euros "
    for joint in ("", ". ", "\n"):
        text = folded((words + joint) * 2000)
        asks, signs = read_intent(text)
        assert len(asks) <= 200
        assert len(signs) <= 400
