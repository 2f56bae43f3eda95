"""Which leaves are handed to an inspector, and what comes of it, without a process."""

import base64
import random
import time
from email.message import EmailMessage

import pytest

from gateway.inspection.in_process import inspect_in_process
from gateway.inspection.worth import candidates
from gateway.model.content_facts import AttachmentFlag as Flag
from gateway.model.content_facts import LinkSource
from gateway.model.inspection import InspectedPart
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from tests.attachment_files import LURE, code_picture, form_page, letter, pdf, photograph, qr, saved


def wanted(raw: bytes) -> list[int]:
    message = parse_message(raw)
    return [candidate.part_index for candidate in candidates(message, read_texts(message))]


def inspected(raw: bytes) -> dict[int, InspectedPart]:
    message = parse_message(raw)
    return {part.part_index: part for part in inspect_in_process(message, read_texts(message))}


def with_inline(picture: bytes, subtype: str, html: str) -> bytes:
    """A body with a picture beside it, as mail programs write signatures."""
    message = EmailMessage()
    message["From"], message["Subject"] = "Claire <claire@sender.example>", "Bonjour"
    message.set_content(html, subtype="html")
    message.add_related(picture, "image", subtype, cid="<logo@sender.example>")
    return message.as_bytes().replace(b"\n", b"\r\n")


def in_base64(html: str) -> bytes:
    """A message of one HTML text, written in base64."""
    message = EmailMessage()
    message["From"], message["Subject"] = "Claire <claire@sender.example>", "Bonjour"
    message.set_content(html, subtype="html", cte="base64")
    return message.as_bytes().replace(b"\n", b"\r\n")


ICON = saved(code_picture("x", scale=1).crop((0, 0, 24, 24)))


@pytest.mark.parametrize(
    ("raw", "expected", "why"),
    [
        (letter(), [], "text only"),
        (letter(html="<p>Bonjour</p>"), [], "text and HTML"),
        (letter(html="<p>Bonjour<img src='https://a.example/logo.png'></p>"), [], "a picture that is loaded"),
        (with_inline(ICON, "png", "<img src='cid:logo'>"), [], "an icon too small for a code"),
        (with_inline(qr(), "png", "<img src='cid:logo'>"), [1], "an inline picture that may be a code"),
        (letter(("a.txt", "text/plain", b"bonjour")), [], "a text, read by the worker"),
        (letter(("a.csv", "text/csv", b"a;b\n1;2\n")), [], "a table"),
        (letter(("a.csv", "text/csv", b"a;=cmd|'/c calc'!A0\n")), [1], "a table that may run a command"),
        (letter(("a.txt", "application/octet-stream", b"bonjour")), [1], "a text that the worker does not read"),
        (letter(("a.vcf", "text/vcard", b"BEGIN:VCARD\n")), [1], "a business card"),
        (
            letter(("a.exe", "application/octet-stream", b"MZ\x90\x00" + b"\0" * 200)),
            [],
            "a program: its type says all",
        ),
        (letter(("a.mp3", "audio/mpeg", b"ID3" + b"\0" * 200)), [], "sound"),
        (letter(("smime.p7s", "application/pkcs7-signature", b"0\x82" + b"\1" * 200)), [], "a signature"),
        (letter(("a.dat", "application/octet-stream", pdf("x"))), [1], "a PDF under another name"),
        (letter(("a.pdf", "application/pdf", pdf("x"))), [1], "a PDF"),
        (letter(("a.html", "text/html", form_page())), [1], "a page"),
        (letter(("a.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n")), [1], "an invitation"),
        (
            letter(("a.jpg", "image/jpeg", photograph()), ("b.pdf", "application/pdf", pdf("x"))),
            [2, 1],
            "pictures wait",
        ),
    ],
)
def test_what_is_worth_it(raw: bytes, expected: list[int], why: str) -> None:
    assert wanted(raw) == expected, why


def test_a_code_in_a_data_uri_of_the_body_is_read() -> None:
    uri = "data:image/png;base64," + base64.b64encode(qr()).decode()
    parts = inspected(letter(html=f"<p>Scannez</p><img src='{uri}'>"))
    (part,) = parts.values()
    assert part.flags == {Flag.QR_CODE}
    assert [(link.source, link.href) for link in part.links] == [(LinkSource.QR, LURE)]


def test_links_of_a_body_that_the_worker_has_read_are_not_told_again() -> None:
    uri = "data:image/png;base64," + base64.b64encode(ICON).decode()
    page = f"<p>Bonjour</p><img src='{uri}'><blockquote><a href='{LURE}'>ici</a></blockquote>"
    (part,) = inspected(letter(html=page)).values()
    assert part.links == ()  # the worker knows that this one is quoted


def test_an_ordinary_picture_in_a_data_uri_says_nothing() -> None:
    uri = "data:image/png;base64," + base64.b64encode(ICON).decode()
    (part,) = inspected(letter(html=f"<p>Bonjour</p><img src='{uri}'>")).values()
    assert (part.flags, part.links, part.unchecked) == (frozenset(), (), "")


def modules(text: str) -> list[list[bool]]:
    """The modules of a code, dark or not, with its quiet zone."""
    drawn = code_picture(text, scale=1)
    return [[drawn.getpixel((x, y)) == 0 for x in range(drawn.width)] for y in range(drawn.height)]


def half_blocks(text: str) -> str:
    rows = modules(text)
    rows += [[False] * len(rows[0])] * (len(rows) % 2)
    halves = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
    return "\n".join(
        "".join(halves[cell] for cell in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )


def whole_blocks(text: str) -> str:
    return "\n".join("".join("██" if dark else "  " for dark in row) for row in modules(text))


def squares(text: str) -> str:
    return "\n".join("".join("⬛" if dark else "⬜" for dark in row) for row in modules(text))


def quarter_blocks(text: str) -> str:
    rows = [[*row, False] for row in modules(text)]
    rows.append([False] * len(rows[0]))
    letters = " ▗▖▄▝▐▞▟▘▚▌▙▀▜▛█"
    return "\n".join(
        "".join(
            letters[8 * upper[at] + 4 * upper[at + 1] + 2 * lower[at] + lower[at + 1]]
            for at in range(0, len(upper) - 1, 2)
        )
        for upper, lower in zip(rows[:-1:2], rows[1::2], strict=True)
    )


def cells(text: str, dark_cell: str = "bgcolor=black", light_cell: str = "bgcolor=white") -> str:
    rows = ("".join(f"<td {dark_cell if dark else light_cell}></td>" for dark in row) for row in modules(text))
    return "<table cellspacing=0>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(letter(text="Scannez :\n\n" + half_blocks(LURE)), id="half blocks"),
        pytest.param(letter(text="Scannez :\n\n" + whole_blocks(LURE)), id="whole blocks"),
        pytest.param(letter(html="<p>Scannez</p><pre>" + half_blocks(LURE) + "</pre>"), id="half blocks in HTML"),
        pytest.param(letter(text="Scannez :\n\n" + quarter_blocks(LURE)), id="quarter blocks"),
        pytest.param(letter(text="Scannez :\n\n" + squares(LURE)), id="squares"),
        pytest.param(letter(html="<p>Scannez</p>" + cells(LURE)), id="cells of a table"),
        pytest.param(in_base64("<p>Scannez</p>" + cells(LURE)), id="cells of a table in base64"),
        pytest.param(
            letter(html=cells(LURE, "style='background: rgb(9, 30, 66)'", "style='background:#fefefe'")),
            id="cells of two colours",
        ),
        pytest.param(
            letter(html="<style>.k{background:#000}.w{color:red}</style>" + cells(LURE, "class='c k'", "class=w")),
            id="cells of a style sheet",
        ),
    ],
)
def test_a_code_drawn_without_a_picture_is_read(raw: bytes) -> None:
    links = [link for part in inspected(raw).values() for link in part.links]
    assert (LinkSource.QR, LURE) in [(link.source, link.href) for link in links]


def test_a_large_table_is_no_code() -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{n * m}</td>' for m in range(30))}</tr>" for n in range(30))
    (part,) = inspected(letter(html=f"<table>{rows}</table>")).values()
    assert (part.flags, part.links) == (frozenset(), ())


def test_html_too_dangerous_for_the_worker_is_read_here() -> None:
    page = "<html><body>" + "<b><div>" * 3000 + f"<a href='{LURE}'>Votre carte</a><p>Cliquez</p></body></html>"
    message = parse_message(letter(html=page))
    texts = read_texts(message)
    assert any(part.html is not None and part.html.too_dangerous for part in texts.parts)
    (part,) = inspect_in_process(message, texts)
    assert [(link.source, link.href, link.shown) for link in part.links] == [(LinkSource.HTML, LURE, "Votre carte")]
    assert part.unchecked == ""


def test_every_transfer_encoding_is_undone() -> None:
    body = form_page()
    for encoding in ("base64", "quoted-printable", "8bit"):
        message = EmailMessage()
        message["From"] = "a@b.example"
        message.set_content("Bonjour")
        message.add_attachment(body, "text", "html", filename="a.html", cte=encoding)
        (part,) = inspected(message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")).values()
        assert Flag.PASSWORD_FIELD in part.flags, encoding


def test_a_thousand_parts_are_looked_over_in_no_time() -> None:
    chance = random.Random(1)
    files = [(f"{n}.xyz", "application/octet-stream", b"\x01" + chance.randbytes(300)) for n in range(900)]
    message = parse_message(letter(*files))
    texts = read_texts(message)
    start = time.process_time()
    assert candidates(message, texts) == []
    assert time.process_time() - start < 0.2
