"""Strict YAML with lines: what an administrator wrote, read one way only, every fault with its place.

libyaml finds the tokens (13 ms for 300 rules), we build the values: YAML 1.1's surprises (`no` is False, `012` is ten,
`12:30` is 750, the last of two equal keys wins) are deadly for patterns, department codes and limits, so a scalar is a
string unless it is plainly a YAML 1.2 number, boolean or null. Aliases, tags and invisible characters are faults.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from gateway.model.errors import SettingsError

YamlPath = tuple[str | int, ...]

MAX_BYTES = 8_388_608
MAX_DEPTH = 40
MAX_NODES = 200_000

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,18})")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,18})(?:\.[0-9]{0,18})?(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
# Characters that a reviewer does not see: controls, format characters (zero-width, direction, soft hyphen, tags),
# fillers, variation selectors, line separators. No-break spaces stay: French typing is full of them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML file as plain data (dict, list, str, int, float, bool, None) and the line of every value."""

    path: Path
    data: object
    lines: Mapping[YamlPath, int]

    def line_of(self, path: YamlPath) -> int:
        """The line (from 1) of the value at `path`; of its nearest parent when it is absent."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: YamlPath, text: str) -> str:
        """One line for `SettingsError`: FILE:LINE: path: problem."""
        where = dotted(path)
        return f"{self.path}:{self.line_of(path)}: {where + ': ' if where else ''}{text}"


def dotted(path: YamlPath) -> str:
    """A path as it is written for people: `policy.for[0].domains`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def load_yaml(path: Path) -> Node:
    """Read a YAML file. Raises SettingsError with all that is wrong with it, one `FILE:LINE: path: problem` a line."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError([f"{path}: can't be read: {error.strerror or 'input/output error'}"]) from None
    if len(raw) > MAX_BYTES:
        raise SettingsError([f"{path}:1: is larger than {MAX_BYTES} bytes"])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SettingsError([f"{path}:{line}: isn't UTF-8; save the file as UTF-8"]) from None
    return parse_yaml(text, path)


def parse_yaml(text: str, path: Path) -> Node:
    """The same for text at hand; `path` is what faults name."""
    problems = [
        f"{path}:{text.count(chr(10), 0, found.start()) + 1}: "
        f"invisible character U+{ord(found[0]):04X}; write it as an escape in double quotes, such as "
        f'"{_escape(found[0])}", or remove it'
        for found in _first(_INVISIBLE.finditer(text), 20)
    ]
    if problems:
        raise SettingsError(problems)
    builder = _Builder(path)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if not builder.take(event):
                break
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        builder.problems.append(f"{path}:{line}: not YAML: {error.problem or error.context}")
    except (yaml.YAMLError, ValueError):
        builder.problems.append(f"{path}:1: not YAML")
    if builder.problems:
        raise SettingsError(builder.problems)
    return Node(path, builder.root, builder.lines)


def _first(found: Iterator[re.Match[str]], count: int) -> list[re.Match[str]]:
    return [match for match, _ in zip(found, range(count), strict=False)]


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


@dataclass(slots=True)
class _Open:
    """A list or mapping being filled."""

    value: "list[object] | dict[str, object]"
    path: YamlPath
    key: str | None = None  # of a mapping: the key that waits for its value
    waits: bool = False
    skip: bool = False  # the waiting key is unusable: its value is read and dropped


class _Builder:
    """Events in, plain data out. Goes on after a fault where it can, so that all are told at once."""

    def __init__(self, path: Path) -> None:
        self.problems: list[str] = []
        self.lines: dict[YamlPath, int] = {}
        self.root: object = None
        self._file = path
        self._open: list[_Open] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> bool:
        """One event; False when reading on makes no sense."""
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._fault(line, (), "a second document; one file holds one")
                return False
            return True
        if isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            return True
        if not isinstance(event, yaml.NodeEvent):
            return True
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._fault(line, (), f"more than {MAX_NODES} values")
            return False
        return self._node(event, line)

    def _node(self, event: yaml.NodeEvent, line: int) -> bool:
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.value, dict) and not top.waits:
            return self._key(top, event, line)
        path = self._place(top)
        if event.anchor is not None:
            self._fault(line, path, "anchors and aliases (& and *) are not allowed; write the value out")
            if isinstance(event, yaml.AliasEvent):
                self._put(top, path, None, line)
                return True
        if isinstance(event, yaml.ScalarEvent):
            if event.tag not in (None, "!"):
                self._fault(line, path, "tags (!) are not allowed")
            self._put(top, path, _scalar(event), line)
            return True
        if isinstance(event, yaml.CollectionStartEvent) and event.tag not in (None, "!"):
            self._fault(line, path, "tags (!) are not allowed")
        if len(self._open) >= MAX_DEPTH:
            self._fault(line, path, f"nested more than {MAX_DEPTH} deep")
            return False
        value: list[object] | dict[str, object] = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        self._put(top, path, value, line)
        self._open.append(_Open(value, path))
        return True

    def _key(self, top: _Open, event: yaml.NodeEvent, line: int) -> bool:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None:
            self._fault(line, top.path, "a key must be a plain word")
            return False
        key = event.value
        top.key, top.waits = key, True
        top.skip = isinstance(top.value, dict) and key in top.value
        if top.skip:
            first = self.lines.get((*top.path, key), line)
            self._fault(line, (*top.path, key), f"stands twice (first on line {first}); remove one")
        return True

    @staticmethod
    def _place(top: _Open | None) -> YamlPath:
        if top is None:
            return ()
        if isinstance(top.value, list):
            return (*top.path, len(top.value))
        return (*top.path, top.key or "")

    def _put(self, top: _Open | None, path: YamlPath, value: object, line: int) -> None:
        if top is None:
            self.root = value
        elif isinstance(top.value, list):
            top.value.append(value)
        else:
            if not top.skip:
                top.value[top.key or ""] = value
            top.waits = False
        self.lines.setdefault(path, line)

    def _fault(self, line: int, path: YamlPath, text: str) -> None:
        where = dotted(path)
        self.problems.append(f"{self._file}:{line}: {where + ': ' if where else ''}{text}")


def _scalar(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    text: str = event.value
    if not event.implicit[0]:  # quoted or block text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
