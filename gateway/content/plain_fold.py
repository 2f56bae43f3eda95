"""Folding of short strings: names, host labels, aliases. Whole texts are folded by `folding.py`, offsets kept."""

from functools import lru_cache

from gateway.content.folding import fold

MAX_SHORT = 512
# What is part of no word, as a blank; the second table parts words at `@` and `.` too.
_BLANKED = {code: 32 for code in range(128) if not (chr(code).isalnum() or chr(code) in "@.")}
_PARTED = _BLANKED | {ord("@"): 32, ord("."): 32}
_SINGLES = 4  # letters standing alone from which on folding may join them


def fold_short(text: str) -> str:
    """A short string folded: words of `a-z0-9` with one blank between; `@` and `.` are kept. Cut at 512 characters."""
    return _fold_cut(text[:MAX_SHORT])


def fold_words(text: str) -> tuple[str, ...]:
    """The words of a short string, folded; `@` and `.` part words too."""
    return _words_of(text[:MAX_SHORT])


# What is remembered is cut first: a cache of whole hostile texts would be a way to fill the memory.
@lru_cache(maxsize=8192)
def _fold_cut(text: str) -> str:
    return " ".join(fold(text).translate(_BLANKED).split())


@lru_cache(maxsize=8192)
def _words_of(text: str) -> tuple[str, ...]:
    if text.isascii() and text.isprintable():
        words = text.lower().translate(_PARTED).split()
        if len(words) < _SINGLES or len([word for word in words if len(word) == 1]) < _SINGLES:
            return tuple(words)  # as folding would, but for letters that stand alone
    return tuple(_fold_cut(text).replace("@", " ").replace(".", " ").split())
