"""The addresses of one next hop, in order of preference, and which of them are well."""

from dataclasses import dataclass

from gateway.settings.schema import NextHop

DOWN_S = 2.0  # how long an address that failed is left alone; doubled per failure up to:
DOWN_MAX_S = 30.0


@dataclass(slots=True)
class HopAddress:
    """One address. Times are loop time, in seconds."""

    text: str
    rank: int  # 0 is the preferred one
    failures: int = 0  # in a row; 0: it is well, as far as we know
    down_until: float = 0.0
    probed: bool = False  # a probe is under way

    def failed(self, now: float) -> None:
        """No usable connection could be had."""
        self.failures += 1
        self.down_until = now + min(DOWN_S * 2 ** min(self.failures - 1, 10), DOWN_MAX_S)

    def worked(self) -> None:
        """A usable connection was had."""
        self.failures, self.down_until = 0, 0.0


class Addresses:
    """All of them."""

    def __init__(self, hop: NextHop) -> None:
        self._all = [HopAddress(text, rank) for rank, text in enumerate(hop.addresses)]

    def to_try(self) -> list[HopAddress]:
        """Those that are well, in order; then the others: a hop of which all seem down is asked all the same."""
        return sorted(self._all, key=lambda a: (a.failures > 0, a.rank))

    def best_rank(self) -> int:
        """The rank of the preferred address among those that are well; when none is, any will do."""
        return next((a.rank for a in self._all if not a.failures), len(self._all))

    def due(self, now: float) -> HopAddress | None:
        """An address to be probed, so that it is used again once it is well: one that mail passes over."""
        if len(self._all) == 1:
            return None
        best = self.best_rank()
        return next(
            (a for a in self._all if a.rank < best < len(self._all) and not a.probed and a.down_until <= now), None
        )
