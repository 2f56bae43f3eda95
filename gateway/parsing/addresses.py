"""Address lists read token by token: what stands in which element, for the author's strict reading and for the others.

One pass, no recursion: a comment's nesting is a counter. Nothing is judged here but the grammar (RFC 5322 §3.4, §4.4).
"""

import re
from dataclasses import dataclass, field

from gateway.model.address import Mailbox, NamedMailbox
from gateway.model.domain import parse_domain
from gateway.parsing.encoded_words import decode_value
from gateway.parsing.header_fields import unfold

MAX_TOKENS = 5000

_TOKEN = re.compile(
    rb"(?P<blank>[ \t]+)"
    rb'|"(?P<quoted>(?:[^"\\]|\\.)*+)"'
    rb"|(?P<comment>\()"
    rb"|(?P<atom>[^\x00-\x20\x7f()<>\[\]:;@\\,.\"]+)"
    rb"|(?P<literal>\[[^\[\]\\\r\n]{0,255}\])"
    rb"|(?P<special>[<>@,;:.])"
    rb"|(?P<bad>.)",
    re.DOTALL,
)
_COMMENT_STEP = re.compile(rb"\\.|[()]", re.DOTALL)
_PAIR = re.compile(rb"\\(.)", re.DOTALL)
_SIMPLE = re.compile(
    rb'[ \t]*(?:"([^"\\<>@\x00-\x1f\x7f]*)"|([^\x00-\x1f\x7f"\\<>()\[\]:;@,]*?))[ \t]*'
    rb"<([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}+)@([A-Za-z0-9._-]{1,253}+)>[ \t]*"
)
_BARE = re.compile(rb"[ \t]*([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}+)@([A-Za-z0-9._-]{1,253}+)[ \t]*")


@dataclass(slots=True)
class Element:
    """One element between top-level commas."""

    name: list[bytes] = field(default_factory=list)  # the phrase, or the bare address
    address: list[bytes] | None = None  # tokens between the angle brackets
    after: list[bytes] = field(default_factory=list)  # what stands behind ">"
    comments: list[bytes] = field(default_factory=list)
    closed: bool = True
    odd: bool = False  # a character that no grammar has here
    in_group: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressList:
    """A value read."""

    elements: tuple[Element, ...]
    has_group: bool = False
    cut: bool = False  # more tokens than we read


def simple_mailbox(value: bytes) -> tuple[Mailbox, bytes] | None:
    """The one mailbox of the two everyday forms, `name <local@domain>` and `local@domain`, and its raw name."""
    match = _SIMPLE.fullmatch(value)
    if match is not None:
        quoted, phrase, local, host = match.groups()
        name = phrase if quoted is None else quoted
    else:
        match = _BARE.fullmatch(value)
        if match is None:
            return None
        local, host = match.groups()
        name = b""
    if local[0] == 46 or local[-1] == 46 or b".." in local or b"=?" in local:
        return None
    domain = parse_domain(host.decode("ascii"))
    return None if domain is None or host[-1] == 46 else (Mailbox(local.decode("ascii"), domain), name)


def tokenize(value: bytes) -> AddressList:
    """The elements of an unfolded address list."""
    elements: list[Element] = []
    current = Element()
    into = current.name
    group = has_group = False
    position = tokens = 0
    while position < len(value) and tokens < MAX_TOKENS:
        match = _TOKEN.match(value, position)
        if match is None:
            break
        tokens += 1
        kind, token = match.lastgroup, match.group()
        position = match.end()
        if kind == "comment":
            position = _comment_end(value, match.start(), current)
            token = b" "
        elif kind == "bad":
            current.odd = True
            if token == b'"':
                position = len(value)  # a quoted string without its end: what follows has no grammar
        elif kind == "special":
            inside = not current.closed
            if token == b"<" and not inside and current.address is None:
                current.closed = False
                current.address = into = []
                continue
            if token == b">" and inside:
                current.closed = True
                into = current.after
                continue
            if token == b":" and not inside and current.address is None and not group:
                current = Element(start=position)
                into = current.name
                group = has_group = True
                continue
            if token in b",;" and not inside:
                current.end = match.start()
                current.in_group = group
                elements.append(current)
                group = group and token == b","
                current = Element(start=position)
                into = current.name
                continue
        into.append(token)
    current.end = position
    current.in_group = group
    elements.append(current)
    return AddressList(elements=tuple(elements), has_group=has_group, cut=position < len(value))


def _comment_end(value: bytes, start: int, current: Element) -> int:
    """Where the comment that opens at `start` ends; an open one makes the element odd and ends with the value."""
    depth = 0
    for match in _COMMENT_STEP.finditer(value, start):
        step = match.group()
        if step == b"(":
            depth += 1
        elif step == b")":
            depth -= 1
            if depth == 0:
                current.comments.append(value[start + 1 : match.start()])
                return match.end()
    current.comments.append(value[start + 1 :])
    current.odd = True
    return len(value)


def is_empty(element: Element) -> bool:
    """Whether nothing but blanks and comments stands in the element (RFC 5322 §4.4: obs-addr-list has such)."""
    return element.address is None and not b"".join(element.name).strip() and not element.odd


def strict_addr_spec(tokens: list[bytes]) -> Mailbox | None:
    """Local part, "@", domain, with blanks only around them; None for anything else (RFC 5322 §3.4.1)."""
    parts = [token for token in tokens if token.strip(b" \t")]
    if parts.count(b"@") != 1:
        return None
    at = parts.index(b"@")
    local, host = parts[:at], parts[at + 1 :]
    if b" " in b"".join(tokens).replace(b"\t", b" ").rpartition(b"@")[2].strip(b" "):
        return None  # a blank inside the domain: some readers end it there
    text = _local_part(local)
    if text is None or not host:
        return None
    if len(host) == 1 and host[0].startswith(b"["):
        return Mailbox(text, None, host[0].decode("latin-1"))
    name = b"".join(host)
    if not _dotted(host) or len(name) > 1000:
        return None
    try:
        domain = parse_domain(name.decode("utf-8"))
    except UnicodeDecodeError:
        return None
    return None if domain is None else Mailbox(text, domain)


def _dotted(tokens: list[bytes]) -> bool:
    """Atoms parted by single dots."""
    return len(tokens) % 2 == 1 and all(
        (token == b".") if i % 2 else token not in (b".", b"<", b">", b",", b";", b":") and token[0] not in b'"[(\\'
        for i, token in enumerate(tokens)
    )


def _local_part(tokens: list[bytes]) -> str | None:
    if len(tokens) == 1 and tokens[0].startswith(b'"'):
        inner = _PAIR.sub(rb"\1", tokens[0][1:-1])
        if any(byte < 32 or byte == 127 for byte in inner):
            return None
        raw = inner
    elif tokens and _dotted(tokens):
        raw = b"".join(tokens)
    else:
        return None
    if b"=?" in raw and b"?=" in raw:
        return None  # an encoded word is no local part (RFC 2047 §5), yet some readers decode it
    try:
        return raw.decode("utf-8") if len(raw) <= 256 else None
    except UnicodeDecodeError:
        return None


def phrase_text(tokens: list[bytes]) -> str:
    """A display name: quoted pairs and encoded words undone, blanks single."""
    out: list[bytes] = []
    for token in tokens:
        if token.startswith(b'"') and len(token) > 1:
            out.append(_PAIR.sub(rb"\1", token[1:-1]))
        else:
            out.append(token)
    return " ".join(decode_value(b"".join(out))[0].split())


def read_addresses(value: bytes, limit: int = 50) -> tuple[NamedMailbox, ...]:
    """Every mailbox of an address list that can be read, in order, at most `limit`, with decoded display names.

    Lenient, for comparison only (Reply-To, To, Cc, Sender): elements that hold no address are left out.
    """
    value = unfold(value)
    simple = simple_mailbox(value)
    if simple is not None:
        return (NamedMailbox(mailbox=simple[0], name=phrase_text([simple[1]])),)
    found: list[NamedMailbox] = []
    for element in tokenize(value).elements:
        mailbox = strict_addr_spec(element.name if element.address is None else element.address)
        if mailbox is None:
            continue
        name = phrase_text(element.name) if element.address is not None else ""
        if not name and element.comments:
            name = " ".join(decode_value(element.comments[-1])[0].split())
        found.append(NamedMailbox(mailbox=mailbox, name=name))
        if len(found) >= limit:
            break
    return tuple(found)
