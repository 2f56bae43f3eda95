"""Cabinets (MS-CAB): the names of their files."""

import struct

from gateway.inspection.names import judge_inner_name
from gateway.inspection.reading import FileAtHand, Reading, UnreadableFileError
from gateway.model.content_facts import AttachmentFlag


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note the members' names. Raises UnreadableFileError."""
    if file.inside == 0:
        reading.flag(AttachmentFlag.ARCHIVE)
    reading.doubt("unsupported")
    if len(file.data) < 36:
        raise UnreadableFileError
    position, count = struct.unpack_from("<I", file.data, 16)[0], struct.unpack_from("<H", file.data, 28)[0]
    for _ in range(count):
        end = file.data.find(b"\0", position + 16, position + 16 + 300)
        if end < 0:
            break
        if not reading.take_member():
            return
        attributes = int.from_bytes(file.data[position + 14 : position + 16], "little")
        name = file.data[position + 16 : end].decode("utf-8" if attributes & 0x80 else "cp1252", "replace")
        judge_inner_name(name, "", reading)
        position = end + 1
