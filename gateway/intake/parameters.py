"""Parameters of MAIL and RCPT, checked but kept byte for byte (RFC 5321 §4.1.2, 1870, 3461, 6152, 6531)."""

import re
from dataclasses import dataclass

from gateway.model import reply as replies
from gateway.model.reply import Reply

_PARAMETER = re.compile(rb"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e\x80-\xff]+))?")
_XTEXT = re.compile(rb"(?:[\x21-\x2a\x2c-\x3c\x3e-\x7e]|\+[0-9A-F]{2})*")  # RFC 3461 §4
_ORCPT = re.compile(rb"[A-Za-z0-9][A-Za-z0-9-]*;[\x21-\x3c\x3e-\x7e\x80-\xff]+")
_SIZE = re.compile(rb"[0-9]{1,20}")
_NOTIFY = frozenset({b"SUCCESS", b"FAILURE", b"DELAY"})
MAX_ENVID = 100  # RFC 3461 §4.4
MAX_ORCPT = 500  # RFC 3461 §4.2
MAX_PARAMETERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MailParameters:
    """What MAIL asks for. `kept` is what the next hop is told."""

    kept: tuple[bytes, ...] = ()
    size: int = 0  # declared octets, 0 when not said
    smtputf8: bool = False


def _pairs(text: bytes) -> list[tuple[bytes, bytes | None, bytes]] | Reply:
    """Keyword in upper case, value, and the words themselves."""
    if text and not text.startswith(b" "):
        return replies.BAD_ARGUMENTS
    pairs = []
    for word in text.split(b" "):
        if not word:
            continue
        found = _PARAMETER.fullmatch(word)
        if found is None:
            return replies.BAD_ARGUMENTS
        pairs.append((found[1].upper(), found[2], word))
    if len(pairs) > MAX_PARAMETERS or len({keyword for keyword, _, _ in pairs}) != len(pairs):
        return replies.BAD_PARAMETER_VALUE
    return pairs


def _is_xtext(value: bytes, longest: int) -> bool:
    return len(value) <= longest and _XTEXT.fullmatch(value) is not None


def read_mail_parameters(text: bytes, *, dsn: bool) -> MailParameters | Reply:
    """Read what follows the reverse-path. `dsn`: whether RET and ENVID are on offer."""
    pairs = _pairs(text)
    if isinstance(pairs, Reply):
        return pairs
    size, smtputf8 = 0, False
    for keyword, value, _ in pairs:
        if keyword == b"SIZE":
            good = value is not None and _SIZE.fullmatch(value) is not None
            size = int(value) if good and value else 0
        elif keyword == b"BODY":
            good = value is not None and value.upper() in (b"7BIT", b"8BITMIME")
        elif keyword == b"SMTPUTF8":
            good = smtputf8 = value is None
        elif keyword == b"RET" and dsn:
            good = value is not None and value.upper() in (b"FULL", b"HDRS")
        elif keyword == b"ENVID" and dsn:
            good = value is not None and _is_xtext(value, MAX_ENVID)
        else:
            return replies.UNKNOWN_PARAMETER
        if not good:
            return replies.BAD_PARAMETER_VALUE
    return MailParameters(kept=tuple(word for _, _, word in pairs), size=size, smtputf8=smtputf8)


def read_rcpt_parameters(text: bytes, *, dsn: bool, smtputf8: bool) -> tuple[bytes, ...] | Reply:
    """Read what follows the forward-path. `dsn`: whether NOTIFY and ORCPT are on offer."""
    pairs = _pairs(text)
    if isinstance(pairs, Reply):
        return pairs
    for keyword, value, _ in pairs:
        if keyword == b"NOTIFY" and dsn:
            good = value is not None and _is_notify(value.upper())
        elif keyword == b"ORCPT" and dsn:
            good = value is not None and _is_original(value, smtputf8)
        else:
            return replies.UNKNOWN_PARAMETER
        if not good:
            return replies.BAD_PARAMETER_VALUE
    return tuple(word for _, _, word in pairs)


def _is_notify(value: bytes) -> bool:
    """NEVER alone, or some of the others, each once (RFC 3461 §4.1)."""
    words = value.split(b",")
    return value == b"NEVER" or (_NOTIFY.issuperset(words) and len(set(words)) == len(words))


def _is_original(value: bytes, smtputf8: bool) -> bool:
    """`type;address`, the address as xtext, or as UTF-8 in an SMTPUTF8 transaction (RFC 3461 §4.2, RFC 6533 §3)."""
    if len(value) > MAX_ORCPT or _ORCPT.fullmatch(value) is None:
        return False
    kind, _, address = value.partition(b";")
    if kind.lower() != b"utf-8":
        return _is_xtext(address, MAX_ORCPT)
    try:
        return value.decode("utf-8").isprintable() and (smtputf8 or value.isascii())
    except UnicodeDecodeError:
        return False
