"""The MIME tree of a message, by offsets into its bytes (RFC 2045, RFC 2046 §5): iterative, bounded, nothing copied.

Where two readers might cut differently, the reading here is the wider one (more parts, more text), with a finding.
"""

import re
from dataclasses import dataclass, field

from gateway.model.message import MESSAGE_TYPES, Disposition, Finding, HeaderField, Message, Part
from gateway.model.uuencoded import X_UUENCODE, find_uuencoded
from gateway.parsing.author import read_author
from gateway.parsing.encoded_words import decode_value
from gateway.parsing.header_fields import HeaderBlock, shadow_values, split_header, unfold
from gateway.parsing.mime_parameters import MimeValue, clean_name, file_name, read_mime_value, without_comments
from gateway.parsing.part_names import name_elsewhere, read_names

MAX_DEPTH = 20
MAX_PARTS = 1000
MAX_NEAR_MISSES = 5000  # lines that begin like a delimiter and are none
MAX_FILES = 20  # uuencoded ones in the plain texts of a message
MAX_BOUNDARY = 1000  # RFC 2046 allows 70; longer ones were seen

_ENCODINGS = {
    "": "7bit", "7bit": "7bit", "8bit": "8bit", "binary": "binary", "quoted-printable": "quoted-printable",
    "base64": "base64", "7-bit": "7bit", "8-bit": "8bit", "none": "7bit", "quoted_printable": "quoted-printable",
    "quotedprintable": "quoted-printable", "base-64": "base64", "7bits": "7bit", "8bits": "8bit",
    "x-uuencode": X_UUENCODE, "x-uue": X_UUENCODE, "uuencode": X_UUENCODE, "uue": X_UUENCODE,
}  # fmt: skip
_MIME_FIELDS = frozenset({"content-type", "content-transfer-encoding", "content-disposition", "content-id"})
_NAMING_FIELDS = frozenset({"content-name", "content-description", "content-location"})
_BASE64_LINES = re.compile(rb"[\r\n]*[A-Za-z0-9+/=\r\n]{20,200}\Z")
_AS_IT_IS = frozenset({"7bit", "8bit", "binary"})
_FILE = "application/octet-stream"
_TEXT = MimeValue(value="text/plain")


@dataclass(slots=True)
class _Draft:
    """A part being read."""

    start: int
    end: int
    depth: int
    attached: bool
    body_start: int = 0
    kind: MimeValue = _TEXT
    content_type: str = "text/plain"
    encoding: str = "7bit"
    disposition: Disposition = Disposition.UNSTATED
    names: tuple[str, ...] = ()
    content_id: str = ""
    children: "list[_Draft]" = field(default_factory=list)
    files: "list[_Draft]" = field(default_factory=list)  # uuencoded in its text


class _Reader:
    """Reads one message."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.findings: set[Finding] = set()
        self.parts = 0
        self.near_misses = 0
        self.files = 0
        self.suspects: list[bytes] = []
        self.boundaries: set[bytes] = set()
        self.drafts: list[_Draft] = []

    def read(self, root: _Draft, block: HeaderBlock) -> None:
        """Fill `drafts` with all parts, parents before children."""
        self._take_header(root, block.fields, "text/plain")
        waiting = [root]
        while waiting:
            draft = waiting.pop()
            self.drafts.append(draft)
            if draft.content_type in MESSAGE_TYPES:
                self._open_message(draft)
            elif draft.content_type.startswith("multipart/"):
                self._open_multipart(draft)
            elif draft.content_type == "message/partial":
                self.findings.add(Finding.PARTIAL_MESSAGE)
            elif draft.content_type == "text/plain" and draft.encoding in _AS_IT_IS:
                self._find_files(draft)
            waiting += reversed(draft.children)
        known = self.boundaries
        if any(line not in known and line.removesuffix(b"--") not in known for line in self.suspects):
            self.findings.add(Finding.MIME_AMBIGUOUS)

    def _take_header(self, draft: _Draft, fields: tuple[HeaderField, ...], default: str) -> None:
        values: dict[str, bytes] = {}
        types: list[bytes] = []
        wheres: list[bytes] = []
        for item in fields:
            name = item.name
            if name in _MIME_FIELDS:
                if name == "content-type":
                    types.append(unfold(item.value))
                    continue
                if name == "content-disposition":
                    wheres.append(unfold(item.value))
                if name in values and values[name] != item.value:
                    self.findings.add(Finding.MIME_AMBIGUOUS)
                    if name == "content-transfer-encoding" and self._fits_better(draft, values[name], item.value):
                        values[name] = item.value
                else:
                    values[name] = item.value
        draft.content_type = default
        kinds: list[MimeValue] = []
        if types:
            kinds = self._take_type(draft, types, default)
        elif default != "text/plain":
            draft.kind = MimeValue(value=default)
        encoding = values.get("content-transfer-encoding")
        if encoding is not None:
            self._take_encoding(draft, unfold(encoding))
        stated = [read_mime_value(where) for where in _few(wheres)]
        if stated:
            _take_disposition(draft, stated)
        if stated or draft.kind.parameters or len(kinds) > 1:
            draft.names, found = read_names(kinds, stated)
            self.findings |= found
        if draft.disposition is Disposition.ATTACHMENT and not draft.names:
            elsewhere = name_elsewhere(unfold(f.value) for f in fields if f.name in _NAMING_FIELDS)
            draft.names = (elsewhere,) if elsewhere else ()
        identity = values.get("content-id")
        if identity is not None:
            draft.content_id = unfold(identity)[:256].decode("latin-1").strip(" <>")

    def _take_type(self, draft: _Draft, types: list[bytes], default: str) -> list[MimeValue]:
        kinds = [read_mime_value(line) for line in _few(types)]
        kind = kinds[0]
        if any(other != kind for other in kinds):
            self.findings.add(Finding.MIME_AMBIGUOUS)
            # readers take the first or the last: we take the one that shows most
            kind = max(kinds, key=lambda k: (k.value.startswith("multipart/"), k.value == "text/html"))
        if kind.ambiguous:
            self.findings.add(Finding.MIME_AMBIGUOUS)
        draft.kind = kind
        name, slash, sub = kind.value.partition("/")
        if slash and name and sub:
            draft.content_type = kind.value
        elif kind.value in ("text", "html", "multipart"):
            draft.content_type = {"text": "text/plain", "html": "text/html"}.get(kind.value, "multipart/mixed")
            self.findings.add(Finding.MIME_MALFORMED)
        else:
            draft.content_type = "text/plain" if kind.value or not kind.parameters else default  # RFC 2045 §5.2
            self.findings.add(Finding.MIME_MALFORMED)
        return kinds

    def _looks_base64(self, start: int, end: int) -> bool:
        return _BASE64_LINES.match(self.raw, start, min(end, start + 200)) is not None

    def _fits_better(self, draft: _Draft, first: bytes, other: bytes) -> bool:
        """Whether the body reads by the second of two transfer encodings; where both fit, readers take the first."""
        before, after = _encoding_word(first), _encoding_word(other)
        if self._looks_base64(draft.body_start, draft.end):
            return before != "base64" and after == "base64"
        return before == "base64" or (after == "quoted-printable" and before != after)

    def _take_encoding(self, draft: _Draft, line: bytes) -> None:
        word = _encoding_word(line)
        known = _ENCODINGS.get(word)
        if known is None:
            self.findings.add(Finding.UNKNOWN_ENCODING)
        draft.encoding = known or word[:40]

    def _open_message(self, draft: _Draft) -> None:
        """The message inside a message/rfc822 is its one child; encoded ones (against RFC 2046 §5.2.1) stay leaves."""
        if draft.encoding in ("base64", "quoted-printable") or draft.body_start >= draft.end:
            return
        if self._may_open(draft):
            inner = _Draft(draft.body_start, draft.end, draft.depth + 1, True)
            self._read_part(inner, "text/plain", is_message=True)
            draft.children.append(inner)

    def _find_files(self, draft: _Draft) -> None:
        """Files that stand uuencoded in a plain text: leaves of their own, since readers show them as attachments."""
        for start, end, name in find_uuencoded(self.raw, draft.body_start, draft.end, MAX_FILES - self.files):
            self.files += 1
            file = _Draft(start, end, draft.depth + 1, draft.attached, body_start=start)
            file.content_type, file.encoding, file.disposition = _FILE, X_UUENCODE, Disposition.ATTACHMENT
            file.names = (clean_name(decode_value(name)[0]),)
            draft.files.append(file)

    def _may_open(self, draft: _Draft) -> bool:
        if draft.depth + 1 > MAX_DEPTH:
            self.findings.add(Finding.MIME_TOO_DEEP)
            return False
        if self.parts >= MAX_PARTS:
            self.findings.add(Finding.TOO_MANY_PARTS)
            return False
        return True

    def _read_part(self, part: _Draft, default: str, *, is_message: bool = False) -> None:
        self.parts += 1
        block = split_header(self.raw, part.start, part.end)
        self.findings |= block.findings
        if not block.fields and block.strays:
            # text without a header, for example right behind the delimiter
            self.findings.add(Finding.MIME_MALFORMED)
            part.body_start = part.start
        else:
            part.body_start = block.body_start
        if block.fields and block.strays and not is_message:
            part.body_start = self._body_at_strays(block, part)
        self._take_header(part, block.fields, default)

    def _body_at_strays(self, block: HeaderBlock, part: _Draft) -> int:
        """Where the body of a part begins whose header holds lines that are no field: many readers begin it there.

        Letters of base64 tell by themselves whether they are the body; a text begins at the wider place.
        """
        start = next((at for at, _ in block.strays if at > block.fields[0].start), block.body_start)
        encoding = next((f.value for f in block.fields if f.name == "content-transfer-encoding"), b"")
        if _encoding_word(encoding) == "base64":
            return start if self._looks_base64(start, part.end) else block.body_start
        return start

    def _open_multipart(self, draft: _Draft) -> None:
        boundary = draft.kind.raw("boundary").rstrip(b" \t")[:MAX_BOUNDARY]
        if not boundary or b"\n" in boundary:
            boundary = _extended_boundary(draft.kind)
        if not boundary:
            self.findings.add(Finding.MIME_MALFORMED)
            return
        if not self._may_open(draft):
            return
        self.boundaries.add(boundary)
        default = "message/rfc822" if draft.content_type == "multipart/digest" else "text/plain"
        for start, end in self._cut(draft, boundary):
            if self.parts >= MAX_PARTS:
                self.findings.add(Finding.TOO_MANY_PARTS)
                break
            part = _Draft(start, end, draft.depth + 1, draft.attached)
            self._read_part(part, default)
            draft.children.append(part)

    def _cut(self, draft: _Draft, boundary: bytes) -> list[tuple[int, int]]:
        """The stretches between the delimiter lines of one multipart (RFC 2046 §5.1.1)."""
        raw, end = self.raw, draft.end
        mark = b"--" + boundary
        stretches: list[tuple[int, int]] = []
        opened = -1  # where the part now open begins
        closed = False
        position = draft.body_start
        find = raw.find
        while True:
            at = find(mark, position, end)
            if at < 0:
                break
            after = at + len(mark)
            if at != draft.body_start and raw[at - 1] != 10:
                position = after
                newline = find(b"\n" + mark, at + 1, end)
                if newline < 0:
                    break
                position = newline + 1
                continue
            newline = find(b"\n", after, end)
            line_end = end if newline < 0 else newline
            tail = raw[after : min(line_end, after + 200)].rstrip(b" \t\r")
            if tail and tail != b"--":
                self._suspect(boundary + tail)
                position = after
                if self.near_misses > MAX_NEAR_MISSES:
                    self.findings.add(Finding.TOO_MANY_PARTS)
                    break
                continue
            if 0 <= opened < at:
                stretches.append((opened, _before_line_end(raw, at, opened)))
            elif opened >= 0:
                self.near_misses += 1  # two delimiters in a row: nothing stands between them
            if tail == b"--":
                opened = -1
                closed = True
            else:
                if closed:
                    self.findings.add(Finding.MIME_AMBIGUOUS)  # a part behind the closing delimiter
                opened = line_end + 1 if newline >= 0 else end
            position = line_end
            if len(stretches) > MAX_PARTS or self.near_misses > MAX_NEAR_MISSES:
                self.findings.add(Finding.TOO_MANY_PARTS)
                break
        if opened >= 0:
            stretches.append((min(opened, end), end))
        if not closed:
            self.findings.add(Finding.MIME_MALFORMED)
        return stretches

    def _suspect(self, line: bytes) -> None:
        self.near_misses += 1
        if len(self.suspects) < 50:
            self.suspects.append(line)


def _before_line_end(raw: bytes, at: int, floor: int) -> int:
    """Where the text before a delimiter line ends: the line end before it belongs to the delimiter."""
    if at - 2 >= floor and raw[at - 2] == 13:
        return at - 2
    return max(at - 1, floor)


def _encoding_word(value: bytes) -> str:
    """The word of a Content-Transfer-Encoding, without the comments it may have (RFC 2045 §6.1)."""
    line = unfold(value).partition(b";")[0]
    word = without_comments(line) if b"(" in line else line
    return word.strip(b" \t\"'").decode("latin-1").lower()


def _extended_boundary(kind: MimeValue) -> bytes:
    """A boundary written as boundary*=charset'lang'value or in sections (RFC 2231)."""
    text, _ = file_name(kind, "boundary")
    return text.encode("utf-8")[:MAX_BOUNDARY]


def _few(lines: list[bytes]) -> list[bytes]:
    """Of a field given often, those that readers may take: the first ones and the last."""
    return lines if len(lines) <= 5 else [*lines[:4], lines[-1]]


def _take_disposition(draft: _Draft, stated: list[MimeValue]) -> None:
    """RFC 2183 §2.8: an unknown disposition is an attachment. Where two differ, some readers show the part."""
    words = [value.value for value in stated if value.value]
    if words:
        draft.disposition = Disposition.INLINE if "inline" in words else Disposition.ATTACHMENT


def _freeze(drafts: list[_Draft]) -> tuple[Part, tuple[Part, ...]]:
    """Parts from the drafts, children first; the root and the leaves in order of the bytes."""
    made: dict[int, Part] = {}
    leaves: list[Part] = []
    for draft in reversed(drafts):
        leaves += [_part(file, ()) for file in reversed(draft.files)]
        part = _part(draft, tuple(made[id(child)] for child in draft.children))
        made[id(draft)] = part
        if not draft.children:
            leaves.append(part)
    leaves.reverse()
    return made[id(drafts[0])], tuple(leaves)


def _part(draft: _Draft, children: tuple[Part, ...]) -> Part:
    return Part(
        content_type=draft.content_type,
        charset=draft.kind.raw("charset").decode("latin-1").strip().lower()[:64].partition(" ")[0]
        if draft.kind.parameters
        else "",
        encoding=draft.encoding,
        disposition=draft.disposition,
        filename=draft.names[0] if draft.names else "",
        other_names=draft.names[1:],
        content_id=draft.content_id,
        parameters=tuple((k, v.decode("latin-1")) for k, v in draft.kind.parameters),
        header_start=draft.start,
        body_start=draft.body_start,
        body_end=draft.end,
        depth=draft.depth,
        children=children,
        in_attached_message=draft.attached,
    )


def parse_message(raw: bytes) -> Message:
    """Read a whole message: header fields, author, subject, MIME tree. Never raises, whatever the bytes."""
    end = len(raw)
    block = split_header(raw, 0, end)
    reader = _Reader(raw)
    body_start = block.body_start
    if not block.fields:
        reader.findings.add(Finding.NO_HEADER)
        if block.strays:
            body_start = 0  # text from the first line on
    authors = tuple([f for f in block.fields if f.name == "from"])
    subjects = next((f for f in block.fields if f.name == "subject"), None)
    subject = ""
    if subjects is not None:
        subject, found = decode_value(unfold(subjects.value))
        reader.findings |= found
    shadows = shadow_values(raw, block, "from") if block.strays else ()
    others = tuple([f.value for f in block.fields if f.name in ("resent-from", "sender")])
    author = read_author(authors, shadows, others)
    root = _Draft(0, end, 0, False, body_start)
    reader.read(root, block)
    part, leaves = _freeze(reader.drafts)
    return Message(
        raw=raw,
        fields=block.fields,
        body_start=body_start,
        author=author,
        subject=subject,
        root=part,
        leaves=leaves,
        findings=block.findings | reader.findings,
    )
