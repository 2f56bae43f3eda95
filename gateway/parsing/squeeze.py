"""Large texts made small before they are decoded: pictures in data: URIs, runs of blanks, stretches without a tag.

What the reader never sees must not use up what is read of a message. Linear, a few milliseconds a MiB, bytes only:
the caller asks only of charsets in which ASCII is ASCII.
"""

import re

MAX_SOURCE = 32 * 1024 * 1024  # bytes of one part looked at; pictures of this size in data: URIs are sent every day
MAX_DENSE = 4 * 1024 * 1024  # bytes of it that are no picture
MAX_PLAIN = 2 * 1024 * 1024  # of a plain text
MAX_PICTURES = 5000
RUN = 64 * 1024  # a stretch without any tag that is longer is no paragraph; its ends are kept
_RUN_HEAD, _RUN_TAIL = 48 * 1024, 16 * 1024

# Lines of 40 letters and more: no text of words can be taken for a picture.
_PICTURE = re.compile(
    rb"(?:image|font|audio|video)/[A-Za-z0-9.+-]{1,40}(?:;[A-Za-z0-9=_.-]{1,40}){0,4};base64,[ \t\r\n]{0,4}"
    rb"((?:[A-Za-z0-9+/]{40,}+(?:\r?\n)?+)*+)",
    re.IGNORECASE,
)
_BLANKS = re.compile(rb"(?<!\s)\s{64,}+")
_FEW = 64  # characters of a picture that stay


def squeeze_html(data: bytes, max_bytes: int) -> tuple[bytes, bool]:
    """At most `max_bytes` of an HTML text, and whether anything but pictures and blanks was left out."""
    data = _without_pictures(data)
    whole = len(data) <= MAX_DENSE
    data = _BLANKS.sub(b"\n", data if whole else data[: MAX_DENSE * 3 // 4] + data[-MAX_DENSE // 4 :])
    if len(data) > max_bytes:
        whole = False
        data = _without_runs(data)
    if len(data) > max_bytes:
        tail = data[-max_bytes // 4 :]
        data = data[: max_bytes * 3 // 4] + tail[max(0, tail.find(b"<")) :]
    return data, not whole


def squeeze_plain(data: bytes, max_bytes: int) -> tuple[bytes, bool]:
    """The first `max_bytes` of a plain text without its runs of blanks, and whether anything else was left out."""
    whole = len(data) <= MAX_PLAIN
    data = _BLANKS.sub(lambda run: b"\n\n" if b"\n" in run[0] else b" ", data[:MAX_PLAIN])
    return data[:max_bytes], not (whole and len(data) <= max_bytes)


def _without_pictures(data: bytes) -> bytes:
    pieces: list[bytes] = []
    position = 0
    at = data.find(b"data:")
    looked_at = 0
    while at >= 0 and looked_at < MAX_PICTURES:
        looked_at += 1
        match = _PICTURE.match(data, at + 5)
        if match is not None and match.end(1) - match.start(1) > 2 * _FEW:
            pieces.append(data[position : match.start(1) + _FEW])
            position = match.end(1)
            at = data.find(b"data:", position)
        else:
            at = data.find(b"data:", at + 5)
    return b"".join((*pieces, data[position:])) if pieces else data


def _without_runs(data: bytes) -> bytes:
    """Without the middle of every stretch that has no "<" for `RUN` bytes."""
    pieces: list[bytes] = []
    kept = position = 0
    while position + RUN < len(data):
        last = data.rfind(b"<", position + 1, position + RUN)
        if last >= 0:
            position = last
            continue
        end = data.find(b"<", position + RUN)
        end = len(data) if end < 0 else end
        pieces += (data[kept : position + _RUN_HEAD], b" ")
        kept = end - _RUN_TAIL
        position = end
    return b"".join((*pieces, data[kept:]))
