"""Scripts in PDFs: forms are full of honest ones (amounts, dates), so one counts by when it runs or what it calls."""

import re

from gateway.inspection.inflate import TooMuchError, inflate
from gateway.inspection.reading import Reading
from gateway.inspection.text_bytes import urls_in_bytes
from gateway.model.content_facts import AttachmentFlag, LinkSource

_MAX_SCRIPTS = 50
_MAX_SCRIPT = 500_000  # bytes of one looked at
# Runs by itself: at the opening of the document or of a page. (Fields have actions of their own: they are honest.)
_OPENS = re.compile(rb"/(?:OpenAction|AA\s*<<\s*/(?:O|PO|PV))\s*<<[^>]{0,400}/(?:JavaScript|JS)(?![A-Za-z])")
_OPENS_BY_NUMBER = re.compile(rb"/OpenAction\s+(\d{1,10})\s+\d{1,5}\s+R")
_BY_NUMBER = re.compile(rb"/JS\s+(\d{1,10})\s+\d{1,5}\s+R")
_LITERAL = re.compile(
    rb"/JS\s*(?:\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\)){0,500000}+)\)|<([0-9A-Fa-f\s]{2,500000}+)>)", re.S
)
# What lures' scripts do and forms' don't: leave the document, drop its files, unpack themselves.
_CALLS = re.compile(
    rb"launchURL|getURL|exportDataObject|submitForm|openDoc|importDataObject|SOAP\b|mailMsg|mailDoc|unescape\s*\(|"
    rb"eval\s*\(|fromCharCode|util\.printf|Collab\.|media\.newPlayer|spell\.|%u[0-9a-fA-F]{4}|app\.alert|beep",
    re.I,
)


def note_scripts(words: bytes, data: bytes, reading: Reading) -> None:
    """Flag scripts worth it. `words` is the file outside its streams, or an unpacked object stream; `data` is all."""
    codes = _codes(words, data, reading)
    for code in codes:
        for url in urls_in_bytes(code):
            reading.link(LinkSource.PDF, url)
    if _OPENS.search(words) or any(_CALLS.search(code) for code in codes):
        reading.flag(AttachmentFlag.PDF_SCRIPT)
        return
    for match in list(_OPENS_BY_NUMBER.finditer(words))[:5]:
        action = object_of(match[1], words)[:1000]
        if b"/JavaScript" in action or b"/JS" in action:
            reading.flag(AttachmentFlag.PDF_SCRIPT)


def _codes(words: bytes, data: bytes, reading: Reading) -> list[bytes]:
    found: list[bytes] = []
    for number, match in enumerate(_LITERAL.finditer(words)):
        if number >= _MAX_SCRIPTS:
            break
        if match[1] is not None:
            found.append(match[1][:_MAX_SCRIPT])
        else:
            digits = b"".join(match[2].split()).decode("ascii")
            found.append(bytes.fromhex(digits[: len(digits) // 2 * 2]).replace(b"\0", b""))
    for number in list(dict.fromkeys(_BY_NUMBER.findall(words)))[:_MAX_SCRIPTS]:
        body = stream_of(number, data, reading)
        if body is not None:
            found.append(body[:_MAX_SCRIPT])
    return found


def stream_of(number: bytes, data: bytes, reading: Reading) -> bytes | None:
    """The content of a stream object; None where there is none, or too much of it."""
    head, mark, body = object_of(number, data).partition(b"stream")
    if not mark:
        return None
    body = body.lstrip(b"\r\n")
    if b"Flate" in head or b"/Fl" in head:
        try:
            body = inflate(body, min(_MAX_SCRIPT, reading.room_to_unpack()))
        except TooMuchError:
            reading.too_large()
            return None
        reading.unpacked += len(body)
    return body


def object_of(number: bytes, data: bytes) -> bytes:
    """The bytes of an object, as far as its end or 600 KB."""
    mark = number + b" 0 obj"
    start = data.find(mark)
    while start > 0 and data[start - 1 : start].isdigit():
        start = data.find(mark, start + 1)
    if start < 0:
        return b""
    start += len(mark)
    end = data.find(b"endobj", start, start + 600_000)
    return data[start : end if end > 0 else start + 600_000]
