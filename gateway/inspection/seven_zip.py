"""7z: the list of members. The header is often packed itself (LZMA); contents stay closed."""

import lzma
import re

from gateway.inspection.names import judge_inner_name
from gateway.inspection.reading import FileAtHand, Reading, UnreadableFileError
from gateway.model.content_facts import AttachmentFlag

_START = 32  # bytes of the signature header
_MAX_HEADER = 4 * 1024 * 1024
_ENCODED, _PLAIN = 0x17, 0x01
_AES = b"\x06\xf1\x07\x01"
_LZMA, _LZMA2 = b"\x03\x01\x01", b"\x21"
_NAME = re.compile(rb"(?:[\x09\x20-\xff][\x00-\xff]){1,300}?\x00\x00", re.S)


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note the members' names and whether they are encrypted. Raises UnreadableFileError."""
    if file.inside == 0:
        reading.flag(AttachmentFlag.ARCHIVE)
    data = file.data
    if len(data) < _START:
        raise UnreadableFileError
    offset, size = int.from_bytes(data[12:20], "little"), int.from_bytes(data[20:28], "little")
    header = data[_START + offset : _START + offset + min(size, _MAX_HEADER)]
    if not header:
        raise UnreadableFileError
    if _AES in header:
        reading.flag(AttachmentFlag.ENCRYPTED)
        reading.doubt("encrypted")
    if header[0] == _ENCODED:
        if _AES in header:
            return  # the names are encrypted too
        header = _unpack(data, header)
        if _AES in header:
            reading.flag(AttachmentFlag.ENCRYPTED)
            reading.doubt("encrypted")
    reading.doubt("unsupported")
    for name in _names(header):
        if not reading.take_member():
            return
        judge_inner_name(name, "", reading)


def _unpack(data: bytes, header: bytes) -> bytes:
    """The header that an encoded header points to: one folder of one LZMA coder, as 7-Zip writes it."""
    cursor = 1
    if header[cursor : cursor + 1] != b"\x06":  # pack info
        raise UnreadableFileError
    position, cursor = _number(header, cursor + 1)
    _, cursor = _number(header, cursor)
    if header[cursor : cursor + 1] != b"\x09":
        raise UnreadableFileError
    packed, cursor = _number(header, cursor + 1)
    place = header.find(_LZMA, cursor)
    if place < 0:
        raise UnreadableFileError
    properties = header[place + 4 : place + 9]
    sizes = header.find(b"\x0c", place + 9)  # unpack sizes
    if len(properties) < 5 or sizes < 0 or properties[0] >= 225:
        raise UnreadableFileError
    unpacked, _ = _number(header, sizes + 1)
    rest, lc = divmod(properties[0], 9)
    pb, lp = divmod(rest, 5)
    dictionary = min(max(int.from_bytes(properties[1:5], "little"), 4096), 64 * 1024 * 1024)
    try:
        engine = lzma.LZMADecompressor(
            format=lzma.FORMAT_RAW,
            filters=[{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}],
        )
        return engine.decompress(data[_START + position : _START + position + packed], min(unpacked, _MAX_HEADER))
    except (lzma.LZMAError, ValueError, EOFError) as error:
        raise UnreadableFileError from error


def _names(header: bytes) -> list[str]:
    """UTF-16 names after property 0x11 (names, not external)."""
    start = header.find(b"\x05")  # files info
    while start >= 0:
        marker = header.find(b"\x11", start + 1)
        if marker < 0:
            return []
        size, cursor = _number(header, marker + 1)
        body = header[cursor + 1 : cursor + size]
        if 2 <= size <= len(header) - cursor and header[cursor : cursor + 1] == b"\0" and body.endswith(b"\0\0"):
            text = body.decode("utf-16-le", "replace")
            return [name for name in text.split("\0") if name][:100_000]
        start = marker
    return []


def _number(data: bytes, position: int) -> tuple[int, int]:
    """7z's variable-length integer: the first byte's high bits tell how many follow."""
    if position >= len(data):
        return 0, position
    first = data[position]
    position += 1
    value, mask = 0, 0x80
    for index in range(8):
        if not first & mask:
            return value | ((first & (mask - 1)) << (8 * index)), position
        if position >= len(data):
            return value, position
        value |= data[position] << (8 * index)
        position += 1
        mask >>= 1
    return value, position
