"""What the objects of a PDF say outside its pages' pictures: actions, scripts, forms, addresses (ISO 32000-1 §12.6).

A linear look at the bytes and at unpacked object streams, not a walk of the object tree: cycles, depth, broken tables
and earlier revisions make no difference to it.
"""

import re

from gateway.inspection.inflate import TooMuchError, inflate
from gateway.inspection.markup import read_markup
from gateway.inspection.pdf_scripts import note_scripts, stream_of
from gateway.inspection.reading import Reading
from gateway.inspection.text_bytes import decode_text, urls_in_text
from gateway.model.content_facts import AttachmentFlag, LinkSource

MAX_STREAMS = 20_000  # looked at in one file
MAX_OBJECT_STREAMS = 500
_MAX_OBJECTS = 4 * 1024 * 1024  # bytes of one unpacked object stream
_MAX_ADDRESSES = 400
_MAX_SIGNS = 100_000
_NAMES = re.compile(
    rb"/(URI|JavaScript|JS|Launch|EmbeddedFile|EmbeddedFiles|AcroForm|XFA|SubmitForm|GoToR|GoToE|Encrypt|RichMedia|"
    rb"ImportData)(?![A-Za-z0-9])"
)
_FLAG_OF_NAME = {
    b"Launch": AttachmentFlag.PDF_LAUNCH,
    b"EmbeddedFile": AttachmentFlag.EMBEDDED_FILE,
    b"GoToE": AttachmentFlag.EMBEDDED_FILE,
    b"SubmitForm": AttachmentFlag.PDF_FORM,
    b"RichMedia": AttachmentFlag.EMBEDDED_OBJECT,
}
_FIELD = re.compile(rb"/FT\s*/(?:Tx|Btn|Ch)(?![A-Za-z])")
_ADDRESS = re.compile(rb"/(URI|F|Win)\s*(?:\(((?:[^()\\]|\\.){0,4096}+)\)|<([0-9A-Fa-f\s]{0,8192}+)>)", re.S)
_DYNAMIC_FORM = re.compile(rb"/XFA\s{0,10}(\[[^\]]{0,2000}\]|\d{1,10}\s{1,10}\d{1,5}\s{1,10}R)")
_REFERENCE = re.compile(rb"(\d{1,10})\s{1,10}\d{1,5}\s{1,10}R")
_MAX_FORM = 500_000  # bytes of one part of it
_NAMESPACE = re.compile(r"\sxmlns(?::[\w-]{1,30})?\s{0,9}=\s{0,9}(?:\"[^\"]{0,500}\"|'[^']{0,500}')")
_VOCABULARY = re.compile(r"https?://(?:www\.xfa\.|www\.w3\.|ns\.adobe\.|schemas\.)", re.I)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.S)
_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_SIMPLE = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}


def scan_objects(data: bytes, reading: Reading) -> bool:
    """Note what the objects say; whether the file is encrypted (its strings then say nothing here)."""
    plain, object_streams = _split(data)
    texts = [plain]
    for body in object_streams:
        try:
            unpacked = inflate(body, min(reading.room_to_unpack(), _MAX_OBJECTS))
        except TooMuchError:
            if _MAX_OBJECTS // max(1, len(body)) > reading.limits.archive_ratio:
                reading.bomb()
            reading.too_large()
            break
        reading.unpacked += len(unpacked)
        texts.append(unpacked)
    encrypted = False
    for text in texts:
        words = _plain_names(text)
        encrypted |= _note(words, reading)
        if b"/JS" in words or b"/JavaScript" in words:
            note_scripts(words, data, reading)
        if b"/XFA" in words:
            _read_dynamic_form(words, data, reading)
    return encrypted


def _read_dynamic_form(words: bytes, data: bytes, reading: Reading) -> None:
    """What a form written in XML says and where it sends (XFA 3.3): Adobe's reader shows it instead of the pages."""
    entry = _DYNAMIC_FORM.search(words)
    for number in list(dict.fromkeys(_REFERENCE.findall(entry[1])))[:20] if entry else ():
        text = decode_text((stream_of(number, data, reading) or b"")[:_MAX_FORM].partition(b"endstream")[0])
        if "<" not in text:
            continue
        reading.say(read_markup(text).text)
        for url in urls_in_text(_NAMESPACE.sub("", text)):
            if not _VOCABULARY.match(url):
                reading.link(LinkSource.PDF, url)


def _split(data: bytes) -> tuple[bytes, list[bytes]]:
    """(everything outside streams, the bodies of object streams)."""
    outside: list[bytes] = []
    bodies: list[bytes] = []
    position = 0
    for _ in range(MAX_STREAMS):
        start = data.find(b"stream", position)
        if start < 0:
            break
        if data[start - 3 : start] == b"end" or data[start + 6 : start + 7] not in (b"\r", b"\n"):
            outside.append(data[position : start + 6])
            position = start + 6
            continue
        end = data.find(b"endstream", start)
        if end < 0:
            break  # cut off, or lied about: the rest is read as objects
        head = data[position:start]
        outside.append(head)
        if len(bodies) < MAX_OBJECT_STREAMS and b"bjStm" in head[-1000:]:
            bodies.append(data[start + 6 : end].lstrip(b"\r\n"))
        position = end + 9
    outside.append(data[position:])
    return b"\n".join(outside), bodies


def _plain_names(text: bytes) -> bytes:
    """Names written with #xx, as only hiders write them, made plain; past `_MAX_SIGNS` they are left as they are."""
    if text.count(b"#") > _MAX_SIGNS:
        return text
    return _HEX_NAME.sub(lambda match: bytes((int(match[1], 16),)), text) if b"#" in text else text


def _note(text: bytes, reading: Reading) -> bool:
    names = set(_NAMES.findall(text))
    for name in names:
        flag = _FLAG_OF_NAME.get(name)
        if flag is not None:
            reading.flag(flag)
    if b"XFA" in names or (b"AcroForm" in names and _FIELD.search(text)):
        reading.flag(AttachmentFlag.PDF_FORM)
    if names & {b"URI", b"GoToR", b"Launch", b"SubmitForm", b"ImportData"}:
        for number, match in enumerate(_ADDRESS.finditer(text)):
            if number >= _MAX_ADDRESSES:
                break
            address = _string(match)
            if match[1] == b"URI" or "://" in address[:12] or address.startswith("\\\\"):
                reading.link(LinkSource.PDF, address)
    return b"Encrypt" in names


def _string(match: re.Match[bytes]) -> str:
    """A literal or hexadecimal string (ISO 32000-1 §7.3.4)."""
    if match[2] is not None:
        raw = match[2]
        if b"\\" in raw:
            raw = _ESCAPE.sub(lambda m: _SIMPLE.get(m[1], b"") if m[1] in _SIMPLE else _octal(m[1]), raw)
    else:
        digits = b"".join(match[3].split())
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    if raw[:2] == b"\xfe\xff":
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("utf-8", "replace")


def _octal(code: bytes) -> bytes:
    return bytes((int(code, 8) & 255,)) if code[:1].isdigit() and code[:1] not in (b"8", b"9") else code
