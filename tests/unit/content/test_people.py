"""Protected people's names, however written."""

import pytest

from gateway.content.people import People
from tests.content_directory import DIRECTORY

PEOPLE = People(DIRECTORY.people)


@pytest.mark.parametrize(
    ("text", "named", "why"),
    [
        ("Hélène de Kervadec", True, "as listed"),
        ("HELENE DE KERVADEC", True, "capitals, no accents"),
        ("de Kervadec Hélène", True, "surname first"),
        ("Mme Hélène de Kervadec - Directrice générale", True, "title and role"),
        ("H. Kervadec", True, "initial"),
        ("Kervadec H", True, "initial last"),
        ("Paul OSTER", True, "capitals"),
        ("P. Oster", True, "initial"),
        ("Paul-Oster", True, "hyphen"),
        ("Kervadec", False, "surname alone: a relative, a firm"),
        ("Marie Kervadec", False, "another first name"),
        ("Hélène Martin", False, "another surname"),
        ("Hôtel du Kervadec en Bretagne sud", False, "a long name that is another's"),
        ("Paul", False, "first name alone"),
        ("", False, "nothing"),
    ],
)
def test_display_name(text: str, named: bool, why: str) -> None:
    assert (PEOPLE.named_in(text) is not None) is named, why


@pytest.mark.parametrize(
    ("local", "named"),
    [
        ("helene.de.kervadec", True),
        ("h.kervadec", True),
        ("paul.oster", True),
        ("poster", False),  # p.oster or a poster: too short to tell
        ("paul_oster75", True),
        ("osterpaul", True),
        ("oster", False),
        ("marie.oster", False),
        ("secretariat.dg.kervadec", True),
        ("kervadec.plomberie", False),
        ("contact", False),
    ],
)
def test_local_part(local: str, named: bool) -> None:
    assert (PEOPLE.named_by_local_part(local) is not None) is named
