"""Checked rules -> rules ready to run: named conditions put in, questions shared, impossible ones refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.model.directory import Directory
from gateway.model.hit import Ground
from gateway.rulebook.fact_questions import FactMakers
from gateway.rulebook.questions import Places, Question, set_of
from gateway.rulebook.scan import Literals
from gateway.rulebook.schema import All, AtLeast, Condition, Is, Not, Predicate, Rule
from gateway.rulebook.sender_questions import SenderMakers
from gateway.rulebook.text_questions import TextMakers
from gateway.rulebook.view import View

MAX_CONDITIONS = 2000  # of one rule, named conditions put in: bounds what a message may cost
_EXCLUSIVE = frozenset(("language", "spf", "arc", "author_proved"))  # one value each: two disjoint sets can't both hold
_RELATIONS = frozenset((Ground.PROOF, Ground.ADDRESS, Ground.FORM))


class Node:
    """A condition ready to run."""

    __slots__ = ()
    cost = 0

    def truth(self, view: View) -> bool | None:
        """True, False, or None when it can't be known."""
        raise NotImplementedError

    def why(self, view: View, found: "Why") -> None:
        """Note what made it true; asked only after `truth` was True."""


class Why:
    """What a hit rests on."""

    def __init__(self) -> None:
        self.grounds: set[Ground] = set()
        self.places: list[tuple[int, int]] = []
        self.claims = False
        self.unproved = False


@dataclass(slots=True, eq=False)
class Leaf(Node):
    """One question, asked once a message however many rules ask it."""

    question: Question
    name: str
    cost: int

    def truth(self, view: View) -> bool | None:
        number = self.question.number
        answers = view.answers
        if number in answers:
            return answers[number]
        answer = self.question.run(view)
        answers[number] = answer
        return answer

    def why(self, view: View, found: Why) -> None:
        found.places += self.question.where(view)
        if self.name in ("claims", "claims_unproved"):
            found.claims = True
        question = self.question
        ground = question.ground if question.ground_here is None else question.ground_here(view)
        if ground is not None and self.name not in ("authenticated_as", "author_proved"):
            found.grounds.add(ground)


@dataclass(slots=True, eq=False)
class Every(Node):
    """`all`."""

    children: tuple[Node, ...]  # cheap ones first
    cost: int

    def truth(self, view: View) -> bool | None:
        known = True
        for child in self.children:
            answer = child.truth(view)
            if answer is False:
                return False
            if answer is None:
                known = False
        return True if known else None

    def why(self, view: View, found: Why) -> None:
        for child in self.children:
            child.why(view, found)


@dataclass(slots=True, eq=False)
class Some(Node):
    """`any` and `at_least`."""

    count: int
    children: tuple[Node, ...]
    cost: int

    def truth(self, view: View) -> bool | None:
        held = unknown = 0
        for child in self.children:
            answer = child.truth(view)
            if answer is True:
                held += 1
                if held >= self.count:
                    return True
            elif answer is None:
                unknown += 1
        return None if held + unknown >= self.count else False

    def why(self, view: View, found: Why) -> None:
        for child in self.children:
            if child.truth(view) is True:
                child.why(view, found)


@dataclass(slots=True, eq=False)
class Never(Node):
    """`not`."""

    child: Node
    cost: int

    def truth(self, view: View) -> bool | None:
        answer = self.child.truth(view)
        return None if answer is None else not answer

    def why(self, view: View, found: Why) -> None:
        if isinstance(self.child, Leaf) and self.child.name in ("authenticated_as", "author_proved"):
            found.unproved = True


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """One rule, ready to run."""

    rule: Rule
    node: Node
    clauses: tuple[frozenset[str], ...]  # each must share a kind with the message, or the rule can't hold

    def explain(self, view: View) -> tuple[frozenset[Ground], Places]:
        """What the hit rests on, and where. Only after `node.truth(view)` was True."""
        why = Why()
        self.node.why(view, why)
        if why.claims and why.unproved:
            why.grounds.add(Ground.PROOF)
        grounds = frozenset(why.grounds) if why.grounds & _RELATIONS else frozenset((Ground.WORDS,))
        return grounds, tuple(sorted(set(why.places)))


class Compiler:
    """Compiles the rules of one rulebook; faults gather in `problems`."""

    def __init__(self, directory: Directory, conditions: Mapping[str, Condition]) -> None:
        self.literals = Literals()
        self.problems: list[str] = []
        self._conditions = conditions
        self._table = {
            **FactMakers(directory).table,
            **SenderMakers(directory).table,
            **TextMakers(self.literals, directory).table,
        }
        self._leaves: dict[Predicate, Leaf] = {}
        self._size = 0

    def compile(self, rule: Rule) -> Compiled | None:
        """One rule; None after a fault."""
        before = len(self.problems)
        self._size = 0
        condition = self._expand(rule.when, ())
        if self._size > MAX_CONDITIONS:
            self.problems.append(rule.place.problem(f"more than {MAX_CONDITIONS} conditions; make it smaller"))
            return None
        if condition is None or len(self.problems) > before:
            return None
        self._check(condition, rule)
        if not any(positives(condition)):
            self.problems.append(
                rule.place.problem("`when` has only negations: it would match most mail; say what must be there")
            )
        if len(self.problems) > before:
            return None
        return Compiled(rule, self._node(condition), tuple(self._clauses(condition)))

    def _expand(self, condition: Condition, inside: tuple[str, ...]) -> Condition | None:
        self._size += 1
        if self._size > MAX_CONDITIONS:
            return None  # told by `compile`
        if isinstance(condition, Is):
            target = self._conditions.get(condition.name)
            if target is None:
                self.problems.append(condition.place.problem(f"there is no condition named {condition.name}"))
                return None
            if condition.name in inside:
                self.problems.append(condition.place.problem(f"{condition.name} leads back to itself"))
                return None
            return self._expand(target, (*inside, condition.name))
        if isinstance(condition, Not):
            child = self._expand(condition.child, inside)
            return Not(child) if child is not None else None
        if isinstance(condition, All | AtLeast):
            children = tuple(self._expand(child, inside) for child in condition.children)
            known = tuple(child for child in children if child is not None)
            if len(known) < len(children):
                return None
            return All(known) if isinstance(condition, All) else AtLeast(condition.count, known)
        return condition

    def _check(self, condition: Condition, rule: Rule) -> None:
        """Refuse an `all` that holds a condition and its negation, or two values of what has one."""
        if isinstance(condition, Not):
            self._check(condition.child, rule)
            return
        if isinstance(condition, AtLeast):
            for child in condition.children:
                self._check(child, rule)
            return
        if not isinstance(condition, All):
            return
        flat = list(_flatten(condition))
        negated = {child.child for child in flat if isinstance(child, Not)}
        single: dict[str, frozenset[str]] = {}
        for child in flat:
            if child in negated:
                self.problems.append(rule.place.problem("can never hold: a condition and its negation in one `all`"))
                return
            if isinstance(child, Predicate) and child.name in _EXCLUSIVE:
                values = set_of(child.get("is")) or frozenset((str(child.get("is")),))
                if child.name in single and single[child.name].isdisjoint(values):
                    self.problems.append(rule.place.problem(f"can never hold: two values of {child.name} in one `all`"))
                    return
                single[child.name] = values
            elif not isinstance(child, Predicate):
                self._check(child, rule)

    def _node(self, condition: Condition) -> Node:
        if isinstance(condition, Predicate):
            return self._leaf(condition)
        if isinstance(condition, Not):
            child = self._node(condition.child)
            return Never(child, child.cost)
        if isinstance(condition, All | AtLeast):
            children = tuple(sorted((self._node(child) for child in condition.children), key=lambda node: node.cost))
            cost = sum(child.cost for child in children)
            return Every(children, cost) if isinstance(condition, All) else Some(condition.count, children, cost)
        raise TypeError("a named condition was not put in")

    def _leaf(self, predicate: Predicate) -> Leaf:
        leaf = self._leaves.get(predicate)
        if leaf is None:
            question = self._table[predicate.name](predicate)
            question.number = len(self._leaves)
            leaf = Leaf(question, predicate.name, question.cost)
            self._leaves[predicate] = leaf
        return leaf

    def _clauses(self, condition: Condition) -> Iterator[frozenset[str]]:
        """Kinds of which one must be in a message for the condition to be anything but False."""
        if isinstance(condition, Predicate):
            needs = self._leaf(condition).question.needs
            if needs:
                yield needs
        elif isinstance(condition, All):
            for child in condition.children:
                yield from self._clauses(child)
        elif isinstance(condition, AtLeast):
            each = [next(iter(self._clauses(child)), None) for child in condition.children]
            if all(clause is not None for clause in each):
                yield frozenset().union(*(clause for clause in each if clause is not None))


def _flatten(condition: All) -> Iterator[Condition]:
    for child in condition.children:
        if isinstance(child, All):
            yield from _flatten(child)
        else:
            yield child


def positives(condition: Condition) -> Iterator[Predicate]:
    """Predicates that stand outside every `not`."""
    if isinstance(condition, Predicate):
        yield condition
    elif isinstance(condition, All | AtLeast):
        for child in condition.children:
            yield from positives(child)


def predicates(condition: Condition) -> Iterator[Predicate]:
    """Every predicate."""
    if isinstance(condition, Predicate):
        yield condition
    elif isinstance(condition, Not):
        yield from predicates(condition.child)
    elif isinstance(condition, All | AtLeast):
        for child in condition.children:
            yield from predicates(child)


def in_order(rules: Sequence[Rule], conditions: Mapping[str, Condition]) -> tuple[list[Rule], list[str]]:
    """The rules so that each stands after those whose hits it asks about, and the faults: unknown ids, circles."""
    by_id = {rule.id: rule for rule in rules}
    families: dict[str, list[str]] = {}
    for rule in rules:
        families.setdefault(rule.family, []).append(rule.id)
    problems: list[str] = []
    after: dict[str, set[str]] = {}
    for rule in rules:
        asked: set[str] = set()
        for predicate in _all_predicates(rule.when, conditions, set()):
            if predicate.name != "hits":
                continue
            for name in set_of(predicate.get("rules")):
                if name not in by_id:
                    problems.append(predicate.place.problem(f"there is no rule {name}"))
                asked.add(name)
            for family in set_of(predicate.get("families")):
                if family not in families:
                    problems.append(predicate.place.problem(f"there is no family {family}"))
                asked.update(name for name in families.get(family, ()) if name != rule.id)
        after[rule.id] = asked & set(by_id)
    ordered: list[Rule] = []
    placed: set[str] = set()
    waiting = list(rules)
    while waiting:
        ready = [rule for rule in waiting if after[rule.id] <= placed]
        if not ready:
            names = ", ".join(rule.id for rule in waiting[:5])
            problems.append(waiting[0].place.problem(f"rules ask about one another's hits in a circle: {names}"))
            break
        ordered += ready
        placed |= {rule.id for rule in ready}
        waiting = [rule for rule in waiting if rule.id not in placed]
    return ordered, problems


def _all_predicates(condition: Condition, named: Mapping[str, Condition], seen: set[str]) -> Iterator[Predicate]:
    """Every predicate; a named condition is gone into once (circles are told by the compiler)."""
    if isinstance(condition, Is):
        target = named.get(condition.name)
        if target is not None and condition.name not in seen:
            seen.add(condition.name)
            yield from _all_predicates(target, named, seen)
    elif isinstance(condition, Not):
        yield from _all_predicates(condition.child, named, seen)
    elif isinstance(condition, All | AtLeast):
        for child in condition.children:
            yield from _all_predicates(child, named, seen)
    else:
        yield condition
