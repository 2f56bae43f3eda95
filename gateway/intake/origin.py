"""Where a connection comes from: the peer, or the client that a trusted front announces by PROXY, XCLIENT or XFORWARD.

Pure readers of what the front says (haproxy's proxy-protocol.txt §2, Postfix's XCLIENT_README and XFORWARD_README).
Whether the peer may say it is the session's to judge.
"""

import re
import struct
from dataclasses import dataclass, replace
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, ip_address

from gateway.model.envelope import IpAddress

XFORWARD_OFFER = "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE"
XCLIENT_OFFER = "XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT"
XFORWARD_NAMES = frozenset(XFORWARD_OFFER.split()[1:])
XCLIENT_NAMES = frozenset(XCLIENT_OFFER.split()[1:])

_UNAVAILABLE = ("[UNAVAILABLE]", "[TEMPUNAVAIL]")
_XTEXT = re.compile(rb"(?:[\x21-\x2a\x2c-\x7e]|\+[0-9A-Fa-f]{2})*")
_ESCAPE = re.compile(rb"\+([0-9A-Fa-f]{2})")
_MAX_VALUE = 255

_V1_LONGEST = 107  # with CRLF
_V2_SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
_V2_LONGEST = 4096  # addresses and TLVs; more is no proxy that we know


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who is at the other end. None stands for "not said", `announced_by` is "" when nobody announced it."""

    address: IpAddress | None
    port: int | None = None
    name: str = ""
    helo: str | None = None
    extended: bool | None = None
    announced_by: str = ""


def plain_address(text: str) -> IpAddress | None:
    """An address as it is compared: IPv4-mapped ones become IPv4, scopes are dropped; None when it is none."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


Attributes = dict[str, str | None]


def read_attributes(argument: bytes, names: frozenset[str]) -> Attributes | None:
    """Read `NAME=value ...`, values as xtext; None for "not available". None in all when anything is wrong."""
    attributes: Attributes = {}
    for word in argument.split():
        name, equals, value = word.partition(b"=")
        key = name.decode("ascii", "replace").upper()
        if not equals or key not in names or key in attributes or _XTEXT.fullmatch(value) is None:
            return None
        text = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), value).decode("utf-8", "replace")
        if len(text) > _MAX_VALUE or not text.isprintable():
            return None
        attributes[key] = None if not text or text.upper() in _UNAVAILABLE else text
    return attributes or None


def announced(origin: Origin, attributes: Attributes, by: str) -> Origin | None:
    """The origin as the front describes it; None when a value makes no sense. What is not mentioned stays."""
    said = replace(origin, announced_by=by)
    for key, value in attributes.items():
        match key:
            case "ADDR":
                address = plain_address(_without_prefix(value)) if value else None
                if value and address is None:
                    return None
                said = replace(said, address=address)
            case "PORT":
                if value and not (value.isdecimal() and len(value) <= 5 and int(value) < 65536):
                    return None
                said = replace(said, port=int(value) if value else None)
            case "NAME":
                said = replace(said, name=value or "")
            case "HELO":
                said = replace(said, helo=value or "")
            case "PROTO":
                if value and value.upper() not in ("SMTP", "ESMTP"):
                    return None
                said = replace(said, extended=value.upper() == "ESMTP" if value else None)
    return said


def _without_prefix(text: str) -> str:
    return text[5:] if text[:5].upper() == "IPV6:" else text


class ProxyFault(Enum):
    """Why a PROXY header gives no origin."""

    INCOMPLETE = "incomplete"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class ProxyHeader:
    """A whole header: `origin` is None when the proxy speaks for itself (LOCAL, UNKNOWN): the peer is the client."""

    origin: Origin | None
    length: int


def read_proxy_header(data: bytes, by: str) -> ProxyHeader | ProxyFault:
    """Read a PROXY header, v1 or v2, at the start of `data`."""
    if data.startswith(_V2_SIGNATURE):
        return _read_v2(data, by)
    if data.startswith(b"PROXY "):
        return _read_v1(data, by)
    if _V2_SIGNATURE.startswith(data) or b"PROXY ".startswith(data):
        return ProxyFault.INCOMPLETE
    return ProxyFault.BAD


def _read_v1(data: bytes, by: str) -> ProxyHeader | ProxyFault:
    end = data.find(b"\r\n", 0, _V1_LONGEST)
    if end < 0:
        return ProxyFault.INCOMPLETE if len(data) < _V1_LONGEST else ProxyFault.BAD
    words = data[:end].decode("ascii", "replace").split(" ")
    if words[1] == "UNKNOWN":
        return ProxyHeader(None, end + 2)
    if len(words) != 6 or words[1] not in ("TCP4", "TCP6"):
        return ProxyFault.BAD
    version = 4 if words[1] == "TCP4" else 6
    try:
        source, target = ip_address(words[2]), ip_address(words[3])
    except ValueError:
        return ProxyFault.BAD
    ports = [int(word) if word.isdecimal() and len(word) <= 5 else 65536 for word in words[4:]]
    if source.version != version or target.version != version or max(ports) > 65535:
        return ProxyFault.BAD
    origin = Origin(address=plain_address(words[2]), port=ports[0], announced_by=by)
    return ProxyHeader(origin, end + 2)


def _read_v2(data: bytes, by: str) -> ProxyHeader | ProxyFault:
    if len(data) < 16:
        return ProxyFault.INCOMPLETE
    command, family, size = struct.unpack_from("!BBH", data, 12)
    if command not in (0x20, 0x21) or size > _V2_LONGEST:
        return ProxyFault.BAD
    if len(data) < 16 + size:
        return ProxyFault.INCOMPLETE
    if command == 0x20:
        return ProxyHeader(None, 16 + size)
    if family == 0x11 and size >= 12:
        address: IpAddress = IPv4Address(data[16:20])
        port = int.from_bytes(data[24:26], "big")
    elif family == 0x21 and size >= 36:
        source = IPv6Address(data[16:32])
        address = source.ipv4_mapped or source
        port = int.from_bytes(data[48:50], "big")
    elif family in (0x00, 0x31, 0x32):  # no address, or a Unix socket on the proxy's machine
        return ProxyHeader(None, 16 + size)
    else:
        return ProxyFault.BAD
    return ProxyHeader(Origin(address=address, port=port, announced_by=by), 16 + size)
