"""Every lure of `rule_pack/` rewritten as deceivers do keeps its action; honest mail rewritten harmlessly, its own.

The tables here are the test's own: they share nothing with the folding they try.
"""

import base64
import html
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest

from gateway.rulebook.schema import Proof
from tests.rule_pack import Case, load_cases, try_proof

Rewrite = Callable[[Proof, random.Random], Proof]
_HELD = frozenset(("quarantine", "reject"))
_OUTSIDE = re.compile(r"(<[^>]*>|https?://\S+|&[a-z]+;)")
_TWINS = {"a": "а", "e": "е", "o": "ο", "c": "с", "p": "р", "i": "і", "x": "х", "s": "ѕ"}
_SYNONYMS = (
    ("merci de ", "veuillez "),
    ("cliquez", "appuyez"),
    ("confirmez", "validez"),
    ("saisissez", "renseignez"),
    ("votre compte", "votre accès"),
    ("immédiatement", "sans attendre"),
    ("bonjour", "madame, monsieur"),
    ("urgent", "pressant"),
)
_SPACED = re.compile(
    r"\b(vitale|carte|compte|mot de passe|remboursement|bancaire|ameli|identifiants?)\b", re.IGNORECASE
)


def _outside(text: str, change: Callable[[str], str]) -> str:
    """Change what is read, not tags and addresses."""
    return "".join(piece if _OUTSIDE.fullmatch(piece) else change(piece) for piece in _OUTSIDE.split(text))


def _both(proof: Proof, change: Callable[[str], str], *, subject: bool = True) -> Proof:
    return replace(
        proof,
        text=_outside(proof.text, change),
        html=_outside(proof.html, change),
        subject=change(proof.subject) if subject else proof.subject,
    )


def _as_html(proof: Proof) -> str:
    """Paragraphs, as a mail program makes them; lines of quotes and forwarded heads stay lines."""
    kept = re.search(r"^(?:>|-{5}|De ?:)", proof.text, re.MULTILINE)
    blocks = [block.strip().splitlines() for block in proof.text.split("\n\n") if block.strip()]
    glue = "<br>" if kept else " "
    return proof.html or "".join(f"<p>{glue.join(map(html.escape, lines))}</p>" for lines in blocks)


def _sprinkled(character: str, share: float) -> Rewrite:
    def rewrite(proof: Proof, chance: random.Random) -> Proof:
        def change(text: str) -> str:
            return "".join(c + character if c.isalpha() and chance.random() < share else c for c in text)

        return _both(proof, change)

    return rewrite


def no_accents(proof: Proof, chance: random.Random) -> Proof:
    def change(text: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))

    return _both(proof, change)


def twins(proof: Proof, chance: random.Random) -> Proof:
    return _both(proof, lambda text: "".join(_TWINS.get(c, c) if chance.random() < 0.3 else c for c in text))


def spaced(proof: Proof, chance: random.Random) -> Proof:
    return _both(proof, lambda text: _SPACED.sub(lambda found: " ".join(found[0].replace(" ", "  ")), text))


def entities(proof: Proof, chance: random.Random) -> Proof:
    def change(text: str) -> str:
        return "".join(f"&#{ord(c)};" if c.isalpha() and chance.random() < 0.5 else c for c in text)

    return replace(proof, text="", html=_outside(_as_html(proof), change))


def split_by_tags(proof: Proof, chance: random.Random) -> Proof:
    def change(text: str) -> str:
        return re.sub(r"([a-z]{3})([a-z]{2})", r"\1<span></span>\2", text)

    return replace(proof, text="", html=_outside(_as_html(proof), change))


def synonyms(proof: Proof, chance: random.Random) -> Proof:
    def change(text: str) -> str:
        for old, new in _SYNONYMS:
            text = re.sub(re.escape(old), new, text, flags=re.IGNORECASE)
        return text

    return _both(proof, change)


def upper_case(proof: Proof, chance: random.Random) -> Proof:
    return _both(proof, str.upper)


def in_attachment(proof: Proof, chance: random.Random) -> Proof:
    links = "".join(f'<p><a href="{link}">suite</a></p>' for link in proof.links)
    page = f"<html><body>{_as_html(proof)}{links}</body></html>"
    encoded = "base64:" + base64.b64encode(page.encode()).decode()
    attached = ("document.html", "text/html", encoded)
    return replace(proof, text="Bonjour,\nVoir le document joint.", html="", links=(), attachments=(attached,))


def wrapped(proof: Proof, chance: random.Random) -> Proof:
    lines: list[str] = []
    for line in proof.text.splitlines():
        words, current = line.split(" "), ""
        for word in words:
            if len(current) + len(word) > 60:
                lines.append(current.rstrip())
                current = ""
            current += word + " "
        lines.append(current.rstrip())
    return replace(proof, text="\n".join(lines))


def harmless_entities(proof: Proof, chance: random.Random) -> Proof:
    body = "".join(c if ord(c) < 128 else f"&#{ord(c)};" for c in _as_html(proof))
    return replace(proof, text="", html=body)


def replied_to(proof: Proof, chance: random.Random) -> Proof:
    quoted = "\n".join("> " + line for line in (*proof.text.splitlines(), *proof.links))
    writer = proof.from_ or "x@y.example"
    text = f"Bonjour,\nbien reçu, merci.\n\nLe lun. 2 nov. 2026 à 10:12, {writer} a écrit :\n{quoted}"
    return _from_colleague(proof, text, "Re: ")


def forwarded(proof: Proof, chance: random.Random) -> Proof:
    body = "\n".join((*proof.text.splitlines(), *proof.links))
    text = (
        "Bonjour, pour information.\n\n---------- Message transféré ----------\n"
        f"De : {proof.from_name} <{proof.from_ or 'x@y.example'}>\nObjet : {proof.subject}\n\n{body}"
    )
    return _from_colleague(proof, text, "TR: ")


def _from_colleague(proof: Proof, text: str, prefix: str) -> Proof:
    return replace(
        proof,
        text=text,
        html="",
        links=(),
        attachments=(),
        subject=prefix + proof.subject,
        from_="agent2@mutuelle.example",
        from_name="Lucie Agent",
        reply_to="",
        mail_from=None,
        to=("agent@mutuelle.example",),
        authenticated_as="mutuelle.example",
        headers=(("In-Reply-To", "<a@mutuelle.example>"), ("References", "<a@mutuelle.example>")),
    )


TRICKS: dict[str, Rewrite] = {
    "no_accents": no_accents,
    "zero_width": _sprinkled("\u200b", 0.15),
    "soft_hyphens": _sprinkled("\u00ad", 0.15),
    "word_joiners": _sprinkled("\u2060", 0.1),
    "twins": twins,
    "spaced": spaced,
    "entities": entities,
    "split_by_tags": split_by_tags,
    "synonyms": synonyms,
    "upper_case": upper_case,
    "wrapped": wrapped,
    "in_attachment": in_attachment,
}
HARMLESS: dict[str, Rewrite] = {
    "wrapped": wrapped,
    "entities": harmless_entities,
    "replied_to": replied_to,
    "forwarded": forwarded,
}


def _rewritten(cases: list[Case], rewrite: Rewrite) -> list[tuple[Case, str]]:
    """What becomes of each case. One seed a case, so that a failure can be seen again."""
    return [(case, try_proof(rewrite(case.proof, random.Random(case.name))).action) for case in cases]


@pytest.mark.parametrize("name", sorted(TRICKS))
def test_lures_keep_their_action(name: str) -> None:
    cases = [case for case in load_cases("lures") if case.actions <= _HELD]
    if name == "in_attachment":  # the text is what moves; lures by attachment or by address alone have none
        cases = [case for case in cases if len(case.proof.text + case.proof.html) > 60 and not case.proof.attachments]
    lost = [(case.name, action) for case, action in _rewritten(cases, TRICKS[name]) if action not in _HELD]
    assert len(lost) <= 0.05 * len(cases), lost


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_honest_mail_keeps_its_action(name: str) -> None:
    cases = load_cases("honest")
    if name in ("replied_to", "wrapped", "forwarded"):
        cases = [case for case in cases if case.proof.text]
    changed = [(case.name, action) for case, action in _rewritten(cases, HARMLESS[name]) if action not in case.actions]
    assert changed == []
