"""Content-Transfer-Encoding undone (RFC 2045 §6), as leniently as mail programs do it. Never raises."""

import binascii
import re

from gateway.model.uuencoded import X_UUENCODE, decode_uuencoded

_BLANK_SOFT_BREAK = re.compile(rb"=[ \t]++(?=\r?\n)")  # blanks at a line's end are no text (RFC 2045 §6.7 rule 3)
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))


def decode(data: bytes, encoding: str) -> bytes:
    """The bytes of a body."""
    if encoding == "base64":
        return decode_base64(data)
    if encoding == "quoted-printable":
        if b"= " in data or b"=\t" in data:
            data = _BLANK_SOFT_BREAK.sub(b"=", data)
        return binascii.a2b_qp(data)
    if encoding == X_UUENCODE:
        return decode_uuencoded(data)
    return data


def decode_base64(data: bytes) -> bytes:
    """Base64, whatever stands between; pieces that were padded one by one are joined."""
    pad = data.find(b"=")
    if pad < 0 or (not data[pad : pad + 4096].strip(b"= \r\n\t") and len(data) - pad < 4096):
        try:
            return binascii.a2b_base64(data)  # skips what is no base64 by itself, in half the time
        except binascii.Error:
            pass
    compact = data.translate(None, _NOT_BASE64)
    body, mark, rest = compact.partition(b"=")
    pieces = [body]
    if mark and rest.strip(b"="):
        pieces += [piece for piece in rest.split(b"=", 1000) if piece]
    return b"".join(_whole(piece) for piece in pieces)


def _whole(piece: bytes) -> bytes:
    left = len(piece) % 4
    if left == 1:
        piece = piece[:-1]
    elif left:
        piece += b"=" * (4 - left)
    try:
        return binascii.a2b_base64(piece)
    except binascii.Error:
        return b""
