"""What the walk over an HTML text gathers: texts by place, links, pictures, forms, headings."""

from gateway.model.html_reading import HtmlImage
from gateway.parsing.html_strip import strip_html

MAX_LINKS = 2000
MAX_IMAGES = 500
MAX_FORMS = 50
MAX_HEADINGS = 50
MAX_FIELDS = 50  # of one form
MAX_COMMENTS = 16384  # characters of comments kept as hidden text
# Stand in the text while it is put together, where a link begins and where a block does; taken out of what comes in.
MARK = "\ue00f"
BREAK = "\ue010"
# Text that markup shows from right to left is written between the marks that say so: folding undoes both alike.
TURN, TURN_END = "\u202e", "\u202c"

BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
        "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
        "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody",
        "td", "tfoot", "th", "thead", "tr", "ul", "caption", "optgroup", "title",
    }
)  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3"})
UNSEEN = frozenset(
    {"script", "style", "template", "iframe", "noframes", "noembed", "head", "datalist", "audio", "video"}
)
FIELDS = frozenset({"input", "select", "textarea", "button"})
SPECIAL = frozenset({"a", "area", "img", "form", "-comment"}) | FIELDS | HEADINGS | UNSEEN

Attributes = dict[str, str | None]


class Found:
    """What was found; its lists belong to the walk that fills them."""

    def __init__(self) -> None:
        self.visible: list[str] = []
        self.quoted: list[str] = []
        self.hidden: list[str] = []
        self.comments = 0
        self.links: list[tuple[str, str, bool, bool]] = []  # href, title, visible, quoted
        self.link_texts: list[list[str]] = []
        self.link_alts: list[list[str]] = []
        self.images: list[HtmlImage] = []
        self.alternatives: list[str] = []
        self.headings: list[list[str]] = []
        self.actions: list[str] = []
        self.inputs: dict[int, list[str]] = {}
        self.scripts = 0
        self.split_words = 0
        self.title = ""
        self.base = ""
        self.refresh = ""
        self.truncated = False

    def take_comment(self, text: str) -> None:
        """Keep a comment as hidden text."""
        if text and self.comments < MAX_COMMENTS:
            # conditional comments hold markup: tags out, the rest is text that some reader shows
            text = strip_html(text[: MAX_COMMENTS - self.comments]).visible if "<" in text else text
            self.comments += len(text)
            self.hidden += (BREAK, text.replace("\n", BREAK), BREAK)

    def take_frame(self, source: str | None) -> None:
        """Keep the page that a frame loads as a link."""
        if source and len(self.links) < MAX_LINKS:
            self.links.append((source.strip(), "", False, False))
            self.link_texts.append([])
            self.link_alts.append([])

    def take_link(self, attributes: Attributes, hides: bool, quoted: bool, out: list[str]) -> int:
        """Keep what `href` leads to, and mark its place; its number, or -1."""
        if len(self.links) >= MAX_LINKS:
            self.truncated = True
            return -1
        href = (attributes["href"] or "").strip()
        if not href or href[0] == "#":
            return -1
        self.links.append((href, (attributes.get("title") or "")[:200], not hides, quoted))
        self.link_texts.append([])
        self.link_alts.append([])
        out.append(MARK)
        return len(self.links) - 1

    def take_image(self, attributes: Attributes, hides: bool, link: int) -> None:
        """Keep a picture, and what it says for the link it stands in."""
        alt = attributes.get("alt") or ""
        if alt:
            alt = " ".join(alt[:500].split())
        if len(self.images) < MAX_IMAGES:
            source = (attributes.get("src") or "").strip()
            self.images.append(
                HtmlImage(
                    source if not source.startswith("data:") else source[:64],
                    alt,
                    _number(attributes.get("width")),
                    _number(attributes.get("height")),
                )
            )
        if alt and not hides:
            self.alternatives.append(alt)
            if link >= 0:
                self.link_alts[link].append(alt)
        elif link >= 0:
            self.link_alts[link].append("")

    def take_heading(self, outer: int) -> int:
        """The number of the heading that begins; the one around it (or -1) where there are too many."""
        if len(self.headings) >= MAX_HEADINGS:
            return outer
        self.headings.append([])
        return len(self.headings) - 1

    def take_form(self, attributes: Attributes) -> int:
        """Keep where a form sends to; its number, or -1."""
        if len(self.actions) >= MAX_FORMS:
            return -1
        self.actions.append((attributes.get("action") or "").strip())
        return len(self.actions) - 1

    def take_field(self, tag: str, attributes: Attributes, hides: bool, form: int, out: list[str]) -> None:
        """Keep a field of a form, and the words it shows."""
        kind = (attributes.get("type") or tag).lower()
        if kind == "hidden":
            return
        fields = self.inputs.setdefault(form, [])
        if len(fields) < MAX_FIELDS:
            words = [kind, *(attributes.get(name) or "" for name in ("name", "id", "placeholder", "autocomplete"))]
            fields.append(" ".join(word for word in words if word).lower()[:200])
        if kind in ("submit", "button", "reset") and attributes.get("value") and not hides:
            out += (" ", attributes["value"] or "", " ")
        elif attributes.get("placeholder") and not hides:
            out += (" ", attributes["placeholder"] or "", " ")


def close_turn(out: list[str]) -> bool:
    """End what is shown in reverse; where nothing stands in it, take its beginning out instead: then False."""
    if out[-1] is TURN:
        out.pop()
        return False
    out.append(TURN_END)
    return True


def _number(text: str | None) -> int:
    if text is None:
        return -1
    digits = text.strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else -1
