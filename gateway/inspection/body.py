"""A message's own HTML that is read here: for the pictures in its data: URIs, or since its tree could cost too much.

The part is no attachment: what is found are links of the body, and codes. Its text is the worker's, who has it without
a tree.
"""

import html
import re
from urllib.parse import unquote_to_bytes

from gateway.inspection.drawn_codes import read_block_letters, read_tables
from gateway.inspection.limits import ReadLimits
from gateway.inspection.markup import read_markup
from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.text_bytes import decode_text
from gateway.inspection.transfer import decode_base64
from gateway.inspection.worth import MANY_CELLS, is_drawing
from gateway.model.content_facts import AttachmentFlag, LinkSource

_MAX_PICTURES = 12
_PICTURE = re.compile(
    rb"data:image/[a-z0-9.+-]{1,30}(?:;[^;,\"'<>]{0,60}){0,4},([A-Za-z0-9+/=%\s_.~:;!*()-]{40,8000000}+)", re.I
)

_BREAK = re.compile(r"<br\b[^>]{0,300}>|</(?:p|div|tr|li|pre)>", re.I)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def read_body(body: bytes, limits: ReadLimits, *, is_html: bool, covered: bool) -> Reading:
    """Codes, and where the worker has not read them (`covered`), links and forms. Never raises but MemoryError."""
    reading = Reading(limits=limits, covered=covered)
    _read_pictures(body, reading)
    source = decode_text(_PICTURE.sub(b"data:,", body))
    if not is_html:
        read_block_letters(source, reading)
        return reading
    page = read_markup(source)
    if is_drawing(page.text):
        read_block_letters(_with_blanks(source), reading)
    if page.tags > MANY_CELLS:
        read_tables(source, reading)
    if covered:
        return reading
    for href, shown in page.links:
        reading.link(LinkSource.HTML, href, shown)
    for action in page.actions:
        reading.link(LinkSource.FORM, action)
    return reading


def _with_blanks(source: str) -> str:
    """The text of a page with every blank kept, as <pre> shows it: a blank is a light module."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", source[:500_000])))


def _read_pictures(body: bytes, reading: Reading) -> None:
    from gateway.inspection import pictures

    for number, match in enumerate(_PICTURE.finditer(body)):
        if number >= _MAX_PICTURES:
            reading.doubt("too_many")
            break
        raw = match[1]
        data = decode_base64(unquote_to_bytes(raw.decode("ascii")) if b"%" in raw else raw)
        try:
            pictures.read(FileAtHand(data=data, inside=1), "picture", reading)
        except MemoryError:
            raise
        except Exception:  # noqa: S112 - an inline icon that can't be decoded hides nothing from a camera
            continue
    reading.flags &= {AttachmentFlag.QR_CODE, AttachmentFlag.BOMB}
