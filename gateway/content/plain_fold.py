"""Folding of short strings: names, host labels, aliases. Whole texts are folded by `folding.py`, offsets kept.

Lower-case ASCII, accents off, letters of other alphabets that look Latin made Latin, invisible characters dropped,
everything else one blank.
"""

import re
import unicodedata
from functools import lru_cache

# Letters of other alphabets that are allowed in host names or seen in display names and look like a Latin one.
_LOOKS = {
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "ѕ": "s", "і": "i", "ј": "j", "һ": "h",
    "ԁ": "d", "ԛ": "q", "ԝ": "w", "в": "b", "м": "m", "н": "h", "т": "t", "к": "k", "г": "r", "ӏ": "l", "п": "n",
    "ь": "b", "ш": "w", "з": "3", "ɑ": "a", "α": "a", "ο": "o", "ρ": "p", "ν": "v", "ι": "i", "κ": "k", "τ": "t",
    "υ": "u", "χ": "x", "ε": "e", "η": "n", "μ": "u", "ω": "w", "β": "b", "γ": "y", "ı": "i", "ɡ": "g", "ɩ": "i",
    "ℓ": "l", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "p", "ð": "d",
    "ո": "n", "օ": "o", "ս": "u", "ք": "p", "հ": "h", "գ": "q", "ɢ": "g", "ɪ": "i", "ʟ": "l", "ɴ": "n", "ʀ": "r",
    "ᴀ": "a", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ᴊ": "j", "ᴋ": "k", "ᴍ": "m", "ᴏ": "o", "ᴘ": "p", "ᴛ": "t", "ᴜ": "u",
    "ᴠ": "v", "ᴡ": "w", "ᴢ": "z", "ѵ": "v", "ԍ": "g", "ҽ": "e", "ӓ": "a", "ѡ": "w", "’": "'", "‘": "'", "ʼ": "'",
}  # fmt: skip
_TABLE = str.maketrans(_LOOKS)
_NOT_WORD = re.compile(r"[^a-z0-9@.]+")


@lru_cache(maxsize=8192)
def fold_short(text: str) -> str:
    """A short string folded: words of `a-z0-9` with one blank between; `@` and `.` are kept. Cut at 512 characters."""
    text = text[:512]
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.lower().translate(_TABLE)).translate(_TABLE)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cf", "Cc"))
    return _NOT_WORD.sub(" ", text.lower()).strip()


@lru_cache(maxsize=8192)
def fold_words(text: str) -> tuple[str, ...]:
    """The words of a short string, folded; `@` and `.` part words too."""
    return tuple(fold_short(text).replace("@", " ").replace(".", " ").split())


def is_mixed(text: str) -> bool:
    """Whether one word of a short string mixes Latin with letters that only look so."""
    return not text.isascii() and any(
        any("a" <= c <= "z" for c in word) and any(c in _LOOKS and ord(c) > 0x24F for c in word)
        for word in text.lower().split()
    )
