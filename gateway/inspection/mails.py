"""Mails attached as files (.eml): their words and links count as somebody else's, their attachments as files inside."""

import email
import re
from email import policy
from email.errors import MessageError
from email.message import Message

from gateway.inspection.markup import read_markup
from gateway.inspection.reading import FileAtHand, Reading, UnreadableFileError
from gateway.inspection.text_bytes import decode_text, urls_in_text
from gateway.model.content_facts import AttachmentFlag, LinkSource

MAX_PARTS = 200
_MAX_TEXT = 1024 * 1024
_MAX_LINES = 500_000  # 38 MB of base64; each line costs the parser 2 us, an empty one too
# Before the header: a byte order mark, blank lines, Apple Mail's count of bytes; mail programs skip them.
_FIRST_LINES = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:[ \t]{0,20}\r?\n){0,50}(?:\d{1,12}[ \t]{0,20}\r?\n)?")


def read(file: FileAtHand, kind: str, reading: Reading) -> None:
    """Note what an attached mail says. Raises UnreadableFileError."""
    reading.flag(AttachmentFlag.MESSAGE)
    if file.data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        from gateway.inspection import ole

        ole.read(file, "ole", reading)
        return
    data = _FIRST_LINES.sub(b"", file.data, count=1)
    if data.count(b"\n") > _MAX_LINES:
        reading.doubt("too_large")
        data = b"\n".join(data.split(b"\n", _MAX_LINES)[:_MAX_LINES])
    try:
        message = email.message_from_bytes(data, policy=policy.compat32)
        for number, part in enumerate(message.walk()):
            if number >= MAX_PARTS:
                reading.doubt("too_many")
                return
            if not part.is_multipart():
                _take(part, file, reading)
    except (MessageError, ValueError, LookupError, TypeError) as error:
        raise UnreadableFileError from error


def _take(part: "Message[str, str]", file: FileAtHand, reading: Reading) -> None:
    try:
        data = part.get_payload(decode=True)
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, IndexError, AttributeError):
        reading.doubt("unreadable")
        return
    if not isinstance(data, bytes) or not data:
        return
    kind = part.get_content_type()
    if not name and kind in ("text/plain", "text/html"):
        text = decode_text(data[:_MAX_TEXT])
        if kind == "text/html":
            page = read_markup(text)
            reading.say(page.text, quoted=True)
            for href, shown in page.links:
                reading.link(LinkSource.QUOTED, href, shown)
            for action in (*page.actions, page.refresh):
                reading.link(LinkSource.QUOTED, action)
        else:
            reading.say(text, quoted=True)
            for url in urls_in_text(text):
                reading.link(LinkSource.QUOTED, url)
        return
    if not reading.take_bytes(len(data)):
        return
    reading.open(file, data, name, kind)
