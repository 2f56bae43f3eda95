"""Whether an author says a thing or only shows it, and whether a text as a whole teaches about lures.

A warning says « Exemple reçu : "Confirmez votre carte Vitale" »: the ask stands between quotation marks, in a text that
warns or reports. Such an ask is kept, in the region QUOTED, so that rules on what the author wants don't see it.
"""

import re
from dataclasses import replace

from gateway.model.content_facts import Ask, AskKind, Sign, SignKind
from gateway.model.folded import Folded, Region

# What somebody who warns still asks for: to call, to look, to go to the usual place
_HARMLESS = frozenset((AskKind.CALL_BACK, AskKind.CLICK, AskKind.OPEN_ATTACHMENT))
_OWN_TEXT = frozenset((Region.SUBJECT, Region.VISIBLE))
MAX_BEFORE = 0.6  # of the text may stand before the first warning
MIN_QUOTED = 12  # « Confirmer » is the name of a button, not a quoted sentence
MAX_QUOTED = 600
_QUOTES = re.compile(rf'"[^"\n]{{{MIN_QUOTED},{MAX_QUOTED}}}"')


def quoted_by_the_author(
    text: str, asks: tuple[Ask, ...], signs: tuple[Sign, ...]
) -> tuple[tuple[Ask, ...], tuple[Sign, ...]]:
    """Move asks that the author only shows to the region QUOTED; needs a sign of warning or report beside them."""
    speaks = frozenset(s.region for s in signs if s.kind in (SignKind.WARNING, SignKind.REPORT))
    if Region.SUBJECT in speaks:
        speaks |= {Region.VISIBLE}  # « Phishing à votre nom ? » speaks of what stands quoted below
    if not speaks or '"' not in text:
        return asks, signs
    spans = [match.span() for match in _QUOTES.finditer(text)]
    if not spans:
        return asks, signs
    moved: list[Ask] = []
    for ask in asks:
        shown = ask.region in speaks and any(start < ask.start and ask.end < end for start, end in spans)
        moved.append(replace(ask, region=Region.QUOTED) if shown else ask)
    return tuple(moved), signs


def find_awareness(folded: Folded, asks: tuple[Ask, ...], signs: tuple[Sign, ...]) -> Sign | None:
    """A sign that the text teaches about lures: it warns early, twice or in the subject, and asks nothing.

    Deceivers write « nous ne demandons jamais votre mot de passe » too, below their ask: such a text teaches nothing.
    """
    warnings = [
        sign for sign in signs if sign.kind in (SignKind.WARNING, SignKind.NEGATED_ASK) and sign.region in _OWN_TEXT
    ]
    own = next((span for span in folded.spans if span.region is Region.VISIBLE), None)
    if not warnings or own is None:
        return None
    if all(sign.kind is SignKind.NEGATED_ASK for sign in warnings):
        return None  # « ne répondez pas à ce message » teaches nothing
    live = [ask for ask in asks if ask.region in _OWN_TEXT]
    if any(ask.kind not in _HARMLESS and not _is_advice(ask) for ask in live):
        return None
    first = min(warnings, key=lambda sign: sign.start)
    if live and min(ask.start for ask in live) < first.start:
        return None
    if first.region is not Region.SUBJECT and (
        len({sign.words for sign in warnings}) < 2 or first.start - own.start > (own.end - own.start) * MAX_BEFORE
    ):
        return None
    return replace(first, kind=SignKind.AWARENESS)


def _is_advice(ask: Ask) -> bool:
    """« changez votre mot de passe »: what every warning advises."""
    return ask.kind is AskKind.CREDENTIALS and ask.words.startswith(("chang", "modifi"))
