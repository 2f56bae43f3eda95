"""The notation of the tables, the prepared text, and sentences with their tokens."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.content import grammar_tags as t
from gateway.content.grammar import (
    MAX_HEAD,
    MAX_TAIL,
    MAX_TOKENS,
    entries,
    expand,
    prepare,
    sentences,
)
from gateway.content.grammar_nouns import ENDINGS, OBJECTS
from gateway.content.grammar_phrases import BETWEEN, PHRASES
from gateway.content.grammar_threats import THREATS
from gateway.content.grammar_verbs import ENGLISH, NEED, NEEDED, NOUNS, PASSIVE
from gateway.content.money_tables import MONEY
from gateway.content.signs import read_intent
from gateway.content.signs_tables import REPORTS, SIGNS, WARNINGS
from gateway.model.folded import Folded, Region, Span

MAX_PHRASES = 6000  # of one entry

WORDS = [
    "confirmez",
    "votre rib",
    "carte bancaire",
    "merci de",
    "ne",
    "jamais",
    "urgent",
    "48 h",
    ".",
    "\n",
    "cliquez ici",
]


def plain(text: str) -> Folded:
    """A folded text in one region."""
    return Folded(text=text, spans=(Span(Region.VISIBLE, 0, len(text)),))


@pytest.mark.parametrize(
    ("entry", "phrases"),
    [
        ("mot de passe", ["mot de passe"]),
        ("[le|la] carte[|s]", ["le carte", "le cartes", "la carte", "la cartes"]),
        ("merci [bien |]de", ["merci bien de", "merci de"]),
        ("[a|b] [|c]", ["a", "a c", "b", "b c"]),
        ("un\n     deux", ["un deux"]),
    ],
)
def test_expand(entry: str, phrases: list[str]) -> None:
    assert sorted(expand(entry)) == sorted(phrases)


def test_line_ends_beside_a_choice_are_none_of_it() -> None:
    assert list(entries("chang[e|\n        er] de; fin")) == ["change de", "changer de", "fin"]


def test_tables_hold_what_a_folded_text_can_hold() -> None:
    tables = [*OBJECTS.values(), *BETWEEN.values(), *PHRASES.values(), *SIGNS.values(), *NOUNS.values()]
    tables += [*PASSIVE.values(), *ENGLISH.values(), NEED, NEEDED, WARNINGS, REPORTS]
    for table in tables:
        for phrase in entries(table):
            assert re.fullmatch(r"[a-z0. ]+", phrase), phrase
            assert not re.search("[1-9]", phrase), phrase


def test_no_entry_stands_for_a_crowd_of_phrases() -> None:
    """Choices multiply: one entry of seven groups once stood for 463,104 phrases, 100 MB and a second and a half."""
    tables = [
        *PHRASES.values(),
        *SIGNS.values(),
        *ENDINGS.values(),
        *MONEY.values(),
        *THREATS.values(),
        *BETWEEN.values(),
    ]
    tables += [
        *OBJECTS.values(),
        *NOUNS.values(),
        *PASSIVE.values(),
        *ENGLISH.values(),
        NEED,
        NEEDED,
        REPORTS,
        WARNINGS,
    ]
    crowds = [entry for table in tables for entry in table.split(";") if len(list(entries(entry))) > MAX_PHRASES]
    assert crowds == []


def test_prepare_keeps_lengths_and_finds_ends() -> None:
    text = 'payez 12,50 euros. "vite" !\nau www.site.fr ? oui'
    buffer, ends = prepare(text)
    assert len(buffer) == len(text) + 3
    assert buffer.startswith(b" payez 00 00 euros")
    assert ends[-1] == len(text)
    assert b"www.site.fr" in buffer
    assert text.index("\n") in ends


def test_sentences_are_parted_and_tagged() -> None:
    _buffer, found = sentences(plain("merci de confirmer votre compte. il fait beau. urgent"))
    assert len(found) == 2
    assert found[0].tags & t.REQUEST
    assert found[0].tags & t.V_CONFIRM
    assert found[1].tags & t.S_URGENCY


def test_words_are_whole() -> None:
    _buffer, found = sentences(plain("attribut ribambelle amelioration lencodeur"))
    assert not any(sentence.tags & (t.O_BANK | t.O_CODE) for sentence in found)


def test_account_numbers_are_seen_by_their_shape() -> None:
    _buffer, found = sentences(plain("sur le compte lt12 1000 0111 0100 1000 merci"))
    assert found[0].tags & t.O_IBAN


def test_long_sentences_are_read_in_pieces() -> None:
    _buffer, found = sentences(plain("confirmez votre rib " * 200))
    assert max(len(sentence.tokens) for sentence in found) <= MAX_TOKENS


def test_tokens_of_a_salad_are_bounded_per_span() -> None:
    half = "confirmez votre rib. " * 5000
    text = f"{half}\n{half}"
    spans = (Span(Region.VISIBLE, 0, len(half)), Span(Region.HIDDEN, len(half) + 1, len(text)))
    _buffer, found = sentences(Folded(text=text, spans=spans))
    assert sum(len(sentence.tokens) for sentence in found) <= 2 * (MAX_HEAD + MAX_TAIL)


def test_a_lure_behind_a_salad_in_its_own_region_is_still_read() -> None:
    salad, lure = "urgent compte. " * 8000, "veuillez confirmer votre mot de passe"
    text = f"{lure}\n{salad}"
    spans = (Span(Region.VISIBLE, 0, len(lure)), Span(Region.HIDDEN, len(lure) + 1, len(text)))
    asks, _signs = read_intent(Folded(text=text, spans=spans))
    assert any(ask.kind == "credentials" and ask.region is Region.VISIBLE for ask in asks)
    tail = f"{salad}{lure}"
    asks, _signs = read_intent(plain(tail))
    assert any(ask.kind == "credentials" for ask in asks)


@given(st.lists(st.sampled_from(WORDS) | st.text(st.characters(max_codepoint=127), max_size=12), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_and_offsets_hold(pieces: list[str]) -> None:
    text = " ".join(pieces)
    folded = plain(text)
    asks, signs = read_intent(folded)
    for start, end in [(ask.start, ask.end) for ask in asks] + [(sign.start, sign.end) for sign in signs]:
        assert 0 <= start < end <= len(text)
    assert read_intent(folded) == read_intent(folded)
