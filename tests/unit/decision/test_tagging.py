"""The outgoing head: what we add and take away, and that every other byte stays."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decision.tagging import encode_words, is_our_mark, rewrite_head, write_marks
from gateway.model.message import HeaderField
from gateway.model.verdict import Action
from gateway.parsing.mime_tree import parse_message

ADDED = b"X-New: 1\r\n"


def nothing(_field: HeaderField) -> bool:
    return False


def rewritten(raw: bytes, tag: str | None = None, remove: Callable[[HeaderField], bool] = nothing) -> bytes:
    message = parse_message(raw)
    return rewrite_head(message, added=ADDED, subject_tag=tag, remove=remove) + raw[message.body_start :]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Subject: a\r\n\r\nbody", ADDED + b"Subject: [S] a\r\n\r\nbody"),
        (b"subject:a\r\n\r\nbody", ADDED + b"Subject: [S] a\r\n\r\nbody"),
        (b"Subject:\r\n folded\r\n\r\n", ADDED + b"Subject: [S] \r\n folded\r\n\r\n"),
        (b"Subject: a\r\nSubject: b\r\n\r\n", ADDED + b"Subject: [S] a\r\nSubject: [S] b\r\n\r\n"),
        (b"From: a@b.example\r\n\r\nx", ADDED + b"Subject: [S]\r\nFrom: a@b.example\r\n\r\nx"),
    ],
)
def test_the_subject_is_prefixed(raw: bytes, expected: bytes) -> None:
    assert rewritten(raw, "[S] ") == expected


def test_our_marks_are_taken_off_in_every_spelling() -> None:
    raw = b"x-VITALGATE-Foo: 1\r\n 2\r\nX-Vitalgate : action=relay\r\nTo: a@b.example\r\n\r\nX-Vitalgate: body\r\n"
    assert rewritten(raw, remove=is_our_mark) == ADDED + b"To: a@b.example\r\n\r\nX-Vitalgate: body\r\n"


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\r\nbody\r\n", b"To: a@b.example\r\n"])
def test_what_has_no_header_or_no_body_stays_as_it_is(raw: bytes) -> None:
    assert rewritten(raw) == ADDED + raw


def test_our_fields_do_not_run_into_a_body_without_header() -> None:
    raw = b"no header here\r\njust text\r\n"
    assert rewritten(raw) == ADDED + b"\r\n" + raw


@given(st.binary(max_size=300))
def test_everything_else_is_kept_byte_for_byte(noise: bytes) -> None:
    raw = b"To: a@b.example\r\n" + noise
    assert rewritten(raw) == ADDED + raw


def test_marks_fit_on_lines() -> None:
    rules = tuple(f"rule-number-{n}" for n in range(80))
    marks = write_marks(
        action=Action.TAG, score=4.5, rules=rules, message_id="x" * 18, unchecked=(), reasons=("Une raison : l'été.",)
    )
    assert marks.endswith(b"\r\n")
    assert all(len(line) <= 78 for line in marks.split(b"\r\n"))
    assert b"action=tag; score=4.5;" in marks


@given(st.text(max_size=300))
def test_encoded_words_are_safe_in_a_header(text: str) -> None:
    encoded = encode_words(text)
    assert all(len(line) <= 76 or line.isascii() for line in encoded.split(b"\r\n"))
    assert b"\n" not in encoded.replace(b"\r\n ", b"")
    assert encoded.isascii()
