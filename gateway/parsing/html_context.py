"""What an element of an HTML text hands down to those inside it as far as being seen goes: styles, inherited."""

from dataclasses import dataclass, field
from functools import lru_cache

from gateway.parsing.css import Rgb, Style, is_unreadable, read_color, read_style

WHITE: Rgb = (255, 255, 255)
_QUOTE_CLASSES = ("gmail_quote", "yahoo_quoted", "protonmail_quote", "zmail_extra", "mailcontent_quote")
_QUOTE_IDS = frozenset({"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "replymessage"})
# Attributes that say nothing of being seen, beside those that are looked at by name.
_PLAIN = frozenset(
    {
        "href", "src", "alt", "width", "height", "border", "cellpadding", "cellspacing", "align", "valign", "target",
        "title", "colspan", "rowspan", "role", "style", "class", "id", "rel", "lang", "dir", "name", "face", "size",
    }
)  # fmt: skip
_KEYED = _PLAIN | {"bgcolor", "color"}
SILENT = _PLAIN - {"style", "class", "id"}  # say nothing whatever they say


@dataclass(frozen=True, slots=True)
class Context:
    """What an element hands down to those inside it."""

    gone: bool = False
    invisible: bool = False
    tiny: bool = False
    clear: bool = False
    color: Rgb = (0, 0, 0)
    background: Rgb | None = WHITE  # None: a picture, nothing can be said
    quoted: bool = False

    hides: bool = field(init=False, default=False)  # whether text here is out of sight

    def __post_init__(self) -> None:
        unreadable = self.background is not None and is_unreadable(self.color, self.background)
        object.__setattr__(self, "hides", self.gone or self.invisible or self.tiny or self.clear or unreadable)


START = Context()
_context = lru_cache(maxsize=4096)(Context)


class Contexts:
    """The contexts of one text; what recurs, as in newsletters it does, is judged once."""

    def __init__(self, rules: dict[str, str]) -> None:
        self.rules = rules
        self._known: dict[tuple[object, ...], Context] = {}
        self._alive: list[Context] = []  # a context's identity stands in keys: none may go before the others

    def inside(self, tag: str, attributes: dict[str, str | None], context: Context) -> Context:
        """The context inside an element that stands in `context`; `context` itself where it changes nothing."""
        style, named, identity = attributes.get("style"), attributes.get("class"), attributes.get("id")
        odd = not _PLAIN.issuperset(attributes)
        if not (style or named or identity or odd or tag in self.rules):
            return context
        if odd and not _KEYED.issuperset(attributes):
            inner = self._enter(tag, attributes, context)
            self._alive.append(inner)
            return inner
        key = (tag, style, named, identity, attributes.get("bgcolor"), attributes.get("color"), id(context))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._enter(tag, attributes, context)
        return known

    def _enter(self, tag: str, attributes: dict[str, str | None], context: Context) -> Context:
        """The context inside an element: its own style over what it inherits."""
        styles: list[Style] = []
        rules = self.rules
        if rules:
            self._from_rules(tag, attributes, styles)
        inline = attributes.get("style")
        if inline:
            style = read_style(inline)
            if style is not None:
                styles.append(style)
        gone = context.gone or "hidden" in attributes
        quoted = context.quoted or _opens_quote(tag, attributes)
        color, background = context.color, context.background
        for name in ("bgcolor", "background", "color"):
            value = attributes.get(name)
            if value:
                if name == "background":
                    background = None
                elif name == "bgcolor":
                    background = read_color(value) or background
                elif tag in ("font", "basefont"):
                    color = read_color(value) or color
        same = gone == context.gone and quoted == context.quoted and color == context.color
        if same and not styles and background == context.background:
            return context
        invisible, tiny, clear = context.invisible, context.tiny, context.clear
        own_gone = False
        for style in styles:
            own_gone = (own_gone and not style.shown) or style.gone
            invisible = invisible if style.visible is None else not style.visible
            tiny = tiny if style.tiny is None else style.tiny
            if style.color is not None or style.clear:
                clear = style.clear
                color = style.color or color
            if style.background is not None:
                background = style.background
            elif style.unknown_background:
                background = None
        return _context(gone or own_gone, invisible, tiny, clear, color, background, quoted)

    def _from_rules(self, tag: str, attributes: dict[str, str | None], styles: list[Style]) -> None:
        rules = self.rules
        keys = ["*", tag]
        classes = attributes.get("class")
        if classes:
            for name in classes.lower().split()[:20]:
                keys += (f".{name}", f"{tag}.{name}")
        identity = attributes.get("id")
        if identity:
            identity = identity.lower()
            keys += (f"#{identity}", f"{tag}#{identity}")
        for key in keys:
            body = rules.get(key)
            if body is not None:
                style = read_style(body)
                if style is not None:
                    styles.append(style)


def _opens_quote(tag: str, attributes: dict[str, str | None]) -> bool:
    """Whether mail programs mark what they quote like this; whether it is a quote of a reply is judged later."""
    if tag == "blockquote":
        classes = attributes.get("class") or ""
        return (attributes.get("type") or "").lower() == "cite" or "gmail_quote" in classes or "cite" in attributes
    if tag == "div":
        named = attributes.get("class")
        if named and named.lower().startswith(_QUOTE_CLASSES):
            return True
        return bool(attributes.get("id")) and (attributes["id"] or "").lower() in _QUOTE_IDS
    return False


def turns_letters(tag: str, attributes: dict[str, str | None]) -> bool:
    """Whether Latin letters in this element are shown in reverse."""
    style = attributes.get("style") or ""
    if tag == "bdo":
        return (attributes.get("dir") or "").lower() == "rtl"
    return "override" in style and "rtl" in style
