"""Which leaves of a message deserve an inspector: decided in the worker, in microseconds, nothing opened."""

import binascii
from dataclasses import dataclass

from gateway.inspection.protocol import Question
from gateway.model.html_reading import HtmlReading
from gateway.model.message import Disposition, Message, Part
from gateway.model.texts import Texts
from gateway.model.true_type import CLASS_OF_TYPE, UNKNOWN, class_of_name, true_type
from gateway.model.uuencoded import X_UUENCODE, decode_uuencoded

_BODIES = frozenset(("text/plain", "text/html", "text/enriched", "text/watch-html", "text/x-amp-html"))
_HEAD_ENCODED = 2048  # bytes looked at
MANY_CELLS = 440  # of tables: 21 x 21 is the smallest code
_SMALLEST_CODE = 40  # pixels of a side: below it no camera reads a code (21 modules and their quiet zone)
# Classes that have a reader, or whose contents matter.
_READ = frozenset(
    ("archive", "office", "onenote", "pdf", "html", "svg", "picture", "calendar", "message", "shortcut", "script",
     "java", "apk", "disk_image")
)  # fmt: skip
_READ_TYPES = frozenset(("xml", "tnef", "ooxml", "odf", "vcard"))
_DECLARED_READ = frozenset(
    ("text/html", "application/xhtml+xml", "image/svg+xml", "text/calendar", "application/pdf", "application/zip",
     "application/x-zip-compressed", "application/vnd.ms-outlook", "application/ms-tnef", "application/ics",
     "text/x-html", "text/xml", "application/xml")
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A leaf to inspect: its encoded body is raw[start:end]."""

    part_index: int
    start: int
    end: int
    question: Question
    urgency: int  # 0 first: what most often hides something; pictures wait, since one mail may hold dozens of icons


def candidates(message: Message, texts: Texts) -> list[Candidate]:
    """The leaves worth it, the most urgent first."""
    found: list[Candidate] = []
    covered: frozenset[int] | None = None
    for index, leaf in enumerate(message.leaves):
        if leaf.content_type in _BODIES and not leaf.filename and leaf.disposition is not Disposition.ATTACHMENT:
            continue
        urgency = _urgency(message.raw, leaf)
        if urgency is None:
            continue
        if covered is None:
            covered = frozenset(part.part_index for part in texts.parts)
        found.append(_candidate(index, leaf, urgency, covered=index in covered))
    taken = {candidate.part_index for candidate in found}
    for part in texts.parts:
        if part.part_index < 0 or part.part_index in taken:
            continue
        leaf = message.leaves[part.part_index]
        if is_drawing(part.text) or (part.html is not None and _is_odd(part.html, message.raw, leaf)):
            taken.add(part.part_index)
            dangerous = part.html is not None and part.html.too_dangerous
            found.append(_candidate(part.part_index, leaf, 1, covered=not dangerous, is_body=True))
    if len(found) > 1:
        found.sort(key=lambda candidate: candidate.urgency)
    return found


def is_drawing(text: str) -> bool:
    """Whether a text holds enough block letters to draw a code with."""
    if text.isascii() or not any(letter in text for letter in "█▄⬛■"):
        return False
    return sum(text.count(letter) for letter in "█▀▄▌▐▘▝▖▗▞▚▛▜▙▟⬛■") > 100


def _is_odd(html: HtmlReading, raw: bytes, leaf: Part) -> bool:
    """Whether a body has pictures in data: URIs, a table of as many cells as a code, or too dangerous a tree."""
    if html.too_dangerous or any(image.src[:11].lower() == "data:image/" for image in html.images):
        return True
    if leaf.body_end - leaf.body_start <= 8 * MANY_CELLS:
        return False
    if leaf.encoding != "base64":
        return raw.count(b"<td", leaf.body_start, leaf.body_end) > MANY_CELLS
    try:
        return binascii.a2b_base64(raw[leaf.body_start : leaf.body_end]).count(b"<td") > MANY_CELLS
    except binascii.Error:
        return False


def _candidate(index: int, leaf: Part, urgency: int, *, covered: bool, is_body: bool = False) -> Candidate:
    return Candidate(
        part_index=index,
        start=leaf.body_start,
        end=leaf.body_end,
        question=Question(
            length=leaf.body_end - leaf.body_start,
            encoding=leaf.encoding,
            name=leaf.filename,
            declared=leaf.content_type,
            covered=covered,
            is_body=is_body,
        ),
        urgency=urgency,
    )


def _urgency(raw: bytes, leaf: Part) -> int | None:
    """How soon a leaf should be read; None: no reader would find anything."""
    if leaf.body_end <= leaf.body_start:
        return None
    head = _head(raw, leaf)
    kind = true_type(head)
    by_bytes = CLASS_OF_TYPE.get(kind, "")
    if by_bytes == "picture":
        return None if _too_small_for_a_code(kind, head) else 2
    name = leaf.filename
    by_name = class_of_name(name)
    if by_bytes in _READ or kind in _READ_TYPES:
        return 0
    if kind != UNKNOWN:
        return None  # programs, media, fonts, keys: true type and name say it all
    if by_name in _READ or leaf.content_type in _DECLARED_READ:
        return 1 if by_name == "picture" else 0
    if by_name == "text" and (leaf.content_type[:5] != "text/" or b"|" in head):
        return 1  # the worker reads what is declared as text, but looks for no commands in a table
    return 0 if leaf.content_type == "application/octet-stream" and len(head) > 512 and head[:1] == b"\x00" else None


def _head(raw: bytes, leaf: Part) -> bytes:
    start, end = leaf.body_start, min(leaf.body_end, leaf.body_start + _HEAD_ENCODED)
    if leaf.encoding == "base64":
        compact = b"".join(raw[start:end].split())
        try:
            return binascii.a2b_base64(compact[: len(compact) // 4 * 4])
        except binascii.Error:
            return b""
    if leaf.encoding == "quoted-printable":
        return binascii.a2b_qp(raw[start:end])
    if leaf.encoding == X_UUENCODE:
        return decode_uuencoded(raw[start:end])
    return raw[start:end]


def _too_small_for_a_code(kind: str, head: bytes) -> bool:
    """Bullets, counters, lines, networks' logos: pictures with a side too short for any code."""
    if kind == "png" and len(head) >= 24:
        width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    elif kind == "gif" and len(head) >= 10:
        width, height = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    else:
        return False
    return 0 < min(width, height) < _SMALLEST_CODE
