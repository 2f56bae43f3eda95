"""What is found inside one part, gathered while files inside files are read, and what may still be spent on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.inspection.limits import MAX_HREF, MAX_LINKS, MAX_SHOWN, TEXT_LETTERS, ReadLimits
from gateway.model.content_facts import AttachmentFlag, LinkSource
from gateway.model.inspection import FoundLink
from gateway.model.true_type import UNKNOWN, class_of_name

MAX_PICTURES = 12  # looked at for codes, per part
MAX_INSIDE = 6  # containers of any kind around a file


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

    def too_large(self) -> None:
        """Something is more than the limits allow: not all of it was read. Honest files may be so."""
        self.doubt("too_large")

    def bomb(self) -> None:
        """Something grows beyond the limits as only a made file does: by ratio, nesting, count or pixels."""
        self.flags.add(AttachmentFlag.BOMB)
        self.doubt("too_large")

    def take_member(self) -> bool:
        """Count one member of an archive; False past the limit."""
        self.members += 1
        if self.members <= self.limits.archive_members:
            return True
        self.doubt("too_many")
        return False

    def take_bytes(self, count: int) -> bool:
        """Count bytes unpacked; False when they are too many."""
        if count > self.room_to_unpack():
            self.too_large()
            return False
        self.unpacked += count
        return True

    def may_open(self, file: FileAtHand, inner_names: Iterable[str] | None = None) -> bool:
        """Whether an archive's members may be read; where it lies too deep, whether its names hold yet another decides
        between a bomb and a doubt."""
        if file.depth < self.limits.archive_depth:
            return True
        self.flag(AttachmentFlag.NESTED_ARCHIVE)
        if inner_names is None or any(class_of_name(name) == "archive" for name in inner_names):
            self.bomb()
        else:
            self.too_large()
        return False

    def open(
        self, outer: FileAtHand, data: bytes, name: str = "", declared: str = "", *, archive: bool = False
    ) -> None:
        """Read `data`, a file that stands inside `outer`, once `outer` is done."""
        depth = outer.depth + archive
        if not data:
            return
        if outer.inside >= MAX_INSIDE:
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
