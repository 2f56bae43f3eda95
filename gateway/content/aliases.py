"""Names of the directory found in folded text: whole words only, the longest where several begin at one place."""

from dataclasses import dataclass

import ahocorasick_rs

from gateway.content.directory_index import INTERNAL_SERVICE, DirectoryIndex
from gateway.content.lookalike import skeleton
from gateway.content.plain_fold import fold_words
from gateway.content.registrable import registered_label
from gateway.content.words import is_rare
from gateway.model.directory import ORGANISATION

MAX_MATCHES = 2000

_PARTED = str.maketrans(dict.fromkeys("-_'’/.,:;!?()[]\"*|·•–—«»<>=+&#\t\xa0\n", " "))
_PRODUCTS = frozenset(("carte", "compte", "appli", "ma", "mon", "my"))


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of one identity."""

    identity: str
    words: str
    weak: bool
    product: bool = False  # a card or an account: it has owners and senders, and signs nothing


@dataclass(frozen=True, slots=True)
class Match:
    """One name in a text: [start, end)."""

    alias: Alias
    start: int
    end: int


class AliasFinder:
    """All names of a directory, compiled once."""

    def __init__(self, index: DirectoryIndex) -> None:
        self._aliases = _collect_aliases(index)
        self._words = list(self._aliases)
        self.words = frozenset(w for words in self._words for w in words.split() if len(w) >= 4)
        # with the blank before it a name is found at a word's start only: short ones stand inside every other word
        patterns = [" " + words for words in self._words]
        leftmost = ahocorasick_rs.MatchKind.LeftmostLongest
        self._automaton = ahocorasick_rs.AhoCorasick(patterns, matchkind=leftmost) if patterns else None
        self._skeletons = {
            skeleton(words.replace(" ", "")): alias
            for words, aliases in self._aliases.items()
            for alias in aliases
            if not alias.weak and len(words) >= 5 and alias.identity != INTERNAL_SERVICE
        }

    def find(self, text: str) -> list[Match]:
        """Every name in a folded text, at most `MAX_MATCHES`."""
        if self._automaton is None or not text:
            return []
        parted = " " + text.translate(_PARTED)  # so that match and text count from the same place
        length = len(text)
        found: list[Match] = []
        for number, start, end in self._automaton.find_matches_as_indexes(parted):
            if end <= length and parted[end].isalnum():
                continue
            found += [Match(alias, start, end - 1) for alias in self._aliases[self._words[number]]]
            if len(found) >= MAX_MATCHES:
                break
        return found

    def dressed(self, words: tuple[str, ...]) -> list[Alias]:
        """Names written with letters that look like their own: `VlNCl`, `Arneli`, `Micr0soft`."""
        found: list[Alias] = []
        for size in (1, 2, 3):
            for i in range(min(len(words), 12) - size + 1):
                alias = self._skeletons.get(skeleton("".join(words[i : i + size])))
                if alias is not None:
                    found.append(alias)
        return found


def _collect_aliases(index: DirectoryIndex) -> dict[str, list[Alias]]:
    found: dict[str, list[Alias]] = {}

    def add(identity: str, text: str, weak: bool) -> None:
        words = fold_words(text)
        if not words:
            return
        forms = {" ".join(words)}
        if len(words) > 1 and sum(map(len, words)) >= 7:
            forms.add("".join(words))  # MonEspaceSante
        for form in forms:
            aliases = found.setdefault(form, [])
            if len(form) >= 2 and all(a.identity != identity for a in aliases):
                aliases.append(Alias(identity, form, weak, words[0] in _PRODUCTS))

    for identity in index.directory.identities:
        weak = {fold_words(alias) for alias in identity.weak_aliases}
        for alias in (identity.name, *identity.aliases):
            add(identity.id, alias, fold_words(alias) in weak)
        for alias in identity.weak_aliases:
            add(identity.id, alias, True)
    # « Support Tamaris »: the own name's rare word is a claim among service words
    own = index.identities.get(ORGANISATION)
    names = [*(registered_label(d) for d in index.directory.own_domains), *((own.name, *own.aliases) if own else ())]
    for word in sorted({w for name in names for w in fold_words(name) if is_rare(w)}):
        add(ORGANISATION, word, True)
    return found
