"""Replies of a next hop: read strictly, passed on clean.

A reply that we misread is a false 250, so the parser accepts the grammar of RFC 5321 §4.2 and nothing near it: CRLF
ends a line, three digits and a separator begin it, all lines of a reply agree. Anything else, or more of it than any
server says, is `BrokenReply`, and the connection is thrown away.
"""

import re
from dataclasses import dataclass
from enum import Enum

from gateway.model.reply import Reply

MAX_LINE_BYTES = 2048  # with CRLF; RFC 5321 §4.5.3.1.5 says 512, Exchange says more
MAX_LINES = 100
MAX_REPLY_BYTES = 65536
MAX_PASSED_ON_BYTES = 498  # the whole line with its CRLF

# One line without its LF. RFC 5321 §4.2: the code is [2-5][0-5][0-9]; 571 and its like are seen in refusals, where only
# the class counts. A CR inside is no text.
_LINE = re.compile(rb"((?:[23][0-5]|[45][0-9])[0-9])(?:([ -])([^\r]*))?\r")
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?:\s+|$)")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


class Fault(Enum):
    """Why a connection can't be trusted any more: a closed set, for the log."""

    GARBAGE = "garbage"  # no reply line
    DISAGREEING = "disagreeing_codes"  # lines of one reply carry different codes
    TOO_LONG = "too_long"
    PREMATURE = "premature"  # bytes before we asked anything
    TRAILING = "trailing"  # bytes after the last reply we had coming
    MISPLACED = "misplaced"  # 354 to the dot, 250 to DATA
    CLOSED = "closed"
    CLOSING = "closing"  # 421
    TIMEOUT = "timeout"
    TLS = "tls"
    DROPPED = "dropped"  # by ourselves


class BrokenReply(Exception):
    """The bytes are no reply. `fault` says why; the bytes themselves are nobody's business."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class HopReply:
    """One whole reply. `lines` are the texts after code and separator, raw."""

    code: int
    lines: tuple[bytes, ...]

    @property
    def reply_class(self) -> int:
        """The first digit."""
        return self.code // 100

    @property
    def positive(self) -> bool:
        """A 2xx."""
        return 200 <= self.code < 300


class ReplyParser:
    """Takes bytes as they come, gives replies. Total: any bytes give replies or one `BrokenReply`, in linear time."""

    def __init__(self) -> None:
        self._partial = b""  # an unfinished line
        self._lines: list[bytes] = []  # of an unfinished reply
        self._code = b""
        self._size = 0

    @property
    def pending(self) -> bool:
        """Whether a reply has begun and not ended."""
        return bool(self._partial or self._lines)

    def feed(self, data: bytes) -> list[HopReply]:
        """The replies that `data` completes. Raises BrokenReply; the parser is of no use afterwards."""
        *lines, self._partial = (self._partial + data).split(b"\n")
        replies = [reply for line in lines if (reply := self._line(line)) is not None]
        if len(self._partial) >= MAX_LINE_BYTES:
            raise BrokenReply(Fault.TOO_LONG)
        return replies

    def _line(self, line: bytes) -> HopReply | None:
        """Read one line, its CR still on it; the reply when this line ends one."""
        found = _LINE.fullmatch(line)
        if found is None:
            raise BrokenReply(Fault.GARBAGE)
        code, separator, text = found.groups(b"")
        if self._lines and code != self._code:
            raise BrokenReply(Fault.DISAGREEING)
        self._code = code
        self._lines.append(text)
        self._size += len(line) + 1
        if len(line) + 1 > MAX_LINE_BYTES or len(self._lines) > MAX_LINES or self._size > MAX_REPLY_BYTES:
            raise BrokenReply(Fault.TOO_LONG)
        if separator == b"-":
            return None
        reply = HopReply(int(code), tuple(self._lines))
        self._lines, self._size = [], 0
        return reply


# Enhanced codes (RFC 3463, RFC 5248) for refusals that carry none, by basic code; else X.0.0.
_ENHANCED_BY_CODE = {
    421: "4.3.2",
    450: "4.2.0",
    451: "4.3.0",
    452: "4.3.1",
    454: "4.7.0",
    455: "4.5.4",
    500: "5.5.2",
    501: "5.5.4",
    502: "5.5.1",
    503: "5.5.1",
    504: "5.5.4",
    530: "5.7.0",
    535: "5.7.8",
    551: "5.1.6",
    552: "5.3.4",
    553: "5.1.3",
    555: "5.5.4",
    556: "5.1.10",
}


def pass_on(hop: HopReply, default: str = "") -> Reply:
    """The hop's 2xx, 4xx or 5xx as a reply of ours: one printable line under 500 bytes, class and enhanced code kept.

    `default` is the enhanced code without its class ("1.0") for a reply that has none, or one of another class. 421
    becomes 451: it is the hop that closes, not we. Codes outside RFC 5321's grammar become the class's plain one.
    """
    digit = str(hop.code)[0]
    enhanced, texts = "", []
    for raw in hop.lines:
        text = raw.decode("ascii", "replace")
        if (found := _ENHANCED.match(text)) is not None:
            text = text[found.end() :]
            if not enhanced and found[1] == digit:
                enhanced = f"{digit}.{int(found[2])}.{int(found[3])}"
        texts.append(text)
    text = _UNPRINTABLE.sub("?", " ".join(" ".join(texts).split()))
    if not enhanced:
        general = f"{digit}.{default}" if default else f"{digit}.0.0"
        enhanced = _ENHANCED_BY_CODE.get(hop.code, general)
    code = _code_for_client(hop.code)
    room = MAX_PASSED_ON_BYTES - len(f"{code} {enhanced} \r\n")
    return Reply(code, enhanced, text[:room].rstrip() or ("Ok" if hop.positive else "Refused by the next system"))


def _code_for_client(code: int) -> int:
    if code == 421:
        return 451
    return code if code % 100 < 60 else code // 100 * 100 + 50
