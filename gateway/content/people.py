"""Protected people's names, whichever way they are written: order, accents, initials, dots and hyphens."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.content.plain_fold import fold_words
from gateway.content.words import word_set
from gateway.model.directory import ProtectedPerson

_TITLES = word_set(
    """
    m mr mme mlle dr pr me monsieur madame maitre docteur professeur sir ms mrs
    """
)


_MAX_NAMED = 10  # places of a name looked at
_NEAR_NAME = 70
_CALLED = re.compile(r"\b(?:m|mr|mme|madame|monsieur|maitre|dr|mrs|ms)\.? $")
_MANDATE_AFTER = re.compile(
    r"^[a-z\-]+(?: [a-z\-]+)?,?(?: votre [a-z ]{3,30},)?"
    r" (?:(?:m'a|nous a|vous a|a|m'ayant|vient de|has|asked|told|wants) ?"
    r"(?:demande|charge|mandate|donne|autorise|valide|confie|approuve|prie|designe|choisi|approved|asked|authori[sz]ed"
    r"|appointed|instructed|me to|given)"
    r"|(?:me|nous) (?:demande|charge|prie|mandate|confie)"
    r"|(?:souhaite|desire|exige|veut|tient a ce) que (?:vous|nous|je))"
)
_MANDATE_BEFORE = re.compile(
    r"(?:j'assiste|je represente|nous assistons|nous representons"
    r"|a la demande|sur instruction|sur les instructions|sur ordre|avec l'accord|avec l'aval|mandate par|charge par"
    r"|pour le compte|de la part|au nom|autorisation|accord|approval|on behalf|instructed by|request)"
    r" (?:de|of|par|from)?"
    r" ?(?:votre [a-z ]{3,30},? )?(?:m|mr|mme|madame|monsieur|ms|mrs)?\.? ?[a-z]{0,14} ?$"
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

    def invoked_in(self, folded: str) -> bool:
        """Whether folded text tells that a protected person mandated its author: « Mme Martin m'a chargé de »."""
        return any(
            _MANDATE_AFTER.search(after) or _MANDATE_BEFORE.search(before) for before, after in self._mentions(folded)
        )

    def mentioned_in(self, folded: str) -> bool:
        """Whether folded text names a protected person, by a title or the first name before the surname."""
        return any(True for _ in self._mentions(folded))

    def _mentions(self, folded: str) -> Iterator[tuple[str, str]]:
        """What stands before and after each place where a protected person is called by name."""
        for name in self._names:
            if len(name.rare) < 4:
                continue
            place = folded.find(name.rare)
            for _ in range(_MAX_NAMED):
                if place < 0:
                    break
                before = folded[max(0, place - _NEAR_NAME) : place]
                if _CALLED.search(before) or name.words[0] in before[-24:]:
                    yield before, folded[place : place + _NEAR_NAME]
                place = folded.find(name.rare, place + 1)

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
