"""What a predicate becomes at load: a question to a message's view, and what its answer rests on.

Three answers: True, False, None (could not be known). `where` gives the stretches of the folded text that made it true,
`ground` what kind of thing it tests; both are asked only of rules that hit.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.model.content_facts import Ask, Claim, PersonalData, Sign
from gateway.model.directory import Directory
from gateway.model.folded import Region
from gateway.model.hit import Ground
from gateway.rulebook.grammar import DEFAULT_REGIONS
from gateway.rulebook.schema import Predicate
from gateway.rulebook.view import View

Places = tuple[tuple[int, int], ...]


def _nowhere(view: View) -> Places:
    return ()


@dataclass(slots=True, eq=False)
class Question:
    """One predicate, ready to run."""

    run: Callable[[View], bool | None]
    where: Callable[[View], Places] = _nowhere
    ground: Ground | None = None  # None: words, or nothing by itself
    needs: frozenset[str] = frozenset()  # one of these kinds must be in the message; empty: no such bound
    cost: int = 1  # rough order of asking
    number: int = 0  # for remembering the answer
    ground_here: Callable[[View], Ground | None] | None = None  # where it depends on which of the words held


class Meaning:
    """What WHO in a rule means: identities of one directory."""

    def __init__(self, directory: Directory) -> None:
        self._kinds: dict[str, set[str]] = {}
        for identity in directory.identities:
            self._kinds.setdefault(f"kind:{identity.kind.value}", set()).add(identity.id)

    def who(self, value: object) -> frozenset[str] | None:
        """The identities meant; None for any."""
        names = strings(value)
        if "any" in names:
            return None
        found: set[str] = set()
        for name in names:
            found |= self._kinds.get(name, set()) if name.startswith("kind:") else {name}
        return frozenset(found)


def strings(value: object) -> tuple[str, ...]:
    """A checked list parameter."""
    return tuple(str(item) for item in value) if isinstance(value, tuple) else ()


def set_of(value: object) -> frozenset[str]:
    """A checked list parameter as a set."""
    return frozenset(strings(value))


def set_or_none(value: object) -> frozenset[str] | None:
    """The same; None where nothing was written."""
    return None if value is None else set_of(value)


def regions_of(predicate: Predicate) -> frozenset[Region]:
    """The regions a predicate looks in."""
    return frozenset(Region(name) for name in strings(predicate.get("in")) or DEFAULT_REGIONS)


def stretches(facts: "list[Claim] | list[Ask] | list[Ask | Sign] | list[PersonalData]") -> Places:
    """Where facts stand in the folded text."""
    return tuple((fact.start, fact.end) for fact in facts if fact.start >= 0)
