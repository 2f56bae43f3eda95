# ruff: noqa: E501 - the table has one case a line
"""Files made to cost: each ends quickly, within its limits, with a clear outcome."""

import gzip
import io
import random
import time
import zlib
from base64 import b64encode
from collections.abc import Callable

import pytest

from gateway.inspection.body import read_body
from gateway.inspection.limits import MAX_LINKS, TEXT_LETTERS, ReadLimits
from gateway.inspection.read_part import read_part
from gateway.inspection.reading import Reading
from gateway.model.content_facts import AttachmentFlag as Flag
from tests import attachment_archives as archives
from tests import attachment_files as files
from tests import attachment_office as office

SLOWEST_S = 4.0  # of a shared core; the pool's own limit is 8 s


def deep_pages(depth: int = 3000) -> bytes:
    """A page tree so deep that a walk by recursion falls."""
    body = {1: b"<</Type/Catalog/Pages 2 0 R>>"}
    for number in range(2, depth):
        body[number] = b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 1)
    body[depth] = b"<</Type/Page/MediaBox[0 0 9 9]>>"
    return plain_pdf(body)


def plain_pdf(body: dict[int, bytes]) -> bytes:
    """Objects with an old-style trailer and no table: readers rebuild it."""
    objects = b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in body.items())
    return b"%PDF-1.4\n" + objects + b"trailer<</Root 1 0 R/Size 9999>>\nstartxref\n0\n%%EOF\n"


CYCLE = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 900>>", 3: b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 900>>"}  # fmt: skip
BOMB_STREAM = zlib.compress(b"\0" * 20_000_000, 9)
OBJECT_BOMB = plain_pdf(
    {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"}
    | {n: b"<</Type/ObjStm/N 9/First 9/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(BOMB_STREAM), BOMB_STREAM) for n in range(3, 9)}
)  # fmt: skip

HOSTILE: list[tuple[str, str, Callable[[], bytes], set[Flag]]] = [
    ("picture of 169 million pixels", "a.png", files.huge_png, {Flag.BOMB}),
    ("deep page tree", "a.pdf", deep_pages, {Flag.PDF}),
    ("cyclic page tree", "a.pdf", lambda: plain_pdf(CYCLE), {Flag.PDF}),
    ("object stream bomb", "a.pdf", lambda: OBJECT_BOMB, {Flag.PDF, Flag.BOMB}),
    ("100,000 objects", "a.pdf", lambda: plain_pdf({1: b"<</Type/Catalog>>"} | dict.fromkeys(range(2, 100_000), b"<<>>")), {Flag.PDF}),
    ("10,000 link objects", "a.pdf", lambda: files.pdf("x", objects=[b"<</S/URI/URI(https://a.example/%d)>>" % n for n in range(150)]), {Flag.PDF}),
    ("stream marks without end", "a.pdf", lambda: b"%PDF-1.4\n" + b"stream\n" * 400_000, {Flag.PDF}),
    ("names with number signs", "a.pdf", lambda: b"%PDF-1.4\n" + b"/#4a#53" * 400_000, {Flag.PDF}),
    ("zip bomb", "a.zip", lambda: archives.zipped({"a.txt": b"\0" * 40_000_000}), {Flag.BOMB}),
    ("nested zips", "a.zip", lambda: archives.nested_zip(30), {Flag.BOMB, Flag.NESTED_ARCHIVE}),
    ("one body under 2000 names", "a.zip", archives.overlapping_zip, {Flag.BOMB}),
    ("12,000 members", "a.zip", lambda: archives.zipped({f"{n}.txt": b"x" for n in range(12_000)}, stored=True), {Flag.BOMB, Flag.ARCHIVE}),
    ("gzip of zeros", "a.gz", lambda: archives.zeros_gzip(40), {Flag.BOMB}),
    ("gzip in gzip", "a.gz", lambda: gzip.compress(archives.zeros_gzip(30)), {Flag.ARCHIVE}),
    ("tar of 12,000 members", "a.tar", lambda: archives.tarred({f"{n}": b"x" for n in range(12_000)}), {Flag.ARCHIVE}),
    ("billion laughs", "a.svg", files.laughs, {Flag.BOMB}),
    ("laughs in a document", "a.docx", lambda: office.docx(members={"word/header1.xml": files.laughs()}), {Flag.OFFICE}),
    ("document bomb", "a.docx", lambda: office.docx(members={"word/header1.xml": b"<w:t>" * 4_000_000}), {Flag.BOMB}),
    ("10,000 events", "a.ics", lambda: files.invitation(events=10_000), {Flag.CALENDAR}),
    ("10,000 different events", "a.ics", lambda: b"BEGIN:VCALENDAR\n" + b"".join(b"SUMMARY:%d\n" % n for n in range(30_000)), {Flag.CALENDAR}),
    ("calendar of quotes", "a.ics", lambda: b"BEGIN:VCALENDAR\n" + b'ATTACH;X="' * 200_000, {Flag.CALENDAR}),
    ("300,000 open tags", "a.html", lambda: b"<html>" + b"<b>" * 300_000, {Flag.HTML}),
    ("open tags without end", "a.html", lambda: b"<html>" + b"<a href=" * 200_000, {Flag.HTML}),
    ("quotes without end", "a.html", lambda: b"<html>" + b"<a b='" * 200_000, {Flag.HTML}),
    ("quotes in quotes", "a.html", lambda: b"<html>" + b"<a b=\"'" * 200_000, {Flag.HTML}),
    ("attributes without end", "a.html", lambda: b"<html><a " + b"x=1 " * 400_000, {Flag.HTML}),
    ("comments without end", "a.html", lambda: b"<html>" + b"<!--" * 400_000, {Flag.HTML}),
    ("less-than signs", "a.html", lambda: b"<html>" + b"<" * 1_500_000, {Flag.HTML}),
    ("scripts without end", "a.html", lambda: b"<html>" + b"<script>" * 200_000, {Flag.HTML}),
    ("blanks", "a.html", lambda: b"<html><script>" + b" " * 1_500_000 + b"</script>", {Flag.HTML}),
    ("plus signs", "a.html", lambda: b"<html><script>" + b"'a'+" * 300_000 + b"</script>", {Flag.HTML}),
    ("backslashes", "a.html", lambda: b"<html><script>'" + b"\\" * 1_000_001 + b"</script>", {Flag.HTML}),
    ("quotes in scripts", "a.html", lambda: b"<html><script>" + b"'\"`" * 300_000 + b"</script>", {Flag.HTML}),
    ("codes without end", "a.html", lambda: b"<html><script>[" + b"1," * 500_000 + b"</script>", {Flag.HTML}),
    ("brackets", "a.html", lambda: b"<html><script>" + b"[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1" * 30_000 + b"</script>", {Flag.HTML}),
    ("data links in data links", "a.html", lambda: nested_data(12), {Flag.HTML}),
    ("rtf groups", "a.rtf", lambda: b"{\\rtf1" + b"{\\*\\a" * 300_000, {Flag.OFFICE}),
    ("rtf objects", "a.rtf", lambda: b"{\\rtf1" + b"\\objdata 00" * 300_000, {Flag.OFFICE}),
    ("ole cycles", "a.doc", lambda: cyclic_compound(), set()),
    ("ole stream without end", "a.doc", lambda: endless_stream(), {Flag.OFFICE}),
    ("mail of 5,000 parts", "a.eml", lambda: many_parts(5000), {Flag.MESSAGE}),
    ("deep mail", "a.eml", lambda: deep_mail(3000), {Flag.MESSAGE}),
    ("onenote marks", "a.one", lambda: office.onenote(bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac") * 50_000), {Flag.OFFICE}),
    ("lnk cut off", "a.lnk", lambda: office.shell_link("x")[:77], {Flag.SHORTCUT}),
    ("7z promising much", "a.7z", lambda: b"7z\xbc\xaf\x27\x1c\x00\x04" + b"\xff" * 200, {Flag.ARCHIVE}),
    ("rar of itself", "a.rar", lambda: b"Rar!\x1a\x07\x01\x00" + b"\0\0\0\0\x02\x02\x00" * 100_000, {Flag.ARCHIVE}),
]  # fmt: skip


def nested_data(depth: int) -> bytes:
    page = b"<html><a href='https://a.example/'>x</a></html>"
    for _ in range(depth):
        page = b"<html><iframe src='data:text/html;base64," + b64encode(page) + b"'></html>"
    return page


def cyclic_compound() -> bytes:
    data = bytearray(office.old_word())
    for position in range(512, len(data) - 4, 4):
        if data[position : position + 4] == b"\xfe\xff\xff\xff":
            data[position : position + 4] = b"\x00\x00\x00\x00"  # every chain leads back to the first sector
    return bytes(data)


def endless_stream() -> bytes:
    """A compound file whose chain of sectors leads back to itself, for a stream of two gigabytes."""
    data = bytearray(cyclic_compound())
    entry = data.find("WordDocument".encode("utf-16-le"))
    data[entry + 120 : entry + 124] = b"\xff\xff\xff\x7f"
    return bytes(data)


def many_parts(count: int) -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    return b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + part * count


def deep_mail(depth: int) -> bytes:
    return b"".join(b"Content-Type: message/rfc822\r\n\r\n" for _ in range(depth)) + b"Subject: x\r\n\r\ny"


def read(data: bytes, name: str) -> Reading:
    return read_part(data, ReadLimits(), name=name)


@pytest.mark.parametrize("case", HOSTILE, ids=[case[0] for case in HOSTILE])
def test_costly_files_end(case: tuple[str, str, Callable[[], bytes], set[Flag]]) -> None:
    _, name, made, wanted = case
    data = made()
    start = time.process_time()
    reading = read(data, name)
    assert time.process_time() - start < SLOWEST_S
    assert wanted <= reading.flags
    assert sum(map(len, reading.text)) <= TEXT_LETTERS
    assert len(reading.links) <= MAX_LINKS
    assert reading.unpacked <= ReadLimits().unpacked_bytes


SAMPLES: list[tuple[str, Callable[[], bytes]]] = [
    ("a.pdf", lambda: files.pdf("Bonjour", links=[files.LURE], packed=True)),
    ("a.pdf", lambda: files.pdf_with_file("a.html", files.form_page())),
    ("a.png", files.qr),
    ("a.gif", lambda: files.qr(form="GIF")),
    ("a.webp", lambda: files.qr(form="WEBP")),
    ("a.jpg", lambda: files.poster(files.LURE, size=(600, 500))),
    ("a.html", lambda: files.written_page(files.form_page())),
    ("a.svg", lambda: files.svg("alert(1)", files.LURE)),
    ("a.ics", files.invitation),
    ("a.zip", lambda: archives.zipped({"a.html": files.form_page(), "b.txt": b"x" * 500})),
    ("a.tar", lambda: archives.tarred({"a.html": files.form_page()})),
    ("a.tgz", lambda: archives.tarred({"a.html": files.form_page()}, "w:gz")),
    ("a.7z", lambda: archives.seven_zip(["a.exe"], packed_header=True)),
    ("a.rar", lambda: archives.rar4(["a.exe"])),
    ("a.rar", lambda: archives.rar5(["a.exe"])),
    ("a.cab", lambda: archives.cabinet(["a.exe"])),
    ("a.iso", lambda: archives.iso_image({"A.EXE": b"MZ" * 40})),
    ("a.docx", lambda: office.docx(macro=True, links=[files.LURE])),
    ("a.odt", lambda: office.odt(link=files.LURE)),
    ("a.doc", lambda: office.old_word(packed=("a.exe", b"MZ" * 50))),
    ("a.msg", lambda: office.outlook_message("a", "b", {"a.html": files.form_page()})),
    ("a.rtf", lambda: office.rtf(packed=("a.exe", b"MZ" * 50))),
    ("a.one", lambda: office.onenote(b"MZ" * 50)),
    ("a.lnk", lambda: office.shell_link("cmd")),
    ("a.eml", lambda: files.letter(("a.html", "text/html", files.form_page()))),
    ("winmail.dat", lambda: office.winmail({"a.html": files.form_page()})),
]


@pytest.mark.parametrize(("name", "made"), SAMPLES, ids=[f"{name}-{n}" for n, (name, _) in enumerate(SAMPLES)])
def test_broken_files_end(name: str, made: Callable[[], bytes]) -> None:
    whole = made()
    chance = random.Random(name)
    read(whole[: len(whole) // 2], name)
    read(b"", name)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[place] = chance.randrange(256)
                case 1:
                    del data[place : place + chance.randrange(1, 40)]
                case 2:
                    data[place:place] = data[chance.randrange(len(data)) :][: chance.randrange(1, 40)]
                case _:
                    data[place : place + 4] = chance.choice(
                        (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"%s%s")
                    )
            if not data:
                break
        start = time.process_time()
        reading = read(bytes(data), name)
        assert time.process_time() - start < SLOWEST_S
        assert reading.unpacked <= ReadLimits().unpacked_bytes


def test_every_limit_of_the_settings_is_kept() -> None:
    page = files.form_page()
    many = archives.zipped({f"{n}.txt": b"x" for n in range(30)})
    assert read_part(many, ReadLimits(archive_members=20), name="a.zip").unchecked == "too_many"
    assert Flag.BOMB in read_part(many, ReadLimits(archive_members=2), name="a.zip").flags  # fifteen times as many
    assert read_part(many, ReadLimits(archive_members=40), name="a.zip").unchecked == ""
    nested = archives.nested_zip(2)
    assert read_part(nested, ReadLimits(archive_depth=2), name="a.zip").unchecked == "too_large"
    assert Flag.BOMB in read_part(nested, ReadLimits(archive_depth=1), name="a.zip").flags  # another below that
    assert read_part(nested, ReadLimits(archive_depth=3), name="a.zip").unchecked == ""
    large = archives.zipped({"a.html": page + random.Random(1).randbytes(100_000)})
    assert read_part(large, ReadLimits(unpacked_bytes=65_536), name="a.zip").unchecked == "too_large"
    assert read_part(large, ReadLimits(unpacked_bytes=200_000), name="a.zip").unchecked == ""
    dense = archives.zipped({"a.txt": b"a" * 3_000_000})
    assert read_part(dense, ReadLimits(archive_ratio=50), name="a.zip").unchecked == "too_large"
    assert Flag.BOMB in read_part(dense, ReadLimits(archive_ratio=50, unpacked_bytes=65_536), name="a.zip").flags
    assert read_part(dense, ReadLimits(archive_ratio=5000), name="a.zip").unchecked == ""
    code = files.qr()
    assert read_part(code, ReadLimits(pixels=5000), name="a.png").unchecked == "too_large"
    assert Flag.QR_CODE in read_part(code, ReadLimits(pixels=50_000), name="a.png").flags
    locked = files.encrypted_pdf(files.pdf("x", links=[files.LURE], pages=5), "")
    assert read_part(locked, ReadLimits(pdf_pages=1), name="a.pdf").links


def test_gzip_is_read_to_its_end_within_the_limit() -> None:
    out = io.BytesIO()
    out.write(zlib.compress(b"x"))
    assert read(b"\x1f\x8b" + out.getvalue(), "a.gz").unchecked == "unreadable"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("\u2588" * 1_000_000, id="one line of blocks"),
        pytest.param(("\u2588" * 300 + "\n") * 3000, id="many lines of blocks"),
        pytest.param("<tr>" * 200_000, id="rows without end"),
        pytest.param("<tr>" + "<td bgcolor=black>" * 50_000, id="cells without end"),
        pytest.param(("<tr>" + "<td bgcolor=black>" * 100 + "</tr>") * 500, id="a black table"),
        pytest.param("<td colspan=999>" * 100_000, id="wide cells"),
        pytest.param("<img src='data:image/png;base64," + "A" * 900_000 + "'>", id="a picture that is none"),
        pytest.param("<img src='data:image/png;base64,AAAA" * 30_000, id="many pictures without end"),
        pytest.param("data:image/" * 100_000, id="data without end"),
    ],
)
def test_costly_bodies_end(body: str) -> None:
    start = time.process_time()
    for is_html in (True, False):
        reading = read_body(body.encode(), ReadLimits(), is_html=is_html, covered=False)
        assert len(reading.links) <= MAX_LINKS
    assert time.process_time() - start < SLOWEST_S
