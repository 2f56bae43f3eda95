"""CPU time of a piece of work: this process' own, so that what else the machine does counts little.

Each message keeps the least time of its rounds, and the mean over the messages is what is told: a neighbour that takes
the caches away makes single rounds dearer, never cheaper.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
BUDGET_S = 0.25  # of one cell of the table, once it was measured `FEWEST` times
FEWEST = 3


def cpu_ms(work: Callable[[T], object], items: Sequence[T], budget_s: float = BUDGET_S) -> float:
    """CPU milliseconds per item."""
    least = [float("inf")] * len(items)
    end = time.perf_counter() + budget_s
    rounds = 0
    while rounds < FEWEST or time.perf_counter() < end:
        rounds += 1
        for index, item in enumerate(items):
            start = time.process_time()
            work(item)
            least[index] = min(least[index], time.process_time() - start)
    return sum(least) * 1000 / len(items)


def cpu_ms_async(
    work: Callable[[T], Awaitable[object]],
    items: Sequence[T],
    loop: asyncio.AbstractEventLoop,
    budget_s: float = BUDGET_S,
) -> float:
    """The same for coroutine functions, run one after the other on a loop."""

    async def timed(item: T) -> float:
        start = time.process_time()
        await work(item)
        return time.process_time() - start

    async def run() -> float:
        least = [float("inf")] * len(items)
        end = time.perf_counter() + budget_s
        rounds = 0
        while rounds < FEWEST or time.perf_counter() < end:
            rounds += 1
            for index, item in enumerate(items):
                least[index] = min(least[index], await timed(item))
        return sum(least) * 1000 / len(items)

    return loop.run_until_complete(run())
