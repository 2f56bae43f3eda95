"""Hosts that borrow a name, and honest neighbours that do not."""

import pytest

from gateway.content.directory_index import DirectoryIndex
from gateway.content.lookalike import Lookalikes, skeleton
from gateway.model.directory import ORGANISATION, Directory
from gateway.model.domain import DomainName
from tests.content_directory import DIRECTORY

LOOKALIKES = Lookalikes(DirectoryIndex(DIRECTORY))


@pytest.mark.parametrize(
    ("host", "identity", "why"),
    [
        ("ameli.com", "assurance_maladie", "other top level"),
        ("www.ameli.info", "assurance_maladie", "other top level, subdomain"),
        ("arneli.fr", "assurance_maladie", "rn for m"),
        ("ameIi.fr".lower(), "assurance_maladie", "i for l"),
        ("arne1i.fr", "assurance_maladie", "digit and rn"),
        ("amelli.fr", "assurance_maladie", "doubled letter"),
        ("amlei.fr", "assurance_maladie", "swapped letters"),
        ("xn--meli-43d.fr", "assurance_maladie", "Cyrillic a"),
        ("xn--amli-dpa.fr", "assurance_maladie", "accent"),
        ("ameli-frconnect.fr", "assurance_maladie", "hyphen"),
        ("renouvellement-ameli.fr", "assurance_maladie", "brand last"),
        ("ameli.fr.compte-verif.example", "assurance_maladie", "brand as subdomain"),
        ("monameli.fr", "assurance_maladie", "glued service word"),
        ("ameli2026.fr", "assurance_maladie", "glued year"),
        ("carte-vitale-gratuite.fr", "assurance_maladie", "two words"),
        ("renouvelercartevitale.net", "assurance_maladie", "inside a long word"),
        ("viamed1s.net", "viamedis", "digit"),
        ("viamedis-extranet.com", "viamedis", "hyphen"),
        ("viamedus.net", "viamedis", "vowel for vowel"),
        ("caf-paiement.fr", "caf", "short brand beside a service word"),
        ("mon-caf.fr", "caf", "short brand beside a service word"),
        ("colissimo-livraison.net", "la_poste", "alias"),
        ("laposte.online", "la_poste", "other top level"),
        ("microsoft.support", "microsoft", "international, generic top level"),
        ("microsoft-login.pages.dev", "microsoft", "on shared hosting"),
        ("microsoft.com.garage.example", "microsoft", "a whole domain in front of another"),
        ("docusign.pages.dev", "docusign", "on shared hosting"),
        ("mutuelle-tamaris.com", "organisation", "own label elsewhere"),
        ("mutuelle-tamar1s.fr", "organisation", "own label, digit"),
        ("mutuelletamaris.net", "organisation", "hyphen dropped"),
        ("tamaris-mutuelle-sante.com", "organisation", "own name among service words"),
        ("mon-espace-tamaris.online", "organisation", "own name among service words"),
        ("paie-claire-fr.com", "organisation", "own service"),
        ("orange-facture.example", "orange", "ordinary word beside a service word"),
    ],
)
def test_borrows(host: str, identity: str, why: str) -> None:
    assert identity in LOOKALIKES.judge(host).of, why


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("www.ameli.fr", "honest"),
        ("info.ameli.fr", "honest subdomain"),
        ("amelie.fr", "a first name"),
        ("amelioration-habitat.fr", "a French word"),
        ("ameliorer.com", "a French word"),
        ("docteur-amelia.fr", "a first name"),
        ("laporte.fr", "a surname, one letter from laposte"),
        ("decaf.fr", "caf inside a word"),
        ("cafe-de-la-gare.fr", "caf at a word's start"),
        ("brasserie-caf.fr", "short brand without a service word"),
        ("orange-rouge.fr", "ordinary word"),
        ("mairie-orange.fr", "a town"),
        ("microsoft.de", "an international firm's own country site"),
        ("docusign.garage.example", "a firm's own installation of it"),
        ("teams-sport.example", "ordinary word"),
        ("gmail.com", "free mail"),
        ("xyz.sendgrid.net", "mailer"),
        ("tamaris.fr", "the own rare word alone is somebody else"),
        ("hotel-tamaris.fr", "the own rare word beside no service word"),
        ("les-tamaris-plage.fr", "the own rare word beside no service word"),
        ("paie-claire.fr", "own service"),
        ("mutuelle-atlantique.fr", "another mutuelle"),
        ("sante.fr", "ordinary"),
        ("impots.gouv.fr", "honest"),
        ("localhost", "no registrable domain"),
        ("192.0.2.1", "address"),
    ],
)
def test_borrows_nothing(host: str, why: str) -> None:
    assert LOOKALIKES.judge(host).of == (), why


def test_kinds_are_told_apart() -> None:
    assert LOOKALIKES.judge("arneli.fr").lookalike
    assert LOOKALIKES.judge("ameli-compte.fr").brand_in_host
    assert not LOOKALIKES.judge("ameli-compte.fr").lookalike


def test_brand_in_path() -> None:
    assert LOOKALIKES.path_brands("/ameli/connexion.php?x=1") == ("assurance_maladie",)
    assert LOOKALIKES.path_brands("/amelioration/?ref=ameli") == ()


def test_skeleton_joins_what_the_eye_joins() -> None:
    assert skeleton("arneli") == skeleton("ameli") == skeleton("ame1i")
    assert skeleton("ameli") != skeleton("amelie")


@pytest.mark.timeout(5)
def test_odd_hosts_cost_little_and_raise_nothing() -> None:
    for host in ("xn--" + "a" * 50 + ".fr", "-".join("ameli" for _ in range(10)) + ".example", "a." * 120 + "fr", ""):
        LOOKALIKES.judge(host)
    for number in range(2000):
        LOOKALIKES.judge(f"host{number}-compte-client.example")


def test_an_operator_called_by_ordinary_words_owns_none_of_them() -> None:
    own = (DomainName("mutuelle-ouest.example"),)
    judge = Lookalikes(DirectoryIndex(Directory(own_domains=own))).judge
    assert judge("service-ouest.fr").of == ()
    assert judge("ouest-assurances.fr").of == ()
    assert judge("mutuelle-ouest.com").of == (ORGANISATION,)
    assert judge("mutuelle-0uest.fr").of == (ORGANISATION,)


def test_an_operator_below_a_name_for_examples_does_not_own_that_name() -> None:
    own = (DomainName("viorne-sante.example.org"),)
    judge = Lookalikes(DirectoryIndex(Directory(own_domains=own))).judge
    assert judge("news.example.net").of == ()
    assert judge("example.com").of == ()
    assert judge("viorne-sante.com").of == (ORGANISATION,)
