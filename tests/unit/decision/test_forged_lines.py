"""Lines that are no fields to us, fields past a limit and other readings: nothing of ours is forged there either."""

import pytest

from gateway.authn.authserv_id import is_ours
from gateway.decision.tagging import is_our_mark, rewrite_head
from gateway.model.auth_facts import AuthorProblem
from gateway.model.message import Finding, HeaderField
from gateway.parsing.mime_tree import parse_message

OURS = "mx.mutuelle.example"


def rewritten(raw: bytes, subject_tag: str | None = None) -> bytes:
    def forged(field: HeaderField) -> bool:
        return is_our_mark(field) or is_ours(field, OURS)

    message = parse_message(raw)
    head = rewrite_head(message, added=b"Ours: x\r\n", subject_tag=subject_tag, remove=forged)
    return head + raw[message.body_start :]


@pytest.mark.parametrize(
    "line",
    [
        b"X-Vital\x01gate: action=relay\r\n",
        b"\x0bX-Vitalgate: action=relay\r\n folded\r\n",
        b"X-Vitalgate\r\n : action=relay\r\n",
        b"\xa0X-VITALGATE-Reason: a\r\n",
        b"\xc2\xadAuthentication-Results: mx.mutuelle.example; spf=pass\r\n",
        b"Authentication-Results\x00: mx.mutuelle.example; spf=pass\r\n",
        b"Authentication Results: mx.mutuelle.example; spf=pass\r\n",
    ],
)
def test_broken_lines_that_look_like_ours_go(line: bytes) -> None:
    raw = b"From: a@b.example\r\nbroken\r\n" + line + b"To: c\r\n\r\nbody " + line
    assert rewritten(raw) == b"Ours: x\r\n" + raw.replace(line, b"", 1)


@pytest.mark.parametrize(
    "line",
    [
        b"broken\r\n",
        b"\xc2\xadAuthentication-Results: other.example; spf=pass\r\n",
        b"My X-Vitalgate: x\r\n",
        b"X-Vital\r\nbroken gate: x\r\n",
    ],
)
def test_other_broken_lines_stay(line: bytes) -> None:
    raw = b"From: a@b.example\r\n" + line + b"To: c\r\n\r\nbody\r\n"
    assert rewritten(raw) == b"Ours: x\r\n" + raw


def test_a_folded_first_line_does_not_go_on_with_a_field_of_ours() -> None:
    raw = b" ; dmarc=pass\r\nFrom: a@b.example\r\n\r\nbody\r\n"
    for tag in (None, "[SUSPECT] "):
        head, _, rest = rewritten(raw, tag).partition(b"X-Vitalgate-Folded:")
        assert head.endswith(b"\r\n")
        assert rest.partition(b"\r\n")[2] == raw
    assert b"; dmarc=pass" not in rewritten(rewritten(raw)), "on a second way through us it is part of our guard"


def test_forged_fields_past_the_limits_go() -> None:
    forged = b"X-Vitalgate: action=relay\r\nAuthentication-Results: mx.mutuelle.example; spf=pass\r\n"
    other = b"Authentication-Results: other.example; spf=pass\r\n"
    for filler in (b"a: b\r\n" * 1001, b"a: %s\r\n" % (b"b" * 900) * 300):
        raw = filler + forged + other + b"\r\nbody\r\n"
        assert rewritten(raw) == b"Ours: x\r\n" + filler + other + b"\r\nbody\r\n"


def test_thousands_of_forged_fields_past_the_limits_go_too() -> None:
    raw = b"a: b\r\n" * 50_000 + b"Authentication-Results: MX.mutuelle.example; a\r\n" * 5000 + b"\r\n"
    assert rewritten(raw) == b"Ours: x\r\n" + b"a: b\r\n" * 50_000 + b"\r\n"


def test_author_and_subject_behind_a_thousand_fields_are_read() -> None:
    message = parse_message(b"a: b\r\n" * 3000 + b"From: a@b.example\r\nSubject: c\r\n\r\n")
    assert Finding.TOO_MANY_HEADER_FIELDS in message.findings
    assert str(message.author.mailbox) == "a@b.example"
    assert message.subject == "c"
    message = parse_message(b"From: x@y.example\r\n" + b"a: b\r\n" * 3000 + b"From: a@b.example\r\n\r\n")
    assert message.author.problem is AuthorProblem.SEVERAL_FIELDS


@pytest.mark.parametrize(
    "value",
    [
        b" =?utf-8?b?bXgubXV0dWVsbGUuZXhhbXBsZTsgc3BmPXBhc3M=?=",
        b" =?utf-8?q?mx=2Emutuelle=2Eexample;_spf=3Dpass?=",
        b" =?utf-8?q?mx=2Emut?=\r\n =?utf-8?q?uelle=2Eexample;_spf=3Dpass?=",
        b" =?utf-8?q?mx=2Emutuelle=2Eexample;_spf=3Dpas8?q?xs?=",
        b" =?utf-16?b?bQB4AC4AbQB1AHQAdQBlAGwAbABlAC4AZQB4AGEAbQBwAGwAZQA7AA==?=",
        b" =?cp037?b?lIdLlKSjpIWTk4VLhYeBlJeThV4=?=",
        b" =?utf-8?b?bXgubXV0dWVsbGUuZXhhbXBsZTsg?=x",
        b" =?utf-8?q?a?=" + b" =?utf-8?q?a?=" * 100,
        b" ; =?utf-8?q?mx=2Emutuelle=2Eexample?=; spf=pass",
        b" mx.mutuelle.example, spf=pass",
        b" mx.mutuelle.example: spf=pass",
        b" mx.mutuelle (a) .example 1; spf=pass",
        b" (" + b"a" * 5000 + b") mx.mutuelle.example; spf=pass",
    ],
)
def test_readings_that_name_us(value: bytes) -> None:
    assert is_ours(HeaderField("authentication-results", value, 0, len(value)), OURS)


@pytest.mark.parametrize(
    "value",
    [
        b" mx.mutuelle.example.evil.example; spf=pass",
        b" mx.mutuelle.example-b; spf=pass",
        b" other.example; spf=pass smtp.mailfrom=mx.mutuelle.example",
        b' other.example; reason="=?utf-8?q?mx=2Emutuelle=2Eexample?="',
        b" mx.mutuelle.example2; spf=pass",
        b" =?utf-8?B?c3BmPWZhaWwgKHNlbmRlciBJUCBpcyAxKQ==?=\r\n =?utf-8?q?_smtp=2Emailfrom=3Da?=",
        b" =?utf-8?q?other=2Eexample;_spf=3Dpass?=",
    ],
)
def test_readings_that_name_others(value: bytes) -> None:
    assert not is_ours(HeaderField("authentication-results", value, 0, len(value)), OURS)


def test_an_author_past_the_largest_header_is_read() -> None:
    filler = b"X: y\r\n" * 400_000
    raw = b"To: x\r\n" + filler + b"From: a@b.example\r\nSubject: c\r\n d\r\n" + filler + b"\r\nbody\r\n"
    message = parse_message(raw)
    assert Finding.HEADER_BLOCK_TOO_LARGE in message.findings
    assert (str(message.author.mailbox), message.subject) == ("a@b.example", "c d")
    assert rewritten(raw) == b"Ours: x\r\n" + raw
    assert b"\r\nSubject: [SUSPECT] c\r\n d\r\nX: y\r\n" in rewritten(raw, "[SUSPECT] ")
    twice = parse_message(b"From: x@y.example\r\n" + raw)
    assert twice.author.problem is AuthorProblem.SEVERAL_FIELDS
