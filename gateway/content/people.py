"""Protected people's names, whichever way they are written: order, accents, initials, dots and hyphens."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.content.plain_fold import fold_words
from gateway.content.words import word_set
from gateway.model.directory import ProtectedPerson

_TITLES = word_set(
    """
    m mr mme mlle dr pr me monsieur madame maitre docteur professeur sir ms mrs
    """
)


# « secretariat.dg.martin@ »: a surname beside a role is the person's own office.
_ROLES = word_set(
    """
    dg pdg dga daf drh dsi direction directeur directrice president presidente presidence secretariat assistante
    assistant ceo cfo
    """
)


@dataclass(frozen=True, slots=True)
class _Name:
    person: ProtectedPerson
    words: tuple[str, ...]  # all words of the name
    rare: str  # the longest word of the surname side
    initials: frozenset[str]
    glued: frozenset[str]  # as a local part runs them together


class People:
    """The protected people, ready to be recognised."""

    def __init__(self, people: Sequence[ProtectedPerson]) -> None:
        self._names = tuple(n for n in (_read(p) for p in people) if n is not None)

    def named_in(self, text: str) -> ProtectedPerson | None:
        """Who is named by a display name; initials count beside the surname (`P. Garancher`), the surname alone not."""
        words = [w for w in fold_words(text) if w not in _TITLES or len(w) == 1]
        if not words or not self._names:
            return None
        present = set(words)
        for name in self._names:
            if present.issuperset(name.words):
                return name.person
            if len(words) <= 4 and name.rare in present and len(name.rare) >= 4:
                others = present - {name.rare}
                if others & name.initials or any(len(w) == 2 and w[0] in name.initials for w in others):
                    return name.person
        return None

    def signs(self, line: str) -> bool:
        """Whether a line begins with a protected person's whole name: « Jeanne Martin, directrice générale »."""
        words = [w for w in fold_words(line) if w not in _TITLES]
        return any(sorted(words[: len(name.words)]) == sorted(name.words) for name in self._names)

    def named_by_local_part(self, local: str) -> ProtectedPerson | None:
        """Who is named by an address's local part: `philippe.garancher`, `p.garancher`, `garancherp`, `pgarancher`."""
        words = [w for w in fold_words(local) if not w.isdigit()]
        if not words or not self._names:
            return None
        present = set(words)
        squashed = "".join(words).rstrip("0123456789")
        for name in self._names:
            if present.issuperset(name.words) or squashed in name.glued:
                return name.person
            if (
                len(name.rare) >= 4
                and name.rare in present
                and (present & name.initials or (len(name.rare) >= 6 and present & _ROLES))
            ):
                return name.person
        return None


def _read(person: ProtectedPerson) -> _Name | None:
    words = fold_words(person.name)
    if len(words) < 2:
        return None
    surname = words[1:]
    rare = max(surname, key=len)
    initials = frozenset(w[0] for w in words[: words.index(rare)])
    return _Name(person, words, rare, initials, _glued(words))


def _glued(words: tuple[str, ...]) -> frozenset[str]:
    first, last = words[0], "".join(words[1:])
    if len(last) < 6:  # p.oster, and a poster
        return frozenset((first + last, last + first))
    return frozenset((first + last, last + first, first[0] + last, last + first[0]))
