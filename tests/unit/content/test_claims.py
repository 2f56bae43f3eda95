"""Who a message pretends to be, and who is only mentioned."""

import pytest

from gateway.content.claims import ClaimReader, ClaimSources
from gateway.content.directory_index import DirectoryIndex
from gateway.content.lookalike import Lookalikes
from gateway.model.address import Mailbox
from gateway.model.content_facts import ClaimPlace as Place
from gateway.model.domain import DomainName
from gateway.model.folded import Folded, Region, Span
from tests.content_directory import DIRECTORY

_INDEX = DirectoryIndex(DIRECTORY)
READER = ClaimReader(_INDEX, Lookalikes(_INDEX))
STRANGER = "x@envois.example"
MEMBER = "huguette.vial@orange.fr"


def claims(
    body: str = "bonjour",
    *,
    name: str = "",
    address: str = STRANGER,
    subject: str = "bonjour",
    region: Region = Region.VISIBLE,
    headings: tuple[str, ...] = (),
    alts: tuple[str, ...] = (),
) -> set[tuple[str, Place]]:
    local, _, domain = address.partition("@")
    text = f"{subject}\n{body}"
    spans = (Span(Region.SUBJECT, 0, len(subject)), Span(region, len(subject) + 1, len(text)))
    found = READER.read(
        ClaimSources(
            display_name=name,
            author=Mailbox(local=local, domain=DomainName(domain)),
            folded=Folded(text=text, spans=spans),
            headings=headings,
            image_alts=alts,
        )
    )
    return {(claim.identity, claim.place) for claim in found}


@pytest.mark.parametrize(
    ("name", "address", "identity", "place", "why"),
    [
        ("Assurance Maladie", STRANGER, "assurance_maladie", Place.DISPLAY_NAME, "as it is"),
        ("Service clients Ameli", STRANGER, "assurance_maladie", Place.DISPLAY_NAME, "among service words"),
        ("AMELI.FR", STRANGER, "assurance_maladie", Place.DISPLAY_NAME, "as a host"),
        ("Аmeli", STRANGER, "assurance_maladie", Place.DISPLAY_NAME, "Cyrillic A"),
        ("L'Assurance-Maladie", STRANGER, "assurance_maladie", Place.DISPLAY_NAME, "hyphen"),
        ("AssuranceMaladie", STRANGER, "assurance_maladie", Place.DISPLAY_NAME, "glued"),
        ("CPAM de la Gironde", STRANGER, "assurance_maladie", Place.DISPLAY_NAME, "a local one"),
        ("CAF", STRANGER, "caf", Place.DISPLAY_NAME, "a weak name alone"),
        ("Orange - Service client", STRANGER, "orange", Place.DISPLAY_NAME, "a weak name among service words"),
        ("Service informatique", STRANGER, "internal_service", Place.DISPLAY_NAME, "our own IT"),
        ("Mutuelle Tamaris", STRANGER, "organisation", Place.DISPLAY_NAME, "ourselves"),
        ("", "ameli@envois.example", "assurance_maladie", Place.LOCAL_PART, "local part"),
        ("", "service-viamedis@gmail.com", "viamedis", Place.LOCAL_PART, "local part"),
        ("", "x@arneli.fr", "assurance_maladie", Place.AUTHOR_DOMAIN, "look-alike"),
    ],
)
def test_names(name: str, address: str, identity: str, place: Place, why: str) -> None:
    assert (identity, place) in claims(name=name, address=address), why


@pytest.mark.parametrize(
    ("name", "address", "why"),
    [
        ("Amélie Vitale", "amelie.vitale@garage.example", "a person"),
        ("Julien Orange", "julien@garage.example", "a surname"),
        ("Amélioration continue", STRANGER, "a word that begins the same"),
        ("Café de la Poste", "contact@cafe.example", "a café"),
        ("Ma mutuelle santé", STRANGER, "nobody's name"),
        ("Helpdesk Cabinet Durand", "support@durand.example", "somebody's named helpdesk"),
        ("Jean Petit", "jean+ameli@gmail.com", "a tag after the plus"),
        ("Jean Petit", "jean.petit@garage.example", "nobody"),
    ],
)
def test_names_of_others(name: str, address: str, why: str) -> None:
    assert claims(name=name, address=address) == set(), why


@pytest.mark.parametrize(
    ("subject", "name", "why"),
    [
        ("ameli.fr : remboursement de 89 euros", "", "prefix"),
        ("[ameli] votre dossier", "Notification", "prefix in brackets"),
        ("votre carte vitale 2026 est prete", "", "your card"),
        ("assurance maladie - mise a jour", "Info", "prefix"),
        ("avis important de l'assurance maladie", "Conseil", "filler before it"),
    ],
)
def test_subject(subject: str, name: str, why: str) -> None:
    assert ("assurance_maladie", Place.SUBJECT) in claims(subject=subject, name=name), why


@pytest.mark.parametrize(
    ("subject", "name", "address", "why"),
    [
        ("ma carte vitale ne marche plus", "Mamie", "hvial12@orange.fr", "hers"),
        ("question sur mon compte ameli", "", MEMBER, "hers"),
        ("attente de remboursement de la cpam", "Mamie", "hvial12@orange.fr", "mentioned"),
        ("re: votre carte vitale", "Mamie", "hvial12@orange.fr", "an answer"),
        ("amelioration de votre contrat", "", STRANGER, "another word"),
        ("votre carte vitale", "Pharmacie du Port", "contact@pharmacieduport.example", "an openly named pharmacy"),
        ("carte vitale perdue", "Huguette Vial", MEMBER, "a member who names herself"),
    ],
)
def test_subject_of_others(subject: str, name: str, address: str, why: str) -> None:
    assert claims(subject=subject, name=name, address=address) == set(), why


@pytest.mark.parametrize(
    ("body", "place", "why"),
    [
        ("bonjour,\nvotre dossier est incomplet.\n\ncordialement,\nle service client ameli", Place.SIGNATURE, "signed"),
        ("bonjour,\nmerci.\ncordialement\nl'assurance maladie", Place.SIGNATURE, "signed"),
        ("bonjour,\nmerci.\nvotre caisse primaire d'assurance maladie", Place.SIGNATURE, "signed as your fund"),
        ("bonjour,\nmerci.\n\n2026 l'assurance maladie. tous droits reserves", Place.BODY, "copyright"),
        ("l'assurance maladie\nbonjour,\nvotre dossier est incomplet", Place.HEADING, "letterhead"),
        (
            "apres calcul, vous etes admissible a un remboursement de 118,20 euros de l'assurance maladie. "
            + "t. " * 90,
            Place.BODY,
            "owed by it, said by nobody",
        ),
        (
            "bonjour,\nvotre assurance maladie fait le point avec vous sur vos droits et vous attend. "
            + "texte. " * 60,
            Place.BODY,
            "your",
        ),
        (
            "bonjour,\nl'assurance maladie vous informe que vos droits changent. " + "texte long. " * 60,
            Place.BODY,
            "speaks",
        ),
    ],
)
def test_body(body: str, place: Place, why: str) -> None:
    assert ("assurance_maladie", place) in claims(body, name="Notification"), why


@pytest.mark.parametrize(
    ("body", "name", "address", "why"),
    [
        (
            "bonjour,\nj'ai appele la cpam hier, ils m'ont dit de vous ecrire.\nmerci",
            "Mamie",
            "hvial12@orange.fr",
            "told",
        ),
        ("bonjour,\nje n'ai plus ma carte vitale, que faire ?\ncordialement\nh. vial", "", MEMBER, "hers"),
        (
            "pensez a mettre a jour votre carte vitale. contactez votre cpam ou l'assurance maladie.\nvotre mutuelle",
            "Mutuelle Atlantique",
            "info@mutuelle-atlantique.example",
            "a mutuelle's letter",
        ),
        (
            "attention aux faux messages de l'assurance maladie : ne cliquez pas.\nle rssi",
            "Securite",
            "securite@conseil.example",
            "an awareness mail",
        ),
        (
            'exemples recus ce mois-ci :\n" votre nouvelle carte vitale est disponible "\ntransferez-les nous.',
            "Securite",
            "securite@conseil.example",
            "a lure in quotation marks",
        ),
        (
            "facture jointe.\nbanque : credit agricole\niban joint\ncordialement,\nimprimerie petit",
            "Imprimerie Petit",
            "contact@imprimerie-petit.example",
            "a supplier's bank",
        ),
        ("bonjour,\nnous avons ameliore le service.\ncordialement\namelie", "", STRANGER, "other words"),
        (
            "mutuelle tamaris\n12 rue du port\n\nmadame, monsieur,\nje souhaite resilier.",
            "",
            MEMBER,
            "a letter's address",
        ),
    ],
)
def test_mention_is_no_claim(body: str, name: str, address: str, why: str) -> None:
    assert claims(body, name=name, address=address) == set(), why


def test_quoted_and_hidden_text_claims_nothing() -> None:
    body = "bonjour,\nmerci.\ncordialement\nl'assurance maladie"
    for region in (Region.QUOTED, Region.HIDDEN, Region.ATTACHMENT):
        assert claims(body, region=region) == set()


def test_headings_and_pictures() -> None:
    assert ("assurance_maladie", Place.HEADING) in claims(headings=("L'Assurance Maladie",))
    assert ("assurance_maladie", Place.IMAGE_ALT) in claims(alts=("logo Assurance Maladie",))
    assert claims(headings=("Ma carte Vitale et moi",), alts=("Teams",)) == set()
    assert claims(headings=("Comment l'Assurance Maladie rembourse vos soins cette annee",)) == set()


@pytest.mark.timeout(5)
def test_hostile_text_is_linear() -> None:
    for piece in (
        "ameli ",
        "votre ameli\n",
        "\n",
        "cordialement\n",
        "service de ",
        "l'assurance maladie vous informe ",
    ):
        claims(piece * (200_000 // len(piece)))


def test_our_own_services_spoken_for_by_a_stranger() -> None:
    body = "la direction de tamaris vous a invite a remplir un formulaire :\nmot de passe *\n" + "texte. " * 60
    assert ("organisation", Place.BODY) in claims(body, name="Forms", address="x@docusign.net")
    assert ("organisation", Place.BODY) in claims(body, name="Enquete", address=STRANGER)
    told = "bonjour,\nj'ai appele le service client de tamaris hier.\nmerci\n" + "texte. " * 60
    assert claims(told, name="Mamie", address="hvial12@orange.fr") == set()
    assert claims(told, name="Garage Petit", address="contact@garage-petit.example") == set()


def test_a_borrowed_word_is_no_name_of_ones_own() -> None:
    found = claims(subject="votre carte vitale expire", name="Vitale Service", address="x@vitale-service.example")
    assert ("assurance_maladie", Place.SUBJECT) in found
    honest = claims(subject="votre carte vitale expire", name="Pharmacie du Port", address="x@pharmaport.example")
    assert honest == set()
