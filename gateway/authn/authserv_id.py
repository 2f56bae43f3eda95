"""Whose Authentication-Results field is it? (RFC 8601 §2.2, §5): ours must go, whatever spelling a forger gave it."""

import binascii
import re
from functools import lru_cache

from gateway.authn.results_text import read_statements
from gateway.model.domain import parse_domain
from gateway.model.message import HeaderField

MAX_READ = 4096  # bytes of the value in which the identifier must have ended
MAX_WORDS = 60
_WORD = re.compile(r"=\?([^?]{0,60})\?([bBqQ])\?(.*?)\?=", re.DOTALL)
_GAP = re.compile(r"\?=\s{1,80}=\?")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
# Charsets in which ASCII letters are their own octets, or those with NULs between; in others our id can't be seen.
_PLAIN_CHARSET = re.compile(
    r"(?:utf-?(?:8|16|32)|us-ascii|ascii|latin|iso-?8859|windows-125|cp125|koi8|gb|big5|euc|shift_jis|iso-2022|ks_c)",
    re.IGNORECASE,
)
_PLAIN = re.compile(rb"[ \t\r\n]*([A-Za-z0-9._-]{1,253})[ \t\r\n]*(?:[0-9]{1,4}[ \t\r\n]*)?;")
_DOTS = str.maketrans({"。": ".", "．": ".", "｡": "."})
_HIDDEN = re.compile(r"[\x00-\x1f\x7f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


@lru_cache(maxsize=256)
def _normal(text: str) -> str:
    """An identifier as two spellings of it compare equal."""
    text = _HIDDEN.sub("", text).translate(_DOTS).strip().rstrip(".")
    return parse_domain(text) or text.casefold()


def is_ours(field: HeaderField, authserv_id: str) -> bool:
    """Whether the field claims to be written under our authserv-id: any case, folding, quotes, comments, version,
    trailing dot, U- or A-labels. One that hides our id in encoded words is ours, and one too broken to read when our id
    stands in it. Fields of any other name never are: what ARC recorded under our id belongs to its chain
    (RFC 8617 §4.1.1)."""
    if field.name != "authentication-results":
        return False
    ours = _normal(authserv_id)
    plain = _PLAIN.match(field.value)
    if plain is not None:  # nearly all there are
        return plain[1].decode("ascii").lower().rstrip(".") == ours
    text = field.value[:MAX_READ].decode("utf-8", "replace").replace("\r\n", "")
    return _names_ours(text, ours, len(field.value) > MAX_READ)


def _names_ours(text: str, ours: str, cut: bool) -> bool:
    """Whether one reading of a value names `ours` as its author; `cut`: it went on behind what was read."""
    statements = read_statements(text, most=3)
    if statements is None:  # nobody honest writes so much before the first semicolon
        return cut or _hides(text, ours) or ours in _HIDDEN.sub("", text).casefold()
    if cut and ";" not in text:
        return True
    # an empty statement or an instance (RFC 8617) before the identifier has no place here; some reader may skip it
    named = [words for words in statements if words and not "".join(words).startswith("i=")]
    words = named[0] if named else []
    if "=?" in "".join(words) and _hides(text, ours):
        return True
    spellings = {*words[:1], "".join(words), "".join(words[:-1])}
    return any(_begins_with(_normal(spelling), ours) for spelling in spellings if spelling)


def _hides(text: str, ours: str) -> bool:
    """Whether our id stands anywhere in the encoded words of a value. They have no place in an id (RFC 8601 §2.2) and
    readers differ in what they make of them, but real mail has whole fields that some relay has encoded."""
    if text.count("=?") > MAX_WORDS:
        return True
    odd = False

    def decoded(match: re.Match[str]) -> str:
        nonlocal odd
        odd = odd or _PLAIN_CHARSET.match(match[1]) is None
        data = match[3].encode("utf-8")
        if match[2] in "qQ":
            return binascii.a2b_qp(data, header=True).decode("utf-8", "replace")
        letters = _NOT_BASE64.sub(b"", data)
        raw = binascii.a2b_base64(letters[: len(letters) - (len(letters) % 4 == 1)] + b"===")
        return raw.decode("utf-8", "replace")

    shown = _WORD.sub(decoded, _GAP.sub("?==?", text))
    return odd or ours in _HIDDEN.sub("", shown).translate(_DOTS).casefold()


def _begins_with(spelling: str, ours: str) -> bool:
    """Whether a word is our id, or our id and something that can't belong to a name."""
    if not spelling.startswith(ours):
        return False
    rest = spelling[len(ours) :]
    return not rest or not (rest[0].isalnum() or rest[0] in "-_" or (rest[0] == "." and rest[1:2].isalnum()))
