"""Folding of short strings: names, host labels, aliases. Whole texts are folded by `folding.py`, offsets kept."""

import re
from functools import lru_cache

from gateway.content.folding import fold

MAX_SHORT = 512
_NOT_WORD = re.compile(r"[^a-z0-9@.]+")


@lru_cache(maxsize=8192)
def fold_short(text: str) -> str:
    """A short string folded: words of `a-z0-9` with one blank between; `@` and `.` are kept. Cut at 512 characters."""
    return _NOT_WORD.sub(" ", fold(text[:MAX_SHORT])).strip()


@lru_cache(maxsize=8192)
def fold_words(text: str) -> tuple[str, ...]:
    """The words of a short string, folded; `@` and `.` part words too."""
    return tuple(fold_short(text).replace("@", " ").replace(".", " ").split())
