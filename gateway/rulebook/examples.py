"""Every rule's own proofs, made into real messages and read by the real chain.

Rooms don't import each other: whoever runs the proofs supplies `Judge`, the way from raw bytes to facts.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gateway.model.auth_facts import AuthFacts
from gateway.model.content_facts import ContentFacts
from gateway.model.hit import RuleHit
from gateway.model.message import Message
from gateway.rulebook.match import Rulebook
from gateway.rulebook.schema import Proof, Rule
from gateway.settings.schema import Organisation, Partner, Person

AGENT = "agent@mutuelle.example"
STRANGER = "contact@expediteur.example"
_BOUNDARY = "=_vitalgate_proof"

# Whom the proofs' messages are sent to: rules may speak of its people, mailboxes and partners.
PROOF_ORGANISATION = Organisation(
    name="Mutuelle Exemple",
    domains=("mutuelle.example", "mutuelle-exemplaire.example"),
    services=("paie.example",),
    people=(
        Person(name="Jeanne Martin", role="directrice générale", addresses=("jeanne.martin@mutuelle.example",)),
        Person(name="Karim Belkacem", role="directeur financier", addresses=("karim.belkacem@mutuelle.example",)),
    ),
    report_mailboxes=("abuse@mutuelle.example",),
    benefits_mailboxes=("prestations@mutuelle.example",),
    partners=(
        Partner(
            name="Courtage Lumière",
            domains=("courtage-lumiere.example",),
            never_asks=("credentials", "one_time_code", "card", "rib_change", "open_attachment"),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofEnvelope:
    """What is known beside the bytes of a proof's message."""

    mail_from: str | None
    recipients: tuple[str, ...]
    authenticated_as: str  # a domain or an identity that signed it; "" when nobody did
    known: bool = True  # False: no question of authentication was asked


Judge = Callable[[bytes, ProofEnvelope], tuple[ContentFacts, AuthFacts, Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofResult:
    """One proof, tried."""

    rule: Rule
    proof: Proof
    matched: bool
    hits: tuple[RuleHit, ...]  # of all rules

    @property
    def holds(self) -> bool:
        """Whether the rule did as the proof says."""
        return self.matched is self.proof.must_match


def run_proofs(rulebook: Rulebook, judge: Judge) -> Iterator[ProofResult]:
    """Try every proof of every rule in force. Raises OSError when a proof's file can't be read."""
    for rule in rulebook.rules:
        for proof in (*rule.must_match, *rule.must_not_match):
            content, auth, message = judge(message_of(proof), envelope_of(proof))
            outcome = rulebook.match(content, auth, message)
            yield ProofResult(
                rule=rule,
                proof=proof,
                matched=any(hit.rule == rule.id for hit in outcome.hits),
                hits=outcome.hits,
            )


def envelope_of(proof: Proof) -> ProofEnvelope:
    """The envelope of a proof; the author is the reverse-path when nothing else is written."""
    author = proof.from_ or STRANGER
    return ProofEnvelope(
        mail_from=proof.mail_from if proof.mail_from is not None else None if proof.eml else author,
        recipients=proof.to or (AGENT,),
        authenticated_as=proof.authenticated_as,
        known=proof.authentication == "known",
    )


def message_of(proof: Proof) -> bytes:
    """A proof as the raw message that would come in: CRLF, MIME, headers encoded as mail programs do."""
    if proof.eml is not None:
        raw = proof.eml.read_bytes()
        return raw if b"\r\n" in raw else raw.replace(b"\n", b"\r\n")
    author = proof.from_ or STRANGER
    name = f"{_encoded(proof.from_name)} " if proof.from_name else ""
    head = [
        f"From: {name}<{author}>" if name else f"From: {author}",
        f"To: {', '.join(proof.to or (AGENT,))}",
        f"Subject: {_encoded(proof.subject)}",
        "Date: Mon, 02 Nov 2026 09:30:00 +0100",
        f"Message-ID: <proof.{proof.place.line}@{author.rpartition('@')[2]}>",
        "MIME-Version: 1.0",
    ]
    if proof.reply_to:
        head.append(f"Reply-To: {proof.reply_to}")
    head += [f"{field}: {_encoded(value)}" for field, value in proof.headers]
    kind, body = _body(proof)
    if proof.attachments:
        kind, body = _mixed(kind, body, proof)
    return "\r\n".join([*head, *kind, "", body]).encode("utf-8")


def _encoded(text: str) -> str:
    if text.isascii():
        return text
    pieces = [text[i : i + 24] for i in range(0, len(text), 24)]
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(piece.encode()).decode()}?=" for piece in pieces)


def _base64(data: bytes) -> str:
    text = base64.b64encode(data).decode()
    return "\r\n".join(text[i : i + 76] for i in range(0, len(text), 76))


def _leaf(content_type: str, text: str) -> tuple[list[str], str]:
    return [f"Content-Type: {content_type}; charset=utf-8", "Content-Transfer-Encoding: base64"], _base64(text.encode())


def _body(proof: Proof) -> tuple[list[str], str]:
    if proof.html:
        anchors = "".join(f'<p><a href="{link}">cliquez ici</a></p>' for link in proof.links)
        return _leaf("text/html", f"<html><body>{proof.html}{anchors}</body></html>")
    return _leaf("text/plain", "\r\n".join([*proof.text.splitlines(), *proof.links]))


def _mixed(kind: list[str], body: str, proof: Proof) -> tuple[list[str], str]:
    parts = ["\r\n".join([*kind, "", body])]
    for name, content_type, content in proof.attachments:
        data = content[7:].encode() if content.startswith("base64:") else base64.b64encode(content.encode())
        parts.append(
            "\r\n".join(
                [
                    f'Content-Type: {content_type}; name="{name}"',
                    f'Content-Disposition: attachment; filename="{name}"',
                    "Content-Transfer-Encoding: base64",
                    "",
                    _base64(base64.b64decode(data)),
                ]
            )
        )
    joined = "".join(f"--{_BOUNDARY}\r\n{part}\r\n" for part in parts)
    return [f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"'], f"{joined}--{_BOUNDARY}--\r\n"
