"""Reading the text of an (ARC-)Authentication-Results field (RFC 8601 §2.2): statements of words, nothing believed."""

MAX_TEXT = 16_384  # characters; a longer field is not read


def read_statements(text: str, most: int = 200) -> list[list[str]] | None:
    """The words of each statement, split at semicolons; comments gone, quotes taken off, so that what stood in quotes
    is part of one word. None when a comment or a quote never ends. Stops after `most` statements."""
    statements: list[list[str]] = []
    words: list[str] = []
    current: list[str] = []
    depth, quoted, at = 0, False, 0

    def end_word() -> None:
        if current:
            words.append("".join(current))
            current.clear()

    while at < len(text) and len(statements) < most:
        char = text[at]
        at += 1
        if char == "\\" and (quoted or depth) and at < len(text):
            if quoted:
                current.append(text[at])
            at += 1
        elif quoted:
            if char == '"':
                quoted = False
            else:
                current.append(char)
        elif char == "(":
            depth += 1
            end_word()
        elif depth:
            depth -= char == ")"
        elif char == '"':
            quoted = True
        elif char == ";":
            end_word()
            statements.append(words)
            words = []
        elif char.isspace():
            end_word()
        else:
            current.append(char)
    end_word()
    if len(statements) < most:
        statements.append(words)
    return None if quoted or depth else statements


def joined_pairs(words: list[str]) -> list[str]:
    """The words with `name = value` written apart put together (CFWS around the sign is allowed)."""
    pairs: list[str] = []
    for word in words:
        if pairs and (word.startswith("=") or (pairs[-1].endswith("=") and pairs[-1].count("=") == 1)):
            pairs[-1] += word
        else:
            pairs.append(word)
    return pairs
