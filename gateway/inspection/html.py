"""HTML and XHTML attachments: pages that ask for a password, lead away, or carry a file out of their own text."""

from gateway.inspection.data_uris import decode_data_uri
from gateway.inspection.markup import Page, read_markup
from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.script_payloads import read_script
from gateway.inspection.text_bytes import decode_text
from gateway.model.content_facts import AttachmentFlag, LinkSource
from gateway.model.true_type import CLASS_OF_TYPE, true_type

_MAX_DECODED = 2  # levels of payload inside payload
_FILES = frozenset(
    (
        "archive",
        "exe",
        "elf",
        "macho",
        "java",
        "apk",
        "chm",
        "disk_image",
        "shortcut",
        "script",
        "office",
        "onenote",
        "pdf",
    )
)


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what a page hides. Never raises but for lack of memory."""
    if file.inside == 0:
        reading.flag(AttachmentFlag.HTML)
    page = read_markup(decode_text(file.data))
    if not (reading.covered and file.inside == 0):
        reading.say(page.text)
    note_page(page, file, reading)


def note_page(page: Page, file: FileAtHand, reading: Reading) -> None:
    """Note links, forms, scripts and payloads."""
    for href, shown in page.links:
        reading.link(LinkSource.ATTACHMENT, href[:4096], shown)
    for action in page.actions:
        reading.link(LinkSource.ATTACHMENT, action[:4096])
    for load in page.loads:
        if load[:5].lower() != "data:":
            reading.link(LinkSource.ATTACHMENT, load)
    if page.actions and page.inputs:
        reading.flag(AttachmentFlag.HTML_FORM)
    if page.has_password:
        reading.flag(AttachmentFlag.PASSWORD_FIELD, AttachmentFlag.HTML_FORM)
    if page.refresh:
        reading.flag(AttachmentFlag.REDIRECTS)
        reading.link(LinkSource.ATTACHMENT, page.refresh)
    if page.foreign:
        reading.flag(AttachmentFlag.EMBEDDED_OBJECT)
    if page.truncated:
        reading.doubt("too_large")
    for uri in page.data_uris:
        decoded = decode_data_uri(uri)
        if decoded is not None:
            _open_payload(decoded[1], decoded[0], file, reading, from_script=False)
    for source in page.scripts:
        note_script(source, file, reading)


def note_script(source: str, file: FileAtHand, reading: Reading) -> None:
    """Note what one script gives away."""
    if not source.strip():
        return
    reading.flag(AttachmentFlag.SCRIPT_INSIDE)
    script = read_script(source)
    if script.redirects:
        reading.flag(AttachmentFlag.REDIRECTS)
    if script.smuggles and script.payloads:
        reading.flag(AttachmentFlag.HTML_SMUGGLING)
    for url in script.urls:
        reading.link(LinkSource.ATTACHMENT, url)
    for payload in script.payloads:
        _open_payload(payload, "", file, reading, from_script=True)


def _open_payload(data: bytes, declared: str, file: FileAtHand, reading: Reading, *, from_script: bool) -> None:
    kind = true_type(data[:40_960])
    by_bytes = CLASS_OF_TYPE.get(kind, "")
    if by_bytes in _FILES:
        reading.flag(AttachmentFlag.HTML_SMUGGLING)
    if file.inside > _MAX_DECODED:
        return
    if (
        by_bytes in ("html", "svg")
        or declared in ("text/html", "image/svg+xml")
        or (from_script and b"<" in data[:4000])
    ):
        name = "payload.svg" if "svg" in (by_bytes, declared[6:9]) else "payload.html"
        reading.open(file, data, name, "text/html")
    elif by_bytes:
        reading.open(file, data, "", declared)
