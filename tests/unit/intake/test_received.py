"""Our Received field, and that nothing a client says gets out of its place in it."""

from datetime import UTC, datetime
from email import message_from_bytes
from ipaddress import ip_address

import pytest

from gateway.intake.received import count_own_received, received_field
from gateway.model.address import Path
from gateway.model.envelope import Client, Envelope, Recipient, Submission
from gateway.model.message import HeaderField

ONE = (Recipient(path=Path(b"b@inside.example", None)),)
TWO = (*ONE, Recipient(path=Path(b"c@inside.example", None)))


def submission(client: Client, *, utf8: bool = False) -> Submission:
    envelope = Envelope(client=client, mail_parameters=(b"smtputf8",) if utf8 else (), recipients=TWO)
    return Submission(
        id="0123456789abcdefgh",
        envelope=envelope,
        raw=b"",
        received_at=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        listener_hostname="mx.inside.example",
    )


def test_the_whole_field() -> None:
    client = Client(
        address=ip_address("192.0.2.7"),
        name="mail.x.example",
        helo="helo.x.example",
        tls="TLSv1.3 TLS_AES_256_GCM_SHA384",
    )
    assert received_field(submission(client), ONE) == (
        b"Received: from helo.x.example (mail.x.example [192.0.2.7])\r\n"
        b"\t(using TLSv1.3 TLS_AES_256_GCM_SHA384)\r\n"
        b"\tby mx.inside.example (vitalgate) with ESMTPS id 0123456789abcdefgh\r\n"
        b"\tfor <b@inside.example>;\r\n"
        b"\tTue, 03 Feb 2026 04:05:06 +0000\r\n"
    )


@pytest.mark.parametrize(
    ("client", "utf8", "words"),
    [
        (Client(address=None), False, ["from unknown (unknown unknown)", "with ESMTP id"]),
        (
            Client(address=ip_address("2001:db8::1"), extended=False),
            False,
            ["(unknown [IPv6:2001:db8::1])", "with SMTP id"],
        ),
        (Client(address=None, helo="[192.0.2.1]"), True, ["from [192.0.2.1] (", "with UTF8SMTP id"]),
        (Client(address=None, tls="x"), True, ["with UTF8SMTPS id"]),
    ],
)
def test_kinds(client: Client, utf8: bool, words: list[str]) -> None:
    field = received_field(submission(client, utf8=utf8), TWO).decode()
    for word in words:
        assert word in field
    assert "for <" not in field


@pytest.mark.parametrize(
    "text",
    ["a\r\nX-Evil: yes", "a)(b;c", "a by evil with x;", "\x1b[2J", "é\u2028", '"<>@,\\', "x" * 5000, "=?utf-8?q?x?="],
)
def test_hostile_text_stays_in_its_place(text: str) -> None:
    client = Client(address=None, name=text, helo=text, tls=text)
    field = received_field(submission(client), (Recipient(path=Path(text.encode(), None)),))
    assert len(field) < 2000
    assert field.isascii()
    lines = field.split(b"\r\n")
    assert lines[-1] == b""
    assert all(line.startswith(b"\t") for line in lines[1:-1])
    assert b"\r" not in field.replace(b"\r\n", b"")
    assert b"\n" not in field.replace(b"\r\n", b"")
    assert field.count(b";") == 1
    assert field.count(b"(") == field.count(b")") == 3
    assert message_from_bytes(field + b"\r\n").keys() == ["Received"]


def test_own_fields_are_known() -> None:
    ours = received_field(submission(Client(address=None)), ONE)[len("Received:") : -2]
    fields = [HeaderField("received", value, 0, 0) for value in (ours, b" from x by mx.inside.example with SMTP", ours)]
    assert count_own_received(fields, "mx.inside.example") == 2
    assert count_own_received(fields, "mx.other.example") == 0
