"""What nobody sees uses up nothing of what is read of a large body."""

import base64
import os
import time

import pytest

from gateway.model.message import Finding
from gateway.model.texts import Texts
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from gateway.parsing.squeeze import RUN, squeeze_html, squeeze_plain

WORDS = b"lorem ipsum dolor sit amet " * 42_000
LURE = b"<p>Votre carte Vitale expire</p>"
PICTURE = base64.b64encode(os.urandom(2_000_000))


def read(kind: bytes, body: bytes) -> Texts:
    return read_texts(parse_message(b"Content-Type: text/" + kind + b"\r\n\r\n" + body))


@pytest.mark.parametrize(
    ("junk", "cut"),
    [
        (b'<div style="display:none">' + WORDS + b"</div>", True),
        (b"<!--" + WORDS + b"-->", True),
        (b"<style>" + b".a{color:red}\n" * 90_000 + b"</style>", True),
        (b'<img alt="' + WORDS + b'">', True),
        (b'<img src="data:image/png;base64,' + PICTURE + b'">', False),
        (b'<img src="data:image/png;base64,' + base64.encodebytes(PICTURE[:1_500_000]) + b'">', False),
        (b" \r\n" * 500_000, False),
    ],
)
def test_a_lure_between_much_that_nobody_sees_is_read(junk: bytes, cut: bool) -> None:
    texts = read(b"html", b"<html><body>" + junk + LURE + junk + b"</body></html>")
    assert "Votre carte Vitale expire" in texts.parts[0].text
    assert (Finding.BODY_TOO_LARGE in texts.findings) is cut


def test_what_is_left_out_between_tags_is_told() -> None:
    junk = b'<p style="display:none">lorem ipsum</p>' * 40_000
    texts = read(b"html", LURE + junk + LURE + junk + LURE)
    assert texts.parts[0].text.count("Vitale") == 2
    assert Finding.BODY_TOO_LARGE in texts.findings
    html = b"--b\r\nContent-Type: text/html\r\n\r\n"
    many = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (html + junk[:1_040_000] + b"\r\n") * 5 + html + LURE
    assert Finding.BODY_TOO_LARGE in read_texts(parse_message(many)).findings


def test_an_attachment_uses_up_nothing_of_the_body() -> None:
    attached = b"--b\r\nContent-Type: text/%s\r\nContent-Disposition: attachment\r\n\r\n" + b"<p>a;b;c\r\n" * 130_000
    body = b"--b\r\nContent-Type: text/html\r\n\r\n" + LURE
    head = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    for kind in (b"csv", b"html"):
        texts = read_texts(parse_message(head + (attached.replace(b"%s", kind) + b"\r\n") * 6 + body))
        assert [part.part_index for part in texts.parts] == list(range(7))
        assert "Vitale" in texts.parts[6].text
        assert Finding.DECODED_TOO_LARGE in texts.findings
        assert Finding.BODY_TOO_LARGE not in texts.findings


def test_a_plain_text_behind_blanks_is_read() -> None:
    texts = read(b"plain", b"\r\n" * 600_000 + b"Votre carte" + b" " * 800_000 + b"Vitale")
    assert texts.parts[0].text.split() == ["Votre", "carte", "Vitale"]
    assert not texts.findings
    assert read(b"plain", b"abc\r\n" * 300_000).findings == {Finding.DECODED_TOO_LARGE}


def test_only_pictures_and_blanks_go_without_a_word() -> None:
    words = b"data:image/png;base64," + b"confirmez\nvotre\ncarte\n" * 50_000
    assert squeeze_html(words, 2_000_000) == (words, False)
    assert squeeze_html(b"<p>" + b"x" * (RUN + 10), 2 * RUN) == (b"<p>" + b"x" * (RUN + 10), False)
    assert squeeze_plain(b"a" + b" " * 100 + b"b", 50) == (b"a b", False)


@pytest.mark.parametrize(
    "noise",
    [
        b"data:image/png;base64,",
        b"data:image/png;base64," + b"A" * 39 + b"\n",
        b" " * 63 + b"x",
        b"<" + b"x" * 60_000,
        b"<",
    ],
)
def test_squeezing_costs_little(noise: bytes) -> None:
    data = noise * (20_000_000 // len(noise))
    start = time.process_time()
    out, cut = squeeze_html(data, 1_048_576)
    assert time.process_time() - start < 0.6
    assert len(out) <= 1_048_576
    assert cut
