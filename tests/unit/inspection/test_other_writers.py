# ruff: noqa: E501 - the table has one case a line
"""The same files as other programs write them, or as a hider bends them without breaking them: they open all the same."""

import bz2
import gzip
import io
import lzma
import time
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable

import pytest
from PIL import Image

from gateway.inspection.limits import ReadLimits
from gateway.inspection.read_part import read_part
from gateway.inspection.reading import Reading
from gateway.model.content_facts import AttachmentFlag as Flag
from tests import attachment_archives as archives
from tests import attachment_files as files
from tests import attachment_office as office
from tests.attachment_files import LURE

ASK = "Confirmez votre mot de passe"
PAGE = files.form_page()


def rewritten(data: bytes, *changes: tuple[str, str], without: str = "", last_first: bool = False) -> bytes:
    """A zip whose names and texts are changed, a member left out, or the order of members turned round."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = [name for name in source.namelist() if name != without]
        for name in reversed(names) if last_first else names:
            content = source.read(name)
            for old, new in changes:
                name, content = name.replace(old, new), content.replace(old.encode(), new.encode())
            target.writestr(name, content)
    return out.getvalue()


def document() -> bytes:
    return office.docx(ASK, links=[LURE])


def open_document() -> bytes:
    return rewritten(
        archives.zipped({"META-INF/manifest.xml": b"<manifest/>", "mimetype": b"application/vnd.oasis.opendocument.text"}
                        | {"content.xml": f'<office:document-content><text:p>{ASK}<text:a xlink:href="{LURE}">ici</text:a></text:p></office:document-content>'.encode()})
    )  # fmt: skip


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def note_on_page(words: str) -> bytes:
    return files.pdf("", links=["x"]).replace(b"/Subtype/Link", f"/Subtype/FreeText/Contents({words})".encode())


def dynamic_form(xml: str) -> bytes:
    packed = zlib.compress(xml.encode())
    stream = f"<</Filter/FlateDecode/Length {len(packed)}>>stream\n".encode() + packed + b"\nendstream"
    return files.pdf("Patientez", catalog="/AcroForm<</XFA[(template) 20 0 R]>>", objects=[stream])


def event(*lines: str, end: str = "\r\n") -> bytes:
    return end.join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def white_on_nothing() -> bytes:
    code = files.code_picture(LURE)
    picture = Image.new("RGBA", code.size, (255, 255, 255, 0))
    picture.paste((255, 255, 255, 255), mask=code)
    return files.saved(picture)


# name, file name, bytes, flags that must stand, flags that must not, words and addresses that must be found
Row = tuple[str, str, Callable[[], bytes], set[Flag], set[Flag], set[str]]
ROWS: list[Row] = [
    ("Word on the web", "a.docx", lambda: rewritten(document(), ("document.xml", "document2.xml")), {Flag.OFFICE}, set(), {ASK, LURE}),
    ("other prefixes", "a.docx", lambda: rewritten(document(), ("<w:", "<ns0:"), ("</w:", "</ns0:"), ("<Relationship ", "<r:Relationship ")), {Flag.OFFICE}, set(), {ASK, LURE}),
    ("Windows' separator", "a.docx", lambda: rewritten(document(), ("word/", "word\\"), ("_rels/d", "_rels\\d")), {Flag.OFFICE}, set(), {ASK, LURE}),
    ("something before a document", "a.docx", lambda: b"\n" * 50 + document(), {Flag.OFFICE}, set(), {ASK, LURE}),
    ("box of text in a workbook", "a.xlsx", lambda: with_parts(office.workbook(), {"xl/drawings/drawing1.xml": f"<xdr:sp><a:p><a:r><a:t>{ASK}</a:t></a:r></a:p></xdr:sp>".encode()}), {Flag.OFFICE}, set(), {ASK}),
    ("SmartArt", "a.docx", lambda: with_parts(document(), {"word/diagrams/data1.xml": b"<a:p><a:r><a:t>Saisissez le code</a:t></a:r></a:p>"}), {Flag.OFFICE}, set(), {"Saisissez le code"}),
    ("odt, its type last", "a.odt", lambda: rewritten(open_document(), last_first=True), {Flag.OFFICE}, {Flag.ARCHIVE}, {ASK, LURE}),
    ("odt without its type", "a.odt", lambda: rewritten(open_document(), without="mimetype"), {Flag.OFFICE}, {Flag.ARCHIVE}, {ASK, LURE}),
    ("odt, single quotes", "a.odt", lambda: rewritten(open_document(), (f'"{LURE}"', f"'{LURE}'")), {Flag.OFFICE}, set(), {ASK, LURE}),
    ("words of an old workbook", "a.xls", lambda: office.compound({("Workbook",): b"\x09\x08\x10\0" + b"\0" * 16 + ASK.encode() + b"\0" * 5000}), {Flag.OFFICE}, set(), {ASK}),
    ("rtf of LibreOffice", "a.rtf", lambda: b'{\\rtf1 {\\field{\\*\\fldinst HYPERLINK "' + LURE.encode() + b'" }{\\fldrslt ici}}}', {Flag.OFFICE}, set(), {LURE}),
    ("something before a zip", "a.zip", lambda: b"MIME\n" * 9 + archives.zipped({"a.html": PAGE}), {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("a picture before a zip", "a.zip", lambda: files.saved(Image.new("L", (9, 9)), "GIF") + archives.zipped({"a.js": b"x"}), {Flag.EXECUTABLE_INSIDE}, set(), set()),
    ("two zips in one", "a.zip", lambda: archives.zipped({"a.html": PAGE}) + archives.zipped({"a.txt": b"bonjour"}), {Flag.PASSWORD_FIELD}, {Flag.BOMB}, {LURE}),
    ("gzip in two streams", "a.html.gz", lambda: gzip.compress(b"") + gzip.compress(PAGE), {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("bzip2 in two streams", "a.html.bz2", lambda: bz2.compress(PAGE[:20]) + bz2.compress(PAGE[20:]), {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("xz in two streams, then nothing", "a.html.xz", lambda: lzma.compress(PAGE[:20]) + lzma.compress(PAGE[20:]) + b"\0" * 8, {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("page with a dot behind", "a.html.", lambda: b"Bonjour\n" + PAGE, {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("page with an invisible letter behind", "a.html\u200b", lambda: b"Bonjour\n" + PAGE, {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("page that begins as a picture", "a.html", lambda: b"GIF89a/*" + PAGE, {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("page that begins with an odd element", "a.html", lambda: b"<object></object>" + PAGE, {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("page under a prefix", "a.xhtml", lambda: f'<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:form action="{LURE}"><h:input type="password"/></h:form></h:html>'.encode(), {Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("drawing under a prefix", "a.svg", lambda: b'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script>location="' + LURE.encode() + b'"</s:script><s:text>Bonjour</s:text></s:svg>', {Flag.SVG, Flag.SCRIPT_INSIDE}, set(), {LURE, "Bonjour"}),
    ("table that runs a command", "a.csv", lambda: b"Nom;Valeur\n1;=cmd|'/c calc'!A0\n", {Flag.DDE}, set(), set()),
    ("table with a bar", "a.csv", lambda: b"Nom;Valeur\n-1;a|b\n=SUM(A1);commande|livraison !\n", set(), {Flag.DDE}, set()),
    ("business card", "a.vcf", lambda: f"BEGIN:VCARD\nURL:{LURE}\nNOTE:{ASK}\nEND:VCARD\n".encode(), set(), set(), {ASK, LURE}),
    ("mail with a mark before", "a.eml", lambda: b"\xef\xbb\xbf\r\n" + files.letter(("a.html", "text/html", PAGE)), {Flag.MESSAGE, Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("mail of Apple Mail", "a.emlx", lambda: b"1234      \n" + files.letter(("a.html", "text/html", PAGE)), {Flag.MESSAGE, Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("form in a mail", "a.eml", lambda: files.letter(html=f"<form action='{LURE}'><input name=a></form>"), {Flag.MESSAGE}, set(), {LURE}),
    ("invitation in HTML", "a.ics", lambda: event(f'X-ALT-DESC;FMTTYPE=text/html:<p>{ASK}</p><a href="{LURE}">ici</a>'), {Flag.CALENDAR}, set(), {ASK, LURE}),
    ("invitation of RFC 9073", "a.ics", lambda: event(f'STYLED-DESCRIPTION;VALUE=TEXT:<p>{ASK}</p><a href="{LURE}">ici</a>'), {Flag.CALENDAR}, set(), {ASK, LURE}),
    ("invitation that is elsewhere too", "a.ics", lambda: event(f'DESCRIPTION;ALTREP="{LURE}":{ASK}'), {Flag.CALENDAR}, set(), {ASK, LURE}),
    ("invitation to a bare host", "a.ics", lambda: event("LOCATION:visio.evil.example/salle"), {Flag.CALENDAR}, set(), {"http://visio.evil.example/salle"}),
    ("invitation with a page", "a.ics", lambda: event("ATTACH:data:text/html;base64," + b64encode(PAGE).decode()), {Flag.EMBEDDED_FILE, Flag.PASSWORD_FIELD}, set(), {LURE}),
    ("invitation in old lines", "a.ics", lambda: event(f"DESCRIPTION:{ASK} {LURE}", end="\r"), {Flag.CALENDAR}, set(), {ASK, LURE}),
    ("note on a page", "a.pdf", lambda: note_on_page(ASK), {Flag.PDF}, set(), {ASK}),
    ("words behind empty pages", "a.pdf", lambda: files.pdf(ASK, pages=5).replace(b"/Contents 6 0 R", b"", 4), {Flag.PDF}, set(), {ASK}),
    ("form in XML", "a.pdf", lambda: dynamic_form(f'<t xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><text>{ASK}</text><submit target="{LURE}"/></t>'), {Flag.PDF_FORM}, set(), {ASK, LURE}),
    ("script that opens a page", "a.pdf", lambda: files.pdf("x", catalog=f"/OpenAction<</S/JavaScript/JS(app.launchURL\\('{LURE}'\\))>>"), {Flag.PDF_SCRIPT}, set(), {LURE}),
    ("white on nothing", "a.png", white_on_nothing, {Flag.QR_CODE}, set(), {LURE}),
    ("avif code", "a.avif", lambda: files.qr(form="AVIF"), {Flag.QR_CODE}, set(), {LURE}),
]  # fmt: skip


def read(data: bytes, name: str) -> Reading:
    return read_part(data, ReadLimits(), name=name)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_findings(row: Row) -> None:
    _, name, made, wanted, unwanted, said = row
    reading = read(made(), name)
    assert wanted <= reading.flags
    assert not unwanted & reading.flags
    everything = "\n".join([*reading.text, *reading.quoted, *(link.href for link in reading.found_links())])
    assert {piece for piece in said if piece not in everything} == set()
    assert reading.unchecked == ""


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.zip"])
def test_what_is_nothing_known_is_unreadable(name: str) -> None:
    assert read(b"\1\2\3\4" * 100, name).unchecked == "unreadable"


@pytest.mark.parametrize(
    ("name", "data", "cause"),
    [
        ("a.rtf", b"{\\rtf1" + b"{\\*\\fldinst " * 150_000, "too_many"),
        ("a.eml", b"\n" * 3_000_000, "too_large"),
        ("a.csv", b"=cmd|\n" * 30_000, ""),
    ],
    ids=["fields without end", "empty lines", "half commands"],
)
def test_what_repeats_itself_is_soon_read(name: str, data: bytes, cause: str) -> None:
    begun = time.process_time()
    assert read(data, name).unchecked == cause
    assert time.process_time() - begun < 2.5


def test_a_compound_file_of_impossible_sectors_is_unreadable() -> None:
    data = bytearray(office.old_word(link=LURE))
    data[32] = 200  # the shift of its small sectors
    assert read(bytes(data), "a.doc").unchecked == "unreadable"


def test_addresses_of_vocabularies_are_no_links() -> None:
    made = dynamic_form('<t xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><text>Nom</text></t>')
    assert read(made, "a.pdf").found_links() == ()
