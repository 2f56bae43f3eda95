"""The client without sockets: transcripts of what is said and heard."""

import pytest

from gateway.delivery.replies import Fault
from gateway.delivery.smtp_client import (
    DATA,
    QUIT,
    RSET,
    STARTTLS,
    Command,
    SmtpClient,
    State,
    UnsafeCommand,
    Verb,
    mail_command,
    rcpt_command,
)

EHLO = Command(Verb.EHLO, b"EHLO gw.example")
MAIL = mail_command(b"a@x.example", (b"SIZE=5",))
RCPT = rcpt_command(b"b@y.example")
GROUP = (MAIL, RCPT, DATA)
PIPELINING = b"250-hop\r\n250 PIPELINING\r\n"


def opened(ehlo: bytes = PIPELINING) -> SmtpClient:
    client = SmtpClient()
    client.receive(b"220 hop\r\n")
    assert client.put(EHLO) == b"EHLO gw.example\r\n"
    client.receive(ehlo)
    assert client.usable
    return client


def test_a_whole_delivery() -> None:
    client = opened()
    assert client.put(*GROUP) == b"MAIL FROM:<a@x.example> SIZE=5\r\nRCPT TO:<b@y.example>\r\nDATA\r\n"
    client.receive(b"250 ok\r\n250 o")
    assert not client.settled
    client.receive(b"k\r\n354 go\r\n")
    assert client.settled
    assert client.wants_data
    client.data_sent()
    assert not client.settled
    assert not client.delivered
    client.receive(b"250 2.0.0 queued\r\n")
    assert client.delivered
    assert client.usable
    assert not client.in_transaction


def test_without_pipelining_commands_wait_for_one_another() -> None:
    client = opened(b"250 hop\r\n")
    assert client.put(*GROUP) == b"MAIL FROM:<a@x.example> SIZE=5\r\n"
    assert client.receive(b"250 ok\r\n") == b"RCPT TO:<b@y.example>\r\n"
    assert client.receive(b"250-ok\r\n") == b""
    assert client.receive(b"250 ok\r\n") == b"DATA\r\n"
    client.receive(b"354 go\r\n")
    assert client.wants_data


def test_without_pipelining_a_refusal_ends_the_group() -> None:
    client = opened(b"250 hop\r\n")
    client.put(*GROUP)
    client.receive(b"250 ok\r\n")
    assert client.receive(b"550 no\r\n") == b""
    assert client.usable
    assert [a.code for a in client.answers] == [250, 550]


def test_without_pipelining_two_replies_at_once_are_one_too_many() -> None:
    client = opened(b"250 hop\r\n")
    client.put(*GROUP)
    client.receive(b"250 ok\r\n250 ok\r\n")
    assert client.fault is Fault.TRAILING


def test_a_refused_recipient_and_354_want_no_data() -> None:
    client = opened()
    client.put(MAIL, RCPT, RCPT, DATA)
    client.receive(b"250 ok\r\n550 no\r\n250 ok\r\n354 go\r\n")
    assert client.state is State.SENDING
    assert not client.wants_data
    with pytest.raises(RuntimeError):
        client.data_sent()


def test_354_without_mail_wants_no_data() -> None:
    client = opened()
    client.put(DATA)
    client.receive(b"354 go\r\n")
    assert not client.wants_data


def test_rset_and_the_next_transaction_in_one_group() -> None:
    client = opened()
    client.put(MAIL)
    client.receive(b"250 ok\r\n")
    assert client.in_transaction
    assert client.put(RSET, *GROUP).startswith(b"RSET\r\nMAIL")
    client.receive(b"250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n")
    assert client.wants_data


def test_tls_forgets_what_was_said_in_clear() -> None:
    client = opened(b"250-hop\r\n250-PIPELINING\r\n250 STARTTLS\r\n")
    client.put(STARTTLS)
    client.receive(b"220 go\r\n")
    assert client.state is State.HANDSHAKE
    client.tls_started()
    assert client.usable
    assert not client.features.pipelining


# What has been put, what comes then (in segments), and how it must end: (state, fault)
ODD = [
    ("greeting is a refusal", None, [b"554 no\r\n"], Fault.CLOSING),
    ("greeting is 354", None, [b"354 go\r\n"], Fault.MISPLACED),
    ("two greetings", None, [b"220 a\r\n220 b\r\n"], Fault.TRAILING),
    ("greeting and EHLO's answer", None, [b"220 a\r\n250-x\r\n250 PIPELINING\r\n"], Fault.TRAILING),
    ("unasked reply", (), [b"250 ok\r\n"], Fault.PREMATURE),
    ("unasked 421", (), [b"421 bye\r\n"], Fault.PREMATURE),
    ("unasked byte", (), [b"x"], Fault.PREMATURE),
    ("MAIL answered 354", (MAIL,), [b"354 go\r\n"], Fault.MISPLACED),
    ("MAIL answered twice", (MAIL,), [b"250 ok\r\n250 ok\r\n"], Fault.TRAILING),
    ("MAIL answered, and a bit more", (MAIL,), [b"250 ok\r\n2"], Fault.TRAILING),
    ("MAIL answered, more in another segment", (MAIL,), [b"250 ok\r\n", b"250 ok\r\n"], Fault.PREMATURE),
    ("group: one answer too many", GROUP, [b"250 a\r\n250 b\r\n250 c\r\n354 d\r\n"], Fault.MISPLACED),
    ("group: 354 too early", GROUP, [b"250 a\r\n354 b\r\n"], Fault.MISPLACED),
    ("DATA answered 250", GROUP, [b"250 a\r\n250 b\r\n250 c\r\n"], Fault.MISPLACED),
    ("DATA answered 334", GROUP, [b"250 a\r\n250 b\r\n334 c\r\n"], Fault.MISPLACED),
    ("answer to the dot with the 354", GROUP, [b"250 a\r\n250 b\r\n354 c\r\n250 taken\r\n"], Fault.TRAILING),
    ("answer to the dot before it", GROUP, [b"250 a\r\n250 b\r\n354 c\r\n", b"250 taken\r\n"], Fault.PREMATURE),
    ("garbage before the dot", GROUP, [b"250 a\r\n250 b\r\n354 c\r\n", b"\0"], Fault.PREMATURE),
    ("421 in the middle", GROUP, [b"250 a\r\n421 bye\r\n"], Fault.CLOSING),
    ("garbage in the middle", GROUP, [b"250 a\r\n", b"boo\r\n"], Fault.GARBAGE),
    ("RSET refused", (RSET,), [b"500 what\r\n"], Fault.MISPLACED),
    ("STARTTLS: injected", (STARTTLS,), [b"220 go\r\n250 evil\r\n"], Fault.TRAILING),
    ("STARTTLS: injected, half a line", (STARTTLS,), [b"220 go\r\n250"], Fault.TRAILING),
    ("STARTTLS: injected, later", (STARTTLS,), [b"220 go\r\n", b"250 evil\r\n"], Fault.PREMATURE),
    ("QUIT answered twice", (QUIT,), [b"221 bye\r\n221 bye\r\n"], Fault.TRAILING),
]


@pytest.mark.parametrize(("why", "put", "segments", "fault"), ODD, ids=[c[0] for c in ODD])
def test_odd(why: str, put: tuple[Command, ...] | None, segments: list[bytes], fault: Fault) -> None:
    client = SmtpClient() if put is None else opened()
    if put:
        client.put(*put)
    for segment in segments:
        client.receive(segment)
    assert (client.state, client.fault) == (State.CLOSED, fault), why
    assert not client.delivered
    assert client.receive(b"250 ok\r\n") == b""
    assert not client.delivered


DOT = [
    ("2xx", [b"250 ok\r\n"], True),
    ("2xx in pieces", [b"2", b"5", b"0 ok", b"\r", b"\n"], True),
    ("2xx of several lines", [b"250-a\r\n", b"250 b\r\n"], True),
    ("4xx", [b"452 full\r\n"], False),
    ("5xx", [b"554 spam\r\n"], False),
    ("354", [b"354 go\r\n"], False),
    ("421", [b"421 bye\r\n"], False),
    ("twice", [b"250 a\r\n250 b\r\n"], False),
    ("250 and 421", [b"250 a\r\n421 b\r\n"], False),
    ("550 and 250", [b"550 a\r\n250 b\r\n"], False),
    ("trailing byte", [b"250 a\r\n2"], False),
    ("unfinished", [b"250 a\r"], False),
    ("unfinished lines", [b"250-a\r\n"], False),
    ("disagreeing", [b"250-a\r\n550 b\r\n"], False),
    ("garbage", [b"ok\r\n"], False),
    ("nothing", [], False),
]


@pytest.mark.parametrize(("why", "segments", "delivered"), DOT, ids=[c[0] for c in DOT])
def test_answer_to_the_dot(why: str, segments: list[bytes], delivered: bool) -> None:
    client = opened()
    client.put(*GROUP)
    client.receive(b"250 a\r\n250 b\r\n354 c\r\n")
    client.data_sent()
    for segment in segments:
        client.receive(segment)
    client.close(Fault.CLOSED)
    assert client.delivered is delivered, why


def test_a_success_is_not_taken_back_by_what_comes_after() -> None:
    client = opened()
    client.put(*GROUP)
    client.receive(b"250 a\r\n250 b\r\n354 c\r\n")
    client.data_sent()
    client.receive(b"250 ok\r\n")
    client.receive(b"421 bye\r\n")
    assert client.delivered
    assert not client.usable


def test_the_next_group_forgets_the_last_success() -> None:
    client = opened()
    client.put(*GROUP)
    client.receive(b"250 a\r\n250 b\r\n354 c\r\n")
    client.data_sent()
    client.receive(b"250 ok\r\n")
    client.put(*GROUP)
    assert not client.delivered


@pytest.mark.parametrize("path", [b"a\r\nRCPT TO:<c@d>", b"a\nb", b"a\rb", b"a\0b"])
def test_a_command_is_one_line(path: bytes) -> None:
    with pytest.raises(UnsafeCommand):
        mail_command(path)
    with pytest.raises(UnsafeCommand):
        rcpt_command(b"b@y.example", (path,))


def test_nothing_is_put_out_of_turn() -> None:
    client = SmtpClient()
    with pytest.raises(RuntimeError):
        client.put(MAIL)
    client = opened()
    client.put(MAIL)
    with pytest.raises(RuntimeError):
        client.put(RCPT)
    with pytest.raises(RuntimeError):
        client.tls_started()
