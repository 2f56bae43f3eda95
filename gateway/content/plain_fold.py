"""Folding of short strings: names, host labels, aliases. Whole texts are folded by `folding.py`, offsets kept."""

import re
from functools import lru_cache

from gateway.content.folding import fold

MAX_SHORT = 512
_NOT_WORD = re.compile(r"[^a-z0-9@.]+")


def fold_short(text: str) -> str:
    """A short string folded: words of `a-z0-9` with one blank between; `@` and `.` are kept. Cut at 512 characters."""
    return _fold_cut(text[:MAX_SHORT])


def fold_words(text: str) -> tuple[str, ...]:
    """The words of a short string, folded; `@` and `.` part words too."""
    return _words_of(text[:MAX_SHORT])


# What is remembered is cut first: a cache of whole hostile texts would be a way to fill the memory.
@lru_cache(maxsize=8192)
def _fold_cut(text: str) -> str:
    return _NOT_WORD.sub(" ", fold(text)).strip()


@lru_cache(maxsize=8192)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(_fold_cut(text).replace("@", " ").replace(".", " ").split())
