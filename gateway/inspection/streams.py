"""Single compressed files: gzip, bzip2, xz, zstd; unpacked within bounds and read as what they hold."""

import bz2
import lzma
import zlib
from typing import Protocol

import zstandard

from gateway.inspection.reading import FileAtHand, Reading, UnreadableFileError
from gateway.model.content_facts import AttachmentFlag

_ENDINGS = (".gz", ".bz2", ".xz", ".zst", ".tgz", ".tbz", ".txz", ".svgz")
_MAX_STREAMS = 20  # one after another in one file
_XZ_MEMORY = 64 * 1024 * 1024
_ERRORS = (zlib.error, OSError, lzma.LZMAError, zstandard.ZstdError, EOFError, ValueError)


class _Engine(Protocol):
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Unpack and hand on. Raises UnreadableFileError."""
    if not reading.may_open(file, (file.name,) if file.inside < 3 else None):
        return
    if file.inside == 0 and not file.name.lower().endswith(".svgz"):
        reading.flag(AttachmentFlag.ARCHIVE)
    room = reading.room_to_unpack()
    try:
        data = _unpack(kind, file.data, room + 1)
    except _ERRORS as error:
        raise UnreadableFileError from error
    if len(data) > room:
        if len(data) // max(1, len(file.data)) > reading.limits.archive_ratio:
            reading.bomb()
        reading.too_large()
        data = data[:room]
    reading.unpacked += len(data)
    name = file.name
    for ending in _ENDINGS:
        if name.lower().endswith(ending):
            name = name[: -len(ending)] + {".tgz": ".tar", ".tbz": ".tar", ".txz": ".tar", ".svgz": ".svg"}.get(
                ending, ""
            )
            break
    reading.open(file, data, name, archive=data[257:262] != b"ustar")  # a .tar.gz is one archive to its reader


def _unpack(kind: str, data: bytes, limit: int) -> bytes:
    if kind == "zstd":
        return zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(data).read(limit)
    found: list[bytes] = []
    for _ in range(_MAX_STREAMS):  # one may follow another, and programs show both (RFC 1952 §2.2)
        engine = _engine(kind)
        try:
            found.append(engine.decompress(data, limit))
        except _ERRORS:
            if not found:
                raise
            break  # something else follows
        limit -= len(found[-1])
        data = engine.unused_data
        if limit <= 0 or not data:
            break
    return b"".join(found)


def _engine(kind: str) -> _Engine:
    if kind == "gzip":
        return zlib.decompressobj(zlib.MAX_WBITS + 16)
    return bz2.BZ2Decompressor() if kind == "bzip2" else lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
