"""OneNote (MS-ONESTORE): files embedded in a page, which a double click runs; its words."""

import re

from gateway.inspection.names import judge_inner_name
from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.text_bytes import urls_in_bytes
from gateway.model.content_facts import AttachmentFlag, LinkSource

# FileDataStoreObject's header {BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC} (MS-ONESTORE §2.6.13); the length follows it
_FILE = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
_MAX_FILES = 30
# a file's name, UTF-16: "facture.hta"
_NAME = re.compile(rb"(?:[\w. ()-]\x00){1,120}\.\x00(?:[A-Za-z0-9]\x00){2,4}(?=\x00\x00|[^A-Za-z0-9]|$)")


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what a page embeds. Never raises but for lack of memory."""
    reading.flag(AttachmentFlag.OFFICE)
    position = 0
    for _ in range(_MAX_FILES):
        position = file.data.find(_FILE, position)
        if position < 0:
            break
        size = int.from_bytes(file.data[position + 16 : position + 24], "little")
        start = position + 36
        position += 16
        data = file.data[start : start + min(size, len(file.data))]
        if not data or data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")):
            continue  # pictures of the page itself
        reading.flag(AttachmentFlag.EMBEDDED_OBJECT, AttachmentFlag.EMBEDDED_FILE)
        if not reading.take_bytes(len(data)):
            break
        reading.open(file, data)
    if AttachmentFlag.EMBEDDED_FILE in reading.flags:
        for match in list(_NAME.finditer(file.data[: 8 * 1024 * 1024]))[:500]:
            judge_inner_name(match[0].decode("utf-16-le", "replace"), "", reading)
    for url in urls_in_bytes(file.data[: 8 * 1024 * 1024]):
        if "schemas." not in url[:40]:
            reading.link(LinkSource.ATTACHMENT, url)
