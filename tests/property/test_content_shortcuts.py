"""The short ways that usual input takes give what the long ways give."""

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.content.directory_index import DirectoryIndex
from gateway.content.links import LinkJudge
from gateway.content.lookalike import Lookalikes
from gateway.content.plain_fold import fold_short, fold_words
from gateway.content.url import MAX_URL, _read, read_url
from gateway.model.content_facts import LinkSource
from gateway.model.inspection import FoundLink
from tests.content_directory import DIRECTORY

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


_INDEX = DirectoryIndex(DIRECTORY)
_JUDGE = LinkJudge(_INDEX, Lookalikes(_INDEX))
_HEADS = [
    "https://a.fr/",
    "http://news.b.example/",
    "https://docs.google.com/",
    "https://ameli.fr/",
    "https://bing.com/",
]
_TAILS = [
    "x", "ameli", "/ameli/", "a.m.e.l.i", "unsubscribe", "leave", "?u=https://c.example/", "?url=www.d.example", ".zip",
    ".ZIP?x", "forms/", "ck/", "aHR0cHM6Ly9lLmV4YW1wbGUv", "é", " ", "/carte-vitale", "amp/", "%2e", "\x01",
    "?id=0&m=1", "devicelogin", "OAuth2/auth?", "client_id=x", "device/",
]  # fmt: skip
_LINKS = st.lists(
    st.builds(
        lambda source, head, tail, shown: FoundLink(source, head + "".join(tail), shown),
        st.sampled_from([LinkSource.HTML, LinkSource.IMAGE, LinkSource.HIDDEN]),
        st.sampled_from(_HEADS),
        st.lists(st.sampled_from(_TAILS), max_size=4),
        st.sampled_from(["", "Lire", "www.ameli.fr", "Se désabonner"]),
    ),
    max_size=6,
)


@given(_LINKS)
def test_links_judged_together_are_those_judged_alone(found: list[FoundLink]) -> None:
    alone = [_JUDGE._judge_found(one) for one in dict.fromkeys(found)]
    assert _JUDGE.judge(found)[0] == tuple(link for link in alone if link is not None)
