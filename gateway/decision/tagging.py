"""The header block as it goes on: our fields on top, forged ones of ours gone, the Subject prefixed when tagged.

Everything else is copied byte for byte from what came in; nothing is refolded or decoded.
"""

import base64
from collections.abc import Callable

from gateway.model.message import HeaderField, Message
from gateway.model.verdict import Action

OUR_PREFIX = "x-vitalgate"
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
    gets an empty line, so that our fields don't run into its body.
    """
    raw = message.raw
    pieces = [added]
    position = 0
    tagged = subject_tag is None
    for field in message.fields:
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
    pieces.append(raw[position : message.body_start])
    if message.body_start == 0 and raw:
        pieces.append(b"\r\n")
    return b"".join(pieces)


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
