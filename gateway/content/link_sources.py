"""All the links of a message, gathered from where they stand: HTML, text, forms, attachments, quotes, pictures."""

from collections.abc import Iterator, Sequence
from urllib.parse import urljoin

from gateway.content.text_links import find_text_links
from gateway.model.content_facts import LinkSource
from gateway.model.html_reading import HtmlLink, HtmlReading
from gateway.model.inspection import FoundLink, InspectedPart
from gateway.model.texts import TextKind, TextPlace, TextReading, Texts

MAX_IMAGES = 100


def gather_links(reading: TextReading, texts: Texts, inspected: Sequence[InspectedPart] = ()) -> Iterator[FoundLink]:
    """Every link, the weightiest first: forms, then what is clicked, written, attached, quoted, hidden, loaded.

    Links below an attached message count as quoted: somebody else wrote them.
    """
    base = next((html.base for html in reading.html if html.base), "")
    for html in reading.html:
        yield from _forms(html, LinkSource.FORM)
    yield from _clicked(reading.links, LinkSource.HTML, base)
    written = {link.shown for link in reading.links}
    for part in texts.parts:
        if part.kind is TextKind.CALENDAR and part.place is not TextPlace.ATTACHED_MESSAGE:
            invited = list(find_text_links(part.text, LinkSource.CALENDAR, limit=50))
            written.update(link.shown for link in invited)
            yield from invited
    for found in find_text_links(reading.visible):
        if found.shown not in written:
            yield found
    for part in texts.parts:
        if part.kind is TextKind.PLAIN and part.place is TextPlace.ATTACHMENT:
            yield from find_text_links(part.text, LinkSource.ATTACHMENT, limit=100)
        if part.html is not None and part.place is TextPlace.ATTACHMENT:
            yield from _forms(part.html, LinkSource.ATTACHMENT)
            yield from _clicked(part.html.links, LinkSource.ATTACHMENT, part.html.base)
    for inside in inspected:
        yield from inside.links
        if inside.text:
            yield from find_text_links(inside.text, LinkSource.ATTACHMENT, limit=100)
    yield from _clicked(reading.quoted_links, LinkSource.QUOTED, base)
    yield from find_text_links(reading.quoted, LinkSource.QUOTED, limit=100)
    for part in texts.parts:
        if part.html is not None and part.place is TextPlace.ATTACHED_MESSAGE:
            yield from _forms(part.html, LinkSource.QUOTED)
            yield from _clicked(part.html.links, LinkSource.QUOTED, part.html.base)
    yield from find_text_links(reading.hidden, LinkSource.HIDDEN, limit=50)
    for image in reading.images[:MAX_IMAGES]:
        if image.src[:4].lower() == "http" or image.src[:2] == "//":
            yield FoundLink(source=LinkSource.IMAGE, href=image.src)


def _clicked(links: Sequence[HtmlLink], source: LinkSource, base: str) -> Iterator[FoundLink]:
    for link in links:
        href = link.href
        if base and href and ":" not in href[:12] and href[:1] != "#":
            href = _joined(base, href)
        yield FoundLink(source=source if link.visible else LinkSource.HIDDEN, href=href, shown=link.shown)


def _forms(html: HtmlReading, source: LinkSource) -> Iterator[FoundLink]:
    for form in html.forms[:20]:
        if form.action:
            action = _joined(html.base, form.action) if html.base else form.action
            yield FoundLink(source=source, href=action)
    if html.refresh:
        yield FoundLink(source=source, href=html.refresh)


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base[:2048], href[:2048])
    except ValueError:  # brackets that are no IPv6 address
        return href
