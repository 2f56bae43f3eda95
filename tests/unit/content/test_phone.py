"""Telephone numbers in folded text."""

import pytest

from gateway.content.phone import find_phones


@pytest.mark.parametrize(
    ("text", "found", "why"),
    [
        ("appelez le 01 23 45 67 89 vite", [("FR", False)], "spaced"),
        ("tel 01.23.45.67.89.", [("FR", False)], "dotted, sentence end"),
        ("0123456789", [("FR", False)], "compact"),
        ("08 99 12 34 56", [("FR", True)], "premium"),
        ("0826 123 456", [], "other grouping is not read"),
        ("08 26 12 34 56", [("FR", True)], "premium 082"),
        ("08 00 12 34 56", [("FR", False)], "free call"),
        ("+33 1 23 45 67 89", [("FR", False)], "international"),
        ("+33 (0)8 99 12 34 56", [("FR", True)], "international, premium"),
        ("0033 6 12 34 56 78", [("FR", False)], "00 prefix"),
        ("+44 20 7946 0018", [("GB", False)], "abroad"),
        ("+225 07 12 34 56 78", [("CI", False)], "abroad"),
        ("+262 692 12 34 56", [("FR", False)], "overseas"),
        ("dossier 0123456789012", [], "longer number"),
        ("le 01/02/2026", [], "a date"),
        ("1 84 12 75 116 123 45", [], "a NIR"),
    ],
)
def test_find(text: str, found: list[tuple[str, bool]], why: str) -> None:
    assert [(p.country, p.premium) for p in find_phones(text)] == found, why


@pytest.mark.timeout(5)
def test_hostile_digits_are_linear() -> None:
    for piece in ("0", "01 ", "+33 ", "00 ", "(", "0123456789 "):
        find_phones(piece * (200_000 // len(piece)))
