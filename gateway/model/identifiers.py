"""Ids of messages: short, sortable by time, unguessable, safe in file names, headers and logs."""

import secrets
from datetime import UTC, datetime

_ALPHABET = "0123456789abcdefghijkmnpqrstuvwxyz"


def _base34(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def new_message_id(now: datetime) -> str:
    """An id of 18 letters and digits: milliseconds since 1970 (9), then 45 random bits (9)."""
    return _base34(int(now.timestamp() * 1000), 9) + _base34(secrets.randbits(45), 9)


def is_message_id(text: str) -> bool:
    """Whether `text` has the form of our ids; the check that stands between a command line and a file name."""
    return len(text) == 18 and all(c in _ALPHABET for c in text)


def time_of_id(message_id: str) -> datetime:
    """When an id of ours was made."""
    number = 0
    for character in message_id[:9]:
        number = number * len(_ALPHABET) + _ALPHABET.index(character)
    return datetime.fromtimestamp(number / 1000, UTC)
