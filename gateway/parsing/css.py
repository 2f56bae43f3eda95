"""The little of CSS that decides whether text is seen: inline styles, simple style-sheet rules, colours.

A style is read once and kept: the same strings come back in every newsletter. Nothing here is a full CSS engine: what
it does not understand changes nothing.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

MAX_STYLE = 16384
MAX_SHEET = 65536
MAX_RULES = 2000

Rgb = tuple[int, int, int]
TINY_PX = 2.0  # letters this small are not read
MIN_CONTRAST = 1.2  # WCAG contrast ratio; honest pale grey on white starts near 1.3
FAR_PX = 400.0  # further off than this is off the screen

_NAMES = {
    "white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "silver": (192, 192, 192), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "navy": (0, 0, 128), "maroon": (128, 0, 0), "purple": (128, 0, 128), "teal": (0, 128, 128),
    "orange": (255, 165, 0), "lightgray": (211, 211, 211), "lightgrey": (211, 211, 211), "darkgray": (169, 169, 169),
    "darkgrey": (169, 169, 169), "dimgray": (105, 105, 105), "whitesmoke": (245, 245, 245), "snow": (255, 250, 250),
    "ivory": (255, 255, 240), "ghostwhite": (248, 248, 255), "floralwhite": (255, 250, 240), "azure": (240, 255, 255),
    "aliceblue": (240, 248, 255), "mintcream": (245, 255, 250), "seashell": (255, 245, 238),
    "gainsboro": (220, 220, 220), "lavender": (230, 230, 250), "linen": (250, 240, 230), "beige": (245, 245, 220),
    "honeydew": (240, 255, 240), "lime": (0, 255, 0), "aqua": (0, 255, 255), "cyan": (0, 255, 255),
    "fuchsia": (255, 0, 255), "magenta": (255, 0, 255), "olive": (128, 128, 0), "darkblue": (0, 0, 139),
    "darkred": (139, 0, 0), "darkgreen": (0, 100, 0), "windowtext": (0, 0, 0), "window": (255, 255, 255),
}  # fmt: skip
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})%?[\s,]+(\d{1,3})%?[\s,]+(\d{1,3})%?(?:[\s,/]+([\d.]{1,8}%?))?\s*\)")
_LENGTH = re.compile(r"(-?(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6}))\s*(px|pt|em|rem|%|vw|vh|ex|pc|cm|mm|in)?")
_TO_PX = {"px": 1.0, "pt": 1.33, "": 1.0, "pc": 16.0, "cm": 37.8, "mm": 3.78, "in": 96.0, "em": 16.0, "rem": 16.0}
_SELECTOR = re.compile(r"(?:(?:html|body)\s+)?([a-z][a-z0-9]*|\*)?([.#][a-z_-][\w-]*)?(?::(?:link|visited))?")
_CONCERNS = re.compile(
    r"color|display|visib|font|opacity|background|text-indent|position|height|width|clip|margin|transf|left|top"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a list of declarations says of being seen; None where it says nothing."""

    gone: bool = False  # the element and all in it is out of sight, whatever its children say
    shown: bool = False  # display is set to something that shows, after an earlier "none"
    visible: bool | None = None  # visibility
    tiny: bool | None = None  # font size
    color: Rgb | None = None
    clear: bool = False  # text in a fully transparent colour
    background: Rgb | None = None
    unknown_background: bool = False  # a picture or gradient: nothing can be said about contrast


NOTHING = Style()


@lru_cache(maxsize=4096)
def read_style(text: str) -> Style | None:
    """The declarations of a `style` attribute or a rule; None when they hide, colour and size nothing."""
    text = text[-MAX_STYLE:].lower()  # the last declaration wins, so the end is what counts
    if "/*" in text:
        text = _without_comments(text)
    if "\\" in text:
        text = _unescape(text)
    if _CONCERNS.search(text) is None:
        return None
    found: dict[str, str] = {}
    for item in text.split(";"):
        name, colon, value = item.partition(":")
        if colon:
            name = name.strip()
            value = value.replace("!important", "").strip()
            if name in found and "!important" not in item and found[name].endswith("\0"):
                continue
            found[name] = value + "\0" if "!important" in item else value
    props = {name: value.rstrip("\0") for name, value in found.items()}
    style = _judge(props)
    return None if style == NOTHING else style


def _without_comments(text: str) -> str:
    """Comments out; an open one runs to the end."""
    first, *rest = text.split("/*")
    return first + "".join([piece.partition("*/")[2] for piece in rest])


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-9a-f]{1,6})\s?|\\(.)", lambda m: chr(min(int(m[1], 16), 0xFFFD)) if m[1] else m[2], text)


def _judge(props: dict[str, str]) -> Style:
    display = props.get("display", "")
    visibility = props.get("visibility", "")
    background, unknown = _background(props)
    color = props.get("color", props.get("-webkit-text-fill-color", ""))
    return Style(
        gone=display == "none" or _transparent(props.get("opacity", "")) or _out_of_sight(props),
        shown=bool(display) and display != "none",
        visible=None if not visibility or visibility == "inherit" else visibility not in ("hidden", "collapse"),
        tiny=_tiny(props),
        color=read_color(color) if color else None,
        clear=color == "transparent" or _alpha(color) == 0.0,
        background=background,
        unknown_background=unknown,
    )


def _transparent(value: str) -> bool:
    if not value:
        return False
    try:
        amount = float(value.rstrip("%")) / (100 if value.endswith("%") else 1)
    except ValueError:
        return False
    return amount <= 0.1


def _tiny(props: dict[str, str]) -> bool | None:
    size = props.get("font-size", "")
    if not size and "font" in props:
        match = re.search(r"(?:^|\s)(\d[\d.]{0,8}(?:px|pt|em|rem|%)?)(?:\s*/|\s|$)", props["font"])
        size = match.group(1) if match else ""
    if not size:
        return None
    match = _LENGTH.match(size)
    if match is None:
        return False
    number, unit = float(match.group(1)), match.group(2) or ""
    if unit in ("em", "rem"):
        return number * 16 <= TINY_PX
    if unit in ("%", "vw", "vh"):
        return number <= 12 if unit == "%" else number <= 0.2
    return number * _TO_PX.get(unit, 1.0) <= TINY_PX + 0.7


def _pixels(value: str) -> float | None:
    match = _LENGTH.match(value)
    return None if match is None else float(match.group(1)) * _TO_PX.get(match.group(2) or "", 10.0)


def _out_of_sight(props: dict[str, str]) -> bool:
    if props.get("position", "") in ("absolute", "fixed", "relative"):
        for side in ("left", "top", "right", "bottom"):
            pixels = _pixels(props.get(side, ""))
            if pixels is not None and pixels <= -FAR_PX:
                return True
        if props.get("clip", "").replace(" ", "").replace("px", "") in ("rect(0,0,0,0)", "rect(0000)", "rect(1,1,1,1)"):
            return True
    indent = _pixels(props.get("text-indent", ""))
    if indent is not None and indent <= -FAR_PX:
        return True
    for side in ("margin-left", "margin-top"):
        pixels = _pixels(props.get(side, ""))
        if pixels is not None and pixels <= -4 * FAR_PX:
            return True
    if "scale(0" in props.get("transform", "") and "scale(0." not in props.get("transform", ""):
        return True
    if "hidden" in props.get("overflow", "") or "hidden" in props.get("overflow-y", ""):
        for name in ("height", "max-height", "width", "max-width"):
            pixels = _pixels(props.get(name, ""))
            if pixels is not None and pixels <= TINY_PX:
                return True
    return False


def _background(props: dict[str, str]) -> tuple[Rgb | None, bool]:
    text = props.get("background-color", "") or props.get("background", "")
    image = props.get("background-image", "") + props.get("background", "")
    unknown = "url(" in image or "gradient" in image
    if not text or _alpha(text) == 0.0:
        return None, unknown
    for word in [text, *text.split()]:
        color = read_color(word)
        if color is not None:
            return color, unknown
    return None, unknown


def _alpha(text: str) -> float:
    match = _RGB.match(text) if text.startswith("rgb") else None
    if match is None or match.group(4) is None:
        return 1.0
    try:
        amount = match.group(4)
        return float(amount.rstrip("%")) / (100 if amount.endswith("%") else 1)
    except ValueError:
        return 1.0


@lru_cache(maxsize=2048)
def read_color(text: str) -> Rgb | None:
    """A colour as CSS or a `color`/`bgcolor` attribute writes it; None when it is none of the usual forms."""
    text = text.strip().lower()
    if text in _NAMES:
        return _NAMES[text]
    digits = text.removeprefix("#")
    if all(c in "0123456789abcdef" for c in digits):
        if len(digits) in (6, 8):
            return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
        if len(digits) in (3, 4) and text.startswith("#"):
            return int(digits[0] * 2, 16), int(digits[1] * 2, 16), int(digits[2] * 2, 16)
    match = _RGB.match(text)
    if match is not None:
        scale = 2.55 if "%" in text.partition(",")[0] else 1
        return tuple(min(255, int(int(match.group(i)) * scale)) for i in (1, 2, 3))  # type: ignore[return-value]
    return None


@lru_cache(maxsize=4096)
def is_unreadable(color: Rgb, background: Rgb) -> bool:
    """Whether letters of one colour vanish on the other (WCAG 2 contrast ratio)."""
    light, dark = sorted((_luminance(color), _luminance(background)), reverse=True)
    return (light + 0.05) / (dark + 0.05) < MIN_CONTRAST


def _luminance(color: Rgb) -> float:
    channels = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in color)]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


@lru_cache(maxsize=256)
def read_sheet(text: str) -> dict[str, str]:
    """Simple selectors of a style sheet ("p", ".c", "#i", "p.c", "*") to their declarations, later ones appended.

    Rules inside @media and the like are left out: they hold on a telephone or on paper, not for everyone.
    """
    text = text[:MAX_SHEET]
    if "/*" in text:
        text = _without_comments(text)
    text = text.replace("<!--", "").replace("-->", "")
    if "@" in text:
        text = _without_at_rules(text)
    rules: dict[str, str] = {}
    for piece in text.lower().split("}", MAX_RULES)[:MAX_RULES]:
        selectors, brace, body = piece.rpartition("{")
        if not brace or _CONCERNS.search(body) is None:
            continue
        for selector in selectors[-2000:].split(",")[:50]:
            simple = _SELECTOR.fullmatch(selector.strip())
            if simple is not None and (simple.group(1) or simple.group(2)):
                key = (simple.group(1) or "") + (simple.group(2) or "")
                key = key.removeprefix("*") or "*"
                rules[key] = rules[key] + ";" + body if key in rules else body
    return rules


def _without_at_rules(text: str) -> str:
    """@media and others cut out with their braces; `@media screen` and `@media all` keep their rules."""
    out: list[str] = []
    position = 0
    for _ in range(500):
        at = text.find("@", position)
        if at < 0:
            break
        out.append(text[position:at])
        brace, semicolon = text.find("{", at), text.find(";", at)
        if brace < 0 or 0 <= semicolon < brace:
            position = len(text) if semicolon < 0 else semicolon + 1
            continue
        end = _closing(text, brace)
        if text[at + 1 : brace].strip().lower() in ("media screen", "media all", "media only screen", "media"):
            out.append(text[brace + 1 : end])
        position = end + 1
    out.append(text[position:])
    return "".join(out)


def _closing(text: str, brace: int) -> int:
    depth = 0
    for match in re.finditer(r"[{}]", text[brace:]):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return brace + match.start()
    return len(text)
