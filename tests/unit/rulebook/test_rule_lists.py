"""The lists become a directory: identities, overlays, the operator's own, faults."""

from pathlib import Path

import pytest

from gateway.model.content_facts import AskKind
from gateway.model.directory import IdentityKind
from gateway.model.errors import SettingsError
from gateway.rulebook.lists import partner_id, read_directory
from gateway.rulebook.load import load_directory
from gateway.settings.schema import Organisation, Partner, Person

GOOD = """
identities:
  - {id: un, name: Un, kind: bank, aliases: [Un], domains: [un.example], confirmed: true, never_asks: [card]}
"""


def folder(tmp_path: Path, name: str, text: str) -> Path:
    (tmp_path / name / "lists").mkdir(parents=True)
    (tmp_path / name / "lists" / "identities.yml").write_text(text, encoding="utf-8")
    return tmp_path / name


def test_read(tmp_path: Path) -> None:
    first = folder(tmp_path, "a", GOOD + "free_mail: [libre.example]\n")
    later = folder(tmp_path, "b", "identities: [{id: un, name: Un, kind: bank, domains: [vrai.example]}]\n")
    own = Organisation(
        domains=("mutuelle.example",),
        services=(),
        people=(Person(name="Jeanne Martin", role="DG", addresses=("j@m.example",)),),
        partners=(Partner(name="Courtage Lumière", domains=("c.example",), never_asks=("rib_change",)),),
    )
    found = read_directory((first, later), own)
    by_id = {identity.id: identity for identity in found.identities}
    assert by_id["un"].domains == ("vrai.example",)  # the later folder replaces
    partner = by_id[partner_id("Courtage Lumière")]
    assert partner.id == "partner_courtage_lumiere"
    assert (partner.kind, partner.never_asks) == (IdentityKind.PARTNER, frozenset((AskKind.RIB_CHANGE,)))
    assert found.free_mail == frozenset(("libre.example",))
    assert found.people[0].role == "DG"
    assert by_id["organisation"].domains == ("mutuelle.example",)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("identities: [{id: un, name: Un, kind: banque}]", "kind: must be one of"),
        ("identities: [{id: U N, name: Un, kind: bank}]", "id: must be a name"),
        ("identities: [{id: un, name: Un, kind: bank, domains: [nodot]}]", "domains[0]: must be a domain name"),
        ("identities: [{id: un, name: Un, kind: bank, never_asks: [cards]}]", "unknown ask `cards`"),
        ("identities: [{id: un, name: Un, kind: bank, alias: [x]}]", "alias: unknown key"),
        ("identities: [{id: un, name: Un, kind: bank}, {id: un, name: Un, kind: bank}]", "un stands twice"),
        ("identites: []", "unknown key"),
        ("free_mail: gmail.com", "must be a list"),
    ],
)
def test_faults(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_directory((folder(tmp_path, "a", text),), Organisation())
    assert fault in str(caught.value)
    assert "identities.yml:1: " in str(caught.value)


def test_unknown_ask_of_a_partner(tmp_path: Path) -> None:
    own = Organisation(partners=(Partner(name="X", domains=("x.example",), never_asks=("nonsense",)),))
    with pytest.raises(SettingsError, match=r"partners\[0\].never_asks: unknown: nonsense"):
        read_directory((folder(tmp_path, "a", GOOD),), own)


def test_builtin_lists_always_count() -> None:
    assert any(identity.id == "assurance_maladie" for identity in load_directory((), Organisation()).identities)
