"""OpenDocument: macros, links, text, objects."""

import html
import re

from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.zips import ENCRYPTED, open_zip, read_member
from gateway.model.content_facts import AttachmentFlag, LinkSource

_MAX_XML = 4 * 1024 * 1024
_HREF = re.compile(r"\w:href\s{0,9}=\s{0,9}(?:\"([^\"]{1,4000})\"|'([^']{1,4000})')")
_TAG = re.compile(r"<[^>]{0,4000}>")
_END = re.compile(r"</text:(?:p|h)>")
_SCRIPT_EVENT = re.compile(r"<script:event-listener\b[^>]{0,1000}", re.I)


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what a document hides. Raises UnreadableFileError."""
    reading.flag(AttachmentFlag.OFFICE)
    with open_zip(file, reading) as archive:
        for member in archive.infolist()[: reading.limits.archive_members]:
            name = member.filename
            if member.flag_bits & ENCRYPTED:
                reading.flag(AttachmentFlag.ENCRYPTED)
                reading.doubt("encrypted")
            elif name.startswith(("Basic/", "Scripts/")) and not name.endswith(("/", "-lc.xml", "-lb.xml")):
                reading.flag(AttachmentFlag.MACRO)
            elif name == "META-INF/manifest.xml":
                data = read_member(archive, member, reading) if member.file_size < _MAX_XML else None
                if data and b"encryption-data" in data:
                    reading.flag(AttachmentFlag.ENCRYPTED)
                    reading.doubt("encrypted")
            elif name in ("content.xml", "styles.xml"):
                data = read_member(archive, member, reading) if member.file_size < _MAX_XML else None
                if data:
                    _take(data.decode("utf-8", "replace"), name == "content.xml", reading)
            elif name.startswith("Pictures/") and reading.pictures < 6 and member.file_size < 3_000_000:
                data = read_member(archive, member, reading)
                if data:
                    reading.open(file, data, name.rpartition("/")[2])
            elif name.startswith("Object ") and name.endswith(("content.xml", ".bin")):
                reading.flag(AttachmentFlag.EMBEDDED_OBJECT)


def _take(text: str, has_words: bool, reading: Reading) -> None:
    if _SCRIPT_EVENT.search(text):
        reading.flag(AttachmentFlag.MACRO)
    for match in _HREF.finditer(text):
        target = html.unescape(match[1] or match[2])
        if "://" in target[:16] and "vnd.sun.star" not in target[:20]:
            reading.link(LinkSource.ATTACHMENT, target)
    if has_words:
        reading.say(html.unescape(_TAG.sub("", _END.sub("\n", text[:1_000_000]))))
