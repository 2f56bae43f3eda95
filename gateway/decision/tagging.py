"""The header block as it goes on: our fields on top, forged ones of ours gone, the Subject prefixed when tagged.

Everything else is copied byte for byte from what came in; nothing is refolded or decoded.
"""

import base64
import re
from collections.abc import Callable

from gateway.model.message import HeaderField, Message
from gateway.model.verdict import Action

OUR_PREFIX = "x-vitalgate"
_RESULTS = "authentication-results"
# A line that a lenient reader may take for a field of ours: noise around and between the letters, folded before the
# colon. Each class stops where the next begins, so it is linear.
_NOISE = rb"(?:[^A-Za-z:\n]|\n[ \t])*+"
_SHADOW = re.compile(
    rb"\n(?![ \t])%b(?:(%b)%b|%b(?:[^:\n]|\n[ \t])*+):([^\n]*+(?:\n[ \t][^\n]*+)*+)"
    % (
        _NOISE,
        _NOISE.join(letter.encode() for letter in _RESULTS if letter.isalpha()),
        _NOISE,
        _NOISE.join(letter.encode() for letter in OUR_PREFIX if letter.isalpha()),
    ),
    re.IGNORECASE,
)
_WINDOW = 1_048_576  # octets looked at in one go: a match keeps the other threads waiting
_MOST_ASKED = 1000  # lines looked at one by one; nobody honest has more, and the rest of them goes unread
# Between our fields and a message that begins with a folded line, which would be the end of our last field.
_GUARD = b"X-Vitalgate-Folded: the message begins with a folded line\r\n"
_MAX_ENCODED_WORD = 75
_MAX_REASON_BYTES = 900


def is_our_mark(field: HeaderField) -> bool:
    """Whether a field bears the name of one of our own marks."""
    return field.name.startswith(OUR_PREFIX)


def rewrite_head(
    message: Message, *, added: bytes, subject_tag: str | None, remove: Callable[[HeaderField], bool]
) -> bytes:
    """The outgoing bytes up to the body: `added` (whole fields with CRLF), then the header block as it came.

    Every Subject is prefixed, since readers differ in which of several they show. A message that has no header at all
    gets an empty line, so that our fields don't run into its body. Lines that were not read as fields (broken ones,
    those past a limit) stay, but for those that some reader may take for a field which `remove` would not leave.
    """
    raw = message.raw
    body_start = message.body_start
    pieces = [added]
    position = 0
    read = 0  # up to here the header block is known
    tagged = subject_tag is None
    if added and body_start and raw[:1] in (b" ", b"\t"):
        pieces.append(_GUARD)
    for field in message.fields:
        if field.start != read:
            pieces += [raw[position:read], _without_shadows(raw[read : field.start], remove)]
            position = field.start
        read = field.end
        if remove(field):
            pieces.append(raw[position : field.start])
            position = field.end
        elif subject_tag is not None and field.name == "subject":
            text = raw.index(b":", field.start, field.end) + 1
            while raw[text : text + 1] in (b" ", b"\t"):
                text += 1
            pieces += [raw[position : field.start], b"Subject: ", subject_tag.encode("ascii")]
            position = text
            tagged = True
    if not tagged and subject_tag is not None:
        pieces.insert(1, b"Subject: " + subject_tag.strip().encode("ascii") + b"\r\n")
    if body_start - read > 2:
        pieces += [raw[position:read], _without_shadows(raw[read:body_start], remove)]
    else:
        pieces.append(raw[position:body_start])
    if body_start == 0 and raw:
        pieces.append(b"\r\n")
    return b"".join(pieces)


def _without_shadows(lines: bytes, remove: Callable[[HeaderField], bool]) -> bytes:
    """Lines of a header block that are no fields to us, without those that may be taken for one of ours."""
    asked = 0

    def judged(match: re.Match[bytes]) -> bytes:
        nonlocal asked
        asked += 1
        name = OUR_PREFIX if match[1] is None else _RESULTS
        value = match[2].removesuffix(b"\r")
        drop = asked > _MOST_ASKED or remove(HeaderField(name, value, match.start(), match.end()))
        return b"" if drop else match[0]

    kept = []
    start = 0
    lines = b"\n" + lines  # so that every line has an LF before it
    while start < len(lines):
        end = lines.find(b"\n", start + _WINDOW)
        end = len(lines) if end < 0 else end
        kept.append(_SHADOW.sub(judged, lines[start:end]))
        start = end
    return b"".join(kept)[1:]


def write_marks(
    *,
    action: Action,
    score: float,
    rules: tuple[str, ...],
    message_id: str,
    unchecked: tuple[str, ...],
    reasons: tuple[str, ...],
) -> bytes:
    """`X-Vitalgate` and, when there is a reason, `X-Vitalgate-Reason` (RFC 2047), each ending with CRLF."""
    items = [f"action={action.value}", f"score={score:g}", f"rules={','.join(rules) or 'none'}", f"id={message_id}"]
    if unchecked:
        items.append(f"unchecked={','.join(unchecked)}")
    field = fold_items("X-Vitalgate:", items).encode("ascii", "replace")
    if reasons:
        field += b"X-Vitalgate-Reason:" + encode_words(" ".join(reasons)) + b"\r\n"
    return field


def fold_items(name: str, items: list[str]) -> str:
    """A field of `item; item`, folded before column 78 where it can be, ending with CRLF."""
    lines, line = [], name
    for index, item in enumerate(items):
        text = item + (";" if index < len(items) - 1 else "")
        for piece in _pieces(text):
            if len(line) + 1 + len(piece) > 78 and line != name:
                lines.append(line)
                line = ""
            line += " " + piece
    lines.append(line)
    return "\r\n".join(lines) + "\r\n"


def _pieces(text: str) -> list[str]:
    """Split a long list at its commas so that no line passes 998 octets (RFC 5322 §2.1.1)."""
    if len(text) <= 70:
        return [text]
    parts = text.split(",")
    return [part + ("," if index < len(parts) - 1 else "") for index, part in enumerate(parts)]


def encode_words(text: str) -> bytes:
    """Text as RFC 2047 encoded words in UTF-8, folded; ASCII stays as it is. Cut at 900 bytes, at a character."""
    data = text.encode("utf-8", "replace")[:_MAX_REASON_BYTES].decode("utf-8", "ignore")
    if data.isascii() and data.isprintable():
        return b" " + data.encode("ascii") if len(data) < 900 else b" " + data[:900].encode("ascii")
    words, chunk = [], b""
    room = (_MAX_ENCODED_WORD - len("=?utf-8?b??=")) // 4 * 3
    for character in data:
        encoded = character.encode("utf-8")
        if len(chunk) + len(encoded) > room:
            words.append(chunk)
            chunk = b""
        chunk += encoded
    words.append(chunk)
    return b"\r\n".join(b" =?utf-8?b?" + base64.b64encode(word) + b"?=" for word in words)
