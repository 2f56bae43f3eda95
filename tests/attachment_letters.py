"""One message for every kind of attachment that is read: it hides a lure, or nobody can tell, or nothing is wrong."""

from typing import Final

from tests import attachment_archives as archives
from tests import attachment_files as files
from tests import attachment_office as office

_PHISH: Final = "https://espace.pages.dev/a"  # a host that anybody may rent, as criminals do
_OWN: Final = "https://www.sender.example/documents"
_ASK: Final = "Votre dossier est incomplet.\nConfirmez votre mot de passe et votre carte bancaire."
_PAGE: Final = files.form_page()
_PROGRAM: Final = b"MZ\x90\x00" * 20


def _one(name: str, kind: str, content: bytes, text: str = "Bonjour, veuillez trouver ci-joint le document.") -> bytes:
    return files.letter((name, kind, content), text=text)


LURES: Final = {
    "pdf": _one("dossier.pdf", "application/pdf", files.pdf(_ASK, links=[_PHISH])),
    "pdf with a file": _one("dossier.pdf", "application/pdf", files.pdf_with_file("suite.html", _PAGE)),
    "code": _one(
        "code.png",
        "image/png",
        files.qr("https://espace-dossier.example/a"),
        "Scannez le code joint avec votre téléphone et confirmez votre mot de passe.",
    ),
    "code in a pdf": _one(
        "code.pdf",
        "application/pdf",
        files.pdf("", picture=files.code_picture("https://espace-dossier.example/a")),
        "Pour garder l'accès à votre messagerie, scannez le code joint et confirmez votre mot de passe.",
    ),
    "page": _one("releve.html", "text/html", _PAGE),
    "page that writes a page": _one("releve.html", "text/html", files.written_page(_PAGE)),
    "page that builds a file": _one("releve.html", "text/html", files.smuggling_page(archives.zipped({"a.js": b"x"}))),
    "drawing": _one("facture.svg", "image/svg+xml", files.svg(f"location='{_PHISH}'")),
    "calendar": _one("reunion.ics", "text/calendar", files.invitation(description=_ASK.replace("\n", " "))),
    "archive": _one("facture.zip", "application/zip", archives.zipped({"facture.pdf.js": b"x"})),
    "archive of a page": _one("facture.zip", "application/zip", archives.zipped({"facture.html": _PAGE})),
    "archive in an archive": _one(
        "a.zip", "application/zip", archives.zipped({"b.zip": archives.zipped({"facture.exe": _PROGRAM})})
    ),
    "archive with its password told": _one(
        "facture.zip",
        "application/zip",
        archives.zipped({"facture.scr": b"x"}, encrypted=True),
        "Bonjour, la facture est jointe. Mot de passe de l'archive : 8841",
    ),
    "tar": _one("facture.tar", "application/x-tar", archives.tarred({"facture.exe": _PROGRAM})),
    "tar.gz": _one("facture.tgz", "application/gzip", archives.tarred({"facture.exe": _PROGRAM}, "w:gz")),
    "7z": _one("facture.7z", "application/x-7z-compressed", archives.seven_zip(["facture.pdf.exe"])),
    "rar 4": _one("facture.rar", "application/vnd.rar", archives.rar4(["facture.pdf.exe"])),
    "rar 5": _one("facture.rar", "application/vnd.rar", archives.rar5(["facture.pdf.exe"])),
    "cab": _one("facture.cab", "application/vnd.ms-cab-compressed", archives.cabinet(["facture.exe"])),
    "iso": _one("facture.iso", "application/x-iso9660-image", archives.iso_image({"FACTURE.EXE": _PROGRAM})),
    "docx with macros": _one("facture.docm", "application/msword", office.docx(macro=True)),
    "odt with macros": _one("facture.odt", "application/vnd.oasis.opendocument.text", office.odt(macro=True)),
    "docx with a foreign template": _one(
        "facture.docx", "application/msword", office.docx(template="https://modeles.example/t.dotm")
    ),
    "docx that asks": _one("dossier.docx", "application/msword", office.docx(_ASK, links=[_PHISH])),
    "old Word with macros and a program": _one(
        "facture.doc", "application/msword", office.old_word(macro=True, packed=("facture.exe", _PROGRAM))
    ),
    "workbook with DDE": _one("tarifs.xlsx", "application/vnd.ms-excel", office.workbook(dde=True)),
    "rtf with a program": _one("facture.rtf", "application/rtf", office.rtf(packed=("facture.exe", _PROGRAM))),
    "OneNote with a program": _one("facture.one", "application/onenote", office.onenote(_PROGRAM)),
    "shortcut": _one("facture.lnk", "application/octet-stream", office.shell_link("cmd /c https://a.example/")),
    "script": _one("facture.js", "text/javascript", b"var a=new ActiveXObject('WScript.Shell');a.Run('calc')"),
    "program": _one("facture.exe", "application/octet-stream", _PROGRAM),
    "program under another name": _one("photo.jpg", "image/jpeg", _PROGRAM),
    "mail": _one("message.eml", "message/rfc822", files.letter(("releve.html", "text/html", _PAGE))),
    "Outlook mail": _one(
        "message.msg", "application/vnd.ms-outlook", office.outlook_message("Relevé", "Voir", {"releve.html": _PAGE})
    ),
    "winmail.dat": _one("winmail.dat", "application/ms-tnef", office.winmail({"releve.html": _PAGE})),
    "bomb": _one("a.gz", "application/gzip", archives.zeros_gzip(30)),
}
# Honest senders use them too: marked, not held.
DOUBTFUL: Final = {
    "page": _one("lettre.html", "text/html", b"<html><body><p>Bonjour, voici notre lettre.</p></body></html>"),
    "drawing": _one("logo.svg", "image/svg+xml", files.svg()),
}
HONEST: Final = {
    "pdf": _one("attestation.pdf", "application/pdf", files.pdf("Attestation de droits\nValable un an", links=[_OWN])),
    "picture": _one("photo.jpg", "image/jpeg", files.photograph()),
    "code of the own site": _one("affiche.png", "image/png", files.qr(_OWN), "Voici l'affiche de notre journée."),
    "calendar": _one(
        "reunion.ics",
        "text/calendar",
        files.invitation(organiser="Claire Martel", description="Point mensuel", link=_OWN),
        "Bonjour, voici l'invitation à notre point mensuel.",
    ),
    "archive": _one("photos.zip", "application/zip", archives.zipped({"lettre.txt": b"bonjour", "a.jpg": b"\xff\xd8"})),
    "tar.gz": _one("journaux.tgz", "application/gzip", archives.tarred({"lettre.txt": b"bonjour"}, "w:gz")),
    "7z": _one("photos.7z", "application/x-7z-compressed", archives.seven_zip(["plage.jpg", "lettre.docx"])),
    "rar": _one("photos.rar", "application/vnd.rar", archives.rar5(["plage.jpg"])),
    "docx": _one("courrier.docx", "application/msword", office.docx("Bonjour, voici le compte rendu.", links=[_OWN])),
    "odt": _one("courrier.odt", "application/vnd.oasis.opendocument.text", office.odt("Compte rendu", link=_OWN)),
    "workbook": _one("tarifs.xlsx", "application/vnd.ms-excel", office.workbook(strings="Tarifs 2027")),
    "rtf": _one("courrier.rtf", "application/rtf", office.rtf(link=_OWN)),
    "mail": _one("message.eml", "message/rfc822", files.letter(text="Bonjour, merci pour votre accueil.")),
    "Outlook mail": _one(
        "message.msg", "application/vnd.ms-outlook", office.outlook_message("Réunion", "Bonjour, à demain.")
    ),
    "winmail.dat": _one("winmail.dat", "application/ms-tnef", office.winmail({"lettre.txt": b"bonjour"}, "Bonjour")),
}
