"""Whether an author says a thing or only shows it: lures quoted word for word by who warns of them or reports them.

A warning says « Exemple reçu : "Confirmez votre carte Vitale" »: the ask stands between quotation marks, in a text that
warns or reports. Such an ask is kept, in the region QUOTED, so that rules on what the author wants don't see it.
"""

import re
from dataclasses import replace

from gateway.model.content_facts import Ask, Sign, SignKind
from gateway.model.folded import Region

MIN_QUOTED = 12  # « Confirmer » is the name of a button, not a quoted sentence
MAX_QUOTED = 600
_QUOTES = re.compile(rf'"[^"\n]{{{MIN_QUOTED},{MAX_QUOTED}}}"')


def quoted_by_the_author(
    text: str, asks: tuple[Ask, ...], signs: tuple[Sign, ...]
) -> tuple[tuple[Ask, ...], tuple[Sign, ...]]:
    """Move asks that the author only shows to the region QUOTED; needs a sign of warning or report beside them."""
    speaks = frozenset(s.region for s in signs if s.kind in (SignKind.WARNING, SignKind.REPORT))
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
