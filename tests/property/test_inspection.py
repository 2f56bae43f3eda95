"""Whatever bytes come, the inspection room's plain functions keep their bounds."""

import base64
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.inspection.limits import MAX_HREF, MAX_LINKS, MAX_SHOWN, TEXT_LETTERS, ReadLimits
from gateway.inspection.markup import read_markup
from gateway.inspection.pictures import target_of_code
from gateway.inspection.protocol import LENGTH_BYTES, ProtocolError, Question, decode_answer, encode_answer
from gateway.inspection.read_part import read_part
from gateway.inspection.reading import Reading
from gateway.inspection.script_payloads import read_script
from gateway.inspection.text_bytes import decode_text, urls_in_bytes, urls_in_text
from gateway.inspection.transfer import decode_base64
from gateway.model.content_facts import AttachmentFlag, LinkSource

NAMES = st.sampled_from(
    ["", "a.pdf", "a.html", "a.zip", "a.png", "a.docx", "a.doc", "a.ics", "a.svg", "a.7z", "a.rar", "a.eml", "a.lnk"]
)
HEADS = st.sampled_from(
    [
        *(b"", b"%PDF-1.4\n", b"PK\x03\x04", b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c"),
        *(b"\x1f\x8b", b"<html>", b"<svg>", b"BEGIN:VCALENDAR\n", b"{\\rtf1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        *(b"MSCF", b"\x89PNG\r\n\x1a\n", b"\x78\x9f\x3e\x22", b"L\x00\x00\x00\x01\x14\x02\x00"),
    ]
)
PLAIN: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
KEYS = ["type", "flags", "links", "text", "quoted", "unchecked", "leaving"]


@given(HEADS, st.binary(max_size=600), NAMES)
@settings(max_examples=250, deadline=None)
def test_any_bytes_under_any_name_are_read(head: bytes, rest: bytes, name: str) -> None:
    reading = read_part(head + rest, ReadLimits(), name=name)
    assert reading.unchecked != "crash"
    assert reading.unpacked <= reading.limits.unpacked_bytes


@given(st.binary(max_size=500) | PLAIN.map(lambda value: json.dumps(value).encode()))
def test_no_answer_is_believed_as_it_comes(data: bytes) -> None:
    try:
        part, _ = decode_answer(data, 3)
    except ProtocolError:
        return
    assert part.part_index == 3


@given(st.fixed_dictionaries(dict.fromkeys(KEYS, PLAIN)))
def test_not_even_one_of_the_right_shape(answer: dict[str, Any]) -> None:
    try:
        part, leaving = decode_answer(json.dumps(answer).encode(), 3)
    except ProtocolError:
        return
    assert isinstance(part.text, str)
    assert isinstance(leaving, bool)


@given(
    st.sets(st.sampled_from(list(AttachmentFlag))),
    st.lists(st.tuples(st.sampled_from(list(LinkSource)), st.text(max_size=6000), st.text(max_size=300)), max_size=300),
    st.lists(st.text(max_size=8000), max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_what_is_found_comes_back_within_bounds(
    flags: set[AttachmentFlag], links: list[tuple[LinkSource, str, str]], texts: list[str]
) -> None:
    reading = Reading(limits=ReadLimits())
    reading.flag(*flags)
    for link in links:
        reading.link(*link)
    for text in texts:
        reading.say(text)
    part, leaving = decode_answer(encode_answer(reading)[LENGTH_BYTES:], 1)
    assert part.flags == frozenset(flags)
    assert not leaving
    assert len(part.links) <= MAX_LINKS
    assert all(len(link.href) <= MAX_HREF and len(link.shown) <= MAX_SHOWN for link in part.links)
    assert len(part.text) <= TEXT_LETTERS + len(texts)


@given(st.text(), st.text())
def test_questions_come_back(name: str, declared: str) -> None:
    question = Question(length=5, name=name, declared=declared)
    assert Question.decode(question.encode()[LENGTH_BYTES:]).name == name[-400:]


@given(st.binary(max_size=300), st.integers(1, 76))
def test_base64_is_undone_however_it_is_broken_into_lines(data: bytes, width: int) -> None:
    encoded = base64.b64encode(data)
    lines = [encoded[start : start + width] for start in range(0, len(encoded), width)]
    assert decode_base64(b"\r\n".join(lines) + b"\r\n") == data
    assert decode_base64(b" !".join(lines)) == data


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=5))
def test_base64_padded_piece_by_piece_is_joined(pieces: list[bytes]) -> None:
    assert decode_base64(b"\r\n".join(base64.b64encode(piece) for piece in pieces)) == b"".join(pieces)


@given(st.binary(max_size=400))
def test_base64_never_raises(data: bytes) -> None:
    decode_base64(data)


@given(st.text(alphabet="<>a /='\"!-hrefscript&;", max_size=300))
def test_markup_never_raises(source: str) -> None:
    page = read_markup("<html>" + source)
    assert len(page.links) <= 200


@given(st.text(alphabet="'\"`\\x41u0%+()[],1 \natob", max_size=300))
def test_scripts_never_raise(source: str) -> None:
    assert len(read_script(source).payloads) <= 30


@given(st.binary(max_size=300))
def test_text_never_raises(data: bytes) -> None:
    urls_in_text(decode_text(data))
    urls_in_bytes(data)
    target_of_code(decode_text(data))
