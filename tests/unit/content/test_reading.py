"""The room's door: whole messages to facts."""

import pytest

from gateway.content.reading import ContentReader
from gateway.model.content_facts import (
    AttachmentFlag,
    ClaimPlace,
    ContentFacts,
    DataKind,
    FormFlag,
    LinkFlag,
    LinkSource,
    SenderFlag,
)
from gateway.model.envelope import Client, Envelope
from gateway.model.folded import Region
from gateway.model.inspection import FoundLink, InspectedPart
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from tests.content_directory import DIRECTORY

READER = ContentReader(DIRECTORY)
UNKNOWN = Envelope(client=Client(address=None), mail_from=None)


def read(raw: str, *inspected: InspectedPart) -> ContentFacts:
    message = parse_message(raw.replace("\n", "\r\n").encode())
    return READER.read(message, read_texts(message), UNKNOWN, inspected)


def mail(body: str, *, author: str = "X <x@envois.example>", subject: str = "Bonjour", kind: str = "plain") -> str:
    return f"From: {author}\nTo: a@b.example\nSubject: {subject}\nContent-Type: text/{kind}; charset=utf-8\n\n{body}"


MIXED = """From: X <x@envois.example>
To: a@b.example
Subject: Documents
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Bonjour, voir le document ci-joint, merci de votre retour rapide.
{extra}
--b--
"""


def test_a_lure_and_all_its_facts() -> None:
    facts = read(
        mail(
            "<h1>L'Assurance Maladie</h1><p>Votre carte Vitale expire. Confirmez vos informations sous 48 h.</p>"
            "<p>Votre numéro : 1 84 06 75 116 123 07</p>"
            "<a href='https://ameli-vitale.example/c'>https://www.ameli.fr/compte</a>",
            author="Assurance Maladie <x@ameli-vitale.example>",
            subject="Votre carte Vitale expire",
            kind="html",
        )
    )
    places = {claim.place for claim in facts.claims if claim.identity == "assurance_maladie"}
    assert places >= {ClaimPlace.DISPLAY_NAME, ClaimPlace.SUBJECT, ClaimPlace.AUTHOR_DOMAIN, ClaimPlace.HEADING}
    (link,) = facts.links
    assert link.flags == {LinkFlag.TEXT_MISMATCH, LinkFlag.BRAND_IN_HOST, LinkFlag.DEEP}
    assert link.lookalike_of == ("assurance_maladie",)
    assert SenderFlag.LOOKALIKE_DOMAIN in facts.sender.flags
    assert [data.kind for data in facts.personal_data] == [DataKind.NIR_WITHOUT_KEY]
    assert facts.asks
    assert facts.language == "fr"


def test_an_ordinary_mail_has_no_odd_fact() -> None:
    facts = read(
        mail(
            "Bonjour,\n\nJe vous envoie mon décompte de l'Assurance Maladie du 12 mars.\nMerci d'avance.\n\n"
            "Jean Petit\n--\nhttps://www.ameli.fr",
            author="Jean Petit <jean.petit@gmail.com>",
            subject="Remboursement",
        )
    )
    assert facts.claims == ()
    assert facts.sender.flags == {SenderFlag.FREE_MAIL}
    assert all(not link.flags for link in facts.links)
    assert facts.form == frozenset()
    assert facts.unchecked == ()


def test_quoted_links_and_names_are_told_apart() -> None:
    facts = read(
        mail(
            "Bonjour, ce message est-il vrai ou faux ? Merci.\n\n> L'Assurance Maladie\n> https://ameli-vitale.example/c\n",
            author="Jean Petit <jean.petit@gmail.com>",
        )
    )
    assert [(link.source, LinkFlag.BRAND_IN_HOST in link.flags) for link in facts.links] == [(LinkSource.QUOTED, True)]
    assert facts.claims == ()


def test_links_of_attachments_forms_and_calendars() -> None:
    page = MIXED.format(
        extra='--b\nContent-Type: text/html; name="f.html"\nContent-Disposition: attachment; filename="f.html"\n\n'
        '<form action="https://evil.example/post"><input type=password></form>'
    )
    facts = read(page)
    assert [(link.source, link.host) for link in facts.links] == [(LinkSource.ATTACHMENT, "evil.example")]
    assert AttachmentFlag.HTML in facts.attachments[0].flags
    note = MIXED.format(
        extra='--b\nContent-Type: text/plain; name="f.txt"\nContent-Disposition: attachment; filename="f.txt"\n\n'
        "Suivez https://evil.example/note"
    )
    assert [(link.source, link.host) for link in read(note).links] == [(LinkSource.ATTACHMENT, "evil.example")]
    invitation = MIXED.format(
        extra="--b\nContent-Type: text/calendar; charset=utf-8\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n"
        "DESCRIPTION:https://evil.example/rdv\nEND:VEVENT\nEND:VCALENDAR"
    )
    assert (LinkSource.CALENDAR, "evil.example") in [(link.source, link.host) for link in read(invitation).links]
    form = read(mail('<form action="https://evil.example/p"><input type=password></form>' + "mot " * 30, kind="html"))
    assert (LinkSource.FORM, "evil.example") in [(link.source, link.host) for link in form.links]


def test_what_inspection_found_is_joined() -> None:
    raw = MIXED.format(extra='--b\nContent-Type: application/pdf; name="a.pdf"\n\n%PDF-1.7')
    part = InspectedPart(
        part_index=1,
        true_type="pdf",
        flags=frozenset((AttachmentFlag.QR_CODE,)),
        text="Votre carte Vitale expire https://ecrit.example/",
        links=(FoundLink(source=LinkSource.QR, href="https://ameli-vitale.example/q"),),
    )
    facts = read(raw, part)
    assert {(link.source, link.host) for link in facts.links} == {
        (LinkSource.QR, "ameli-vitale.example"),
        (LinkSource.ATTACHMENT, "ecrit.example"),
    }
    assert "carte vitale" in facts.folded.region(Region.ATTACHMENT)
    assert facts.attachments[0].flags == {AttachmentFlag.PDF, AttachmentFlag.QR_CODE}
    assert "attachment:timeout" in read(raw, InspectedPart(part_index=1, unchecked="timeout")).unchecked


@pytest.mark.parametrize(
    ("body", "form", "why"),
    [
        ("<img src='https://x.example/a.png' width=600 height=800>", {FormFlag.PICTURE_ONLY}, "a picture"),
        ("<img src='https://x.example/a.png' width=1 height=1>", {FormFlag.EMPTY_TEXT}, "a counter"),
        ("<p></p>", {FormFlag.EMPTY_TEXT}, "nothing"),
        ("<img src='https://x.example/a.png'><p>" + "Un vrai texte assez long. " * 5 + "</p>", set(), "a letter"),
    ],
)
def test_form(body: str, form: set[FormFlag], why: str) -> None:
    assert set(read(mail(body, kind="html")).form) & {FormFlag.PICTURE_ONLY, FormFlag.EMPTY_TEXT} == form, why


def test_names_of_an_unreadable_author_are_read() -> None:
    facts = read(mail("Votre colis attend.", author="Colissimo, <x@envois.example>, <y@envois.example>"))
    assert ("la_poste", ClaimPlace.DISPLAY_NAME) in {(claim.identity, claim.place) for claim in facts.claims}
    assert SenderFlag.AUTHOR_PROBLEM in facts.sender.flags


@pytest.mark.timeout(20)
def test_keyword_salad_stays_linear() -> None:
    names = " ".join(alias for identity in DIRECTORY.identities for alias in identity.aliases)
    for piece in (
        names,
        "votre caisse ameli vous informe ",
        "https://a-client.example/x ",
        "1 84 06 75 116 123 45 ",
        "fr76 ",
    ):
        read(mail((piece + " ") * (200_000 // len(piece))))


def test_every_address_that_some_reader_shows_is_a_claim() -> None:
    for author in ("assurance-maladie@info.ameli.fr <x@evil.example>", "<c@info.ameli.fr> <x@evil.example>"):
        facts = read(mail("Bonjour.", author=author))
        assert ("assurance_maladie", ClaimPlace.DISPLAY_NAME) in {(c.identity, c.place) for c in facts.claims}, author
        assert SenderFlag.AUTHOR_PROBLEM in facts.sender.flags, author


def test_an_attached_form_speaks_as_the_mail_does() -> None:
    part = '--b\nContent-Type: text/html; name="f.html"\nContent-Disposition: attachment; filename="f.html"\n\n{page}'
    form = part.format(page="<h1>L'Assurance Maladie</h1><form action='https://e.example'><input type=password></form>")
    assert [(c.identity, c.place) for c in read(MIXED.format(extra=form)).claims] == [
        ("assurance_maladie", ClaimPlace.HEADING)
    ]
    letter = part.format(page="<h1>L'Assurance Maladie</h1><p>Votre décompte du 12 mars.</p>")
    assert read(MIXED.format(extra=letter)).claims == ()


LOCKED = "UEsDBBQAAQAAAAAAAAAhAAAAAAAAAAAAAAAAAAUAAABhLnR4dA=="  # a zip's first header, encryption bit set


@pytest.mark.parametrize(
    ("text", "told", "why"),
    [
        ("Le mot de passe est : FAC-2026", True, "after a colon"),
        ("Mot de passe de l'archive : abcdef", True, "letters after a colon"),
        ("Le mot de passe est 4482", True, "with a digit"),
        ("Password: inv0ice", True, "English"),
        ("Le mot de passe vous sera donné par téléphone.", False, "not told"),
        ("Le mot de passe est celui convenu ensemble.", False, "not told"),
        ("Voir la pièce jointe.", False, "no word of it"),
    ],
)
def test_a_locked_file_with_its_key_beside_it(text: str, told: bool, why: str) -> None:
    raw = MIXED.format(
        extra=f'{text}\n--b\nContent-Type: application/zip; name="a.zip"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="a.zip"\n\n{LOCKED}'
    )
    (facts,) = read(raw).attachments
    assert AttachmentFlag.ENCRYPTED in facts.flags
    assert (AttachmentFlag.PASSWORD_IN_TEXT in facts.flags) is told, why


def test_a_picture_that_is_the_message() -> None:
    raw = (
        'From: x@a.example\nContent-Type: image/png; name="a.png"\nContent-Disposition: attachment; filename="a.png"\n'
        "Content-Transfer-Encoding: base64\n\niVBORw0KGgo="
    )
    facts = read(raw)
    assert FormFlag.PICTURE_ONLY in facts.form
    assert AttachmentFlag.PICTURE_ONLY_BODY in facts.attachments[0].flags


@pytest.mark.parametrize(
    ("text", "live"),
    [
        (
            "<a@orange.fr>: host smtp-in.orange.fr said: 552 full. Message: connectez-vous avec votre mot de passe",
            False,
        ),
        ("<a@orange.fr>: 552 full. Connectez-vous avec votre mot de passe : https://reprise.example/", True),
        ("<a@orange.fr>: 552 full. Connectez-vous avec votre mot de passe sur reprise.example.com", True),
    ],
)
def test_a_bounce_asks_nothing_unless_it_leads_elsewhere(text: str, live: bool) -> None:
    raw = f"From: Mail Delivery <mailer-daemon@mx.relais.example>\nSubject: Undelivered\n\n{text}\n"
    asks = [ask for ask in read(raw).asks if ask.region is Region.VISIBLE]
    assert bool(asks) is live


@pytest.mark.parametrize(
    ("said", "is_form"),
    [
        ("Bonjour, mon nouveau RIB est joint.", True),
        ("Suivez https://suivi-dossier.example/a", False),
        ("Merci de me donner votre mot de passe.", False),
    ],
)
def test_a_form_of_our_site_answers_to_its_writer_and_asks_no_secret(said: str, is_form: bool) -> None:
    body = f"Nom : Claire Morel\nE-mail : claire.morel@courriel.example\nSujet : mon dossier\nMessage : {said}\n"
    raw = mail(body, author="Site <site@tamaris-sante.fr>")
    facts = read(raw.replace("To: a@b", "Reply-To: claire.morel@courriel.example\nTo: a@b"))
    assert (SenderFlag.WEB_FORM in facts.sender.flags) is is_form
    assert (SenderFlag.REPLY_TO_ELSEWHERE in facts.sender.flags) is not is_form


@pytest.mark.parametrize(
    ("said", "writer", "is_form"),
    [
        (
            "Mon nouveau RIB est joint.\n--\nFormulaire de https://www.tamaris-sante.fr/contact",
            "claire.morel@gmail.com",
            True,
        ),
        ("Mon nouveau RIB est joint.", "claire.morel@gmail.com", False),
        ("Voir https://depot.example/a et https://www.tamaris-sante.fr/", "claire.morel@gmail.com", False),
        ("Réglez 40 euros de frais. https://www.tamaris-sante.fr/", "claire.morel@gmail.com", False),
        ("Mon nouveau RIB est joint. https://www.tamaris-sante.fr/", "claire.morel@courriel.example", False),
    ],
)
def test_a_form_sent_by_the_host_of_our_site_names_it_and_leads_nowhere_else(
    said: str, writer: str, is_form: bool
) -> None:
    body = f"Nom : Claire Morel\nE-mail : {writer}\nSujet : mon dossier\nMessage : {said}\n"
    raw = mail(body, author="Site Tamaris <wordpress@hebergeur.example>")
    facts = read(raw.replace("To: a@b", f"Reply-To: {writer}\nTo: a@b"))
    assert (SenderFlag.WEB_FORM in facts.sender.flags) is is_form
    assert (SenderFlag.REPLY_TO_ELSEWHERE in facts.sender.flags) is not is_form
