"""What is found inside one part, gathered while files inside files are read, and what may still be spent on it."""

from dataclasses import dataclass, field

from gateway.inspection.limits import MAX_HREF, MAX_LINKS, MAX_SHOWN, TEXT_LETTERS, ReadLimits
from gateway.model.content_facts import AttachmentFlag, LinkSource
from gateway.model.inspection import FoundLink
from gateway.model.true_type import UNKNOWN

MAX_PICTURES = 12  # looked at for codes, per part


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAtHand:
    """One file: the part itself, or one inside it. `depth` counts archives around it, `inside` all containers."""

    data: bytes
    name: str = ""
    declared: str = ""  # content type as written, lower case
    depth: int = 0
    inside: int = 0


class UnreadableFileError(Exception):
    """The file is not what it says it is, or breaks off: readers raise it, the text is never taken from the file."""


@dataclass(slots=True)
class Reading:
    """Gathers findings; every `add` is bounded, so that readers need not count."""

    limits: ReadLimits
    covered: bool = False  # the worker has read this part's own text and links already
    true_type: str = UNKNOWN
    flags: set[AttachmentFlag] = field(default_factory=set)
    links: dict[tuple[LinkSource, str, str], None] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    unchecked: str = ""
    unpacked: int = 0
    members: int = 0
    pictures: int = 0
    letters: int = 0
    waiting: list[FileAtHand] = field(default_factory=list)

    def flag(self, *flags: AttachmentFlag) -> None:
        """Note flags."""
        self.flags.update(flags)

    def link(self, source: LinkSource, href: str, shown: str = "") -> None:
        """Note a link, as written."""
        href = href.strip()
        if href and href[0] != "#" and len(self.links) < MAX_LINKS:
            self.links[source, clean(href[:MAX_HREF]), clean(shown[:MAX_SHOWN])] = None

    def say(self, text: str, *, quoted: bool = False) -> None:
        """Note readable text; `quoted` is what somebody else wrote (an attached mail)."""
        room = TEXT_LETTERS - self.letters
        text = text.strip() if len(text) < 4 * TEXT_LETTERS else text[: 4 * TEXT_LETTERS].strip()
        if room > 0 and text:
            piece = clean(text[:room])
            self.letters += len(piece)
            (self.quoted if quoted else self.text).append(piece)

    def doubt(self, cause: str) -> None:
        """Note why not all of it was read; the first cause stays."""
        self.unchecked = self.unchecked or cause

    def bomb(self) -> None:
        """Something grows beyond the limits."""
        self.flags.add(AttachmentFlag.BOMB)
        self.doubt("too_large")

    def open(
        self, outer: FileAtHand, data: bytes, name: str = "", declared: str = "", *, archive: bool = False
    ) -> None:
        """Read `data`, a file that stands inside `outer`, once `outer` is done."""
        depth = outer.depth + archive
        if not data:
            return
        if outer.inside >= 6 or len(self.waiting) > 2000:
            self.bomb()
            return
        self.waiting.append(FileAtHand(data=data, name=name, declared=declared, depth=depth, inside=outer.inside + 1))

    def room_to_unpack(self) -> int:
        """Bytes that may still be unpacked."""
        return max(0, self.limits.unpacked_bytes - self.unpacked)

    def found_links(self) -> tuple[FoundLink, ...]:
        """The links as nouns."""
        return tuple(FoundLink(source=source, href=href, shown=shown) for source, href, shown in self.links)


def clean(text: str) -> str:
    """Text that JSON and the folder can carry: no NUL, no lone surrogate."""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
