"""Addresses and names held against one another."""

import pytest

from gateway.content.directory_index import DirectoryIndex
from gateway.content.lookalike import Lookalikes
from gateway.content.sender import SenderReader
from gateway.model.address import NULL_PATH, Mailbox, Path
from gateway.model.content_facts import Claim, ClaimPlace, SenderFacts
from gateway.model.content_facts import SenderFlag as Flag
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.parsing.mime_tree import parse_message
from tests.content_directory import DIRECTORY

_INDEX = DirectoryIndex(DIRECTORY)
READER = SenderReader(_INDEX, Lookalikes(_INDEX))


def path(address: str) -> Path:
    local, _, domain = address.partition("@")
    return Path(address.encode(), Mailbox(local=local, domain=DomainName(domain)))


def read(
    header: str, mail_from: str | None = None, to: str = "a@tamaris-sante.fr", claims: tuple[Claim, ...] = ()
) -> SenderFacts:
    lines = header.strip().split("\n")
    if not any(line.lower().startswith("to:") for line in lines):
        lines.append("To: a@tamaris-sante.fr")
    raw = "\r\n".join(lines).encode() + b"\r\n\r\nBonjour\r\n"
    envelope = Envelope(
        client=Client(address=None),
        mail_from=None if mail_from is None else path(mail_from) if mail_from else NULL_PATH,
        recipients=(Recipient(path=path(to)),),
    )
    return READER.read(parse_message(raw), envelope, claims)


_ABOUT_ADDRESSES = {
    Flag.RETURN_PATH_ELSEWHERE,
    Flag.NULL_SENDER,
    Flag.UNDISCLOSED_RECIPIENTS,
}


@pytest.mark.parametrize(
    ("header", "flags", "why"),
    [
        ("From: Jean Petit <jean.petit@garage.example>", set(), "honest"),
        ("From: Jean Petit <jean.petit@gmail.com>", {Flag.FREE_MAIL}, "a private person"),
        (
            'From: "assurance-maladie@info.ameli.fr" <x@evil.example>',
            {Flag.NAME_IS_ADDRESS_ELSEWHERE},
            "an address as display name",
        ),
        ('From: "contact@garage.example" <x@mail.garage.example>', set(), "his own address as display name"),
        ('From: "ameli.fr" <x@evil.example>', {Flag.NAME_IS_ADDRESS_ELSEWHERE}, "a listed host as display name"),
        ('From: "Jean P. du garage.Nantes" <x@evil.example>', set(), "dots in a name"),
        (
            "From: Hélène de Kervadec <direction.hk@gmail.com>",
            {Flag.FREE_MAIL, Flag.EXECUTIVE_NAME},
            "an executive's name elsewhere",
        ),
        ("From: H. Kervadec <x@evil.example>", {Flag.EXECUTIVE_NAME}, "initial"),
        ("From: <paul.oster@evil.example>", {Flag.EXECUTIVE_NAME}, "local part"),
        ("From: Paul Oster <paul.oster@tamaris-sante.fr>", {Flag.OWN_DOMAIN_AUTHOR}, "himself"),
        (
            "From: X <x@evil.example>\nFrom: Paul <paul@tamaris-sante.fr>",
            {Flag.OWN_DOMAIN_AUTHOR, Flag.AUTHOR_PROBLEM},
            "what a reader may show",
        ),
        (
            "From:\nSender: Paul <paul@tamaris-sante.fr>",
            {Flag.OWN_DOMAIN_AUTHOR, Flag.AUTHOR_PROBLEM},
            "what a reader shows where From is empty",
        ),
        ("From: Paul Oster via DocuSign <dse@docusign.net>", set(), "a listed service on his behalf"),
        ("From: Paul Oster <paie@paie-claire.fr>", set(), "a service of ours"),
        ("From: X <x@arneli.fr>", {Flag.LOOKALIKE_DOMAIN}, "look-alike"),
        (
            "From: X <x@mutuelle-tamar1s.fr>",
            {Flag.LOOKALIKE_DOMAIN, Flag.OWN_DOMAIN_LOOKALIKE},
            "own look-alike",
        ),
        ("From: X <x@a.example>\nReply-To: x@b.example", {Flag.REPLY_TO_ELSEWHERE}, "Reply-To elsewhere"),
        ("From: X <x@a.example>\nReply-To: X <y@mail.a.example>", set(), "Reply-To of the same owner"),
        (
            "From: X <x@a.example>\nReply-To: x@gmail.com",
            {Flag.REPLY_TO_ELSEWHERE, Flag.REPLY_TO_FREE_MAIL},
            "Reply-To free mail",
        ),
        ("From: X <x.y@gmail.com>\nReply-To: x.y@orange.fr", {Flag.FREE_MAIL}, "the same person's two mailboxes"),
        (
            "From: X <x@roquet-imprimerie.example>\nReply-To: x@roquet-imprimeries.example",
            {Flag.REPLY_TO_ELSEWHERE, Flag.REPLY_TO_LOOKALIKE},
            "Reply-To on a look-alike of the author's own",
        ),
        ("From: X <x@a.example>\nList-Unsubscribe: <https://a.example/u>", {Flag.BULK}, "bulk"),
        ("From: X <x@a.example>\nList-Id: <l.a.example>", {Flag.BULK, Flag.MAILING_LIST}, "list"),
        ("From: X <x@a.example>\nSubject: Re: devis\nIn-Reply-To: <1@b>", {Flag.THREAD}, "thread"),
        ("From: X <x@a.example>\nSubject: Re: devis", {Flag.FAKE_THREAD}, "Re: without a thread"),
        ("From: X <x@a.example>\nSubject: Relance devis", set(), "a word that begins with Re"),
        ("From: X <x@a.example>\nAuto-Submitted: auto-replied", {Flag.AUTO_REPLY}, "auto reply"),
        ("From: X <x@a.example>\nTo: undisclosed-recipients:;", {Flag.UNDISCLOSED_RECIPIENTS}, "undisclosed"),
        (
            "From: Gendarmerie nationale <x@gmail.com>",
            {Flag.FREE_MAIL, Flag.INSTITUTION_ON_FREE_MAIL, Flag.OFFICE_NAME},
            "institution",
        ),
        ("From: Pharmacie du Port <pharmacieduport@orange.fr>", {Flag.FREE_MAIL}, "a small firm"),
        (
            "From: Service remboursements <x@a.example>",
            {Flag.NAMELESS_SERVICE, Flag.OFFICE_NAME},
            "a service that doesn't say whose",
        ),
        ("From: Cellule fraude <x@a.example>", {Flag.OFFICE_NAME}, "an office"),
        ("From: Sophie Lagadec <x@solde-dossiers.example>", {Flag.OFFICE_DOMAIN}, "a domain named after a pretext"),
        (
            "From: Gestion Notes <x@gestion-notes.example>",
            {Flag.OFFICE_NAME, Flag.OFFICE_DOMAIN, Flag.NAMES_ITSELF},
            "a product",
        ),
        (
            "From: Cellule Incident <x@cellule-incident.example>",
            {Flag.OFFICE_NAME, Flag.OFFICE_DOMAIN},
            "a pretext that calls itself so",
        ),
        ("From: Service client Petit <x@a.example>", set(), "a service that does"),
        ("From: Service client <x@info.ameli.fr>", set(), "a service of a listed domain"),
        ("From: a@b.example, c@d.example", {Flag.AUTHOR_PROBLEM}, "two authors"),
    ],
)
def test_flags(header: str, flags: set[Flag], why: str) -> None:
    assert set(read(header).flags) - {Flag.LISTED_DOMAIN} == flags, why


def test_claimed_institution_on_free_mail() -> None:
    claim = Claim(identity="assurance_maladie", place=ClaimPlace.DISPLAY_NAME)
    assert Flag.INSTITUTION_ON_FREE_MAIL in read("From: X <x@gmail.com>", claims=(claim,)).flags
    assert Flag.INSTITUTION_ON_FREE_MAIL not in read("From: X <x@a.example>", claims=(claim,)).flags


def test_envelope_facts() -> None:
    assert Flag.RETURN_PATH_ELSEWHERE in read("From: X <x@a.example>", "b@mailer.example").flags
    assert Flag.RETURN_PATH_ELSEWHERE not in read("From: X <x@a.example>", "b@bounce.a.example").flags
    assert Flag.NULL_SENDER in read("From: X <x@a.example>", "").flags
    bounce = read("From: MAILER-DAEMON@a.example", "")
    assert Flag.BOUNCE in bounce.flags
    assert Flag.TO_REPORT_MAILBOX in read("From: X <x@a.example>", to="ABUS@tamaris-sante.fr").flags
    assert Flag.TO_BENEFITS_MAILBOX in read("From: X <x@a.example>", to="prestations@tamaris-sante.fr").flags


def test_values() -> None:
    facts = read("From: Élise NOËL <x@mail.a.example>\nReply-To: y@b.example")
    assert facts.display_name == "elise noel"
    assert facts.author_domain == "mail.a.example"
    assert facts.registrable_domain == "a.example"
    assert facts.reply_to_domain == "b.example"
    assert read("From: Paul Oster <x@evil.example>").executive == "directeur financier"
    assert read("From: X <x@info.ameli.fr>").speaks_for == ("assurance_maladie",)


@pytest.mark.parametrize(
    ("author", "closing", "executive", "why"),
    [
        ("Direction <dg.tamaris@gmail.com>", "Merci,\nHélène de Kervadec\nDirectrice générale", True, "signed"),
        ("<dg@envois.example>", "Merci,\nHélène de Kervadec, directrice générale", True, "signed, no name"),
        ("<dg@gmail.com>", "J'ai vu Hélène de Kervadec hier.\nJean", False, "mentioned"),
        ("Agence Petit <x@agence-petit.example>", "Merci,\nHélène de Kervadec", False, "an agency that says its name"),
        ("<helene.kervadec@mutuelle-tamaris.example>", "Merci,\nHélène de Kervadec", False, "herself"),
    ],
)
def test_an_executive_who_signs_from_elsewhere(author: str, closing: str, executive: bool, why: str) -> None:
    message = parse_message(f"From: {author}\r\nTo: a@b.example\r\n\r\nx\r\n".encode())
    facts = READER.read(message, Envelope(client=Client(address=None), mail_from=None), closing=closing)
    assert (Flag.EXECUTIVE_NAME in facts.flags) is executive, why


@pytest.mark.parametrize(
    ("author", "reply_to", "text", "executive", "why"),
    [
        ("Paul Oster via DocuSign <dse@docusign.net>", "p.oster.dg@gmail.com", "", True, "a private answer address"),
        (
            "DocuSign <dse@docusign.net>",
            "",
            "helene de kervadec h.kervadec@gmail.com a commente",
            True,
            "shown in the text",
        ),
        ("Paul Oster via DocuSign <dse@docusign.net>", "paul.oster@tamaris-sante.fr", "", False, "himself"),
        ("Léa Petit via DocuSign <dse@docusign.net>", "lea.petit@gmail.com", "", False, "a private person"),
        ("Léa <lea@garage.example>", "", "ecrivez a h.kervadec@gmail.com", False, "no platform"),
    ],
)
def test_an_executive_behind_a_platform(author: str, reply_to: str, text: str, executive: bool, why: str) -> None:
    answer = f"Reply-To: {reply_to}\r\n" if reply_to else ""
    message = parse_message(f"From: {author}\r\n{answer}To: a@b.example\r\n\r\nx\r\n".encode())
    facts = READER.read(message, Envelope(client=Client(address=None), mail_from=None), folded=text)
    assert (Flag.EXECUTIVE_NAME in facts.flags) is executive, why
