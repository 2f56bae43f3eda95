"""The short ways that usual input takes give what the long ways give."""

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.content.plain_fold import fold_short, fold_words
from gateway.content.url import MAX_URL, _read, read_url

_PATHS = st.text(alphabet="ab1AZ./-_ ?@|*~+,'é\u0455\n\x01", max_size=40)
_PIECES = [
    "http://",
    "https://",
    "HTTP://",
    "//",
    "www.",
    "a.fr",
    "b-c.example",
    "1.2",
    "0x7f.1",
    "/",
    "\\",
    "?q=1",
    "@",
    "#f",
    ":8080",
    ":",
    "é",
    "%2e",
    ".",
    "xn--e1a",
    "x",
]
_URLS = st.lists(st.sampled_from([*_PIECES, " ", "\t", "\x01", "\u200b"]), max_size=8).map("".join)


@given(_PATHS)
@example("a.m.e.l.i/compte")
@example("a b c")
def test_words_are_those_of_the_folded_text(text: str) -> None:
    assert fold_words(text) == tuple(fold_short(text).replace("@", " ").replace(".", " ").split())


@given(_URLS)
@example("https://a.fr/chemin?x=1 ")
@example("https://a.fr?/")
@example("http://1.2/")
def test_usual_urls_are_read_as_any_other(text: str) -> None:
    assert read_url(text) == _read(text[:MAX_URL])
