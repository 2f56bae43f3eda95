"""What an inspector found inside one part: plain data, validated when it comes back from its process."""

from dataclasses import dataclass
from typing import NamedTuple

from gateway.model.content_facts import AttachmentFlag, LinkSource

INSPECTION_CAUSES = frozenset(
    {
        "timeout",
        "crash",  # the process died, or answered nonsense
        "absent",  # no process could be had
        "too_large",
        "too_many",
        "encrypted",
        "unsupported",  # a format that no reader opens
        "unreadable",  # broken, or not what it says it is
    }
)


class FoundLink(NamedTuple):  # a newsletter has two hundred: tuples are made and compared several times as fast
    """A link inside a part: as written, with the text it shows."""

    source: LinkSource
    href: str
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedPart:
    """One leaf of the message, inspected."""

    part_index: int  # index in Message.leaves
    true_type: str = "unknown"
    flags: frozenset[AttachmentFlag] = frozenset()
    text: str = ""  # readable text, capped
    quoted: str = ""  # readable text that somebody else wrote: of an attached mail
    links: tuple[FoundLink, ...] = ()
    unchecked: str = ""  # cause when it could not be read: see INSPECTION_CAUSES
