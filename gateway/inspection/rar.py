"""RAR 4 and 5: the list of members, by their headers; contents need a program of RAR's own and stay closed."""

from gateway.inspection.names import judge_inner_name
from gateway.inspection.reading import FileAtHand, Reading
from gateway.model.content_facts import AttachmentFlag

_MARK_4, _MARK_5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_MAIN_4, _FILE_4, _END_4 = 0x73, 0x74, 0x7B
_MAIN_5, _FILE_5, _ENCRYPTION_5, _END_5 = 1, 2, 4, 5


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note the members' names and whether they are encrypted. Never raises."""
    if file.inside == 0:
        reading.flag(AttachmentFlag.ARCHIVE)
    reading.doubt("unsupported")  # names are read, contents not
    if file.data.startswith(_MARK_5):
        _walk_5(file.data, reading)
    elif file.data.startswith(_MARK_4):
        _walk_4(file.data, reading)


def _member(name: bytes, encrypted: bool, reading: Reading) -> bool:
    """Note one; False past the limit."""
    if not reading.take_member():
        return False
    if encrypted:
        _note_encrypted(reading)
    judge_inner_name(name.partition(b"\0")[0].decode("utf-8", "replace"), "", reading)
    return True


def _note_encrypted(reading: Reading) -> None:
    reading.flag(AttachmentFlag.ENCRYPTED)
    reading.unchecked = "encrypted"


def _walk_4(data: bytes, reading: Reading) -> None:
    position = len(_MARK_4)
    while position + 7 <= len(data):
        kind, flags = data[position + 2], int.from_bytes(data[position + 3 : position + 5], "little")
        size = int.from_bytes(data[position + 5 : position + 7], "little")
        if size < 7:
            return
        if kind == _MAIN_4 and flags & 0x0080:
            _note_encrypted(reading)
            return
        if kind == _FILE_4:
            length = int.from_bytes(data[position + 26 : position + 28], "little")
            start = position + (40 if flags & 0x100 else 32)
            if not _member(data[start : start + length], bool(flags & 4), reading):
                return
        if kind == _END_4:
            return
        packed = (
            int.from_bytes(data[position + 7 : position + 11], "little") if flags & 0x8000 or kind == _FILE_4 else 0
        )
        position += size + packed


def _walk_5(data: bytes, reading: Reading) -> None:
    position = len(_MARK_5)
    while position + 7 < len(data):
        size, after = _number(data, position + 4)
        kind, cursor = _number(data, after)
        end = after + size
        if size <= 0 or size > 2 * 1024 * 1024:
            return
        if kind == _ENCRYPTION_5:
            _note_encrypted(reading)
            return
        flags, cursor = _number(data, cursor)
        extra, cursor = _number(data, cursor) if flags & 1 else (0, cursor)
        packed, cursor = _number(data, cursor) if flags & 2 else (0, cursor)
        if kind == _FILE_5:
            file_flags, cursor = _number(data, cursor)
            for _ in range(2):  # unpacked size, attributes
                _, cursor = _number(data, cursor)
            cursor += (4 if file_flags & 2 else 0) + (4 if file_flags & 4 else 0)
            for _ in range(2):  # compression, host system
                _, cursor = _number(data, cursor)
            length, cursor = _number(data, cursor)
            encrypted = _has_encryption(data[max(cursor, end - extra) : end]) if extra else False
            if not _member(data[cursor : cursor + min(length, 4096)], encrypted, reading):
                return
        if kind == _END_5:
            return
        position = end + packed


def _has_encryption(extra: bytes) -> bool:
    """Whether a file's extra area holds the encryption record (type 1)."""
    cursor = 0
    while cursor < len(extra):
        size, cursor = _number(extra, cursor)
        kind, _ = _number(extra, cursor)
        if kind == 1:
            return True
        if size <= 0:
            return False
        cursor += size
    return False


def _number(data: bytes, position: int) -> tuple[int, int]:
    """(a variable-length integer, where it ends); 0 beyond the data."""
    value = 0
    for shift in range(0, 63, 7):
        if position >= len(data):
            return 0, position
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return value, position
