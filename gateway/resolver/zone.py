"""DNS from a JSON file, for trying out and for tests: name -> type -> values (DESIGN §5, `--zone`).

The word "TIMEOUT" or "SERVFAIL" stands in place of a list of values (or of all types of a name) and fails at once.
A name that is not in the file, and has nothing below it, does not exist.
"""

import json
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from gateway.model.dns_answer import NO_DATA, NO_NAME, DnsAnswer, FailureCause, RecordType, failed, found
from gateway.model.errors import SettingsError
from gateway.resolver.names import canonical_name

MAX_ALIASES = 8
CNAME = "CNAME"

_FAILURES = {"TIMEOUT": failed(FailureCause.TIMEOUT), "SERVFAIL": failed(FailureCause.SERVFAIL)}
_MALFORMED = failed(FailureCause.MALFORMED)
_TYPES = frozenset({CNAME, *(rtype.value for rtype in RecordType)})


def _host(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a host name")
    name = canonical_name(value)
    if name is None and value != ".":
        raise ValueError("must be a host name")
    return name or ""


def _txt(value: object) -> str:
    strings = value if isinstance(value, list) else [value]
    if not all(isinstance(string, str) for string in strings):
        raise ValueError("must be a string or a list of strings")
    return "".join(map(str, strings)).encode("utf-8", "surrogatepass").decode("latin-1")


def _mx(value: object) -> tuple[int, str]:
    pair = value.split() if isinstance(value, str) else value
    if not isinstance(pair, list) or len(pair) != 2:
        raise ValueError('must be "PREFERENCE HOST" or [PREFERENCE, HOST]')
    preference = pair[0]
    if not (isinstance(preference, int) or (isinstance(preference, str) and preference.isdecimal())):
        raise ValueError('must be "PREFERENCE HOST" or [PREFERENCE, HOST]')
    return int(preference), _host(pair[1])


def _ipv4(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be an IPv4 address")
    return str(IPv4Address(value))


def _ipv6(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be an IPv6 address")
    return str(IPv6Address(value))


def _by_preference(values: list[object]) -> tuple[str, ...]:
    return tuple(host for _, host in sorted(map(_mx, values), key=lambda pair: pair[0]))


def _each(read: Callable[[object], str]) -> Callable[[list[object]], tuple[str, ...]]:
    return lambda values: tuple(map(read, values))


_READERS: dict[str, Callable[[list[object]], tuple[str, ...]]] = {
    "A": _each(_ipv4),
    "AAAA": _each(_ipv6),
    "MX": _by_preference,
    "TXT": _each(_txt),
    "PTR": _each(_host),
    CNAME: _each(_host),
}

Names = dict[str, dict[str, DnsAnswer]]


def _read_values(rtype: str, values: object) -> DnsAnswer:
    if isinstance(values, str) and values.upper() in _FAILURES:
        return _FAILURES[values.upper()]
    if not isinstance(values, list):
        raise ValueError('must be a list, "TIMEOUT" or "SERVFAIL"')
    return found(_READERS[rtype](values))


def _read_types(name: str, types: object, problems: list[str]) -> dict[str, DnsAnswer]:
    if isinstance(types, str) and types.upper() in _FAILURES:
        return dict.fromkeys(_TYPES, _FAILURES[types.upper()])
    if not isinstance(types, Mapping):
        problems.append(f'{name}: must be an object of types, "TIMEOUT" or "SERVFAIL"')
        return {}
    answers: dict[str, DnsAnswer] = {}
    for written, values in types.items():
        rtype = str(written).upper()
        if rtype not in _TYPES:
            continue  # SOA, NS, CAA...: a zone may hold what the gateway never asks for
        try:
            answers[rtype] = _read_values(rtype, values)
        except ValueError as error:
            problems.append(f"{name}.{written}: {error}")
    return answers


def _read_zone(zone: object, problems: list[str]) -> Names:
    names: Names = {}
    if not isinstance(zone, Mapping):
        problems.append("zone: must be an object of names")
        return names
    for written, types in zone.items():
        name = canonical_name(str(written))
        if name is None:
            problems.append(f"{str(written)[:80]!a}: can't be a DNS name")
        else:
            names.setdefault(name, {}).update(_read_types(name, types, problems))
    return names


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object, refused when a key stands twice: `json` would silently keep the last."""
    once = dict(pairs)
    if len(once) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"{twice[:80]!a} stands twice")
    return once


class ZoneResolver:
    """Answers from a zone; the same for every message, at once. It is its own `Resolver`."""

    def __init__(self, zone: Mapping[str, object]) -> None:
        """`zone` as in the file. Raises SettingsError with one `path: problem` a line."""
        problems: list[str] = []
        self._names = _read_zone(zone, problems)
        if problems:
            raise SettingsError(problems)
        self._parents = {parent for name in self._names for parent in _ancestors(name)}

    @classmethod
    def load(cls, path: Path) -> "ZoneResolver":
        """Read a zone file. Raises SettingsError with one `FILE: path: problem` a line."""
        try:
            zone = json.loads(path.read_text("utf-8"), object_pairs_hook=_once)
        except OSError as error:
            raise SettingsError([f"{path}: zone: can't be read: {error.strerror}"]) from None
        except (ValueError, RecursionError) as error:
            raise SettingsError([f"{path}: zone: is not JSON: {error}"]) from None
        try:
            return cls(zone)
        except SettingsError as error:
            raise SettingsError([f"{path}: {problem}" for problem in error.problems]) from None

    def for_message(self, _deadline: float) -> "ZoneResolver":
        """The resolver of one message. A file answers at once: it needs no deadline."""
        return self

    async def close(self) -> None:
        """Nothing is open."""

    async def query(self, name: str, rtype: RecordType) -> DnsAnswer:
        """One answer, CNAMEs followed. What can't be a name, and a loop, is FAILED/MALFORMED."""
        asked = canonical_name(name)
        for _ in range(MAX_ALIASES + 1):
            if asked is None:
                return _MALFORMED
            types = self._names.get(asked)
            if types is None:
                return NO_DATA if asked in self._parents else NO_NAME
            answer = types.get(rtype.value)
            if answer is not None:
                return answer
            alias = types.get(CNAME)
            if alias is None or not alias.values:
                return NO_DATA if alias is None or not alias.failed else alias
            if not alias.values[0]:
                return NO_DATA  # an alias of the root, which holds nothing of what we ask for
            asked = canonical_name(alias.values[0])
        return _MALFORMED


def _ancestors(name: str) -> list[str]:
    labels = name.split(".")
    return [".".join(labels[i:]) for i in range(1, len(labels))]
