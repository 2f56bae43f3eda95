"""Zip archives: listed, their members read again within bounds; nothing touches a disk."""

import io
import lzma
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
    lzma.LZMAError,
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
        reading.flag(AttachmentFlag.ARCHIVE)
        reading.bomb()
        raise UnreadableFileError
    try:
        return zipfile.ZipFile(io.BytesIO(file.data))
    except _ERRORS as error:
        raise UnreadableFileError from error


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note and open the members of an archive. Raises UnreadableFileError."""
    with open_zip(file, reading) as archive:
        members = archive.infolist()
        if _swells(members, len(file.data), reading):
            reading.bomb()
        if not reading.may_open(file, (member.filename for member in members[: reading.limits.archive_members])):
            return
        if _is_office(members):
            from gateway.inspection.ooxml import read as read_office

            read_office(file, "ooxml", reading)
            return
        if _is_open_document(members):
            from gateway.inspection.odf import read as read_open_document

            read_open_document(file, "odf", reading)
            return
        if file.inside == 0:
            reading.flag(AttachmentFlag.ARCHIVE)
        reading.open(file, _earlier_archive(members, file.data), file.name, archive=True)
        for member in members:
            if not reading.take_member():
                return
            if not member.filename or member.is_dir():
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
        if member.file_size > limits.unpacked_bytes:
            reading.bomb()
        reading.too_large()
        return None
    room = reading.room_to_unpack()
    try:
        with archive.open(member) as stream:
            data = stream.read(min(room, member.file_size) + 1)
    except _ERRORS:
        reading.flag(AttachmentFlag.UNREADABLE)
        reading.doubt("unreadable")
        return None
    return data if reading.take_bytes(len(data)) else None


def _swells(members: list[zipfile.ZipInfo], size: int, reading: Reading) -> bool:
    """Whether an archive as a whole holds far more than its size can: names over one body, members without end."""
    limits = reading.limits
    whole = sum(member.file_size for member in members)
    return len(members) > 10 * limits.archive_members or (
        whole > 10 * limits.unpacked_bytes and whole // max(1, size) > limits.archive_ratio
    )


def _is_office(members: list[zipfile.ZipInfo]) -> bool:
    return any(member.filename == "[Content_Types].xml" for member in members[:200])


def _is_open_document(members: list[zipfile.ZipInfo]) -> bool:
    """Whether it is one whose first member is not the plain `mimetype` by which others are known."""
    names = {member.filename for member in members[:200]}
    return "content.xml" in names and "META-INF/manifest.xml" in names


def _earlier_archive(members: list[zipfile.ZipInfo], data: bytes) -> bytes:
    """An archive that stands before this one in the same file, b"" for none: which of the two is shown, programs
    do not agree.
    """
    start = min((member.header_offset for member in members), default=0)
    return data[:start] if start > 22 and data.rfind(b"PK\x05\x06", 0, start) >= 0 else b""
