"""HTML cut into tags and text, linearly, without a tree: what a page says, links to, asks for and runs.

Nothing here is a browser: it over-reads (what a comment or a broken tag hides is seen), in bounded time.
"""

import html
import re
from dataclasses import dataclass, field

MAX_TOKENS = 60_000
MAX_LENGTH = 2_000_000  # characters of one text
_MAX_LINKS = 200
_TAG = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})((?:[^<>\"']{1,4000}+|\"[^\"]{0,500000}+\"|'[^']{0,500000}+'){0,400}+)>?"
)
_ATTRIBUTE = re.compile(
    r"([a-zA-Z_:][a-zA-Z0-9_:.-]{0,60}+)(?:\s{0,20}+=\s{0,20}+(?:\"([^\"]{0,500000}+)\"|'([^']{0,500000}+)'|([^\s\"'>]{0,100000}+)))?"
)
_RAW = {
    name: re.compile(rf"</(?:\w{{1,20}}:)?{name}(?=[\s/>])", re.I)
    for name in ("script", "style", "title", "textarea", "xmp", "noscript", "iframe", "template")
}
_RAW_TEXT = frozenset(("script", "style", "xmp"))  # whose inside is no markup
_SPACE = re.compile(r"[ \t\xa0\r\f]+")
_LINES = re.compile(r"\s*\n\s*")
_BLOCK = frozenset(
    ("p", "div", "br", "tr", "table", "h1", "h2", "h3", "h4", "li", "ul", "ol", "form", "td", "section", "article",
     "header", "footer", "body", "title")
)  # fmt: skip
_REFRESH = re.compile(
    r"^\s{0,20}\d{0,6}(?:\.\d{0,6})?\s{0,20}[;,]?\s{0,20}(?:url\s{0,20}=\s{0,20})?['\"]?([^'\"]{1,100000})", re.I
)
_HANDLER = re.compile(r"on[a-z]{3,20}$", re.I)
_LOADS = frozenset(("iframe", "frame", "embed", "object", "script"))


@dataclass(slots=True)
class Page:
    """What one HTML text holds."""

    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)  # address, text shown
    actions: list[str] = field(default_factory=list)  # of forms, "" where none is written
    loads: list[str] = field(default_factory=list)  # frames, embedded objects, outside scripts
    refresh: str = ""
    base: str = ""
    has_password: bool = False
    inputs: int = 0
    scripts: list[str] = field(default_factory=list)  # code of script elements and event handlers
    downloads: bool = False  # a link with a download attribute
    data_uris: list[str] = field(default_factory=list)  # as written, entities decoded
    foreign: bool = False  # foreignObject of an SVG
    tags: int = 0
    truncated: bool = False


def read_markup(source: str) -> Page:
    """The page that `source` makes. Never raises."""
    page = Page()
    if len(source) > MAX_LENGTH:
        source, page.truncated = source[:MAX_LENGTH], True
    pieces: list[str] = []
    open_link: tuple[str, int] | None = None
    position, closed = 0, True
    while page.tags < MAX_TOKENS:
        start = source.find("<", position)
        if start < 0:
            break
        if start > position:
            pieces.append(source[position:start])
        if source.startswith("<!--", start):
            end = source.find("-->", start + 4) if closed else -1
            closed = end >= 0  # an open one is looked for once, not at every "<!--"
            position = end + 3 if end >= 0 else start + 4
            continue
        match = _TAG.match(source, start)
        if match is None:
            end = source.find(">", start, start + 4000) if source[start + 1 : start + 2] in ("!", "?") else start
            position = max(end, start) + 1
            continue
        page.tags += 1
        position = match.end()
        name = match[2].lower().rpartition(":")[2]  # XHTML and SVG may stand under any prefix
        if name in _BLOCK:
            pieces.append("\n")
        if match[1]:
            if name == "a" and open_link is not None:
                _close(page, open_link, pieces)
                open_link = None
            continue
        attributes = _attributes(match[3])
        _take(page, name, attributes)
        if name in ("a", "area"):
            if open_link is not None:
                _close(page, open_link, pieces)
            open_link = (attributes.get("href") or attributes.get("xlink:href", ""), len(pieces))
            page.downloads |= "download" in attributes
        if name in _RAW_TEXT:
            closing = _RAW[name].search(source, position)
            end = closing.start() if closing else len(source)
            if name == "script" and len(page.scripts) < 200:
                page.scripts.append(source[position:end])
            position = end
    else:
        page.truncated = True
    if position < len(source) and page.tags < MAX_TOKENS:
        pieces.append(source[position:])
    if open_link is not None:
        _close(page, open_link, pieces)
    page.text = _tidy("".join(pieces))
    return page


def _attributes(source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if not source.strip(" \r\n\t/"):
        return found
    for match in _ATTRIBUTE.finditer(source):
        name = match[1].lower()
        if name not in found:
            value = match[2] or match[3] or match[4] or ""
            found[name] = html.unescape(value) if "&" in value else value
        if len(found) >= 100:
            break
    return found


def _take(page: Page, name: str, attributes: dict[str, str]) -> None:
    if name == "form":
        page.actions.append(attributes.get("action", ""))
    elif name == "input":
        kind = attributes.get("type", "text").lower()
        page.inputs += kind not in ("hidden", "submit", "button", "image", "reset")
        page.has_password |= kind == "password" or "password" in attributes.get("autocomplete", "").lower()
        if attributes.get("formaction"):
            page.actions.append(attributes["formaction"])
    elif name == "button" and attributes.get("formaction"):
        page.actions.append(attributes["formaction"])
    elif name in ("textarea", "select"):
        page.inputs += 1
    elif name == "meta" and attributes.get("http-equiv", "").strip().lower() == "refresh":
        match = _REFRESH.match(attributes.get("content", ""))
        page.refresh = page.refresh or (match[1].strip() if match else "")
    elif name == "base":
        page.base = page.base or attributes.get("href", "")
    elif name == "foreignobject":
        page.foreign = True
    if name in _LOADS:
        target = (
            attributes.get("src") or attributes.get("data") or attributes.get("href") or attributes.get("xlink:href")
        )
        if target and len(page.loads) < 50:
            page.loads.append(target)
        if attributes.get("srcdoc"):
            page.data_uris.append("data:text/html," + attributes["srcdoc"])
    for key, value in attributes.items():
        if not value:
            continue
        if len(key) > 4 and _HANDLER.match(key):
            page.scripts.append(value)
        start = value[:24].lstrip().lower()
        if start.startswith("data:"):
            if len(page.data_uris) < 50:
                page.data_uris.append(value.strip())
        elif start.startswith(("javascript:", "vbscript:")):
            page.scripts.append(value.partition(":")[2])


def _close(page: Page, link: tuple[str, int], pieces: list[str]) -> None:
    href, start = link
    if href.strip() and len(page.links) < _MAX_LINKS:
        page.links.append((href.strip(), _tidy("".join(pieces[start : start + 50]))[:200].replace("\n", " ")))


def _tidy(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    return _LINES.sub("\n", _SPACE.sub(" ", text)).strip()
