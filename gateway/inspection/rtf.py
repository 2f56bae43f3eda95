"""Rich Text: objects and packages, templates from elsewhere, field links, DDE, text."""

import re

from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.text_bytes import urls_in_text
from gateway.model.content_facts import AttachmentFlag, LinkSource

MAX_BYTES = 8 * 1024 * 1024
_OBJECT_DATA = re.compile(rb"\\objdata\b")
_NOT_HEX = bytes(set(range(256)) - set(b"0123456789abcdefABCDEF"))
_MAX_OBJECT = 2 * 1024 * 1024  # characters of one object
_TEMPLATE = re.compile(rb"\\template\b[^{}\\]{0,2000}")
_CONTROL = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?\??|\\(?:par|line|tab)\b ?|\\[a-zA-Z]{1,32}-?\d{0,10} ?|\\[^a-zA-Z]|[{}\r\n]"
)
_GROUPS = re.compile(
    rb"\{\\(?:\*(?!\s{0,9}\\fldinst)|fonttbl|colortbl|stylesheet|info|pict|objdata|themedata)[^{}]{0,2000000}+\}?"
)
_FIELD = re.compile(rb"\\fldinst\b")
_MAX_FIELDS = 5000
_DDE = re.compile(rb"\bDDE(?:AUTO)?\b")
_PACKAGE_NAME = re.compile(rb"[\x20-\x7e]{1,200}\.([a-zA-Z0-9]{2,5})\x00")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what a Rich Text file hides. Never raises but for lack of memory."""
    data = file.data[:MAX_BYTES]
    reading.flag(AttachmentFlag.OFFICE)
    if b"\\object" in data or b"\\objdata" in data:
        reading.flag(AttachmentFlag.EMBEDDED_OBJECT)
        for number, match in enumerate(_OBJECT_DATA.finditer(data)):
            if number >= 10:
                break
            _open_object(data, match.end(), file, reading)
    for match in _TEMPLATE.finditer(data):
        target = match[0].rpartition(b" ")[2]
        if b"://" in target or b"\\\\" in match[0]:
            reading.flag(AttachmentFlag.EXTERNAL_TEMPLATE)
    text = _plain(data)
    for number, match in enumerate(_FIELD.finditer(data)):
        if number >= _MAX_FIELDS:
            reading.doubt("too_many")
            break
        if _DDE.search(data[match.end() : match.end() + 300].partition(b"}")[0]):
            reading.flag(AttachmentFlag.DDE)
    for url in urls_in_text(text):
        reading.link(LinkSource.ATTACHMENT, url)
    reading.say(text)


def _plain(data: bytes) -> str:
    """Text and field instructions; what is drawn as a picture is left out."""
    return _CONTROL.sub(_replace, _GROUPS.sub(b" ", data[:2_000_000])).decode("cp1252", "replace")


def _replace(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes((int(match[1], 16),))
    if match[2]:
        code = int(match[2]) & 0xFFFF
        return chr(code).encode("cp1252", "replace")
    return b"\n" if match[0][:4] in (b"\\par", b"\\lin", b"\\tab") else b""


def _open_object(data: bytes, start: int, file: FileAtHand, reading: Reading) -> None:
    end = data.find(b"}", start, start + 2 * _MAX_OBJECT)
    digits = data[start : end if end > 0 else start + _MAX_OBJECT].translate(None, _NOT_HEX)
    raw = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    if not reading.take_bytes(len(raw)):
        return
    inner = raw.find(_OLE)
    if inner >= 0:
        reading.open(file, raw[inner:])
        return
    named = _PACKAGE_NAME.search(raw[:4096])
    if named is not None:
        reading.open(file, raw[named.end() :], f"package.{named[1].decode('ascii')}")
