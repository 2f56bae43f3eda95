"""Where what the sentences ask is gathered: a few asks and signs of each kind per region, however many there are."""

from gateway.content.grammar import Token
from gateway.model.content_facts import Ask, AskKind, Sign, SignKind
from gateway.model.folded import Region

MAX_EACH = 6  # asks of one kind kept per region


class AskSink:
    """Where asks, and the signs that negation and report make of them, are put: a few of each kind per region."""

    __slots__ = ("_counts", "asks", "before", "buffer", "region", "signs", "text")

    def __init__(self, text: str, buffer: bytes) -> None:
        self.text = text
        self.buffer = buffer  # prepared text
        self.region = Region.VISIBLE
        self.before: Token | None = None  # the last data or account that an earlier sentence spoke of
        self._counts: dict[tuple[AskKind | SignKind, Region], int] = {}
        self.asks: list[Ask] = []
        self.signs: list[Sign] = []

    def emit(self, kinds: tuple[AskKind, ...], start: int, end: int, words: str) -> bool:
        """Keep asks, as long as there are not too many of their kind."""
        for kind in kinds:
            key = (kind, self.region)
            count = self._counts.get(key, 0)
            if count < MAX_EACH:
                self._counts[key] = count + 1
                self.asks.append(Ask(kind=kind, region=self.region, words=words, start=start, end=end))
        return bool(kinds)

    def sign(self, kind: SignKind, start: int, end: int, words: str) -> None:
        """Keep a sign that negation or report makes of an ask."""
        key = (kind, self.region)
        count = self._counts.get(key, 0)
        if count < MAX_EACH:
            self._counts[key] = count + 1
            self.signs.append(Sign(kind=kind, region=self.region, words=words, start=start, end=end))
