"""What the names and types of files inside a container say, nothing opened."""

import re

from gateway.inspection.reading import Reading
from gateway.model.content_facts import AttachmentFlag
from gateway.model.true_type import CLASS_OF_TYPE, class_of_name, inner_class

# Opened by a click, these run: programs, scripts, shortcuts, disk images and compiled help.
RUNS = frozenset(("exe", "elf", "macho", "java", "apk", "chm", "script", "shortcut", "disk_image"))
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_READ = frozenset(("pdf", "office", "picture", "text", "media"))


def judge_inner_name(name: str, kind: str, reading: Reading) -> None:
    """Note what the name (and, where known, the true type) of a file inside another gives away."""
    by_name, by_bytes = class_of_name(name), CLASS_OF_TYPE.get(kind, "")
    runs = by_name in RUNS or by_bytes in RUNS
    if runs:
        reading.flag(AttachmentFlag.EXECUTABLE_INSIDE)
    if "archive" in (by_name, by_bytes) and by_bytes in ("", "archive"):
        reading.flag(AttachmentFlag.NESTED_ARCHIVE)
    if by_bytes == "pdf":
        reading.flag(AttachmentFlag.PDF)
    elif "html" in (by_name, by_bytes):
        reading.flag(AttachmentFlag.HTML)
    elif "svg" in (by_name, by_bytes):
        reading.flag(AttachmentFlag.SVG)
    if _DIRECTION.search(name):
        reading.flag(AttachmentFlag.RIGHT_TO_LEFT)
    inner = inner_class(name)
    if inner in _READ and (runs or (by_name == "html" and inner != "text")):
        reading.flag(AttachmentFlag.DOUBLE_EXTENSION)
    if by_bytes in RUNS and by_name in _READ:
        reading.flag(AttachmentFlag.TYPE_MISMATCH)
