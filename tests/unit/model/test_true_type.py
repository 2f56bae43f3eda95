"""True types by first bytes."""

import io
import zipfile

import pytest

from gateway.model.true_type import CLASS_OF_EXTENSION, class_of_name, extension_of, inner_class, true_type


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("head", "kind", "why"),
    [
        (b"%PDF-1.7\n", "pdf", "pdf"),
        (b"\r\n\r\n%PDF-1.4", "pdf", "readers skip what stands before"),
        (zipped("a.txt"), "zip", "zip"),
        (zipped("[Content_Types].xml", "word/document.xml"), "ooxml", "Word"),
        (zipped("META-INF/MANIFEST.MF", "A.class"), "java", "jar"),
        (b"Rar!\x1a\x07\x01\x00", "rar", "rar"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "7z", "7z"),
        (b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 100, "exe", "exe"),
        (b"MZoomMZoom" * 20, "unknown", "text that begins with MZ"),
        (b"\x7fELF\x02\x01", "elf", "elf"),
        (b"L\x00\x00\x00\x01\x14\x02\x00\x00", "lnk", "shortcut"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 20, "ole", "old Office, msi, msg"),
        (b"{\\rtf1\\ansi", "rtf", "rtf"),
        (b"\x89PNG\r\n\x1a\n\x00", "png", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg", "jpeg"),
        (b"GIF89a", "gif", "gif"),
        (b"\x00" * 0x8001 + b"CD001\x01", "iso", "iso"),
        (b"#!/bin/sh\n", "script", "script"),
        (b"<!DOCTYPE html><html>", "html", "html"),
        (b"  <HTML><body>", "html", "html without doctype"),
        (b"\xef\xbb\xbf<!-- x --><script>", "html", "byte order mark, comment"),
        ("\ufeff<html>".encode("utf-16-le"), "html", "UTF-16"),
        (b'<?xml version="1.0"?><svg xmlns="x">', "svg", "svg"),
        (b'<?xml version="1.0"?><facture>', "xml", "xml"),
        (b"BEGIN:VCALENDAR\r\n", "calendar", "calendar"),
        (b"Bonjour", "unknown", "text"),
        (b"", "unknown", "empty"),
    ],
)
def test_kind(head: bytes, kind: str, why: str) -> None:
    assert true_type(head) == kind, why


def test_extensions_are_a_closed_table() -> None:
    for extension, kind in (
        ("exe", "exe"),
        ("lnk", "shortcut"),
        ("iso", "disk_image"),
        ("js", "script"),
        ("one", "onenote"),
    ):
        assert CLASS_OF_EXTENSION[extension] == kind


@pytest.mark.timeout(5)
def test_hostile_heads_are_linear() -> None:
    for piece in (b"<!--", b" ", b"<?xml", b"<!doctype x", b"<", b"\x00"):
        for _ in range(50):
            true_type(piece * (8192 // len(piece)))


@pytest.mark.parametrize(
    ("name", "extension", "before"),
    [
        ("facture.pdf", "pdf", ""),
        ("facture.pdf.exe", "exe", "pdf"),
        ("facture.pdf      .EXE ", "exe", "pdf"),
        ("facture.pdf_.exe. . .", "exe", "pdf"),
        ("facture.ex\u200be\u202c", "exe", ""),
        ("\"facture.exe'", "exe", ""),
        ("facture.exe\x00", "exe", ""),
        (".exe", "exe", ""),
        ("facture", "", ""),
        ("le 3. mai 2026", "", ""),
        ("a." + "b" * 21, "", ""),
        ("", "", ""),
        (".", "", ""),
    ],
)
def test_extensions(name: str, extension: str, before: str) -> None:
    assert (extension_of(name), inner_class(name)) == (extension, before)
    assert class_of_name(name) == CLASS_OF_EXTENSION.get(extension, "")
