"""What an HTML text shows, hides, links to and asks for, as plain data."""

from dataclasses import dataclass
from typing import NamedTuple


class HtmlLink(NamedTuple):  # a newsletter has a hundred: a tuple is made four times as fast as a frozen dataclass
    """One thing that leads elsewhere when clicked."""

    href: str  # as written, entities decoded, blanks around it removed
    shown: str = ""  # its text (an image's alternative text when it has no other), white space single
    is_image: bool = False  # shows a picture and no words
    visible: bool = True
    title: str = ""
    offset: int = -1  # where in `HtmlReading.visible` it begins; -1 when it stands elsewhere


class HtmlImage(NamedTuple):
    """One picture."""

    src: str
    alt: str = ""
    width: int = -1  # as written in pixels, -1 when not stated
    height: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlForm:
    """One form, or the loose input fields of a page (`action` is "")."""

    action: str = ""
    has_password: bool = False
    inputs: tuple[str, ...] = ()  # names, kinds and prompts of its fields, lower case


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlReading:
    """One HTML text, read."""

    visible: str = ""  # blocks parted by "\\n"
    quoted: str = ""  # visible, but inside a quoted reply
    hidden: str = ""  # in the bytes, not before the eyes; comments too
    hidden_letters: int = 0  # characters of `hidden` that are no comment
    title: str = ""
    headings: tuple[str, ...] = ()  # h1 to h3, visible ones
    links: tuple[HtmlLink, ...] = ()  # what the author says now
    quoted_links: tuple[HtmlLink, ...] = ()
    images: tuple[HtmlImage, ...] = ()
    forms: tuple[HtmlForm, ...] = ()
    base: str = ""  # base href
    refresh: str = ""  # target of a meta refresh
    scripts: int = 0  # script elements and event handlers
    needless_entities: int = 0  # ASCII letters written as numbers
    split_words: int = 0  # words whose letters stand in several elements
    alternatives: str = ""  # alternative texts of pictures, visible ones, parted by "\\n"
    too_dangerous: bool = False  # the guard kept it from the parser: text and links come from the plain tag stripper
    truncated: bool = False
