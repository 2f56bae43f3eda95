"""Content-Type and its like: the value, its parameters, RFC 2231. Linear, capped, never raising."""

import binascii
import re
from dataclasses import dataclass

from gateway.model.message import Finding
from gateway.parsing.charsets import decode_charset
from gateway.parsing.encoded_words import decode_value

MAX_PARAMETERS = 100
MAX_NAME = 1024  # of a file name, in characters
_COMMENTED = 1024  # of a field, bytes in which comments are looked for

_PLAIN = re.compile(
    rb"[ \t]*([A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+)[ \t]*(?:;[ \t]*charset=\"?([A-Za-z0-9._-]+)\"?[ \t]*;?)?[ \t]*"
)
_PARAMETER = re.compile(
    rb"[; \t]*([^\s=;:\"()<>@,/\[\]?\x00-\x1f]{1,100}+)[ \t]*=[ \t]*(?:\"((?:[^\"\\]|\\.)*+)(?:\"|\Z)|([^;]*+))",
    re.DOTALL,
)
_PAIR = re.compile(rb"\\(.)", re.DOTALL)
_SECTION = re.compile(r"([^*]{1,80})\*(?:(\d{1,3})(\*?))?")
_NEXT_ONE = re.compile(rb"[ \t]+(?=[A-Za-z][A-Za-z0-9*-]{0,39}[ \t]*=)")  # `name="x" filename=y`: a ";" is missing
_BLANK = re.compile(rb"[ \t]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MimeValue:
    """One structured MIME field."""

    value: str  # lower case, without comments
    parameters: tuple[tuple[str, bytes], ...] = ()  # names lower case; as written, RFC 2231 not yet put together
    ambiguous: bool = False  # a parameter stands twice with different values
    odd: tuple[tuple[str, bytes], ...] = ()  # other readings of parameters, where readers may differ

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
    bare = _without_comments_outside_quotes(line) if b"(" in line else line
    value, found, odd = _read_parameters(bare)
    if bare is not line:  # many clients know no comments
        _, *others = _read_parameters(line)
        known = set(found)
        odd += [item for other in others for item in other if item not in known]
    last: dict[str, bytes] = {}
    ambiguous = False
    for name, text in found:
        ambiguous = ambiguous or last.get(name, text) != text
        last[name] = text
    return MimeValue(value=value, parameters=tuple(found), ambiguous=ambiguous, odd=tuple(odd[:MAX_PARAMETERS]))


def _read_parameters(line: bytes) -> tuple[str, list[tuple[str, bytes]], list[tuple[str, bytes]]]:
    """The value, its parameters, and what other readers may take for parameters."""
    head, semicolon, rest = line.partition(b";")
    head = head.strip(b" \t")
    blank = _BLANK.search(head)
    if blank is not None and b"=" in head:  # `attachment filename=x`
        head, rest = head[: blank.start()], head[blank.start() :] + semicolon + rest
    elif b"=" in head and b"/" not in head:  # `filename=x`
        head, rest = b"", line
    found: list[tuple[str, bytes]] = []
    odd: list[tuple[str, bytes]] = []
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
        position = match.end()
        after = rest.find(b";", position)
        end = len(rest) if after < 0 else after
        if quoted is None:
            text = token.strip(b" \t\"'")
            cut = _NEXT_ONE.search(token)
            if cut is not None:
                odd.append((name, text))
                text = token[: cut.start()].strip(b" \t\"'")
                end = match.start(3) + cut.start()
            elif b" " in text and b"." in (first := text.partition(b" ")[0]) and not first.lower().endswith(b".com"):
                odd.append((name, first))  # the token of the grammar; "www.site.com page.pdf" is no program
        else:
            text = _PAIR.sub(rb"\1", quoted)
            tail = rest[position:end].strip(b" \t")
            if tail:
                if _NEXT_ONE.match(rest, position, end) is not None:
                    end = position
                else:
                    odd.append((name, text + tail[:MAX_NAME]))
        found.append((name, text))
        if end >= len(rest):
            break
        position = end
    return head.decode("latin-1").lower(), found, odd


def _without_comments_outside_quotes(line: bytes) -> bytes:
    """Comments taken out where they are comments: not inside a quoted string, and not when nothing closes them."""
    out = bytearray()
    depth = opened = 0
    quoted = escaped = False
    for byte in line[:_COMMENTED]:
        if escaped:
            escaped = False
        elif byte == 92:
            escaped = True
        elif byte == 34 and not depth:
            quoted = not quoted
        elif byte == 40 and not quoted:
            if not depth:
                opened = len(out)
            depth += 1
        elif byte == 41 and depth:
            depth -= 1
            if not depth:
                del out[opened:]
                continue
        out.append(byte)
    if depth:
        del out[opened:]
    return bytes(out) + line[_COMMENTED:]


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
    return clean_name(shown), findings


def all_names(value: MimeValue, name: str) -> list[str]:
    """Every reading of a name parameter, decoded: each one given, those put together of sections, cut ones."""
    pieces: dict[int, tuple[bytes, bool]] = {}
    texts: list[str] = []
    for key, text in (*value.parameters, *value.odd):
        match = _SECTION.fullmatch(key)
        if key == name:
            texts.append(decode_value(text[: 4 * MAX_NAME])[0])
        elif match is not None and match.group(1) == name:
            if match.group(2) is None:
                texts.append(_join_sections({0: (text, True)})[0])
            else:
                pieces[int(match.group(2))] = (text, bool(match.group(3)))  # the last of those given twice
    texts[10:-10] = []  # readers take the first or the last
    if pieces:
        texts.append(_join_sections(pieces)[0])
    cut = [text.partition("\x00")[0] for text in texts if "\x00" in text]
    return [shown for shown in map(clean_name, (*texts, *cut)) if shown]


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


def clean_name(text: str) -> str:
    """Without controls; direction marks stay, since they are a trick to be seen."""
    return "".join(c for c in text[:MAX_NAME] if c >= " " and c != "\x7f").strip()
