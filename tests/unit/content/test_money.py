"""Classes of words that stand together: in reach, spared, and at a bounded cost. Sentences are in `asks_money.yml`."""

import time

from gateway.content.folding import fold
from gateway.content.grammar import sentences
from gateway.content.money import REACH, crossings
from gateway.model.content_facts import SignKind
from gateway.model.folded import Folded, Region, Span


def kinds(text: str) -> list[str]:
    plain = fold(text)
    _, found = sentences(Folded(text=plain, spans=(Span(Region.VISIBLE, 0, len(plain)),)))
    return [crossing.kind.value for sentence in found for crossing in crossings(sentence)]


def test_classes_count_within_reach_only() -> None:
    assert kinds("Le standard est en panne") == [SignKind.CLOSED_CHANNEL]
    assert kinds("Le standard " + "x" * REACH + " en panne") == []


def test_reader_s_own_channel_is_spared() -> None:
    assert kinds("Votre standard est en panne") == []


def test_words_within_longer_ones_are_found() -> None:
    assert kinds("Le compte est au nom de notre filiale") == [SignKind.PAYEE_MISMATCH]


def test_one_of_each_kind_per_sentence() -> None:
    assert kinds("Le standard est en panne, ne passez pas par le standard") == [SignKind.CLOSED_CHANNEL]


def test_salad_costs_little() -> None:
    words = "regler nouveau compte ci dessous le standard en panne ignorez l alerte du titulaire du compte "
    start = time.perf_counter()
    kinds(words * 2500)
    assert time.perf_counter() - start < 2
