"""All words of all rules found in one pass over the folded text, with token boundaries.

The text is made of letters, digits and blanks alone, byte for byte in place, and every literal is looked for with its
blanks around it, so boundaries cost nothing: ` ameli ` is not in ` ameliorer `. Overlaps count.
"""

from bisect import bisect_right
from collections.abc import Sequence

from ahocorasick_rs import BytesAhoCorasick

from gateway.model.folded import Folded, Region

_WORDS_ONLY = bytes(b if chr(b).isalnum() and b < 128 else 32 for b in range(256))

Match = tuple[int, int, int]


class Literals:
    """Every literal of a set of rules, numbered. Filled at load, then built once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._automaton: BytesAhoCorasick | None = None

    def number(self, literal: str) -> int:
        """The number of a folded literal; `stem*` takes any ending."""
        return self._numbers.setdefault(literal, len(self._numbers))

    def build(self) -> None:
        """Make the automaton."""
        patterns = [
            b" " + (text[:-1].encode() if text.endswith("*") else text.encode() + b" ") for text in self._numbers
        ]
        self._automaton = BytesAhoCorasick(patterns) if patterns else None

    @property
    def texts(self) -> tuple[str, ...]:
        """All literals, for measuring."""
        return tuple(self._numbers)

    def scan(self, padded: bytes) -> dict[int, list[Match]]:
        """Literal number -> its matches in order: (number, start, end) of the padded text, blanks included."""
        found: dict[int, list[Match]] = {}
        if self._automaton is None:
            return found
        for match in self._automaton.find_matches_as_indexes(padded, overlapping=True):
            number = match[0]
            if number in found:
                found[number].append(match)
            else:
                found[number] = [match]
        return found


class ScannedText:
    """One message's folded text, scanned when a rule first asks."""

    __slots__ = ("_folded", "_found", "_literals", "_padded", "_regions", "_starts")

    def __init__(self, folded: Folded, literals: Literals) -> None:
        self._folded = folded
        self._literals = literals
        self._found: dict[int, list[Match]] | None = None
        self._padded = b""
        self._starts: list[int] = [span.start for span in folded.spans]
        self._regions: dict[frozenset[Region], str] = {}

    def _scan(self) -> dict[int, list[Match]]:
        raw = self._folded.text.encode("ascii", "replace").translate(_WORDS_ONLY)
        self._padded = b" " + raw + b" "
        self._found = self._literals.scan(self._padded)
        return self._found

    def warm(self) -> None:
        """Scan now, for measuring what comes after."""
        if self._found is None:
            self._scan()

    def span_at(self, position: int) -> int:
        """Number of the span a position lies in, -1 between spans."""
        index = bisect_right(self._starts, position) - 1
        return index if index >= 0 and position < self._folded.spans[index].end else -1

    def in_regions(self, position: int, regions: frozenset[Region]) -> bool:
        """Whether a position lies in one of these regions."""
        index = self.span_at(position)
        return index >= 0 and self._folded.spans[index].region in regions

    def first(self, numbers: Sequence[int], regions: frozenset[Region]) -> tuple[int, int] | None:
        """The first place of one of these literals in these regions."""
        found = self._found if self._found is not None else self._scan()
        for number in numbers:
            for match in found.get(number, ()):
                if self.in_regions(match[1], regions):
                    return self._place(match)
        return None

    def places(self, numbers: Sequence[int], regions: frozenset[Region]) -> list[tuple[int, int]]:
        """All places of these literals in these regions."""
        found = self._found if self._found is not None else self._scan()
        return [
            self._place(match)
            for number in numbers
            for match in found.get(number, ())
            if self.in_regions(match[1], regions)
        ]

    def _place(self, match: Match) -> tuple[int, int]:
        """[start, end) of the folded text, without the blanks around: the one in front of it all moves it by one."""
        _, start, end = match
        return start, end - 1 if self._padded[end - 1] != 32 else end - 2

    def in_host(self, place: tuple[int, int]) -> bool:
        """Whether a place is part of a host or address: `espace.mutuelle-exemple.example` names a machine."""
        text, (start, end) = self._folded.text, place
        return text[start - 1 : start] in (".", "@", "/") or (
            text[end : end + 1] == "." and text[end + 1 : end + 2].isalpha()
        )

    def close(self, end: int, start: int, within: int, across_blocks: bool) -> bool:
        """Whether what stands between `end` and `start` is at most `within` words, in the same span."""
        if start <= end:  # they overlap or touch
            return True
        if start - end > 24 * (within + 1) or self.span_at(end - 1) != self.span_at(start):
            return False
        if not across_blocks and self._folded.text.find("\n", end, start) >= 0:
            return False
        return len(self._padded[end + 1 : start + 1].split()) <= within

    def text_of(self, regions: frozenset[Region]) -> str:
        """The folded text of these regions."""
        text = self._regions.get(regions)
        if text is None:
            text = self._folded.region(*regions)
            self._regions[regions] = text
        return text

    def position_of(self, position: int, regions: frozenset[Region]) -> int:
        """Where a position of `text_of` stands in the whole folded text."""
        for span in self._folded.spans:
            if span.region in regions:
                length = span.end - span.start
                if position <= length:
                    return span.start + position
                position -= length + 1
        return -1
