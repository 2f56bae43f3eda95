"""Numbers as they are counted: plain dictionaries in the worker, added up by whoever owns the endpoint.

A worker counts here on its hot path (a dictionary lookup each) and now and then hands over what came since the last
time; the supervisor adds that to its own `Counts`, so that counters never go back when a worker is replaced. Which
metrics there are, and which labels they have, is the table in `metrics.py`.
"""

from bisect import bisect_left
from typing import Any

Labels = tuple[str, ...]

SECONDS_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
BYTES_BUCKETS = (1e3, 4e3, 16e3, 64e3, 256e3, 1e6, 4e6, 16e6, 64e6)
BUCKETS = {"message_seconds": SECONDS_BUCKETS, "message_bytes": BYTES_BUCKETS}


class Counts:
    """Counters and histograms by metric name and label values; gauges are set by their owner."""

    def __init__(self) -> None:
        self.counters: dict[tuple[str, Labels], float] = {}
        self.histograms: dict[tuple[str, Labels], list[float]] = {}  # one cell a bucket, then +Inf, then the sum

    def add(self, name: str, labels: Labels = (), amount: float = 1.0) -> None:
        """Count."""
        key = (name, labels)
        self.counters[key] = self.counters.get(key, 0.0) + amount

    def observe(self, name: str, value: float, labels: Labels = ()) -> None:
        """Put a value into its bucket."""
        key = (name, labels)
        bounds = BUCKETS[name]
        cells = self.histograms.get(key)
        if cells is None:
            cells = self.histograms[key] = [0.0] * (len(bounds) + 2)
        cells[bisect_left(bounds, value)] += 1
        cells[-1] += value

    def take(self) -> dict[str, Any]:
        """What came since the last call, as JSON-like data, and start anew."""
        data = {
            "counters": [[name, list(labels), value] for (name, labels), value in self.counters.items()],
            "histograms": [[name, list(labels), cells] for (name, labels), cells in self.histograms.items()],
        }
        self.counters = {}
        self.histograms = {}
        return data

    def put(self, data: dict[str, Any]) -> None:
        """Add what `take` gave."""
        for name, labels, value in data["counters"]:
            self.add(name, tuple(labels), value)
        for name, labels, cells in data["histograms"]:
            key = (name, tuple(labels))
            mine = self.histograms.get(key)
            self.histograms[key] = list(cells) if mine is None else [a + b for a, b in zip(mine, cells, strict=True)]
