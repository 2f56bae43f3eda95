"""Reads one part and the files inside it, each with the reader of its true type. Runs in an inspector; callable in
process by tests. Readers are imported when their first file comes.
"""

import importlib
from typing import Protocol, cast

from gateway.inspection.limits import ReadLimits
from gateway.inspection.names import judge_inner_name
from gateway.inspection.reading import FileAtHand, Reading, UnreadableFileError
from gateway.model.content_facts import AttachmentFlag
from gateway.model.true_type import CLASS_OF_TYPE, UNKNOWN, class_of_name, true_type

_TAIL = 66_000  # the end record of a zip and the longest comment
_OPEN_DOCUMENTS = (".odt", ".ods", ".odp", ".ott", ".ots", ".odg")
_HEAD = 40_960  # enough for the signature of an ISO image
_READERS = {
    "pdf": "pdf",
    "png": "pictures", "jpeg": "pictures", "gif": "pictures", "webp": "pictures", "bmp": "pictures",
    "tiff": "pictures", "ico": "pictures", "avif": "pictures",
    "html": "html",
    "svg": "svg",
    "xml": "xml_files",
    "calendar": "calendar",
    "zip": "zips", "java": "zips", "dex": "zips",
    "ooxml": "ooxml", "odf": "odf",
    "gzip": "streams", "bzip2": "streams", "xz": "streams", "zstd": "streams",
    "tar": "tars",
    "7z": "seven_zip",
    "rar": "rar",
    "cab": "cab",
    "iso": "iso",
    "ole": "ole",
    "rtf": "rtf",
    "onenote": "onenote",
    "tnef": "tnef",
    "lnk": "shortcuts", "url": "shortcuts", "shortcut": "shortcuts",
    "message": "mails",
    "script": "scripts",
    "text": "texts", "vcard": "texts",
}  # fmt: skip
# What a name or a declaration makes of bytes that no signature tells.
_BY_CLASS = {
    "html": "html", "svg": "svg", "calendar": "calendar", "message": "message", "shortcut": "shortcut",
    "script": "script", "text": "text",
}  # fmt: skip
_BY_DECLARATION = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "image/svg+xml": "svg",
    "text/calendar": "calendar",
    "message/rfc822": "message",
    "application/vnd.ms-outlook": "message",
}
_PROMISED = frozenset(("pdf", "office", "archive", "onenote"))
_UNOPENED = frozenset(("ace", "arj", "lzh", "compress", "vhd", "vhdx", "vmdk", "heic"))


class Reader(Protocol):
    """A module that reads one format."""

    def read(self, file: FileAtHand, kind: str, reading: Reading) -> None:
        """Note what the file hides. Raises UnreadableFileError."""
        ...


def read_part(data: bytes, limits: ReadLimits, *, name: str = "", declared: str = "", covered: bool = False) -> Reading:
    """Everything that `data` hides, within `limits`. Never raises but MemoryError."""
    reading = Reading(limits=limits, covered=covered)
    reading.waiting.append(FileAtHand(data=data, name=name, declared=declared))
    while reading.waiting:
        file = reading.waiting.pop()
        kind = kind_of(file)
        if file.inside == 0:
            reading.true_type = kind if kind in CLASS_OF_TYPE or kind in _READERS else UNKNOWN
        read_file(file, kind, reading)
    return reading


def read_file(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Read one file with the reader of its type; files inside it wait in `reading`."""
    if file.inside:
        judge_inner_name(file.name, kind, reading)
    module = _READERS.get(kind)
    if module is None:
        if kind in _UNOPENED:
            reading.doubt("unsupported")
        elif kind == UNKNOWN and class_of_name(file.name) in _PROMISED:
            reading.doubt("unreadable")  # it is not what its name says, nor anything known
        return
    try:
        reader = cast("Reader", importlib.import_module(f"gateway.inspection.{module}"))
        reader.read(file, kind, reading)
    except UnreadableFileError:
        reading.flag(AttachmentFlag.UNREADABLE)
        reading.doubt("unreadable")
    except RecursionError:
        reading.too_large()
    except MemoryError:
        raise
    except Exception:  # a fault of a library's on bytes that somebody made for it: the part counts as not read
        reading.flag(AttachmentFlag.UNREADABLE)
        reading.doubt("crash")


def kind_of(file: FileAtHand) -> str:
    """The reader's name for a file: by its bytes; where they say nothing, by name, then by declaration."""
    kind = true_type(file.data[:_HEAD])
    by_name = class_of_name(file.name)
    if kind == "zip" and by_name == "office" and not file.name.lower().endswith(_OPEN_DOCUMENTS):
        return "ooxml"
    if kind == "xml" and by_name in ("svg", "html"):
        return by_name
    by_bytes = CLASS_OF_TYPE.get(kind, "")
    if by_name in ("archive", "office") and by_bytes in ("", "picture", "pdf") and _ends_as_zip(file.data):
        return "zip"  # something stands before it, which programs skip
    if by_name == "html" and by_bytes in ("picture", "pdf"):
        return "html"  # opened by its name, shown as a page whatever stands at its beginning
    if kind != UNKNOWN:
        return kind
    if by_name in _BY_CLASS:
        return _BY_CLASS[by_name]
    declared = _BY_DECLARATION.get(file.declared)
    if declared is not None:
        return declared
    if not by_name and file.inside and looks_like_text(file.data[:512]):
        return "text"
    return UNKNOWN


def _ends_as_zip(data: bytes) -> bool:
    return data.rfind(b"PK\x05\x06", max(0, len(data) - _TAIL)) >= 0


def looks_like_text(head: bytes) -> bool:
    """Whether bytes are text: no NUL, few control characters."""
    return b"\x00" not in head and sum(head.count(bytes((code,))) for code in (1, 2, 3, 4, 5, 6, 14, 15)) == 0
