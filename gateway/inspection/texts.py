"""Plain text files inside other files: their words and addresses (the worker reads those attached to the message)."""

from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.text_bytes import decode_text, urls_in_text
from gateway.model.content_facts import LinkSource


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note words and addresses. Never raises."""
    text = decode_text(file.data[:200_000])
    if not (reading.covered and file.inside == 0):
        reading.say(text)
    for url in urls_in_text(text):
        reading.link(LinkSource.ATTACHMENT, url)
