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
_LOGIN = ("connect", "se connect", "vous connect")
_OWN_TEXT = frozenset((Region.SUBJECT, Region.VISIBLE))
MAX_BEFORE = 0.6  # of the text may stand before the first warning
MIN_QUOTED = 12  # « Confirmer » is the name of a button, not a quoted sentence
MAX_QUOTED = 600
MANY = 3  # quotations, and kinds of asks in them
# Opened and closed in turn, within a paragraph: what stands between two quotations is the author's own.
_QUOTES = re.compile(rf'"((?:[^"\n]|\n(?!\s*\n)){{0,{MAX_QUOTED}}})"')


def quoted_by_the_author(
    text: str, asks: tuple[Ask, ...], signs: tuple[Sign, ...]
) -> tuple[tuple[Ask, ...], tuple[Sign, ...]]:
    """Move asks that the author only shows to the region QUOTED; needs a sign of warning or report beside them, or many
    quotations that ask for different things."""
    if '"' not in text:
        return asks, signs
    speaks = frozenset(s.region for s in signs if s.kind in (SignKind.WARNING, SignKind.REPORT))
    if Region.SUBJECT in speaks:
        speaks |= {Region.VISIBLE}  # « Phishing à votre nom ? » speaks of what stands quoted below
    spans = [match.span() for match in _QUOTES.finditer(text) if len(match[1].strip()) >= MIN_QUOTED]
    shown: dict[int, tuple[int, int]] = {}  # index of an ask -> the quotation that it stands in
    for index, ask in enumerate(asks):
        found = next((span for span in spans if span[0] < ask.start and ask.end < span[1]), None)
        if found is not None and ask.region in _OWN_TEXT:
            shown[index] = found
    if len(set(shown.values())) >= MANY and len({asks[index].kind for index in shown} - _HARMLESS) >= MANY:
        speaks |= _OWN_TEXT  # a collection: who lures wants one thing
    return tuple(
        replace(ask, region=Region.QUOTED) if index in shown and ask.region in speaks else ask
        for index, ask in enumerate(asks)
    ), signs


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
    often = len({sign.words for sign in warnings}) >= MANY
    if any(ask.kind not in _HARMLESS and not _is_advice(ask) and not (often and _is_login(ask)) for ask in live):
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


def _is_login(ask: Ask) -> bool:
    """« connectez-vous à votre compte en tapant vous-même l'adresse »: advice of who warns again and again."""
    return ask.kind is AskKind.CREDENTIALS and ask.words.startswith(_LOGIN)
