"""Personal data: kinds and places, keys checked."""

import pytest

from gateway.content.personal_data import find_personal_data, is_iban
from gateway.model.content_facts import DataKind
from gateway.model.folded import Folded, Region, Span


def folded(text: str) -> Folded:
    return Folded(text=text, spans=(Span(Region.VISIBLE, 0, len(text)),))


def nir(body: str) -> str:
    number = int(body.replace("2a", "19").replace("2b", "18"))
    return f"{body}{97 - number % 97:02d}"


def spaced(number: str) -> str:
    return " ".join((number[0], number[1:3], number[3:5], number[5:7], number[7:10], number[10:13], number[13:]))


def iban(country: str, body: str) -> str:
    digits = "".join(str(int(c, 36)) for c in f"{body}{country}00".lower())
    return f"{country}{98 - int(digits) % 97:02d}{body}".lower()


FRENCH = iban("fr", "20041010050500013m02606")


@pytest.mark.parametrize(
    ("text", "kinds", "why"),
    [
        (nir("1840675116123"), [DataKind.NIR], "compact"),
        (spaced(nir("2991275116123")), [DataKind.NIR], "spaced"),
        (spaced(nir("184062a116123")), [DataKind.NIR], "Corsica 2A"),
        (spaced(nir("284062b116123")), [DataKind.NIR], "Corsica 2B"),
        (spaced(nir("7840675116123")), [DataKind.NIR], "provisional"),
        (spaced(nir("1843175116123")), [DataKind.NIR], "incomplete birth month"),
        (spaced(nir("1845575116123")), [DataKind.NIR], "unknown birth month"),
        ("1 84 06 75 116 123 99", [DataKind.NIR_WITHOUT_KEY], "wrong key, written as a NIR"),
        ("1 84 06 75 116 123", [DataKind.NIR_WITHOUT_KEY], "no key, written as a NIR"),
        ("1840675116123", [], "13 digits in a row are anything"),
        ("5 84 06 75 116 123 42", [], "first digit"),
        ("1 84 13 75 116 123 42", [], "month 13"),
        ("mon iban " + FRENCH, [DataKind.IBAN], "compact"),
        ("iban : " + " ".join(FRENCH[i : i + 4] for i in range(0, 27, 4)) + " merci", [DataKind.IBAN], "grouped"),
        (FRENCH[:-1] + "7", [], "wrong check"),
        ("fr76 1234 5678", [], "too short"),
        ("ne le 12/03/1971", [DataKind.BIRTH_DATE], "birth date"),
        ("date de naissance : 1 mars 1971", [DataKind.BIRTH_DATE], "month in words"),
        ("facture du 12/03/2021", [], "a date alone"),
        ("siret 732 829 320 00074", [DataKind.SIRET], "SIRET"),
        ("siret 732 829 320 00075", [], "SIRET, wrong key"),
        ("finess 75 000 000 2", [DataKind.FINESS], "FINESS"),
        ("finess 75 000 000 3", [], "FINESS, wrong key"),
        ("numero 75 000 000 2", [], "nine digits without the word"),
        ("carte 4970 1012 3456 7894", [], "card, wrong key"),
        ("carte 4970 1000 0000 0009", [], "card, wrong key"),
        ("carte 4111 1111 1111 1111", [DataKind.CARD_NUMBER], "card"),
        ("colis 9999 1111 1111 1111", [], "no card prefix"),
        ("tel 06 12 34 56 78", [DataKind.PHONE], "phone"),
        ("aucun chiffre", [], "nothing"),
    ],
)
def test_find(text: str, kinds: list[DataKind], why: str) -> None:
    assert [data.kind for data in find_personal_data(folded(text))] == kinds, why


def test_country_place_and_region() -> None:
    spanish = iban("es", "21000418450200051332")
    text = "sujet\nvoir " + spanish
    facts = find_personal_data(Folded(text=text, spans=(Span(Region.SUBJECT, 0, 5), Span(Region.QUOTED, 6, len(text)))))
    assert [(f.country, f.region, text[f.start : f.end] == spanish) for f in facts] == [("ES", Region.QUOTED, True)]


def test_no_value_is_kept() -> None:
    number = nir("1840675116123")
    assert number not in repr(find_personal_data(folded(number)))


def test_iban_of_other_countries() -> None:
    assert is_iban("gb82west12345698765432")
    assert not is_iban("gb82west12345698765433")


@pytest.mark.timeout(8)
def test_hostile_digits_are_linear_and_capped() -> None:
    for piece in (
        "1",
        "1 ",
        "1 84 06 75 116 123 ",
        "fr76 ",
        "fr761234",
        "ne le 1/1/1971 ",
        "2a",
        "4111 1111 1111 1111 ",
    ):
        assert len(find_personal_data(folded(piece * (200_000 // len(piece))))) <= 200
