"""SVG: scripts, links, pages inside; entities are never expanded (XML's own bombs)."""

import re
import zlib

from gateway.inspection.html import note_page
from gateway.inspection.inflate import TooMuchError, inflate
from gateway.inspection.markup import read_markup
from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.text_bytes import decode_text
from gateway.model.content_facts import AttachmentFlag

# Illustrator names its namespaces by entities; entities made of entities are XML's own bomb. Neither is expanded here.
NESTED_ENTITY = re.compile(r"<!ENTITY\s+[^\s>]{1,100}\s+(?:\"[^\"&]{0,500}&|'[^'&]{0,500}&)\w", re.I)


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what an SVG hides. Never raises but for lack of memory."""
    reading.flag(AttachmentFlag.SVG)
    data = file.data
    if data[:2] == b"\x1f\x8b":
        try:
            data = inflate(data, reading.room_to_unpack(), wbits=zlib.MAX_WBITS + 16)
        except TooMuchError:
            if reading.room_to_unpack() // max(1, len(file.data)) > reading.limits.archive_ratio:
                reading.bomb()
            reading.too_large()
            return
        reading.unpacked += len(data)
    text = decode_text(data)
    if NESTED_ENTITY.search(text, 0, 200_000):
        reading.bomb()
    page = read_markup(text)
    reading.say(page.text)
    note_page(page, file, reading)
