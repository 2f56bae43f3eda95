"""Folding of whole texts: lower-case ASCII in which tricks are undone, and the way back to what was written.

The work is done by a dozen calls into C; only what is odd in a text is looked at by its characters. Two rules bind all
changes here: `fold(fold(x)) == fold(x)`, and what is folded depends on the text alone, never on what was folded before.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from gateway.content.folding_tables import (
    INVISIBLE,
    LOOKALIKES,
    OVERRIDES,
    SOFT_HYPHEN,
    SPACED_WORDS,
    SPECIAL,
    plain,
)
from gateway.model.content_facts import FormFlag
from gateway.model.folded import Folded, Region, Span

_ASCII = bytes(range(128))
_CONTROLS = bytes([*range(9), 0x0E, 0x0F, *range(0x10, 0x20), 0x7F])
_LOWER = bytes(
    32 if code in (9, 11, 12) else 10 if code == 13 else code + 32 if 65 <= code <= 90 else code for code in range(256)
)
# For the search of spaced letters: a letter is "a", what parts spaced letters is " ", all else "x".
_SHAPE = bytes(97 if 97 <= code <= 122 else 32 if chr(code) in " .-_*|/~+,'" else 120 for code in range(256))
_SPACED = re.compile(r"(?<![a-z0-9@])[a-z](?:[ .\-_*|/~+,']{1,2}[a-z]){3,}(?![a-z0-9@])")
_GAP = re.compile(r"[ .\-_*|/~+,']+")
_OVERRIDDEN = re.compile(
    "[\u202e\u2067]([^\u202c\u2069\u202e\u2067\n]{1,500})(?:[\u202c\u2069]|(?=[\n\u202e\u2067])|$)"
)
MAX_ODD = 24  # distinct odd characters replaced one by one; more go through NFKD and one table
MAX_LOOKED_AT = 2000  # places of odd characters whose neighbours are looked at


_NO_TRICKS: frozenset[FormFlag] = frozenset()


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    return plain(char)


# Latin-1 in one step: é is e, invisible ones go, the few that are several letters are replaced before.
_LATIN_1 = bytes(
    _LOWER[code] if code < 128 else ord(plain(chr(code)).lower()) if len(plain(chr(code))) == 1 else 32
    for code in range(256)
)
_LATIN_1_GONE = _CONTROLS + bytes(code for code in range(128, 256) if not plain(chr(code)))


@lru_cache(maxsize=8192)
def _is_odd(char: str) -> bool:
    """Whether a character must be replaced before the Latin-1 step."""
    return char > "\u00ff" or len(_plain(char)) > 1


_SPECIALS = str.maketrans(SPECIAL)


def fold(text: str) -> str:
    """Lower-case ASCII: white space runs are one blank, line ends "\\n", no empty lines."""
    return fold_seeing(text)[0]


def fold_seeing(text: str) -> tuple[str, frozenset[FormFlag]]:
    """The folded text and the tricks that had to be undone."""
    tricks = _NO_TRICKS
    if not text.isascii():
        chars = set(text.encode("utf-8", "replace").translate(None, _ASCII).decode("utf-8"))
        tricks = _tricks(text, chars)
        if FormFlag.RIGHT_TO_LEFT in tricks:
            text = _OVERRIDDEN.sub(lambda m: m.group(1)[::-1], text)
        few = len(chars) <= 4 * MAX_ODD
        odd = [char for char in chars if _is_odd(char)] if few else []
        if few and len(odd) <= MAX_ODD:
            for char in odd:
                text = text.replace(char, _plain(char))
            raw = text.encode("latin-1", "ignore").translate(_LATIN_1, _LATIN_1_GONE)
        else:
            text = unicodedata.normalize("NFKD", text.translate(_SPECIALS)).translate(_SPECIALS)
            raw = text.encode("ascii", "ignore").translate(_LOWER, _CONTROLS)
    else:
        raw = text.encode("ascii").translate(_LOWER, _CONTROLS)
    folded = raw.decode("ascii")
    if may_be_spaced(raw):
        folded, spaced = _join_spaced(folded)
        if spaced:
            tricks |= {FormFlag.SPACED_LETTERS}
    return _one_blank(folded), tricks


def may_be_spaced(raw: bytes) -> bool:
    """Whether a lower-case text may hold a word written letter by letter."""
    shape = raw.translate(_SHAPE)
    return b"a a a a" in shape or b"a  a  a  a" in shape


def _one_blank(text: str) -> str:
    """White space made single, where it is not already."""
    if (
        "  " not in text
        and "\n\n" not in text
        and " \n" not in text
        and "\n " not in text
        and text[:1] not in " \n"
        and text[-1:] not in " \n"
    ):
        return text
    return "\n".join([line for line in [" ".join(line.split()) for line in text.split("\n")] if line])


def _join_spaced(text: str) -> tuple[str, bool]:
    """Runs of single letters put together; whether one of them is too long to be initials or an abbreviation."""
    seen = False

    def join(match: re.Match[str]) -> str:
        nonlocal seen
        run = match.group()
        letters = _GAP.sub("", run)
        gaps = set(_GAP.findall(run))
        if len(letters) >= 6 and gaps != {"."}:
            seen = True
        short = min(len(gap) for gap in gaps)
        words = re.split(rf"[ .\-_*|/~+,']{{{short + 1},}}", run) if len({len(gap) for gap in gaps}) > 1 else [run]
        return " ".join(_segment(_GAP.sub("", word)) for word in words if word)

    return _SPACED.sub(join, text), seen


def _segment(letters: str) -> str:
    """A run without word gaps cut into known words and what lies between them, as few letters unknown as can be."""
    if len(letters) > 200:
        return letters
    # for the first n letters: the cheapest cut that ends with a word, where that word begins, and the cheapest that
    # ends inside a stretch of unknown letters (each costs 3, and 3 more for the first)
    known: list[float] = [0.0] + [inf] * len(letters)
    unknown: list[float] = [inf] * (len(letters) + 1)
    begins = [0] * (len(letters) + 1)
    for end in range(1, len(letters) + 1):
        unknown[end] = min(unknown[end - 1] + 3, known[end - 1] + 6)
        for word in _WORDS_BY_END.get(letters[end - 1], ()):
            start = end - len(word)
            if start >= 0 and letters.startswith(word, start):
                cost = min(known[start], unknown[start]) + (1 if len(word) > 3 else 3 * len(word))
                if cost < known[end]:
                    known[end], begins[end] = cost, start
    words: list[str] = []
    end = last = len(letters)
    while end > 0:
        if known[end] <= unknown[end]:
            words.append(letters[begins[end] : end])
            end = begins[end]
        else:
            last = end
            while end > 0 and unknown[end] == unknown[end - 1] + 3:
                end -= 1
            end -= 1
            words.append(letters[end:last])
    # single letters that stood together again would make folding unstable
    return " ".join(reversed(words)) if sum(len(word) == 1 for word in words) <= 2 else letters


_WORDS_BY_END: dict[str, tuple[str, ...]] = {}
for _word in sorted(set(SPACED_WORDS), key=len, reverse=True):
    _WORDS_BY_END[_word[-1]] = (*_WORDS_BY_END.get(_word[-1], ()), _word)


def _tricks(text: str, chars: set[str]) -> frozenset[FormFlag]:
    """What the odd characters of a text are used for; only those that occur are searched for."""
    found: set[FormFlag] = set()
    others = LOOKALIKES.intersection(chars)
    if others and _beside_latin(text, others):
        found.add(FormFlag.MIXED_ALPHABETS)
    invisible = INVISIBLE.intersection(chars)
    if invisible:
        unseen = invisible - {SOFT_HYPHEN}
        if unseen and _inside_words(text, unseen) >= 2:
            found.add(FormFlag.ZERO_WIDTH)
        if SOFT_HYPHEN in invisible and _hyphens_everywhere(text):
            found.add(FormFlag.ZERO_WIDTH)
        if OVERRIDES & invisible and _OVERRIDDEN.search(text) is not None:
            found.add(FormFlag.RIGHT_TO_LEFT)
    return frozenset(found) if found else _NO_TRICKS


def _is_latin(char: str) -> bool:
    return char.isalpha() and char < "\u0250"


def _beside_latin(text: str, others: frozenset[str]) -> bool:
    """Whether one of these letters touches a Latin letter."""
    for count, match in enumerate(re.finditer(f"[{''.join(others)}]+", text)):
        if count >= MAX_LOOKED_AT:
            break
        start, end = match.span()
        if _is_latin(text[end : end + 1]) or (start and _is_latin(text[start - 1])):
            return True
    return False


def _inside_words(text: str, unseen: frozenset[str]) -> int:
    """How often one of these characters stands between two Latin letters."""
    first, *rest = unseen
    for char in rest:
        text = text.replace(char, first)
    pieces = text.split(first, MAX_LOOKED_AT)
    last = ""
    count = 0
    for piece in pieces:
        if piece:
            count += bool(last) and _is_latin(last) and _is_latin(piece[0])
            last = piece[-1]
    return count


def _hyphens_everywhere(text: str) -> bool:
    """Whether soft hyphens stand closer than any hyphenation puts them: two in a word of few letters."""
    pieces = text.split(SOFT_HYPHEN, MAX_LOOKED_AT)
    return any(len(piece) == 1 and _is_latin(piece) for piece in pieces[1:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedRegions:
    """`build_folded`'s result with what was seen on the way."""

    folded: Folded
    tricks: tuple[tuple[Region, FormFlag], ...] = ()
    truncated: bool = False


# What is kept first when there is more text than the rules are given.
_PRIORITY = {
    Region.SUBJECT: 0,
    Region.VISIBLE: 1,
    Region.FILENAME: 2,
    Region.QUOTED: 3,
    Region.ATTACHMENT: 4,
    Region.HIDDEN: 5,
}


def build_folded(regions: Iterable[tuple[Region, str]], limit: int) -> Folded:
    """One folded text of at most about `limit` characters, with its spans and the way back."""
    return fold_regions(regions, limit).folded


def fold_regions(regions: Iterable[tuple[Region, str]], limit: int) -> FoldedRegions:
    """Fold texts by region; over the limit the weightier regions are kept, 3/4 head and 1/4 tail each."""
    given = [(region, text) for region, text in regions if text]
    truncated = False
    if sum(len(text) for _, text in given) > limit:
        given = _cut(given, limit)
        truncated = True
    pieces: list[str] = []
    spans: list[Span] = []
    sources: list[str] = []
    tricks: list[tuple[Region, FormFlag]] = []
    position = 0
    for region, text in given:
        folded, seen = fold_seeing(text)
        if seen:
            tricks += [(region, flag) for flag in sorted(seen)]
        if folded:
            pieces.append(folded)
            spans.append(Span(region, position, position + len(folded)))
            sources.append(text)
            position += len(folded) + 1
    joined = "\n".join(pieces)
    kept = tuple(spans)

    def origin(start: int, end: int) -> str:
        return "\n".join(
            original(source, joined[span.start : span.end], start - span.start, end - span.start)
            for span, source in zip(kept, sources, strict=True)
            if span.start < end and start < span.end
        )

    return FoldedRegions(
        folded=Folded(text=joined, spans=kept, origin=origin), tricks=tuple(tricks), truncated=truncated
    )


def _cut(given: list[tuple[Region, str]], limit: int) -> list[tuple[Region, str]]:
    left = limit
    kept: dict[int, str] = {}
    for index in sorted(range(len(given)), key=lambda i: _PRIORITY[given[i][0]]):
        text = given[index][1]
        if len(text) > left:
            tail = left // 4
            text = text[: left - tail] + "\n" + text[len(text) - tail :] if left >= 64 else ""
        left = max(0, left - len(text))
        kept[index] = text
    return [(given[index][0], text) for index, text in sorted(kept.items()) if text]


def original(source: str, folded: str, start: int, end: int) -> str:
    """What stands in `source` where `fold(source)[start:end]` stands. Linear; for reasons and pages, not the hot path.

    Letters keep their order in folding and only blanks and gaps are dropped, so both are walked side by side.
    """
    start, end = max(0, start), min(end, len(folded))
    if start >= end:
        return ""
    order: Iterable[int] = range(len(source))
    if not OVERRIDES.isdisjoint(source):
        places = list(order)
        for match in _OVERRIDDEN.finditer(source):
            places[match.start(1) : match.end(1)] = reversed(places[match.start(1) : match.end(1)])
        order = places
    at = 0
    touched: list[int] = []
    for index in order:
        char = source[index]
        for letter in char.lower() if char.isascii() else plain(char).lower():
            if at < end and folded[at].isspace() and not letter.isspace() and letter == folded[at + 1 : at + 2]:
                at += 1  # a blank that folding put in
            if at >= end:
                break
            if letter == folded[at] or (letter.isspace() and folded[at].isspace()):
                if at >= start:
                    touched.append(index)
                at += 1
        if at >= end:
            break
    return source[min(touched) : max(touched) + 1] if touched else ""
