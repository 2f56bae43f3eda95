"""The texts of a message, decoded and read, before they are folded: what `parsing` hands to `content`."""

from dataclasses import dataclass, field
from enum import StrEnum

from gateway.model.content_facts import FormFlag
from gateway.model.folded import Folded
from gateway.model.html_reading import HtmlImage, HtmlLink, HtmlReading
from gateway.model.message import Finding


class TextKind(StrEnum):
    """What a text was written as."""

    PLAIN = "plain"
    HTML = "html"
    CALENDAR = "calendar"


class TextPlace(StrEnum):
    """What the reader takes a text for."""

    BODY = "body"  # shown when the message is opened
    ATTACHMENT = "attachment"  # opened by a click
    ATTACHED_MESSAGE = "attached_message"  # below a message/rfc822


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """The text of one leaf."""

    part_index: int  # index in Message.leaves; -1 for text that stands in no leaf (stray header lines, inner messages)
    kind: TextKind
    place: TextPlace
    text: str = ""  # decoded; of HTML, what `html.visible` says
    html: HtmlReading | None = None
    alternative: int = -1  # parts of one multipart/alternative have one number


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """All texts of one message."""

    subject: str = ""
    parts: tuple[TextPart, ...] = ()  # in order of the bytes
    filenames: tuple[str, ...] = ()
    inner_subjects: tuple[str, ...] = ()  # subjects of attached messages
    findings: frozenset[Finding] = frozenset()  # beyond the message's own


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReading:
    """The folded text of a message and what its form gives away."""

    folded: Folded = field(default_factory=Folded)
    form: frozenset[FormFlag] = frozenset()
    html: tuple[HtmlReading, ...] = ()  # of the parts shown when the message is opened
    attached_html: tuple[HtmlReading, ...] = ()  # of HTML attachments and attached messages
    headings: tuple[str, ...] = ()  # folded: title, h1 to h3, first lines
    visible: str = ""  # not folded: what the author says now, for text links and numbers
    pictured: int = 0  # characters at the end of `visible` that stand for pictures
    quoted: str = ""  # not folded
    hidden: str = ""  # not folded
    links: tuple[HtmlLink, ...] = ()  # of the shown HTML parts, what the author says now
    quoted_links: tuple[HtmlLink, ...] = ()
    images: tuple[HtmlImage, ...] = ()
    has_quote: bool = False
    is_forward: bool = False
    findings: frozenset[Finding] = frozenset()  # all of reading's: the message's, the texts', its own
