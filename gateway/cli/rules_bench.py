"""What facts and rules cost in CPU time: `vitalgate rules bench`."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from gateway.cli.proof_reading import proof_judge
from gateway.model.auth_facts import AuthFacts
from gateway.model.content_facts import ContentFacts
from gateway.model.directory import Directory
from gateway.model.message import Message
from gateway.rulebook.examples import ProofEnvelope, envelope_of, message_of
from gateway.rulebook.match import Rulebook
from gateway.rulebook.view import View

MIN_SECONDS = 0.15
_ENVELOPE = ProofEnvelope(
    mail_from="contact@expediteur.example", recipients=("agent@mutuelle.example",), authenticated_as=""
)
_SENTENCES = (
    "Bonjour, je vous remercie de votre retour concernant le dossier de remboursement de mes lunettes.",
    "La facture de l'opticien est jointe, ainsi que le décompte de la caisse primaire.",
    "Pourriez-vous m'indiquer le montant pris en charge par ma complémentaire santé et le délai de traitement ?",
    "Je reste à votre disposition pour tout renseignement et vous prie d'agréer mes salutations distinguées.",
)


def measure(rulebook: Rulebook, directory: Directory, top: int) -> Iterator[str]:
    """Lines for people: cost by size, then the dearest rules."""
    judge = proof_judge(directory)
    words = " ".join(word.rstrip("*") for word in rulebook.literals.texts) or "carte vitale"
    for name, raw in (
        ("2 KB text", _plain(2_000)),
        ("24 KB HTML", _html(24_000)),
        ("200 KB text", _plain(200_000)),
        ("200 KB of the rules' own words", _message("text/plain", _repeat(words, 200_000))),
    ):
        facts = judge(raw, _ENVELOPE)
        reading = _milliseconds(partial(judge, raw, _ENVELOPE))
        matching = _milliseconds(partial(rulebook.match, *facts))
        yield f"{name:<32} reading and facts {reading:8.3f} ms   rules {matching:7.3f} ms"
    samples = [
        judge(message_of(proof), envelope_of(proof))
        for rule in rulebook.rules
        for proof in (*rule.must_match[:1], *rule.must_not_match[:1])
    ]
    yield f"the dearest rules, each asked alone of {len(samples)} proof messages:"
    yield from _dearest(rulebook, samples, top)


def _dearest(rulebook: Rulebook, samples: list[tuple[ContentFacts, AuthFacts, Message]], top: int) -> Iterator[str]:
    spent: list[tuple[float, str]] = []
    for item in rulebook.compiled:
        total = 0.0
        for content, auth, message in samples:
            view = View(content, auth, message, rulebook.literals)
            view.scanned.warm()  # the scan is shared by all rules
            start = time.perf_counter()
            if not any(clause.isdisjoint(view.kinds) for clause in item.clauses):
                item.node.truth(view)
            total += time.perf_counter() - start
        spent.append((total / max(1, len(samples)), item.rule.id))
    for seconds, name in sorted(spent, reverse=True)[:top]:
        yield f"  {name:<40} {seconds * 1e6:8.1f} µs a message"


def _milliseconds(work: Callable[[], object]) -> float:
    runs, start = 0, time.process_time()
    while time.process_time() - start < MIN_SECONDS:
        work()
        runs += 1
    return (time.process_time() - start) * 1000 / runs


def _repeat(text: str, size: int) -> str:
    return (text + "\r\n") * (size // (len(text) + 2) + 1)


def _message(content_type: str, body: str) -> bytes:
    head = (
        "From: Camille Durand <contact@expediteur.example>\r\nTo: agent@mutuelle.example\r\n"
        "Subject: Remboursement de lunettes\r\nDate: Mon, 02 Nov 2026 09:30:00 +0100\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: {content_type}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return (head + body).encode()


def _plain(size: int) -> bytes:
    return _message("text/plain", _repeat("\r\n".join(_SENTENCES), size)[:size])


def _html(size: int) -> bytes:
    row = "".join(
        f'<tr><td style="padding:8px;color:#333333"><p>{sentence}</p>'
        f'<a href="https://www.expediteur.example/suivi?id={number}">suivre</a></td></tr>'
        for number, sentence in enumerate(_SENTENCES)
    )
    body = (
        f"<html><head><style>p{{margin:0}}</style></head><body><table>{_repeat(row, size)[:size]}</table></body></html>"
    )
    return _message("text/html", body)
