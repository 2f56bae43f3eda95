"""The ten dearest functions of a judgement, class by class.

    python -m bench.profile [CLASS ...] [--inclusive] [--seconds S]

Told by time of their own (calls into C count as the caller's). The profiler makes calls dearer than they are: the order
says where to look, `python -m bench` what it costs.
"""

import argparse
import asyncio
import cProfile
import pstats
import sys
import time
from pathlib import Path

from bench.gateway_parts import Parts, judge_all, load_parts
from bench.messages import CLASSES, Sample, samples

SECONDS = 3.0
DEAREST = 10


def profile(parts: Parts, found: list[Sample], loop: asyncio.AbstractEventLoop, seconds: float) -> pstats.Stats:
    """The profile of judging these messages over and over."""
    judge_all(parts, found, loop)
    profiler = cProfile.Profile(builtins=False)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        profiler.enable()
        judge_all(parts, found, loop)
        profiler.disable()
    return pstats.Stats(profiler)


def dearest(stats: pstats.Stats, inclusive: bool) -> list[tuple[float, str]]:
    """(share of all time, function) of the dearest ones."""
    entries = stats.stats.items()  # type: ignore[attr-defined]
    whole = sum(own for _, (_, _, own, _, _) in entries) or 1.0
    ranked = sorted(
        ((total if inclusive else own) / whole, f"{_place(file)}:{line} {name}")
        for (file, line, name), (_, _, own, total, _) in entries
        if not inclusive or "gateway" in file
    )
    return ranked[::-1][:DEAREST]


def _place(file: str) -> str:
    path = Path(file)
    return "/".join(path.parts[path.parts.index("gateway") :]) if "gateway" in path.parts else path.name


def main() -> int:
    """Profile and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description="the ten dearest functions of a class")
    parser.add_argument("classes", nargs="*", metavar="CLASS", help=" ".join(CLASSES))
    parser.add_argument("--inclusive", action="store_true", help="count what a function calls as its own")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args()
    if unknown := set(given.classes) - set(CLASSES):
        parser.error(f"no such class: {', '.join(sorted(unknown))}")
    parts = load_parts()
    with asyncio.Runner() as runner:
        for name in given.classes or CLASSES:
            print(f"\n{name}")
            for share, place in dearest(
                profile(parts, samples(name), runner.get_loop(), given.seconds), given.inclusive
            ):
                print(f"  {share:6.1%}  {place}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
