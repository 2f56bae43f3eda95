"""What is kept from the HTML parser: markup whose tree costs more than its length (linear look, before any parsing).

lexbor is quadratic in nesting, in the attributes of one tag, and in formatting elements left open across blocks; each
is bounded here by what can be counted in the source, over-estimating at will.
"""

import re
from itertools import product

MAX_HTML = 1024 * 1024  # characters handed to the parser
MAX_DEPTH = 1500  # open elements; 5000 cost 19 ms
MAX_WALK = 8_000_000  # closing tags times open elements, 2-4 ns each
MAX_REBUILT = 40_000  # formatting elements opened anew by the parser, 0.5 us each
MAX_ATTRIBUTES = 400  # of one tag

_TAGS = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)")
# Those that stay open across blocks; "a" is none of them here, since a second one closes the first.
_FORMATTING = frozenset(("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"))
# ... in every spelling, so that the many tags of a page are sifted without changing their case
_FORMATTING_TAGS = frozenset(
    slash + "".join(letters)
    for name in _FORMATTING
    for letters in product(*((c, c.upper()) for c in name))
    for slash in ("", "/")
)
# Their end tags are usually left out, and the parser closes them by itself; void elements have no inside.
_LOOSE = frozenset(
    {
        "p", "li", "td", "tr", "th", "dd", "dt", "option", "optgroup", "tbody", "thead", "tfoot", "colgroup", "area",
        "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "html",
        "body", "head",
    }
)  # fmt: skip
_LONG_PIECE = 1024
_QUOTED_MARK = re.compile(r"=\"[^\"<>]{0,3000}+>")
_LOOSE_MARK = re.compile(r"=(?:\s{1,9}\"[^\"<>]{0,3000}+>|\s{0,9}'[^'<>]{0,3000}+>)")
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
    tags = _TAGS.findall(html)
    count = len(tags)
    suspect = count > MAX_DEPTH or (count * count > 4 * MAX_REBUILT and _most_open(tags) * count > MAX_REBUILT)
    return (suspect and _nests_badly(tags)) or _has_long_tag(html)


def _most_open(tags: list[str]) -> int:
    """How many formatting elements are open at once, at most."""
    opened: dict[str, int] = {}
    now = most = 0
    for tag in [tag for tag in tags if tag in _FORMATTING_TAGS]:
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


def _has_long_tag(html: str) -> bool:
    pieces = html.split(">")
    longest = max(map(len, pieces))
    if longest > _LONG_PIECE:
        # from the first "<" on: text before a tag is no part of it
        long = [piece for piece in pieces if len(piece) > _LONG_PIECE]
        longest = max((len(piece) - piece.find("<") for piece in long if "<" in piece), default=0)
    if longest <= _LONG_PIECE and _QUOTED_MARK.search(html) is None and _LOOSE_MARK.search(html) is None:
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
