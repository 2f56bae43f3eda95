"""Domain names as the rooms compare them: lower-case A-labels, no trailing dot (RFC 5890, RFC 1035 §2.3.4)."""

import re
from typing import NewType

import idna

DomainName = NewType("DomainName", str)

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
MAX_NAME = 253


def parse_domain(text: str) -> DomainName | None:
    """Read a host or mail domain; None when it can't be one. U-labels become A-labels, one trailing dot is dropped.

    Underscores are allowed: DKIM and DMARC names hold them, and so do hosts seen in real mail.
    """
    name = text[:-1] if text.endswith(".") else text
    if not name or len(name) > 4 * MAX_NAME:
        return None
    name = name.lower()
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError, IndexError, ValueError):
            return None
    if len(name) > MAX_NAME or _NAME.fullmatch(name) is None:
        return None
    return DomainName(name)


def is_same_or_below(name: DomainName, ancestor: DomainName) -> bool:
    """Whether `name` is `ancestor` or one of its subdomains."""
    return name == ancestor or name.endswith("." + ancestor)
