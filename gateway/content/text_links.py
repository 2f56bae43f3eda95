"""Links that stand in plain text: full URLs and bare hosts a mail program would make clickable, or a person would type.

Defanged addresses (`hxxp://`, `[.]`) are how honest people write down a danger: they are no links. Linear: two patterns
without nesting, over a capped text.
"""

import re
from collections.abc import Iterator

from gateway.content.registrable import is_top_level
from gateway.content.words import word_set
from gateway.model.content_facts import LinkSource
from gateway.model.inspection import FoundLink

MAX_TEXT = 262_144
_URL = re.compile(r"(?:https?://|ftp://|www\.)[^\s<>\"{}|^`\[\]]{3,2048}", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w@/.\-=%:])((?:[a-z0-9\u00e0-\u00ff\u0400-\u04ff](?:[a-z0-9\u00e0-\u00ff\u0400-\u04ff-]{0,61})\.){1,6}([a-z]{2,18}))"
    r"(?![\w@-])(:\d{2,5})?(/[^\s<>\"{}|^`\[\]]{0,1024})?",
    re.IGNORECASE,
)
_DOT = re.compile(r"\.(?=[^\W\d_]{2})")
_BLANK = re.compile(r"[\s<>\"]")
# Top levels that are also French or English words, or endings of file names: `merci.Je`, `fichier.zip`, `readme.md`.
_WORDS = word_set(
    """
    ac ad ae ai am as at au aux be by ca ce co da de do en es et eu gt ici il im in is it je la le li lu ma
    me mo mr ms my ne ni no nu om on ou pa pm pr ps py re sa sc se sh si so st su ta te th to tu tv un us va
    vu ws y zip mov md rs pl cab app doc docs page bot one now here mail id name win work day men
    """
) - frozenset(("be", "ca", "eu", "es", "it", "lu", "us", "app", "page", "one", "win", "name", "id"))
_TRAILING = ".,;:!?'\")]}>*»”’…"


def find_text_links(text: str, source: LinkSource = LinkSource.TEXT, limit: int = 500) -> Iterator[FoundLink]:
    """Every live link of a text, in order of kind then place, at most `limit`."""
    text = text[:MAX_TEXT]
    count = 0
    if "://" in text or "www." in text or "WWW." in text or "Www." in text:
        for match in _URL.finditer(text):
            if count >= limit:
                return
            url = _trim(match.group())
            if url[:4].lower() == "www." and (match.start() and text[match.start() - 1] in "@/.-"):
                continue
            count += 1
            yield FoundLink(source=source, href=url, shown=_label(text, match.start()) or url)
    end = 0
    for dot in _DOT.finditer(text):
        at = dot.start()
        if at < end:
            continue
        before = text[max(0, at - 80) : at].split()
        if not before or text[at - 1].isspace():
            continue
        word = before[-1].lstrip("([{<\"'«“‘>*_|,;:!?")
        if not word or "@" in word or "/" in word:
            end = _word_end(text, at)  # an address or a URL, read above
            continue
        bare = _BARE.match(text, at - len(word))
        if bare is None:
            continue
        end = bare.end()
        host, top, _, path = bare.groups()
        if host[:4].lower() == "www." or not _is_host(host, top, path):
            continue
        url = _trim(bare.group())
        yield FoundLink(source=source, href="http://" + url, shown=url)
        count += 1
        if count >= limit:
            return


def _word_end(text: str, at: int) -> int:
    found = _BLANK.search(text, at)
    return found.start() if found else len(text)


def _label(text: str, start: int) -> str:
    """What stands before a URL in angle brackets, where it is a URL or a host itself: `https://shown <https://true>`."""
    if start < 2 or text[start - 1] != "<":
        return ""
    before = text[max(0, start - 300) : start - 1].split()
    return before[-1] if before and "." in before[-1][:-1] and "@" not in before[-1] else ""


def _is_host(host: str, top: str, path: str | None) -> bool:
    """Whether a dotted word is a host rather than the end of one sentence and the start of the next, or a file."""
    if not (host.islower() or host.isupper() or (path and len(path) > 1)):
        first, _, last = host.rpartition(".")
        if (last[:1].isupper() and not last.isupper()) or not first:
            return False
    if top.lower() in _WORDS and not (path and len(path) > 1):
        return False
    return is_top_level(top.lower())


def _trim(url: str) -> str:
    """A URL without the punctuation of the sentence around it; a bracket stays when its partner is in the URL."""
    url = url.rstrip(_TRAILING)
    if url.count("(") > url.count(")"):
        url += ")"
    return url
