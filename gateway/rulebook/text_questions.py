"""Words, near, sequence and regex over the folded text."""

from collections.abc import Callable, Mapping

import re2

from gateway.model.directory import Directory
from gateway.model.folded import Region
from gateway.rulebook.conditions import compile_pattern
from gateway.rulebook.folding import fold_words
from gateway.rulebook.questions import Places, Question, regions_of, strings
from gateway.rulebook.scan import Literals, ScannedText
from gateway.rulebook.schema import Predicate
from gateway.rulebook.view import View

_SCAN = 10
_NEAR = 12
_REGEX = 40


class TextMakers:
    """Makes questions of the predicates over text; gives every literal its number."""

    def __init__(self, literals: Literals, directory: Directory) -> None:
        self._literals = literals
        self._directory = directory
        self.table: Mapping[str, Callable[[Predicate], Question]] = {
            "words": self.words,
            "names": self.names,
            "near": lambda predicate: self.together(predicate, ordered=False),
            "sequence": lambda predicate: self.together(predicate, ordered=True),
            "regex": self.regex,
        }

    def _entries(self, value: object) -> tuple[tuple[int, ...], ...]:
        if not isinstance(value, tuple):
            return ()
        return tuple(tuple(self._literals.number(word) for word in entry) for entry in value)

    def words(self, predicate: Predicate) -> Question:
        """At least so many of these words."""
        entries, regions = self._entries(predicate.get("of")), regions_of(predicate)
        least = predicate.get("at_least")
        count = least if isinstance(least, int) else 1
        every = tuple(number for entry in entries for number in entry)

        def run(view: View) -> bool:
            if count == 1:
                return view.scanned.first(every, regions) is not None
            found = 0
            for entry in entries:
                found += view.scanned.first(entry, regions) is not None
                if found >= count:
                    return True
            return False

        def where(view: View) -> Places:
            places = (view.scanned.first(entry, regions) for entry in entries)
            return tuple(place for place in places if place is not None)

        return Question(run, where, cost=_SCAN)

    def names(self, predicate: Predicate) -> Question:
        """A name or alias of one of these identities, alone or beside a word."""
        meant, regions = set(strings(predicate.get("who"))), regions_of(predicate)
        texts = {
            fold_words(text)
            for identity in self._directory.identities
            if identity.id in meant or f"kind:{identity.kind.value}" in meant
            for text in (identity.name, *identity.aliases, *(identity.domains if regions == {Region.SUBJECT} else ()))
        }
        names = tuple(self._literals.number(text) for text in sorted(texts) if text)
        beside = tuple(number for entry in self._entries(predicate.get("near")) for number in entry)
        within = predicate.get("within")
        gap = within if isinstance(within, int) else 3

        def where(view: View) -> Places:
            if not beside:
                place = view.scanned.first(names, regions)
                return (place,) if place is not None else ()
            found = _find_unordered(view.scanned, (names, beside), regions, gap, False)
            named = view.scanned.places(names, regions) if found else []
            return found if any(not view.scanned.in_host(place) for place in named if place in found) else ()

        return Question(lambda view: bool(where(view)), where, cost=_NEAR)

    def together(self, predicate: Predicate, *, ordered: bool) -> Question:
        """All entries near one another."""
        entries, regions = self._entries(predicate.get("words")), regions_of(predicate)
        within = predicate.get("within")
        gap = within if isinstance(within, int) else 0
        across = predicate.get("across_blocks") is True
        find = _find_ordered if ordered else _find_unordered

        def where(view: View) -> Places:
            return find(view.scanned, entries, regions, gap, across)

        return Question(lambda view: bool(where(view)), where, cost=_NEAR)

    def regex(self, predicate: Predicate) -> Question:
        """A pattern in these regions."""
        pattern: re2._Regexp = compile_pattern(str(predicate.get("pattern")))
        regions = regions_of(predicate)

        def where(view: View) -> Places:
            found = pattern.search(view.scanned.text_of(regions))
            if found is None:
                return ()
            start = view.scanned.position_of(found.start(), regions)
            return ((start, start + found.end() - found.start()),)

        return Question(lambda view: pattern.search(view.scanned.text_of(regions)) is not None, where, cost=_REGEX)


Entries = tuple[tuple[int, ...], ...]


def _find_unordered(text: ScannedText, entries: Entries, regions: frozenset[Region], gap: int, across: bool) -> Places:
    """A chain of neighbours, none further apart than `gap` words, that holds every entry. One pass over the places."""
    found: list[tuple[int, int, int]] = []
    for index, entry in enumerate(entries):
        places = text.places(entry, regions)
        if not places:
            return ()
        found += [(start, end, index) for start, end in places]
    found.sort()
    last: dict[int, tuple[int, int]] = {}
    reach = -1
    for start, end, index in found:
        if reach >= 0 and not text.close(reach, start, gap, across):
            last, reach = {}, -1
        last[index] = (start, end)
        if len(last) == len(entries):
            return tuple(sorted(last.values()))
        reach = max(reach, end)
    return ()


def _find_ordered(text: ScannedText, entries: Entries, regions: frozenset[Region], gap: int, across: bool) -> Places:
    """Every entry after the one before it. For each entry the places that a chain reaches are kept; two pointers, so
    the cost is that of the places."""
    chains: list[tuple[int, int, Places]] = [(s, e, ((s, e),)) for s, e in sorted(text.places(entries[0], regions))]
    for entry in entries[1:]:
        places = sorted(text.places(entry, regions))
        reached: list[tuple[int, int, Places]] = []
        index = 0
        for start, end in places:
            # the last chain that ends before this place is the nearest one
            while index + 1 < len(chains) and chains[index + 1][1] <= start:
                index += 1
            if chains and chains[index][1] <= start and text.close(chains[index][1], start, gap, across):
                reached.append((start, end, (*chains[index][2], (start, end))))
        if not reached:
            return ()
        chains = reached
    return chains[0][2]
