"""Generated messages of each class, with the DNS that makes them pass SPF, DKIM and DMARC. Seeded: the same every time.

Texts are words of the trade put together at random, so nothing here is anybody's mail. The classes are those that the
targets speak of: a short text, the same signed, a newsletter of some hundred links and pictures, and attachments that
no inspector needs to open (their bytes say what they are and hold nothing).
"""

import base64
import quopri
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.authn.canonical_body import BodyHasher
from gateway.authn.canonical_header import Canon, relaxed_field
from gateway.daemon.scanner import ScanRequest, envelope_of, path_of
from gateway.model.envelope import Submission
from gateway.model.identifiers import new_message_id

KEY = generate_private_key(65537, 2048)
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
CLIENT = "192.0.2.25"
SENDER = "contact@expediteur.example"
RECIPIENT = "agent@mutuelle.example"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ZONE: Mapping[str, Mapping[str, list[str]]] = {
    "expediteur.example": {"TXT": ["v=spf1 include:_spf.expediteur.example -all"]},
    "_spf.expediteur.example": {"TXT": ["v=spf1 ip4:192.0.2.0/24 -all"]},
    "sel._domainkey.expediteur.example": {"TXT": [f"v=DKIM1; k=rsa; p={PUBLIC}"]},
    "_dmarc.expediteur.example": {"TXT": ["v=DMARC1; p=quarantine"]},
    "25.2.0.192.in-addr.arpa": {"PTR": ["smtp.expediteur.example"]},
    "smtp.expediteur.example": {"A": [CLIENT]},
}
_WORDS = (
    "adhérent", "dossier", "mutuelle", "remboursement", "facture", "optique", "dentaire", "contrat", "garantie",
    "cotisation", "échéance", "pièce", "justificatif", "attestation", "carte", "conseiller", "agence", "bonjour",
    "merci", "veuillez", "trouver", "votre", "demande", "du", "mois", "prochain", "réunion", "équipe", "service",
    "gestion", "prestations", "tiers", "payant", "professionnel", "santé", "hôpital", "médecin", "ordonnance",
    "délai", "traitement", "courrier", "réception", "numéro", "référence", "compte", "espace", "personnel",
    "bénéficiaire", "conjoint", "enfant", "retraite", "salarié", "employeur", "prévoyance", "arrêt", "travail",
    "indemnité", "calcul", "montant", "euros", "relevé", "information", "calendrier",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One message with what its client said."""

    raw: bytes
    request: ScanRequest

    def submission(self) -> Submission:
        """As the listener would hand it over."""
        return Submission(
            id=new_message_id(NOW),
            envelope=envelope_of(self.request),
            raw=self.raw,
            received_at=NOW,
            listener_hostname="mx.mutuelle.example",
        )


def _sentence(chance: random.Random) -> str:
    words = [chance.choice(_WORDS) for _ in range(chance.randint(6, 16))]
    return f"{words[0].capitalize()} {' '.join(words[1:])}{chance.choice('...?:')}"


def _text(chance: random.Random, size: int) -> str:
    lines: list[str] = []
    while sum(map(len, lines)) < size:
        lines.append(_sentence(chance))
        if chance.random() < 0.2:
            lines.append("")
    return "\r\n".join(lines) + "\r\n"


def _html(chance: random.Random, size: int) -> str:
    rules = "".join(f".c{i}{{color:#{chance.randrange(0x808080):06x};padding:{i}px}}" for i in range(30))
    rows: list[str] = []
    while sum(map(len, rows)) < size:
        host = chance.choice(("www", "news", "espace"))
        rows.append(
            f'<tr><td class="c{chance.randrange(30)}" style="font-family:Arial,sans-serif"><p>{_sentence(chance)} '
            f'{_sentence(chance)}</p><a href="https://{host}.expediteur.example/espace/{chance.randrange(10**9):x}?'
            f'utm_source=mail&amp;id={chance.randrange(10**12)}">{chance.choice(_WORDS)} {chance.choice(_WORDS)}</a>'
            f'<img src="https://img.expediteur.example/{chance.randrange(10**6)}.png" alt=""></td></tr>\r\n'
        )
    return f"<!DOCTYPE html><html><head><style>{rules}</style></head><body><table>{''.join(rows)}</table></body></html>"


def _quoted(text: str) -> bytes:
    return quopri.encodestring(text.replace("\r\n", "\n").encode()).replace(b"\n", b"\r\n")


def _newsletter(chance: random.Random, size: int) -> tuple[bytes, bytes]:
    part = b"--b0\r\nContent-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n%s\r\n"
    html, text = _html(chance, size * 3 // 4), _text(chance, size // 10)
    body = part % (b"plain", _quoted(text)) + part % (b"html", _quoted(html)) + b"--b0--\r\n"
    return b'Content-Type: multipart/alternative; boundary="b0"\r\n', body


def _attachment(chance: random.Random, size: int) -> tuple[bytes, bytes]:
    data = b"RIFF" + chance.randbytes(max(0, size - 2000) * 57 // 78)
    lines = [base64.b64encode(data[at : at + 57]) for at in range(0, len(data), 57)]
    body = (
        b"--b0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + _text(chance, 900).encode()
        + b'\r\n--b0\r\nContent-Type: audio/wav; name="message.wav"\r\nContent-Transfer-Encoding: base64\r\n'
        + b"Content-Disposition: attachment\r\n\r\n"
        + b"\r\n".join(lines)
        + b"\r\n--b0--\r\n"
    )
    return b'Content-Type: multipart/mixed; boundary="b0"\r\n', body


def _plain(chance: random.Random, size: int) -> tuple[bytes, bytes]:
    fields = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    return fields, _text(chance, size - 700).encode()


def _head(chance: random.Random) -> bytes:
    subject = base64.b64encode(_sentence(chance)[:40].encode())
    return (
        b"Received: from poste.expediteur.example (poste.expediteur.example [10.1.2.3])\r\n"
        b"\tby smtp.expediteur.example with ESMTPSA id a1b2c3; Wed, 25 Nov 2026 09:59:00 +0100\r\n"
        b"Date: Wed, 25 Nov 2026 10:00:00 +0100\r\n"
        b"From: =?utf-8?B?U2VydmljZSBBZGjDqXJlbnRz?= <contact@expediteur.example>\r\n"
        b"To: <agent@mutuelle.example>\r\nSubject: =?utf-8?B?" + subject + b"?=\r\n"
        b"Message-ID: <%x@expediteur.example>\r\nMIME-Version: 1.0\r\n" % chance.randrange(1 << 64)
    )


def _sign(head: bytes, body: bytes) -> bytes:
    """The DKIM-Signature field, relaxed/relaxed, RSA-2048."""
    digest = base64.b64encode(BodyHasher(memoryview(body)).digest(Canon.RELAXED, None).digest)
    field = (
        b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=expediteur.example; s=sel;\r\n"
        b"\th=from:to:subject:date:message-id; bh=" + digest + b";\r\n\tb="
    )
    found = {line.partition(b":")[0].lower(): line.partition(b":")[2] for line in head.split(b"\r\n")}
    names = (b"from", b"to", b"subject", b"date", b"message-id")
    covered = b"".join(relaxed_field(name, found[name]) + b"\r\n" for name in names)
    name, _, value = field.partition(b":")
    return field + base64.b64encode(KEY.sign(covered + relaxed_field(name, value), PKCS1v15(), SHA256())) + b"\r\n"


Maker = Callable[[random.Random, int], tuple[bytes, bytes]]
CLASSES: Mapping[str, tuple[Maker, int, bool, int]] = {  # how, bytes, signed, how many different ones
    "text2k": (_plain, 2_000, False, 20),
    "dkim2k": (_plain, 2_000, True, 20),
    "html": (_newsletter, 24_000, True, 10),
    "file200k": (_attachment, 200_000, True, 4),
    "mb5": (_attachment, 5_000_000, True, 1),
    "mb25": (_attachment, 25_000_000, True, 1),
}


def samples(name: str) -> list[Sample]:
    """The messages of a class."""
    make, size, signed, count = CLASSES[name]
    chance = random.Random(f"vitalgate/{name}")
    found = []
    for _ in range(count):
        fields, body = make(chance, size)
        head = _head(chance) + fields
        raw = (_sign(head, body) if signed else b"") + head + b"\r\n" + body
        request = ScanRequest(
            raw=raw,
            received_at=NOW,
            address=ip_address(CLIENT),
            helo="smtp.expediteur.example",
            mail_from=path_of(SENDER),
            recipients=(path_of(RECIPIENT),),
        )
        found.append(Sample(raw=raw, request=request))
    return found
