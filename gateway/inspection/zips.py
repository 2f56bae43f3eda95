"""Zip archives: listed, their members read again within bounds; nothing touches a disk."""

import io
import struct
import zipfile
import zlib

from gateway.inspection.names import judge_inner_name
from gateway.inspection.reading import FileAtHand, Reading, UnreadableFileError
from gateway.model.content_facts import AttachmentFlag

ENCRYPTED = 0x1
_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
    IndexError,
    OverflowError,
)


def open_zip(file: FileAtHand, reading: Reading) -> zipfile.ZipFile:
    """The archive, its members counted first. Raises UnreadableFileError."""
    if file.data.count(b"PK\x01\x02") > 10 * reading.limits.archive_members + 1000:
        reading.bomb()
        raise UnreadableFileError
    try:
        return zipfile.ZipFile(io.BytesIO(file.data))
    except _ERRORS as error:
        raise UnreadableFileError from error


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note and open the members of an archive. Raises UnreadableFileError."""
    if file.depth >= reading.limits.archive_depth:
        reading.flag(AttachmentFlag.NESTED_ARCHIVE)
        reading.bomb()
        return
    with open_zip(file, reading) as archive:
        members = archive.infolist()
        if _is_office(members):
            from gateway.inspection.ooxml import read as read_office

            read_office(file, "ooxml", reading)
            return
        if file.inside == 0:
            reading.flag(AttachmentFlag.ARCHIVE)
        for member in members:
            reading.members += 1
            if reading.members > reading.limits.archive_members:
                reading.bomb()
                return
            if member.is_dir():
                continue
            if member.flag_bits & ENCRYPTED:
                reading.flag(AttachmentFlag.ENCRYPTED)
                reading.doubt("encrypted")
                judge_inner_name(member.filename, "", reading)
                continue
            data = read_member(archive, member, reading)
            if data is None:
                judge_inner_name(member.filename, "", reading)
            else:
                reading.open(file, data, member.filename, archive=True)


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, reading: Reading) -> bytes | None:
    """A member's bytes; None when it is a bomb, too large or broken."""
    limits = reading.limits
    packed = max(1, member.compress_size)
    if member.file_size > 1_000_000 and member.file_size // packed > limits.archive_ratio:
        reading.bomb()
        return None
    room = reading.room_to_unpack()
    try:
        with archive.open(member) as stream:
            data = stream.read(min(room, member.file_size) + 1)
    except _ERRORS:
        reading.flag(AttachmentFlag.UNREADABLE)
        reading.doubt("unreadable")
        return None
    if len(data) > room:
        reading.bomb()
        return None
    reading.unpacked += len(data)
    return data


def _is_office(members: list[zipfile.ZipInfo]) -> bool:
    return any(member.filename == "[Content_Types].xml" for member in members[:200])
