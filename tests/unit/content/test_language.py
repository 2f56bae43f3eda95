"""Which language a text is in, by its small words."""

import pytest

from gateway.content.folding import fold
from gateway.content.language import find_language
from gateway.model.folded import Folded, Region, Span


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bonjour, nous vous remercions de votre message et vous répondons dans les meilleurs délais.", "fr"),
        ("Dear member, please find attached the form that you have to send to us.", "en"),
        ("Rechnung anbei", ""),
        ("Olá, a sua conta foi bloqueada e que para um novo acesso de se cadastrar com o banco.", ""),
        ("", ""),
        ("merci", ""),
    ],
)
def test_language(text: str, language: str) -> None:
    plain = fold(text)
    assert find_language(Folded(text=plain, spans=(Span(Region.VISIBLE, 0, len(plain)),))) == language


def test_quoted_text_does_not_decide() -> None:
    own, quoted = "merci pour votre message et pour les documents", "please send it to the office and to all of us"
    text = f"{own}\n{quoted}"
    spans = (Span(Region.VISIBLE, 0, len(own)), Span(Region.QUOTED, len(own) + 1, len(text)))
    assert find_language(Folded(text=text, spans=spans)) == "fr"
