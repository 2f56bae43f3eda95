"""HTML to what the reader sees, what is hidden from him, and where he is led: one iterative walk over lexbor's tree."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.model.html_reading import HtmlForm, HtmlImage, HtmlLink, HtmlReading
from gateway.parsing.css import read_sheet
from gateway.parsing.html_context import START, Context, Contexts, turns_letters
from gateway.parsing.html_guard import is_too_dangerous
from gateway.parsing.html_strip import strip_html

MAX_LINKS = 2000
MAX_IMAGES = 500
MAX_FORMS = 50
MAX_COMMENTS = 16384  # characters of comments kept as hidden text
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


class _Walk:
    """One walk; its lists are what was found."""

    def __init__(self, rules: dict[str, str]) -> None:
        self.rules = rules
        self.contexts = Contexts(rules)
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
        self.truncated = False
        self.has_pre = False

    def run(self, root: LexborNode) -> None:
        """Walk the tree below `root`, depth first, without recursion."""
        node: LexborNode | None = root.first_child
        # what to go back to, and what is written when its inside is done
        stack: list[tuple[str, LexborNode, Context, list[str], bool, int, int, int]] = []
        context = START
        out = self.visible
        hides = letter_before = False  # the latter: whether the visible text ends with a letter of an open word
        split_words = 0
        blocks, special, rules, link_texts, has_pre = _BLOCKS, _SPECIAL, self.rules, self.link_texts, self.has_pre
        contexts = self.contexts
        link = heading = form = -1
        while True:
            while node is None:
                if not stack:
                    self.split_words = split_words
                    return
                closing, node, context, outer, hides, link, heading, form = stack.pop()
                if closing:
                    out.append(closing)
                    letter_before = False
                out = outer
                node = node.next
            tag = node.tag or ""
            if tag == "-text":
                text = node.text_content or ""
                if text.isspace() and not has_pre:
                    out.append(" ")
                    letter_before = letter_before and hides
                    if link >= 0:
                        link_texts[link].append(" ")
                elif text:
                    if has_pre and "\n" in text and _is_preformatted(node):
                        text = text.replace("\n", _BREAK)
                    if not hides:
                        first, last = text[0], text[-1]
                        if letter_before and first.isalnum():
                            split_words += 1
                        letter_before = last.isalnum()
                        if heading >= 0:
                            self.headings[heading].append(text)
                    if link >= 0:
                        link_texts[link].append(text)
                    out.append(text)
                node = node.next
                continue
            if tag == "br":
                out.append(_BREAK)
                letter_before = False
                node = node.next
                continue
            child = node.first_child
            attributes = node.attributes
            if not attributes and tag not in special and tag not in rules:
                closing = ""
                if tag in blocks:
                    closing = _BREAK
                    out.append(closing)
                    letter_before = False
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
            inner = contexts.inside(tag, attributes, context) if attributes or tag in rules else context
            if inner is not context:
                context = inner
                hides = context.hides
                out = self.hidden if hides else self.quoted if context.quoted else self.visible
            if tag in special:
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
            if tag in blocks:
                closing = _BREAK
                out.append(closing)
                letter_before = False
            elif attributes and turns_letters(tag, attributes):
                closing = _TURN_END
                out.append(_TURN)
            if child is not None:
                stack.append((closing, *back))
                node = child
            else:
                _, context, out, hides, link, heading, form = back
                node = node.next

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

    def _take_link(self, attributes: dict[str, str | None], hides: bool, context: Context, out: list[str]) -> int:
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


_SPECIAL = (
    frozenset({"a", "area", "img", "form", "input", "select", "textarea", "button", "-comment"}) | _HEADINGS | _UNSEEN
)


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
    walk.has_pre = bool(tree.tags("pre"))
    if head is not None:
        _read_head(head, walk)
    walk.run(root)
    return _finish(walk, sum(1 for _ in _NEEDLESS.finditer(html)) if "&#" in html and html.count("&#") >= 20 else 0)


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
