"""Content-Type and its like: the value, its parameters, RFC 2231. Linear, capped, never raising."""

import binascii
import re
from dataclasses import dataclass

from gateway.model.message import Finding
from gateway.parsing.charsets import decode_charset
from gateway.parsing.encoded_words import decode_value

MAX_PARAMETERS = 100
MAX_NAME = 1024  # of a file name, in characters

_PLAIN = re.compile(
    rb"[ \t]*([A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+)[ \t]*(?:;[ \t]*charset=\"?([A-Za-z0-9._-]+)\"?[ \t]*;?)?[ \t]*"
)
_PARAMETER = re.compile(
    rb"[; \t]*([^\s=;:\"()<>@,/\[\]?\x00-\x1f]{1,100}+)[ \t]*=[ \t]*(?:\"((?:[^\"\\]|\\.)*+)(?:\"|\Z)|([^;]*+))",
    re.DOTALL,
)
_PAIR = re.compile(rb"\\(.)", re.DOTALL)
_SECTION = re.compile(r"([^*]{1,80})\*(?:(\d{1,3})(\*?))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class MimeValue:
    """One structured MIME field."""

    value: str  # lower case, without comments
    parameters: tuple[tuple[str, bytes], ...] = ()  # names lower case; as written, RFC 2231 not yet put together
    ambiguous: bool = False  # a parameter stands twice with different values

    def raw(self, name: str) -> bytes:
        """The first parameter of this name, b"" when absent."""
        return next((value for key, value in self.parameters if key == name), b"")


def read_mime_value(line: bytes) -> MimeValue:
    """Read an unfolded value."""
    plain = _PLAIN.fullmatch(line)
    if plain is not None:
        value, charset = plain.groups()
        parameters = () if charset is None else (("charset", charset),)
        return MimeValue(value=value.decode("ascii").lower(), parameters=parameters)
    head, _, rest = line.partition(b";")
    value = without_comments(head).decode("latin-1").strip().lower()
    found: list[tuple[str, bytes]] = []
    ambiguous = False
    position = 0
    while position < len(rest) and len(found) < MAX_PARAMETERS:
        match = _PARAMETER.match(rest, position)
        if match is None:
            next_one = rest.find(b";", position + 1)
            if next_one < 0:
                break
            # runs of ";" are one: a hostile field has 60,000 of them
            position = len(rest) - len(rest[next_one:].lstrip(b"; \t"))
            continue
        name = match.group(1).decode("latin-1").lower()
        quoted, token = match.group(2), match.group(3)
        text = _PAIR.sub(rb"\1", quoted) if quoted is not None else without_comments(token).strip(b" \t\"'")
        ambiguous = ambiguous or any(key == name and old != text for key, old in found)
        found.append((name, text))
        position = match.end()
        after = rest.find(b";", position)
        if after < 0:
            break
        position = after
    return MimeValue(value=value, parameters=tuple(found), ambiguous=ambiguous)


def without_comments(text: bytes) -> bytes:
    """Comments taken out; nesting is counted, an open one runs to the end."""
    if b"(" not in text:
        return text
    out = bytearray()
    depth = 0
    for byte in text[:4096]:
        if byte == 40:
            depth += 1
        elif byte == 41 and depth:
            depth -= 1
        elif not depth:
            out.append(byte)
    return bytes(out)


def file_name(value: MimeValue, name: str) -> tuple[str, frozenset[Finding]]:
    """A name parameter, decoded: RFC 2231 (extended, continued), else RFC 2047 or raw; "" when absent."""
    direct = value.raw(name)
    pieces: dict[int, tuple[bytes, bool]] = {}
    for key, text in value.parameters:
        match = _SECTION.fullmatch(key)
        if match is not None and match.group(1) == name:
            index = int(match.group(2) or 0)
            pieces.setdefault(index, (text, match.group(2) is None or bool(match.group(3))))
    if pieces:
        shown, findings = _join_sections(pieces)
    elif direct:
        shown, findings = decode_value(direct[: 4 * MAX_NAME])
    else:
        return "", frozenset()
    return _clean(shown), findings


def _join_sections(pieces: dict[int, tuple[bytes, bool]]) -> tuple[str, frozenset[Finding]]:
    charset = ""
    data = bytearray()
    extended = False
    for index in sorted(pieces):
        text, is_extended = pieces[index]
        if is_extended:
            extended = True
            if not charset and text.count(b"'") >= 2:
                name, _, text = text.split(b"'", 2)
                charset = name.decode("latin-1").lower() or "utf-8"
            text = unquote(text)
        data += text
        if len(data) > 4 * MAX_NAME:
            break
    if not extended:
        return decode_value(bytes(data))
    return decode_charset(bytes(data), charset)


def unquote(text: bytes) -> bytes:
    """%XX undone (RFC 2231 §4)."""
    first, *rest = text.split(b"%")
    out = bytearray(first)
    for piece in rest:
        try:
            out += binascii.unhexlify(piece[:2]) + piece[2:]
        except binascii.Error:
            out += b"%" + piece
    return bytes(out)


def _clean(text: str) -> str:
    """Without controls; direction marks stay, since they are a trick to be seen."""
    return "".join(c for c in text[:MAX_NAME] if c >= " " and c != "\x7f").strip()
