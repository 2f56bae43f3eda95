"""The strict reply parser, and what is passed on to clients."""

import pytest

from gateway.delivery.replies import (
    MAX_LINE_BYTES,
    MAX_LINES,
    BrokenReply,
    Fault,
    HopReply,
    ReplyParser,
    pass_on,
)

WELL_FORMED = [
    ("plain", b"250 Ok\r\n", [HopReply(250, (b"Ok",))]),
    ("no text", b"250\r\n", [HopReply(250, (b"",))]),
    ("only a blank", b"250 \r\n", [HopReply(250, (b"",))]),
    ("several lines", b"250-a\r\n250-b\r\n250 c\r\n", [HopReply(250, (b"a", b"b", b"c"))]),
    ("several lines, last without text", b"250-a\r\n250\r\n", [HopReply(250, (b"a", b""))]),
    ("two replies", b"250 a\r\n354 b\r\n", [HopReply(250, (b"a",)), HopReply(354, (b"b",))]),
    ("refusal outside the grammar", b"571 no\r\n", [HopReply(571, (b"no",))]),
    ("8-bit text", b"550 bo\xc3\xaete\r\n", [HopReply(550, (b"bo\xc3\xaete",))]),
    ("dash in the text", b"250 -a\r\n", [HopReply(250, (b"-a",))]),
]

BROKEN = [
    ("no digits", b"hello\r\n", Fault.GARBAGE),
    ("empty line", b"\r\n", Fault.GARBAGE),
    ("two digits", b"25 ok\r\n", Fault.GARBAGE),
    ("four digits", b"2500 ok\r\n", Fault.GARBAGE),
    ("1xx", b"150 ok\r\n", Fault.GARBAGE),
    ("6xx", b"650 ok\r\n", Fault.GARBAGE),
    ("0xx", b"050 ok\r\n", Fault.GARBAGE),
    ("2yz outside the grammar", b"299 ok\r\n", Fault.GARBAGE),
    ("blank before the code", b" 250 ok\r\n", Fault.GARBAGE),
    ("tab for a separator", b"250\tok\r\n", Fault.GARBAGE),
    ("letter for a separator", b"250ok\r\n", Fault.GARBAGE),
    ("full-width digits", "２50 ok\r\n".encode(), Fault.GARBAGE),
    ("bare LF", b"250 ok\n", Fault.GARBAGE),
    ("bare CR inside", b"250 ok\r250 ok\r\n", Fault.GARBAGE),
    ("NUL for a code", b"\0\0\0 ok\r\n", Fault.GARBAGE),
    ("codes disagree", b"250-a\r\n550 b\r\n", Fault.DISAGREEING),
    ("codes disagree, same class", b"250-a\r\n251 b\r\n", Fault.DISAGREEING),
    ("text between the lines", b"250-a\r\nboo\r\n250 b\r\n", Fault.GARBAGE),
    ("long line", b"250 " + b"x" * MAX_LINE_BYTES + b"\r\n", Fault.TOO_LONG),
    ("line without end", b"250 " + b"x" * MAX_LINE_BYTES, Fault.TOO_LONG),
    ("many lines", b"250-x\r\n" * (MAX_LINES + 1), Fault.TOO_LONG),
    ("large in all", b"250-" + (b"x" * 2000 + b"\r\n250-") * 60, Fault.TOO_LONG),
]


@pytest.mark.parametrize(("why", "data", "expected"), WELL_FORMED, ids=[c[0] for c in WELL_FORMED])
def test_well_formed(why: str, data: bytes, expected: list[HopReply]) -> None:
    parser = ReplyParser()
    assert parser.feed(data) == expected, why
    assert not parser.pending


@pytest.mark.parametrize(("why", "data", "expected"), WELL_FORMED, ids=[c[0] for c in WELL_FORMED])
def test_well_formed_byte_by_byte(why: str, data: bytes, expected: list[HopReply]) -> None:
    parser = ReplyParser()
    got = [reply for at in range(len(data)) for reply in parser.feed(data[at : at + 1])]
    assert got == expected, why


@pytest.mark.parametrize(("why", "data", "fault"), BROKEN, ids=[c[0] for c in BROKEN])
def test_broken(why: str, data: bytes, fault: Fault) -> None:
    with pytest.raises(BrokenReply) as caught:
        ReplyParser().feed(data)
    assert caught.value.fault is fault, why


def test_limits_are_not_met_by_what_is_just_allowed() -> None:
    line = b"250 " + b"x" * (MAX_LINE_BYTES - 6) + b"\r\n"
    assert len(ReplyParser().feed(line)) == 1
    lines = b"250-x\r\n" * (MAX_LINES - 1) + b"250 x\r\n"
    assert len(ReplyParser().feed(lines)[0].lines) == MAX_LINES


def test_pending_tells_a_begun_reply() -> None:
    parser = ReplyParser()
    parser.feed(b"250-a\r\n")
    assert parser.pending
    parser.feed(b"250 b\r\n2")
    assert parser.pending


PASSED_ON = [
    ("as it is", 550, [b"5.1.1 No such user"], "", "550 5.1.1 No such user"),
    ("several lines become one", 550, [b"5.7.1 Refused", b"5.7.1 see https://x.example/"], "",
     "550 5.7.1 Refused see https://x.example/"),
    ("no enhanced code", 550, [b"no"], "1.0", "550 5.1.0 no"),
    ("no enhanced code, none fits", 554, [b"no"], "", "554 5.0.0 no"),
    ("no enhanced code, known basic code", 452, [b"full"], "1.0", "452 4.3.1 full"),
    ("enhanced code of another class", 450, [b"5.1.1 later"], "", "450 4.2.0 later"),
    ("enhanced code of another class at 2xx", 250, [b"5.0.0 ok"], "", "250 2.0.0 ok"),
    ("leading zeros", 550, [b"5.01.001 no"], "", "550 5.1.1 no"),
    ("enhanced code alone", 250, [b"2.1.5"], "", "250 2.1.5 Ok"),
    ("no text at all", 550, [b""], "1.0", "550 5.1.0 Refused by the next system"),
    ("not quite an enhanced code", 550, [b"5.1 no"], "1.0", "550 5.1.0 5.1 no"),
    ("version number", 554, [b"5.7.1.4 is the version"], "", "554 5.0.0 5.7.1.4 is the version"),
    ("8-bit", 550, ["5.1.1 boîte pleine".encode()], "", "550 5.1.1 bo?te pleine"),
    ("control characters", 550, [b"5.1.1 a\tb\x1b[31mc\0d\x7f"], "", "550 5.1.1 a b?[31mc?d?"),
    ("421 is the hop's affair", 421, [b"4.3.2 closing"], "", "451 4.3.2 closing"),
    ("outside the grammar", 571, [b"5.7.1 no"], "", "550 5.7.1 no"),
    ("outside the grammar, temporary", 471, [b"later"], "", "450 4.0.0 later"),
    ("251", 251, [b"2.1.5 will forward"], "", "251 2.1.5 will forward"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "code", "lines", "default", "expected"), PASSED_ON, ids=[c[0] for c in PASSED_ON])
def test_pass_on(why: str, code: int, lines: list[bytes], default: str, expected: str) -> None:
    assert str(pass_on(HopReply(code, tuple(lines)), default)) == expected, why


def test_pass_on_is_short() -> None:
    reply = pass_on(HopReply(550, (b"5.7.1 " + b"x" * 1900,) * 30))
    assert len(reply.encode()) < 500
    assert str(reply).startswith("550 5.7.1 xxx")
