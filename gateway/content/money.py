"""What a sentence says of accounts, channels and means of payment: two or three classes of words that stand together.

« Le compte que vous utilisez sera fermé »: an account that is known, and that it is gone. No class means anything
alone, and none counts beside what spares it: « en cas de », « jamais », « votre standard ».
"""

from functools import lru_cache
from typing import NamedTuple

from gateway.content import grammar_tags as t
from gateway.content.asks_sink import AskSink
from gateway.content.grammar import Sentence
from gateway.model.content_facts import AskKind, SignKind

REACH = 160  # characters in which the classes stand


class Crossing(NamedTuple):
    """Classes of words that together are an ask or a sign."""

    classes: tuple[int, ...]
    kind: AskKind | SignKind


CROSSINGS: tuple[Crossing, ...] = (
    Crossing((t.M_PAY_TO, t.M_OTHER), AskKind.RIB_CHANGE),
    Crossing((t.M_PAY_TO, t.M_HERE, t.M_CHANGED), AskKind.RIB_CHANGE),
    Crossing((t.M_OLD, t.M_GONE), AskKind.RIB_CHANGE),
    Crossing((t.M_LEAVE, t.M_OLD), AskKind.RIB_CHANGE),
    Crossing((t.M_LEAVE, t.M_ACCOUNT), AskKind.RIB_CHANGE),
    Crossing((t.M_RECALL, t.M_REISSUE), AskKind.RIB_CHANGE),
    Crossing((t.M_ACCOUNT, t.M_ON_FILE), AskKind.RIB_CHANGE),
    Crossing((t.M_MY_PAY, t.M_OTHER), AskKind.RIB_CHANGE),
    Crossing((t.M_LINE, t.M_DOWN), SignKind.CLOSED_CHANNEL),
    Crossing((t.M_AVOID, t.M_PARTY), SignKind.CLOSED_CHANNEL),
    Crossing((t.M_AVOID, t.M_LINE), SignKind.CLOSED_CHANNEL),
    Crossing((t.M_PARTY, t.M_UNAWARE), SignKind.CLOSED_CHANNEL),
    Crossing((t.M_NO_CALL,), SignKind.CLOSED_CHANNEL),
    Crossing((t.M_CHECK, t.M_WAIVE), SignKind.PAYEE_MISMATCH),
    Crossing((t.M_PAYEE, t.M_WAIVE), SignKind.PAYEE_MISMATCH),
    Crossing((t.M_UNCHECKED, t.M_ACCOUNT), SignKind.PAYEE_MISMATCH),
    Crossing((t.M_UNCHECKED, t.M_CHECK), SignKind.PAYEE_MISMATCH),
    Crossing((t.M_PAYEE, t.M_DIFFERS), SignKind.PAYEE_MISMATCH),
    Crossing((t.M_HELD_BY, t.M_THIRD), SignKind.PAYEE_MISMATCH),
    Crossing((t.M_MEANS, t.M_HAND_OVER), SignKind.UNTRACEABLE),
    Crossing((t.M_CASH, t.M_FETCHED), SignKind.UNTRACEABLE),
    Crossing((t.M_DICTATE, t.M_CARD, t.M_LINE), SignKind.UNTRACEABLE),
)
_SPARED = t.M_SPARED | t.M_HEARSAY | t.S_WARNING | t.S_REPORT
_SPARED_HERE: dict[AskKind | SignKind, int] = {
    AskKind.RIB_CHANGE: t.M_YOUR_ACCOUNT,
    SignKind.CLOSED_CHANNEL: t.M_YOURS | t.M_INFIRM,
}
_TELLING = t.M_ANY | _SPARED | t.M_YOUR_ACCOUNT | t.M_YOURS | t.M_INFIRM


class Found(NamedTuple):
    """A crossing that a sentence holds, and where."""

    kind: AskKind | SignKind
    start: int
    end: int


def crossings(sentence: Sentence) -> list[Found]:
    """What the sentence's classes of words say together, one of each kind."""
    found: dict[AskKind | SignKind, Found] = {}
    for classes, kind in _possible(sentence.tags & _TELLING):
        if kind in found:
            continue
        place = _together(sentence, classes)
        if place is not None:
            found[kind] = Found(kind, *place)
    return list(found.values())


@lru_cache(maxsize=4096)
def _possible(tags: int) -> tuple[Crossing, ...]:
    """The crossings whose classes all stand among these tags, and that nothing spares."""
    if tags & _SPARED:
        return ()
    return tuple(
        crossing
        for crossing in CROSSINGS
        if all(tags & mask for mask in crossing.classes) and not tags & _SPARED_HERE.get(crossing.kind, 0)
    )


def _together(sentence: Sentence, classes: tuple[int, ...]) -> tuple[int, int] | None:
    """The first stretch of at most `REACH` characters that holds all classes."""
    last: list[tuple[int, int]] = [(-1, -1)] * len(classes)
    for tags, start, end in sentence.tokens:
        if not tags & t.M_ANY:
            continue
        for index, mask in enumerate(classes):
            if tags & mask:
                last[index] = (start, end)
        begin = min(place[0] for place in last)
        if begin >= 0 and end - begin <= REACH:
            return begin, max(place[1] for place in last)
    return None


def read_money(sentence: Sentence, sink: AskSink) -> None:
    """Put a sentence's crossings where the other asks and signs are put."""
    for kind, start, end in crossings(sentence):
        words = sink.text[start:end][:100]
        if isinstance(kind, AskKind):
            sink.emit((kind,), start, end, words)
        else:
            sink.sign(kind, start, end, words)
