"""Asks between quotation marks in a text that warns or reports are only shown."""

import pytest

from gateway.content.context import MAX_QUOTED, quoted_by_the_author
from gateway.content.folding import fold
from gateway.content.signs import read_intent
from gateway.model.content_facts import Ask, AskKind, Sign, SignKind
from gateway.model.folded import Folded, Region, Span

TEXT = 'attention, on lit "confirmez votre carte vitale ici" dans de faux mails'
START = TEXT.index("confirmez")
ASK = Ask(kind=AskKind.CONFIRM, region=Region.VISIBLE, start=START, end=START + 28)
WARNING = Sign(kind=SignKind.WARNING, region=Region.VISIBLE, start=0, end=9)


def test_quoted_ask_of_a_warning_is_moved() -> None:
    asks, signs = quoted_by_the_author(TEXT, (ASK,), (WARNING,))
    assert [ask.region for ask in asks] == [Region.QUOTED]
    assert signs == (WARNING,)


def test_without_a_warning_it_stays() -> None:
    urgency = Sign(kind=SignKind.URGENCY, region=Region.VISIBLE)
    assert quoted_by_the_author(TEXT, (ASK,), (urgency,))[0] == (ASK,)


def test_a_warning_in_another_region_moves_nothing() -> None:
    hidden = Sign(kind=SignKind.WARNING, region=Region.HIDDEN)
    assert quoted_by_the_author(TEXT, (ASK,), (hidden,))[0] == (ASK,)


def test_an_ask_outside_the_marks_stays() -> None:
    text = 'un "exemple de message recu" puis confirmez votre carte'
    ask = Ask(kind=AskKind.CONFIRM, region=Region.VISIBLE, start=text.index("confirmez"), end=len(text))
    assert quoted_by_the_author(text, (ask,), (WARNING,))[0] == (ask,)


def test_a_button_name_or_a_whole_letter_is_no_quotation() -> None:
    short = 'cliquez sur "confirmer" merci'
    start = short.index("confirmer")
    ask = Ask(kind=AskKind.CONFIRM, region=Region.VISIBLE, start=start, end=start + 9)
    assert quoted_by_the_author(short, (ask,), (WARNING,))[0] == (ask,)
    letter = '"' + "confirmez votre compte " * (MAX_QUOTED // 20) + '"'
    ask = Ask(kind=AskKind.CONFIRM, region=Region.VISIBLE, start=1, end=20)
    assert quoted_by_the_author(letter, (ask,), (WARNING,))[0] == (ask,)


def teaches(subject: str, body: str) -> bool:
    """Whether a message is taken for one that teaches."""
    first, second = fold(subject), fold(body)
    text = f"{first}\n{second}"
    spans = (Span(Region.SUBJECT, 0, len(first)), Span(Region.VISIBLE, len(first) + 1, len(text)))
    return any(sign.kind is SignKind.AWARENESS for sign in read_intent(Folded(text=text, spans=spans))[1])


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Attention aux faux courriels", "Des messages circulent. Ne cliquez sur aucun lien."),
        (
            "Lettre du mois",
            "Méfiez-vous des faux conseillers. Ne donnez jamais votre code. Contactez le service en cas de doute.",
        ),
        ("Bons réflexes", "Changez vos mots de passe et soyez vigilants face aux tentatives d'hameçonnage."),
        (
            "Exemple reçu",
            "Un faux mail circule : « Confirmez votre carte Vitale sous 48 h ». Ne cliquez pas sur le lien.",
        ),
    ],
)
def test_texts_that_teach(subject: str, body: str) -> None:
    assert teaches(subject, body)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "Votre dossier",
            "Confirmez votre RIB dans le formulaire. Attention aux fraudes : ne donnez jamais votre code secret.",
        ),
        (
            "Votre compte",
            "Méfiez-vous des faux mails. Ne donnez jamais votre code. Indiquez ici votre numéro de carte bancaire.",
        ),
        (
            "Facture",
            "Bonjour, voici notre facture du mois. Règlement à trente jours. " * 4
            + "Soyez vigilants : fraude au RIB, hameçonnage.",
        ),
        ("Réunion", "Bonjour, la réunion est déplacée à jeudi. Merci d'apporter le budget."),
        (
            "Bonjour",
            "Une tentative de fraude a été bloquée. Connectez-vous pour vérifier vos informations personnelles.",
        ),
    ],
)
def test_texts_that_only_say_so(subject: str, body: str) -> None:
    assert not teaches(subject, body)
