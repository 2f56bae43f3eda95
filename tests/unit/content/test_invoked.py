"""Who is named as mandator, who only asks how, and numbers that a line end cuts."""

import pytest

from gateway.content.folding import fold
from gateway.content.people import People
from gateway.content.personal_data import find_personal_data
from gateway.content.signs import read_intent
from gateway.model.content_facts import DataKind
from gateway.model.directory import ProtectedPerson
from gateway.model.folded import Folded, Region, Span

PEOPLE = People((ProtectedPerson(name="Solange Hautefeuille", role="directrice", addresses=()),))


def folded(text: str) -> Folded:
    done = fold(text)
    return Folded(text=done, spans=(Span(Region.VISIBLE, 0, len(done)),))


@pytest.mark.parametrize(
    ("text", "invoked"),
    [
        ("Mme Hautefeuille m'a demandé de passer par vous.", True),
        ("Je vous écris à la demande de Solange Hautefeuille.", True),
        ("Avec l'accord de votre directrice, Mme Hautefeuille, merci de régler.", True),
        ("J'ai croisé Mme Hautefeuille au salon.", False),
        ("La rue Hautefeuille a donné son nom au lycée.", False),
        ("Bonjour Madame Hautefeuille, voici le devis.", False),
    ],
)
def test_mandator(text: str, invoked: bool) -> None:
    assert PEOPLE.invoked_in(folded(text).text) is invoked


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("Bonjour Madame Hautefeuille, voici le devis.", True),
        ("Solange Hautefeuille vous le dira.", True),
        ("La rue Hautefeuille a donné son nom au lycée.", False),
        ("Écrivez à contact@hautefeuille.example.", False),
    ],
)
def test_somebody_called_by_name(text: str, mentioned: bool) -> None:
    assert PEOPLE.mentioned_in(folded(text).text) is mentioned


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Comment faire pour changer mon RIB ?", False),
        ("Our bank details have not changed.", False),
        ("Notre compte habituel est bloqué suite à un audit, merci d'utiliser celui de la holding.", True),
        ("Merci de verser mon salaire sur mon nouveau compte.", True),
    ],
)
def test_change_of_account(text: str, asked: bool) -> None:
    asks, _ = read_intent(folded(text))
    assert ("rib_change" in {ask.kind.value for ask in asks}) is asked


@pytest.mark.parametrize("text", ["2 55 08\n14 168 025 38", "2 55 08 14 168\n025 38"])
def test_number_cut_by_a_line_end(text: str) -> None:
    kinds = {data.kind for data in find_personal_data(folded(text))}
    assert kinds & {DataKind.NIR, DataKind.NIR_WITHOUT_KEY}


def test_list_of_things_to_give() -> None:
    asks, _ = read_intent(
        folded(
            "Chaque assuré est invité à confirmer les données suivantes :\n- numéro de sécurité sociale\n- IBAN\n"
            "- identifiant et mot de passe de votre compte\n"
        )
    )
    assert {"personal_data", "bank_details", "credentials"} <= {ask.kind.value for ask in asks}


def test_list_of_what_is_told_asks_nothing() -> None:
    asks, _ = read_intent(folded("Vous trouverez ci-joint les éléments suivants :\n- votre RIB\n- votre contrat\n"))
    assert not {"bank_details", "personal_data"} & {ask.kind.value for ask in asks}
