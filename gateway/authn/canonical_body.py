"""Body canonicalisation and hash (RFC 6376 §3.4.3, §3.4.4, §3.7): one pass per kind, whatever the number of signatures.

The body is read in chunks through C-level calls: linear on every input, and in a thread the loop gets its turn, as no
single call holds the interpreter for more than a fraction of a millisecond.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

from gateway.authn.canonical_header import Canon

CHUNK = 131_072  # bytes: fits the second-level cache, and a call on it takes well under a millisecond

_TAB_TO_SPACE = bytes.maketrans(b"\t", b" ")
_EMPTY_LINES = b"\r\n" * (CHUNK // 2)


@dataclass(frozen=True, slots=True)
class BodyHash:
    """SHA-256 of the canonical body, or of its first l= bytes; and how long the whole canonical body is."""

    digest: bytes
    canonical_length: int


def _trailing_pairs(chunk: bytes) -> int:
    """How many CRLF pairs end the chunk."""
    if not chunk.endswith(b"\r\n\r\n"):
        return 1 if chunk.endswith(b"\r\n") else 0
    if chunk == _EMPTY_LINES[: len(chunk)]:
        return len(chunk) // 2
    tail = chunk[len(chunk.rstrip(b"\r\n")) :]
    even = tail[len(tail) % 2 :]
    kept = max(len(even[0::2].rstrip(b"\r")), len(even[1::2].rstrip(b"\n")))
    return len(even) // 2 - kept


def _relaxed(chunk: bytes) -> bytes:
    """Runs of blanks as one space, none before CRLF. Encoded attachments have no blanks: one look tells.

    Long runs shrink by the widest pattern first, so that the sum of the passes is linear.
    """
    if b"\t" in chunk:
        chunk = chunk.translate(_TAB_TO_SPACE)  # replace() pays for each tab
    if b" " not in chunk:
        return chunk
    if b"  " in chunk:
        for width in (512, 32, 4, 2):
            pattern = b" " * width
            while pattern in chunk:
                chunk = chunk.replace(pattern, b" ")
    return chunk.replace(b" \r\n", b"\r\n")


def _chunks(body: memoryview, canon: Canon) -> Iterator[bytes]:
    """The body line by line canonical; trailing empty lines are still there. No CRLF is cut in two."""
    at, size, pending = 0, len(body), b""
    while at < size:
        chunk = bytes(body[at : at + CHUNK])
        at += len(chunk)
        if at < size and chunk.endswith(b"\r"):
            chunk = chunk[:-1]
            at -= 1
        if canon is Canon.RELAXED:
            chunk = _relaxed(pending + chunk if pending else chunk)
            pending = b" " if chunk.endswith(b" ") else b""  # whether it stays is seen by what follows
            if pending:
                chunk = chunk[:-1]
        yield chunk


def canonical_chunks(body: memoryview, canon: Canon) -> Iterator[bytes]:
    """The canonical body, piece by piece."""
    held, some = 0, False  # CRLF pairs that end what was read so far; whether anything stood before them
    for chunk in _chunks(body, canon):
        pairs = _trailing_pairs(chunk)
        if 2 * pairs == len(chunk):
            held += pairs
            continue
        some = True
        while held:
            now = min(held, CHUNK // 2)
            yield b"\r\n" * now
            held -= now
        yield chunk[: -2 * pairs] if pairs else chunk
        held = pairs
    if some or canon is Canon.SIMPLE:
        yield b"\r\n"


class BodyHasher:
    """Hashes of one body. Tell it every wish before the first question: each kind is then read once.

    Several threads may ask; the first one reads, the others wait for it.
    """

    def __init__(self, body: memoryview) -> None:
        self._body = body
        self._wishes: dict[Canon, set[int]] = {}
        self._known: dict[tuple[Canon, int], BodyHash] = {}
        self._lock = Lock()

    def wish(self, canon: Canon, length: int | None) -> None:
        """Announce that `digest` will be asked for this."""
        self._wishes.setdefault(canon, set()).add(-1 if length is None else length)

    def digest(self, canon: Canon, length: int | None) -> BodyHash:
        """The hash over the first `length` bytes of the canonical body, over all of it for None or a longer l=."""
        key = (canon, -1 if length is None else length)
        with self._lock:
            if key not in self._known:
                self.wish(canon, length)
                self._read(canon)
            return self._known[key]

    def _read(self, canon: Canon) -> None:
        """One pass: the running hash is copied wherever a wished length ends."""
        marks = sorted(length for length in self._wishes[canon] if length >= 0)
        running, position, cut = hashlib.sha256(), 0, {}
        for chunk in canonical_chunks(self._body, canon):
            start = 0
            while marks and marks[0] <= position + len(chunk):
                mark = marks.pop(0)
                stop = mark - position
                running.update(chunk[start:stop])
                start = stop
                cut[mark] = running.digest()
            running.update(chunk[start:] if start else chunk)
            position += len(chunk)
        whole = running.digest()
        for length in self._wishes[canon]:
            self._known[(canon, length)] = BodyHash(cut.get(length, whole), position)
