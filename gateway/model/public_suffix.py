"""The Public Suffix List as the `publicsuffixlist` package carries it, read once for all rooms: no network.

Read on import, so that no message waits for it. The package would turn each of 8000 rules into A-labels, which doubles
what a reading costs: only those are turned that need it.
"""

import copy
from pathlib import Path
from typing import Final

from publicsuffixlist import PSLFILE, PublicSuffixList, encode_idn


def _rules() -> list[str]:
    """The lines of the list, with one more for each rule that isn't ASCII: its A-labels."""
    lines: list[str] = []
    for line in Path(PSLFILE).read_text(encoding="utf-8").splitlines():
        if line and (line[:2] != "//" or "===" in line):  # comments out, but for those that begin and end a section
            lines.append(line)
            if not line.isascii() and line[:2] != "//":
                rule = line.lower().split(" ")[0].rstrip()
                name = rule.lstrip("!")
                lines.append(rule[: len(rule) - len(name)] + encode_idn(name))
    return lines


_RULES = _rules()
ALL: Final = PublicSuffixList(_RULES, accept_encoded_idn=False)  # a top level it doesn't know is a suffix of one label
REGISTRIES: Final = PublicSuffixList(_RULES, accept_encoded_idn=False, only_icann=True)  # no private operators' section
del _RULES


def _without_unknown() -> PublicSuffixList:
    """The same reading; a top level that it doesn't know is none."""
    known = copy.copy(ALL)
    known.accept_unknown = False
    return known


KNOWN: Final = _without_unknown()
