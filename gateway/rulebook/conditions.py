"""Plain data of a rule file -> typed conditions, every fault told with its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import re2

from gateway.model.directory import IdentityKind
from gateway.rulebook.folding import fold_words
from gateway.rulebook.grammar import (
    IDENTIFIER,
    PREDICATES,
    Kind,
    Literals,
    Number,
    Pattern,
    PredicateSpec,
    Switch,
    Texts,
    Who,
    Words,
)
from gateway.rulebook.schema import All, AtLeast, Condition, Is, Not, Place, Predicate
from gateway.settings.yaml_lines import Node, YamlPath, dotted

MAX_PROGRAM = 2000  # instructions of a compiled pattern: bounds both its memory and its time per character
MAX_PATTERN = 1000
MAX_CHILDREN = 200
MIN_STEM = 3
_OPERATORS = ("all", "any", "not", "at_least", "is")
_KINDS = tuple(str(kind.value) for kind in IdentityKind)


@dataclass(slots=True)
class Reader:
    """Reads the conditions of one file. Faults gather in `problems`."""

    node: Node
    identities: frozenset[str]
    problems: list[str] = field(default_factory=list)

    def fault(self, path: YamlPath, text: str) -> None:
        """Note one fault."""
        self.problems.append(self.node.problem(path, text))

    def place(self, path: YamlPath) -> Place:
        """Where `path` stands, for faults found later."""
        return Place(self.node.path, self.node.line_of(path), dotted(path))

    def condition(self, data: object, path: YamlPath) -> Condition | None:
        """One condition: a mapping of exactly one key. None after a fault."""
        if not isinstance(data, dict) or len(data) != 1:
            self.fault(path, "a condition is a mapping of one key: all, any, not, at_least, is or a predicate")
            return None
        ((key, value),) = data.items()
        inner = (*path, key)
        if key == "all":
            children = self._children(value, inner)
            return All(children) if children else None
        if key == "any":
            children = self._children(value, inner)
            return AtLeast(1, children) if children else None
        if key == "not":
            child = self.condition(value, inner)
            return Not(child) if child is not None else None
        if key == "at_least":
            return self._at_least(value, inner)
        if key == "is":
            if isinstance(value, str) and re.fullmatch(IDENTIFIER, value):
                return Is(value, self.place(inner))
            self.fault(inner, "must be the name of a condition, as written under `conditions:`")
            return None
        spec = PREDICATES.get(key)
        if spec is None:
            self.fault(inner, f"unknown predicate{_hint(key, (*PREDICATES, *_OPERATORS))}; see docs/RULES.md")
            return None
        return self._predicate(spec, value, inner)

    def _children(self, data: object, path: YamlPath) -> tuple[Condition, ...]:
        if not isinstance(data, list) or not 1 <= len(data) <= MAX_CHILDREN:
            self.fault(path, f"must be a list of 1 to {MAX_CHILDREN} conditions")
            return ()
        children = [self.condition(item, (*path, index)) for index, item in enumerate(data)]
        return tuple(child for child in children if child is not None) if None not in children else ()

    def _at_least(self, data: object, path: YamlPath) -> Condition | None:
        if not isinstance(data, dict) or set(data) != {"count", "of"}:
            self.fault(path, "must be {count: NUMBER, of: [conditions]}")
            return None
        children = self._children(data["of"], (*path, "of"))
        count = data["count"]
        if type(count) is not int or count < 1:
            self.fault((*path, "count"), "must be a whole number of at least 1")
            return None
        if children and count > len(children):
            self.fault((*path, "count"), f"can never hold: {count} of {len(children)} conditions")
            return None
        return AtLeast(count, children) if children else None

    def _predicate(self, spec: PredicateSpec, value: object, path: YamlPath) -> Predicate | None:
        before = len(self.problems)
        given = value if isinstance(value, dict) else {spec.short: value}
        values: list[tuple[str, object]] = []
        for name, item in given.items():
            where = (*path, name) if isinstance(value, dict) else path
            kind = spec.parameters.get(name)
            if kind is None:
                self.fault(where, f"unknown parameter of {spec.name}{_hint(name, tuple(spec.parameters))}")
                continue
            values.append((name, self._value(kind, item, where)))
        for name in sorted(spec.required - set(given)):
            self.fault(path, f"{spec.name} needs `{name}`")
        if not given:
            self.fault(path, f"{spec.name} needs a parameter: {', '.join(spec.parameters)}")
        if len(self.problems) > before:
            return None
        found = Predicate(spec.name, tuple(sorted(values)), self.place(path))
        self._possible(found, path)
        return found if len(self.problems) == before else None

    def _possible(self, predicate: Predicate, path: YamlPath) -> None:
        """Parameters that can't hold together."""
        count = predicate.get("at_least")
        many = predicate.get("kinds") or predicate.get("of") or predicate.get("rules") or ()
        # asks and signs of one kind may stand several times; words, rules and families are counted once each
        if isinstance(count, int) and isinstance(many, tuple) and predicate.name in ("words", "hits"):
            families = predicate.get("families") or ()
            total = len(many) + (10**6 if families else 0)
            if count > total:
                self.fault(path, f"can never hold: at_least {count} of {total}")
        for plain, opposite in (("flags", "without"), ("of", "not_of"), ("country", "not_country")):
            first, second = predicate.get(plain), predicate.get(opposite)
            if isinstance(first, tuple) and isinstance(second, tuple) and set(first) <= set(second) and first:
                self.fault(path, f"can never hold: {plain} and {opposite} exclude one another")

    def _value(self, kind: Kind, item: object, path: YamlPath) -> object:
        if isinstance(kind, Switch):
            if not isinstance(item, bool):
                self.fault(path, "must be true or false")
            return item
        if isinstance(kind, Number):
            if type(item) is not int or not kind.low <= item <= kind.high:
                self.fault(path, f"must be a whole number from {kind.low} to {kind.high}")
            return item
        if isinstance(kind, Pattern):
            return self._pattern(item, path)
        return self._list(kind, item, path)

    def _list(self, kind: Words | Who | Literals | Texts, item: object, path: YamlPath) -> tuple[object, ...]:
        items: Sequence[object] = item if isinstance(item, list) else [item]
        found: list[object] = []
        for index, one in enumerate(items):
            where = (*path, index) if isinstance(item, list) else path
            if not isinstance(one, str) or not one:
                self.fault(where, "must be a word (quote numbers)")
                continue
            value: object = one
            if isinstance(kind, Words):
                if one not in kind.choices:
                    self.fault(where, f"unknown{_hint(one, kind.choices)}; one of: {', '.join(kind.choices)}")
            elif isinstance(kind, Who):
                self._who(kind, one, where)
            elif isinstance(kind, Texts):
                if re.fullmatch(kind.pattern, one) is None:
                    self.fault(where, f"must be {kind.what}")
            else:
                value = self._literal(one, where)
            if value in found:
                self.fault(where, "stands twice")
            found.append(value)
        least = kind.least if isinstance(kind, Literals) else 1
        if len(items) < least:
            self.fault(path, f"needs at least {least} entries" if least > 1 else "must not be empty")
        return tuple(found)

    def _who(self, kind: Who, name: str, path: YamlPath) -> None:
        if name in kind.extra or name in self.identities:
            return
        if name.startswith("kind:"):
            if name[5:] not in _KINDS:
                self.fault(path, f"unknown kind{_hint(name[5:], _KINDS)}; one of: {', '.join(_KINDS)}")
            return
        self.fault(path, f"unknown identity{_hint(name, tuple(self.identities))}; identities stand in lists/*.yml")

    def _literal(self, text: str, path: YamlPath) -> tuple[str, ...]:
        found: list[str] = []
        for alternative in text.split("|"):
            stem = alternative.rstrip().endswith("*")
            word = fold_words(alternative)
            if not word:
                self.fault(path, "can never match: nothing of it is left once folded")
            elif stem and len(word) < MIN_STEM:
                self.fault(path, f"a stem before * needs at least {MIN_STEM} letters")
            elif "*" in alternative.strip().rstrip("*"):
                self.fault(path, "* stands at the end of a word only")
            found.append(word + "*" if stem else word)
        return tuple(sorted(set(found)))

    def _pattern(self, item: object, path: YamlPath) -> object:
        if not isinstance(item, str) or not item:
            self.fault(path, "must be a regular expression")
            return item
        if len(item) > MAX_PATTERN:
            self.fault(path, f"is longer than {MAX_PATTERN} characters; use words and near")
            return item
        if not item.isascii() or any(c.isupper() for c in re.sub(r"\\.", "", item)):
            self.fault(path, "can never match: the text is folded to lower-case ASCII")
            return item
        try:
            pattern = compile_pattern(item)
        except re2.error as error:
            text = error.args[0] if error.args else ""
            shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
            self.fault(path, f"google-re2 refuses it: {shown}")
            return item
        if pattern.programsize > MAX_PROGRAM:
            self.fault(path, f"too dear: {pattern.programsize} instructions, at most {MAX_PROGRAM}; use near")
        elif pattern.search("") is not None:
            self.fault(path, "matches the empty text, so every message")
        return item


def compile_pattern(pattern: str) -> "re2._Regexp":
    """A pattern of a rule file, compiled. Raises `re2.error`."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 24
    options.never_capture = True
    return re2.compile(pattern, options)


def _hint(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, 1)
    return f" `{word}`, did you mean `{close[0]}`?" if close else f" `{word}`"
