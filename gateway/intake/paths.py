"""Reverse- and forward-paths as they stand in MAIL and RCPT (RFC 5321 §4.1.2, RFC 6531 §3.3), read from raw bytes.

Strict: what is not exactly a path is None, never a guess, and nothing is rewritten: `Path.raw` goes to the next hop
byte for byte, without a source route, which RFC 5321 §4.1.1.3 lets a server ignore.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from gateway.model.address import NULL_PATH, Mailbox, Path
from gateway.model.domain import parse_domain

MAX_PATH = 1024  # octets; RFC 5321 §4.5.3.1.3 asks for 256 at least, UTF-8 and VERP addresses need more
MAX_LOCAL = 512

_ATOM = rb"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\xff-]+"
_DOT_STRING = re.compile(rb"%s(?:\.%s)*" % (_ATOM, _ATOM))
# A quoted string, up to its closing quote: printable ASCII, 8-bit octets, and pairs of a backslash and a printable one.
_QUOTED = re.compile(rb'"(?:[\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\x20-\x7e])*"')
_PAIR = re.compile(rb"\\(.)")
_DOMAIN = re.compile(rb"[A-Za-z0-9_.\x80-\xff-]+")
_LITERAL = re.compile(rb"\[[\x21-\x5a\x5e-\x7e]+\]")
_TAGGED = re.compile(r"[A-Za-z0-9-]*[A-Za-z0-9]:[\x21-\x5a\x5e-\x7e]+")
_ROUTING = re.compile(r"[@%]")


@dataclass(frozen=True, slots=True)
class PathArgument:
    """What stood after `FROM:` or `TO:`."""

    path: Path
    rest: bytes  # after the closing bracket: empty, or a space and parameters
    is_ascii: bool


def read_path(text: bytes, *, null_allowed: bool) -> PathArgument | None:
    """Read `<...>` at the start of `text`; None when it is no path. `<>` counts only when `null_allowed`,
    `<postmaster>` only when not (it is a recipient, RFC 5321 §4.5.1)."""
    if not text.startswith(b"<"):
        return None
    if text.startswith(b"<>"):
        return PathArgument(NULL_PATH, text[2:], True) if null_allowed else None
    start = _after_route(text)
    if start is None:
        return None
    local_end = _local_end(text, start)
    if local_end is None or local_end - start > MAX_LOCAL:
        return None
    if text[local_end : local_end + 1] == b">":
        if null_allowed or start != 1 or text[1:local_end].lower() != b"postmaster":
            return None
        return PathArgument(Path(text[1:local_end], None), text[local_end + 1 :], True)
    if text[local_end : local_end + 1] != b"@":
        return None
    end = _domain_end(text, local_end + 1)
    if end is None or text[end : end + 1] != b">" or end - start > MAX_PATH:
        return None
    mailbox = _mailbox(text[start:local_end], text[local_end + 1 : end])
    if mailbox is None:
        return None
    raw = text[start:end]
    return PathArgument(Path(raw, mailbox), text[end + 1 :], raw.isascii())


def parse_path(text: str) -> Path:
    """A path that a person wrote, without brackets; "" is the null path. Raises ValueError."""
    read = read_path(f"<{text}>".encode(), null_allowed=True) or read_path(f"<{text}>".encode(), null_allowed=False)
    if read is None or read.rest:
        raise ValueError("not a mail address")
    return read.path


def _after_route(text: bytes) -> int | None:
    """Where the mailbox begins: after `<`, or after `<@a,@b:` (RFC 5321 appendix F.2)."""
    at = 1
    while text[at : at + 1] == b"@":
        end = _domain_end(text, at + 1)
        if end is None:
            return None
        mark = text[end : end + 1]
        at = end + 1
        if mark == b":":
            return at
        if mark != b"," or text[at : at + 1] != b"@":
            return None
    return at


def _local_end(text: bytes, start: int) -> int | None:
    pattern = _QUOTED if text[start : start + 1] == b'"' else _DOT_STRING
    found = pattern.match(text, start)
    return found.end() if found else None


def _domain_end(text: bytes, start: int) -> int | None:
    pattern = _LITERAL if text[start : start + 1] == b"[" else _DOMAIN
    found = pattern.match(text, start)
    return found.end() if found else None


def _mailbox(local: bytes, domain: bytes) -> Mailbox | None:
    try:
        name = local.decode("utf-8")
        host = domain.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not name.isprintable() or not host.isprintable():
        return None
    if name.startswith('"'):
        name = _PAIR.sub(rb"\1", local[1:-1]).decode("utf-8")
    if host.startswith("["):
        return Mailbox(name, None, host) if _is_literal(host[1:-1]) else None
    parsed = parse_domain(host)
    if parsed is None or host.endswith("."):  # a trailing dot is no part of a mail domain (RFC 5321 §2.3.5)
        return None
    return Mailbox(name, parsed)


def _is_literal(text: str) -> bool:
    """Whether this may stand between the brackets of an address literal (RFC 5321 §4.1.3)."""
    tag, colon, value = text.partition(":")
    try:
        if not colon:
            return ip_address(text).version == 4
        if tag.lower() == "ipv6":
            return IPv6Address(value).scope_id is None
    except ValueError:
        return False
    return _TAGGED.fullmatch(text) is not None


def routed_domains(path: Path) -> tuple[str, ...]:
    """The domains (or address literals) a next hop might send this recipient on to, if it reads `user%there@here`,
    `there!user@here` or `"user@there"@here` as routing, as many once did. Who relays for `here` only must not be a way
    to `there`."""
    if path.mailbox is None:
        return ()
    *bangs, user = path.mailbox.local.split("!")
    _, *others = _ROUTING.split(user)
    domains = (text if text.startswith("[") else parse_domain(text) for text in (*bangs, *others) if "." in text)
    return tuple(domain for domain in domains if domain is not None)
