"""What is kept from the HTML parser: markup whose tree costs more than its length (linear look, before any parsing).

lexbor is quadratic in nesting, in the attributes of one tag, and in formatting elements left open across blocks; each
is bounded here by what can be counted in the source, over-estimating at will.
"""

import re

MAX_HTML = 1024 * 1024  # characters handed to the parser
MAX_DEPTH = 1500  # open elements; 5000 cost 19 ms
MAX_WALK = 8_000_000  # closing tags times open elements, 2-4 ns each
MAX_REBUILT = 40_000  # formatting elements opened anew by the parser, 0.5 us each
MAX_ATTRIBUTES = 400  # of one tag

_TAGS = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)")
# Those that stay open across blocks; "a" is none of them here, since a second one closes the first.
_FORMATTING = frozenset(("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"))
_FORMATTING_TAGS = re.compile(rf"<(/?(?:{'|'.join(sorted(_FORMATTING))}))(?![a-z0-9])", re.IGNORECASE | re.ASCII)
# Their end tags are usually left out, and the parser closes them by itself; void elements have no inside.
_LOOSE = frozenset(
    {
        "p", "li", "td", "tr", "th", "dd", "dt", "option", "optgroup", "tbody", "thead", "tfoot", "colgroup", "area",
        "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "html",
        "body", "head",
    }
)  # fmt: skip
_LONG = 1024  # characters of a tag, from which on its attributes are counted
_BEFORE_QUOTE = frozenset("= \t\n\r\f")
_TAG = re.compile(
    r"<[a-zA-Z][^\s/>]*+((?:[\s/]++|[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>\"'][^\s>]*+)?)?|=)*+)"
)
_ATTRIBUTE = re.compile(r"[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+))?")


def is_too_dangerous(html: str) -> bool:
    """Whether parsing `html` (at most MAX_HTML characters) might take much longer than its length deserves."""
    if len(html) > MAX_HTML:
        return True
    count = html.count("<")
    if count * count <= 4 * MAX_REBUILT:  # fewer tags than that nest no deeper than they may
        return _has_long_tag(html)
    suspect = count > MAX_DEPTH or _most_open(_FORMATTING_TAGS.findall(html)) * count > MAX_REBUILT
    return (suspect and _nests_badly(_TAGS.findall(html))) or _has_long_tag(html)


def _most_open(tags: list[str]) -> int:
    """How many formatting elements are open at once, at most."""
    opened: dict[str, int] = {}
    now = most = 0
    for tag in tags:
        if tag[0] == "/":
            name = tag[1:].lower()
            if opened.get(name, 0):
                opened[name] -= 1
                now -= 1
        else:
            name = tag.lower()
            opened[name] = opened.get(name, 0) + 1
            now += 1
            most = max(most, now)
    return most


def _nests_badly(tags: list[str]) -> bool:
    """Follow what is open; names are compared without case."""
    open_elements = 0
    open_formatting: dict[str, int] = {}
    formatting = 0
    walked = rebuilt = 0
    for tag in tags:
        name = tag.lower()
        if name[0] == "/":
            name = name[1:]
            if name in _FORMATTING:
                walked += 8 * open_elements
                if open_formatting.get(name, 0):
                    open_formatting[name] -= 1
                    formatting -= 1
            elif name not in _LOOSE:
                open_elements = max(0, open_elements - 1)
            walked += open_elements
        elif name in _FORMATTING:
            open_formatting[name] = open_formatting.get(name, 0) + 1
            formatting += 1
        elif name in _LOOSE:
            walked += open_elements
            rebuilt += formatting
        else:
            open_elements += 1
            rebuilt += formatting
            if open_elements > MAX_DEPTH:
                return True
        if walked > MAX_WALK or rebuilt > MAX_REBUILT:
            return True
    return False


def _may_be_long(html: str) -> bool:
    """Whether any tag may be longer than `_LONG`; over-estimates.

    Of every stretch so long the last ">" is looked at. A tag that goes on over it holds it inside a quoted value, and
    then the quotation mark before it stands behind a "=".
    """
    position = 0
    double = single = -1  # where the last quotation marks stand
    end = len(html) - _LONG
    while position < end:
        at = html.rfind(">", position, position + _LONG + 1)
        if at < 0:
            at = html.find(">", position)
            at = len(html) if at < 0 else at
            opened = html.find("<", position, at)
            if opened >= 0 and at - opened > _LONG:  # text before a tag is no part of it
                return True
        double = max(double, html.rfind('"', position, at))
        single = max(single, html.rfind("'", position, at))
        if (double > 0 and html[double - 1] in _BEFORE_QUOTE) or (single > 0 and html[single - 1] in _BEFORE_QUOTE):
            return True
        position = at + 1
    return False


def _has_long_tag(html: str) -> bool:
    if not _may_be_long(html):
        return False
    # A tag is opened only at "<" and a letter, but a quoted value may hold such too: the wider reading is taken.
    position = 0
    while True:
        match = _TAG.search(html, position)
        if match is None:
            return False
        attributes = match.group(1)
        if len(attributes) > 2 * MAX_ATTRIBUTES and _count(attributes) > MAX_ATTRIBUTES:
            return True
        position = match.end()


def _count(attributes: str) -> int:
    total = 0
    for _ in _ATTRIBUTE.finditer(attributes):
        total += 1
        if total > MAX_ATTRIBUTES:
            break
    return total
