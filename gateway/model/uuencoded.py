"""Uuencoding undone: the transfer encoding `x-uuencode`, and files that stand in a plain text (POSIX uuencode).

Outlook and Thunderbird show such a file as an attachment. Lenient as they are, linear, never raising.
"""

import binascii
import re

X_UUENCODE = "x-uuencode"  # as `Part.encoding`
BYTES_PER_LINE = 45  # of 63 characters with their line end
_BEGIN = re.compile(rb"^begin(?:-base64)?[ \t]{1,4}[0-7]{3,4}[ \t]{1,4}[^\r\n]{1,255}\r?$", re.MULTILINE)
_FILE = re.compile(
    rb"^begin[ \t]{1,4}[0-7]{3,4}[ \t]{1,4}([^\r\n]{1,255}?)[ \t]*\r?\n([!-`])([ -`]{1,86})\r?$", re.MULTILINE
)


def decode_uuencoded(data: bytes) -> bytes:
    """The bytes of the first file in `data`; from the first line on where no `begin` stands. Lines that are none are
    left out."""
    begin = _BEGIN.search(data, 0, 65_536)
    out: list[bytes] = []
    for line in data[begin.end() if begin else 0 :].split(b"\n"):
        line = line.rstrip(b"\r")
        if line[:3] == b"end" and len(line.rstrip()) == 3:
            break
        if not line:
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:  # padded too far, or torn: what its first letter promises is read
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[: length + 1]))
            except binascii.Error:
                continue
    return b"".join(out)


def find_uuencoded(raw: bytes, start: int, end: int, limit: int) -> list[tuple[int, int, bytes]]:
    """(start, end, name) of at most `limit` files that stand in a text."""
    found: list[tuple[int, int, bytes]] = []
    position = start
    while len(found) < limit:
        at = raw.find(b"begin", position, end)
        if at < 0:
            break
        match = _FILE.match(raw, at, min(end, at + 512))
        if match is None or (at != start and raw[at - 1] != 10) or not _is_whole(match[2], match[3]):
            position = at + 5
            continue
        close = raw.find(b"\nend", match.end(), end)
        position = end if close < 0 else close + 4
        found.append((at, position, match[1]))
    return found


def _is_whole(length: bytes, text: bytes) -> bool:
    """Whether a line is as long as its first letter says; trailing blanks may be lost, a checksum be added."""
    promised = ((length[0] - 32) & 63) + 2
    return promised // 3 * 4 - 3 <= len(text) <= promised // 3 * 4 + 2
