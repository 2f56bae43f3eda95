"""The outgoing data stream."""

import pytest

from gateway.delivery.dot_stuffing import stuffed, wire_size

CASES = [
    ("empty", b"", b".\r\n"),
    ("last CRLF added", b"a", b"a\r\n.\r\n"),
    ("last CRLF kept", b"a\r\n", b"a\r\n.\r\n"),
    ("dot at the start", b".", b"..\r\n.\r\n"),
    ("dot lines", b".\r\n.\r\n", b"..\r\n..\r\n.\r\n"),
    ("dots after every CRLF", b"a\r\n.b\r\n..c\r\n", b"a\r\n..b\r\n...c\r\n.\r\n"),
    ("dots elsewhere", b"a.b\r\nc.\r\n", b"a.b\r\nc.\r\n.\r\n"),
    ("end of data inside", b"a\r\n.\r\nQUIT\r\n", b"a\r\n..\r\nQUIT\r\n.\r\n"),
    ("bare LF is no line end", b"a\n.\n", b"a\n.\n\r\n.\r\n"),
    ("ends with CR", b"a\r", b"a\r\r\n.\r\n"),
    ("only a LF", b"\n", b"\n\r\n.\r\n"),
    ("only CRLF", b"\r\n", b"\r\n.\r\n"),
]


@pytest.mark.parametrize(("why", "data", "expected"), CASES, ids=[c[0] for c in CASES])
@pytest.mark.parametrize("chunk_bytes", [1, 2, 3, 5, 100])
def test_stream(why: str, data: bytes, expected: bytes, chunk_bytes: int) -> None:
    for cut in range(len(data) + 1):
        assert b"".join(stuffed(data[:cut], memoryview(data)[cut:], chunk_bytes)) == expected, (why, cut)


@pytest.mark.parametrize(("why", "data", "expected"), CASES, ids=[c[0] for c in CASES])
def test_size_is_what_the_hop_will_count(why: str, data: bytes, expected: bytes) -> None:
    undone = expected[:-3].replace(b"\r\n.", b"\r\n")
    counted = len(undone) - undone.startswith(b".")
    for cut in range(len(data) + 1):
        assert wire_size(data[:cut], memoryview(data)[cut:]) == counted, (why, cut)


def test_small_message_is_one_piece() -> None:
    assert list(stuffed(b"a: b\r\n\r\n", memoryview(b"c\r\n"))) == [b"a: b\r\n\r\nc\r\n.\r\n"]


def test_pieces_are_bounded() -> None:
    body = memoryview(b"." * 1_000_000)
    pieces = list(stuffed(b"x" * 1_000_000, body, 65536))
    assert max(map(len, pieces)) <= 65536 + 5
