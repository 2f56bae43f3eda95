"""Whether quoted text shows the author, or his firm, at a domain of another owner."""

import time

import pytest

from gateway.content.correspondence import MAX_ADDRESSES, is_quoted_elsewhere
from gateway.model.address import Mailbox
from gateway.model.domain import DomainName

OURS = "mutuelle.example"


def mailbox(text: str) -> Mailbox:
    local, _, domain = text.partition("@")
    return Mailbox(local=local, domain=DomainName(domain))


def shown(quoted: str, author: str, name: str = "") -> bool:
    other = lambda domain: domain not in (OURS, author.partition("@")[2])  # noqa: E731
    return is_quoted_elsewhere(quoted, mailbox(author), name, other)


@pytest.mark.parametrize(
    ("author", "name", "quoted", "found"),
    [
        ("o.vernet@vernet-facturation.com", "", "À : Odile <o.vernet@vernetpapier.fr>", True),
        ("compta@logilac-facturation.com", "Comptabilité", "De : accueil@logilac.fr", True),
        ("compta@menuiserie-duiac.fr", "", "De : compta@menuiserie-dulac.fr", True),
        (
            "compta@pharmacie-2ports.com",
            "Pharmacie des Deux Ports",
            "> > De : titulaire@pharmaciedesdeuxports.fr",
            True,
        ),
        ("drh.lac@gmx.fr", "Nina Ferrand - DRH Lac", "Le 2 mars, Nina Ferrand <n.ferrand@lac.fr> a écrit :", True),
        ("contact@atelier-vert.fr", "Atelier Vert", "De : contact@fournisseur-bleu.fr", False),
        ("info@cabinet-rivet.fr", "Cabinet Rivet", "De : info@cabinet-laurent.fr", False),
        ("o.vernet@vernet.fr", "Odile Vernet", f"À : Odile Vernet <o.vernet@{OURS}>", False),
        ("o.vernet@vernet.fr", "Odile Vernet", "De : Odile Vernet <o.vernet@vernet.fr>", False),
        ("o.vernet@vernet.fr", "Odile Vernet", "De : Paul Riou <p.riou@autre.fr>\nÀ : Odile Vernet", False),
        ("o.vernet@vernet.fr", "Odile Vernet", "Odile Vernet écrit à @tous, rendez-vous @ midi", False),
        ("o.vernet@vernet.fr", "Odile Vernet", "", False),
    ],
)
def test_author_elsewhere(author: str, name: str, quoted: str, found: bool) -> None:
    assert shown(quoted, author, name) is found


@pytest.mark.parametrize("text", ["@" * 30_000, "a" * 30_000 + "@", "a@" * 15_000, "a@a." * 8_000, "x@b.fr " * 5_000])
def test_hostile_quotes_cost_little(text: str) -> None:
    start = time.perf_counter()
    shown(text, "o.vernet@vernet.fr", "Odile Vernet")
    assert time.perf_counter() - start < 0.2


def test_only_the_first_addresses_are_looked_at() -> None:
    filling = " ".join(f"a{n}@b{n}.fr" for n in range(MAX_ADDRESSES))
    assert not shown(f"{filling} o.vernet@vernet.com", "o.vernet@vernet.fr")
