"""winmail.dat (MS-OXTNEF): the files that Outlook packs into it."""

import struct

from gateway.inspection.reading import FileAtHand, Reading
from gateway.model.content_facts import AttachmentFlag

_ATTACH_START, _ATTACH_TITLE, _ATTACH_DATA = 0x9002, 0x8010, 0x800F
_BODY = 0x800C
_MAX_ATTRIBUTES = 5000


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note and open the files. Never raises but for lack of memory."""
    if file.inside == 0:
        reading.flag(AttachmentFlag.MESSAGE)
    position, name, content = 6, "", b""
    for _ in range(_MAX_ATTRIBUTES):
        if position + 9 > len(file.data):
            break
        _, attribute, _, size = struct.unpack_from("<BHHI", file.data, position)
        value = file.data[position + 9 : position + 9 + size]
        position += 9 + size + 2  # a checksum follows
        if attribute == _ATTACH_START:
            _open(file, content, name, reading)
            name, content = "", b""
        elif attribute == _ATTACH_TITLE:
            name = value.rstrip(b"\0").decode("cp1252", "replace")
        elif attribute == _ATTACH_DATA:
            content = value
        elif attribute == _BODY:
            reading.say(value.rstrip(b"\0").decode("cp1252", "replace"))
    _open(file, content, name, reading)


def _open(file: FileAtHand, content: bytes, name: str, reading: Reading) -> None:
    if not reading.take_bytes(len(content)):
        return
    reading.open(file, content, name)
