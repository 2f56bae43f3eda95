"""Writes the whole-mail proofs of `rules/attachments_*.yml`: `python -m tests.attachment_examples`.

Made once and kept: the rules are proved by files as they lie there, whatever a library writes tomorrow.
"""

import re
from pathlib import Path

from tests import attachment_archives as archives
from tests import attachment_files as files
from tests import attachment_office as office

RULES = Path(__file__).resolve().parents[1] / "rules"
PDF, ZIP, ICS = "application/pdf", "application/zip", "text/calendar"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.12"
ASKS = "Votre dossier est incomplet.\nConfirmez votre mot de passe et votre carte bancaire pour eviter la suspension."
SCAN = "Scannez le code avec votre telephone\npour confirmer vos identifiants."
FOREIGN = "https://espace-dossier.example/acces"
FRAME = "https://dossier-4821.pages.dev/acces"

EXAMPLES: dict[str, dict[str, bytes]] = {
    "attachments_pdf": {
        "secret-dans-un-pdf": files.letter(
            ("dossier.pdf", PDF, files.pdf(ASKS + "\nAcceder a mon espace", links=[FOREIGN])),
            text="Bonjour, veuillez consulter le document joint.",
            author="Service Dossiers <contact@services-dossiers.example>",
        ),
        "lien-heberge": files.letter(
            ("document.pdf", PDF, files.pdf("Document securise\nCliquez ici pour ouvrir le document", links=[FRAME])),
            text="Bonjour, un document vous attend.",
            author="Service Dossiers <contact@services-dossiers.example>",
        ),
        "code-dans-un-pdf": files.letter(
            ("acces.pdf", PDF, files.pdf(SCAN, picture=files.code_picture(FOREIGN))),
            text="Bonjour, voir le document joint.",
            author="Acces <contact@services-dossiers.example>",
        ),
        "code-en-image": files.letter(
            ("acces.png", "image/png", files.qr(FOREIGN)),
            text="Scannez le code ci-dessous avec votre téléphone et confirmez votre mot de passe.",
            author="Acces <contact@services-dossiers.example>",
            subject="Double authentification",
        ),
        "pdf-de-la-pharmacie": files.letter(
            (
                "ordonnances.pdf",
                PDF,
                files.pdf(
                    "Pharmacie du Marche\nVos ordonnances en ligne :\nwww.pharmacie-du-marche.example",
                    links=["https://www.pharmacie-du-marche.example/ordonnances"],
                ),
            ),
            text="Bonjour,\n\nvoici notre note sur les ordonnances en ligne.\n\nLa pharmacie du Marché",
            author="Pharmacie du Marché <accueil@pharmacie-du-marche.example>",
            subject="Ordonnances en ligne",
        ),
        "formulaire-numerise": files.letter(
            ("formulaire.jpg", "image/jpeg", files.poster("https://www.laposte.fr/suivre?code=6A0", size=(520, 1000))),
            text="Bonjour,\n\nvoici le formulaire signé, avec l'étiquette du recommandé.\n\nLucie Morel",
            author="Lucie Morel <lucie.morel@courriel.example>",
            subject="Formulaire signé",
        ),
        "facture-du-fournisseur": files.letter(
            (
                "facture.pdf",
                PDF,
                files.pdf(
                    "Facture 2026-114\nPapeterie des Lices\nTotal : 84,20 EUR\nReglement par virement a 30 jours.\n"
                    "Conditions de vente : www.papeterie-lices.example/cgv",
                    links=["https://www.papeterie-lices.example/cgv"],
                ),
            ),
            text="Bonjour,\n\nveuillez trouver ci-joint notre facture de novembre.\n\nPapeterie des Lices",
            author="Papeterie des Lices <compta@papeterie-lices.example>",
            subject="Facture 2026-114",
        ),
    },
    "attachments_calendar": {
        "invitation-qui-presse": files.letter(
            (
                "invitation.ics",
                ICS,
                files.invitation(
                    organiser="Service carte",
                    description="Votre carte expire demain. Confirmez votre mot de passe et votre carte bancaire :",
                    link=FRAME,
                ),
            ),
            text="Rendez-vous",
            author="Agenda <agenda@services-dossiers.example>",
            subject="Rendez-vous",
        ),
        "reunion": files.letter(
            (
                "reunion.ics",
                ICS,
                files.invitation(
                    organiser="Paul Lenoir",
                    description="Ordre du jour : budget 2027. Rejoindre la réunion :",
                    link="https://teams.microsoft.com/l/meetup-join/19%3ameeting",
                ),
            ),
            text="Bonjour,\n\nvoici l'invitation pour jeudi.\n\nPaul Lenoir",
            author="Paul Lenoir <paul.lenoir@cabinet-lenoir.example>",
            subject="Réunion budget",
        ),
    },
    "attachments_archives": {
        "page-dans-une-archive": files.letter(
            (
                "dossier.zip",
                ZIP,
                archives.zipped({"dossier.html": f"<html><a href='{FOREIGN}'>Ouvrir</a></html>".encode()}),
            ),
            text="Bonjour, le dossier est joint.",
            author="Service Dossiers <contact@services-dossiers.example>",
        ),
        "archive-dans-une-archive": files.letter(
            (
                "dossier.zip",
                ZIP,
                archives.zipped(
                    {"a.zip": archives.zipped({"dossier.rar": archives.rar5(["facture.txt"], encrypted=True)})}
                ),
            ),
            text="Bonjour, le dossier est joint.",
            author="Service Dossiers <contact@services-dossiers.example>",
        ),
        "photos": files.letter(
            ("photos.zip", ZIP, archives.zipped({f"degat-{n}.jpg": files.photograph(300, 200) for n in range(3)})),
            text="Bonjour,\n\nvoici les photos du dégât des eaux.\n\nLucie Morel",
            author="Lucie Morel <lucie.morel@courriel.example>",
            subject="Photos",
        ),
        "archive-du-partenaire": files.letter(
            ("export.zip", ZIP, archives.zipped({"export.csv": b"x" * 400}, encrypted=True)),
            text="Bonjour,\n\nvoici l'export mensuel, chiffré comme convenu par notre convention.\n\nCourtage Lumière",
            author="Courtage Lumière <echanges@courtage-lumiere.example>",
            subject="Export mensuel",
        ),
    },
    "attachments_office": {
        "document-qui-demande": files.letter(
            ("dossier.docx", DOCX, office.docx(ASKS, links=[FRAME])),
            text="Bonjour, veuillez consulter le document joint.",
            author="Service Dossiers <contact@services-dossiers.example>",
        ),
        "classeur-du-comptable": files.letter(
            ("cloture.xlsm", XLSM, office.docx("Cloture 2026", macro=True)),
            text="Bonjour,\n\nvoici le classeur de clôture, avec ses macros habituelles.\n\nCabinet Lenoir",
            author="Cabinet Lenoir <compta@cabinet-lenoir.example>",
            subject="Classeur de clôture",
        ),
        "compte-rendu": files.letter(
            (
                "compte-rendu.docx",
                DOCX,
                office.docx("Compte rendu du 24 novembre", links=["https://www.cabinet-lenoir.example/"]),
            ),
            text="Bonjour,\n\nvoici le compte rendu de notre réunion.\n\nPaul Lenoir",
            author="Paul Lenoir <paul.lenoir@cabinet-lenoir.example>",
            subject="Compte rendu",
        ),
    },
}


def main() -> None:
    """Write them all."""
    for family, examples in EXAMPLES.items():
        folder = RULES / f"{family}.examples"
        folder.mkdir(exist_ok=True)
        for name, raw in examples.items():
            boundaries = dict.fromkeys(re.findall(rb'boundary="([^"]+)"', raw))
            for number, boundary in enumerate(boundaries):  # the library draws them by lot
                raw = raw.replace(boundary, b"partie-%d" % number)
            (folder / f"{name}.eml").write_bytes(raw)


if __name__ == "__main__":
    main()
