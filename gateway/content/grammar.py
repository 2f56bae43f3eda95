"""The grammar of asks: tables of words -> tagged tokens of one text, sentence by sentence, in one pass.

All words of all tables are found by one Aho-Corasick automaton over the folded text; what follows is local and bounded.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from gateway.content import grammar_tags as t
from gateway.content.grammar_nouns import ENDINGS, OBJECTS
from gateway.content.grammar_phrases import BETWEEN, PHRASES
from gateway.content.grammar_threats import TELLING, TELLING_ENDINGS, THREATS
from gateway.content.grammar_verbs import ENGLISH, IRREGULAR, NEED, NEEDED, NOUNS, PASSIVE, REGULAR
from gateway.content.money_tables import MONEY
from gateway.content.signs_tables import REPORTS, SIGNS, WARNINGS
from gateway.model.folded import Folded

Token = tuple[int, int, int]  # tags, start, end in the folded text

MAX_TOKENS = 96  # of one sentence: a longer one is read in pieces
MAX_HEAD, MAX_TAIL = 2000, 500  # tokens of one span
MAX_SPANS = 40
MAX_EATEN = 24  # bytes behind a phrase that ended in mid-word, looked at again
_TYPO_LETTERS = 8  # words from this length on are also found with one letter missing or doubled letters single
_DETERMINERS = frozenset(
    "le la les l un une des du au votre vos ton ta tes mon ma mes notre nos the your my".split()  # noqa: SIM905
)
_MY = frozenset(("mon", "ma", "mes", "my"))
_NEW = frozenset(("nouveau", "nouvel", "nouvelle", "nouveaux", "nouvelles", "new"))
_GROUP = re.compile(r"\[([^\]]*)\]")
_SPACES = re.compile(r"\s+")
_LINE_BEFORE = re.compile(r"^[ \t]*\n\s*")


def expand(entry: str) -> list[str]:
    """Every phrase of an entry: `[a|b|]` is a choice, the empty one allowed; blanks are made single. `+` stands for
    a mark (a number's plus, a quotation mark), which is a blank of its own in the prepared text."""
    found = [""]
    for odd, part in enumerate(_GROUP.split(_SPACES.sub(" ", entry))):
        choices = part.split("|") if odd % 2 else (part,)
        found = [begun + choice for begun in found for choice in choices]
    text = "\n".join(found)
    while "  " in text:
        text = text.replace("  ", " ")
    text = text.replace(" \n", "\n").replace("\n ", "\n").strip(" ").replace("+", " ")
    return [phrase for phrase in dict.fromkeys(text.split("\n")) if phrase]


def entries(table: str) -> Iterator[str]:
    """The phrases of a table: entries parted by `;`."""
    for entry in table.split(";"):
        yield from expand(_GROUP.sub(lambda m: "[" + _strip_choices(m[1]) + "]", entry))


def _strip_choices(text: str) -> str:
    """Line ends of the table beside a choice are none of it; a blank is."""
    return "|".join(_SPACES.sub(" ", _LINE_BEFORE.sub("", choice)) for choice in text.split("|"))


def _regular(stem: str) -> list[tuple[str, int]]:
    soft = "e" if stem.endswith("g") else ""
    forms = [
        (f"{stem}er", t.F_INFINITIVE),
        (f"{stem}ez", t.F_IMPERATIVE),
        (f"{stem}iez", t.F_IMPERATIVE),
        (f"en {stem}{soft}ant", t.F_IMPERATIVE),
        (f"{stem}e", t.F_FAMILIAR),
        (f"{stem}es", t.F_FAMILIAR),
    ]
    if stem.endswith(("el", "pel")):
        forms.append((f"{stem}le", t.F_FAMILIAR))
    return forms


def _grammar_words() -> dict[str, int]:
    """Verbs, objects and what stands around them: phrase -> tags."""
    found: dict[str, int] = {}

    def add(phrase: str, tags: int) -> None:
        found[phrase] = found.get(phrase, 0) | tags

    for verb, stems in REGULAR.items():
        for stem in (s for word in stems.split() for s in expand(word)):
            for form, tags in _regular(stem):
                add(form, verb | tags)
    for verb, rows in IRREGULAR.items():
        for row in rows.split(";"):
            cells = [cell.strip() for cell in _SPACES.sub(" ", row).split(",")]
            for form, tags in zip(cells, (t.F_INFINITIVE, t.F_IMPERATIVE, t.F_FAMILIAR), strict=False):
                if form and form != "-":
                    add(form, verb | tags)
    for table, form_tag in ((NOUNS, t.F_NOUN), (PASSIVE, t.F_PASSIVE), (ENGLISH, t.F_ENGLISH)):
        for verb, text in table.items():
            for phrase in entries(text):
                add(phrase, verb | form_tag)
    for tags, text in ((t.V_NEED, NEED), (t.V_NEEDED, NEEDED), *OBJECTS.items(), *BETWEEN.items()):
        for phrase in entries(text):
            add(phrase, tags)
    for phrase, tags in list(_with_determiners(found)):
        found.setdefault(phrase, tags)
    for phrase, tags in list(found.items()):
        if tags & t.O_ANY:
            words = phrase.split()
            found[phrase] = tags | (t.MINE if words[0] in _MY else 0) | (0 if _NEW.isdisjoint(words) else t.NEW)
    for phrase, tags in list(found.items()):
        for typo in _typos(phrase):
            found.setdefault(typo, tags)
    return found


def _with_determiners(words: dict[str, int]) -> Iterator[tuple[str, int]]:
    """« vos informations » must not hide « informations de connexion »: « vos informations de connexion »."""
    longer: dict[str, list[str]] = {}
    for phrase, tags in words.items():
        if tags & t.O_ANY:
            cut = phrase.find(" ")
            while cut > 0:
                longer.setdefault(phrase[:cut], []).append(phrase)
                cut = phrase.find(" ", cut + 1)
    for phrase, tags in words.items():
        first, _, rest = phrase.partition(" ")
        if first in _DETERMINERS and tags & t.O_ANY:
            for other in longer.get(rest, ()):
                yield f"{first} {other}", words[other]


def _fixed_phrases() -> dict[str, int]:
    """Whole asks and signs: phrase -> tags."""
    found: dict[str, int] = {}
    for tags, text in (
        *PHRASES.items(),
        *SIGNS.items(),
        *ENDINGS.items(),
        (t.S_WARNING, WARNINGS),
        (t.S_REPORT, REPORTS),
    ):
        for phrase in entries(text):
            found[phrase] = found.get(phrase, 0) | tags
    return found


def _tagged(table: dict[int, str]) -> dict[str, int]:
    """The phrases of a table, each with all the tags under which it stands."""
    found: dict[str, int] = {}
    for tags, text in table.items():
        for phrase in entries(text):
            found[phrase] = found.get(phrase, 0) | tags
    return found


def _typos(phrase: str) -> Iterator[str]:
    """One letter missing inside a long word, two neighbours swapped: of single words only."""
    if len(phrase) < _TYPO_LETTERS or " " in phrase:
        return
    for index in range(2, len(phrase) - 2):
        yield phrase[:index] + phrase[index + 1 :]
        yield phrase[:index] + phrase[index + 1] + phrase[index] + phrase[index + 2 :]


def _without_longer(words: dict[str, int]) -> dict[str, int]:
    """Drop phrases that begin with a whole phrase of the same tags: the shorter one finds them."""
    kept: dict[str, int] = {}
    begun: list[str] = []  # kept phrases, a blank behind each, that the next one may begin with
    begun_tags: list[int] = []
    for phrase in sorted(words):
        while begun and not phrase.startswith(begun[-1]):
            begun.pop()
            begun_tags.pop()
        tags = words[phrase]
        if tags not in begun_tags:
            kept[phrase] = tags
            begun.append(phrase + " ")
            begun_tags.append(tags)
    return kept


def _shared(words: dict[str, int]) -> tuple[int, ...]:
    """The tags of the phrases in order, equal ones one object: a few hundred stay, not one for every phrase."""
    same: dict[int, int] = {}
    return tuple(same.setdefault(tags, tags) for tags in words.values())


# Countries whose account numbers (IBAN) are looked for; their shape alone counts here, not their check digits.
_IBAN = "fr de es it lt be nl pt ie lu gb pl ch ee lv cz sk ro bg hu at gr cy mt hr si dk se no fi mc ad li tr ma"


class _Automaton:
    """Phrases with their tags, found whole."""

    def __init__(self, words: dict[str, int], anywhere: frozenset[str] = frozenset()) -> None:
        kept = _without_longer(words)
        self._tags = _shared(kept)
        patterns = [(word if word in anywhere else " " + word).encode() for word in kept]
        self._find = BytesAhoCorasick(
            patterns, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        ).find_matches_as_indexes

    def tokens(self, buffer: bytes) -> list[Token]:
        """Every phrase that ends where a word ends, in order; offsets are the folded text's."""
        tags = self._tags
        found: list[Token] = []
        for index, start, end in self._find(buffer):
            if buffer[end] == _BLANK or buffer[end] == _POINT or tags[index] & t.STEM:
                found.append((tags[index], start, end - 1))
            elif buffer.find(b" ", start + 1, end) > 0:
                found += self._eaten(buffer, start, end)
        return found

    def _eaten(self, buffer: bytes, start: int, end: int) -> list[Token]:
        """What begins inside a phrase that ended in mid-word: « l app » of « l approuver » hides « approuver »."""
        first = buffer.find(b" ", start + 1, end)
        tags = self._tags
        return [
            (tags[index], first + begin, first + stop - 1)
            for index, begin, stop in self._find(buffer[first : end + MAX_EATEN])
            if first + begin < end and (buffer[first + stop] == _BLANK or buffer[first + stop] == _POINT)
        ]


class _Overlapping:
    """Phrases with their tags, found whole, those within longer ones too."""

    def __init__(self, words: dict[str, int]) -> None:
        self._tags = _shared(words)
        self._find = BytesAhoCorasick(
            [f" {word}".encode() for word in words],
            matchkind=MatchKind.Standard,
            implementation=Implementation.ContiguousNFA,
        ).find_matches_as_indexes

    def tokens(self, buffer: bytes) -> list[Token]:
        """Every phrase that ends where a word ends; offsets are the folded text's."""
        tags = self._tags
        return [
            (tags[index], start, end - 1)
            for index, start, end in self._find(buffer, overlapping=True)
            if buffer[end] == _BLANK or buffer[end] == _POINT
        ]


_BLANK, _POINT = b" ."


class _Automata(NamedTuple):
    """All of them: words of the grammar, whole phrases, classes of words about money, halves of threats."""

    words: _Automaton
    phrases: _Automaton
    money: _Overlapping
    threats: _Automaton


@cache
def automata() -> _Automata:
    """Built at the first call, which takes a good part of a second: before processes are forked that share them."""
    anywhere = frozenset(phrase for table in (SIGNS[t.S_AMOUNT], *ENDINGS.values()) for phrase in entries(table))
    telling = dict.fromkeys((stem + ending for stem in TELLING.split() for ending in TELLING_ENDINGS), t.R_TELL)
    return _Automata(
        words=_Automaton(_grammar_words() | {f"{country}00": t.O_IBAN | t.STEM for country in _IBAN.split()}),
        phrases=_Automaton(_fixed_phrases(), anywhere),
        money=_Overlapping(_tagged(MONEY)),
        threats=_Automaton(_tagged(THREATS) | telling),
    )


_END = 1  # in the prepared text, while it is made: where a sentence ends
_KEPT = {code: code for code in b"abcdefghijklmnopqrstuvwxyz"} | dict.fromkeys(b"0123456789", ord("0"))
_KEPT |= dict.fromkeys(b".!?;", _POINT) | {ord("\n"): _END}
_TABLE = bytes(_KEPT.get(code, _BLANK) for code in range(256))
_ENDS_TO_BLANKS = bytes(_BLANK if code == _END else code for code in range(256))


def prepare(text: str) -> tuple[bytes, list[int]]:
    """The folded text for the automata, one byte longer before and two after, and where its sentences end.

    Every digit becomes 0, everything that is no letter and ends no sentence a blank: lengths stay. A point ends a
    sentence where a blank or line end follows, so not inside a host name or an amount.
    """
    marked = text.encode("ascii", "replace").translate(_TABLE)
    marked = marked.replace(b". ", b"\x01 ").replace(b".\x01", b"\x01\x01")
    parts = marked.split(b"\x01")
    ends = [before + index for index, before in enumerate(accumulate(map(len, parts)))]
    return b" " + marked.translate(_ENDS_TO_BLANKS) + b"  ", ends


class Sentence(NamedTuple):
    """The tagged tokens of one sentence, [start, end) of the folded text; `tags` has the tags of all of them."""

    tokens: list[Token]
    tags: int
    start: int
    end: int


def sentences(folded: Folded) -> tuple[bytes, list[Sentence]]:
    """The prepared text and its sentences that hold any token, in order."""
    buffer, ends = prepare(folded.text)
    tokens = [token for automaton in automata() for token in automaton.tokens(buffer)]
    tokens.sort(key=_start_of)
    if len(tokens) > MAX_HEAD + MAX_TAIL:
        tokens = _within_bounds(tokens, folded)
    found: list[Sentence] = []
    held: list[Token] = []
    tags = start = place = 0
    end = ends[0]
    for token in tokens:
        at = token[1]
        if at >= end:
            if held:
                found.append(Sentence(held, tags, start, end))
                held, tags = [], 0
            while ends[place] <= at:
                place += 1
            start, end = ends[place - 1] + 1, ends[place]
        elif len(held) >= MAX_TOKENS:
            found.append(Sentence(held, tags, start, at))
            held, tags, start = [], 0, at
        held.append(token)
        tags |= token[0]
    if held:
        found.append(Sentence(held, tags, start, end))
    return buffer, found


def _within_bounds(tokens: list[Token], folded: Folded) -> list[Token]:
    """Head and tail of the tokens of each span: a salad of words costs no more than a long letter."""
    kept: list[Token] = []
    for span in folded.spans[:MAX_SPANS]:
        first = bisect_left(tokens, span.start, key=_start_of)
        last = bisect_left(tokens, span.end, key=_start_of)
        kept += (
            tokens[first:last]
            if last - first <= MAX_HEAD + MAX_TAIL
            else (tokens[first : first + MAX_HEAD] + tokens[last - MAX_TAIL : last])
        )
    return kept


_start_of = itemgetter(1)
