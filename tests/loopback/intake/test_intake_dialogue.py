"""The session over real sockets: every command is answered, and what is passed on is what was said."""

import logging
import time

import pytest

from gateway.intake.body import DataReader
from gateway.model import reply as replies
from gateway.model.ports import NextHopOffer
from gateway.model.reply import Reply
from gateway.settings.schema import Limits, Listen
from tests.loopback.intake.house import FakeDesk, house
from tests.smtp_dialogue import SmtpDialogue


def test_a_message_arrives_as_it_was_sent() -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        assert str(client.banner) == "220 gateway.example ESMTP"
        client.envelope(b"a@outside.example", b"b@inside.example", b"c@inside.example")
        answer = client.data(b"Subject: x\r\n\r\n..dot\r\nline\r\n...")
        assert (answer.code, answer.enhanced) == (250, "2.0.0")
        client.expect(b"QUIT", 221)
        assert client.is_closed()
        (submission,) = here.desk.taken
        assert submission.raw == b"Subject: x\r\n\r\n.dot\r\nline\r\n..\r\n"
        assert [r.path.raw for r in submission.envelope.recipients] == [b"b@inside.example", b"c@inside.example"]
        assert submission.envelope.mail_from is not None
        assert submission.envelope.mail_from.raw == b"a@outside.example"
        assert submission.envelope.client.helo == "client.example"
        assert submission.envelope.client.extended
        assert str(submission.envelope.client.address) == "127.0.0.1"
        assert submission.listener_hostname == "gateway.example"
        assert submission.received_at.tzinfo is not None


def test_a_pipelined_batch_gets_its_replies_in_one_segment() -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        client.expect(b"EHLO client.example", 250)
        client.send(b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@inside.example>\r\nRCPT TO:<b@else.example>\r\nDATA\r\n")
        client.read_line()
        assert client._buffer.count(b"\r\n") == 3
        codes = [client.read().code for _ in range(3)]
        assert codes == [250, 550, 354]
        client.send(b"x\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<c@inside.example>\r\nDATA\r\n")
        assert [client.read().code for _ in range(4)] == [250, 250, 250, 354]
        client.send(b"\r\n.\r\n")
        assert client.read().code == 250
        assert [s.raw for s in here.desk.taken] == [b"x\r\n", b"\r\n"]
        assert here.desk.taken[1].envelope.mail_from is not None
        assert here.desk.taken[1].envelope.mail_from.is_null


def test_ehlo_offers_what_the_next_hop_has() -> None:
    desk = FakeDesk(offered=NextHopOffer(smtputf8=False, dsn=False, size=5000))
    with house(desk) as here, SmtpDialogue(here.address) as client:
        assert client.capabilities() == {"PIPELINING": "", "SIZE": "5000", "8BITMIME": "", "ENHANCEDSTATUSCODES": ""}
        desk.offered = NextHopOffer(smtputf8=True, dsn=True, size=0)
        assert set(client.capabilities()) >= {"SMTPUTF8", "DSN"}
        assert client.capabilities()["SIZE"] == "36700160"


REFUSALS = [
    # what was said before, the command, the reply
    ((), b"MAIL FROM:<a@x.example>", replies.NEED_EHLO),
    ((), b"RCPT TO:<a@inside.example>", replies.NEED_MAIL),
    ((), b"DATA", replies.NEED_MAIL),
    ((), b"EHLO", replies.BAD_HELO),
    ((), b"HELO", replies.BAD_HELO),
    ((), b"EHLO a b", replies.BAD_HELO),
    ((), b"EHLO caf\xc3\xa9.example", replies.BAD_HELO),
    ((), b"FOO", replies.UNKNOWN_COMMAND),
    ((), b"", replies.UNKNOWN_COMMAND),
    ((), b"   ", replies.UNKNOWN_COMMAND),
    ((), b"\xff\xfe", replies.UNKNOWN_COMMAND),
    ((), b"NOOP\0", replies.BAD_CHARACTERS),
    ((), b"NOOP \x1b[2J", replies.BAD_CHARACTERS),
    ((), b"NOOP a\rRSET", replies.BAD_CHARACTERS),
    ((), b"NOOP " + b"x" * 5000, replies.LINE_TOO_LONG),
    ((), b"x" * 300_000, replies.LINE_TOO_LONG),
    ((), b"VRFY", replies.BAD_ARGUMENTS),
    ((), b"QUIT now", replies.BAD_ARGUMENTS),
    ((), b"RSET now", replies.BAD_ARGUMENTS),
    ((), b"STARTTLS", replies.TLS_UNAVAILABLE),
    ((), b"STARTTLS now", replies.BAD_ARGUMENTS),
    ((), b"XFORWARD ADDR=192.0.2.1", replies.NOT_A_TRUSTED_CLIENT),
    ((), b"XCLIENT ADDR=192.0.2.1", replies.NOT_A_TRUSTED_CLIENT),
    ((), b"BDAT 10", replies.NOT_IMPLEMENTED),
    *[((), verb, replies.NOT_IMPLEMENTED) for verb in (b"EXPN x", b"ETRN x", b"AUTH PLAIN AA==", b"TURN", b"SAML x")],
    ((b"EHLO c",), b"MAIL", replies.BAD_ARGUMENTS),
    ((b"EHLO c",), b"MAIL TO:<a@x.example>", replies.BAD_ARGUMENTS),
    ((b"EHLO c",), b"MAIL FROM:a@x.example", replies.BAD_REVERSE_PATH),
    ((b"EHLO c",), b"MAIL FROM:<", replies.BAD_REVERSE_PATH),
    ((b"EHLO c",), b'MAIL FROM:<"', replies.BAD_REVERSE_PATH),
    ((b"EHLO c",), b"MAIL FROM:<@", replies.BAD_REVERSE_PATH),
    ((b"EHLO c",), b"MAIL FROM:<a@[", replies.BAD_REVERSE_PATH),
    ((b"EHLO c",), b"MAIL FROM:<a@x.example>SIZE=1", replies.BAD_ARGUMENTS),
    ((b"EHLO c",), b"MAIL FROM:<a@x.example> SIZE=x", replies.BAD_PARAMETER_VALUE),
    ((b"EHLO c",), b"MAIL FROM:<a@x.example> SIZE=36700161", replies.MESSAGE_TOO_BIG),
    ((b"EHLO c",), b"MAIL FROM:<a@x.example> AUTH=<>", replies.UNKNOWN_PARAMETER),
    ((b"EHLO c",), b"MAIL FROM:<\xc3\xa9@x.example>", replies.NON_ASCII_ADDRESS),
    ((b"EHLO c",), b"MAIL FROM:<\xe9@x.example>", replies.BAD_REVERSE_PATH),
    ((b"EHLO c", b"MAIL FROM:<>"), b"MAIL FROM:<>", replies.NESTED_MAIL),
    ((b"EHLO c", b"MAIL FROM:<>"), b"DATA", replies.NEED_RCPT),
    ((b"EHLO c", b"MAIL FROM:<>"), b"RCPT TO:<>", replies.BAD_FORWARD_PATH),
    ((b"EHLO c", b"MAIL FROM:<>"), b"RCPT TO:<a@inside.example> FOO", replies.UNKNOWN_PARAMETER),
    ((b"EHLO c", b"MAIL FROM:<>"), b"RCPT TO:<a@inside.example> NOTIFY=NEVER,DELAY", replies.BAD_PARAMETER_VALUE),
    ((b"EHLO c", b"MAIL FROM:<>"), b"RCPT TO:<\xc3\xa9@inside.example>", replies.NON_ASCII_ADDRESS),
    ((b"EHLO c", b"MAIL FROM:<>"), b"RCPT TO:<a@outside.example>", replies.RELAY_DENIED),
    ((b"EHLO c", b"MAIL FROM:<>", b"RCPT TO:<a@inside.example>"), b"DATA now", replies.BAD_ARGUMENTS),
]


@pytest.mark.parametrize(("before", "command", "reply"), REFUSALS, ids=lambda value: str(value)[:40])
def test_refusals(before: tuple[bytes, ...], command: bytes, reply: Reply) -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        for line in before:
            client.expect(line, 250)
        assert str(client.command(command)) == str(reply)
        client.expect(b"NOOP", 250)  # ...and the session goes on


def test_other_commands() -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        assert str(client.expect(b"hElO client", 250)) == "250 gateway.example"
        client.expect(b"noop whatever \xc3\xa9", 250)
        client.expect(b"HELP", 214)
        assert client.expect(b"VRFY a@inside.example", 252).enhanced == "2.5.0"
        client.expect(b"MAIL FROM:<> ", 250)
        client.expect(b"RSET", 250)
        client.expect(b"MAIL from: <a@x.example>", 250)
        client.expect(b"rcpt to:<b@inside.example>  ", 250)
        client.expect(b"EHLO again", 250)  # ends the transaction (RFC 5321 §4.1.4)
        client.expect(b"DATA", 503)
        assert client.expect(b"QUIT", 221).enhanced == "2.0.0"


@pytest.mark.parametrize(
    "address",
    [
        b"victim%outside.example@inside.example",
        b"outside.example!victim@inside.example",
        b'"victim@outside.example"@inside.example',
        b"@inside.example:victim@outside.example",
        b"@inside.example,@inside.example:victim@outside.example",
        b"victim@inside.example@outside.example",
        b"victim@[127.0.0.1]",
        b"victim@inside.example.outside.example",
        b"a%b%outside.example@inside.example",
        b'"victim%[192.0.2.1]"@inside.example',
        b"victim%192.0.2.1@inside.example",
    ],
)
def test_no_way_round_the_relay_domains(address: bytes) -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example")
        assert client.command(b"RCPT TO:<%s>" % address).code in (550, 501)
        assert [verb for verb, _, _ in here.desk.asked] == ["MAIL"], "the next hop was asked"


def test_source_routes_are_judged_and_passed_on_without_the_route() -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        client.envelope(
            b"@a.example:a@x.example", b"@outside.example,@b.example:b@INSIDE.example", b"100%@inside.example"
        )
        assert [raw for _, raw, _ in here.desk.asked] == [
            b"a@x.example",
            b"b@INSIDE.example",
            b"100%@inside.example",
        ]


def test_parameters_are_kept_byte_for_byte() -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", parameters=b" size=100  Body=8bitMIME SMTPUTF8 RET=hdrs ENVID=aB+3Dc")
        client.expect("RCPT TO:<rené@inside.example> NOTIFY=success,Delay ORCPT=rfc822;B+40x".encode(), 250)
        client.data(b"x")
        envelope = here.desk.taken[0].envelope
        assert envelope.mail_parameters == (b"size=100", b"Body=8bitMIME", b"SMTPUTF8", b"RET=hdrs", b"ENVID=aB+3Dc")
        assert envelope.smtputf8
        assert envelope.recipients[0].parameters == (b"NOTIFY=success,Delay", b"ORCPT=rfc822;B+40x")
        assert envelope.recipients[0].path.raw == "rené@inside.example".encode()


def test_what_the_next_hop_lacks_is_refused() -> None:
    with house(FakeDesk(offered=NextHopOffer())) as here, SmtpDialogue(here.address) as client:
        client.expect(b"EHLO client", 250)
        assert str(client.command(b"MAIL FROM:<a@x.example> SMTPUTF8")) == str(replies.NEEDS_SMTPUTF8)
        assert client.command(b"MAIL FROM:<a@x.example> RET=FULL").code == 555
        client.expect(b"MAIL FROM:<a@x.example>", 250)
        assert client.command(b"RCPT TO:<b@inside.example> NOTIFY=NEVER").code == 555


def test_the_next_hops_answers_are_passed_on() -> None:
    unknown = Reply(550, "5.1.1", "No such user")
    full = Reply(452, "4.2.2", "Mailbox full")
    desk = FakeDesk(rcpt_replies={b"no@inside.example": unknown, b"full@inside.example": full})
    with house(desk) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example")
        assert str(client.command(b"RCPT TO:<no@inside.example>")) == str(unknown)
        assert str(client.command(b"RCPT TO:<full@inside.example>")) == str(full)
        assert str(client.command(b"DATA")) == str(replies.NO_RECIPIENT_YET)
        client.expect(b"RSET", 250)
        client.expect(b"MAIL FROM:<a@x.example>", 250)
        assert str(client.command(b"RCPT TO:<no@inside.example>")) == str(unknown)
        assert str(client.command(b"DATA")) == str(replies.NO_VALID_RECIPIENTS)
        client.expect(b"RCPT TO:<yes@inside.example>", 250)
        desk.take_reply = Reply(554, "5.7.1", "Go away")
        assert str(client.data(b"x")) == "554 5.7.1 Go away"
        desk.mail_reply = Reply(451, "4.4.1", "Next system cannot be reached")
        assert str(client.command(b"MAIL FROM:<a@x.example>")) == "451 4.4.1 Next system cannot be reached"
        assert str(client.command(b"RCPT TO:<yes@inside.example>")) == str(replies.NEED_MAIL)


def test_a_fault_of_ours_is_temporary_and_says_nothing_of_itself() -> None:
    async def explode(_submission: object) -> Reply:
        raise ValueError("secret")

    desk = FakeDesk(on_take=explode)
    with house(desk) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        assert str(client.data(b"x")) == str(replies.LOCAL_PROBLEM)
        desk.fault = KeyError("secret")
        client.expect(b"MAIL FROM:<>", 250)
        assert str(client.command(b"RCPT TO:<b@inside.example>")) == str(replies.LOCAL_PROBLEM)
        client.expect(b"NOOP", 250)
        assert [name for name, _ in here.observer.events] == ["message_fault", "session_fault", "refused"]
        assert "secret" not in str(here.observer.events)


def test_a_fault_in_mid_body_ends_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_reader: DataReader, _data: bytes) -> bytes | None:
        raise ValueError("secret")

    with house() as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        monkeypatch.setattr(DataReader, "feed", fail)
        client.send(b"DATA\r\nRSET\r\nMAIL FROM:<evil@x.example>\r\n")
        assert client.read().code == 354
        assert str(client.read()) == str(replies.OVERLOADED)
        assert client.is_closed()
        assert len(here.desk.clients) == 1


def test_a_next_hop_that_cannot_be_let_go_is_no_reason_to_read_a_body_as_commands() -> None:
    desk = FakeDesk(release_fault=ValueError("secret"))
    with house(desk) as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        assert client.data(b"RSET").code == 250
        ((name, fields),) = here.observer.events
        assert (name, fields["error"], fields["level"]) == ("session_fault", "ValueError", "error")
        assert str(fields["place"]).startswith("release:")


def test_an_envelope_has_its_size() -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example")
        line = b"RCPT TO:<" + b"x" * 400 + b"@inside.example> ORCPT=rfc822;" + b"x" * 480
        answers = client.commands(*[line] * 400)
        codes = [answer.code for answer in answers]
        assert 250 < codes.count(250) < 350
        assert codes.count(452) == 400 - codes.count(250)
        assert client.data(b"x").code == 250


def test_commands_that_end_with_a_bare_lf_are_not_done() -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        client.expect(b"EHLO client", 250)
        client.send(b"MAIL FROM:<a@x.example>\n")
        assert str(client.read()) == str(replies.BAD_CHARACTERS)
        client.expect(b"RCPT TO:<b@inside.example>", 503)
    listen = Listen(hostname="gateway.example", bare_newline="normalize")
    with house(listen=listen) as here, SmtpDialogue(here.address) as client:
        client.send(b"HELO client\nMAIL FROM:<a@x.example>\n")
        assert [client.read().code for _ in range(2)] == [250, 250]


def test_a_command_may_come_in_drops() -> None:
    with house() as here, SmtpDialogue(here.address) as client:
        for octet in b"EHLO client.example\r\n":
            client.send(bytes([octet]))
        assert client.read().code == 250


def test_nothing_is_logged_by_aiosmtpd(caplog: pytest.LogCaptureFixture) -> None:
    assert logging.getLogger("mail.log").getEffectiveLevel() >= logging.WARNING
    with house() as here, SmtpDialogue(here.address) as client:
        client.envelope(b"a@x.example", b"b@inside.example")
        client.data(b"Subject: secret")
        client.command(b"FOO secret")
    assert caplog.records == []


def test_the_longest_command_is_a_setting() -> None:
    with house(limits=Limits(command_line_bytes=1000)) as here, SmtpDialogue(here.address) as client:
        client.expect(b"NOOP " + b"x" * 990, 250)
        client.expect(b"NOOP " + b"x" * 1000, 500)
        client.expect(b"NOOP", 250)


def test_a_slow_next_hop_does_not_keep_the_answers_it_gave() -> None:
    desk = FakeDesk(delay_s=0.6)
    with house(desk) as here, SmtpDialogue(here.address, timeout_s=2.5) as client:
        client.expect(b"EHLO client", 250)
        client.send(b"MAIL FROM:<>\r\n" + b"RCPT TO:<b@inside.example>\r\n" * 5)
        began = time.monotonic()
        assert client.read().code == 250
        assert time.monotonic() - began < 2.5
        assert [client.read().code for _ in range(5)] == [250] * 5
        assert time.monotonic() - began > 3.0


def test_the_log_has_each_reason_once_a_session_and_no_flood() -> None:
    with house(limits=Limits(errors=1000)) as here:
        began = time.monotonic()
        for _ in range(40):
            with SmtpDialogue(here.address) as client:
                client.expect(b"EHLO client", 250)
                client.expect(b"MAIL FROM:<>", 250)
                for _ in range(3):
                    client.expect(b"RCPT TO:<x@outside.example>", 550)
        lines = [fields for name, fields in here.observer.events if name == "refused"]
        assert lines[0] == {"client": "127.0.0.1", "reason": "relay_denied", "code": 550, "untold": 0}
        assert len(lines) <= 20 * (time.monotonic() - began + 1)
        assert here.observer.refusals == ["relay_denied"] * 120
        assert "outside" not in str(lines)
