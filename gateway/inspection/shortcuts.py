"""Shortcuts: where a click on them leads, or what it runs (MS-SHLLINK; .url, .website, .desktop, .webloc)."""

import re
import struct

from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.text_bytes import decode_text, urls_in_bytes, urls_in_text
from gateway.model.content_facts import AttachmentFlag, LinkSource

_HEADER = 76
_TARGET_LINE = re.compile(r"^\s{0,20}(?:URL|BASEURL|IconFile|Exec)\s{0,5}=\s{0,5}(.{1,4000})$", re.I | re.M)


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note where it leads. Never raises but for lack of memory."""
    if file.inside == 0:
        reading.flag(AttachmentFlag.SHORTCUT)
    if file.data[:4] == b"L\x00\x00\x00":
        for text in _strings(file.data):
            reading.say(text)
        for url in urls_in_bytes(file.data[:1_000_000]):
            reading.link(LinkSource.ATTACHMENT, url)
        return
    text = decode_text(file.data[:200_000])
    for match in _TARGET_LINE.finditer(text):
        target = match[1].strip()
        if ":" in target[:12] or target.startswith("\\\\"):
            reading.link(LinkSource.ATTACHMENT, target)
    for url in urls_in_text(text):
        if "apple.com/DTDs" not in url:
            reading.link(LinkSource.ATTACHMENT, url)


def _strings(data: bytes) -> list[str]:
    """Description, path, folder and arguments of a shell link (MS-SHLLINK §2.4)."""
    if len(data) < _HEADER:
        return []
    flags = int.from_bytes(data[20:24], "little")
    position = _HEADER
    if flags & 1:
        position += 2 + int.from_bytes(data[position : position + 2], "little")
    if flags & 2:
        position += max(4, int.from_bytes(data[position : position + 4], "little"))
    wide = bool(flags & 0x80)
    found: list[str] = []
    for bit in (4, 8, 16, 32, 64):
        if not flags & bit or position + 2 > len(data):
            continue
        (count,) = struct.unpack_from("<H", data, position)
        size = count * (2 if wide else 1)
        raw = data[position + 2 : position + 2 + size]
        found.append(raw.decode("utf-16-le" if wide else "cp1252", "replace")[:2000])
        position += 2 + size
    return found
