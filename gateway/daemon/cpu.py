"""Where pure work runs: small things on the loop, large ones in a thread, so that other sessions go on meanwhile."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Below this a hop to a thread and back (some 40 us, and a wait for the GIL) costs more than it spares the others.
THREAD_FROM_BYTES = 131_072


class LoopOrThread:
    """The `Cpu` port: by the bytes that the function will chew on."""

    async def __call__(self, size: int, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result; its exceptions pass through."""
        if size < THREAD_FROM_BYTES:
            return function(*args, **kwargs)
        return await asyncio.to_thread(function, *args, **kwargs)
