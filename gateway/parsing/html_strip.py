"""HTML that the guard kept from the parser: text and links by cutting at "<" and ">", linear whatever comes."""

from html import unescape

from gateway.model.html_reading import HtmlLink, HtmlReading

MAX_SOURCE = 1024 * 1024
MAX_LINKS = 500
_BLOCKS = ("p", "/p", "div", "/div", "br", "tr", "/tr", "td", "/td", "li", "h1", "h2", "h3", "table", "ul")
_SKIPPED = ("script", "style", "title")


def strip_html(html: str) -> HtmlReading:
    """Everything between tags is told as visible: nothing is known of styles."""
    out: list[str] = []
    links: list[HtmlLink] = []
    skipping = ""
    for piece in html[:MAX_SOURCE].split("<"):
        tag, closed, text = piece.partition(">")
        words = tag[:12].split(None, 1)
        name = words[0].lower() if words else ""
        if skipping:
            if name == "/" + skipping:
                skipping = ""
            else:
                continue
        elif name in _SKIPPED:
            skipping = name
            continue
        if not closed:
            out.append(piece)
            continue
        if name in _BLOCKS:
            out.append("\n")
        if name == "a" and len(links) < MAX_LINKS:
            href = _href(tag)
            if href:
                links.append(HtmlLink(href=href, shown=" ".join(unescape(text[:500]).split())))
        out.append(text)
    lines = (" ".join(line.split()) for line in unescape("".join(out)).split("\n"))
    return HtmlReading(
        visible="\n".join(line for line in lines if line),
        links=tuple(links),
        too_dangerous=True,
        truncated=len(html) > MAX_SOURCE,
    )


def _href(tag: str) -> str:
    """The value of href in a tag, by a plain search."""
    at = tag[:65536].lower().find("href")
    value = tag[at + 4 : at + 4100].lstrip()
    if at < 0 or not value.startswith("="):
        return ""
    value = value[1:].lstrip()
    quote = value[:1]
    end = value.find(quote, 1) if quote in ("'", '"') and quote else -1
    found = value[1:end] if end > 0 else (value.split(None, 1) or [""])[0].strip("'\"")
    return unescape(found).strip()
