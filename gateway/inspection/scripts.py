"""Script files: what they fetch, and the pages among them (HTA, MHT). That they run, their name says."""

from gateway.inspection import html
from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.script_payloads import read_script
from gateway.inspection.text_bytes import decode_text
from gateway.model.content_facts import LinkSource


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note addresses. Never raises but for lack of memory."""
    text = decode_text(file.data[:2_000_000])
    if file.name.lower().endswith((".hta", ".mht", ".mhtml")):
        html.read(file, "html", reading)
        return
    for url in read_script(text).urls:
        reading.link(LinkSource.ATTACHMENT, url)
