"""The nouns of a rule file, as read and checked: what `rules show` prints and what `compile.py` makes run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gateway.model.hit import RuleMode


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a rule file: for faults that are found after reading."""

    file: Path
    line: int
    path: str

    def problem(self, text: str) -> str:
        """One line of `SettingsError`."""
        return f"{self.file}:{self.line}: {self.path}: {text}"


@dataclass(frozen=True, slots=True)
class All:
    """Every child holds."""

    children: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the children hold; `any` is at least one."""

    count: int
    children: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The child does not hold; of something unknown it is unknown."""

    child: "Condition"


@dataclass(frozen=True, slots=True)
class Is:
    """A named condition, written once under `conditions:`."""

    name: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Predicate:
    """One question about the facts, with its parameters as `grammar.py` checked them."""

    name: str
    values: tuple[tuple[str, object], ...]  # hashable: equal predicates are asked once a message
    place: Place = field(compare=False)

    def get(self, name: str) -> object:
        """A parameter's value, None when it was not written."""
        return dict(self.values).get(name)


Condition = All | AtLeast | Not | Is | Predicate


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A message that a rule must match, or must not: written out, or a file."""

    must_match: bool
    place: Place
    why: str = ""
    eml: Path | None = None
    text: str = ""
    html: str = ""
    subject: str = ""
    from_: str = ""
    from_name: str = ""
    reply_to: str = ""
    mail_from: str | None = None
    to: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[tuple[str, str, str], ...] = ()  # name, content type, content (text, or base64:...)
    authenticated_as: str = ""  # a domain, or an identity (then its first domain)
    authentication: str = "known"  # "known", "unknown"
    honest: bool = True  # of must_not_match: the pack as a whole must let it pass; false: another lure


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule."""

    id: str
    family: str
    title: str
    reason: str
    points: float
    mode: RuleMode
    when: Condition
    place: Place
    sources: tuple[str, ...] = ()
    must_match: tuple[Proof, ...] = ()
    must_not_match: tuple[Proof, ...] = ()
    needs_approval: bool = False
    overrides_allow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """One file: a family, its cap, its rules and the conditions it names for all files."""

    path: Path
    family: str
    cap: float | None
    rules: tuple[Rule, ...]
    conditions: Mapping[str, Condition]
    retired: frozenset[str]  # ids that were once used: never again
