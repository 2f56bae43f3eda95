"""Invitations (RFC 5545): who asks, what they say, where they lead, what they attach."""

import re

from gateway.inspection.data_uris import decode_data_uri
from gateway.inspection.markup import read_markup
from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.text_bytes import decode_text, urls_in_text
from gateway.inspection.transfer import decode_base64
from gateway.model.content_facts import AttachmentFlag, LinkSource

MAX_LINES = 20_000
MAX_CHARACTERS = 2_000_000
_LINE = re.compile(
    r"^(SUMMARY|DESCRIPTION|LOCATION|COMMENT|URL|ORGANIZER|ATTACH|CONTACT|CONFERENCE|X-ALT-DESC|X-GOOGLE-CONFERENCE|"
    r"X-MICROSOFT-SKYPETEAMSMEETINGURL|X-MS-OLK-CONFLINK|IMAGE|SOURCE|STYLED-DESCRIPTION|STRUCTURED-DATA|LINK)((?:;[^:\"\n]{0,2000}+(?:\"[^\"\n]{0,2000}+\"[^:\"\n]{0,2000}+){0,10})?):(.*)$",
    re.M | re.I,
)
_UNESCAPE = {"n": "\n", "N": "\n"}
_ESCAPED = re.compile(r"\\(.)")
_WORDS = frozenset(("SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT"))
_ALTERNATIVE = re.compile(r";ALTREP=\"([^\"\n]{1,2000})\"", re.I)
_HOST = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.[a-z]{2,18}/\S", re.I)
_NAME = re.compile(r";CN=(?:\"([^\"\n]{1,200})\"|([^;:\n]{1,200}))", re.I)


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what an invitation says. Never raises but for lack of memory."""
    reading.flag(AttachmentFlag.CALENDAR)
    if len(file.data) > MAX_CHARACTERS:
        reading.doubt("too_large")
    text = (
        decode_text(file.data[:MAX_CHARACTERS])
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\n ", "")
        .replace("\n\t", "")
    )
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
    for other in _ALTERNATIVE.findall(parameters):  # the same words somewhere else (RFC 5545 §3.2.1)
        reading.link(LinkSource.CALENDAR, other)
    if name in _WORDS:
        words = _ESCAPED.sub(lambda m: _UNESCAPE.get(m[1], m[1]), value)
        if not covered:
            reading.say(words)
        for url in urls_in_text(words):
            reading.link(LinkSource.CALENDAR, url)
        if name == "LOCATION" and _HOST.match(words):
            reading.link(LinkSource.CALENDAR, f"http://{words}")
    elif name in ("X-ALT-DESC", "STYLED-DESCRIPTION"):  # which the worker does not read
        page = read_markup(_ESCAPED.sub(lambda m: _UNESCAPE.get(m[1], m[1]), value))
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
    elif value[:5].lower() == "data:" and name == "ATTACH":
        reading.flag(AttachmentFlag.EMBEDDED_FILE)
        decoded = decode_data_uri(value)
        if decoded is not None and reading.take_bytes(len(decoded[1])):
            reading.open(file, decoded[1], "", decoded[0])
    elif "://" in value[:40]:
        reading.link(LinkSource.CALENDAR, value)
