"""What the fuzzer does to the readers of a message: header, author, MIME, charsets, HTML, links, and our rewriting."""

import contextlib
import email
import email.policy
import re
import time
from collections.abc import Callable, Mapping
from email.errors import MessageError
from email.header import decode_header, make_header
from typing import Final

from gateway.authn.authserv_id import is_ours
from gateway.content.folding import fold_seeing, original
from gateway.content.text_links import find_text_links
from gateway.content.url import read_url
from gateway.decision.tagging import encode_words, is_our_mark, rewrite_head
from gateway.model.message import HeaderField
from gateway.parsing.addresses import read_addresses
from gateway.parsing.author import read_author
from gateway.parsing.charsets import decode_charset
from gateway.parsing.css import read_sheet, read_style
from gateway.parsing.encoded_words import decode_value
from gateway.parsing.header_fields import unfold
from gateway.parsing.html_guard import is_too_dangerous
from gateway.parsing.html_text import read_html
from gateway.parsing.mime_parameters import file_name, read_mime_value
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts

OURS: Final = "mx.mutuelle.example"
_BARE: Final = re.compile(rb"\r(?!\n)|(?<!\r)\n|\0")
_LONGEST_S: Final = 2.0  # of one input of at most 64 KiB, on a busy machine, instrumented


def _on_the_wire(data: bytes) -> bytes:
    """As DATA lets it in: every line end is CRLF, no NUL."""
    return _BARE.sub(b"\n", data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")


def _in_time(began: float) -> None:
    if time.process_time() - began > _LONGEST_S:
        raise AssertionError("too slow")


def message(data: bytes) -> None:
    """A whole message: the tree is inside the bytes, and what is not ours goes on byte for byte."""
    began = time.process_time()
    read = parse_message(data)
    at = 0
    for field in read.fields:
        if not at <= field.start < field.end <= len(data):
            raise AssertionError("fields overlap")
        at = field.end
    for leaf in read.leaves:
        if not 0 <= leaf.header_start <= leaf.body_start <= leaf.body_end <= len(data):
            raise AssertionError("a part lies outside")
    read_texts(read, 262_144)
    head = rewrite_head(read, added=b"", subject_tag=None, remove=lambda _field: False)
    if not (head + data[read.body_start :]).endswith(data):
        raise AssertionError("bytes were lost")
    _in_time(began)


def _claims_ours(name: str, value: str) -> bool:
    """Whether a plain reader would take a field for one of ours."""
    if name.lower().startswith("x-vitalgate"):
        return True
    if name.lower() != "authentication-results":
        return False
    readings = [value]
    with contextlib.suppress(MessageError, LookupError, ValueError):
        readings.append(str(make_header(decode_header(value))))
    for reading in readings:
        said = re.sub(r"\([^()]*\)", " ", reading).partition(";")[0].split()
        if said and said[0].strip('"').lower().rstrip(".") == OURS:
            return True
    return False


def forgery(data: bytes) -> None:
    """No field of ours survives in what goes on, as the standard library's readers see it."""
    raw = _on_the_wire(data)
    read = parse_message(raw)

    def forged(field: HeaderField) -> bool:
        return is_our_mark(field) or is_ours(field, OURS)

    head = rewrite_head(read, added=b"Last-Of-Ours: x\r\n", subject_tag="[SUSPECT] ", remove=forged)
    seen = email.message_from_bytes(head + b"\r\n", policy=email.policy.compat32)
    if seen["last-of-ours"] != "x":
        raise AssertionError("a field of ours was gone on with")
    if len(seen.get_all("x-vitalgate-folded", ())) > 1:
        raise AssertionError("a forged guard survives")
    del seen["x-vitalgate-folded"]
    for name, value in seen.items():
        if _claims_ours(name, str(value)):
            raise AssertionError(f"a forged field survives: {name}")


def author(data: bytes) -> None:
    """A From field: what is read as one author is in the field, and no other domain is shown by the lenient reader."""
    began = time.process_time()
    field = HeaderField("from", data, 0, len(data))
    read = read_author((field,))
    if read.mailbox is not None and read.mailbox not in read.candidates:
        raise AssertionError("the author is no candidate")
    if (read.mailbox is None) != (read.problem is not None) and read.mailbox is None:
        raise AssertionError("no author and no reason")
    read_addresses(data)
    _in_time(began)


def values(data: bytes) -> None:
    """Header values: encoded words, MIME parameters, authserv-id."""
    began = time.process_time()
    line = unfold(data)
    decode_value(line)
    value = read_mime_value(line)
    file_name(value, "filename")
    file_name(value, "name")
    is_ours(HeaderField("authentication-results", data, 0, len(data)), OURS)
    encode_words(data.decode("utf-8", "replace"))
    _in_time(began)


def charset(data: bytes) -> None:
    """A charset by its name, and bytes that may not be in it."""
    name, _, rest = data.partition(b"\n")
    decode_charset(rest, name.decode("latin-1"))


def html(data: bytes) -> None:
    """HTML, behind the guard as in a message."""
    began = time.process_time()
    text = data.decode("utf-8", "replace")
    if not is_too_dangerous(text):
        read_html(text)
    read_style(text)
    read_sheet(text)
    _in_time(began)


def text(data: bytes) -> None:
    """Text: folded with its offsets, its links found and read."""
    began = time.process_time()
    said = data.decode("utf-8", "replace")
    folded, _ = fold_seeing(said)
    original(said, folded, 0, min(len(folded), 40))
    list(find_text_links(said))
    read_url(said)
    _in_time(began)


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "reading_message": message,
    "reading_forgery": forgery,
    "reading_author": author,
    "reading_values": values,
    "reading_charset": charset,
    "reading_html": html,
    "reading_text": text,
}
_MIXED = (
    b"From: A <a@b.example>\r\nSubject: =?utf-8?q?=C3=A9?=\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\nPHA+YTwvcD4=\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
    b"From: c@d.example\r\n\r\nb\r\n--x--\r\n"
)
SEEDS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "reading_message": (_MIXED, b"From: a@b.example\n\nx\n", b"\r\n\r\n", b" folded\r\nFrom: x\r\n\r\n", b"no header"),
    "reading_forgery": (
        b"Authentication-Results: mx.mutuelle.example; spf=pass\r\nX-Vitalgate: action=relay\r\nSubject: a\r\n",
        b'Authentication-Results\t: (a) "mx.mutuelle.example" 1; none\r\n\r\n',
        b"AUTHENTICATION-RESULTS:\r\n (comment (nested))\r\n mx.mutuelle.EXAMPLE.;dkim=pass\r\nFrom: a@b\r\n",
        b"broken line\r\nX-Vitalgate-Reason: a\r\n x\r\n",
        b"Authentication-Results: =?utf-8?b?bXgubXV0dWVsbGUuZXhhbXBsZTsgc3BmPXBhc3M=?=\r\n",
        b"Authentication-Results: =?utf-8?q?mx=2Emutuelle=2Eexample;_spf=3Dpass?=\r\n =?utf-8?q?x?=\r\n",
        b" ; dmarc=pass\r\nFrom: a@b.example\r\n\r\n",
        b"a\x01\r\nX-Vital\xa0gate\r\n : a\r\nFrom: a@b.example\r\n\r\n",
    ),
    "reading_author": (
        b" A <a@b.example>",
        b' "a@b.example" <c@d.example> (x)',
        b" a@b.example, c@d.example",
        b" =?utf-8?b?YQ==?= <@r.example:a@b.example>",
        b" Group: a@b.example;",
        b' "a b"@[192.0.2.1]',
    ),
    "reading_values": (
        b" =?utf-8?q?a=20b?= =?iso-8859-1?b?6Q==?=",
        b' attachment; filename*0*=utf-8\'\'%e9; filename*1=b; filename="c\\"d"',
        b" (c) mx.mutuelle.example 1; spf=pass",
    ),
    "reading_charset": (b"utf-8\n\xc3\xa9", b"utf-7\n+AOk-", b'iso-2022-jp\n\x1b$B$"\x1b(B', b"utf-16\n\xff\xfea\x00"),
    "reading_html": (
        b"<p style='display:none'>a</p><a href='http://x.example/'>b</a><table><tr><td>c",
        b"<style>.a{font-size:0} @media x{.b{color:#fff}}</style><b class=a>x</b><!-- y --><template>z</template>",
        b"<svg><a xlink:href='x'><![CDATA[y]]></svg><math><mi>z",
    ),
    "reading_text": (
        "h\u200bttps://www.ameli.fr@evil.example:80/a?b#c c\u00adarte v i t a l e аmeli".encode(),
        b"https://0x7f.1/ www.x.example. [a](http://b.example) <http://c.example>",
    ),
}
