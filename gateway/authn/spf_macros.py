"""SPF's macro strings: read once, expanded per message (RFC 7208 §7)."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from gateway.model.envelope import IpAddress

MAX_NAME = 253
MAX_DOMAIN_SPEC = 1024  # characters: a name has 253, and each macro costs time at every lookup

_MACRO = re.compile(r"%\{([slodiphvcrt])([0-9]*)(r?)([.\-+,/_=]*)\}", re.IGNORECASE)
_LITERAL = re.compile(r"[\x21-\x24\x26-\x7e]+")
_LITERAL_OR_BLANK = re.compile(r"[\x20-\x24\x26-\x7e]+")  # explain-string (§6.2) may hold blanks
_ESCAPES = {"%%": "%", "%_": " ", "%-": "%20"}
_TOP_LABEL = re.compile(r"\.(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\.?\Z", re.IGNORECASE)
_ONLY_IN_EXPLANATIONS = frozenset("crt")


@dataclass(frozen=True, slots=True)
class Macro:
    """One `%{...}`: which value, how many right-hand parts of it (0: all), reversed, split at which characters."""

    letter: str  # lower case
    parts: int
    is_reversed: bool
    delimiters: str
    is_escaped: bool  # an upper-case letter asks for URL escapes


Part = str | Macro


@dataclass(frozen=True, slots=True)
class MacroString:
    """A string with its macros found. `literal` is the whole of it when there are none, in lower case for names."""

    parts: tuple[Part, ...]
    literal: str | None
    needs_p: bool


@dataclass(frozen=True, slots=True)
class MacroValues:
    """What macros stand for in one evaluation (RFC 7208 §7.2)."""

    local: str
    sender_domain: str
    address: IpAddress
    helo: str
    receiver: str


def parse_macro_string(text: str, *, explanation: bool = False) -> MacroString | None:
    """Read a macro-string (or, with `explanation`, an explain-string); None when it isn't one."""
    literal = _LITERAL_OR_BLANK if explanation else _LITERAL
    parts: list[Part] = []
    at = 0
    while at < len(text):
        match = literal.match(text, at)
        if match is not None:
            parts.append(match[0])
            at = match.end()
        elif (escape := _ESCAPES.get(text[at : at + 2])) is not None:
            parts.append(escape)
            at += 2
        else:
            match = _MACRO.match(text, at)
            macro = match and _read_macro(match)
            if match is None or macro is None:
                return None
            parts.append(macro)
            at = match.end()
    macros = [part for part in parts if isinstance(part, Macro)]
    whole = None if macros else "".join(part for part in parts if isinstance(part, str))
    return MacroString(tuple(parts), whole, any(macro.letter == "p" for macro in macros))


def parse_domain_spec(text: str) -> MacroString | None:
    """Read a domain-spec (§7.1): a macro-string that ends in a top label or a macro; None when it isn't one."""
    string = parse_macro_string(text) if len(text) <= MAX_DOMAIN_SPEC else None
    if string is None or not string.parts:
        return None
    if any(isinstance(part, Macro) and part.letter in _ONLY_IN_EXPLANATIONS for part in string.parts):
        return None
    ends_in_macro = text.endswith(("}", "%%", "%_", "%-")) and not isinstance(string.parts[-1], str)
    if not ends_in_macro and not text.endswith(("%%", "%_", "%-")) and _TOP_LABEL.search(text) is None:
        return None
    return string


def _read_macro(match: re.Match[str]) -> Macro | None:
    letter, digits, reverse, delimiters = match.groups()
    parts = int(digits.lstrip("0")[:4] or "0") if digits else 0
    if digits and not parts:
        return None  # §7.1: a number of parts is never zero
    return Macro(letter.lower(), parts, bool(reverse), delimiters, letter.isupper())


def expand(string: MacroString, values: MacroValues, domain: str, validated: str) -> str:
    """The text meant. `domain` is the one being evaluated, `validated` what %{p} stands for."""
    if string.literal is not None:
        return string.literal
    return "".join(
        part if isinstance(part, str) else _expand_macro(part, values, domain, validated) for part in string.parts
    )


def expand_name(string: MacroString, values: MacroValues, domain: str, validated: str) -> str:
    """The domain name meant: left-hand labels go until it fits (§7.3), the final dot goes too."""
    name = expand(string, values, domain, validated).removesuffix(".")
    while len(name) > MAX_NAME and "." in name:
        # one cut, not one label a turn: the name may be long
        cut = name.find(".", len(name) - MAX_NAME - 1)
        name = name[cut + 1 :] if cut >= 0 else name.rpartition(".")[2]
    return name


def _expand_macro(macro: Macro, values: MacroValues, domain: str, validated: str) -> str:
    text = _value(macro.letter, values, domain, validated)
    if macro.parts or macro.is_reversed or macro.delimiters:
        pieces = _split(text, macro.delimiters or ".")
        if macro.is_reversed:
            pieces.reverse()
        text = ".".join(pieces[-macro.parts :] if macro.parts else pieces)
    return quote(text, safe="") if macro.is_escaped else text


def _split(text: str, delimiters: str) -> list[str]:
    if len(delimiters) == 1:
        return text.split(delimiters)
    return text.translate({ord(delimiter): "\0" for delimiter in delimiters}).split("\0")


def _value(letter: str, values: MacroValues, domain: str, validated: str) -> str:
    match letter:
        case "s":
            return f"{values.local}@{values.sender_domain}"
        case "l":
            return values.local
        case "o":
            return values.sender_domain
        case "d":
            return domain
        case "i":
            return dotted(values.address)
        case "p":
            return validated
        case "v":
            return "in-addr" if values.address.version == 4 else "ip6"
        case "h":
            return values.helo
        case "c":
            return str(values.address)
        case "r":
            return values.receiver
        case _:
            return "0"  # %{t}, in explanations alone: this room has no clock


def dotted(address: IpAddress) -> str:
    """%{i}: dotted quad, or dotted nibbles for IPv6 (§7.3)."""
    if address.version == 4:
        return str(address)
    return ".".join(address.packed.hex().upper())
