"""Files that stand in text: `data:` URIs (RFC 2397)."""

import re
from urllib.parse import unquote_to_bytes

from gateway.inspection.transfer import decode_base64

_HEAD = re.compile(r"data:([a-z0-9.+/-]{0,100})((?:;[^;,]{0,100}){0,5}),", re.I)


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
