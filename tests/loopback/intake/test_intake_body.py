"""Bodies over real sockets: what ends one, what spoils one, and that the rest arrives byte for byte."""

import json
from pathlib import Path

import pytest

from gateway.model import reply as replies
from gateway.settings.schema import Limits, Listen
from tests.loopback.intake.house import house
from tests.smtp_dialogue import SmtpDialogue

ATTACKS = Path(__file__).resolve().parents[3] / ".." / "shared" / "conformance" / "attacks" / "smtp-smuggling.json"
SECOND = b"MAIL FROM:<evil@x.example>\r\nRCPT TO:<c@inside.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nhello"
# The same kinds, spelt here so that they are tried where the file is not at hand.
OWN = [
    b"\n.\n",
    b"\n.\r",
    b"\r.\n",
    b"\r.\r",
    b"\n.\r\n",
    b"\r.\r\n",
    b"\r\n\0.\r\n",
    b"\r\n.\n",
    b"\r\n.\r",
    b"\n\n.\r\n",
]
OWN += [
    b"\r\n.\r\r\n",
    b"\r\r\n.\r\r\n",
    b"\r\n.\0\r\n",
    b"\r\n. \r\n",
    b"\r\n.\x0b\r\n",
    b"\r\n\xe2\x80\xa8.\r\n",
    b"\x85.\x85",
]


def sequences() -> list[bytes]:
    if not ATTACKS.exists():
        return OWN
    told = json.loads(ATTACKS.read_text(encoding="utf-8"))
    return OWN + [text.encode("latin-1") for text in (*told["inbound"], *told["outbound_extra"])]


@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("end", sequences(), ids=repr)
def test_nothing_but_the_real_end_ends_a_message(end: bytes, normalize: bool) -> None:
    listen = Listen(hostname="gateway.example", bare_newline="normalize" if normalize else "refuse")
    with house(listen=listen) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        answer = client.data(b"Subject: x\r\n\r\nhello" + end + SECOND)
        assert len(here.desk.clients) == 1, "a second transaction was begun"
        if answer.code == 250:
            (submission,) = here.desk.taken
            assert submission.raw.endswith(b"\r\n" + b"hello\r\n")
            assert b"smuggled" in submission.raw
            assert submission.raw.count(b"\r\n") == submission.raw.count(b"\r") == submission.raw.count(b"\n")
            assert b"\0" not in submission.raw
        else:
            assert str(answer) == str(replies.BARE_NEWLINE)
            assert here.desk.taken == []
        client.expect(b"NOOP", 250)


def test_a_smuggled_end_spoils_the_message_by_default() -> None:
    for end in OWN[:12]:
        with house() as here, SmtpDialogue(here.address) as client:
            client.envelope(b"a@x.example", b"b@inside.example")
            assert str(client.data(b"hello" + end + SECOND)) == str(replies.BARE_NEWLINE)
            assert here.observer.refusals == ["bare_newline"]


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (b"", b"\r\n"),
        (b".", b"\r\n"),
        (b"..", b".\r\n"),
        (b".x", b"x\r\n"),
        (b"a\r\n..\r\nb", b"a\r\n.\r\nb\r\n"),
        (b"a\r\n...\r\n.b", b"a\r\n..\r\nb\r\n"),
        (b"x" * 200_000, b"x" * 200_000 + b"\r\n"),
        (b"\r\n" * 50_000, b"\r\n" * 50_001),
        (b"..\r\n" * 50_000, b".\r\n" * 50_000 + b"\r\n"),
        (bytes(range(128, 256)) * 5000, bytes(range(128, 256)) * 5000 + b"\r\n"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_a_body_is_unstuffed_and_nothing_else(stream: bytes, message: bytes) -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        if stream == b".":  # ".CRLF" is the end: the rest of data()'s is an unknown command
            client.expect(b"DATA", 354)
            client.send(b".\r\n")
            assert client.read().code == 250
            assert here.desk.taken[0].raw == b""
            return
        assert client.data(stream).code == 250
        assert here.desk.taken[0].raw == message


def test_a_body_in_drops() -> None:
    stream = b"a\r\n..b\r\n\r\n.\r\r\n..\r\nc\r\n.\r\n".replace(b"\r\r", b"x\r")
    with house() as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        client.expect(b"DATA", 354)
        for octet in stream:
            client.send(bytes([octet]))
        assert client.read().code == 250
        assert here.desk.taken[0].raw == b"a\r\n.b\r\n\r\nx\r\n.\r\nc\r\n"


def test_bare_lf_is_made_crlf_where_the_listener_says_so() -> None:
    listen = Listen(hostname="gateway.example", bare_newline="normalize")
    with house(listen=listen) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        assert client.data(b"Subject: x\n\nhello\n.\nworld\r\n..dot\n..two").code == 250
        assert here.desk.taken[0].raw == b"Subject: x\r\n\r\nhello\r\n.\r\nworld\r\n.dot\r\n..two\r\n"
        client.envelope(b"a@x.example", b"b@inside.example")
        assert client.data(b"bare\rcr").code == 550
        client.envelope(b"a@x.example", b"b@inside.example")
        assert client.data(b"nul\0").code == 550


def test_too_large_is_told_at_the_end() -> None:
    with house(limits=Limits(message_bytes=10_000)) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        assert str(client.data(b"x" * 20_000)) == str(replies.MESSAGE_TOO_BIG)
        client.envelope(b"a@x.example", b"b@inside.example")
        assert client.data(b"x" * 9_998).code == 250  # with its CRLF exactly the limit
        client.envelope(b"a@x.example", b"b@inside.example")
        assert client.data(b"x" * 9_999).code == 552


def test_bytes_in_flight() -> None:
    limits = Limits(bytes_in_flight=200_000, message_bytes=1_000_000)
    with house(limits=limits) as here, SmtpDialogue(here.address) as one, SmtpDialogue(here.address) as two:
        one.expect(b"EHLO one", 250)
        assert str(one.command(b"MAIL FROM:<> SIZE=300000")) == str(replies.BYTES_IN_FLIGHT)
        one.envelope(b"a@x.example", b"b@inside.example")
        one.expect(b"DATA", 354)
        one.send(b"x" * 190_000)
        two.envelope(b"a@x.example", b"b@inside.example")
        assert str(two.data(b"x" * 190_000)) == str(replies.BYTES_IN_FLIGHT)
        one.send(b"\r\n.\r\n")
        assert one.read().code == 250
        two.envelope(b"a@x.example", b"b@inside.example")
        assert two.data(b"x" * 190_000).code == 250


CHUNKING = Listen(hostname="gateway.example", chunking=True)


def test_chunks() -> None:
    with house(listen=CHUNKING) as here, SmtpDialogue(here.address) as client:
        assert "CHUNKING" in client.capabilities()
        client.envelope(b"a@x.example", b"b@inside.example")
        client.send(b"BDAT 7\r\na\r\n.\r\nbBDAT 3\r\n\r\n.BDAT 4 last\r\n\r\n..")
        assert [client.read().code for _ in range(3)] == [250, 250, 250]
        assert here.desk.taken[0].raw == b"a\r\n.\r\nb\r\n.\r\n..\r\n"
        client.envelope(b"a@x.example", b"b@inside.example")
        client.send(b"BDAT 0 LAST\r\n")
        assert client.read().code == 250
        assert here.desk.taken[1].raw == b""


def test_a_crlf_may_be_split_between_chunks_but_not_missing() -> None:
    with house(listen=CHUNKING) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        client.send(b"BDAT 2\r\na\rBDAT 3 LAST\r\n\nb\r")
        assert [client.read().code for _ in range(2)] == [250, 550]
        client.envelope(b"a@x.example", b"b@inside.example")
        client.send(b"BDAT 2\r\na\rBDAT 4 LAST\r\n\nb\r\n")
        assert [client.read().code for _ in range(2)] == [250, 250]
        client.envelope(b"a@x.example", b"b@inside.example")
        client.send(b"BDAT 3\r\na\nbBDAT 4 LAST\r\n\nb\r\n")
        assert [client.read().code for _ in range(2)] == [550, 503]
        assert [s.raw for s in here.desk.taken] == [b"a\r\nb\r\n"]


def test_the_octets_of_a_refused_chunk_are_no_commands() -> None:
    with house(listen=CHUNKING) as here, SmtpDialogue(here.address) as client:
        client.expect(b"EHLO client", 250)
        client.send(b"BDAT 6\r\nRSET\r\nNOOP\r\n")
        assert [client.read().code for _ in range(2)] == [503, 250]
        client.expect(b"MAIL FROM:<>", 250)
        client.expect(b"RCPT TO:<x@outside.example>", 550)
        client.send(b"BDAT 6 LAST\r\nRSET\r\nNOOP\r\n")
        assert [client.read().code for _ in range(2)] == [554, 250]
        client.expect(b"RCPT TO:<x@inside.example>", 250)
        client.send(b"BDAT 3\r\na\r\n")
        assert client.read().code == 250
        assert client.command(b"DATA").code == 503
        assert client.command(b"RCPT TO:<y@inside.example>").code == 503
        client.expect(b"RSET", 250)
        client.send(b"BDAT x\r\n")
        assert client.read().code == 501
        assert client.is_closed()
        assert here.desk.taken == []
