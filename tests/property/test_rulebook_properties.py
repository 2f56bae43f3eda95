"""Any text and any facts: words are found as a reader finds them, matching never raises, cost stays with the size."""

import time
from functools import lru_cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gateway.model.auth_facts import AuthFacts
from gateway.model.content_facts import (
    Ask,
    AskKind,
    Claim,
    ClaimPlace,
    ContentFacts,
    Proof,
    SenderFacts,
    Sign,
    SignKind,
)
from gateway.model.folded import Folded, Region, Span
from gateway.rulebook.folding import fold_words
from gateway.rulebook.load import load_rulebook
from gateway.rulebook.match import Rulebook
from gateway.rulebook.scan import Literals, ScannedText

LITERALS = ("carte vitale", "vitale", "carte", "rembours*", "a", "x1")
TEXT = st.text(alphabet="abcertilovx1 -'.\n@é", max_size=80)


@lru_cache(maxsize=1)
def pack() -> Rulebook:
    return load_rulebook(["builtin"], {}, Path())


@given(TEXT)
def test_words_are_whole_words(text: str) -> None:
    literals = Literals()
    numbers = {literal: literals.number(literal) for literal in LITERALS}
    literals.build()
    scanned = ScannedText(Folded(text=text, spans=(Span(Region.VISIBLE, 0, len(text)),)), literals)
    plain = "".join(c if c.isascii() and c.isalnum() else " " for c in text)
    for literal, number in numbers.items():
        stem = literal.rstrip("*")
        expected = []
        for start in range(len(plain)):
            end = start + len(stem)
            bounded = start == 0 or plain[start - 1] == " "
            ends = literal.endswith("*") or end == len(plain) or plain[end : end + 1] == " "
            if plain.startswith(stem, start) and bounded and ends:
                expected.append((start, end))
        assert scanned.places((number,), frozenset((Region.VISIBLE,))) == expected


@given(st.text(max_size=200))
def test_folding_is_idempotent(text: str) -> None:
    once = fold_words(text)
    assert fold_words(once) == once
    assert once.isascii()


FACTS = st.builds(
    ContentFacts,
    folded=st.builds(
        lambda text: Folded(text=text, spans=(Span(Region.VISIBLE, 0, len(text)),)),
        st.text("abcdervitl \n0", max_size=200),
    ),
    claims=st.lists(
        st.builds(
            Claim, identity=st.sampled_from(["viamedis", "organisation", "x"]), place=st.sampled_from(ClaimPlace)
        ),
        max_size=3,
    ).map(tuple),
    asks=st.lists(
        st.builds(Ask, kind=st.sampled_from(AskKind), region=st.sampled_from(Region), start=st.integers(-1, 300)),
        max_size=6,
    ).map(tuple),
    signs=st.lists(st.builds(Sign, kind=st.sampled_from(SignKind), region=st.sampled_from(Region)), max_size=6).map(
        tuple
    ),
    sender=st.builds(
        SenderFacts,
        proof=st.lists(
            st.tuples(st.sampled_from(["viamedis", "organisation"]), st.sampled_from(Proof)), max_size=2
        ).map(tuple),
        author_proved=st.sampled_from(Proof),
    ),
)


@given(FACTS, st.booleans())
def test_matching_is_a_function(content: ContentFacts, known: bool) -> None:
    first = pack().match(content, AuthFacts(known=known), None)
    assert first == pack().match(content, AuthFacts(known=known), None)
    assert not {hit.rule for hit in first.hits} & set(first.unknown)
    assert all(hit.grounds for hit in first.hits)


def test_keyword_salad_is_linear() -> None:
    words = " ".join(word.rstrip("*") for word in pack().literals.texts)

    def seconds(size: int) -> float:
        text = (words * (size // len(words) + 1))[:size]
        asks = tuple(Ask(kind=kind, region=Region.VISIBLE) for kind in AskKind)
        signs = tuple(Sign(kind=kind, region=Region.VISIBLE) for kind in SignKind)
        content = ContentFacts(
            folded=Folded(text=text, spans=(Span(Region.VISIBLE, 0, len(text)),)), asks=asks, signs=signs
        )
        start = time.process_time()
        pack().match(content, AuthFacts(), None)
        return time.process_time() - start

    small = min(seconds(50_000) for _ in range(3))
    large = min(seconds(200_000) for _ in range(3))
    assert large < 0.25
    assert large < 10 * small + 0.02
