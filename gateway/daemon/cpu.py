"""Where pure work runs: small things on the loop, large ones in a thread, so that other sessions go on meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Below this a hop to a thread and back (some 40 us, and a wait for the GIL) costs more than it spares the others.
THREAD_FROM_BYTES = 131_072
# More threads would not be faster (they share the GIL), but each of them takes its turn before the loop gets its own:
# with eight the loop waited 0.7 s [measured]. With one, one costly message would keep all large ones waiting.
THREADS: Final = 2


class LoopOrThread:
    """The `Cpu` port: by the bytes that the function will chew on."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="cpu")

    async def __call__(self, size: int, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result; its exceptions pass through."""
        if size < THREAD_FROM_BYTES:
            return function(*args, **kwargs)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(function, *args, **kwargs))
