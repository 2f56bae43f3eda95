"""All texts of a message, decoded and read: bodies, HTML attachments, calendar entries, attached messages, stray lines.

Bytes decoded are counted over the whole message; nothing here folds or judges.
"""

import re

from gateway.model.message import MESSAGE_TYPES, Disposition, Finding, Message, Part
from gateway.model.texts import TextKind, TextPart, TextPlace, Texts
from gateway.parsing.charsets import is_ascii_based
from gateway.parsing.encoded_words import decode_value
from gateway.parsing.header_fields import split_header, unfold
from gateway.parsing.html_text import read_html
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.squeeze import MAX_PLAIN, MAX_SOURCE, squeeze_html, squeeze_plain
from gateway.parsing.transfer import decode_body, decode_text, text_of

MAX_PART_BYTES = 1024 * 1024
MAX_TEXTS = 200
MAX_INNER = 10  # encoded attached messages opened

_HTML = frozenset({"text/html", "application/xhtml+xml", "text/x-html", "application/html"})
_HTML_NAMES = (".htm", ".html", ".xhtml", ".shtml", ".xht")
# Text that programs write for programs; reports quote the original message, which is read as its own part.
_NO_TEXT = frozenset({"text/css", "text/javascript", "text/x-vcard", "text/vcard", "text/directory", "text/xml"})
_ENRICHED = frozenset({"text/enriched", "text/richtext"})
_PARAM = re.compile(r"<param>[^<]{0,1000}</param>", re.IGNORECASE)
_ENRICHED_TAG = re.compile(r"<<|</?[A-Za-z][A-Za-z0-9-]{0,59}>")
_BLANKS = re.compile(r"\s")
_CALENDAR_LINE = re.compile(
    r"^(SUMMARY|DESCRIPTION|LOCATION|COMMENT|URL)(?:;[^:\n]{0,500})?:(.*)$", re.MULTILINE | re.I
)
# not behind a signature's "-- ", nor into another depth of quoting
_DELETED_SPACE = re.compile(r"(?<!^--) \r?\n(?!>)", re.MULTILINE)
_BODY_CUT = frozenset({Finding.BODY_TOO_LARGE})


class _Budget:
    """Bytes that may still be decoded."""

    def __init__(self, max_bytes: int) -> None:
        self.left = max_bytes
        self.findings: set[Finding] = set()
        self.inner = 0

    def take(self) -> int:
        if self.left <= 0:
            self.findings.add(Finding.DECODED_TOO_LARGE)
        return max(0, min(MAX_PART_BYTES, self.left))


def read_texts(message: Message, max_bytes: int = 4 * 1024 * 1024) -> Texts:
    """The texts of a message; at most `max_bytes` of its bodies are decoded. Never raises."""
    budget = _Budget(max_bytes)
    parts: list[TextPart] = []
    if Finding.MALFORMED_HEADER_LINE in message.findings:
        _take_strays(message, parts)
    groups = _alternatives(message.root) if len(message.leaves) > 1 else {}
    # what is shown when the message is opened comes first: no attachment uses up its share
    for index, leaf in sorted(
        enumerate(message.leaves), key=lambda item: item[1].disposition is Disposition.ATTACHMENT
    ):
        if len(parts) >= MAX_TEXTS:
            budget.findings.add(Finding.TEXT_TRUNCATED)
            break
        _take_leaf(message, index, leaf, groups.get(id(leaf), -1), parts, budget)
    parts.sort(key=lambda part: part.part_index)
    return Texts(
        subject=_all_subjects(message),
        parts=tuple(parts),
        filenames=tuple(
            name for leaf in message.leaves if leaf.filename for name in (leaf.filename, *leaf.other_names)
        ),
        inner_subjects=_inner_subjects(message),
        findings=frozenset(budget.findings),
    )


def _take_leaf(
    message: Message, index: int, leaf: Part, alternative: int, parts: list[TextPart], budget: _Budget
) -> None:
    kind = leaf.content_type
    place = _place(leaf)
    if kind in _HTML or (kind[:5] != "image" and leaf.filename.lower().endswith(_HTML_NAMES)):
        if kind not in _HTML:
            place = TextPlace.ATTACHMENT
        text = _decode(message, leaf, budget, is_html=True)
        reading = read_html(text)
        if reading.too_dangerous:
            budget.findings.add(Finding.HTML_TOO_DANGEROUS)
        if reading.truncated:
            budget.findings.add(Finding.TEXT_TRUNCATED)
        parts.append(
            TextPart(
                part_index=index,
                kind=TextKind.HTML,
                place=place,
                text=reading.visible,
                html=reading,
                alternative=alternative,
            )
        )
    elif kind == "text/calendar" or leaf.filename.lower().endswith((".ics", ".vcs")):
        text = _calendar_text(_decode(message, leaf, budget))
        parts.append(
            TextPart(part_index=index, kind=TextKind.CALENDAR, place=place, text=text, alternative=alternative)
        )
    elif kind in MESSAGE_TYPES:
        _open_encoded(message, index, leaf, parts, budget)
    elif kind == "message/external-body":
        text = "\n".join((*_addresses_of(leaf), _decode(message, leaf, budget)))
        parts.append(TextPart(part_index=index, kind=TextKind.PLAIN, place=place, text=text, alternative=alternative))
    elif _is_shown_as_text(leaf) or _is_no_report(message, kind):
        text = _decode(message, leaf, budget)
        if kind in _ENRICHED:
            text = _plain_of_enriched(text)
        if len(leaf.parameters) > 1 and _is_delsp(leaf):
            text = _DELETED_SPACE.sub("", text)
        parts.append(TextPart(part_index=index, kind=TextKind.PLAIN, place=place, text=text, alternative=alternative))


def _is_shown_as_text(leaf: Part) -> bool:
    """Whether readers show a leaf as text: also what is meant for programs, where nothing makes it a file; and a
    multipart without parts."""
    kind = leaf.content_type
    if kind.startswith("text/"):
        return kind not in _NO_TEXT or (not leaf.filename and leaf.disposition is not Disposition.ATTACHMENT)
    return kind.startswith("multipart/")


def _is_no_report(message: Message, kind: str) -> bool:
    """Whether this is a message/ type of a report outside of any report: some readers show its text. In a report it
    speaks of our own mail, in a machine's words."""
    return kind.startswith("message/") and message.root is not None and message.root.content_type != "multipart/report"


def _addresses_of(leaf: Part) -> list[str]:
    """Where a message/external-body says that its body is (RFC 2046 §5.2.3, RFC 2017): a link, once shown."""
    parameters = dict(leaf.parameters)
    if "url" in parameters:
        return [_BLANKS.sub("", parameters["url"])]
    site, folder, name = (parameters.get(key, "").strip() for key in ("site", "directory", "name"))
    return [f"ftp://{site}/{folder}/{name}"] if site else []


def _plain_of_enriched(text: str) -> str:
    """The text of text/enriched (RFC 1896) and text/richtext (RFC 1341), whose tags may stand in mid-word."""
    text = _PARAM.sub("", text)
    return _ENRICHED_TAG.sub(lambda tag: "<" if tag[0] == "<<" else "", text)


def _is_delsp(leaf: Part) -> bool:
    """Whether lines that end in a blank are shown as one with the next, without it (RFC 3676 §4.1): in mid-word too."""
    parameters = {key: value.strip().lower() for key, value in leaf.parameters}
    return parameters.get("format") == "flowed" and parameters.get("delsp") == "yes"


def _place(leaf: Part) -> TextPlace:
    if leaf.in_attached_message:
        return TextPlace.ATTACHED_MESSAGE
    if leaf.disposition is Disposition.ATTACHMENT:
        return TextPlace.ATTACHMENT
    return TextPlace.BODY


def _decode(message: Message, leaf: Part, budget: _Budget, *, is_html: bool = False) -> str:
    room = budget.take()
    if leaf.body_end - leaf.body_start > room and is_ascii_based(leaf.charset):
        text, findings = _decode_large(message, leaf, room, is_html=is_html)
    else:
        text, findings = decode_text(message, leaf, room)
        if is_html and Finding.DECODED_TOO_LARGE in findings:
            findings |= _BODY_CUT
    budget.left -= len(text)
    if findings:
        budget.findings |= findings if leaf.disposition is not Disposition.ATTACHMENT else findings - _BODY_CUT
    return text.replace("\x00", "") if "\x00" in text else text  # UTF-16 under another name: readers show no NUL


def _decode_large(message: Message, leaf: Part, room: int, *, is_html: bool) -> tuple[str, frozenset[Finding]]:
    """The text of a part that is larger than what may be read of it: without what nobody sees, and then cut."""
    data, findings = decode_body(message.raw, leaf, MAX_SOURCE if is_html else MAX_PLAIN)
    cut = Finding.DECODED_TOO_LARGE in findings
    data, more_cut = (squeeze_html if is_html else squeeze_plain)(data, room)
    if cut or more_cut:
        findings |= {Finding.DECODED_TOO_LARGE, Finding.BODY_TOO_LARGE} if is_html else {Finding.DECODED_TOO_LARGE}
    text, more = text_of(data, leaf)
    return text, findings | more


def _take_strays(message: Message, parts: list[TextPart]) -> None:
    """Lines between the header fields that are no field: some readers begin the body there."""
    edges = [0, *(edge for f in message.fields for edge in (f.start, f.end)), message.body_start]
    gaps = [message.raw[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
    if gaps and gaps[0].startswith(b"From ") and message.raw.startswith(b"From "):
        gaps[0] = gaps[0].partition(b"\n")[2]  # an mbox line, which no reader shows
    text = decode_value(b"\n".join(gaps)[:65536])[0].strip()
    if text and message.fields:
        parts.append(TextPart(part_index=-1, kind=TextKind.PLAIN, place=TextPlace.BODY, text=text))


def _alternatives(root: Part | None) -> dict[int, int]:
    """id of leaf -> number of the innermost multipart/alternative that holds it."""
    found: dict[int, int] = {}
    waiting = [(root, -1)] if root is not None else []
    count = 0
    while waiting:
        part, group = waiting.pop()
        if part is None:
            continue
        if part.content_type == "multipart/alternative":
            group = count
            count += 1
        if not part.children and group >= 0:
            found[id(part)] = group
        waiting += [(child, group) for child in part.children]
    return found


def _open_encoded(message: Message, index: int, leaf: Part, parts: list[TextPart], budget: _Budget) -> None:
    """An attached message in base64 or quoted-printable: decoded and read once, not deeper."""
    budget.inner += 1
    if budget.inner > MAX_INNER:
        budget.findings.add(Finding.TOO_MANY_PARTS)
        return
    data, findings = decode_body(message.raw, leaf, budget.take())
    budget.findings |= findings
    budget.left -= len(data)
    inner = parse_message(data)
    budget.findings |= inner.findings
    if inner.subject:
        parts.append(
            TextPart(part_index=index, kind=TextKind.PLAIN, place=TextPlace.ATTACHED_MESSAGE, text=inner.subject)
        )
    for child in inner.leaves[:20]:
        if child.content_type not in MESSAGE_TYPES:
            before = len(parts)
            _take_leaf(inner, index, child, -1, parts, budget)
            for at in range(before, len(parts)):
                old = parts[at]
                parts[at] = TextPart(
                    part_index=index,
                    kind=old.kind,
                    place=TextPlace.ATTACHED_MESSAGE,
                    text=old.text,
                    html=old.html,
                )


def _all_subjects(message: Message) -> str:
    """The subject; where several Subject fields stand, all of them, since readers differ in which they show."""
    if Finding.DUPLICATE_HEADER not in message.findings:
        return message.subject
    values = [decode_value(unfold(f.value))[0] for f in message.all("subject")[:5]]
    return "\n".join(dict.fromkeys(value for value in values if value))


def _inner_subjects(message: Message) -> tuple[str, ...]:
    """Subjects of the messages attached as such."""
    found: list[str] = []
    waiting = [message.root] if message.root is not None and message.root.children else []
    while waiting and len(found) < 20:
        part = waiting.pop()
        if part.content_type in MESSAGE_TYPES and part.children:
            block = split_header(message.raw, part.body_start, part.body_end)
            found += [decode_value(unfold(f.value))[0] for f in block.fields if f.name == "subject"][:1]
        waiting += reversed(part.children)
    return tuple(text for text in found if text)


def _calendar_text(text: str) -> str:
    """What a calendar shows of its entries (RFC 5545 §3.8.1), a line each."""
    text = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")
    lines = [match.group(2) for match in _CALENDAR_LINE.finditer(text)][:200]
    return "\n".join(
        line.replace("\\n", "\n").replace("\\N", "\n").replace("\\,", ",").replace("\\;", ";").strip() for line in lines
    )
