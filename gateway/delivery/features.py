"""What a next hop's EHLO offers (RFC 5321 §4.1.1.1)."""

from dataclasses import dataclass

from gateway.delivery.replies import HopReply


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The keywords we act on. All absent after HELO."""

    pipelining: bool = False
    eightbitmime: bool = False
    smtputf8: bool = False
    dsn: bool = False
    size: int | None = None  # None: not offered; 0: offered, no limit told (RFC 1870 §4)
    starttls: bool = False
    auth: bool = False
    xforward: frozenset[str] = frozenset()  # attribute names, upper case


NO_FEATURES = Features()


def read_features(reply: HopReply) -> Features:
    """The features in an EHLO reply. Odd keywords are skipped, never a fault: offering nothing is always allowed."""
    words: dict[bytes, list[bytes]] = {}
    for line in reply.lines[1:]:
        keyword, *values = line.upper().split()[:32] or [b""]
        words.setdefault(keyword, values)
    size = words.get(b"SIZE")
    return Features(
        pipelining=b"PIPELINING" in words,
        eightbitmime=b"8BITMIME" in words,
        smtputf8=b"SMTPUTF8" in words,
        dsn=b"DSN" in words,
        size=None if size is None else _limit(size),
        starttls=b"STARTTLS" in words,
        auth=b"AUTH" in words,
        xforward=frozenset(v.decode("ascii", "replace") for v in words.get(b"XFORWARD", [])),
    )


def _limit(values: list[bytes]) -> int:
    return int(values[0]) if values and len(values[0]) <= 20 and values[0].isdigit() else 0
