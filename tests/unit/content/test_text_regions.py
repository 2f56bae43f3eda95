"""What the author says now, told from what he quotes, hides and attaches."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from gateway.content.quotes import split_banner, split_quotes
from gateway.content.text_regions import read_regions, unwrap
from gateway.model.content_facts import FormFlag
from gateway.model.folded import Region
from gateway.model.message import Finding
from gateway.model.texts import TextReading
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts

NOW = "Bonjour, je vous transmets ma réponse ci-dessous, merci beaucoup."
OLD = "Confirmez votre carte Vitale sur ce lien"


def _read(raw: bytes, text_bytes: int = 262_144) -> TextReading:
    message = parse_message(raw)
    return read_regions(message, read_texts(message), text_bytes)


def _mail(text: str = "", html: str = "", subject: str = "Sujet", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Jean <jean@a.example>"
    mail["Subject"] = subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if text:
        mail.set_content(text, cte="base64")
    if html and text:
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
    elif html:
        mail.set_content(html, subtype="html", cte="quoted-printable")
    return mail


QUOTES = [
    ("Gmail", f"{NOW}\n\nLe lun. 3 mars 2025 à 10:12, X <info@b.example> a écrit :\n\n> {OLD}\n"),
    ("Gmail wrapped", f"{NOW}\n\nLe lun. 3 mars 2025 à 10:12, La Caisse\n<info@b.example> a écrit :\n\n> {OLD}\n"),
    ("Gmail in English", f"{NOW}\n\nOn Mon, Mar 3, 2025 at 10:12 AM X <x@b.example> wrote:\n> {OLD}\n"),
    ("hard blank", f"{NOW}\n\nLe 3 mars 2025, X a écrit\u00a0:\n{OLD}\n"),
    ("Thunderbird", f"{NOW}\n\nLe 03/03/2025 à 10:12, X a écrit :\n> {OLD}\n"),
    ("quote marks only", f"{NOW}\n> {OLD}\n"),
    ("Outlook", f"{NOW}\n\n-----Message d'origine-----\nDe : X\nEnvoyé : lundi\nÀ : Y\nObjet : Z\n\n{OLD}\n"),
    ("new Outlook", f"{NOW}\n\n________________________________\nDe : X <x@b.example>\nEnvoyé : lundi 3 mars 2025\n"
                    f"À : Y\nObjet : Z\n\n{OLD}\n"),
    ("Outlook in English", f"{NOW}\n\nFrom: X\nSent: Monday\nTo: Y\nSubject: Z\n\n{OLD}\n"),
    ("typographic apostrophe", f"{NOW}\n\n----- Message d’origine -----\n{OLD}\n"),
    ("forward", f"{NOW}\n\n---------- Forwarded message ---------\nDe : X\nDate: lundi\nSubject: Z\nTo: Y\n\n{OLD}\n"),
    ("forward in French", f"{NOW}\n\n-------- Message transféré --------\nSujet : Z\nDe : X\n\n{OLD}\n"),
    ("Apple", f"{NOW}\n\nDébut du message réexpédié :\n\nDe: X\nObjet: Z\n\n{OLD}\n"),
]  # fmt: skip


@pytest.mark.parametrize("text", [text for _, text in QUOTES], ids=[name for name, _ in QUOTES])
def test_quotes_are_apart_in_text(text: str) -> None:
    reading = _read(_mail(text).as_bytes(policy=SMTP))
    assert "ma reponse ci-dessous" in reading.folded.region(Region.VISIBLE)
    assert "carte vitale" in reading.folded.region(Region.QUOTED)
    assert "carte vitale" not in reading.folded.region(Region.VISIBLE)
    assert reading.has_quote


@pytest.mark.parametrize("text", [text for _, text in QUOTES if not text.startswith("x")], ids=[n for n, _ in QUOTES])
def test_quotes_are_apart_in_html(text: str) -> None:
    lines = text.replace("<", "&lt;").split("\n")
    body = "".join(f"<div>{line}</div>" for line in lines)
    reading = _read(
        _mail(html=f"<html>{body.replace(OLD, OLD + ' <a href=https://evil.example>ici</a>')}").as_bytes(policy=SMTP)
    )
    assert "carte vitale" in reading.folded.region(Region.QUOTED)
    assert "carte vitale" not in reading.folded.region(Region.VISIBLE)
    if ">" not in text.split(OLD)[0].rpartition("\n")[2]:
        assert not reading.links
        assert [link.href for link in reading.quoted_links] == ["https://evil.example"]


def test_a_quote_that_gmail_marks() -> None:
    html = (
        f'<div dir="ltr">{NOW}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'Le 3 mars, X a écrit :<br></div><blockquote class="gmail_quote">{OLD} <a href="https://x.example">ici</a></blockquote></div>'
    )
    reading = _read(_mail(html=html).as_bytes(policy=SMTP))
    assert "carte vitale" not in reading.folded.region(Region.VISIBLE)
    assert "carte vitale" in reading.folded.region(Region.QUOTED)
    assert not reading.links


@pytest.mark.parametrize(
    "html",
    [
        f"<blockquote>{OLD}</blockquote>",
        f'<div class="gmail_quote">{OLD}</div>',
        f'<blockquote type="cite">{OLD}</blockquote>',
        f'<p>Bonjour Madame, Monsieur, bonne lecture</p><blockquote type="cite">{OLD}</blockquote>',
    ],
)
def test_the_dress_of_a_quote_alone_makes_none(html: str) -> None:
    reading = _read(_mail(html=html).as_bytes(policy=SMTP))
    assert "carte vitale" in reading.folded.region(Region.VISIBLE)


def test_a_lure_behind_quote_marks_without_a_reply_is_the_message() -> None:
    reading = _read(_mail(f"> {OLD}\n> https://evil.example\n").as_bytes(policy=SMTP))
    assert "carte vitale" in reading.folded.region(Region.VISIBLE)
    assert not reading.has_quote


ARROW = "Bonjour, renseignez vos coordonnées sur :\n\n> https://evil.example/a\n\nMerci de votre confiance, à bientôt."


def test_an_arrow_before_a_link_is_no_quote() -> None:
    reading = _read(_mail(ARROW).as_bytes(policy=SMTP))
    assert "evil.example" in reading.folded.region(Region.VISIBLE)
    assert not reading.has_quote


@pytest.mark.parametrize("subject", ["RE: vos coordonnées", "TR: vos coordonnées"])
def test_it_is_one_in_an_answer(subject: str) -> None:
    assert "evil.example" in _read(_mail(ARROW, subject=subject).as_bytes(policy=SMTP)).folded.region(Region.QUOTED)


def test_many_lines_behind_marks_are_a_quote_in_any_mail() -> None:
    lines = "\n".join(f"> ligne {number}" for number in range(9))
    reading = _read(_mail(f"Bonjour, j'ai reçu ceci, est-ce bien vous ?\n{lines}\n").as_bytes(policy=SMTP))
    assert "ligne 8" in reading.folded.region(Region.QUOTED)


def test_a_bare_forward_stays_quoted() -> None:
    text = f"---------- Message transféré ---------\nDe : X\nDate: lundi\nObjet : Z\nÀ : Y\n\n{OLD}\n"
    reading = _read(_mail(text, subject="TR: Z").as_bytes(policy=SMTP))
    assert "carte vitale" in reading.folded.region(Region.QUOTED)
    assert reading.is_forward


@pytest.mark.parametrize(
    "text",
    [
        "Le docteur a écrit une ordonnance.\nMerci de la transmettre.",
        "Voici la liste :\n- un\n- deux",
        "De : Paris\nà Lyon, trois heures",
        "Objet : votre dossier\nMadame, Monsieur,",
        "Message important : votre espace change",
        "-- \nJean Dupont",
        "Le lundi, nous ouvrons à 9 h :",
    ],
)
def test_honest_lines_open_no_quote(text: str) -> None:
    assert split_quotes(text).quoted == ""


@pytest.mark.parametrize(
    "banner",
    [
        "[EXTERNAL]",
        "[EXT]",
        "*** MESSAGE EXTERNE ***",
        "ATTENTION : ce message provient d'un expéditeur externe. Ne cliquez pas sur les liens.",
        "CAUTION: This email originated from outside of the organization. Do not click links.",
        "Ce courriel provient de l'extérieur de l'entreprise. N'ouvrez pas les pièces jointes.",
    ],
)
def test_banners_of_gateways_are_not_the_author_speaking(banner: str) -> None:
    assert split_banner(f"{banner}\nBonjour") == (banner, "Bonjour")
    reading = _read(_mail(f"{banner}\n\n{NOW}").as_bytes(policy=SMTP))
    assert reading.folded.region(Region.VISIBLE).startswith("bonjour")


def test_honest_first_lines_are_no_banner() -> None:
    for line in ("Bonjour,", "Attention : votre contrat change au 1er janvier", "Extrait de compte"):
        assert split_banner(f"{line}\nSuite")[0] == ""


def test_wrapped_lines_are_one_and_blocks_stay_apart() -> None:
    wrapped = "Nous vous demandons de\nconfirmer votre\ncarte Vitale.\n\nCordialement\nJean Dupont\n- un\n- deux"
    assert unwrap(wrapped).split("\n") == [
        "Nous vous demandons de confirmer votre carte Vitale.",
        "Cordialement",
        "Jean Dupont",
        "- un",
        "- deux",
    ]


def test_alternatives_that_agree_are_read_once() -> None:
    text = "Bonjour Madame,\nvotre remboursement du mois de mars est disponible dans votre espace habituel, merci.\n"
    html = f"<p>{text.replace(chr(10), '<br>')}</p><img alt='Logo de la mutuelle' src=x>"
    reading = _read(_mail(text, html).as_bytes(policy=SMTP))
    assert FormFlag.ALTERNATIVES_DISAGREE not in reading.form
    assert reading.folded.region(Region.VISIBLE).count("remboursement") == 1


def test_alternatives_that_disagree_are_both_read_and_told() -> None:
    text = "Chers collègues, voici le compte rendu de la réunion du comité sur les travaux du bâtiment.\n"
    html = "<p>Votre carte Vitale expire demain : confirmez vos coordonnées bancaires sur notre espace.</p>"
    reading = _read(_mail(text, html).as_bytes(policy=SMTP))
    assert FormFlag.ALTERNATIVES_DISAGREE in reading.form
    assert "comite" in reading.folded.region(Region.VISIBLE)
    assert "carte vitale" in reading.folded.region(Region.VISIBLE)


def test_a_stub_alternative_is_no_disagreement() -> None:
    html = "<p>Votre remboursement du mois de mars est disponible dans votre espace personnel, à bientôt.</p>"
    for stub in ("Votre logiciel n'affiche pas le HTML.\n", "\n", "Version HTML uniquement\n"):
        assert not _read(_mail(stub, html).as_bytes(policy=SMTP)).form


def test_attachments_calendars_names_and_attached_messages_have_their_regions() -> None:
    mail = _mail("Voir la pièce jointe, bonne lecture à tous.\n")
    mail.add_attachment("<p>Saisissez votre mot de passe</p>", subtype="html", filename="Réponse.html")
    mail.add_attachment(
        "BEGIN:VCALENDAR\r\nSUMMARY:Rendez-vous m\r\n utuelle\r\nDESCRIPTION;LANGUAGE=fr:Ligne\\nhttps://c.example\r\n"
        "END:VCALENDAR\r\n",
        subtype="calendar",
    )
    inner = _mail(f"{OLD}\n", subject="Carte bloquée")
    mail.add_attachment(inner)
    reading = _read(mail.as_bytes(policy=SMTP))
    region = reading.folded.region
    assert "mot de passe" in region(Region.ATTACHMENT)
    assert "reponse.html" in region(Region.FILENAME)
    assert "rendez-vous mutuelle" in region(Region.VISIBLE)
    assert "https://c.example" in reading.visible
    assert "carte vitale" in region(Region.QUOTED)
    assert "carte bloquee" in region(Region.QUOTED)
    assert "carte vitale" not in region(Region.VISIBLE)
    assert len(reading.attached_html) == 1


def test_an_attached_message_in_base64_is_opened() -> None:
    mail = _mail("Pour information, bonne journée à tous.\n")
    inner = _mail(f"{OLD}\n", subject="Carte bloquée").as_bytes(policy=SMTP)
    mail.add_attachment(inner, maintype="application", subtype="octet-stream")
    raw = mail.as_bytes(policy=SMTP).replace(b"application/octet-stream", b"message/rfc822")
    region = _read(raw).folded.region
    assert "carte vitale" in region(Region.QUOTED)
    assert "carte bloquee" in region(Region.QUOTED)


def test_form_of_html_is_told() -> None:
    html = (
        "<p>Vo<b></b>us, b<i>o</i>njo<u>u</u>r ch<b>e</b>r ad<i>he</i>re<i>nt</i></p><form action='https://f.example'>"
        "<input type=password></form><script>x</script><div style='display:none'>" + "mots cachés " * 60 + "</div>"
    )
    form = _read(_mail(html=html).as_bytes(policy=SMTP)).form
    assert form >= {
        FormFlag.WORD_SPLITTING,
        FormFlag.FORM_IN_BODY,
        FormFlag.PASSWORD_FIELD,
        FormFlag.SCRIPT_IN_BODY,
        FormFlag.HIDDEN_TEXT,
    }


def test_letters_written_as_numbers_without_need_are_told() -> None:
    lure = "".join(f"&#{ord(c)};" for c in "Confirmez votre carte Vitale maintenant")
    reading = _read(_mail(html=f"<p>{lure}</p>").as_bytes(policy=SMTP))
    assert FormFlag.ENCODED_TEXT in reading.form
    assert "carte vitale" in reading.folded.region(Region.VISIBLE)
    honest = "<p>" + "L&#233;a a &#233;t&#233; re&#231;ue &#224; l&#8217;accueil ; " * 10
    assert not _read(_mail(html=honest).as_bytes(policy=SMTP)).form


def test_a_charset_that_lies_is_told() -> None:
    head = b"From: a@b.example\r\nContent-Type: text/plain; charset="
    assert FormFlag.CHARSET_LIE in _read(head + b"us-ascii\r\n\r\n\xe9t\xe9").form
    assert FormFlag.CHARSET_LIE in _read(head + b"x-secret\r\n\r\n\xe9t\xe9").form
    assert not _read(head + b"iso-8859-1\r\n\r\n\xe9t\xe9").form


def test_an_mbox_line_is_no_text() -> None:
    raw = b"From jean@a.example Mon Jan  1 10:00:00 2025\r\nFrom: a@b.example\r\n\r\nbonjour\r\n"
    assert _read(raw).folded.region(Region.VISIBLE) == "bonjour"


def test_a_preheader_is_hidden_but_no_trick() -> None:
    html = (
        "<div style='display:none'>Votre relevé de mars est arrivé&zwnj;&nbsp;&zwnj;&nbsp;</div><p>"
        + "Bonjour à tous. " * 9
    )
    reading = _read(_mail(html=html).as_bytes(policy=SMTP))
    assert "releve de mars" in reading.folded.region(Region.HIDDEN)
    assert not reading.form


def test_text_over_the_cap_is_told() -> None:
    reading = _read(_mail("mot " * 40_000).as_bytes(policy=SMTP), text_bytes=20_000)
    assert Finding.TEXT_TRUNCATED in reading.findings
    assert len(reading.folded.text) <= 20_100


def test_stray_lines_between_fields_are_read() -> None:
    raw = b"From: a@b.example\r\nSubject: x\r\nVotre carte vitale expire\r\nX: y\r\n\r\nbonjour\r\n"
    assert "carte vitale" in _read(raw).folded.region(Region.VISIBLE)


def test_two_subjects_are_both_subject() -> None:
    raw = b"From: a@b.example\r\nSubject: un\r\nSubject: deux\r\n\r\nx"
    assert _read(raw).folded.region(Region.SUBJECT) == "un\ndeux"
