"""Tag lists, `name=value; name=value` (RFC 6376 §3.2): the grammar of signatures, seals and key records.

Every function is linear in its input. Callers bound the length before they come here.
"""

import binascii
import re

_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9_]*")
_FWS = b" \t\r\n"
MAX_NUMBER_DIGITS = 12  # RFC 6376 §3.5: t= and x= have at most 12 digits; l= of more can't be a body of ours


class TagListError(Exception):
    """The text isn't a tag list, or a tag isn't what it must be. The message is ours and holds nothing of the mail."""


def parse_tag_list(value: bytes, *, forgiving: bool = False) -> dict[bytes, bytes]:
    """The tags by name, values stripped of surrounding white space; inner folding is kept.

    `forgiving` skips empty elements and unnamed ones, as published key records need it. Raises TagListError.
    """
    tags: dict[bytes, bytes] = {}
    elements = value.split(b";")
    if not elements[-1].strip(_FWS):
        elements.pop()
    for element in elements:
        name, equals, text = element.partition(b"=")
        name = name.strip(_FWS)
        if not equals or _NAME.fullmatch(name) is None:
            if forgiving:
                continue
            raise TagListError("malformed tag list")
        if name in tags:
            raise TagListError("tag given twice")
        tags[name] = text.strip(_FWS)
    return tags


def without_signature(value: bytes) -> bytes:
    """The same list with the value of b= taken out, white space around it included (RFC 6376 §3.7)."""
    elements = value.split(b";")
    for index, element in enumerate(elements):
        name, equals, _ = element.partition(b"=")
        if equals and name.strip(_FWS) == b"b":
            elements[index] = name + equals
    return b";".join(elements)


def decode_base64(value: bytes) -> bytes:
    """Base64 with folding inside (RFC 6376 §2.10). Raises TagListError."""
    try:
        return binascii.a2b_base64(value.translate(None, _FWS), strict_mode=True)
    except (binascii.Error, ValueError):
        raise TagListError("not base64") from None


def decode_number(value: bytes) -> int:
    """A decimal number of at most 12 digits. Raises TagListError."""
    if not value.isdigit() or len(value) > MAX_NUMBER_DIGITS:
        raise TagListError("not a number of at most 12 digits")
    return int(value)


def split_colons(value: bytes) -> list[bytes]:
    """The elements of a colon-separated list, white space around each removed."""
    return [element.strip(_FWS) for element in value.split(b":")]


def printable(value: bytes, limit: int) -> str:
    """For results: UTF-8 where it is such, everything that isn't printable as `?`, cut at `limit` characters."""
    text = value[: 4 * limit].decode("utf-8", "replace")[:limit]
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)
