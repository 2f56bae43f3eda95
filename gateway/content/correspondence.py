"""The author of today against who is quoted below: the same person or firm, at a domain of another owner.

A fact, never a judgement: firms are renamed, people write from two domains. What is quoted is hostile text, and is
looked at in so many characters and so many addresses.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rapidfuzz.distance import OSA

from gateway.content.plain_fold import fold_words
from gateway.content.registrable import registered_label
from gateway.content.words import PLACE_WORDS, is_filler, is_rare, word_set
from gateway.model.address import Mailbox
from gateway.model.domain import DomainName, parse_domain

MAX_TEXT = 30_000
MAX_ADDRESSES = 40
_MAX_LOCAL, _MAX_HOST, _MAX_NAME = 64, 120, 80
_LOCAL = re.compile(r"[A-Za-z0-9._%+-]{1,64}\Z")
_HOST = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_LEAST = 6  # letters of a word, or a label, that names a firm
_LONG = 10  # letters from which on two may differ
_TRADES = PLACE_WORDS | word_set(
    """
    courtage courtier courtiers conseil conseils notaire notaires notarial avocat avocats clinique opticien opticiens
    optique laboratoire laboratoires dentaire dentaires associes etude huissiers ambulance ambulances centre audition
    audio technologies technologie digital industrie industries services entreprise entreprises transport transports
    international
    """
)


class ShownAddress(NamedTuple):
    """An address that stands in quoted text, and the name before it."""

    name: tuple[str, ...]
    local: str
    domain: DomainName


def is_quoted_elsewhere(quoted: str, author: Mailbox, name: str, is_other: Callable[[DomainName], bool]) -> bool:
    """Whether `quoted` shows the author's name, local part or firm at a domain for which `is_other` holds."""
    if author.domain is None or "@" not in quoted:
        return False
    words = fold_words(name)
    return any(
        is_other(found.domain)
        and (_same_person(found, author, words) or _same_firm(found.domain, author.domain, words))
        for found in addresses_in(quoted[:MAX_TEXT])
    )


def addresses_in(text: str) -> Iterator[ShownAddress]:
    """The first addresses of a text. Each costs a bounded look to both sides of its `@`."""
    place = -1
    for _ in range(MAX_ADDRESSES):
        place = text.find("@", place + 1)
        if place < 0:
            return
        local = _LOCAL.search(text, max(0, place - _MAX_LOCAL), place)
        host = _HOST.match(text, place + 1, place + 1 + _MAX_HOST)
        domain = parse_domain(host[0].lower()) if host else None
        if local is None or domain is None:
            continue
        before = text[max(0, local.start() - _MAX_NAME) : local.start()].rpartition("\n")[2]
        yield ShownAddress(fold_words(before.rstrip("<[(\"' ")), local[0].lower(), domain)


def _same_person(found: ShownAddress, author: Mailbox, words: tuple[str, ...]) -> bool:
    """The same local part that is a person's, or a first and a last name of the author's before the other address."""
    spoken = [word for word in fold_words(found.local) if not is_filler(word)]
    if found.local == author.local.lower() and any(len(word) >= 4 for word in spoken):
        return True
    named = [word for word in words if not is_filler(word)]
    return len(named) >= 2 and named[0] in found.name and named[1] in found.name


def _same_firm(one: DomainName, other: DomainName, words: tuple[str, ...]) -> bool:
    """Whether two domains bear one firm's name: a letter apart, a word added, or the author's name spells the other."""
    first, second = registered_label(one), registered_label(other)
    a, b = first.replace("-", ""), second.replace("-", "")
    shorter = min(len(a), len(b))
    if shorter >= _LEAST and OSA.distance(a, b, score_cutoff=2) <= (2 if shorter >= _LONG else 1):
        return True
    if any(word in b for word in _naming(first)) or any(word in a for word in _naming(second)):
        return True
    return len(a) >= _LEAST and len(words) >= 2 and a in "".join(words)


def _naming(label: str) -> list[str]:
    """The words of a label that name its owner."""
    return [word for word in label.split("-") if len(word) >= _LEAST and is_rare(word) and word not in _TRADES]
