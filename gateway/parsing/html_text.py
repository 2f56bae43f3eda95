"""HTML to what the reader sees, what is hidden from him, and where he is led: one iterative walk over lexbor's tree."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.model.html_reading import HtmlForm, HtmlImage, HtmlLink, HtmlReading
from gateway.parsing.css import Rgb, Style, is_unreadable, read_color, read_sheet, read_style
from gateway.parsing.html_guard import is_too_dangerous
from gateway.parsing.html_strip import strip_html

MAX_LINKS = 2000
MAX_IMAGES = 500
MAX_FORMS = 50
MAX_COMMENTS = 16384  # characters of comments kept as hidden text
WHITE: Rgb = (255, 255, 255)
# Stand in the text while it is put together, where a link begins and where a block does; taken out of what comes in.
_MARK = "\ue00f"
_BREAK = "\ue010"
# Text that markup shows from right to left is written between the marks that say so: folding undoes both alike.
_TURN, _TURN_END = "\u202e", "\u202c"

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
        "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
        "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody",
        "td", "tfoot", "th", "thead", "tr", "ul", "caption", "optgroup", "title",
    }
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3"})
_UNSEEN = frozenset(
    {"script", "style", "template", "iframe", "noframes", "noembed", "head", "datalist", "audio", "video"}
)
_QUOTE_CLASSES = ("gmail_quote", "yahoo_quoted", "protonmail_quote", "zmail_extra", "mailcontent_quote")
_QUOTE_IDS = frozenset({"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "replymessage"})


@dataclass(frozen=True, slots=True)
class _Context:
    """What an element hands down to those inside it."""

    gone: bool = False
    invisible: bool = False
    tiny: bool = False
    clear: bool = False
    color: Rgb = (0, 0, 0)
    background: Rgb | None = WHITE  # None: a picture, nothing can be said
    quoted: bool = False

    @property
    def hides(self) -> bool:
        """Whether text here is out of sight."""
        return (
            self.gone
            or self.invisible
            or self.tiny
            or self.clear
            or (self.background is not None and is_unreadable(self.color, self.background))
        )


_START = _Context()


class _Walk:
    """One walk; its lists are what was found."""

    def __init__(self, rules: dict[str, str]) -> None:
        self.rules = rules
        self.contexts: dict[tuple[object, ...], _Context] = {}
        self.visible: list[str] = []
        self.quoted: list[str] = []
        self.hidden: list[str] = []
        self.comments = 0
        self.links: list[tuple[str, str, bool, bool, int]] = []  # href, title, visible, quoted, texts before it
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
        self.letter_before = False  # whether the visible text now ends with a letter inside an inline run
        self.truncated = False
        self.has_pre = False

    def run(self, root: LexborNode) -> None:
        """Walk the tree below `root`, depth first, without recursion."""
        node: LexborNode | None = root.first_child
        # what to go back to, and what is written when its inside is done
        stack: list[tuple[str, LexborNode, _Context, list[str], bool, int, int, int]] = []
        context = _START
        out = self.visible
        hides = False
        link = heading = form = -1
        while True:
            while node is None:
                if not stack:
                    return
                closing, node, context, outer, hides, link, heading, form = stack.pop()
                if closing:
                    out.append(closing)
                    self.letter_before = False
                out = outer
                node = node.next
            tag = node.tag or ""
            if tag == "-text":
                text = node.text_content or ""
                if text.isspace() and not self.has_pre:
                    out.append(" ")
                    self.letter_before = self.letter_before and hides
                    if link >= 0:
                        self.link_texts[link].append(" ")
                elif text:
                    if self.has_pre and "\n" in text and _is_preformatted(node):
                        text = text.replace("\n", _BREAK)
                    if not hides:
                        first, last = text[0], text[-1]
                        if self.letter_before and first.isalnum():
                            self.split_words += 1
                        self.letter_before = last.isalnum()
                        if heading >= 0:
                            self.headings[heading].append(text)
                    if link >= 0:
                        self.link_texts[link].append(text)
                    out.append(text)
                node = node.next
                continue
            if tag == "br":
                out.append(_BREAK)
                self.letter_before = False
                node = node.next
                continue
            child = node.first_child
            attributes = node.attributes
            if not attributes and tag not in _SPECIAL and tag not in self.rules:
                closing = ""
                if tag in _BLOCKS:
                    closing = _BREAK
                    out.append(closing)
                    self.letter_before = False
                if child is not None:
                    stack.append((closing, node, context, out, hides, link, heading, form))
                    node = child
                else:
                    node = node.next
                continue
            if tag in _UNSEEN or tag == "-comment":
                self._take_unseen(node, tag, attributes)
                node = node.next
                continue
            back = (node, context, out, hides, link, heading, form)
            closing = ""
            if attributes or tag in self.rules:
                style, named, identity = attributes.get("style"), attributes.get("class"), attributes.get("id")
                odd = not _PLAIN.issuperset(attributes)
                if style or named or identity or odd or tag in self.rules:
                    # what recurs in newsletters is judged once; a context lives as long as the memory does
                    key = (tag, style, named, identity, attributes.get("bgcolor"), attributes.get("color"), id(context))
                    inner = self.contexts.get(key)
                    if inner is None or (odd and not _KEYED.issuperset(attributes)):
                        inner = self.contexts[key] = self._enter(tag, attributes, context)
                else:
                    inner = context
            else:
                inner = context
            if inner is not context:
                context = inner
                hides = context.hides
                out = self.hidden if hides else self.quoted if context.quoted else self.visible
            if tag in _SPECIAL:
                if tag == "a" or tag == "area":
                    link = self._take_link(attributes, hides, context, out) if "href" in attributes else link
                elif tag == "img" or (tag == "input" and attributes.get("type") == "image"):
                    self._take_image(attributes, hides, link, out)
                elif tag in _HEADINGS:
                    if not hides and len(self.headings) < 50:
                        heading = len(self.headings)
                        self.headings.append([])
                elif tag == "form":
                    form = self._take_form(attributes)
                elif tag in ("input", "select", "textarea", "button"):
                    self._take_input(tag, attributes, hides, form, out)
            if tag in _BLOCKS:
                closing = _BREAK
                out.append(closing)
                self.letter_before = False
            elif attributes and _turns_letters(tag, attributes):
                closing = _TURN_END
                out.append(_TURN)
            if child is not None:
                stack.append((closing, *back))
                node = child
            else:
                _, context, out, hides, link, heading, form = back
                node = node.next

    def _enter(self, tag: str, attributes: dict[str, str | None], context: _Context) -> _Context:
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
        return _Context(gone or own_gone, invisible, tiny, clear, color, background, quoted)

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

    def _take_unseen(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "script":
            self.scripts += 1
        elif tag == "-comment" and self.comments < MAX_COMMENTS:
            text = node.comment_content or ""
            if text:
                # conditional comments hold markup: tags out, the rest is text that some reader shows
                text = strip_html(text[: MAX_COMMENTS - self.comments]).visible if "<" in text else text
                self.comments += len(text)
                self.hidden += (_BREAK, text.replace("\n", _BREAK), _BREAK)
        elif tag == "iframe":
            source = attributes.get("src")
            if source and len(self.links) < MAX_LINKS:
                self.links.append((source.strip(), "", False, False, -1))
                self.link_texts.append([])
                self.link_alts.append([])

    def _take_link(self, attributes: dict[str, str | None], hides: bool, context: _Context, out: list[str]) -> int:
        if len(self.links) >= MAX_LINKS:
            self.truncated = True
            return -1
        href = (attributes["href"] or "").strip()
        if not href or href[0] == "#":
            return -1
        self.links.append((href, (attributes.get("title") or "")[:200], not hides, context.quoted, len(out)))
        self.link_texts.append([])
        self.link_alts.append([])
        out.append(_MARK)
        return len(self.links) - 1

    def _take_image(self, attributes: dict[str, str | None], hides: bool, link: int, out: list[str]) -> None:
        alt = " ".join((attributes.get("alt") or "")[:500].split())
        if len(self.images) < MAX_IMAGES:
            source = (attributes.get("src") or "").strip()
            self.images.append(
                HtmlImage(
                    src=source if not source.startswith("data:") else source[:64],
                    alt=alt,
                    width=_number(attributes.get("width")),
                    height=_number(attributes.get("height")),
                )
            )
        if alt and not hides:
            self.alternatives.append(alt)
            if link >= 0:
                self.link_alts[link].append(alt)
        elif link >= 0:
            self.link_alts[link].append("")

    def _take_form(self, attributes: dict[str, str | None]) -> int:
        if len(self.actions) >= MAX_FORMS:
            return -1
        self.actions.append((attributes.get("action") or "").strip())
        return len(self.actions) - 1

    def _take_input(self, tag: str, attributes: dict[str, str | None], hides: bool, form: int, out: list[str]) -> None:
        kind = (attributes.get("type") or tag).lower()
        if kind == "hidden":
            return
        fields = self.inputs.setdefault(form, [])
        if len(fields) < 50:
            words = [kind, *(attributes.get(name) or "" for name in ("name", "id", "placeholder", "autocomplete"))]
            fields.append(" ".join(word for word in words if word).lower()[:200])
        if kind in ("submit", "button", "reset") and attributes.get("value") and not hides:
            out += (" ", attributes["value"] or "", " ")
        elif attributes.get("placeholder") and not hides:
            out += (" ", attributes["placeholder"] or "", " ")


# Attributes that say nothing of being seen, beside those that are looked at by name.
_PLAIN = frozenset(
    {
        "href", "src", "alt", "width", "height", "border", "cellpadding", "cellspacing", "align", "valign", "target",
        "title", "colspan", "rowspan", "role", "style", "class", "id", "rel", "lang", "dir", "name", "face", "size",
    }
)  # fmt: skip
_KEYED = _PLAIN | {"bgcolor", "color"}
_SPECIAL = (
    frozenset({"a", "area", "img", "form", "input", "select", "textarea", "button", "-comment"}) | _HEADINGS | _UNSEEN
)


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


def _turns_letters(tag: str, attributes: dict[str, str | None]) -> bool:
    """Whether Latin letters in this element are shown in reverse."""
    style = attributes.get("style") or ""
    if tag == "bdo":
        return (attributes.get("dir") or "").lower() == "rtl"
    return "override" in style and "rtl" in style


def _number(text: str | None) -> int:
    digits = (text or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else -1


def _is_preformatted(node: LexborNode) -> bool:
    """Whether line ends count where this text stands (three elements up are looked at)."""
    parent = node.parent
    for _ in range(3):
        if parent is None:
            return False
        if parent.tag in ("pre", "textarea", "listing", "xmp"):
            return True
        parent = parent.parent
    return False


def read_html(html: str) -> HtmlReading:
    """Read one HTML text. Never raises; what would cost too much is stripped instead (`too_dangerous`)."""
    if is_too_dangerous(html):
        return strip_html(html)
    if _MARK in html or _BREAK in html:
        html = html.replace(_MARK, "").replace(_BREAK, "")
    tree = LexborHTMLParser(html.encode("utf-8", "replace"))
    root = tree.root
    if root is None:
        return HtmlReading()
    head = tree.head
    rules: dict[str, str] = {}
    if "<style" in html or "<STYLE" in html:
        for node in tree.css("style")[:20]:
            for key, body in read_sheet(node.text() or "").items():
                rules[key] = rules[key] + ";" + body if key in rules else body
    walk = _Walk(rules)
    walk.has_pre = "<pre" in html or "<PRE" in html
    if head is not None:
        _read_head(head, walk)
    walk.run(root)
    return _finish(walk, sum(1 for _ in _NEEDLESS.finditer(html)) if html.count("&#") >= 20 else 0)


def _read_head(head: LexborNode, walk: _Walk) -> None:
    node = head.first_child
    while node is not None:
        tag = node.tag or ""
        if tag == "title":
            walk.title = " ".join((node.text() or "")[:500].split())
        elif tag == "base":
            walk.base = walk.base or (node.attributes.get("href") or "").strip()
        elif tag == "meta":
            attributes = node.attributes
            if (attributes.get("http-equiv") or "").lower() == "refresh":
                _, _, target = (attributes.get("content") or "").partition("=")
                walk.refresh = target.strip(" '\"")
        elif tag == "script":
            walk.scripts += 1
        node = node.next


def _finish(walk: _Walk, needless_entities: int) -> HtmlReading:
    shown_links = sum(1 for link in walk.links if link[2] and not link[3])
    visible, offsets = _place("".join(walk.visible), shown_links)
    quoted, _ = _place("".join(walk.quoted), 0)
    hidden, _ = _place("".join(walk.hidden), 0)
    now: list[HtmlLink] = []
    before: list[HtmlLink] = []
    place = iter(offsets)
    for (href, title, seen, is_quoted, _), texts, alts in zip(walk.links, walk.link_texts, walk.link_alts, strict=True):
        shown = " ".join("".join(texts).split())[:500]
        words = shown or " ".join(alt for alt in alts if alt)[:500]
        link = HtmlLink(
            href=href,
            shown=words,
            is_image=not shown and bool(alts),
            visible=seen,
            title=title,
            offset=next(place, -1) if seen and not is_quoted else -1,
        )
        (before if is_quoted else now).append(link)
    forms = [
        HtmlForm(
            action=action,
            has_password=any(field.startswith("password") for field in walk.inputs.get(index, ())),
            inputs=tuple(walk.inputs.get(index, ())),
        )
        for index, action in enumerate(walk.actions)
    ]
    loose = walk.inputs.get(-1)
    if loose:
        forms.append(HtmlForm(has_password=any(f.startswith("password") for f in loose), inputs=tuple(loose)))
    return HtmlReading(
        visible=visible,
        quoted=quoted,
        hidden=hidden,
        title=walk.title,
        headings=tuple(text for text in (" ".join("".join(h).split())[:300] for h in walk.headings) if text),
        links=tuple(now),
        quoted_links=tuple(before),
        images=tuple(walk.images),
        forms=tuple(forms),
        base=walk.base,
        refresh=walk.refresh,
        scripts=walk.scripts,
        needless_entities=needless_entities,
        split_words=walk.split_words,
        alternatives="\n".join(walk.alternatives),
        hidden_letters=max(0, len(hidden) - walk.comments),
        truncated=walk.truncated,
    )


_NEEDLESS = re.compile(r"&#(?:0{0,5}(?:6[5-9]|[78]\d|90|9[7-9]|1[01]\d|12[0-2])|[xX]0{0,5}[4-7][0-9a-fA-F]);?(?!\d)")
_LETTERS = re.compile(r"(?m)^\w(?:\n\w)+$")  # a word with each letter in a cell of its own


def _place(text: str, links: int) -> tuple[str, list[int]]:
    """The text in lines, white space single, and where in it each of its `links` links begins."""
    lines: list[str] = []
    waiting = ""  # marks of links that show no text: they belong to the line that follows
    for piece in " ".join(text.split()).split(_BREAK):
        line = piece.strip(" ")
        if line:
            if line[0] == _MARK and not line.strip(_MARK + " "):
                waiting += line.replace(" ", "")
            else:
                lines.append(waiting + line)
                waiting = ""
    if sum(len(line) == 1 for line in lines) >= 4:
        lines = _LETTERS.sub(lambda run: run.group().replace("\n", " "), "\n".join(lines)).split("\n")
    text = "\n".join(lines) + waiting
    if _MARK not in text:
        return text, []
    first, *rest = text.split(_MARK)
    offsets: list[int] = []
    position = len(first)
    for after in rest:
        offsets.append(position)
        position += len(after)
    # a mark written as an entity makes the count wrong: then no place is told
    return first + "".join(rest), offsets if len(offsets) == links else []
