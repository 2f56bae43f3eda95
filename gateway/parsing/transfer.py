"""Transfer encodings undone (RFC 2045 §6): what a part's bytes and text are, capped. Lenient as readers are, linear."""

import binascii
import re

from gateway.model.message import Finding, Message, Part
from gateway.model.uuencoded import BYTES_PER_LINE, X_UUENCODE, decode_uuencoded
from gateway.parsing.charsets import charset_in_html, decode_charset

_NONE: frozenset[Finding] = frozenset()
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_BLANK_SOFT_BREAK = re.compile(rb"=[ \t]++(?=\r?\n)")
MAX_CHUNKS = 1000


def decode_bytes(message: Message, part: Part, max_bytes: int) -> bytes:
    """The part's body with its transfer encoding undone, at most `max_bytes`."""
    return decode_body(message.raw, part, max_bytes)[0]


def decode_text(message: Message, part: Part, max_bytes: int) -> tuple[str, frozenset[Finding]]:
    """The part's body as text, from at most `max_bytes` decoded bytes."""
    data, findings = decode_body(message.raw, part, max_bytes)
    text, more = text_of(data, part)
    return text, findings | more if more else findings


def text_of(data: bytes, part: Part) -> tuple[str, frozenset[Finding]]:
    """The decoded bytes of a part as text."""
    charset = part.charset
    if not data.isascii() or charset.startswith(("utf-", "iso-2022", "hz", "unicode")):
        if not charset and part.content_type == "text/html":
            charset = charset_in_html(data)
        return decode_charset(data, charset)
    return data.decode("ascii"), _NONE


def decode_body(raw: bytes, part: Part, max_bytes: int) -> tuple[bytes, frozenset[Finding]]:
    """As `decode_bytes`, with what was wrong."""
    start, end = part.body_start, part.body_end
    encoding = part.encoding
    if encoding == "base64":
        source_end = min(end, start + max_bytes // 3 * 4 + max_bytes // 16 + 1024)
        data, findings = decode_base64(raw[start:source_end])
    elif encoding == "quoted-printable":
        source_end = min(end, start + 3 * max_bytes + 1024)
        data, findings = decode_quoted_printable(raw[start:source_end]), _NONE
    elif encoding == X_UUENCODE:
        source_end = min(end, start + (max_bytes // BYTES_PER_LINE + 20) * 64)
        data, findings = decode_uuencoded(raw[start:source_end]), _NONE
    else:
        source_end = min(end, start + max_bytes)
        data, findings = raw[start:source_end], _NONE
    if source_end < end or len(data) > max_bytes:
        return data[:max_bytes], findings | {Finding.DECODED_TOO_LARGE}
    return data, findings


def decode_quoted_printable(data: bytes) -> bytes:
    """Quoted-printable; blanks behind a soft line break are no text (RFC 2045 §6.7), which the stdlib forgets."""
    if b"= " in data or b"=\t" in data:
        data = _BLANK_SOFT_BREAK.sub(b"=", data)
    return binascii.a2b_qp(data)


def decode_base64(data: bytes) -> tuple[bytes, frozenset[Finding]]:
    """Base64 with whatever stands between its letters ignored; what follows a padding is decoded too, since some
    readers show it."""
    padding = data.find(b"=")
    if padding < 0 or (not data[padding : padding + 200].strip(b"=\r\n \t") and len(data) - padding < 200):
        try:
            return binascii.a2b_base64(data), _NONE
        except binascii.Error:
            pass
    clean = _NOT_BASE64.sub(b"", data)
    pieces = [piece for piece in re.split(rb"=+", clean, maxsplit=MAX_CHUNKS) if piece]
    findings = {Finding.MIME_MALFORMED}
    if len(pieces) > 1:
        findings.add(Finding.MIME_AMBIGUOUS)
    if len(pieces) > MAX_CHUNKS:
        pieces[MAX_CHUNKS:] = []
        findings.add(Finding.DECODED_TOO_LARGE)
    out = []
    for piece in pieces:
        even = piece[:-1] if len(piece) % 4 == 1 else piece
        out.append(binascii.a2b_base64(even + b"=" * (-len(even) % 4)))
    return b"".join(out), frozenset(findings)
