"""The MIME tree by offsets, and where it is wider than one reader's view."""

import base64
import binascii
import time

import pytest

from gateway.model.message import Disposition, Finding, Message, Part
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from gateway.parsing.transfer import decode_base64, decode_bytes, decode_text

HEAD = b"From: a@b.example\r\nMIME-Version: 1.0\r\n"


def _bodies(message: Message) -> list[bytes]:
    return [message.raw[leaf.body_start : leaf.body_end] for leaf in message.leaves]


def _mixed(parts: bytes, boundary: bytes = b"b", more: bytes = b"") -> Message:
    return parse_message(HEAD + more + b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n' + parts)


def test_parts_are_cut_at_delimiter_lines_only() -> None:
    message = _mixed(b"pre\r\n--b\r\n\r\none\r\nx--b\r\n--b  \r\nA: 1\r\n\r\ntwo\r\n\r\n--b--\r\nepilogue")
    assert _bodies(message) == [b"one\r\nx--b", b"two\r\n"]
    assert not message.findings


def test_a_longer_boundary_is_not_the_shorter_one() -> None:
    message = _mixed(
        b"--b\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n"
        b"--b2\r\n\r\none\r\n--b2\r\n\r\ntwo\r\n--b2--\r\n--b--\r\n"
    )
    assert _bodies(message) == [b"one", b"two"]
    assert not message.findings


def test_the_outer_boundary_ends_what_the_inner_forgot() -> None:
    message = _mixed(
        b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--"
    )
    assert _bodies(message) == [b"one", b"two"]
    assert Finding.MIME_MALFORMED in message.findings


def test_tricks_that_part_readers_are_told_and_read_widely() -> None:
    for parts in (
        b"--b\r\n\r\none\r\n--b--\r\n--b\r\n\r\ntwo\r\n--b--\r\n",  # a part behind the end
        b"--b\r\n\r\none\r\n--b junk\r\n\r\ntwo\r\n--b--\r\n",  # a delimiter with something behind it
    ):
        message = _mixed(parts)
        assert Finding.MIME_AMBIGUOUS in message.findings
        assert b"two" in b"".join(_bodies(message))
    message = parse_message(
        HEAD + b"Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/html\r\n\r\n<p>\r\n--b--\r\n"
    )
    assert Finding.MIME_AMBIGUOUS in message.findings
    assert [leaf.content_type for leaf in message.leaves] == ["text/html"]
    message = parse_message(
        HEAD + b"Content-Type: multipart/mixed; boundary=b; boundary=c\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
    )
    assert Finding.MIME_AMBIGUOUS in message.findings


def test_missing_boundaries_leave_the_text_readable() -> None:
    for value in (b"multipart/mixed", b"multipart/mixed; boundary=", b"multipart/mixed; boundary=zz"):
        message = parse_message(HEAD + b"Content-Type: " + value + b"\r\n\r\n--b\r\n\r\nlure\r\n")
        assert Finding.MIME_MALFORMED in message.findings
        assert b"lure" in b"".join(_bodies(message))


def test_boundaries_in_every_dress() -> None:
    for value in (b"b", b'"b"', b'"b "', b"b (comment)", b'"\\b"', b"b;", b"b; charset=x", b"\r\n b"):
        message = parse_message(
            HEAD + b"Content-Type: Multipart/Mixed;BOUNDARY=" + value + b"\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
        )
        assert _bodies(message) == [b"x"], value
    message = parse_message(
        HEAD + b"Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\r\n\r\n--ab\r\n\r\nx\r\n--ab--"
    )
    assert _bodies(message) == [b"x"]


def test_names_of_attachments() -> None:
    for field, name in [
        (b"Content-Disposition: attachment; filename=a.pdf", "a.pdf"),
        (b'Content-Disposition: attachment; filename="a;b.pdf"', "a;b.pdf"),
        (b"Content-Disposition: attachment; filename*=utf-8''%C3%A9t%C3%A9.pdf", "été.pdf"),
        (b"Content-Disposition: attachment; filename*0*=utf-8''%C3%A9; filename*1=.pdf", "é.pdf"),
        (b"Content-Disposition: attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        (b'Content-Disposition: attachment; filename="=?utf-8?B?w6kucGRm?="', "é.pdf"),
        ('Content-Disposition: attachment; filename="é.pdf"'.encode(), "é.pdf"),
        (b"Content-Type: application/pdf; name=a.pdf", "a.pdf"),
        (b"Content-Disposition: attachment;\r\n filename=a.pdf", "a.pdf"),
        (b'Content-Disposition: attachment; filename="a\x01.exe"', "a.exe"),
        (b'Content-Disposition: attachment; filename="x\xe2\x80\xaefdp.exe"', "x\u202efdp.exe"),
    ]:
        message = parse_message(HEAD + field + b"\r\n\r\nx")
        assert message.leaves[0].filename == name, field
    two = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.exe"
    assert Finding.MIME_AMBIGUOUS in parse_message(HEAD + two + b"\r\n\r\nx").findings


def test_attached_messages_are_opened_in_place() -> None:
    inner = b"Subject: in\r\nContent-Type: text/html\r\n\r\n<p>x</p>"
    message = _mixed(b"--b\r\n\r\none\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b--\r\n")
    plain, html = message.leaves
    assert (plain.in_attached_message, html.in_attached_message) == (False, True)
    assert message.raw[html.header_start :].startswith(b"Subject: in")
    assert html.depth == 2
    assert message.root is not None
    assert message.root.children[1].content_type == "message/rfc822"


def test_types_encodings_and_dispositions() -> None:
    def leaf(block: bytes) -> Part:
        return parse_message(HEAD + block + b"\r\n\r\nx").leaves[0]

    assert leaf(b"X: y").content_type == "text/plain"
    assert leaf(b"Content-Type: garbage").content_type == "text/plain"
    assert leaf(b"Content-Type: TEXT/HTML (x); charset=UTF-8").content_type == "text/html"
    assert leaf(b'Content-Type: text/html; charset="UTF-8"').charset == "utf-8"
    assert leaf(b"Content-Transfer-Encoding: BASE64 (x)").encoding == "base64"
    assert leaf(b"Content-Disposition: inline").disposition is Disposition.INLINE
    assert leaf(b"Content-Disposition: strange").disposition is Disposition.ATTACHMENT
    assert leaf(b"Content-ID: <a@b>").content_id == "a@b"
    assert Finding.UNKNOWN_ENCODING in parse_message(HEAD + b"Content-Transfer-Encoding: x-yenc\r\n\r\n").findings


def test_no_header_at_all_is_all_body() -> None:
    message = parse_message(b"Bonjour,\r\nvoici.\r\n\r\nfin")
    assert message.findings >= {Finding.NO_HEADER}
    assert message.body_start == 0
    assert _bodies(message) == [message.raw]


def _text(block: bytes, body: bytes) -> str:
    message = parse_message(HEAD + block + b"\r\n\r\n" + body)
    return decode_text(message, message.leaves[0], 1 << 20)[0]


def test_charsets_by_name_and_by_what_the_bytes_say() -> None:
    kind = b"Content-Type: text/plain; charset="
    for charset, body, text in [
        (b"utf-8", "é€".encode(), "é€"),
        (b"UTF8", "é".encode(), "é"),
        (b"iso-8859-1", b"\xe9\x80", "é€"),
        (b"iso-8859-15", b"\xe9\xa4", "é€"),
        (b"us-ascii", "é".encode(), "é"),
        (b"us-ascii", b"\xe9", "é"),
        (b"windows-1251", "привет".encode("cp1251"), "привет"),
        (b"utf-16", "é".encode("utf-16"), "é"),
        (b"utf-16", "été".encode("utf-16-be"), "été"),
        (b"utf-16", "été".encode("utf-16-le"), "été"),
        (b"utf-7", b"+AGE-meli", "ameli"),
        (b"iso-2022-jp", "山".encode("iso2022_jp"), "山"),
        (b"unicode_escape", b"\\x3cscript", "\\x3cscript"),
        (b"rot13", b"abc\xe9", "abcé"),
        (b"utf-8", b"\xc3\xa9t\xc3\xa9 \xff " + "été ".encode() * 9, "été \ufffd " + "été " * 9),
        (b"utf-8", b"\xe9t\xe9", "été"),
        (b"gb2312", "山".encode("gb18030"), "山"),
        (b"utf-8", b"\xef\xbb\xbfx", "x"),
    ]:
        assert _text(kind + charset, body) == text, charset
    assert _text(b"X: y", "é".encode()) == "é"
    assert _text(b"Content-Type: text/html", b'<meta charset="windows-1251">\xef') == '<meta charset="windows-1251">п'


def test_transfer_encodings_are_undone_as_readers_do() -> None:
    def data(encoding: bytes, body: bytes) -> bytes:
        message = parse_message(HEAD + b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body)
        return decode_bytes(message, message.leaves[0], 1 << 20)

    assert data(b"base64", b"Ym9u\r\nam91cg==\r\n") == b"bonjour"
    assert data(b"base64", b"Ym9u!am91 cg") == b"bonjour"
    assert data(b"base64", b"Ym9uam91cg==\r\n-- \r\nfooter").startswith(b"bonjour")
    assert data(b"quoted-printable", b"=C3=A9 =\r\nx=zz") == "é x=zz".encode()
    assert data(b"8bit", b"\xe9") == b"\xe9"
    assert decode_base64(b"YQ==YQ==") == (b"aa", frozenset({Finding.MIME_MALFORMED, Finding.MIME_AMBIGUOUS}))


def test_decoding_is_capped_and_told() -> None:
    for block, body in [
        (b"Content-Transfer-Encoding: base64", b"QUFB\r\n" * 1000),
        (b"Content-Transfer-Encoding: quoted-printable", b"=41" * 1000),
        (b"X: y", b"A" * 1000),
    ]:
        message = parse_message(HEAD + block + b"\r\n\r\n" + body)
        text, findings = decode_text(message, message.leaves[0], 100)
        assert text == "A" * 100
        assert Finding.DECODED_TOO_LARGE in findings


LINE = b"Confirmez votre carte Vitale maintenant."
AS_BASE64 = b"Q29uZmlybWV6IHZvdHJlIGNhcnRlIFZpdGFsZSBtYWludGVuYW50Lg==\r\n"
ENCODED = [
    (b"(x) BASE64 (y)", None, AS_BASE64, "comments may stand there (RFC 2045 §6.1)"),
    (b"7bit", b"base64", AS_BASE64, "two encodings: the body reads by the second"),
    (b"base64", b"7bit", AS_BASE64, "two encodings: the body reads by the first"),
    (b"base64", b"7bit", LINE, "two encodings, and no base64"),
    (b"7bit", b"quoted-printable", b"Confirmez votre carte Vita=6Ce maintenant.", "what escapes is undone"),
    (b"quoted-printable", None, b"Confirmez= \t\r\n votre carte =\r\nVitale maintenant.", "blanks behind a soft break"),
]


@pytest.mark.parametrize(("first", "second", "body", "why"), ENCODED)
def test_a_doubtful_transfer_encoding_hides_nothing(first: bytes, second: bytes | None, body: bytes, why: str) -> None:
    fields = [b"Content-Transfer-Encoding: " + value for value in (first, second) if value is not None]
    message = parse_message(b"\r\n".join([*fields, b"", body]))
    assert decode_text(message, message.leaves[0], 1000)[0].strip() == LINE.decode(), why
    assert (Finding.MIME_AMBIGUOUS in message.findings) == (second is not None)


def test_a_piece_of_a_message_is_told() -> None:
    message = parse_message(b"Content-Type: message/partial; id=a; number=1; total=2\r\n\r\nFrom: x@y.example\r\n")
    assert message.findings == {Finding.PARTIAL_MESSAGE}


def test_flowed_lines_with_deleted_blanks_are_one_word() -> None:
    head = b"Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n"
    (part,) = read_texts(parse_message(head + b"Votre carte Vit \r\nale \r\n\r\n> a \r\n> b\r\n-- \r\nJ\r\n")).parts
    assert part.text == "Votre carte Vitale\r\n> a \r\n> b\r\n-- \r\nJ\r\n"


NAMES = [
    (b'application/pdf; name="a.pdf"', b'attachment; filename="a.pdf"', ("a.pdf",), False, "the same twice"),
    (b'text/plain; name="x.bat"', b'attachment; filename="x.txt"', ("x.bat", "x.txt"), True, "name= against filename="),
    (b"text/plain", b'attachment; filename="x.txt"; filename="x.bat"', ("x.bat", "x.txt"), True, "given twice"),
    (b"text/plain", b"attachment; filename=x.txt; filename*=utf-8''x.bat", ("x.bat", "x.txt"), True, "RFC 2231 beside"),
    (b"text/plain", b"attachment; filename=x.bat; filename*=utf-8''x.txt", ("x.bat", "x.txt"), True, "RFC 2231 first"),
    (b"text/plain", b"attachment; filename*0=x.txt; filename*0=x.bat", ("x.bat", "x.txt"), True, "a section twice"),
    (b"text/plain", b"attachment; filename*=utf-8''x.bat%00.txt", ("x.bat", "x.bat.txt"), True, "cut at NUL"),
    (b"text/plain", b"attachment filename=x.bat", ("x.bat",), False, "no semicolon"),
    (b"text/plain", b'attachment; filename="x.txt" filename="x.bat"', ("x.bat", "x.txt"), True, "no semicolon within"),
    (b"text/plain", b"filename=x.bat", ("x.bat",), False, "no disposition"),
    (b"text/plain", b'attachment; (;) filename (a) = (b) "x.bat" (c)', ("x.bat",), False, "comments"),
    (b"text/plain", b"attachment; filename=x (1.bat", ("x (1.bat", "x"), True, "what looks like a comment"),
    (b"text/plain", b'attachment; filename="x.txt".bat', ("x.txt.bat", "x.txt"), True, "behind the quotation mark"),
    (b"text/plain", b"attachment; filename=x.bat y.txt", ("x.bat", "x.bat y.txt"), True, "only the token"),
    (
        b"text/plain",
        b"attachment; filename=Mon rapport (1).pdf",
        ("Mon rapport .pdf", "Mon rapport (1).pdf"),
        False,
        "honest",
    ),
    (b"text/plain", b"attachment; filename=www.site.com page.pdf", ("www.site.com page.pdf",), False, "honest"),
    (b"text/plain; charset=utf-8 name=x.bat", b"attachment", ("x.bat",), False, "no semicolon in the type"),
]


@pytest.mark.parametrize(("kind", "where", "names", "differ", "why"), NAMES)
def test_every_name_counts_and_the_most_dangerous_judges(
    kind: bytes, where: bytes, names: tuple[str, ...], differ: bool, why: str
) -> None:
    message = parse_message(HEAD + b"Content-Type: " + kind + b"\r\nContent-Disposition: " + where + b"\r\n\r\nx")
    (leaf,) = message.leaves
    assert (leaf.filename, *leaf.other_names) == names, why
    assert (Finding.MIME_AMBIGUOUS in message.findings) == differ, why
    assert read_texts(message).filenames == names


def test_names_of_two_fields_and_of_none() -> None:
    twice = (
        HEAD + b"Content-Disposition: attachment; filename=x.txt\r\nContent-Disposition: attachment; filename=x.bat\r\n"
    )
    assert parse_message(twice + b"\r\nx").leaves[0].filename == "x.bat"
    described = HEAD + b"Content-Description: %s\r\nContent-Disposition: attachment\r\n\r\nx"
    assert parse_message(described % b"facture.bat").leaves[0].filename == "facture.bat"
    assert parse_message(described % b"Notre site mutuelle.com").leaves[0].filename == ""


def test_a_type_without_its_semicolon_is_read() -> None:
    leaf = parse_message(b"Content-Type: text/html charset=utf-7 format=x\r\n\r\nx").leaves[0]
    assert (leaf.content_type, leaf.charset) == ("text/html", "utf-7")


def test_names_cost_little_however_many() -> None:
    part = b"--b\r\nContent-Disposition: attachment" + b"; filename=(x)a.txt" * 400 + b"\r\n\r\nx\r\n"
    start = time.process_time()
    message = parse_message(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 900)
    assert len(message.leaves) == 900
    assert time.process_time() - start < 2


def uuencoded(data: bytes, name: bytes) -> bytes:
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return (b"begin 644 " + name + b"\n" + b"".join(lines) + b"`\nend\n").replace(b"\n", b"\r\n")


def test_a_uuencoded_file_in_a_text_is_an_attachment() -> None:
    program = b"MZ" + bytes(range(256)) * 3
    body = b"Bonjour,\r\nbegin 2026 avec nous\r\n\r\n" + uuencoded(program, b"facture.exe") + b"Cordialement\r\n"
    message = parse_message(HEAD + b"\r\n" + body)
    text, file = message.leaves
    assert (file.filename, file.disposition, file.encoding) == ("facture.exe", Disposition.ATTACHMENT, "x-uuencode")
    assert decode_bytes(message, file, 10_000) == program
    assert decode_text(message, text, 10_000)[0] == body.decode()
    many = HEAD + b"\r\n" + uuencoded(b"x", b"a.txt") * 100
    assert len(parse_message(many).leaves) == 21


def test_a_uuencoded_body_is_read() -> None:
    for word in (b"x-uuencode", b"UUENCODE", b"x-uue"):
        head = HEAD + b"Content-Transfer-Encoding: " + word + b"\r\n\r\n"
        for body in (uuencoded(LINE * 20, b"x"), uuencoded(LINE * 20, b"x").partition(b"\n")[2]):
            message = parse_message(head + body)
            assert decode_text(message, message.leaves[0], 10_000)[0] == LINE.decode() * 20
            assert not message.findings
            cut, findings = decode_text(message, message.leaves[0], 100)
            assert cut == (LINE * 20)[:100].decode()
            assert Finding.DECODED_TOO_LARGE in findings


def test_uuencoded_noise_costs_little() -> None:
    for noise in (b"begin 644 a\r\n" * 200_000, b"begin 644 a\r\nM\r\n" * 200_000, b"begin" * 500_000):
        start = time.process_time()
        message = parse_message(HEAD + b"\r\n" + noise)
        assert len(message.leaves) == 1
        assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        (b"Content-Type: text/html\r\n", b"<p>Votre carte</p>"),
        (
            b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n",
            base64.encodebytes(b"<p>Votre carte</p>"),
        ),
        (b"Content-Type: text/html\r\n", b"<p>Votre carte</p>\r\n\r\n<p>Fin</p>"),
    ],
)
def test_a_part_without_a_blank_line_has_a_body(fields: bytes, body: bytes) -> None:
    message = parse_message(
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + fields + body + b"\r\n--b--\r\n"
    )
    assert "Votre carte" in read_texts(message).parts[0].text
    assert Finding.MALFORMED_HEADER_LINE in message.findings


def test_an_mbox_line_above_an_attached_mail_leaves_its_header_a_header() -> None:
    inner = b"From a@b.example Mon Jan  1 00:00:00 2026\r\nSubject: s\r\nReceived: from x\r\n\r\nBonjour"
    (part,) = read_texts(parse_message(HEAD + b"Content-Type: message/rfc822\r\n\r\n" + inner)).parts
    assert part.text == "Bonjour"


SHOWN = [
    (b"text/enriched", b"Votre c<bold></bold>arte <<3 <param>red</param>Vitale", "Votre carte <3 Vitale"),
    (b"text/css", b"Votre carte", "Votre carte"),
    (b"message/delivery-status", b"Votre carte", "Votre carte"),
    (b'message/external-body; access-type=URL; URL="https://a.exam\r\n ple/x"', b"a", "https://a.example/x\na"),
    (b"message/external-body; site=a.example; directory=d; name=x", b"a", "ftp://a.example/d/x\na"),
    (b"text/plain; charset=ibm01147", "Votre carte".encode("cp500"), "Votre carte"),
    (b"text/plain; charset=ibm037", "Votre carte".encode("cp037"), "Votre carte"),
    (b"text/plain; charset=utf-8", b"V\x00o\x00t\x00r\x00e\x00 \x00carte", "Votre carte"),
]


@pytest.mark.parametrize(("kind", "body", "text"), SHOWN)
def test_what_some_reader_shows_is_read(kind: bytes, body: bytes, text: str) -> None:
    (part,) = read_texts(parse_message(HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body)).parts
    assert part.text == text


def test_a_letter_torn_between_two_names_of_one_charset_is_whole() -> None:
    assert parse_message(b"Subject: =?utf-8?q?r=C3?= =?UTF8?b?qQ==?=\r\n\r\n").subject == "r\u00e9"


def test_a_calendar_says_what_stands_behind_much_else() -> None:
    calendar = b"BEGIN:VCALENDAR\r\n" + b"X-A:b\r\n" * 50_000 + b"SUMMARY:Votre carte\r\n"
    (part,) = read_texts(parse_message(HEAD + b"Content-Type: text/calendar\r\n\r\n" + calendar)).parts
    assert part.text == "Votre carte"
