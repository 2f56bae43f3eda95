"""Which text can be asked of DNS at all (RFC 1035 §2.3.4). Names come from mail and from strangers' DNS: hostile."""

MAX_NAME = 253
MAX_LABEL = 63


def canonical_name(text: str) -> str | None:
    """The name in lower case without its final dot, or None when no such name can exist on the wire.

    Any printable ASCII is allowed inside a label: SPF macros put local parts into names.
    """
    name = text[:-1] if text.endswith(".") else text
    if not 0 < len(name) <= MAX_NAME or not name.isascii() or not name.isprintable():
        return None
    name = name.lower()
    if all(0 < len(label) <= MAX_LABEL for label in name.split(".")):
        return name
    return None
