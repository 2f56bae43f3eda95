"""One URL as a browser would read it: true host, user-info, port, and what was done to hide them.

Follows the WHATWG URL standard where it differs from RFC 3986, because browsers do: tabs and line ends vanish,
backslashes are slashes, any number of slashes may follow the scheme, hosts are percent-decoded and mapped to A-labels,
and `0x7f.1`, `2130706433` and `0177.0.0.1` are addresses.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import unquote

from gateway.model.domain import MAX_NAME, parse_domain

MAX_URL = 4096  # longer ones are cut: hosts stand in front
_REMOVED = str.maketrans("", "", "\t\r\n\x00\u200b\u200c\u200d\u2060\ufeff\xad")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{0,30}:")
_SPECIAL = frozenset(("http", "https", "ftp"))
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]{0,16}|[0-9]{1,20}")
# Nearly all URLs: a lower-case host of letters and nothing in front of it or behind it.
_USUAL = re.compile(r"(https?)://((?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,20}[a-z]{2,24})")
_LONGEST_HEAD = len("https://") + MAX_NAME
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f]")


class Url(NamedTuple):
    """One URL, read. `host` is A-labels or an address in its usual form, "" where there is none."""

    scheme: str
    host: str = ""
    user_info: bool = False
    port: int | None = None
    rest: str = ""  # path, query and fragment, as written
    is_address: bool = False
    obfuscated: bool = False  # address not in its usual form, escaped host, control characters, backslashes


def read_url(text: str) -> Url | None:
    """Read an absolute URL (or one that begins with `//` or `www.`); None for relative ones and for what is none."""
    text = text[:MAX_URL]
    end = head_end(text)
    if end > 0 and text.isascii() and text.isprintable():
        usual = read_usual_head(text[:end])
        if usual is not None:
            return Url(*usual, False, None, text[end:])
    return _read(text)


def head_end(text: str) -> int:
    """Where the path begins in a URL that may have a usual head (`read_usual_head`); -1 where it has none."""
    end = text.find("/", 8)
    return end if 8 < end <= _LONGEST_HEAD and text[-1] != " " else -1


@lru_cache(maxsize=4096)
def read_usual_head(head: str) -> tuple[str, str] | None:
    """Scheme and host of a URL up to its path; None unless it is written as nearly all are."""
    match = _USUAL.fullmatch(head)
    return match.groups() if match is not None and len(match[2]) <= MAX_NAME else None  # type: ignore[return-value]


def _read(text: str) -> Url | None:
    cleaned = text.translate(_REMOVED)
    odd = _CONTROL.search(cleaned) is not None
    cleaned = cleaned.strip(" \x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x1f\xa0")
    scheme_match = _SCHEME.match(cleaned)
    if scheme_match is None:
        if cleaned[:2] in {"//", "\\\\", "/\\", "\\/"} or cleaned[:4].lower() == "www.":
            return _read_authority("https", cleaned, odd)
        return None
    scheme = scheme_match.group()[:-1].lower()
    if scheme in _SPECIAL:
        return _read_authority(scheme, cleaned[scheme_match.end() :], odd)
    return Url(scheme=scheme, rest=cleaned[scheme_match.end() :], obfuscated=odd)


def _read_authority(scheme: str, text: str, odd: bool) -> Url | None:
    after = text.lstrip("/\\")
    end = min((i for i in (after.find(c) for c in "/\\?#") if i >= 0), default=len(after))
    authority, rest = after[:end], after[end:]
    obfuscated = odd or "\\" in text[: len(text) - len(after) + end + 1]
    info, at, host_port = authority.rpartition("@")
    host, port = _split_port(host_port)
    if "%" in host:
        host, obfuscated = unquote(host), True
    read = _read_host(host.translate(_DOTS))
    if read is None:
        return None
    name, is_address, plain = read
    return Url(
        scheme=scheme,
        host=name,
        user_info=bool(at and info),
        port=port,
        rest=rest,
        is_address=is_address,
        obfuscated=obfuscated or not plain,
    )


def _split_port(text: str) -> tuple[str, int | None]:
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        return text, None
    if port.isascii() and port.isdecimal() and len(port) <= 5:
        return host, int(port)
    return (host, None) if not port else (text, None)


def _read_host(host: str) -> tuple[str, bool, bool] | None:
    """(host, is an address, is written plainly); None when no browser would connect anywhere."""
    if host.startswith("[") and host.endswith("]"):
        try:
            return str(IPv6Address(host[1:-1].partition("%")[0])), True, True
        except ValueError:
            return None
    name = parse_domain(host)
    if name is None:
        return None
    pieces = name.split(".")
    if _NUMBER.fullmatch(pieces[-1]) is None:
        return name, False, True
    address = _read_number_address(pieces)
    if address is None:
        return None
    return address, True, address == host


def _read_number_address(pieces: list[str]) -> str | None:
    """The IPv4 address of 1 to 4 decimal, octal or hexadecimal numbers (WHATWG URL, IPv4 parser)."""
    if len(pieces) > 4:
        return None
    numbers: list[int] = []
    for piece in pieces:
        if _NUMBER.fullmatch(piece) is None:
            return None
        if piece[:2].lower() == "0x":
            numbers.append(int(piece[2:] or "0", 16))
        elif len(piece) > 1 and piece[0] == "0":
            if not set(piece) <= set("01234567"):
                return None
            numbers.append(int(piece, 8))
        else:
            numbers.append(int(piece))
    if any(n > 255 for n in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        return None
    value = numbers[-1] + sum(n << (8 * (3 - i)) for i, n in enumerate(numbers[:-1]))
    return str(IPv4Address(value))
