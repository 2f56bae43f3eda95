"""Text from a mail as a terminal, a table or a mail of ours may show it."""


def visible(text: str, *, line_ends: bool = False) -> str:
    """The text with everything that moves the cursor, turns the reading direction or can't be seen written as an
    escape; `line_ends` lets line ends and tabs through."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character, line_ends) for character in text)


def _shown(character: str, line_ends: bool) -> str:
    if character.isprintable() or (line_ends and character in "\n\t"):
        return character
    code = ord(character)
    if character in "\u00a0\u202f\u2007":  # blanks of French typography
        return " "
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
