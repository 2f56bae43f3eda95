"""HTML to what the reader sees, what is hidden from him, and where he is led.

lexbor makes the tree, `html_walk` goes through it, and here what it found is put together.
"""

import re
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.model.html_reading import HtmlForm, HtmlLink, HtmlReading
from gateway.parsing.css import read_sheet
from gateway.parsing.html_found import BREAK, MARK, Found
from gateway.parsing.html_guard import is_too_dangerous
from gateway.parsing.html_strip import strip_html
from gateway.parsing.html_walk import walk_tree


def read_html(html: str) -> HtmlReading:
    """Read one HTML text. Never raises; what would cost too much is stripped instead (`too_dangerous`)."""
    if is_too_dangerous(html):
        return strip_html(html)
    if MARK in html or BREAK in html:
        html = html.replace(MARK, "").replace(BREAK, "")
    tree = LexborHTMLParser(html.encode("utf-8", "replace"))
    root = tree.root
    if root is None:
        return HtmlReading()
    rules: dict[str, str] = {}
    if "<style" in html or "<STYLE" in html:
        for node in tree.css("style")[:20]:
            for key, body in read_sheet(node.text() or "").items():
                rules[key] = rules[key] + ";" + body if key in rules else body
    found = Found()
    walk_tree(root, rules, found, bool(tree.tags("pre")))
    if tree.head is not None:
        _read_head(tree.head, found)
    return _finish(found, sum(1 for _ in _NEEDLESS.finditer(html)) if "&#" in html and html.count("&#") >= 20 else 0)


def _read_head(head: LexborNode, found: Found) -> None:
    node = head.first_child
    while node is not None:
        tag = node.tag or ""
        if tag == "title":
            found.title = " ".join((node.text() or "")[:500].split())
        elif tag == "base":
            found.base = found.base or (node.attributes.get("href") or "").strip()
        elif tag == "meta":
            attributes = node.attributes
            if (attributes.get("http-equiv") or "").lower() == "refresh":
                _, _, target = (attributes.get("content") or "").partition("=")
                found.refresh = target.strip(" '\"")
        elif tag == "script":
            found.scripts += 1
        node = node.next


def _finish(found: Found, needless_entities: int) -> HtmlReading:
    shown_links = sum(1 for link in found.links if link[2] and not link[3])
    visible, offsets = _place("".join(found.visible), shown_links)
    quoted, _ = _place("".join(found.quoted), 0)
    hidden, _ = _place("".join(found.hidden), 0)
    now: list[HtmlLink] = []
    before: list[HtmlLink] = []
    place = iter(offsets)
    for (href, title, seen, is_quoted), texts, alts in zip(found.links, found.link_texts, found.link_alts, strict=True):
        shown = " ".join("".join(texts).split())[:500] if texts else ""
        words = shown if shown or not alts else " ".join([alt for alt in alts if alt])[:500]
        offset = next(place, -1) if seen and not is_quoted else -1
        link = HtmlLink(href, words, not shown and bool(alts), seen, title, offset)
        (before if is_quoted else now).append(link)
    forms = [
        HtmlForm(
            action=action,
            has_password=any(field.startswith("password") for field in found.inputs.get(index, ())),
            inputs=tuple(found.inputs.get(index, ())),
        )
        for index, action in enumerate(found.actions)
    ]
    loose = found.inputs.get(-1)
    if loose:
        forms.append(HtmlForm(has_password=any(f.startswith("password") for f in loose), inputs=tuple(loose)))
    return HtmlReading(
        visible=visible,
        quoted=quoted,
        hidden=hidden,
        title=found.title,
        headings=tuple(text for text in (" ".join("".join(h).split())[:300] for h in found.headings) if text),
        links=tuple(now),
        quoted_links=tuple(before),
        images=tuple(found.images),
        forms=tuple(forms),
        base=found.base,
        refresh=found.refresh,
        scripts=found.scripts,
        needless_entities=needless_entities,
        split_words=found.split_words,
        alternatives="\n".join(found.alternatives),
        hidden_letters=max(0, len(hidden) - found.comments),
        truncated=found.truncated,
    )


_NEEDLESS = re.compile(r"&#(?:0{0,5}(?:6[5-9]|[78]\d|90|9[7-9]|1[01]\d|12[0-2])|[xX]0{0,5}[4-7][0-9a-fA-F]);?(?!\d)")
_LETTERS = re.compile(r"(?m)^\w(?:\n\w)+$")  # a word with each letter in a cell of its own


def _place(text: str, links: int) -> tuple[str, list[int]]:
    """The text in lines, white space single, and where in it each of its `links` links begins."""
    pieces = [piece.strip(" ") for piece in " ".join(text.split()).split(BREAK)]
    lines = [piece for piece in pieces if piece]
    waiting = ""
    if MARK in text:
        lines, waiting = _with_marks(lines)
    if list(map(len, lines)).count(1) >= 4:
        lines = _LETTERS.sub(lambda run: run.group().replace("\n", " "), "\n".join(lines)).split("\n")
    text = "\n".join(lines) + waiting
    if MARK not in text:
        return text, []
    pieces = text.split(MARK)
    offsets = list(accumulate(map(len, pieces)))[:-1]
    # a mark written as an entity makes the count wrong: then no place is told
    return "".join(pieces), offsets if len(offsets) == links else []


def _with_marks(lines: list[str]) -> tuple[list[str], str]:
    """The lines with the marks of links that show no text put before the line that follows, and those left over."""
    found: list[str] = []
    waiting = ""
    for line in lines:
        if line[0] == MARK and not line.strip(MARK + " "):
            waiting += line.replace(" ", "")
        else:
            found.append(waiting + line if waiting else line)
            waiting = ""
    return found, waiting
