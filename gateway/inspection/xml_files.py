"""XML files of no known vocabulary: flat Office documents, shortcuts' manifests; entities are never expanded."""

import re

from gateway.inspection.markup import read_markup
from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.svg import NESTED_ENTITY
from gateway.inspection.text_bytes import decode_text, urls_in_text
from gateway.model.content_facts import AttachmentFlag, LinkSource

_MACRO = re.compile(r"w:macrosPresent\s*=\s*\"yes\"|<w:binData[^>]{0,200}\.mso|editdata\.mso|vbaProject", re.I)
_OFFICE = re.compile(r"mso-application|urn:schemas-microsoft-com:office|schemas\.microsoft\.com/office/word/2003", re.I)
_STYLE = re.compile(r"<\?xml-stylesheet[^>]{0,300}(?:https?://|javascript)", re.I)
_NAMESPACE = re.compile(r"\sxmlns(?::\w{1,30})?\s*=\s*(?:\"[^\"]{0,500}\"|'[^']{0,500}')", re.I)


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what an XML file hides. Never raises but for lack of memory."""
    text = decode_text(file.data[:2_000_000])
    if NESTED_ENTITY.search(text, 0, 200_000):
        reading.bomb()
    if _OFFICE.search(text, 0, 20_000):
        reading.flag(AttachmentFlag.OFFICE)
    if _MACRO.search(text):
        reading.flag(AttachmentFlag.MACRO)
    if _STYLE.search(text, 0, 20_000):
        reading.flag(AttachmentFlag.REDIRECTS)
    reading.say(read_markup(text).text)
    for url in urls_in_text(_NAMESPACE.sub("", text)):
        if "schemas." not in url[:40] and "w3.org/" not in url[:40]:
            reading.link(LinkSource.ATTACHMENT, url)
