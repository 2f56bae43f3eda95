"""The lists that are shipped: readable, and careful about what a domain proves."""

from pathlib import Path

import pytest

from gateway.content.directory_index import DirectoryIndex
from gateway.content.lookalike import Lookalikes
from gateway.content.registrable import registrable_domain
from gateway.model.directory import Directory, IdentityKind
from gateway.rulebook.lists import read_directory
from gateway.settings.schema import Organisation

RULES = Path(__file__).resolve().parents[3] / "rules"


@pytest.fixture(scope="module")
def directory() -> Directory:
    return read_directory([RULES], Organisation())


def test_who_is_listed(directory: Directory) -> None:
    ids = {identity.id for identity in directory.identities}
    assert {
        "assurance_maladie", "ameli_pro", "mon_espace_sante", "viamedis", "almerys", "sp_sante", "carte_blanche",
        "isante", "kalixia", "santeclair", "caf", "urssaf", "france_travail", "impots", "franceconnect", "antai",
        "la_poste", "chronopost", "dhl", "microsoft", "google", "docusign", "ordre_pharmaciens", "mssante",
        "internal_service", "credit_agricole", "harmonie_mutuelle", "mgen",
    } <= ids  # fmt: skip
    assert len(directory.identities) > 200
    assert {i.kind for i in directory.identities} >= set(IdentityKind) - {IdentityKind.PARTNER}


def test_every_entry_tells_its_source_and_date(directory: Directory) -> None:
    for identity in directory.identities:
        if identity.kind is not IdentityKind.ORGANISATION:
            assert identity.source, identity.id
            assert identity.date, identity.id
            assert identity.never_asks, identity.id


def test_nobody_speaks_by_a_mailbox_that_anybody_may_have(directory: Directory) -> None:
    for identity in directory.identities:
        for domain in identity.domains:
            assert domain not in directory.free_mail, (identity.id, domain)
            assert domain not in directory.hosted_forms, (identity.id, domain)


def test_no_name_is_a_word_of_every_mail(directory: Directory) -> None:
    for identity in directory.identities:
        for alias in identity.aliases:
            assert len(alias) >= 3, (identity.id, alias)
            assert alias.lower() not in {
                "mutuelle",
                "vitale",
                "santé",
                "assurance",
                "compte",
                "orange",
                "free",
                "poste",
            }


def test_nobody_listed_looks_like_another(directory: Directory) -> None:
    lookalikes = Lookalikes(DirectoryIndex(directory))
    for identity in directory.identities:
        for domain in identity.domains:
            assert lookalikes.judge(domain).of == (), (identity.id, domain)
    for domain in (*directory.free_mail, *directory.redirectors, *directory.shorteners, *directory.hosted_forms):
        assert lookalikes.judge(domain).of == (), domain


def test_free_mail_is_written_as_registrable_domains(directory: Directory) -> None:
    for domain in directory.free_mail:
        assert registrable_domain(domain) == domain
