"""Plain text files inside other files: their words and addresses (the worker reads those attached to the message)."""

import re

from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.text_bytes import decode_text, urls_in_text
from gateway.model.content_facts import AttachmentFlag, LinkSource

# A cell that a spreadsheet program runs: =cmd|'/c ...'!A0
_COMMAND = re.compile(
    r"(?:^|[;,\t\"'])[ \t]{0,20}[=+@-][^;,|\n]{0,60}?"
    r"\b(?:cmd|powershell|mshta|rundll32|regsvr32|wscript|cscript|certutil|bitsadmin|msexcel|excel|dde)"
    r"[ \t]{0,5}\|[ \t]{0,5}['\"]?[^\n]{0,300}?!",
    re.I | re.M,
)


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note words and addresses. Never raises."""
    text = decode_text(file.data[:200_000])
    if not (reading.covered and file.inside == 0):
        reading.say(text)
    if "|" in text and _COMMAND.search(text):
        reading.flag(AttachmentFlag.DDE)
    for url in urls_in_text(text):
        reading.link(LinkSource.ATTACHMENT, url)
