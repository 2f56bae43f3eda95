"""Mail built to cost: known ways to make a mail library slow, big or wrong, with the time and memory each may take."""

import base64
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.content.text_regions import read_regions
from gateway.model.message import Finding
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from tests.pace import slowness

HEAD = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"


def _nested(depth: int, body: bytes = b"x") -> bytes:
    out = HEAD
    for i in range(depth):
        out += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i)
    return out + b"\r\n" + body


def _rfc822(depth: int) -> bytes:
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: x\r\n\r\nx"


def _multipart(parts: bytes) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts


def _html(body: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + body


CASES: dict[str, tuple[Callable[[], bytes], Finding | None]] = {
    "3000 nested multiparts": (lambda: _nested(3000), Finding.MIME_TOO_DEEP),
    "3000 nested messages": (lambda: _rfc822(3000), Finding.MIME_TOO_DEEP),
    "50 nested boundaries over 5 MB": (lambda: _nested(50, b"y" * 5_000_000), Finding.MIME_TOO_DEEP),
    "15 nested boundaries over 20 MB of lines": (lambda: _nested(15, b"--b\r\n" * 4_000_000), None),
    "100,000 semicolons": (lambda: HEAD + b"Content-Type: text/plain" + b";" * 100_000 + b"\r\n\r\nx", None),
    "100,000 parameters": (lambda: HEAD + b"Content-Type: text/plain" + b"; a=b" * 100_000 + b"\r\n\r\nx", None),
    "unterminated quotes": (lambda: HEAD + b'Content-Type: a/b; c="' + b'x"; d="' * 9_000 + b"\r\n\r\nx", None),
    "comments in a type": (lambda: HEAD + b"Content-Type: text/plain" + b"(" * 60_000 + b"\r\n\r\nx", None),
    "100,000 dots in From": (lambda: b"From: " + b"." * 100_000 + b"\r\n\r\nx", None),
    "100,000 brackets in From": (lambda: b"From: " + b"(" * 100_000 + b"\r\n\r\nx", None),
    "100,000 quotes in From": (lambda: b"From: " + b'"\\' * 50_000 + b"\r\n\r\nx", None),
    "100,000 at signs in From": (lambda: b"From: " + b"@" * 100_000 + b"\r\n\r\nx", None),
    "From of angle brackets": (lambda: b"From: " + b"<a@b.example>" * 5_000 + b"\r\n\r\nx", None),
    "From of encoded words": (lambda: b"From: " + b"=?utf-8?q?=40?= " * 4_000 + b"<a@b.example>\r\n\r\nx", None),
    "one address of 60 KB": (lambda: b"From: " + b"a" * 60_000 + b"@" + b"b." * 900 + b"example\r\n\r\nx", None),
    "Subject of 500,000 words": (
        lambda: b"Subject: " + b"ab " * 500_000 + b"\r\n\r\nx",
        Finding.HEADER_BLOCK_TOO_LARGE,
    ),
    "Subject of 20,000 encoded words": (lambda: b"Subject: " + b"=?utf-8?q?a?= " * 15_000 + b"\r\n\r\nx", None),
    "Subject of open encoded words": (lambda: b"Subject: " + b"=?a?b" * 12_000 + b"\r\n\r\nx", None),
    "20,000 RFC 2231 sections": (
        lambda: HEAD + b"Content-Type: a/b" + b"".join(b"; name*%d=x" % i for i in range(15_000)) + b"\r\n\r\nx",
        None,
    ),
    "RFC 2231 index of 5000 digits": (
        lambda: HEAD + b"Content-Type: a/b; name*" + b"9" * 5_000 + b"*=x; name*0=y\r\n\r\nx",
        None,
    ),
    "To of 40,000 addresses": (
        lambda: b"To: " + b"a@b.example, " * 40_000 + b"\r\n\r\nx",
        Finding.HEADER_BLOCK_TOO_LARGE,
    ),
    "a field folded over 80,000 lines": (lambda: b"X: a\r\n" + b" b\r\n" * 60_000 + b"\r\nx", None),
    "References of 1 MB": (
        lambda: b"References: " + b"<a@b> " * 170_000 + b"\r\n\r\nx",
        Finding.HEADER_BLOCK_TOO_LARGE,
    ),
    "100,000 fields": (lambda: b"X: y\r\n" * 100_000 + b"\r\nx", Finding.TOO_MANY_HEADER_FIELDS),
    "lines that are no fields": (lambda: b"xx\r\n" * 60_000 + b"\r\nx", None),
    "20 MB of line ends": (lambda: HEAD + b"\r\n" * 10_000_000, None),
    "20 MB of a header line": (lambda: b"X: " + b"y" * 20_000_000, Finding.HEADER_BLOCK_TOO_LARGE),
    "20 MB of base64": (
        lambda: HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"a " * 7_000_000),
        Finding.DECODED_TOO_LARGE,
    ),
    "base64 of paddings": (lambda: HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"YQ==" * 300_000, None),
    "base64 of noise": (lambda: HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"\xff=" * 600_000, None),
    "20 MB of quoted-printable": (
        lambda: HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=41=\r\n" * 3_500_000,
        Finding.DECODED_TOO_LARGE,
    ),
    "100,000 parts": (lambda: _multipart(b"--b\r\n\r\nx\r\n" * 100_000), Finding.TOO_MANY_PARTS),
    "1,000,000 empty parts": (lambda: _multipart(b"--b\r\n" * 1_000_000), Finding.TOO_MANY_PARTS),
    "1,000,000 near misses": (lambda: _multipart(b"--bx\r\n" * 1_000_000), None),
    "boundaries inside a line": (lambda: _multipart(b"x--b" * 1_000_000), None),
    "periodic boundary": (
        lambda: HEAD + b"Content-Type: multipart/mixed; boundary=" + b"-" * 60 + b"\r\n\r\n" + b"-" * 20_000_000,
        None,
    ),
    "900 HTML parts": (lambda: _multipart(b"--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n" * 900), None),
    "1000 attached messages in base64": (
        lambda: (
            _multipart(
                b"--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + base64.b64encode(_rfc822(30))
                + b"\r\n"
            )
            + b"--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nQQ==\r\n" * 900
        ),
        None,
    ),
    "charset that is a codec": (
        lambda: HEAD + b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\x3c\xe9",
        None,
    ),
    "charset zlib": (lambda: HEAD + b"Content-Type: text/plain; charset=zlib\r\n\r\n\xe9", Finding.UNKNOWN_CHARSET),
    "charset idna": (lambda: HEAD + b"Content-Type: text/plain; charset=idna\r\n\r\n\xe9", Finding.UNKNOWN_CHARSET),
    "charset with a NUL": (
        lambda: HEAD + b'Content-Type: text/plain; charset="a\0b"\r\n\r\n\xe9',
        Finding.UNKNOWN_CHARSET,
    ),
    "UTF-7 of 1 MB": (lambda: HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + b"+AGE-" * 200_000, None),
    "nested divs": (lambda: _html(b"<div>" * 200_000), Finding.HTML_TOO_DANGEROUS),
    "100,000 attributes": (lambda: _html(b"<a " + b"b " * 100_000 + b">"), Finding.HTML_TOO_DANGEROUS),
    "5 MB attribute": (lambda: _html(b'<a b="' + b"x" * 5_000_000 + b'">'), Finding.DECODED_TOO_LARGE),
    "1 MB of single letters": (lambda: HEAD + b"\r\n" + b"a " * 500_000, Finding.TEXT_TRUNCATED),
    "500,000 lines that go on": (lambda: HEAD + b"\r\n" + b"a\n" * 500_000, None),
    "1 MB of quote marks": (lambda: HEAD + b"\r\n" + b">" * 1_000_000, None),
    "100,000 quoted lines": (lambda: HEAD + b"\r\n" + b"> On a b c wrote:\r\n" * 50_000, None),
    "lines that nearly open a quote": (lambda: HEAD + b"\r\n" + b"On aaaaaaaaaaa wrote wrote wrote\r\n" * 30_000, None),
    "header blocks in the text": (lambda: HEAD + b"\r\n" + b"De: x\r\nObjet\r\n" * 50_000, None),
    "calendar of 1 MB": (lambda: HEAD + b"Content-Type: text/calendar\r\n\r\n" + b"SUMMARY;a=b" * 90_000, None),
    "random bytes": (lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + os.urandom(1_000_000), None),
}


@pytest.mark.parametrize("name", CASES)
def test_hostile_mail_costs_bounded_time(name: str) -> None:
    make, finding = CASES[name]
    raw = make()
    start = time.process_time()
    message = parse_message(raw)
    parsed = time.process_time() - start
    reading = read_regions(message, read_texts(message))
    took = time.process_time() - start
    assert parsed < 0.5 * slowness(), f"parsed in {parsed:.2f} s"
    assert took < 0.9 * slowness(), f"{took:.2f} s"
    if finding is not None:
        assert finding in reading.findings


MEASURE = """
import resource, sys
sys.path.insert(0, ".")
from tests.vectors.test_mime_hostile import CASES
from gateway.content.text_regions import read_regions
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
raws = CASES[sys.argv[1]][0]()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
message = parse_message(raws)
read_regions(message, read_texts(message))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(
    "name",
    ["100,000 parts", "Subject of 20,000 encoded words", "20 MB of base64", "nested divs", "1 MB of single letters",
     "100,000 fields", "20 MB of line ends", "random bytes"],
)  # fmt: skip
def test_hostile_mail_costs_bounded_memory(name: str) -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", MEASURE, name], cwd=root, capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 100, f"{done.stdout.strip()} MiB above the message itself"
