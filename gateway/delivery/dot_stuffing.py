"""The outgoing data stream (RFC 5321 §4.5.2): what goes between the 354 and the reply to the dot.

Byte-exact: a dot is doubled at the start and after every CRLF, a last CRLF is added only when missing, then the dot.
Nothing else is touched; that no bare CR or LF is in here was settled when the message came in.
"""

from collections.abc import Iterator

CHUNK_BYTES = 262_144


def stuffed(head: bytes, body: memoryview, chunk_bytes: int = CHUNK_BYTES) -> Iterator[bytes]:
    """`head + body` ready for the wire, final dot included, in pieces of about `chunk_bytes`.

    A message that fits in one piece is one piece. Memory in use is a few pieces, whatever the size of the body.
    """
    tail = b"\r\n"  # the stream's last two bytes: its start counts as the start of a line
    waiting = b""
    for piece in _pieces(head, body, chunk_bytes):
        if waiting:
            yield waiting
        waiting = _stuff(tail, piece)
        tail = (tail + piece[-2:])[-2:]
    yield waiting + (b".\r\n" if tail == b"\r\n" else b"\r\n.\r\n")


def wire_size(head: bytes, body: memoryview) -> int:
    """The size in bytes as SIZE= tells it (RFC 1870 §5): with the last CRLF, without dots that are taken out again."""
    size = len(head) + len(body)
    if size == 0:
        return 0
    end = bytes(body[-2:]) if len(body) > 1 else (head + bytes(body))[-2:]
    return size if end == b"\r\n" else size + 2


def _pieces(head: bytes, body: memoryview, chunk_bytes: int) -> Iterator[bytes]:
    if len(head) + len(body) <= chunk_bytes:
        yield b"".join((head, body))
        return
    for at in range(0, len(head), chunk_bytes):
        yield head[at : at + chunk_bytes]
    for at in range(0, len(body), chunk_bytes):
        yield bytes(body[at : at + chunk_bytes])


def _stuff(tail: bytes, piece: bytes) -> bytes:
    """Double the dots of one piece that follows `tail`."""
    if b"." not in piece:  # memchr: base64, the bulk of large mail, has none
        return piece
    stuffed_piece = piece.replace(b"\r\n.", b"\r\n..")
    if tail == b"\r\n" and piece.startswith(b"."):
        return b"." + stuffed_piece
    if tail[-1:] == b"\r" and piece.startswith(b"\n."):
        return b"\n." + stuffed_piece[1:]
    return stuffed_piece
