"""Attachments by name and bytes."""

import base64
from urllib.parse import quote

import pytest

from gateway.content.attachments import read_attachments
from gateway.model.content_facts import AttachmentFlag as Flag
from gateway.model.inspection import InspectedPart
from gateway.parsing.mime_tree import parse_message

EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 100
PDF = b"%PDF-1.7\n1 0 obj\n"


def mail(
    name: str, content: bytes, content_type: str = "application/octet-stream", disposition: str = "attachment"
) -> bytes:
    body = base64.encodebytes(content).replace(b"\n", b"\r\n")
    head = (
        "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        "Content-Type: text/plain\r\n\r\nBonjour\r\n--x\r\n"
        f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: {disposition}; filename*=utf-8''"
    )
    return head.encode() + quote(name).encode() + b"\r\n\r\n" + body + b"--x--\r\n"


@pytest.mark.parametrize(
    ("name", "content", "content_type", "flags", "why"),
    [
        ("facture.pdf", PDF, "application/pdf", {Flag.PDF}, "honest"),
        ("facture.exe", EXE, "application/octet-stream", {Flag.EXECUTABLE}, "program"),
        ("facture.pdf.exe", EXE, "application/pdf", {Flag.EXECUTABLE, Flag.DOUBLE_EXTENSION}, "double extension"),
        (
            "facture.pdf          .exe",
            EXE,
            "application/pdf",
            {Flag.EXECUTABLE, Flag.DOUBLE_EXTENSION},
            "blanks between",
        ),
        (
            "facture.pdf",
            EXE,
            "application/pdf",
            {Flag.EXECUTABLE, Flag.PDF, Flag.TYPE_MISMATCH},
            "a program named .pdf",
        ),
        (
            "photo.jpg",
            b"<html><script>",
            "image/jpeg",
            {Flag.HTML, Flag.PICTURE, Flag.TYPE_MISMATCH},
            "a page named .jpg",
        ),
        ("releve.pdf.html", b"<html>", "text/html", {Flag.HTML, Flag.DOUBLE_EXTENSION}, "page dressed as PDF"),
        ("console.msc", b"<?xml version='1.0'?><MMC_ConsoleFile/>", "text/xml", {Flag.EXECUTABLE}, "a console"),
        ("suivi.application", b"x", "application/octet-stream", {Flag.EXECUTABLE}, "installed by a click"),
        ("profil.mobileconfig", b"x", "application/octet-stream", {Flag.SCRIPT}, "a telephone's settings"),
        ("lien.inetloc", b"x", "application/octet-stream", {Flag.SHORTCUT}, "a shortcut of macOS"),
        ("outils.xla", b"x", "application/octet-stream", {Flag.OFFICE, Flag.MACRO}, "holds macros only"),
        ("rapport\u202efdp.exe", EXE, "application/pdf", {Flag.EXECUTABLE, Flag.RIGHT_TO_LEFT}, "reversed name"),
        ("avis.lnk", b"L\x00\x00\x00\x01\x14\x02\x00", "application/octet-stream", {Flag.SHORTCUT}, "shortcut"),
        (
            "avis.iso",
            b"\x00" * 0x8001 + b"CD001\x01" + b"\x00" * 9,
            "application/octet-stream",
            {Flag.DISK_IMAGE},
            "image",
        ),
        ("note.js", b"var a=1", "application/octet-stream", {Flag.SCRIPT}, "script by name"),
        ("photos.zip", b"PK\x03\x04" + b"\x00" * 30, "application/zip", {Flag.ARCHIVE}, "archive"),
        (
            "scan.pdf.zip",
            b"PK\x03\x04" + b"\x00" * 30,
            "application/zip",
            {Flag.ARCHIVE},
            "ordinary name of an archive",
        ),
        ("note.docx", b"PK\x03\x04....[Content_Types].xml", "application/octet-stream", {Flag.OFFICE}, "Word"),
        ("export.xls", b"<html><table>", "application/vnd.ms-excel", {Flag.OFFICE, Flag.HTML}, "old exports are HTML"),
        ("logo.svg", b"<svg>", "image/svg+xml", {Flag.SVG}, "svg"),
        ("photo.jpg", b"\x89PNG\r\n\x1a\n", "image/jpeg", {Flag.PICTURE}, "one picture named as another"),
        ("rdv.ics", b"BEGIN:VCALENDAR\r\n", "text/calendar", {Flag.CALENDAR}, "calendar"),
        ("notes", b"bonjour", "application/octet-stream", set(), "nothing known"),
        ("", PDF, "application/pdf", {Flag.PDF}, "no name"),
    ],
)
def test_flags(name: str, content: bytes, content_type: str, flags: set[Flag], why: str) -> None:
    (facts,) = read_attachments(parse_message(mail(name, content, content_type)), {})
    assert set(facts.flags) == flags, why


def test_the_text_is_no_attachment_and_places_are_kept() -> None:
    (facts,) = read_attachments(parse_message(mail("a.pdf", PDF, "application/pdf")), {})
    assert (facts.part_index, facts.true_type, facts.extension, facts.inline) == (1, "pdf", "pdf", False)
    assert abs(facts.size - len(PDF)) < 8


def test_inspection_is_joined() -> None:
    inspected = InspectedPart(part_index=1, true_type="pdf", flags=frozenset((Flag.PDF_FORM,)), unchecked="")
    (facts,) = read_attachments(parse_message(mail("a.pdf", PDF, "application/pdf")), {1: inspected})
    assert facts.flags == {Flag.PDF, Flag.PDF_FORM}
    assert facts.from_inspection
    unread = InspectedPart(part_index=1, unchecked="timeout")
    (facts,) = read_attachments(parse_message(mail("a.pdf", PDF, "application/pdf")), {1: unread})
    assert Flag.UNCHECKED in facts.flags


def test_a_mail_that_the_parser_opened_is_an_attachment_too() -> None:
    raw = (
        b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\n\r\nVoir\r\n"
        b"--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: Compte\r\n\r\nBonjour\r\n--x--\r\n"
    )
    (only,) = read_attachments(parse_message(raw), {})
    assert only.flags == {Flag.MESSAGE}
    assert only.declared_type == "message/rfc822"


def test_a_thousand_parts_are_capped() -> None:
    part = b"--x\r\nContent-Type: application/pdf\r\n\r\n%PDF-\r\n"
    raw = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + part * 900 + b"--x--\r\n"
    assert len(read_attachments(parse_message(raw), {})) == 200
