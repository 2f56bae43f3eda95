"""The Public Suffix List as the `publicsuffixlist` package carries it, read once for all rooms: no network.

Read on import, some 30 ms a reading, so that no message waits for it.
"""

import copy
from typing import Final

from publicsuffixlist import PublicSuffixList

ALL: Final = PublicSuffixList()  # a top level that it doesn't know is a suffix of one label
REGISTRIES: Final = PublicSuffixList(only_icann=True)  # without the section of private operators


def _without_unknown() -> PublicSuffixList:
    """The same reading; a top level that it doesn't know is none."""
    known = copy.copy(ALL)
    known.accept_unknown = False
    return known


KNOWN: Final = _without_unknown()
