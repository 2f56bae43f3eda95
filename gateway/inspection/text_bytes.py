"""Bytes of unknown charset as text, and the addresses that stand in text. Bounded, never raises."""

import re

_URL = re.compile(r"(?:https?|ftp|file|hxxps?)://[^\s\"'<>\\^`{|}\x00-\x1f)\]]{3,2000}", re.I)
_URL_BYTES = re.compile(rb"(?:https?|ftp|file)://[^\s\"'<>\\^`{|}\x00-\x1f)\]\x7f-\xff]{3,2000}", re.I)
_URL_WIDE = re.compile(
    rb"(?:h\x00t\x00t\x00p\x00(?:s\x00)?|f\x00i\x00l\x00e\x00):\x00/\x00/\x00(?:[!#-&(-;=?-Z_a-z~]\x00){3,2000}", re.I
)
MAX_URLS = 100


def decode_text(data: bytes) -> str:
    """The text: by its byte order mark, as UTF-8, else as Windows writes it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    if data[1:2] == b"\x00" and data[3:4] == b"\x00":
        return data.decode("utf-16-le", "replace")
    if data[:1] == b"\x00" and data[2:3] == b"\x00":
        return data.decode("utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def urls_in_text(text: str) -> list[str]:
    """Every address with a scheme, in order, at most `MAX_URLS`."""
    found: dict[str, None] = {}
    if "://" in text:
        for match in _URL.finditer(text):
            found[match[0].rstrip(".,;:!?")] = None
            if len(found) >= MAX_URLS:
                break
    return list(found)


def urls_in_bytes(data: bytes) -> list[str]:
    """Every address in a binary file, in single bytes or in UTF-16, at most `MAX_URLS`."""
    found: dict[str, None] = {}
    for pattern, codec in ((_URL_BYTES, "latin-1"), (_URL_WIDE, "utf-16-le")):
        for match in pattern.finditer(data):
            found[match[0].decode(codec, "replace").rstrip(".,;:!?")] = None
            if len(found) >= MAX_URLS:
                return list(found)
    return list(found)
