"""Files that stand in text: `data:` URIs (RFC 2397), and the pictures of a body that are written so."""

import re
from urllib.parse import unquote_to_bytes

from gateway.inspection.limits import ReadLimits
from gateway.inspection.reading import FileAtHand, Reading
from gateway.inspection.transfer import decode_base64
from gateway.model.content_facts import AttachmentFlag

_HEAD = re.compile(r"data:([a-z0-9.+/-]{0,100})((?:;[^;,]{0,100}){0,5}),", re.I)
_PICTURE = re.compile(
    rb"data:image/[a-z0-9.+-]{1,30}(?:;[^;,\"'<>]{0,60}){0,4},([A-Za-z0-9+/=%\s_.~:;!*()-]{40,8000000}+)", re.I
)


def decode_data_uri(uri: str) -> tuple[str, bytes] | None:
    """(content type, bytes), None for what is no data URI."""
    match = _HEAD.match(uri)
    if match is None:
        return None
    body = uri[match.end() :]
    data = unquote_to_bytes(body) if "%" in body else body.encode("utf-8", "replace")
    if "base64" in match[2].lower():
        data = decode_base64(data)
    return match[1].lower() or "text/plain", data


def read_body_pictures(body: bytes, limits: ReadLimits) -> Reading:
    """Read the pictures written as data URIs in a message's own HTML. The part itself is no attachment."""
    from gateway.inspection import pictures

    reading = Reading(limits=limits, covered=True)
    for number, match in enumerate(_PICTURE.finditer(body)):
        if number >= 12:
            reading.doubt("too_many")
            break
        raw = match[1]
        data = decode_base64(unquote_to_bytes(raw.decode("ascii")) if b"%" in raw else raw)
        try:
            pictures.read(FileAtHand(data=data, inside=1), "picture", reading)
        except Exception:  # noqa: S112 - an inline icon that can't be decoded hides nothing from a camera
            continue
    reading.flags &= {AttachmentFlag.QR_CODE, AttachmentFlag.BOMB}
    return reading
