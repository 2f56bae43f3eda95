"""Our Received field (RFC 5321 §4.4, RFC 3848, RFC 6531 §3.7.3): trace of the hop that ends with us.

What the client said of itself is written with letters, digits, dots, hyphens and brackets only, so that it can neither
end the field nor begin a comment, a semicolon or another clause.
"""

import re
from collections.abc import Iterable, Sequence
from email.utils import format_datetime

from gateway.model.envelope import Client, Recipient, Submission
from gateway.model.message import HeaderField

_NOT_A_HOST = re.compile(r"[^A-Za-z0-9.:_\[\]-]")
_NOT_A_NOTE = re.compile(r"[^A-Za-z0-9._ -]")
_PLAIN_PATH = re.compile(rb"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.:\[\]_-]+")
_MAX_NAME = 255


def _host(text: str) -> str:
    """Hostile text as a word; `unknown` when there is none."""
    return _NOT_A_HOST.sub("?", text[:_MAX_NAME]).replace("?", "_") or "unknown"


def _literal(client: Client) -> str:
    if client.address is None:
        return "unknown"
    return f"[IPv6:{client.address}]" if client.address.version == 6 else f"[{client.address}]"


def received_field(submission: Submission, recipients: Sequence[Recipient]) -> bytes:
    """The whole field, folded, with its CRLF, for the copy that goes to `recipients`. `for` is written for a single
    one only (RFC 5321 §7.6)."""
    envelope = submission.envelope
    client = envelope.client
    protocol = "SMTP"
    if client.extended:
        protocol = ("UTF8SMTP" if envelope.smtputf8 else "ESMTP") + ("S" if client.tls else "")
    name = _host(client.name) if client.name else "unknown"
    lines = [f"Received: from {_host(client.helo)} ({name} {_literal(client)})"]
    if client.tls:
        lines.append(f"\t(using {_NOT_A_NOTE.sub('', client.tls)[:100]})")
    lines.append(f"\tby {_host(submission.listener_hostname)} (vitalgate) with {protocol} id {submission.id}")
    if len(recipients) == 1 and _PLAIN_PATH.fullmatch(raw := recipients[0].path.raw):
        lines.append(f"\tfor <{raw.decode('ascii')}>")
    lines[-1] += ";"
    lines.append(f"\t{format_datetime(submission.received_at)}")
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def count_own_received(fields: Iterable[HeaderField], hostname: str) -> int:
    """How many of these Received fields a gateway of this name wrote: two are a loop."""
    ours = f"by {_host(hostname)} (vitalgate) with ".encode("ascii")
    return sum(ours in field.value for field in fields)
