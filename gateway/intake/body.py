"""The body of a message as it comes in: sans-IO readers for DATA and BDAT that never look at a byte twice.

Only CRLF.CRLF ends DATA (RFC 5321 §4.1.1.4). A bare CR, a bare LF or a NUL spoils the message, but reading goes on to
the real end, so that what follows a false one is never taken for commands (CVE-2023-51764, -51765, -51766). All work on
the bytes is done by C calls over whole chunks; a message costs its own size in memory, whatever its lines are like.
"""

import re

from gateway.intake.limits import Gauge
from gateway.model import reply as replies
from gateway.model.reply import Reply

END = b"\r\n.\r\n"
_BARE_CR = re.compile(rb"\r(?!\n)")
_RESERVE_STEP = 65536


class Body:
    """What has been kept of a message, or why nothing is: `fault` is what the client will hear at the end."""

    def __init__(self, *, limit: int, normalize: bool, in_flight: Gauge) -> None:
        self.limit = limit
        self.normalize = normalize
        self.in_flight = in_flight
        self.reserved = 0  # octets acquired of it; given back on a fault, else by whoever has the message
        self.received = 0  # octets seen, kept or not
        self.fault: Reply | None = None
        # One growing block: pieces of several messages would lie mixed on the heap, and it could not shrink after them.
        self._kept = bytearray()

    def add(self, piece: bytes) -> None:
        """Keep a piece, dots already unstuffed. A CR and the LF after it always come in the same piece."""
        self.received += len(piece)
        if self.fault is not None:
            return
        returns = piece.count(b"\r")
        feeds = piece.count(b"\n")
        if b"\0" in piece or _BARE_CR.search(piece):
            self.refuse(replies.BARE_NEWLINE)
            return
        if returns != feeds:
            if not self.normalize:
                self.refuse(replies.BARE_NEWLINE)
                return
            piece = piece.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        size = len(self._kept) + len(piece)
        if size > self.limit:
            self.refuse(replies.MESSAGE_TOO_BIG)
        elif size > self.reserved and not self._reserve(size):
            self.refuse(replies.BYTES_IN_FLIGHT)
        else:
            try:
                self._keep(piece)
            except MemoryError:
                self.refuse(replies.BYTES_IN_FLIGHT)

    def _keep(self, piece: bytes) -> None:
        self._kept += piece

    def refuse(self, fault: Reply) -> None:
        """Let go of what was kept; the first fault is the one told."""
        if self.fault is None:
            self.fault = fault
        self.in_flight.release(self.reserved)
        self.reserved = 0
        self._kept = bytearray()

    def _reserve(self, size: int) -> bool:
        more = size - self.reserved
        stepped = -(-more // _RESERVE_STEP) * _RESERVE_STEP
        if self.in_flight.acquire(stepped):
            more = stepped
        elif not self.in_flight.acquire(more):
            return False
        self.reserved += more
        return True

    def finish(self, carry: bytes) -> None:
        """End a body of chunks: a CR left over is a bare one; a last line without CRLF gets it, as DATA needs it."""
        if carry:
            self.add(carry)
        elif self.fault is None and self._kept and not self._kept.endswith(b"\r\n"):
            self.add(b"\r\n")

    def hand_over(self) -> bytes:
        """The message, once; nothing when there is a fault, which may be found here only."""
        try:
            whole = bytes(self._kept)
        except MemoryError:
            whole = b""
            self.refuse(replies.BYTES_IN_FLIGHT)
        self._kept = bytearray()
        return whole


class DataReader:
    """Everything between 354 and CRLF.CRLF."""

    def __init__(self, body: Body) -> None:
        self.body = body
        # The CRLF of the DATA command counts as the one before the first line: a dot there is as good as any other.
        self._carry = b"\r\n"
        self._first = True

    def feed(self, data: bytes) -> bytes | None:
        """Take octets from the client; what follows the end of the message, or None while it has not come."""
        data = self._carry + data
        if b"." not in data:  # memchr is 50 times faster than a search for END, and base64 holds no dot
            end = -1
            dotted = False
        else:
            end = data.find(END)
            dotted = True
        if end < 0:
            cut = len(data) - _tail(data)
            self._carry = data[cut:]
            piece = data[:cut]
        else:
            piece = data[: end + 2]
        if dotted:
            piece = piece.replace(b"\r\n.", b"\r\n")
        if self._first and piece:
            piece = piece[2:]
            self._first = False
        if piece:
            self.body.add(piece)
        return None if end < 0 else data[end + 5 :]


def _tail(data: bytes) -> int:
    """How many octets at the end may be the beginning of END, or of a dot to be taken away."""
    if data.endswith(b"\r"):
        return 4 if data.endswith(b"\r\n.\r") else 1
    if data.endswith(b"\r\n"):
        return 2
    return 3 if data.endswith(b"\r\n.") else 0


class ChunkReader:
    """One BDAT chunk of a known size (RFC 3030 §2), of a body that several chunks make up."""

    def __init__(self, body: Body, size: int, carry: bytes = b"") -> None:
        self.body = body
        self.left = size
        self.carry = carry  # a CR that ended the chunk before: its LF may come in this one

    def feed(self, data: bytes) -> bytes | None:
        """Take octets from the client; what follows the chunk, or None while it is not whole."""
        piece, rest = data[: self.left], data[self.left :]
        self.left -= len(piece)
        piece = self.carry + piece
        self.carry = b""
        if piece.endswith(b"\r"):
            piece, self.carry = piece[:-1], b"\r"
        if piece:
            self.body.add(piece)
        return rest if self.left == 0 else None
