"""SPF records, parsed once and remembered by their text (RFC 7208 §4.5, §4.6, §5, §6)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from gateway.authn.spf_macros import MacroString, parse_domain_spec, parse_macro_string
from gateway.model.auth_facts import SpfStatus

MAX_RECORD = 8192  # characters; RFC 7208 §3.4 recommends 450 octets, the longest seen have some 2,000
MAX_TERMS = 1000
MAX_REMEMBERED = 1024  # characters; longer records are rare and read anew each time, so that memory stays bounded

_QUALIFIERS = {"+": SpfStatus.PASS, "-": SpfStatus.FAIL, "~": SpfStatus.SOFTFAIL, "?": SpfStatus.NEUTRAL}
_TERM = re.compile(r"([+\-?~]?)([a-z][a-z0-9_.\-]*)(.*)\Z", re.IGNORECASE | re.DOTALL)
_CIDR = re.compile(r"(?:/(0|[1-9][0-9]{0,2}))?(?://(0|[1-9][0-9]{0,2}))?\Z")
_LONGEST_CIDR = len("/32//128")


class Kind(IntEnum):
    """What a mechanism looks at; those from INCLUDE on cost a lookup (§4.6.4)."""

    ALL = 0
    IP4 = 1
    IP6 = 2
    INCLUDE = 3
    A = 4
    MX = 5
    PTR = 6
    EXISTS = 7


_KINDS = {kind.name.lower(): kind for kind in Kind}


class Directive:
    """One mechanism with its qualifier. A plain slots class: its fields are read some hundred times a message."""

    __slots__ = ("domain", "kind", "mask4", "mask6", "network", "status")

    def __init__(
        self, status: SpfStatus, kind: Kind, domain: MacroString | None, network: int, mask4: int, mask6: int
    ) -> None:
        self.status = status  # the result when it matches
        self.kind = kind
        self.domain = domain  # None: the domain being evaluated
        self.network = network  # of ip4 and ip6, masked
        self.mask4 = mask4
        self.mask6 = mask6


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """One record, syntactically whole."""

    directives: tuple[Directive, ...]
    redirect: MacroString | None = None
    explanation: MacroString | None = None


class SpfSyntaxError(ValueError):
    """The record is not one; the text is ours and holds nothing of the record."""


def select_record(texts: Sequence[str]) -> str | None:
    """The one SPF record among a domain's TXT records (§4.5), None when there is none. Raises SpfSyntaxError."""
    records = [text for text in texts if text[:6].lower() == "v=spf1" and (len(text) == 6 or text[6] == " ")]
    if len(records) > 1:
        raise SpfSyntaxError("several records")
    return records[0] if records else None


def parse_record(text: str) -> SpfRecord:
    """Read a record. Raises SpfSyntaxError: any fault anywhere spoils all of it (§4.6)."""
    record = _remembered(text) if len(text) <= MAX_REMEMBERED else _read(text)
    if isinstance(record, str):
        raise SpfSyntaxError(record)
    return record


def _read(text: str) -> SpfRecord | str:
    try:
        return _parse(text)
    except SpfSyntaxError as error:
        return str(error)


_remembered = lru_cache(maxsize=2048)(_read)


def _parse(text: str) -> SpfRecord:
    if not text.isascii():
        raise SpfSyntaxError("not ASCII")
    if len(text) > MAX_RECORD or text.count(" ") > MAX_TERMS:
        raise SpfSyntaxError("too long")
    directives: list[Directive] = []
    modifiers: dict[str, MacroString] = {}
    for term in text[6:].split(" "):
        if not term:
            continue
        match = _TERM.match(term)
        if match is None:
            raise SpfSyntaxError("unreadable term")
        qualifier, name, rest = match[1], match[2].lower(), match[3]
        if rest.startswith("=") and not qualifier:
            _read_modifier(name, rest[1:], modifiers)
        else:
            directives.append(_read_directive(_QUALIFIERS[qualifier or "+"], name, rest))
    return SpfRecord(tuple(directives), modifiers.get("redirect"), modifiers.get("exp"))


def _read_modifier(name: str, value: str, modifiers: dict[str, MacroString]) -> None:
    if name in {"redirect", "exp"}:
        spec = parse_domain_spec(value)
        if spec is None:
            raise SpfSyntaxError(f"bad {name}=")
        if name in modifiers:
            raise SpfSyntaxError(f"{name}= stands twice")
        modifiers[name] = spec
    elif parse_macro_string(value) is None:
        raise SpfSyntaxError("bad modifier")


def _read_directive(status: SpfStatus, name: str, rest: str) -> Directive:
    kind = _KINDS.get(name)
    if kind is None:
        raise SpfSyntaxError("unknown mechanism")
    if kind is Kind.ALL:
        if rest:
            raise SpfSyntaxError("bad all")
        return Directive(status, kind, None, 0, 0, 0)
    if kind is Kind.IP4 or kind is Kind.IP6:
        return _read_network(status, kind, rest)
    bits4, bits6 = 32, 128
    if kind is Kind.A or kind is Kind.MX:
        rest, bits4, bits6 = _split_cidr(rest)
    domain = None
    if rest:
        domain = parse_domain_spec(rest[1:]) if rest[0] == ":" else None
        if domain is None:
            raise SpfSyntaxError(f"bad {name}")
    elif kind is Kind.INCLUDE or kind is Kind.EXISTS:
        raise SpfSyntaxError(f"{name} without a domain")
    return Directive(status, kind, domain, 0, _mask(32, bits4), _mask(128, bits6))


def _split_cidr(rest: str) -> tuple[str, int, int]:
    start = max(0, len(rest) - _LONGEST_CIDR)  # searched from there: a run of slashes stays linear
    match = _CIDR.search(rest, start)
    if match is None:
        return rest, 32, 128
    bits4, bits6 = int(match[1] or 32), int(match[2] or 128)
    if match[1] == "0":
        bits4 = 0
    if match[2] == "0":
        bits6 = 0
    if bits4 > 32 or bits6 > 128:
        raise SpfSyntaxError("bad prefix length")
    return rest[: match.start()], bits4, bits6


def _mask(width: int, bits: int) -> int:
    return ((1 << bits) - 1) << (width - bits)


def _read_network(status: SpfStatus, kind: Kind, rest: str) -> Directive:
    width = 32 if kind is Kind.IP4 else 128
    address, slash, length = rest[1:].partition("/")
    if rest[:1] != ":" or (slash and not _is_length(length, width)) or "%" in address:
        raise SpfSyntaxError(f"bad {kind.name.lower()}")
    try:
        number = int(IPv4Address(address)) if kind is Kind.IP4 else int(IPv6Address(address))
    except ValueError:
        raise SpfSyntaxError(f"bad {kind.name.lower()}") from None
    mask = _mask(width, int(length) if slash else width)
    return Directive(status, kind, None, number & mask, mask, mask)


def _is_length(text: str, width: int) -> bool:
    is_number = 0 < len(text) <= 3 and text.isascii() and text.isdecimal()
    return is_number and (text == "0" or text[0] != "0") and int(text) <= width
