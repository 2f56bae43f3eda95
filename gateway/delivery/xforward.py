"""XFORWARD: telling the next hop who the client was (Postfix XFORWARD_README). Only for hops that offer it."""

import re

from gateway.delivery.smtp_client import Command, Verb
from gateway.model.envelope import Client

_UNAVAILABLE = "[UNAVAILABLE]"
_MAX_VALUE_BYTES = 255  # of one attribute, xtext included
_PLAIN = re.compile(r"[!-*,-<>-~]{1,255}")  # what xtext leaves as it is
_GROUPS = (("NAME", "ADDR", "PORT"), ("PROTO", "HELO", "SOURCE"))  # two commands, each well under 1000 bytes


def xforward_commands(client: Client, offered: frozenset[str]) -> list[Command]:
    """The XFORWARD commands for this client: the attributes the hop offers, in xtext (RFC 3461 §4)."""
    if not offered:
        return []
    values = {
        "NAME": client.name or _UNAVAILABLE,
        "ADDR": _address(client),
        "PORT": str(client.port) if client.port else _UNAVAILABLE,
        "PROTO": "ESMTP" if client.extended else "SMTP",
        "HELO": client.helo or _UNAVAILABLE,
        "SOURCE": "REMOTE",
    }
    commands = []
    for group in _GROUPS:
        words = [f"{name}={xtext(values[name])}" for name in group if name in offered]
        if words:
            commands.append(Command(Verb.XFORWARD, " ".join(("XFORWARD", *words)).encode("ascii")))
    return commands


def xtext(text: str) -> str:
    """`text` in xtext, cut to what an attribute may be; a cut never falls inside an escape."""
    if _PLAIN.fullmatch(text):
        return text
    words, size = [], 0
    for byte in text.encode("utf-8", "replace")[:_MAX_VALUE_BYTES]:
        word = chr(byte) if 0x21 <= byte <= 0x7E and byte not in b"+=" else f"+{byte:02X}"
        size += len(word)
        if size > _MAX_VALUE_BYTES:
            break
        words.append(word)
    return "".join(words)


def _address(client: Client) -> str:
    if client.address is None:
        return _UNAVAILABLE
    return f"IPV6:{client.address}" if client.address.version == 6 else str(client.address)
