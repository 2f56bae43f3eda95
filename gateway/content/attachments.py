"""Attachments by true type and by name. Their inside is the inspection room's, whose results are joined in here."""

import binascii
import quopri
import re
from collections.abc import Mapping

from gateway.model.content_facts import AttachmentFacts, AttachmentFlag
from gateway.model.inspection import InspectedPart
from gateway.model.message import MESSAGE_TYPES, Disposition, Message, Part
from gateway.model.true_type import CLASS_OF_EXTENSION, CLASS_OF_TYPE, UNKNOWN, extension_of, inner_class, true_type
from gateway.model.uuencoded import X_UUENCODE, decode_uuencoded

MAX_ATTACHMENTS = 200
HEAD_BYTES = 8192
_ISO_HEAD_BYTES = 0x8006

_RIGHT_TO_LEFT = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_FLAG_OF_CLASS = {
    "exe": AttachmentFlag.EXECUTABLE,
    "elf": AttachmentFlag.EXECUTABLE,
    "macho": AttachmentFlag.EXECUTABLE,
    "java": AttachmentFlag.EXECUTABLE,
    "apk": AttachmentFlag.EXECUTABLE,
    "chm": AttachmentFlag.EXECUTABLE,
    "script": AttachmentFlag.SCRIPT,
    "shortcut": AttachmentFlag.SHORTCUT,
    "disk_image": AttachmentFlag.DISK_IMAGE,
    "archive": AttachmentFlag.ARCHIVE,
    "office": AttachmentFlag.OFFICE,
    "onenote": AttachmentFlag.OFFICE,
    "pdf": AttachmentFlag.PDF,
    "html": AttachmentFlag.HTML,
    "svg": AttachmentFlag.SVG,
    "picture": AttachmentFlag.PICTURE,
    "calendar": AttachmentFlag.CALENDAR,
    "message": AttachmentFlag.MESSAGE,
}
# Office formats that exist only to carry macros: a document without any is saved under another name.
_MACRO_EXTENSIONS = frozenset(
    ("docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppam", "ppsm", "ppa", "xla", "xll")
)
_RUNS = frozenset(
    (AttachmentFlag.EXECUTABLE, AttachmentFlag.SCRIPT, AttachmentFlag.SHORTCUT, AttachmentFlag.DISK_IMAGE)
)
# Classes that a name may promise while the bytes are something else, and which bytes are still fine there.
_COMPATIBLE = {
    "office": frozenset(("office", "archive", "html", "text")),  # OOXML is a zip; old exports are HTML named .xls
    "archive": frozenset(("archive", "office", "java", "apk", "disk_image")),
    "picture": frozenset(("picture", "svg")),
    "text": frozenset(("text", "html", "svg", "calendar", "script")),
    "script": frozenset(("script", "text", "html")),
    "message": frozenset(("message", "office", "text")),
    "media": frozenset(("media",)),
    "pdf": frozenset(("pdf",)),
}
_BODY_TYPES = frozenset(("text/plain", "text/html", "text/enriched", "text/watch-html", "text/x-amp-html"))
_CLASS_OF_DECLARED = {
    "application/pdf": "pdf",
    "application/zip": "archive",
    "text/html": "html",
    "image/svg+xml": "svg",
    "text/calendar": "calendar",
    "message/rfc822": "message",
    "application/x-msdownload": "exe",
    "application/x-msdos-program": "exe",
    "application/x-dosexec": "exe",
    "application/java-archive": "java",
    "application/hta": "script",
    "application/javascript": "script",
    "text/javascript": "script",
    "application/x-javascript": "script",
}


def read_attachments(message: Message, inspected: Mapping[int, InspectedPart]) -> tuple[AttachmentFacts, ...]:
    """Facts about every leaf that is not the message's own text; at most `MAX_ATTACHMENTS`."""
    found: list[AttachmentFacts] = []
    for number, part in enumerate(message.leaves):
        if len(found) >= MAX_ATTACHMENTS:
            break
        if is_attachment(part):
            found.append(_read_one(message, part, number, inspected.get(number)))
        # one of these types as a leaf is encoded, against RFC 2046 §5.2.1
        elif (part.in_attached_message or part.content_type in MESSAGE_TYPES) and not any(
            AttachmentFlag.MESSAGE in facts.flags for facts in found
        ):
            found.append(_attached_mail(part, number))
    return tuple(found)


def _attached_mail(part: Part, number: int) -> AttachmentFacts:
    """An attached mail that the parser has opened: its words are a leaf of the message, itself it is none."""
    return AttachmentFacts(
        true_type=UNKNOWN,
        declared_type="message/rfc822",
        size=max(0, part.body_end - part.body_start),
        flags=frozenset((AttachmentFlag.MESSAGE,)),
        part_index=number,
    )


def is_attachment(part: Part) -> bool:
    """Whether a leaf is more than the text that the reader sees first."""
    if part.filename or part.disposition is Disposition.ATTACHMENT:
        return True
    return part.content_type not in _BODY_TYPES and not part.content_type.startswith(("message/", "text/rfc822"))


def _read_one(message: Message, part: Part, number: int, inspected: InspectedPart | None) -> AttachmentFacts:
    head, size = _head(message.raw, part)
    kind = true_type(head)
    name = part.filename
    extension = extension_of(name)
    by_name = CLASS_OF_EXTENSION.get(extension, "")
    by_bytes = CLASS_OF_TYPE.get(kind, "")
    by_declaration = _class_of_declared(part.content_type)
    flags: set[AttachmentFlag] = set()
    for each in (by_name, by_bytes, "" if by_name or by_bytes else by_declaration):
        if each in _FLAG_OF_CLASS:
            flags.add(_FLAG_OF_CLASS[each])
    if AttachmentFlag.OFFICE in flags and kind in ("ooxml", "odf"):
        flags.discard(AttachmentFlag.ARCHIVE)
    if any(_RIGHT_TO_LEFT.search(each) for each in (name, *part.other_names)):
        flags.add(AttachmentFlag.RIGHT_TO_LEFT)
    if _is_double(name, flags):
        flags.add(AttachmentFlag.DOUBLE_EXTENSION)
    if _mismatch(by_name, by_bytes, by_declaration):
        flags.add(AttachmentFlag.TYPE_MISMATCH)
    if head[:4] == b"PK\x03\x04" and len(head) > 6 and head[6] & 1:  # general purpose bit 0 of the first member
        flags.add(AttachmentFlag.ENCRYPTED)
    if extension in _MACRO_EXTENSIONS:
        flags.add(AttachmentFlag.MACRO)
    inline = part.disposition is Disposition.INLINE or bool(part.content_id)
    if inspected is not None:
        flags |= inspected.flags
        if inspected.unchecked:
            flags.add(AttachmentFlag.UNCHECKED)
        if inspected.true_type != UNKNOWN:
            kind = inspected.true_type
    return AttachmentFacts(
        true_type=kind,
        declared_type=part.content_type,
        extension=extension,
        size=size,
        flags=frozenset(flags),
        inline=inline,
        from_inspection=inspected is not None,
        part_index=number,
    )


def _is_double(name: str, flags: set[AttachmentFlag]) -> bool:
    """`facture.pdf.exe`, `facture.pdf      .exe`: what runs, dressed as what is read."""
    if not flags & _RUNS and AttachmentFlag.HTML not in flags and AttachmentFlag.ARCHIVE not in flags:
        return False
    read = inner_class(name)
    if read not in ("pdf", "office", "picture", "text", "media"):
        return False
    if flags & _RUNS:
        return True
    return AttachmentFlag.HTML in flags and read != "text"  # releve.pdf.html; archives are often named a.pdf.zip


def _mismatch(by_name: str, by_bytes: str, by_declaration: str) -> bool:
    """Whether the bytes are another thing than the name, or the declared type, promises."""
    if not by_bytes:
        return False
    promised = by_name or by_declaration
    if not promised or promised == by_bytes:
        return False
    fine = _COMPATIBLE.get(promised)
    if fine is not None:
        return by_bytes not in fine
    return by_bytes in ("exe", "elf", "macho", "script", "shortcut", "html") and promised not in ("html", "svg", "chm")


def _class_of_declared(content_type: str) -> str:
    found = _CLASS_OF_DECLARED.get(content_type)
    if found:
        return found
    if content_type.startswith("image/"):
        return "picture"
    if content_type.startswith(("audio/", "video/")):
        return "media"
    if "officedocument" in content_type or content_type in ("application/msword", "application/vnd.ms-excel"):
        return "office"
    return ""


def _head(raw: bytes, part: Part) -> tuple[bytes, int]:
    """(first bytes of the decoded body, size of the whole, estimated from the encoded length)."""
    length = max(0, part.body_end - part.body_start)
    encoding = part.encoding
    if encoding == "base64":
        encoded = raw[part.body_start : min(part.body_end, part.body_start + HEAD_BYTES * 4 // 3 + 512)]
        head = _from_base64(encoded)
        if head[:2] == b"\x00\x00" and length > _ISO_HEAD_BYTES:
            head = _from_base64(raw[part.body_start : min(part.body_end, part.body_start + 46_000)])
        return head, length * 74 // 100 if length > 76 else length * 3 // 4
    if encoding == "quoted-printable":
        return quopri.decodestring(raw[part.body_start : min(part.body_end, part.body_start + HEAD_BYTES)]), length
    head = raw[part.body_start : min(part.body_end, part.body_start + _ISO_HEAD_BYTES)]
    if encoding == X_UUENCODE:
        return decode_uuencoded(head), length * 45 // 63
    return head, length


_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


def _from_base64(encoded: bytes) -> bytes:
    compact = encoded.translate(None, _NOT_BASE64)
    try:
        return binascii.a2b_base64(compact[: len(compact) // 4 * 4])
    except binascii.Error:
        return b""
