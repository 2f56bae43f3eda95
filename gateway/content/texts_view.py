"""All the links of a message, gathered from where they were found: HTML, text, forms, quotes, and inspected parts."""

from collections.abc import Iterator, Sequence
from urllib.parse import urljoin

from gateway.content.text_links import find_text_links
from gateway.model.content_facts import LinkSource
from gateway.model.html_reading import HtmlLink, HtmlReading
from gateway.model.inspection import FoundLink, InspectedPart
from gateway.model.texts import TextReading

MAX_IMAGES = 100


def gather_links(reading: TextReading, inspected: Sequence[InspectedPart] = ()) -> Iterator[FoundLink]:
    """Every link, the weightiest first: forms, then what is clicked, written, attached, quoted, hidden, loaded."""
    bases = [html.base for html in reading.html if html.base]
    base = bases[0] if bases else ""
    for html in reading.html:
        yield from _forms(html)
    yield from _clicked(reading.links, LinkSource.HTML, base)
    written = {link.shown for link in reading.links}
    for found in find_text_links(reading.visible):
        if found.shown not in written:
            yield found
    for html in reading.attached_html:
        yield from _forms(html, LinkSource.ATTACHMENT)
        yield from _clicked(html.links, LinkSource.ATTACHMENT, html.base)
    for part in inspected:
        yield from part.links
        if part.text:
            yield from find_text_links(part.text, LinkSource.ATTACHMENT, limit=100)
    yield from _clicked(reading.quoted_links, LinkSource.QUOTED, base)
    yield from find_text_links(reading.quoted, LinkSource.QUOTED, limit=100)
    yield from find_text_links(reading.hidden, LinkSource.HIDDEN, limit=50)
    for image in reading.images[:MAX_IMAGES]:
        if image.src[:4].lower() == "http" or image.src[:2] == "//":
            yield FoundLink(source=LinkSource.IMAGE, href=image.src)


def _clicked(links: Sequence[HtmlLink], source: LinkSource, base: str) -> Iterator[FoundLink]:
    for link in links:
        href = link.href
        if base and href and "://" not in href[:12] and ":" not in href[:12] and href[:1] != "#":
            href = urljoin(base, href[:2048])
        yield FoundLink(source=source if link.visible else LinkSource.HIDDEN, href=href, shown=link.shown)


def _forms(html: HtmlReading, source: LinkSource = LinkSource.FORM) -> Iterator[FoundLink]:
    for form in html.forms[:20]:
        if form.action:
            yield FoundLink(source=source, href=urljoin(html.base, form.action) if html.base else form.action)
    if html.refresh:
        yield FoundLink(source=source, href=html.refresh)
