"""Mails that cost a careless reader much more than their size: name -> message."""

import base64
import random
import zlib
from collections.abc import Iterator

_HEAD = b"From: a@sender.example\r\nTo: b@mutuelle.example\r\nSubject: x\r\n"


def header_bombs() -> Iterator[tuple[str, bytes]]:
    """Of the header (hazards of parsers: quadratic folding, address lists, parameters, encoded words)."""
    body = b"\r\nbody\r\n"
    yield "content-type of 100,000 semicolons", _HEAD + b"Content-Type: text/plain" + b";" * 100_000 + b"\r\n" + body
    yield "From of 100,000 dots", b"From: " + b"." * 100_000 + b"@a.example\r\n" + body
    yield "From of 60,000 parentheses", b"From: " + b"(" * 60_000 + b" a@b.example\r\n" + body
    yield "From of 60,000 quotes", b"From: " + b'"' * 60_001 + b" <a@b.example>\r\n" + body
    yield "From of 30,000 angles", b"From: " + b"<a@b.example>" * 30_000 + b"\r\n" + body
    yield "Subject of 500,000 words", b"From: a@b.example\r\nSubject: " + b"a " * 500_000 + b"\r\n" + body
    yield (
        "RFC 2231 sections",
        _HEAD + b"Content-Type: a/b" + b"".join(b"; name*%d=a" % n for n in range(20_000)) + b"\r\n" + body,
    )
    yield "20,000 encoded words", b"From: a@b.example\r\nSubject:" + b" =?utf-8?q?a?=" * 20_000 + b"\r\n" + body
    yield "To of 40,000 addresses", b"From: a@b.example\r\nTo: " + b"a@b.example, " * 40_000 + b"\r\n" + body
    yield "a field folded over 300,000 lines", _HEAD + b"X: a\r\n" + b" b\r\n" * 300_000 + body
    yield "folded blank lines", _HEAD + b"X: a\r\n" + b" \r\n" * 60_000 + body
    yield "References of 1 MB", _HEAD + b"References: " + b"<a@b.example> " * 75_000 + b"\r\n" + body
    yield "100,000 fields", _HEAD + b"X: y\r\n" * 100_000 + body
    yield "99 Received", b"Received: from a by b; x\r\n" * 99 + _HEAD + body
    yield "10,000 Authentication-Results", b"Authentication-Results: (((((a;\r\n" * 10_000 + _HEAD + body
    yield "30 MB of header", _HEAD + b"X-Vitalgate: y\r\n" * 1_800_000 + body
    yield "no header end", b"X: " + b"y" * 10_000_000
    yield "colons", _HEAD + b":\r\n" * 60_000 + body


def mime_bombs() -> Iterator[tuple[str, bytes]]:
    """Of the MIME tree and its decodings."""
    head = _HEAD + b"MIME-Version: 1.0\r\n"
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(2000))
    yield "2,000 nested multiparts", head + nested + b"\r\nx\r\n"
    yield "2,000 nested messages", head + b"Content-Type: message/rfc822\r\n\r\n" * 2000 + b"\r\nx\r\n"
    boundaries = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(50))
    yield "50 boundaries over 5 MB", head + boundaries + b"\r\n" + b"--b\r\n" * 1_000_000
    mixed = head + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
    yield "100,000 parts", mixed + b"--x\r\n\r\na\r\n" * 100_000 + b"--x--\r\n"
    yield "1,000,000 empty parts", mixed + b"--x\r\n" * 1_000_000
    yield "near boundaries", mixed + b"--xy\r\n" * 500_000
    yield "20 MB base64", head + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QUJD" * 18 * 280_000 + b"\r\n"
    yield (
        "20 MB quoted-printable",
        head + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=41=\r\n" * 3_300_000,
    )
    yield "soft line ends", head + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * 3_000_000
    yield "charsets", head + b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n" + b"\\x3cscript" * 100_000
    yield "utf-7", head + b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + b"+AGE-" * 200_000
    yield (
        "shifts of ISO-2022",
        head + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n" + b"\x1b$B\x1b(B" * 200_000,
    )
    for name, kind in (("zip of zeroes", b"application/zip"), ("pdf stream", b"application/pdf")):
        packed = base64.encodebytes(zlib.compress(bytes(200_000_000), 9)).replace(b"\n", b"\r\n")
        part = b"--x\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--x--\r\n"
        yield name, mixed + part % (kind, packed)


def html_bombs() -> Iterator[tuple[str, bytes]]:
    """Of markup, styles and links."""
    head = _HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    yield "200,000 nested divs", head + b"<div>" * 200_000
    yield "nested tables", head + b"<table><tr><td>" * 50_000
    yield "misnested formatting", head + b"<b><i><u><a href=x>" * 25_000 + b"</b>" * 25_000
    yield "unclosed links", head + b"<a href='http://x.example/'>" * 50_000
    yield "a tag of 900 kB", head + b"<p " + b"a=b " * 225_000 + b">x"
    yield "attributes without end", head + b"<p a='" + b"x" * 900_000
    yield "comments", head + b"<!--" * 200_000
    yield "entities", head + b"&notin;&#x1F600;&bogus" * 50_000
    yield "styles", head + b"<style>" + b".a{color:red}" * 60_000 + b"</style><p class=a>x"
    yield "open braces", head + b"<style>" + b"@media x{" * 80_000 + b"</style>x"
    yield "inline styles", head + b"<b style='display:none;color:#fff;font-size:0'>x</b>" * 15_000
    yield "20,000 links", head + b"<a href='http://a.example/?u=http://b.example/'>http://c.example/</a>" * 20_000
    yield "templates and svg", head + b"<template><svg><math>" * 30_000
    yield "a data link of 900 kB", head + b"<img src='data:image/png;base64," + b"QUFB" * 225_000 + b"'>"


def text_bombs() -> Iterator[tuple[str, bytes]]:
    """Of folding, words, links and numbers in text."""
    head = _HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    salad_words = (
        "carte vitale rib iban remboursement confirmez cliquez ameli urgent mot de passe code colis amende "
        "virement gérant compte bloqué sous 48 h www.ameli.fr http://a.example/ 185057800608491 "
        "FR7630006000011234567890189 06 12 34 56 78 ne jamais communiquez"
    )
    words = salad_words.split()
    chosen = random.Random(3)
    salad = " ".join(chosen.choice(words) for _ in range(30_000))
    yield "keyword salad of 200 kB", head + salad.encode()
    yield "one word", head + b"a" * 300_000
    yield "spaced letters", head + b"c a r t e  " * 30_000
    yield "zero-width letters", head + "a\u200bb\u00adс".encode() * 50_000
    yield "combining letters", head + ("e" + "\u0301" * 200).encode() * 600
    yield "digits", head + b"1 85 05 78 006 084 91 " * 15_000
    yield "IBANs", head + b"FR76 3000 6000 0112 3456 7890 189 " * 9000
    yield "half links", head + b"http://a@b@" * 30_000
    yield "dots", head + b"a." * 150_000
    yield "slashes", head + b"www." * 80_000
    yield "at signs", head + b"a@b" * 100_000
    yield "brackets", head + b"[" * 150_000 + b"](" * 70_000
    yield "quotes of quotes", head + b">" * 300_000
    yield "quoted lines", head + b"> a\r\n" * 60_000
    yield "blank lines", head + b"\r\n" * 150_000


def signature_bombs() -> Iterator[tuple[str, bytes]]:
    """Of DKIM and ARC (no key is needed to make the careless work)."""
    tags = b"v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.example; s=s; h=from; bh=YWJj; b=YWJj"
    body = b"\r\nbody\r\n"
    yield "1,000 signatures", b"".join(b"DKIM-Signature: %s\r\n" % tags for _ in range(1000)) + _HEAD + body
    spaces = tags.replace(b"b=YWJj", b"b=" + b" " * 60_000 + b"!")
    yield "b= of 60,000 blanks", b"DKIM-Signature: " + spaces + b"\r\n" + _HEAD + body
    one = b"DKIM-Signature: " + tags + b"\r\n" + _HEAD
    yield "a line of 100,000 blanks", one + b"\r\n" + b" " * 100_000 + b"x\r\n"
    yield "22 MB of blank lines", one + b"\r\n" + (b" " * 900 + b"\r\n") * 25_000 + b"x\r\n"
    yield "30 MB of CRLFs", one + b"\r\n" * 15_000_000
    names = tags.replace(b"h=from", b"h=from" + b":x" * 20_000)
    yield "h= of 20,000 names", b"DKIM-Signature: " + names + b"\r\n" + b"X: y\r\n" * 900 + _HEAD + body
    yield "x= of 5,000 digits", b"DKIM-Signature: " + tags + b"; x=" + b"9" * 5000 + b"\r\n" + _HEAD + body
    seal = b"".join(
        b"ARC-Seal: i=%d; a=rsa-sha256; cv=pass; d=sender.example; s=s; b=YWJj\r\n"
        b"ARC-Message-Signature: i=%d; %s\r\nARC-Authentication-Results: i=%d; a; none\r\n"
        % (n, n, tags.replace(b"v=1; ", b""), n)
        for n in range(1, 301)
    )
    yield "300 ARC sets", seal + _HEAD + body
