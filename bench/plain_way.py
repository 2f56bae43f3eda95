"""The same work by the libraries that everybody takes: what our stages are held against."""

import email
import email.policy
import re
import unicodedata
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import dkim
import spf

from bench.messages import CLIENT, SENDER, ZONE


def parse(raw: bytes) -> object:
    """The standard library, headers and every text decoded."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise SystemExit("no message")
    return str(message["from"]), str(message["subject"]), [part.get_content_type() for part in message.walk()]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links += [value or "" for name, value in attrs if name == "href"]


def texts(raw: bytes) -> object:
    """Every text part decoded, HTML read by `html.parser`: text and links, nothing of what is hidden."""
    found: list[Any] = []
    for part in email.message_from_bytes(raw).walk():
        if part.get_content_maintype() != "text":
            continue
        data = part.get_payload(decode=True)
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
        if part.get_content_subtype() == "html":
            reader = _Text()
            reader.feed(text)
            found += [reader.found, reader.links]
        else:
            found.append(text)
    return found


def fold(text: str) -> str:
    """Lower case without accents, a character at a time as recipes have it."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def words(text: str, patterns: list[re.Pattern[str]]) -> int:
    """One search a word."""
    return sum(pattern.search(text) is not None for pattern in patterns)


def _txt(name: bytes, timeout: int = 5) -> bytes | None:
    records = ZONE.get(name.decode().rstrip("."))
    return records["TXT"][0].encode() if records else None


def verify(raw: bytes) -> None:
    """dkimpy."""
    if not dkim.verify(raw, dnsfunc=_txt):
        raise SystemExit("the signature should have passed")


def _lookup(name: str, qtype: str, *_: Any, **__: Any) -> list[Any]:
    values = ZONE.get(name.lower().rstrip("."), {}).get(qtype, ())
    return [((name, qtype), [value.encode()] if qtype == "TXT" else value) for value in values]


def check_spf(_raw: bytes) -> None:
    """pyspf."""
    spf.DNSLookup = _lookup
    if spf.check2(i=CLIENT, s=SENDER, h="smtp.expediteur.example")[0] != "pass":
        raise SystemExit("SPF should have passed")
