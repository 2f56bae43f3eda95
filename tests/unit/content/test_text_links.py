"""Links in plain text."""

import pytest

from gateway.content.text_links import find_text_links


@pytest.mark.parametrize(
    ("text", "hrefs", "why"),
    [
        ("Voir https://www.ameli.fr/assure.", ["https://www.ameli.fr/assure"], "sentence end"),
        ("(voir https://x.example/a(b))", ["https://x.example/a(b)"], "bracket of the sentence, bracket of the URL"),
        ("<https://x.example/a?b=c&d=e>", ["https://x.example/a?b=c&d=e"], "angle brackets"),
        ("Rendez-vous sur ameli-vitale.com pour payer", ["http://ameli-vitale.com"], "bare host"),
        ("sur www.tamaris-sante.fr, merci", ["www.tamaris-sante.fr"], "www"),
        ("bit.ly/3xYz", ["http://bit.ly/3xYz"], "bare shortener"),
        ("Allez sur AMELI-VITALE.COM", ["http://AMELI-VITALE.COM"], "capitals"),
        ("M.Durand et Mme.Petit", [], "titles"),
        ("voir fichier.pdf et facture.zip", [], "file names"),
        ("C'est fini.Merci.Je vous rappelle.La suite demain.Il", [], "no blank after a full stop"),
        ("ecrivez a contact@ameli.fr", [], "an address is no link"),
        ("contact@mail.ameli.fr", [], "an address under a subdomain"),
        ("hxxps://evil[.]example et hxxp://evil.com/x", [], "defanged"),
        ("12.50 euros, 01.02.2026, v2.3.4", [], "numbers"),
        ("prix : 3.fr", ["http://3.fr"], "odd, but a host"),
        ("", [], "nothing"),
    ],
)
def test_find(text: str, hrefs: list[str], why: str) -> None:
    assert [link.href for link in find_text_links(text)] == hrefs, why


def test_what_stands_before_angle_brackets_is_shown() -> None:
    links = list(
        find_text_links("ici : https://www.ameli.fr/a <http://evil.example/b> ou Mon compte <http://c.example>")
    )
    assert [(link.href, link.shown) for link in links] == [
        ("https://www.ameli.fr/a", "https://www.ameli.fr/a"),
        ("http://evil.example/b", "https://www.ameli.fr/a"),
        ("http://c.example", "http://c.example"),
    ]


def test_is_capped() -> None:
    text = "https://x.example/a " * 5000
    assert len(list(find_text_links(text, limit=500))) == 500


@pytest.mark.timeout(5)
def test_hostile_text_is_linear() -> None:
    for piece in ("a.", "a-", "www.", "https://", "a.b", "1.", "é."):
        list(find_text_links(piece * (262_144 // len(piece))))
