"""Header blocks cut from raw bytes."""

from gateway.model.message import Finding
from gateway.parsing.encoded_words import decode_value
from gateway.parsing.header_fields import shadow_values, split_header, unfold


def _fields(raw: bytes) -> list[tuple[str, bytes]]:
    return [(f.name, f.value) for f in split_header(raw, 0, len(raw)).fields]


def test_fields_with_folding_blanks_and_bare_cr() -> None:
    raw = b"A: 1\r\nB : 2\r\n\t3\r\n 4\r\nC:5\rD: 6\r\nE:\r\n\r\nF: body\r\n"
    block = split_header(raw, 0, len(raw))
    assert [(f.name, f.value) for f in block.fields] == [
        ("a", b" 1"),
        ("b", b" 2\r\n\t3\r\n 4"),
        ("c", b"5\rD: 6"),
        ("e", b""),
    ]
    assert raw[block.body_start :] == b"F: body\r\n"
    assert b"".join(raw[f.start : f.end] for f in block.fields) == raw[: block.body_start - 2]
    assert not block.findings
    assert unfold(block.fields[1].value) == b"2\t3 4"


def test_bare_lf_ends_lines_too() -> None:
    assert _fields(b"A: 1\n b\nC: 2\n\nD: 3\n") == [("a", b" 1\n b"), ("c", b" 2")]
    raw = b"A: 1\r\n\nx\r\n\r\ny"
    assert split_header(raw, 0, len(raw)).body_start == 7


def test_no_empty_line_and_no_header() -> None:
    block = split_header(b"A: 1\r\nB: 2", 0, 10)
    assert ([f.name for f in block.fields], block.body_start) == (["a", "b"], 10)
    assert split_header(b"\r\nA: 1\r\n", 0, 8).body_start == 2
    assert split_header(b"", 0, 0).fields == ()


def test_what_is_no_field_is_told_with_its_place() -> None:
    raw = b" lead\r\nA: 1\r\nno colon\r\nalso none\r\nB\xe9: 2\r\n: 3\r\nC: 4\r\n\r\n"
    block = split_header(raw, 0, len(raw))
    assert [f.name for f in block.fields] == ["a", "c"]
    assert [raw[a:b] for a, b in block.strays] == [b" lead\r\n", b"no colon\r\nalso none\r\nB\xe9: 2\r\n: 3\r\n"]
    assert Finding.MALFORMED_HEADER_LINE in block.findings


def test_shadows_of_a_field() -> None:
    raw = b" From: 1\r\nFrom\r\n : 2\r\nF\0rom: 3\r\nFrom user Mon 10:00\r\nXFrom : 4\r\n\r\n"
    block = split_header(raw, 0, len(raw))
    assert shadow_values(raw, block, "from") == (b" 1", b" 2", b" 3")


def test_limits_are_findings() -> None:
    many = b"A: 1\r\n" * 1500 + b"\r\n"
    block = split_header(many, 0, len(many))
    assert len(block.fields) == 1000
    assert Finding.TOO_MANY_HEADER_FIELDS in block.findings
    long = b"A: " + b"x" * 70_000 + b"\r\nB: 2\r\n\r\n"
    block = split_header(long, 0, len(long))
    assert [f.name for f in block.fields] == ["a", "b"]
    assert block.findings == {Finding.HEADER_FIELD_TOO_LARGE}
    assert len(unfold(block.fields[0].value)) <= 65536
    big = (b"A: " + b"x" * 1000 + b"\r\n") * 300 + b"\r\nbody"
    block = split_header(big, 0, len(big))
    assert Finding.HEADER_BLOCK_TOO_LARGE in block.findings
    assert big[block.body_start :] == b"body"


def test_fields_that_stand_once_only() -> None:
    for name in (b"Subject", b"From", b"Content-Type", b"Message-ID"):
        raw = name + b": 1\r\n" + name.lower() + b" : 2\r\n\r\n"
        assert Finding.DUPLICATE_HEADER in split_header(raw, 0, len(raw)).findings
    raw = b"Received: 1\r\nReceived: 2\r\n\r\n"
    assert not split_header(raw, 0, len(raw)).findings


def test_encoded_words() -> None:
    for value, text in [
        (b"=?utf-8?Q?=C3=A9t=C3=A9?=", "été"),
        (b"=?UTF-8?b?w6k=?= =?utf-8?B?w6k=?=", "éé"),
        (b"a =?utf-8?q?b?= c", "a b c"),
        (b"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        (b"=?utf-8?B?w6k?=", "é"),
        (b"=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "é"),
        (b"=?iso-8859-1*fr?Q?=E9_x?=", "é x"),
        (b"=?windows-1252?Q?l=92ameli?=", "l’ameli"),
        (b"=?utf-8?Q?un espace?=", "un espace"),
        (b"plain", "plain"),
        ("été".encode(), "été"),
        (b"=?utf-8?x?y?=", "=?utf-8?x?y?="),
    ]:
        assert decode_value(value)[0] == text
    assert decode_value("été".encode("latin-1")) == ("été", frozenset({Finding.EIGHT_BIT_HEADER}))
    assert Finding.UNKNOWN_CHARSET in decode_value(b"=?zlib?Q?=E9?=")[1]
    assert Finding.BAD_ENCODED_WORD in decode_value(b"=?utf-8?B?w6k?=")[1]
