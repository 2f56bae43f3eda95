"""ISO 9660 images (with Joliet names): their files, read in place. A mounted image sheds the mark of the web."""

from gateway.inspection.reading import FileAtHand, Reading
from gateway.model.content_facts import AttachmentFlag

_SECTOR = 2048
_FIRST = 16
_MAX_FOLDERS = 50


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note and open the files. Never raises but for lack of memory."""
    if file.inside == 0:
        reading.flag(AttachmentFlag.DISK_IMAGE)
    root, wide = _root(file.data)
    if root is None:
        reading.doubt("unsupported")
        return
    waiting = [root]
    seen: set[int] = set()
    while waiting and len(seen) < _MAX_FOLDERS:
        start, size = waiting.pop()
        if start in seen:
            continue
        seen.add(start)
        _read_folder(file, start, size, wide, waiting, reading)


def _root(data: bytes) -> tuple[tuple[int, int] | None, bool]:
    """(place and size of the root folder, whether names are UTF-16): Joliet's where there is one."""
    found: tuple[int, int] | None = None
    for number in range(_FIRST, _FIRST + 20):
        volume = data[number * _SECTOR : (number + 1) * _SECTOR]
        if volume[1:6] != b"CD001" or len(volume) < 190 or volume[0] == 255:
            break
        place = (int.from_bytes(volume[158:162], "little"), int.from_bytes(volume[166:170], "little"))
        if volume[0] == 2 and volume[88:91] in (b"%/@", b"%/C", b"%/E"):
            return place, True
        if volume[0] == 1:
            found = place
    return found, False


def _read_folder(
    file: FileAtHand, start: int, size: int, wide: bool, waiting: list[tuple[int, int]], reading: Reading
) -> None:
    data = file.data[start * _SECTOR : start * _SECTOR + min(size, 1_000_000)]
    position = 0
    while position < len(data):
        length = data[position]
        if length < 34:
            position = (position // _SECTOR + 1) * _SECTOR  # records do not cross sectors
            continue
        record = data[position : position + length]
        position += length
        if len(record) < 34:
            break
        name_length = record[32]
        raw = record[33 : 33 + name_length]
        if raw in (b"\0", b"\1"):
            continue
        name = raw.decode("utf-16-be" if wide else "latin-1", "replace").partition(";")[0]
        place, count = int.from_bytes(record[2:6], "little"), int.from_bytes(record[10:14], "little")
        if record[25] & 2:
            waiting.append((place, count))
            continue
        if not reading.take_member():
            return
        body = file.data[place * _SECTOR : place * _SECTOR + count]
        room = reading.room_to_unpack()
        if len(body) > room:
            body = body[: min(4096, room)]  # the head tells the type; more is not unpacked
        reading.unpacked += len(body)
        reading.open(file, body or b"\0", name, archive=True)
