"""Header canonicalisation (RFC 6376 §3.4.1, §3.4.2) and the choice of fields by h= (§5.4.2).

Each field is canonicalised at most once per message and kind, whatever the number of signatures.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from gateway.model.message import HeaderField, Message

_WSP_RUN = re.compile(rb"[ \t]+")
_ODD = re.compile(rb"[\r\n\x0b\x0c]")  # what bytes.split() takes for white space and RFC 6376 doesn't


class Canon(StrEnum):
    """The two canonicalisations of c=."""

    SIMPLE = "simple"
    RELAXED = "relaxed"


def relaxed_value(value: bytes) -> bytes:
    """Unfolded, runs of blanks as one space, none at the ends."""
    if b"\n" in value:
        value = value.replace(b"\r\n", b"")
    if _ODD.search(value) is None:
        return b" ".join(value.split())
    return _WSP_RUN.sub(b" ", value).strip(b" ")


def relaxed_field(name: bytes, value: bytes) -> bytes:
    """One field without its CRLF, relaxed."""
    return name.rstrip(b" \t").lower() + b":" + relaxed_value(value)


class CanonicalHeader:
    """The header of one message, ready to be hashed by any number of signatures."""

    def __init__(self, message: Message) -> None:
        self._raw = message.raw
        self._by_name: dict[str, list[HeaderField]] = {}
        for field in message.fields:
            self._by_name.setdefault(field.name, []).append(field)
        self._relaxed: dict[int, bytes] = {}

    def split(self, field: HeaderField) -> tuple[bytes, bytes]:
        """The raw name with the colon cut off, and the raw value without the last CRLF."""
        name, _, value = self._raw[field.start : field.end].removesuffix(b"\r\n").partition(b":")
        return name, value

    def relaxed(self, field: HeaderField) -> bytes:
        """The field relaxed, with CRLF."""
        known = self._relaxed.get(field.start)
        if known is None:
            known = self._relaxed[field.start] = relaxed_field(*self.split(field)) + b"\r\n"
        return known

    def canonical(self, field: HeaderField, canon: Canon) -> bytes:
        """The field with CRLF."""
        if canon is Canon.RELAXED:
            return self.relaxed(field)
        return self._raw[field.start : field.end].removesuffix(b"\r\n") + b"\r\n"

    def signed(self, names: Iterable[str], canon: Canon) -> bytes:
        """The fields that h= names, each name taking the lowest field not yet taken; names without one give nothing."""
        taken: dict[str, int] = {}
        chosen = []
        for name in names:
            fields = self._by_name.get(name)
            if fields is None:
                continue
            used = taken.get(name, 0)
            if used < len(fields):
                taken[name] = used + 1
                chosen.append(self.canonical(fields[-1 - used], canon))
        return b"".join(chosen)

    def duplicates(self, signed_names: Sequence[str], watched: Iterable[str]) -> tuple[str, ...]:
        """Which of the watched names stand twice or more, and more often than they are signed (RFC 6376 §8.15)."""
        many = [name for name in watched if len(self._by_name.get(name, ())) > 1]
        return tuple(name for name in many if len(self._by_name[name]) > signed_names.count(name))
