"""Whatever the bytes, a message is read; well-formed mail is read as the standard library reads it."""

import email
import email.policy
from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.model.message import Message, Part
from gateway.parsing.author import read_author
from gateway.parsing.encoded_words import decode_value
from gateway.parsing.html_strip import strip_html
from gateway.parsing.html_text import read_html
from gateway.parsing.mime_tree import parse_message
from gateway.parsing.read_texts import read_texts
from gateway.parsing.transfer import decode_base64, decode_bytes, decode_text

PIECES = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b";", b'"', b"<", b">", b"@", b",", b"(", b")", b"\\", b"\0", b"=",
        b"--", b"--b", b"--b--", b"\r\n\r\n", b"\r\n--b\r\n", b"\r\n--b--\r\n", b"From: ", b"from:", b"Subject:",
        b"=?utf-8?Q?=C3=A9?=", b"=?utf-8?B?w6k=?=", b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: message/rfc822\r\n", b"Content-Type: text/html\r\n", b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n", b"charset=", b"utf-7", b"utf-16", b"zlib",
        b"unicode_escape", b"name*0*=utf-8''%41", b"filename=", b"a@b.example", b"\xff\xfe", b"\xe9", "é".encode(),
        b"<div>",
        b"<a href=x>", b"<style>", b"BEGIN:VCALENDAR", b"multipart/", b"text/",
    ]
)  # fmt: skip
BYTES = st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=40).map(b"".join))


def _walk(message: Message) -> list[Part]:
    found, waiting = [], [message.root] if message.root else []
    while waiting:
        part = waiting.pop()
        found.append(part)
        waiting += part.children
    return found


@given(BYTES)
@settings(max_examples=600, deadline=None)
def test_any_bytes_are_read_by_offsets_into_them(raw: bytes) -> None:
    message = parse_message(raw)
    texts = read_texts(message, 100_000)
    assert message.raw == raw
    assert 0 <= message.body_start <= len(raw)
    last = 0
    for item in message.fields:
        assert last <= item.start < item.end <= max(message.body_start, len(raw))
        assert item.value.strip(b"\r\n") in raw[item.start : item.end]
        last = item.end
    for part in _walk(message):
        assert 0 <= part.header_start <= part.body_start <= part.body_end <= len(raw)
    assert all(not leaf.children for leaf in message.leaves)
    assert all(part.part_index < len(message.leaves) for part in texts.parts)


@given(BYTES)
@settings(max_examples=300, deadline=None)
def test_small_readers_never_raise(data: bytes) -> None:
    decode_value(data)
    decode_base64(data)
    read_html(data.decode("latin-1"))
    strip_html(data.decode("latin-1"))
    author = read_author(parse_message(b"From:" + data.replace(b"\n", b" ")).fields[:1])
    assert (author.mailbox is None) <= (author.problem is not None)


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "Nd")), min_size=1, max_size=12)
LINES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
BODIES = st.lists(LINES, min_size=1, max_size=6).map("\n".join)


@st.composite
def mails(draw: st.DrawFn) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Jean <jean{draw(st.integers(0, 99))}@a.example>"
    mail["Subject"] = draw(LINES)
    mail.set_content(draw(BODIES), cte=draw(st.sampled_from(["base64", "quoted-printable"])))
    if draw(st.booleans()):
        mail.add_alternative(f"<p>{draw(BODIES)}</p>", subtype="html")
    for _ in range(draw(st.integers(0, 2))):
        mail.add_attachment(
            draw(st.binary(max_size=60)), maintype="application", subtype="pdf", filename=draw(WORDS) + ".pdf"
        )
    if draw(st.booleans()):
        inner = EmailMessage()
        inner["Subject"] = "dedans"
        inner.set_content(draw(BODIES))
        mail.add_attachment(inner)
    return mail


@given(mails())
@settings(max_examples=120, deadline=None)
def test_well_formed_mail_is_read_as_the_standard_library_reads_it(mail: EmailMessage) -> None:
    raw = mail.as_bytes(policy=email.policy.SMTP)
    message = parse_message(raw)
    oracle = email.message_from_bytes(raw, policy=email.policy.default)
    leaves = [part for part in oracle.walk() if not part.is_multipart()]
    assert message.subject.split() == str(oracle["subject"]).split()
    assert message.author.mailbox is not None
    assert str(message.author.mailbox) == oracle["from"].addresses[0].addr_spec
    assert [leaf.content_type for leaf in message.leaves] == [part.get_content_type() for part in leaves]
    assert [leaf.filename for leaf in message.leaves] == [part.get_filename() or "" for part in leaves]
    for leaf, part in zip(message.leaves, leaves, strict=True):
        expected = part.get_payload(decode=True)
        assert isinstance(expected, bytes)
        assert decode_bytes(message, leaf, 1 << 20).rstrip(b"\r\n") == expected.rstrip(b"\r\n")
        if leaf.content_type.startswith("text/"):
            assert decode_text(message, leaf, 1 << 20)[0].split() == part.get_content().split()
    assert not message.findings
