"""Codes drawn with letters: block elements (U+2580 and on) in a text, or cells of an HTML table in two colours.

No picture is attached, and a telephone's camera reads them all the same.
"""

import re

from PIL import Image

from gateway.inspection.pictures import find_codes
from gateway.inspection.reading import Reading

_SMALLEST = 21  # modules of a side
_LARGEST = 400
_MAX_DRAWINGS = 4
# upper half, lower half of a cell: dark or not
_HALVES = {"█": (True, True), "▀": (True, False), "▄": (False, True), "■": (True, True), "⬛": (True, True)}
_QUARTERS = {  # upper left, upper right, lower left, lower right
    "▘": (1, 0, 0, 0), "▝": (0, 1, 0, 0), "▖": (0, 0, 1, 0), "▗": (0, 0, 0, 1), "▌": (1, 0, 1, 0), "▐": (0, 1, 0, 1),
    "▞": (0, 1, 1, 0), "▚": (1, 0, 0, 1), "▛": (1, 1, 1, 0), "▜": (1, 1, 0, 1), "▙": (1, 0, 1, 1), "▟": (0, 1, 1, 1),
    "▀": (1, 1, 0, 0), "▄": (0, 0, 1, 1), "█": (1, 1, 1, 1),
}  # fmt: skip
_ONLY_QUARTERS = re.compile("[▘▝▖▗▞▚▛▜▙▟]")
_WIDE = re.compile("[■□⬛⬜\u3000]")  # as wide as high: one module, where the others are half of one
_BLOCK_LINE = re.compile(r"[█▀▄▌▐▘▝▖▗▞▚▛▜▙▟■⬛ \xa0\u2002\u2003\u3000⬜□░▒]{11,400}")
_ROW = re.compile(r"<tr\b", re.I)
_MAX_ROW = 60_000  # characters of one row
_CELL = re.compile(r"<t[dh]\b([^>]{0,300})>", re.I)
_COLOUR = re.compile(
    r"(?:bgcolor\s{0,3}=\s{0,3}[\"']?|background(?:-color)?\s{0,3}:\s{0,3})"
    r"(#[0-9a-f]{3,6}|rgba?\(\s{0,3}\d{1,3}\s{0,3}[, ]\s{0,3}\d{1,3}\s{0,3}[, ]\s{0,3}\d{1,3}|[a-z]{3,10})",
    re.I,
)
_CLASS = re.compile(r"class\s{0,3}=\s{0,3}(?:\"([^\"]{1,100})\"|'([^']{1,100})'|([\w-]{1,60}))", re.I)
_STYLE = re.compile(r"<style\b[^>]{0,300}>([^<]{0,50000})", re.I)
_CLASS_RULE = re.compile(r"\.([\w-]{1,60})\s{0,9}\{([^{}]{0,500})\}")
_SPAN = re.compile(r"colspan\s{0,3}=\s{0,3}[\"']?(\d{1,3})", re.I)
_DARK = frozenset(("black", "navy", "darkblue", "darkgreen", "darkred", "maroon", "purple", "indigo", "midnightblue"))
_MIDDLE = 110  # of 255: darker is a dark module


def read_block_letters(text: str, reading: Reading) -> None:
    """Note the codes that lines of block letters draw."""
    drawing: list[str] = []
    drawings = 0
    for line in [*text.split("\n"), ""]:
        if _BLOCK_LINE.fullmatch(line.rstrip("\r")) and len(drawing) < _LARGEST:
            drawing.append(line.rstrip("\r"))
            continue
        if len(drawing) >= (_SMALLEST + 1) // 2 and drawings < _MAX_DRAWINGS:
            drawings += 1
            is_fine = any(_ONLY_QUARTERS.search(row) for row in drawing)
            _decode([half for row in drawing for half in (_quarters(row) if is_fine else _halves(row))], reading)
        drawing = []


def read_tables(source: str, reading: Reading) -> None:
    """Note the codes that rows of coloured cells draw."""
    rows: list[list[bool]] = []
    drawings = 0
    dark_classes = _dark_classes(source)
    for row in _ROW.split(source)[1:]:
        cells: list[bool] = []
        for cell in _CELL.finditer(row[:_MAX_ROW]):
            span = _SPAN.search(cell[1])
            dark = _is_dark(cell[1], dark_classes)
            cells += [dark] * min(int(span[1]) if span else 1, _LARGEST)
            if len(cells) > _LARGEST:
                break
        if _SMALLEST <= len(cells) <= _LARGEST and len(rows) < _LARGEST:
            rows.append(cells)
        elif rows:
            drawings += _decode_rows(rows, reading)
            rows = []
        if drawings >= _MAX_DRAWINGS:
            return
    _decode_rows(rows, reading)


def _dark_classes(source: str) -> frozenset[str]:
    """The classes that a page's own style sheet paints dark."""
    rules = [rule for sheet in _STYLE.findall(source)[:5] for rule in _CLASS_RULE.findall(sheet)[:200]]
    return frozenset(name for name, body in rules if _is_dark(body, frozenset()))


def _is_dark(attributes: str, dark_classes: frozenset[str]) -> bool:
    colour = _COLOUR.search(attributes)
    if colour is None:
        named = _CLASS.search(attributes) if dark_classes else None
        return named is not None and not dark_classes.isdisjoint((named[1] or named[2] or named[3]).split())
    value = colour[1].lower()
    if value[0] == "#" and len(value) in (4, 7):
        digits = value[1:] if len(value) == 7 else "".join(digit * 2 for digit in value[1:])
        channels = [int(digits[at : at + 2], 16) for at in (0, 2, 4)]
    elif value.startswith("rgb"):
        channels = [int(number) for number in re.findall(r"\d+", value)[:3]]
    else:
        return value in _DARK
    red, green, blue = channels
    return red * 3 + green * 6 + blue < 10 * _MIDDLE


def _decode_rows(rows: list[list[bool]], reading: Reading) -> int:
    if len(rows) < _SMALLEST:
        return 0
    _decode(rows, reading)
    return 1


def _halves(line: str) -> tuple[list[bool], list[bool]]:
    if _WIDE.search(line):
        line = "".join(letter * 2 for letter in line)
    cells = [_HALVES.get(letter, (False, False)) for letter in line]
    return [upper for upper, _ in cells], [lower for _, lower in cells]


def _quarters(line: str) -> tuple[list[bool], list[bool]]:
    cells = [_QUARTERS.get(letter, (0, 0, 0, 0)) for letter in line]
    return [bool(c) for cell in cells for c in cell[:2]], [bool(c) for cell in cells for c in cell[2:]]


def _decode(rows: list[list[bool]], reading: Reading) -> None:
    """Draw the modules, four pixels each, in a wide frame, and look for codes."""
    width = max(map(len, rows))
    lines = [bytes(0 if dark else 255 for dark in row).ljust(width, b"\xff") for row in rows]
    small = Image.frombytes("L", (width, len(rows)), b"".join(lines))
    page = Image.new("L", ((width + 8) * 4, (len(rows) + 8) * 4), 255)
    page.paste(small.resize((width * 4, len(rows) * 4), Image.Resampling.NEAREST), (16, 16))
    find_codes(page, reading)
