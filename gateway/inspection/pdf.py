"""PDF: addresses with the text they show, the first pages' text, files inside, and codes where a page may bear one.

pdfium reads pages; `pdf_objects` looks at everything else. Pages are drawn only where the text says nothing, speaks of
a code, or something of a code's shape stands there: drawing is what costs.
"""

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

import pypdfium2.raw as pdfium

from gateway.inspection.pdf_objects import scan_objects
from gateway.inspection.reading import FileAtHand, Reading, UnreadableFileError
from gateway.model.content_facts import AttachmentFlag, LinkSource

_TEXT_PAGES = 3  # whose text is read
_CODE_PAGES = 3  # of which those that may bear a code are drawn
_FEW_LETTERS = 200  # on a page: it is mostly picture
_LINK_ONLY_LETTERS = 1000
_MAX_OBJECTS = 3000  # of a page, looked at for the shape of a code
_DRAWN_SIDE = 1400  # pixels of the longer side of a drawn page: some 120 dpi of A4
_MAX_FILES = 20
_MAX_NOTES = 100  # of a page
_WORDS_OF = {
    pdfium.FPDF_ANNOT_FREETEXT: b"Contents",
    pdfium.FPDF_ANNOT_TEXT: b"Contents",
    pdfium.FPDF_ANNOT_WIDGET: b"V",
}
_MAX_SHOWN_LINKS = 50
_SPEAKS_OF_CODES = re.compile(
    r"\bqr\b|qr-?code|flash(?:ez|er|code)|scann?(?:ez|er|ne|ning)?\b|code[- ]barres|smartphone|appareil photo|camera",
    re.I,
)

pdfium.FPDF_InitLibrary()


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what a PDF hides. Raises UnreadableFileError."""
    reading.flag(AttachmentFlag.PDF)
    before = len(reading.links)
    encrypted = scan_objects(file.data, reading)
    start = file.data.find(b"%PDF-", 0, 1024)
    data = file.data[start:] if start > 0 else file.data
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
            reading.flag(AttachmentFlag.ENCRYPTED)
            reading.doubt("encrypted")
            return
        raise UnreadableFileError
    try:
        pages = pdfium.FPDF_GetPageCount(document)
        letters = 0
        for number in range(min(pages, reading.limits.pdf_pages)):
            if number >= _TEXT_PAGES and letters >= _FEW_LETTERS and not encrypted:
                break  # else what it says stands behind pages that say nothing
            letters += _read_page(document, number, reading)
        if encrypted:  # with an empty password: the objects could not be looked at
            if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0:
                reading.flag(AttachmentFlag.PDF_SCRIPT)
            if pdfium.FPDF_GetFormType(document) > 0:
                reading.flag(AttachmentFlag.PDF_FORM)
        if AttachmentFlag.EMBEDDED_FILE in reading.flags or encrypted:
            _open_files(document, file, reading)
    finally:
        pdfium.FPDF_CloseDocument(document)
    if len(reading.links) > before and letters < _LINK_ONLY_LETTERS and pages <= 2:
        reading.flag(AttachmentFlag.PDF_LINK_ONLY)


def _read_page(document: Any, number: int, reading: Reading) -> int:
    """Text, links and codes of one page; how many letters it has."""
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        return 0
    try:
        with _text_of(page) as (text_page, text):
            reading.say(text)
            _read_annotations(page, reading)
            _read_links(document, page, text_page, reading)
        if number < _CODE_PAGES and _may_bear_code(page, text):
            _find_codes(page, reading)
        return len(text)
    finally:
        pdfium.FPDF_ClosePage(page)


@contextmanager
def _text_of(page: Any) -> Iterator[tuple[Any, str]]:
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        yield None, ""
        return
    try:
        count = min(pdfium.FPDFText_CountChars(text_page), 20_000)
        text = ""
        if count > 0:
            buffer = (ctypes.c_ushort * (count + 1))()
            written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
            text = bytes(buffer)[: max(0, written - 1) * 2].decode("utf-16-le", "replace").replace("\r\n", "\n")
        yield text_page, text
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _read_annotations(page: Any, reading: Reading) -> None:
    """What notes and fields say: their appearance shows it, and is no text of the page."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_NOTES)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        key = _WORDS_OF.get(pdfium.FPDFAnnot_GetSubtype(annotation))
        if key is not None:
            wide = (ctypes.c_ushort * 2000)()
            size = pdfium.FPDFAnnot_GetStringValue(annotation, key, wide, 4000)
            if 2 < size <= 4000:
                reading.say(bytes(wide)[: size - 2].decode("utf-16-le", "replace"))
        pdfium.FPDFPage_CloseAnnot(annotation)


def _read_links(document: Any, page: Any, text_page: Any, reading: Reading) -> None:
    """Link annotations, with the text that stands under them."""
    position = ctypes.c_int(0)
    link = pdfium.FPDF_LINK()
    box = pdfium.FS_RECTF()
    for _ in range(_MAX_SHOWN_LINKS):
        if not pdfium.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
            break
        action = pdfium.FPDFLink_GetAction(link)
        if not action:
            continue
        kind = pdfium.FPDFAction_GetType(action)
        if kind == pdfium.PDFACTION_LAUNCH:
            reading.flag(AttachmentFlag.PDF_LAUNCH)
        if kind != pdfium.PDFACTION_URI:
            continue
        length = pdfium.FPDFAction_GetURIPath(document, action, None, 0)
        if not 1 < length < 8192:
            continue
        buffer = ctypes.create_string_buffer(length)
        pdfium.FPDFAction_GetURIPath(document, action, buffer, length)
        shown = ""
        if text_page and pdfium.FPDFLink_GetAnnotRect(link, ctypes.byref(box)):
            wide = (ctypes.c_ushort * 201)()
            count = pdfium.FPDFText_GetBoundedText(text_page, box.left, box.top, box.right, box.bottom, wide, 200)
            shown = bytes(wide)[: min(count, 200) * 2].decode("utf-16-le", "replace").strip("\x00 \r\n")
        address = buffer.value.decode("utf-8", "replace").strip()
        reading.links.pop((LinkSource.PDF, address, ""), None)  # what the objects told of it, without its text
        reading.link(LinkSource.PDF, address, " ".join(shown.split()))


class _Shape(IntEnum):
    """What stands on a page beside its letters."""

    NOTHING = 0
    PICTURES = 1  # some picture, or drawing
    CODE = 2  # a square picture of a code's size, or very many small shapes


def _shape_of(page: Any) -> _Shape:
    count = pdfium.FPDFPage_CountObjects(page)
    paths, found = 0, _Shape.NOTHING
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(min(count, _MAX_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
            if paths > 150 or pdfium.FPDFPath_CountSegments(item) > 400:
                return _Shape.CODE
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_SHADING):
            found = _Shape.PICTURES
            if not pdfium.FPDFPageObj_GetBounds(
                item, ctypes.byref(left), ctypes.byref(bottom), ctypes.byref(right), ctypes.byref(top)
            ):
                continue
            width, height = right.value - left.value, top.value - bottom.value
            if 30 <= width <= 500 and 0.75 <= width / max(height, 1.0) <= 1.33:
                return _Shape.CODE
    if count > _MAX_OBJECTS:
        return _Shape.CODE
    if found is _Shape.NOTHING and (paths > 20 or _has_stamp(page)):
        found = _Shape.PICTURES
    return found


def _has_stamp(page: Any) -> bool:
    """Whether an annotation draws something of its own on the page."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), 50)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if annotation:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            pdfium.FPDFPage_CloseAnnot(annotation)
            if kind in (pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET):
                return True
    return False


def _may_bear_code(page: Any, text: str) -> bool:
    shape = _shape_of(page)
    if shape is _Shape.PICTURES:
        return len(text) < _FEW_LETTERS or _SPEAKS_OF_CODES.search(text) is not None
    return shape is _Shape.CODE


def _find_codes(page: Any, reading: Reading) -> None:
    from PIL import Image

    from gateway.inspection.pictures import find_codes

    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    longest = max(width, height)
    if not 1 <= longest <= 20_000 or min(width, height) < 1:
        return
    scale = _DRAWN_SIDE / longest
    columns, rows = max(1, int(width * scale)), max(1, int(height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        return
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE | pdfium.FPDF_RENDER_NO_SMOOTHTEXT
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, flags)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * rows)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    find_codes(Image.frombuffer("L", (columns, rows), pixels, "raw", "L", stride, 1), reading)


def _open_files(document: Any, file: FileAtHand, reading: Reading) -> None:
    """Hand on the files attached inside."""
    for index in range(min(pdfium.FPDFDoc_GetAttachmentCount(document), _MAX_FILES)):
        attachment = pdfium.FPDFDoc_GetAttachment(document, index)
        if not attachment:
            continue
        reading.flag(AttachmentFlag.EMBEDDED_FILE)
        name = (ctypes.c_ushort * 256)()
        length = pdfium.FPDFAttachment_GetName(attachment, name, 510)
        needed = ctypes.c_ulong(0)
        pdfium.FPDFAttachment_GetFile(attachment, None, 0, ctypes.byref(needed))
        if not 0 < needed.value <= reading.room_to_unpack():
            if needed.value:
                reading.too_large()
            continue
        content = ctypes.create_string_buffer(needed.value)
        pdfium.FPDFAttachment_GetFile(attachment, content, needed.value, ctypes.byref(needed))
        reading.unpacked += needed.value
        shown = bytes(name)[: min(max(0, length - 2), 510)].decode("utf-16-le", "replace")
        reading.open(file, content.raw, shown)
