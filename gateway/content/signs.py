"""What presses or baits in a message, and what speaks for honesty; and the one pass that finds asks and signs."""

import re
from bisect import bisect_right
from functools import lru_cache

from gateway.content import grammar_tags as t
from gateway.content.asks import AskReader
from gateway.content.context import find_awareness, quoted_by_the_author
from gateway.content.grammar import Sentence, sentences
from gateway.content.money import read_money
from gateway.content.relations import paired
from gateway.model.content_facts import Ask, Sign, SignKind
from gateway.model.folded import Folded, Region

MAX_EACH = 8  # signs of one kind kept per region

_KINDS: tuple[tuple[int, SignKind], ...] = (
    (t.S_DEADLINE, SignKind.DEADLINE),
    (t.S_SUSPENSION, SignKind.SUSPENSION),
    (t.S_THREAT, SignKind.THREAT),
    (t.S_URGENCY, SignKind.URGENCY),
    (t.S_REFUND, SignKind.REFUND),
    (t.S_AMOUNT, SignKind.AMOUNT),
    (t.S_PARCEL, SignKind.PARCEL),
    (t.S_PRIZE, SignKind.PRIZE),
    (t.S_EXPIRY, SignKind.EXPIRY),
    (t.S_BREACH, SignKind.BREACH),
    (t.S_DISTRESS, SignKind.DISTRESS),
    (t.S_WARNING, SignKind.WARNING),
    (t.S_REPORT, SignKind.REPORT),
    (t.S_KEEPER, SignKind.KEEPER),
    (t.S_HOURS, SignKind.HOURS),
    (t.S_MANDATE, SignKind.MANDATE),
    (t.S_EXTORTION, SignKind.EXTORTION),
    (t.S_BYPASS, SignKind.BYPASS),
)
_OWN = (b"mon ", b"mes ", b"ma ", b"my ")
_LOSABLE = t.S_LOSABLE | t.O_ACCOUNT
_ENDS = re.compile(r"[.!?;]")
_ASKS = t.V_ANY | t.A_PHRASE | t.O_ANY & ~t.O_PARTS | t.REQUEST | t.NEVER | t.REPORTED
_HUSHES = t.R_TELL | t.R_NOBODY  # both
_SIGNS = t.S_ANY & ~(t.S_LOSS | t.S_LOSABLE | t.S_KEPT | t.S_KEEPING | t.S_WAY)
_FORBIDS = re.compile(rb" (?:n|ne|jamais|aucun|aucune|interdit|interdiction|evitez|never|not) (?!pas besoin)[^.]*$")
_REFUSES = re.compile(
    rb" (?:pas besoin de|pas la peine de|inutile de|sans|ne|pas|evitez de|ni|plutot que de|au lieu de|not|don t"
    rb"|no need to|without) (?:surtout |avoir a |)$"
)
_REFUSED = 30  # bytes before « passer par l'extranet »
_FORBIDDEN = 60  # bytes before « un fichier en clair » in which it is forbidden
_KEEPS = t.S_KEEPING | t.S_EXPIRY | t.S_SUSPENSION  # what a keeper says of the thing kept


@lru_cache(maxsize=1024)
def _kinds(tags: int) -> tuple[SignKind, ...]:
    return tuple(kind for mask, kind in _KINDS if tags & mask)


class SignReader:
    """Collects the signs of one text, region by region."""

    __slots__ = ("_buffer", "_counts", "_losable", "_text", "signs")

    def __init__(self, text: str, buffer: bytes) -> None:
        self._text = text
        self._buffer = buffer
        self._counts: dict[tuple[SignKind, Region], int] = {}
        self._losable = -1  # where the last sentence that named something to lose ended
        self.signs: list[Sign] = []

    def read(self, sentence: Sentence, region: Region) -> None:
        """Find the signs of one sentence."""
        goes_on = self._goes_on(sentence)
        losable = goes_on or bool(sentence.tags & _LOSABLE)
        for tags, start, end in sentence.tokens:
            if tags & _SIGNS:
                for kind in _kinds(tags & _SIGNS):
                    if not self._only_looks_so(kind, start, end):
                        self._emit(kind, region, start, end)
            if tags & t.S_LOSS and losable:
                self._emit(SignKind.SUSPENSION, region, start, end)
            if tags & t.S_WAY and _REFUSES.search(self._buffer, max(0, start - _REFUSED), start + 1):
                self._emit(SignKind.BYPASS, region, start, end)
            if tags & t.S_KEPT and sentence.tags & _KEEPS:
                self._emit(SignKind.KEEPER, region, start, end)
        if sentence.tags & t.R_PAIRED:
            for kind, start, end in paired(sentence):
                self._emit(kind, region, start, end)

    def _goes_on(self, sentence: Sentence) -> bool:
        """Whether the line before, parted by a mere line end, named what can be lost; notes what this one names."""
        before, self._losable = self._losable, sentence.end if sentence.tags & _LOSABLE else -1
        return before >= 0 and sentence.start - before < 40 and not _ENDS.search(self._text, before - 1, sentence.start)

    def _only_looks_so(self, kind: SignKind, start: int, end: int) -> bool:
        """« mon remboursement » is no bait; « si vous ne validez pas » and `phishing@...` warn of nothing."""
        if kind is SignKind.REFUND:
            return self._buffer.startswith(_OWN, self._buffer.rfind(b" ", 0, start) + 1)
        if kind is SignKind.BYPASS:
            return _FORBIDS.search(self._buffer, max(0, start - _FORBIDDEN), start + 1) is not None
        if kind is SignKind.WARNING:
            return self._text.startswith("@", end) or (
                self._text.startswith(("ne ", "n'"), start) and self._buffer.endswith(b" vous ", 0, start + 1)
            )
        return False

    def _emit(self, kind: SignKind, region: Region, start: int, end: int) -> None:
        key = (kind, region)
        count = self._counts.get(key, 0)
        if count < MAX_EACH:
            self._counts[key] = count + 1
            words = self._text[start:end][:100].strip()
            self.signs.append(Sign(kind=kind, region=region, words=words, start=start, end=end))


def read_intent(folded: Folded) -> tuple[tuple[Ask, ...], tuple[Sign, ...]]:
    """Every ask and every sign of the message, a few of each kind per region: one pass for both."""
    text = folded.text
    if not text or not folded.spans:
        return (), ()
    buffer, found = sentences(folded)
    asks, signs = AskReader(text, buffer), SignReader(text, buffer)
    starts = [span.start for span in folded.spans]
    for sentence in found:
        region = folded.spans[bisect_right(starts, sentence.tokens[0][1]) - 1].region
        tags = sentence.tags
        if tags & _ASKS or tags & _HUSHES == _HUSHES:
            asks.read(sentence, region)
        if tags & t.M_ANY:
            asks.enter(region)
            read_money(sentence, asks)
        if tags & (t.S_ANY | t.R_PAIRED | t.O_ACCOUNT):
            signs.read(sentence, region)
    own_asks, all_signs = quoted_by_the_author(text, tuple(asks.asks), (*asks.signs, *signs.signs))
    awareness = find_awareness(folded, own_asks, all_signs)
    return own_asks, all_signs if awareness is None else (*all_signs, awareness)


def find_signs(folded: Folded) -> tuple[Sign, ...]:
    """Every sign of the message, those included that negated and reported asks make."""
    return read_intent(folded)[1]
