"""Compound files (MS-CFB): old Office documents, Outlook messages, packages, installers, encrypted Office."""

import io
import struct
from typing import Any

import olefile

from gateway.inspection.reading import FileAtHand, Reading, UnreadableFileError
from gateway.inspection.text_bytes import urls_in_bytes
from gateway.model.content_facts import AttachmentFlag, LinkSource
from gateway.model.true_type import class_of_name

MAX_STREAMS = 2000
_SECTOR_SHIFTS = frozenset((9, 12))  # MS-CFB §2.2
_SMALL_SHIFT = 6
_MAX_STREAM = 4 * 1024 * 1024
_PACKAGES = ("\x01ole10native", "package", "contents")
_DOCUMENTS = ("worddocument", "workbook", "book", "powerpoint document", "1table", "0table")
_SHEETS = ("workbook", "book", "powerpoint document")  # whose strings stand together, plain
_SHEET_BYTES = 100_000
_DDE = (b"DDEAUTO", b"\x13DDE ", b"D\x00D\x00E\x00A\x00U\x00T\x00O\x00")
_FILEPASS = 0x2F  # the Excel record that says the rest is encrypted


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what a compound file hides. Raises UnreadableFileError."""
    shifts = int.from_bytes(file.data[30:32], "little"), int.from_bytes(file.data[32:34], "little")
    if shifts[0] not in _SECTOR_SHIFTS or shifts[1] != _SMALL_SHIFT:
        raise UnreadableFileError  # other sizes exist in no file but one made to be read again and again
    try:
        container = olefile.OleFileIO(io.BytesIO(file.data))
    except (OSError, ValueError, IndexError, struct.error, OverflowError, TypeError) as error:
        raise UnreadableFileError from error
    with container:
        paths = container.listdir(streams=True, storages=True)[:MAX_STREAMS]
        lowered = [tuple(piece.lower() for piece in path) for path in paths]
        if any(path[0] == "__properties_version1.0" for path in lowered):
            from gateway.inspection import outlook

            outlook.read_container(container, file, reading)
            return
        _name_kind(lowered, file, reading)
        for path, lower in zip(paths, lowered, strict=True):
            if container.get_type(path) != olefile.STGTY_STREAM or not _is_inside(container, path, file, reading):
                continue
            if (lower[-1] in _PACKAGES and len(lower) > 1) or lower[-1] == "\x01ole10native":
                _open_package(_stream(container, path), lower[-1], file, reading)
            elif lower[-1] in _DOCUMENTS:
                _read_document(_stream(container, path), lower[-1], reading)


def _name_kind(paths: list[tuple[str, ...]], file: FileAtHand, reading: Reading) -> None:
    streams = {path[-1] for path in paths}
    folders = {piece for path in paths for piece in path[:-1]} | {path[-1] for path in paths}
    if streams & {"encryptedpackage", "encryptioninfo"}:
        reading.flag(AttachmentFlag.ENCRYPTED, AttachmentFlag.OFFICE)
        reading.doubt("encrypted")
    if folders & {"vba", "_vba_project_cur", "macros", "_vba_project"}:
        reading.flag(AttachmentFlag.MACRO)
    if streams & set(_DOCUMENTS):
        reading.flag(AttachmentFlag.OFFICE)
    if any(stream == "\x01ole10native" for stream in streams) or "objectpool" in folders:
        reading.flag(AttachmentFlag.EMBEDDED_OBJECT)
    is_installer = any(stream.startswith(("\u4840", "䡀")) for stream in streams)
    if is_installer or class_of_name(file.name) == "exe":
        reading.flag(AttachmentFlag.EXECUTABLE if file.inside == 0 else AttachmentFlag.EXECUTABLE_INSIDE)


def _is_inside(container: Any, path: list[str], file: FileAtHand, reading: Reading) -> bool:
    """Whether a stream is no longer than its file: a chain that leads back to itself has any length."""
    if container.get_size(path) <= len(file.data):
        return True
    reading.doubt("unreadable")
    return False


def _stream(container: Any, path: list[str]) -> bytes:
    try:
        with container.openstream(path) as stream:
            data: bytes = stream.read(_MAX_STREAM)
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise UnreadableFileError from error
    return data


def _open_package(data: bytes, name: str, file: FileAtHand, reading: Reading) -> None:
    """An OLE package (MS-OLEDS §2.3.6): a file that opens by a double click inside the document."""
    reading.flag(AttachmentFlag.EMBEDDED_OBJECT)
    if not reading.take_bytes(len(data)):
        return
    if name != "\x01ole10native":
        reading.open(file, data)
        return
    body, label = data[6:], ""
    if data[4:6] == b"\x02\x00":
        label_bytes, _, rest = body.partition(b"\0")
        source, _, rest = rest.partition(b"\0")
        label = (label_bytes or source).decode("cp1252", "replace").rpartition("\\")[2]
        if len(rest) > 8:
            skipped = int.from_bytes(rest[4:8], "little")
            rest = rest[8 + skipped :]
            size = int.from_bytes(rest[:4], "little")
            body = rest[4 : 4 + size]
    else:
        body = data[4:]
    reading.open(file, body, label or "package.bin")


def _read_document(data: bytes, name: str, reading: Reading) -> None:
    if name in ("workbook", "book"):
        if _has_record(data, _FILEPASS):
            reading.flag(AttachmentFlag.ENCRYPTED)
            reading.doubt("encrypted")
        if _has_record(data, 0x0809, macro_sheet=True):
            reading.flag(AttachmentFlag.MACRO)
    elif name == "worddocument" and len(data) > 12 and data[11] & 1:  # FibBase.fEncrypted (MS-DOC §2.5.2)
        reading.flag(AttachmentFlag.ENCRYPTED)
        reading.doubt("encrypted")
    if any(mark in data for mark in _DDE):
        reading.flag(AttachmentFlag.DDE)
    for url in urls_in_bytes(data):
        if "schemas." not in url[:40]:
            reading.link(LinkSource.ATTACHMENT, url)
    if name == "worddocument":
        reading.say(_words(data[512 : 512 + 200_000]))
    elif name in _SHEETS:
        reading.say(_words(data[:_SHEET_BYTES]))


def _has_record(data: bytes, wanted: int, *, macro_sheet: bool = False) -> bool:
    """Whether a BIFF stream holds a record (MS-XLS §2.1.4); with `macro_sheet`, a BOF of a macro sheet (0x0040)."""
    position = 0
    for _ in range(20_000):
        if position + 4 > len(data):
            return False
        number, size = struct.unpack_from("<HH", data, position)
        if number == wanted and (not macro_sheet or data[position + 6 : position + 8] == b"\x40\x00"):
            return True
        position += 4 + size
    return False


def _words(data: bytes) -> str:
    """Readable runs of a Word stream: in single bytes or UTF-16, whichever holds more letters."""
    single = "".join(c if c.isprintable() or c == "\r" else "\0" for c in data.decode("cp1252", "replace"))
    wide = "".join(
        c if (c.isprintable() and ord(c) < 0x2000) or c == "\r" else "\0" for c in data.decode("utf-16-le", "replace")
    )
    runs = max(
        ([run for run in text.split("\0") if len(run) > 8] for text in (single, wide)),
        key=lambda found: sum(map(len, found)),
    )
    return "\n".join(runs[:200]).replace("\r", "\n")
