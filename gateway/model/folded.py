"""One folded text for all rules: lower-case ASCII, tricks undone, regions marked, the way back to the original kept.

The text is the regions' texts one after the other, joined by "\\n"; inside a region white space is one blank and line
ends of the source that part sentences or blocks are "\\n" too, so that a gap can't run from one block to the next
unless a rule allows it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Region(StrEnum):
    """Where a piece of text stands."""

    SUBJECT = "subject"
    VISIBLE = "visible"  # what the author says now, and the reader sees
    QUOTED = "quoted"  # replies, forwarded text, message/rfc822, banners
    HIDDEN = "hidden"  # in the bytes, not before the eyes
    ATTACHMENT = "attachment"  # text found inside attachments
    FILENAME = "filename"  # names of attachments


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch [start, end) of the folded text in one region."""

    region: Region
    start: int
    end: int


def _no_origin(start: int, end: int) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """The folded text of a whole message."""

    text: str = ""
    spans: tuple[Span, ...] = ()
    # what stood in the message where folded [start, end) stands: computed when asked, for reasons and the readable page
    origin: Callable[[int, int], str] = field(default=_no_origin, compare=False, repr=False)

    def region(self, *regions: Region) -> str:
        """The text of these regions, joined by a line end."""
        return "\n".join(self.text[s.start : s.end] for s in self.spans if s.region in regions)

    def region_at(self, position: int) -> Region | None:
        """Which region a position lies in."""
        return next((s.region for s in self.spans if s.start <= position < s.end), None)
