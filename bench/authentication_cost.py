"""CPU of sender authentication alone, warm DNS, beside dkimpy + pyspf in the same run.

    python -m bench.authentication_cost

Prints milliseconds of CPU per message for 2 KB, 24 KB, 1 MB and 25 MB signed messages (best of three rounds) and the
ratio. DNS is a dictionary on both sides, so that only the checks are measured.
"""

import asyncio
import base64
import os
import time
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, ParamSpec, TypeVar

import dkim
import spf
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.authn.authenticate import authenticate
from gateway.authn.canonical_body import BodyHasher
from gateway.authn.canonical_header import Canon, relaxed_field
from gateway.model.address import Mailbox, Path
from gateway.model.auth_facts import DmarcStatus
from gateway.model.dns_answer import NO_NAME, DnsAnswer, RecordType, found
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope
from gateway.parsing.mime_tree import parse_message

P = ParamSpec("P")
T = TypeVar("T")
KEY = generate_private_key(65537, 2048)
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
ZONE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sel._domainkey.signer.example": {"TXT": (f"v=DKIM1; k=rsa; p={PUBLIC}",)},
    "signer.example": {"TXT": ("v=spf1 include:_spf.signer.example -all",)},
    "_spf.signer.example": {"TXT": ("v=spf1 ip4:192.0.2.0/24 -all",)},
    "_dmarc.signer.example": {"TXT": ("v=DMARC1; p=reject",)},
    "25.2.0.192.in-addr.arpa": {"PTR": ("mail.signer.example",)},
    "mail.signer.example": {"A": ("192.0.2.25",)},
}
HEAD = (
    b"From: Jeanne <a@signer.example>\r\nTo: c@mutuelle.example\r\nSubject: Votre dossier\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@signer.example>\r\nMIME-Version: 1.0\r\n"
)
LINE = "Bonjour, voici votre relevé de prestations, à conserver pour vos archives.\r\n".encode()
ENVELOPE = Envelope(
    client=Client(address=ip_address("192.0.2.25"), helo="mail.signer.example"),
    mail_from=Path(b"a@signer.example", Mailbox("a", DomainName("signer.example"))),
)


class Warm:
    """Every answer is at hand."""

    async def query(self, name: str, rtype: RecordType) -> DnsAnswer:
        """One answer."""
        records = ZONE.get(name)
        return NO_NAME if records is None else found(records.get(rtype.value, ()))


async def inline(_size: int, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs at once."""
    return function(*args, **kwargs)


def sign(body: bytes) -> bytes:
    """The message, relaxed/relaxed, RSA-2048."""
    digest = base64.b64encode(BodyHasher(memoryview(body)).digest(Canon.RELAXED, None).digest)
    field = (
        b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=signer.example; s=sel;\r\n"
        b"\th=from:to:subject:date:message-id; bh=" + digest + b";\r\n\tb="
    )
    fields = [line.partition(b":") for line in HEAD.split(b"\r\n")[:5]]
    covered = b"".join(relaxed_field(name, value) + b"\r\n" for name, _, value in fields)
    name, _, value = field.partition(b":")
    signature = base64.b64encode(KEY.sign(covered + relaxed_field(name, value), PKCS1v15(), SHA256()))
    return field + signature + b"\r\n" + HEAD + b"\r\n" + body


def ours(raw: bytes, rounds: int) -> float:
    """CPU milliseconds per message."""
    message, resolver, now = parse_message(raw), Warm(), datetime.now(UTC)

    async def run() -> float:
        start = time.process_time()
        for _ in range(rounds):
            facts = await authenticate(message, ENVELOPE, resolver, inline, now, "mx.mutuelle.example", ())
        seconds = time.process_time() - start
        if facts.dmarc.status is not DmarcStatus.PASS or not facts.dmarc.aligned_dkim:
            raise SystemExit("the message should have passed")
        return seconds * 1000 / rounds

    return min(asyncio.run(run()) for _ in range(3))


def plain(raw: bytes, rounds: int) -> float:
    """The same by dkimpy and pyspf."""

    def txt(name: bytes, timeout: int = 5) -> bytes | None:
        records = ZONE.get(name.decode().rstrip("."))
        return records["TXT"][0].encode() if records else None

    start = time.process_time()
    for _ in range(rounds):
        verified = dkim.verify(raw, dnsfunc=txt)
        result = spf.check2(i="192.0.2.25", s="a@signer.example", h="mail.signer.example")[0]
        if not verified or result != "pass":
            raise SystemExit("the message should have passed")
    return (time.process_time() - start) * 1000 / rounds


def _spf_lookup(name: str, qtype: str, *_: Any, **__: Any) -> list[Any]:
    values = ZONE.get(name.lower().rstrip("."), {}).get(qtype, ())
    return [((name, qtype), [value.encode()] if qtype == "TXT" else value) for value in values]


def main() -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")
    spf.DNSLookup = _spf_lookup
    attachment = b"\r\n".join(base64.b64encode(os.urandom(57)) for _ in range(13_000)) + b"\r\n"
    sizes = {
        "2 KB": (LINE * 20, 2000, 200),
        "24 KB": (LINE * 300, 2000, 100),
        "1 MB": (attachment, 60, 5),
        "25 MB": (attachment * 25, 3, 1),
        "25 MB of text": (LINE * (25_000_000 // len(LINE)), 3, 1),
    }
    for name, (body, rounds, plain_rounds) in sizes.items():
        raw = sign(body)
        mine, theirs = ours(raw, rounds), plain(raw, plain_rounds)
        print(f"{name:14} {len(raw):>10} bytes  {mine:8.3f} ms  dkimpy+pyspf {theirs:8.2f} ms  x{theirs / mine:.1f}")


if __name__ == "__main__":
    main()
