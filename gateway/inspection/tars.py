"""Tar archives: a walk along the headers (POSIX.1-1988 ustar, GNU and pax names), nothing extracted."""

from gateway.inspection.reading import FileAtHand, Reading
from gateway.model.content_facts import AttachmentFlag

_BLOCK = 512
_PLAIN = frozenset((b"0", b"\0", b"7"))


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note and open the members. Never raises but for lack of memory."""
    if not reading.may_open(file):
        return
    reading.flag(AttachmentFlag.ARCHIVE)
    data, position, long_name = file.data, 0, ""
    while position + _BLOCK <= len(data):
        header = data[position : position + _BLOCK]
        if not header.strip(b"\0"):
            break
        if not reading.take_member():
            return
        size = _number(header[124:136])
        if size < 0:
            reading.flag(AttachmentFlag.UNREADABLE)
            reading.doubt("unreadable")
            return
        body = data[position + _BLOCK : position + _BLOCK + size]
        position += _BLOCK + (size + _BLOCK - 1) // _BLOCK * _BLOCK
        kind_of_entry = header[156:157]
        if kind_of_entry == b"L":
            long_name = body[:4096].split(b"\0")[0].decode("utf-8", "replace")
        elif kind_of_entry in (b"x", b"g"):
            long_name = _pax_name(body[:8192]) or long_name
        else:
            name = long_name or header[:100].split(b"\0")[0].decode("utf-8", "replace")
            long_name = ""
            if kind_of_entry in _PLAIN and body:
                if not reading.take_bytes(len(body)):
                    return
                reading.open(file, body, name, archive=True)


def _number(field: bytes) -> int:
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        return -1


def _pax_name(body: bytes) -> str:
    start = body.find(b" path=")
    return body[start + 6 :].split(b"\n")[0].decode("utf-8", "replace") if start >= 0 else ""
