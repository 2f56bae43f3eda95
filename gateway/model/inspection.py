"""What an inspector found inside one part: plain data, validated when it comes back from its process."""

from dataclasses import dataclass

from gateway.model.content_facts import AttachmentFlag, LinkSource


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLink:
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
    links: tuple[FoundLink, ...] = ()
    unchecked: str = ""  # cause when it could not be read: "timeout", "crash", "too_large", "absent", "too_many"
