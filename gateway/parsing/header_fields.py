"""Header fields of a message or part, cut from the raw bytes in one linear pass (RFC 5322 §2.2, §4.5).

A line ends at LF, with or without a CR before it; a bare CR never ends a line nor starts a field. What is no field is
left out and told as a finding: it stays in the raw bytes, which are the truth.
"""

import re
from dataclasses import dataclass

from gateway.model.message import Finding, HeaderField

MAX_BLOCK = 256 * 1024  # hazards: OpenDKIM stops at 64 KiB; larger honest header blocks were not seen
MAX_FIELDS = 1000
MAX_FIELD = 64 * 1024  # of one field that we read

# Possessive quantifiers: no way back, hence linear. The name is any printable but ":", blanks may stand before the
# colon (RFC 5322 §4.5.8); 998 is the longest line.
_FIELD = re.compile(rb"([!-9;-~]{1,998}+)[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)\n?")
_LATE = re.compile(rb"\n(?:from|subject)[ \t]{0,8}:", re.IGNORECASE)
_WINDOW = 1_048_576
_SHADOW_NOISE = bytes(range(0x41)) + bytes(range(0x5B, 0x61)) + bytes(range(0x7B, 0x100))  # all but letters
# RFC 5322 §3.6, and those of RFC 2045 whose repetition parts readers
_ONCE = frozenset(
    {
        "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references", "subject", "date",
        "content-type", "content-transfer-encoding", "content-disposition", "mime-version",
    }
)  # fmt: skip


_SHOWN = frozenset(name.encode("ascii") for name in _ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderBlock:
    """The fields of one header block."""

    fields: tuple[HeaderField, ...]
    body_start: int  # first byte after the empty line; the end of the stretch when there is none
    findings: frozenset[Finding]
    # stretches [start, end) between the fields that are no field: other readers may see a field or body text there
    strays: tuple[tuple[int, int], ...] = ()


_NOTHING: frozenset[Finding] = frozenset()


def find_block_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header lines end and where the body starts; both are `end` when no empty line stands in between."""
    if raw.startswith(b"\r\n", start, end):
        return start, start + 2
    if raw.startswith(b"\n", start, end):
        return start, start + 1
    crlf = raw.find(b"\n\r\n", start, end)
    bare = raw.find(b"\n\n", start, end if crlf < 0 else crlf + 1)
    if bare >= 0:
        return bare + 1, bare + 2
    if crlf >= 0:
        return crlf + 1, crlf + 3
    return end, end


def split_header(raw: bytes, start: int, end: int) -> HeaderBlock:
    """The header block that starts at `start`; nothing at or past `end` is looked at. Never raises."""
    lines_end, body_start = find_block_end(raw, start, end)
    found: set[Finding] | None = None
    if lines_end - start > MAX_BLOCK:
        lines_end = start + MAX_BLOCK
        found = {Finding.HEADER_BLOCK_TOO_LARGE}
    fields: list[HeaderField] = []
    strays: list[tuple[int, int]] = []
    position = start
    match_field = _FIELD.match
    while position < lines_end:
        match = match_field(raw, position, lines_end)
        if match is None:
            newline = raw.find(b"\n", position, lines_end)
            after = lines_end if newline < 0 else newline + 1
            if strays and strays[-1][1] == position:
                strays[-1] = (strays[-1][0], after)
            else:
                strays.append((position, after))
            position = after
            continue
        name, value = match.groups()
        after = match.end()
        if len(fields) >= MAX_FIELDS:
            found = (found or set()) | {Finding.TOO_MANY_HEADER_FIELDS}
            # A From or Subject behind a thousand others is shown all the same, so it is read.
            if name.lower() not in _SHOWN or len(fields) >= 2 * MAX_FIELDS:
                position = after
                continue
        fields.append(
            HeaderField(name.decode("ascii").lower(), value[:-1] if value.endswith(b"\r") else value, position, after)
        )
        if after - position > MAX_FIELD:
            found = (found or set()) | {Finding.HEADER_FIELD_TOO_LARGE}
        position = after
    if strays:
        found = (found or set()) | {Finding.MALFORMED_HEADER_LINE}
    if found and Finding.HEADER_BLOCK_TOO_LARGE in found:
        fields += _late_fields(raw, lines_end, find_block_end(raw, start, end)[0])
    names = [f.name for f in fields]
    if len(set(names)) != len(names) and any(n in _ONCE and names.count(n) > 1 for n in _ONCE.intersection(names)):
        found = (found or set()) | {Finding.DUPLICATE_HEADER}
    return HeaderBlock(
        fields=tuple(fields),
        body_start=body_start,
        findings=frozenset(found) if found else _NOTHING,
        strays=tuple(strays),
    )


def _late_fields(raw: bytes, start: int, end: int) -> list[HeaderField]:
    """From and Subject in what is past MAX_BLOCK: they are shown all the same. Whoever hides them there shall not be
    nobody; all else there goes unread. At most 10, in windows, since a search keeps other threads waiting."""
    late: list[HeaderField] = []
    position = start - 1
    while position < end and len(late) < 10:
        window = min(end, position + _WINDOW)
        match = _LATE.search(raw, position, window)
        if match is None:
            position = window - 16 if window < end else end
            continue
        field = _FIELD.match(raw, match.start() + 1, min(end, match.start() + _WINDOW))
        if field is None:
            position = match.end()
            continue
        name, value = field.groups()
        late.append(HeaderField(name.decode("ascii").lower(), value.rstrip(b"\r"), field.start(), field.end()))
        position = field.end() - 1
    return late


def shadow_values(raw: bytes, block: HeaderBlock, name: str) -> tuple[bytes, ...]:
    """Values of stray lines that a lenient reader may take for a `name` field: a blank or control character before the
    name, the name folded before its colon, 8-bit noise inside it. At most 10."""
    values: list[bytes] = []
    wanted = name.encode("ascii")
    for start, end in block.strays:
        stray = raw[start : min(end, start + MAX_FIELD)]
        for line in re.split(rb"\n(?![ \t])", stray, maxsplit=100):
            head, colon, value = line.replace(b"\r\n", b" ").replace(b"\n", b" ").partition(b":")
            if colon and len(head) < 256 and head.translate(None, _SHADOW_NOISE).lower() == wanted:
                values.append(value.rstrip(b"\r"))
        if len(values) >= 10:
            break
    return tuple(values[:10])


def unfold(value: bytes) -> bytes:
    """A field's value on one line (RFC 5322 §2.2.3), cut at 64 KiB; bare CRs stay where they are."""
    if len(value) > MAX_FIELD:
        value = value[:MAX_FIELD]
    if b"\n" in value:
        value = value.replace(b"\r\n", b"").replace(b"\n", b"")
    return value.strip(b" \t")
