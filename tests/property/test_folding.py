"""Folding is stable, ASCII, and knows the way back, whatever the text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.content.folding import build_folded, fold, original
from gateway.content.quotes import split_quotes
from gateway.content.text_regions import unwrap
from gateway.model.folded import Region

LETTERS = st.sampled_from(list("abcrtevil CARTE.-_\n\r\t  éèœ’«»€\u200b\u00ad\u202e\u202cаеорс😀αβ1@'"))
TEXTS = st.one_of(st.text(max_size=300), st.text(LETTERS, max_size=200))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_fold_is_stable_and_plain(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once.isascii()
    assert once == once.lower()
    assert "  " not in once
    assert "\n\n" not in once
    assert once == once.strip()


@given(st.text(st.characters(codec="latin-1", categories=("L", "Nd")), min_size=1, max_size=12), TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_what_stands_at_a_stretch_folds_to_it(word: str, before: str, after: str) -> None:
    source = f"{before} xx{word}yy {after}"
    folded = fold(source)
    stretch = fold(f"xx{word}yy")
    at = folded.find(stretch)
    if at >= 0:
        assert fold(original(source, folded, at, at + len(stretch))) == stretch


@given(st.lists(st.tuples(st.sampled_from(list(Region)), TEXTS), max_size=6), st.integers(64, 500))
@settings(max_examples=200, deadline=None)
def test_spans_cover_the_text_in_order(regions: list[tuple[Region, str]], limit: int) -> None:
    folded = build_folded(regions, limit)
    assert "\n".join(folded.text[span.start : span.end] for span in folded.spans) == folded.text
    assert all(a.end + 1 == b.start for a, b in zip(folded.spans, folded.spans[1:], strict=False))
    for span in folded.spans:
        assert folded.region_at(span.start) is span.region
    assert isinstance(folded.origin(0, len(folded.text)), str)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_quotes_and_wrapping_lose_no_word(text: str) -> None:
    split = split_quotes(text)
    assert sorted((split.own + "\n" + split.quoted).replace(">", " ").split()) == sorted(text.replace(">", " ").split())
    assert unwrap(text).split() == text.split()
