"""The public suffix list as a fallback."""

import pytest

from gateway.authn.org_domain import common_ancestor, is_icann_suffix, organizational_fallback, registrable_text
from gateway.model.domain import DomainName

ROWS = [
    ("ameli.fr", "ameli.fr"),
    ("assure.ameli.fr", "ameli.fr"),
    ("AMELI.FR.", "ameli.fr"),
    ("fr", None),
    ("asso.fr", None),
    ("a.asso.fr", "a.asso.fr"),
    ("a.b.github.io", "b.github.io"),
    ("github.io", None),
    ("mutuelle.example", "mutuelle.example"),
    ("société.example", "société.example"),
    ("x.société.example", "société.example"),
    ("", None),
    (".fr", None),
    ("a..fr", None),
    ("x" * 5000, None),
]


@pytest.mark.parametrize(("name", "registrable"), ROWS)
def test_registrable_domains(name: str, registrable: str | None) -> None:
    assert registrable_text(name) == registrable


@pytest.mark.parametrize(("name", "suffix"), [("fr", True), ("co.uk", True), ("github.io", False), ("ameli.fr", False)])
def test_only_registries_count_as_a_border_that_no_record_can_move(name: str, suffix: bool) -> None:
    assert is_icann_suffix(DomainName(name)) is suffix


def test_a_suffix_is_its_own_organization() -> None:
    assert organizational_fallback(DomainName("co.uk")) == "co.uk"


@pytest.mark.parametrize(
    ("one", "other", "ancestor"),
    [
        ("a.x.fr", "b.x.fr", "x.fr"),
        ("x.fr", "a.x.fr", "x.fr"),
        ("x.fr", "y.fr", "fr"),
        ("ax.fr", "x.fr", "fr"),
        ("x.fr", "x.com", None),
    ],
)
def test_common_ancestors(one: str, other: str, ancestor: str | None) -> None:
    assert common_ancestor(DomainName(one), DomainName(other)) == ancestor
