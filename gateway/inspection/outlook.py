"""Outlook messages saved as files (MS-OXMSG): their words and links, and the files they carry."""

import re
import struct
from typing import Any

from gateway.inspection.markup import read_markup
from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.text_bytes import decode_text, urls_in_text
from gateway.model.content_facts import AttachmentFlag, LinkSource

_MAX_STREAM = 8 * 1024 * 1024
_MAX_FILES = 20
_SUBJECT, _BODY, _HTML = "0037", "1000", "1013"
_FILE_NAME, _SHORT_NAME, _DATA = "3707", "3704", "3701"
_OF_FILES = frozenset((_FILE_NAME, _SHORT_NAME, _DATA))
_STREAM = re.compile(r"__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})$", re.I)


def read_container(container: Any, file: FileAtHand, reading: Reading) -> None:
    """Note what an Outlook message says. Never raises for a broken stream: it is left out."""
    reading.flag(AttachmentFlag.MESSAGE)
    files: dict[str, dict[str, bytes]] = {}
    for path in container.listdir()[:2000]:
        match = _STREAM.search(path[-1])
        if match is None:
            continue
        prop, kind = match[1], match[2].upper()
        if len(path) == 1 and prop in (_SUBJECT, _BODY, _HTML):
            _take_body(prop, kind, _stream(container, path), reading)
        elif len(path) == 2 and path[0].startswith("__attach_version1.0_") and prop in _OF_FILES:
            value = _stream(container, path)
            if len(files) < _MAX_FILES or path[0] in files:
                files.setdefault(path[0], {})[prop] = value if prop == _DATA else _as_text(value, kind).encode()
    for found in files.values():
        data = found.get(_DATA, b"")
        if not reading.take_bytes(len(data)):
            break
        name = (found.get(_FILE_NAME) or found.get(_SHORT_NAME) or b"").decode("utf-8", "replace")
        reading.open(file, data, name)


def _take_body(prop: str, kind: str, value: bytes, reading: Reading) -> None:
    if prop == _HTML:
        page = read_markup(decode_text(value) if kind == "0102" else _as_text(value, kind))
        reading.say(page.text, quoted=True)
        for href, shown in page.links:
            reading.link(LinkSource.QUOTED, href, shown)
        return
    text = _as_text(value, kind)
    reading.say(text, quoted=True)
    for url in urls_in_text(text):
        reading.link(LinkSource.QUOTED, url)


def _as_text(value: bytes, kind: str) -> str:
    return value.decode("utf-16-le", "replace") if kind == "001F" else value.decode("cp1252", "replace")


def _stream(container: Any, path: list[str]) -> bytes:
    try:
        if container.get_size(path) > _MAX_STREAM:
            return b""
        with container.openstream(path) as stream:
            data: bytes = stream.read(_MAX_STREAM)
    except (OSError, ValueError, IndexError, struct.error):
        return b""
    return data
