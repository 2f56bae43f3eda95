"""MAIL and RCPT parameters as a given hop may be told them: byte for byte, or not at all.

A parameter of an extension the hop does not offer would be 555 (RFC 5321 §4.1.1.11), so it is left out where leaving it
out loses nothing of the message, and is a refusal of ours where it would.
"""

from collections.abc import Sequence

from gateway.delivery.features import Features
from gateway.model import reply as replies
from gateway.model.reply import Reply

NEEDS_8BITMIME = Reply(554, "5.6.3", "Message has 8-bit data, the next system does not support 8BITMIME")

_DSN_ON_MAIL = (b"RET", b"ENVID")
_DSN_ON_RCPT = (b"NOTIFY", b"ORCPT")


def _keyword(parameter: bytes) -> bytes:
    return parameter.partition(b"=")[0].upper()


def mail_parameters(given: Sequence[bytes], features: Features, size: int | None = None) -> tuple[bytes, ...]:
    """The client's MAIL parameters for a hop with these features.

    `size`: the bytes we are about to send, told in place of what the client announced; None keeps the client's word.
    """
    kept = []
    own_size = b"" if size is None or features.size is None else b"SIZE=%d" % size
    for parameter in given:
        keyword = _keyword(parameter)
        if keyword == b"SIZE":
            if features.size is not None:
                kept.append(own_size or parameter)
                own_size = b""
        elif keyword == b"BODY":
            if features.eightbitmime:
                kept.append(parameter)
        elif keyword in _DSN_ON_MAIL:
            if features.dsn:
                kept.append(parameter)
        elif keyword != b"AUTH" or features.auth:
            kept.append(parameter)
    if own_size and not any(_keyword(p) == b"SIZE" for p in given):
        kept.append(own_size)
    return tuple(kept)


def rcpt_parameters(given: Sequence[bytes], features: Features) -> tuple[bytes, ...]:
    """The client's RCPT parameters for a hop with these features."""
    if features.dsn or not given:
        return tuple(given)
    return tuple(p for p in given if _keyword(p) not in _DSN_ON_RCPT)


def refusal_of_ours(given: Sequence[bytes], features: Features) -> Reply | None:
    """Why this hop can't be asked to take a message with these MAIL parameters, whatever the message."""
    if not features.smtputf8 and any(_keyword(p) == b"SMTPUTF8" for p in given):
        return replies.NEEDS_SMTPUTF8
    return None


def refusal_of_body(given: Sequence[bytes], features: Features, head: bytes, body: memoryview) -> Reply | None:
    """554 when the client announced 8-bit data, it is 8-bit, and the hop lacks 8BITMIME (RFC 6152 §3).

    8-bit data that the client did not announce goes on as it came: the client took that on itself.
    """
    if features.eightbitmime or not any(p.upper() in (b"BODY=8BITMIME", b"BODY=BINARYMIME") for p in given):
        return None
    if head.isascii() and all(bytes(body[at : at + 65536]).isascii() for at in range(0, len(body), 65536)):
        return None
    return NEEDS_8BITMIME
