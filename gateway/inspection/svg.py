"""SVG: scripts, links, pages inside; a document with entities is refused unread (XML's own bombs)."""

import re
import zlib

from gateway.inspection.html import note_page
from gateway.inspection.inflate import TooMuchError, inflate
from gateway.inspection.markup import read_markup
from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.text_bytes import decode_text
from gateway.model.content_facts import AttachmentFlag

_ENTITY = re.compile(r"<!ENTITY\s", re.I)


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what an SVG hides. Never raises but for lack of memory."""
    reading.flag(AttachmentFlag.SVG)
    data = file.data
    if data[:2] == b"\x1f\x8b":
        try:
            data = inflate(data, reading.room_to_unpack(), wbits=zlib.MAX_WBITS + 16)
        except TooMuchError:
            reading.bomb()
            return
        reading.unpacked += len(data)
    text = decode_text(data)
    if _ENTITY.search(text, 0, 200_000):
        reading.bomb()  # no drawing program writes internal entities any more; expanding them is the attack
    page = read_markup(text)
    reading.say(page.text)
    note_page(page, file, reading)
