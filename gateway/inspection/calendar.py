"""Invitations (RFC 5545): who asks, what they say, where they lead, what they attach."""

import re

from gateway.inspection.markup import read_markup
from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.text_bytes import decode_text, urls_in_text
from gateway.inspection.transfer import decode_base64
from gateway.model.content_facts import AttachmentFlag, LinkSource

MAX_LINES = 20_000
MAX_CHARACTERS = 2_000_000
_LINE = re.compile(
    r"^(SUMMARY|DESCRIPTION|LOCATION|COMMENT|URL|ORGANIZER|ATTACH|CONTACT|CONFERENCE|X-ALT-DESC|X-GOOGLE-CONFERENCE|"
    r"X-MICROSOFT-SKYPETEAMSMEETINGURL|IMAGE|SOURCE)((?:;[^:\"\n]{0,2000}+(?:\"[^\"\n]{0,2000}+\"[^:\"\n]{0,2000}+){0,10})?):(.*)$",
    re.M | re.I,
)
_UNESCAPE = {"n": "\n", "N": "\n"}
_ESCAPED = re.compile(r"\\(.)")
_WORDS = frozenset(("SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT"))
_NAME = re.compile(r";CN=(?:\"([^\"\n]{1,200})\"|([^;:\n]{1,200}))", re.I)


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what an invitation says. Never raises but for lack of memory."""
    reading.flag(AttachmentFlag.CALENDAR)
    if len(file.data) > MAX_CHARACTERS:
        reading.doubt("too_large")
    text = decode_text(file.data[:MAX_CHARACTERS]).replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")
    seen: set[tuple[str, str]] = set()
    for number, match in enumerate(_LINE.finditer(text)):
        if number >= MAX_LINES:
            reading.doubt("too_large")
            break
        name, parameters, value = match[1].upper(), match[2], match[3].strip()
        if not value or (name, value) in seen:  # a series repeats itself ten thousand times
            continue
        seen.add((name, value))
        _take(name, parameters, value, file, reading)


def _take(name: str, parameters: str, value: str, file: FileAtHand, reading: Reading) -> None:
    covered = reading.covered and file.inside == 0
    if name in _WORDS:
        words = _ESCAPED.sub(lambda m: _UNESCAPE.get(m[1], m[1]), value)
        if not covered:
            reading.say(words)
        for url in urls_in_text(words):
            reading.link(LinkSource.CALENDAR, url)
    elif name == "X-ALT-DESC":
        page = read_markup(_ESCAPED.sub(lambda m: _UNESCAPE.get(m[1], m[1]), value))
        if not covered:
            reading.say(page.text)
        for href, shown in page.links:
            reading.link(LinkSource.CALENDAR, href, shown)
    elif name == "ORGANIZER":
        named = _NAME.search(parameters)
        if named is not None and not covered:
            reading.say((named[1] or named[2]).strip())
    elif name == "ATTACH" and "ENCODING=BASE64" in parameters.upper():
        reading.flag(AttachmentFlag.EMBEDDED_FILE)
        data = decode_base64(value.encode("ascii", "replace"))
        if not reading.take_bytes(len(data)):
            return
        title = re.search(r"(?:FILENAME|X-FILENAME)=\"?([^\";:\n]{1,200})", parameters, re.I)
        reading.open(file, data, title[1] if title else "")
    elif "://" in value[:40]:
        reading.link(LinkSource.CALENDAR, value)
