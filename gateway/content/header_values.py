"""Small readings of header fields that the content room needs beside the author: addresses, words, presence.

Bounded and lenient: these facts compare addresses, they authenticate nobody. The author has its own strict reading.
"""

import base64
import binascii
import quopri
import re

from gateway.model.address import Mailbox
from gateway.model.domain import parse_domain
from gateway.model.message import HeaderField, Message

MAX_VALUE = 4096
MAX_NAME = 256
_NAME_PUNCTUATION = str.maketrans(dict.fromkeys('<>,;:"', " "))
_ADDRESS = re.compile(r"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]{1,64})@([A-Za-z0-9\u0080-\uffff._\-]{1,253})")
_WORD = re.compile(r"=\?([A-Za-z0-9*\-_]{1,40})\?([BbQq])\?([^?\s]{0,1024})\?=(?:\s+(?==\?))?")


def field_text(field: HeaderField | None) -> str:
    """The unfolded value, decoded leniently, cut; "" when the field is absent."""
    if field is None:
        return ""
    value = field.unfolded[:MAX_VALUE].decode("utf-8", "replace")
    return _WORD.sub(_decode_word, value) if "=?" in value else value


def _decode_word(match: re.Match[str]) -> str:
    charset, encoding, text = match.groups()
    try:
        raw = (
            base64.b64decode(text + "=" * (-len(text) % 4))
            if encoding in "Bb"
            else quopri.decodestring(text.encode("ascii", "replace"), header=True)
        )
    except (binascii.Error, ValueError):
        return ""
    name = charset.partition("*")[0].lower()
    return raw.decode(name if name in ("utf-8", "iso-8859-1", "iso-8859-15", "windows-1252") else "utf-8", "replace")


def addresses(text: str, limit: int = 20) -> tuple[Mailbox, ...]:
    """Every address in a header value, in order."""
    found: list[Mailbox] = []
    for match in _ADDRESS.finditer(text[:MAX_VALUE]):
        domain = parse_domain(match.group(2).rstrip("."))
        if domain is not None:
            found.append(Mailbox(local=match.group(1), domain=domain))
            if len(found) >= limit:
                break
    return tuple(found)


def display_part(text: str) -> str:
    """What stands before the first address of a header value: its display name."""
    name = text.partition("<")[0] if "<" in text else ""
    return name.strip(" \t\"'")


def reply_to(message: Message) -> tuple[tuple[Mailbox, ...], str]:
    """(the addresses of Reply-To, its first display name)."""
    text = field_text(message.first("reply-to"))
    return addresses(text), display_part(text)


def display_name(message: Message) -> str:
    """The author's display name; where From is no address field, the words that readers would show in its place."""
    author = message.author
    if author.display_name or author.problem is None:
        return author.display_name
    text = field_text(message.first("from"))[:MAX_NAME]
    return " ".join(_ADDRESS.sub(" ", text).translate(_NAME_PUNCTUATION).split())
