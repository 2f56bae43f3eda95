"""EHLO keywords, parameters and XFORWARD: what a given hop is told."""

from ipaddress import ip_address

import pytest

from gateway.delivery.features import NO_FEATURES, Features, read_features
from gateway.delivery.hop import common_offer
from gateway.delivery.parameters import (
    NEEDS_8BITMIME,
    mail_parameters,
    rcpt_parameters,
    refusal_of_body,
    refusal_of_ours,
)
from gateway.delivery.replies import HopReply
from gateway.delivery.xforward import xforward_commands, xtext
from gateway.model import reply as replies
from gateway.model.envelope import Client
from gateway.model.ports import NextHopOffer

ALL = Features(pipelining=True, eightbitmime=True, smtputf8=True, dsn=True, size=1000, auth=True)


def _ehlo(*keywords: bytes) -> Features:
    return read_features(HopReply(250, (b"hop.example greets you", *keywords)))


def test_keywords() -> None:
    assert _ehlo(b"PIPELINING", b"8bitmime", b"SMTPUTF8", b"DSN", b"SIZE 1000", b"STARTTLS", b"AUTH PLAIN") == Features(
        pipelining=True, eightbitmime=True, smtputf8=True, dsn=True, size=1000, starttls=True, auth=True
    )


@pytest.mark.parametrize(
    ("line", "size"),
    [(b"SIZE", 0), (b"SIZE 0", 0), (b"SIZE x", 0), (b"SIZE -1", 0), (b"SIZE 7 8", 7), (b"SIZE " + b"9" * 30, 0)],
)
def test_size(line: bytes, size: int) -> None:
    assert _ehlo(line).size == size


def test_odd_keywords_are_skipped() -> None:
    assert _ehlo(b"", b"   ", b"XPIPELINING", b"DSNX", b"\xff\xfe", b"=") == NO_FEATURES


def test_the_first_line_is_no_keyword() -> None:
    assert read_features(HopReply(250, (b"PIPELINING",))) == NO_FEATURES


def test_xforward_attributes() -> None:
    assert _ehlo(b"XFORWARD NAME addr").xforward == {"NAME", "ADDR"}


GIVEN = (b"SIZE=77", b"BODY=8BITMIME", b"smtputf8", b"RET=hdrs", b"ENVID=Ab+2Bc", b"AUTH=<>")

MAIL_CASES = [
    ("everything, byte for byte", ALL, None, GIVEN),
    ("size of what we send, in its place", ALL, 99, (b"SIZE=99", *GIVEN[1:])),
    ("no SIZE", Features(eightbitmime=True, smtputf8=True, dsn=True, auth=True), 99, GIVEN[1:]),
    ("no DSN: none leaks", Features(eightbitmime=True, smtputf8=True, size=0), None, GIVEN[:3]),
    ("no 8BITMIME", Features(smtputf8=True), None, (b"smtputf8",)),
]


@pytest.mark.parametrize(("why", "features", "size", "expected"), MAIL_CASES, ids=[c[0] for c in MAIL_CASES])
def test_mail_parameters(why: str, features: Features, size: int | None, expected: tuple[bytes, ...]) -> None:
    assert mail_parameters(GIVEN, features, size) == expected, why


def test_size_is_told_where_the_client_told_none() -> None:
    assert mail_parameters((), ALL, 5) == (b"SIZE=5",)
    assert mail_parameters((), NO_FEATURES, 5) == ()


def test_rcpt_parameters() -> None:
    given = (b"NOTIFY=SUCCESS,delay", b"orcpt=rfc822;A+2Bb@x.example", b"X-Other=1")
    assert rcpt_parameters(given, ALL) == given
    assert rcpt_parameters(given, NO_FEATURES) == (b"X-Other=1",)


def test_smtputf8_is_refused_for_a_hop_that_lacks_it() -> None:
    assert refusal_of_ours((b"SmtpUtf8",), NO_FEATURES) == replies.NEEDS_SMTPUTF8
    assert refusal_of_ours((b"SMTPUTF8",), ALL) is None
    assert refusal_of_ours((b"BODY=8BITMIME",), NO_FEATURES) is None


BODY_CASES = [
    ("hop has it", (b"BODY=8BITMIME",), ALL, b"\xc3\xa9", None),
    ("announced but 7-bit after all", (b"BODY=8BITMIME",), NO_FEATURES, b"e", None),
    ("8-bit and announced", (b"body=8bitmime",), NO_FEATURES, b"\xc3\xa9", NEEDS_8BITMIME),
    ("8-bit late in a large body", (b"BODY=8BITMIME",), NO_FEATURES, b"e" * 200_000 + b"\xe9", NEEDS_8BITMIME),
    ("8-bit, not announced", (), NO_FEATURES, b"\xc3\xa9", None),
    ("8-bit, said to be 7-bit", (b"BODY=7BIT",), NO_FEATURES, b"\xc3\xa9", None),
]


@pytest.mark.parametrize(("why", "given", "features", "body", "expected"), BODY_CASES, ids=[c[0] for c in BODY_CASES])
def test_8bitmime(
    why: str, given: tuple[bytes, ...], features: Features, body: bytes, expected: replies.Reply | None
) -> None:
    assert refusal_of_body(given, features, b"Subject: x\r\n\r\n", memoryview(body)) == expected, why


def test_8bit_header() -> None:
    head = "Subject: é\r\n\r\n".encode()
    assert refusal_of_body((b"BODY=8BITMIME",), NO_FEATURES, head, memoryview(b"")) == NEEDS_8BITMIME


def test_xforward_tells_all_that_is_offered() -> None:
    client = Client(address=ip_address("2001:db8::1"), port=4711, name="mx.client.example", helo="a b\r\n+=", tls="")
    lines = [c.line for c in xforward_commands(client, frozenset({"NAME", "ADDR", "PORT", "PROTO", "HELO", "SOURCE"}))]
    assert lines == [
        b"XFORWARD NAME=mx.client.example ADDR=IPV6:2001:db8::1 PORT=4711",
        b"XFORWARD PROTO=ESMTP HELO=a+20b+0D+0A+2B+3D SOURCE=REMOTE",
    ]


def test_xforward_tells_no_more_than_is_offered() -> None:
    client = Client(address=None, extended=False)
    lines = [c.line for c in xforward_commands(client, frozenset({"ADDR", "PROTO"}))]
    assert lines == [b"XFORWARD ADDR=[UNAVAILABLE]", b"XFORWARD PROTO=SMTP"]
    assert xforward_commands(client, frozenset()) == []


def test_xtext_escapes_what_is_not_plain() -> None:
    everything = "".join(map(chr, range(128)))
    assert xtext(everything[0x21:0x7F]) == everything[0x21:0x7F].replace("+", "+2B").replace("=", "+3D")
    assert xtext("a b\r\n\x7f") == "a+20b+0D+0A+7F"


def test_xtext_is_short_and_whole() -> None:
    assert len(xtext("x" * 1000)) == 255
    long = xtext("é" * 1000)
    assert len(long) <= 255
    assert len(long) % 3 == 0


def test_common_offer() -> None:
    limited = Features(smtputf8=True, dsn=True, eightbitmime=True, size=500)
    assert common_offer([ALL, limited]) == NextHopOffer(smtputf8=True, dsn=True, eightbitmime=True, size=500)
    assert common_offer([ALL, NO_FEATURES]) == NextHopOffer(smtputf8=False, dsn=False, eightbitmime=False, size=1000)
    assert common_offer([None]) == NextHopOffer()
