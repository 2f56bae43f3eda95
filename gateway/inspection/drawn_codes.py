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
_BLOCK_LINE = re.compile(r"[█▀▄■⬛ \xa0\u2002\u2003\u3000⬜□░▒]{21,400}")
_ROW = re.compile(r"<tr\b", re.I)
_MAX_ROW = 60_000  # characters of one row
_CELL = re.compile(r"<t[dh]\b([^>]{0,300})>", re.I)
_COLOUR = re.compile(
    r"(?:bgcolor\s{0,3}=\s{0,3}[\"']?|background(?:-color)?\s{0,3}:\s{0,3})(#[0-9a-f]{3,6}|[a-z]{3,10})", re.I
)
_SPAN = re.compile(r"colspan\s{0,3}=\s{0,3}[\"']?(\d{1,3})", re.I)
_DARK = frozenset(("black", "#000", "#000000", "navy", "darkblue", "#111", "#111111", "#222", "#222222", "#333"))


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
            _decode([half for row in drawing for half in _halves(row)], reading)
        drawing = []


def read_tables(source: str, reading: Reading) -> None:
    """Note the codes that rows of coloured cells draw."""
    rows: list[list[bool]] = []
    drawings = 0
    for row in _ROW.split(source)[1:]:
        cells: list[bool] = []
        for cell in _CELL.finditer(row[:_MAX_ROW]):
            colour, span = _COLOUR.search(cell[1]), _SPAN.search(cell[1])
            dark = colour is not None and colour[1].lower() in _DARK
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


def _decode_rows(rows: list[list[bool]], reading: Reading) -> int:
    if len(rows) < _SMALLEST:
        return 0
    _decode(rows, reading)
    return 1


def _halves(line: str) -> tuple[list[bool], list[bool]]:
    cells = [_HALVES.get(letter, (False, False)) for letter in line]
    return [upper for upper, _ in cells], [lower for _, lower in cells]


def _decode(rows: list[list[bool]], reading: Reading) -> None:
    """Draw the modules, four pixels each, in a wide frame, and look for codes."""
    width = max(map(len, rows))
    lines = [bytes(0 if dark else 255 for dark in row).ljust(width, b"\xff") for row in rows]
    small = Image.frombytes("L", (width, len(rows)), b"".join(lines))
    page = Image.new("L", ((width + 8) * 4, (len(rows) + 8) * 4), 255)
    page.paste(small.resize((width * 4, len(rows) * 4), Image.Resampling.NEAREST), (16, 16))
    find_codes(page, reading)
