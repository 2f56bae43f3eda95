"""How fast this machine is today: limits of CPU time that were set on another one are stretched by it."""

import time
from functools import cache

_REFERENCE_S = 0.012  # what `_work` took where the limits were set


@cache
def slowness() -> float:
    """How many times slower plain Python runs here than where the limits were set; never less than 1."""
    return max(1.0, min(_seconds() for _ in range(3)) / _REFERENCE_S)


def _seconds() -> float:
    start = time.process_time()
    _work()
    return time.process_time() - start


def _work() -> int:
    table: dict[bytes, int] = {}
    for number in range(60_000):
        key = b"%d" % (number * 7919 % 50_021)
        table[key] = table.get(key, 0) + len(key)
    return len(table)
