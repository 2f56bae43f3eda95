"""Which of many URLs say anything beyond their host: one look over all their paths and queries at once.

Over-estimates: what is told apart here is read closely by `links`, and nearly all links of a newsletter are not.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from ahocorasick_rs import BytesAhoCorasick

from gateway.content.folding import may_be_spaced
from gateway.content.redirects import CODE_PATHS

DOWNLOADS = (
    "zip", "rar", "7z", "gz", "tgz", "tar", "cab", "iso", "img", "vhd", "vhdx", "dmg", "exe", "msi", "msix", "scr",
    "pif", "bat", "cmd", "ps1", "vb", "vbs", "vbe", "js", "jse", "wsf", "hta", "lnk", "jar", "apk", "appx", "docm",
    "xlsm", "pptm", "xll", "reg", "url", "chm", "scf", "library-ms", "search-ms",
)  # fmt: skip
LEAVING = ("unsub", "desabonn", "desinscri", "optout", "opt-out", "list-manage", "preference", "abmelden")
# One of these stands in every URL that holds another (`redirects.embedded_target`).
_HOLDING = ("http", "www.", "-3a__", "ahr0c", "/amp/")
_GRANTING = ("device", "adminconsent", "/oauth")  # one of these stands where an account lets somebody in
_LOWER = bytes(code + 32 if 65 <= code <= 90 else code for code in range(256))


class Telling:
    """Looks over paths for marks of anything that `links` tells of them."""

    def __init__(self, brands: Iterable[str]) -> None:
        marks = {*LEAVING, "leave", *_HOLDING, *_GRANTING, *CODE_PATHS, *("." + name for name in DOWNLOADS), *brands}
        self._find = BytesAhoCorasick([mark.encode() for mark in sorted(marks)]).find_matches_as_indexes

    def among(self, rests: Sequence[str]) -> frozenset[int]:
        """The numbers of those that may tell something; characters beyond printable ASCII always do."""
        joined = " ".join(rests)
        if not (joined.isascii() and joined.isprintable()):
            odd = {index for index, rest in enumerate(rests) if not (rest.isascii() and rest.isprintable())}
            return self.among(["" if index in odd else rest for index, rest in enumerate(rests)]) | odd
        raw = joined.encode("ascii").translate(_LOWER)
        if may_be_spaced(raw):
            return frozenset(range(len(rests)))
        starts = list(accumulate((len(rest) + 1 for rest in rests), initial=0))
        return frozenset(bisect_right(starts, start) - 1 for _, start, _ in self._find(raw))
