"""Who a trusted front may say that the client is, and that nobody else may."""

import struct

import pytest

from gateway.model import reply as replies
from gateway.model.envelope import Client
from gateway.settings.schema import Listen
from tests.loopback.intake.house import house
from tests.smtp_dialogue import SmtpDialogue

TRUSTED = Listen.model_validate({"hostname": "gateway.example", "trusted_clients": ["127.0.0.1"]})
PROXIED = Listen.model_validate({"hostname": "gateway.example", "proxy_protocol": True})
V2 = b"\r\n\r\n\0\r\nQUIT\n"


def deliver(client: SmtpDialogue) -> None:
    client.expect(b"MAIL FROM:<a@x.example>", 250)
    client.expect(b"RCPT TO:<b@inside.example>", 250)
    assert client.data(b"x").code == 250


def test_xforward() -> None:
    with house(listen=TRUSTED) as here, SmtpDialogue(here.address) as front:
        offered = front.capabilities()
        assert {"NAME", "ADDR", "PORT", "PROTO", "HELO"} <= set(offered["XFORWARD"].split())
        assert {"NAME", "ADDR", "PORT", "PROTO", "HELO"} <= set(offered["XCLIENT"].split())
        front.expect(b"XFORWARD NAME=mail+2Ex.example ADDR=192.0.2.7 PORT=4711", 250)
        front.expect(b"xforward proto=SMTP helo=say+20what SOURCE=REMOTE IDENT=abc", 250)
        deliver(front)
        assert here.desk.clients[0] == Client(
            address=here.desk.taken[0].envelope.client.address,
            port=4711,
            name="mail.x.example",
            helo="say what",
            extended=False,
            announced_by="127.0.0.1",
        )
        assert str(here.desk.clients[0].address) == "192.0.2.7"
        deliver(front)  # what was said held for one transaction
        assert str(here.desk.clients[1].address) == "127.0.0.1"
        assert here.desk.clients[1].helo == "client.example"
        front.expect(b"XFORWARD ADDR=IPV6:2001:db8::1 HELO=[UNAVAILABLE] NAME=[UNAVAILABLE] PORT=[UNAVAILABLE]", 250)
        deliver(front)
        assert str(here.desk.clients[2].address) == "2001:db8::1"
        assert (here.desk.clients[2].helo, here.desk.clients[2].name, here.desk.clients[2].port) == ("", "", None)
        front.expect(b"XFORWARD ADDR=IPV6:::ffff:192.0.2.9", 250)
        deliver(front)
        assert str(here.desk.clients[3].address) == "192.0.2.9"
        front.expect(b"XFORWARD ADDR=[UNAVAILABLE]", 250)
        deliver(front)
        assert here.desk.clients[4].address is None


@pytest.mark.parametrize(
    "argument",
    [
        b"",
        b"ADDR",
        b"ADDR=",
        b"ADDR=x",
        b"PORT=99999",
        b"PORT=x",
        b"FOO=1",
        b"NAME=+ZZ",
        b"HELO=a+0Ab",
        b"ADDR=1.2.3.4 ADDR=1.2.3.4",
        b"PROTO=HTTP",
        b"HELO=" + b"x" * 300,
    ],
)
def test_what_makes_no_sense_is_refused(argument: bytes) -> None:
    with house(listen=TRUSTED) as here, SmtpDialogue(here.address) as front:
        front.expect(b"EHLO front", 250)
        code = 250 if argument == b"ADDR=" else 501
        assert front.command(b"XFORWARD " + argument).code == code
        front.expect(b"MAIL FROM:<>", 250)
        assert front.command(b"XFORWARD ADDR=192.0.2.1").code == 503
        assert front.command(b"XCLIENT ADDR=192.0.2.1").code == 503


def test_xclient() -> None:
    with house(listen=TRUSTED) as here, SmtpDialogue(here.address) as front:
        front.expect(b"EHLO front", 250)
        assert str(front.command(b"XCLIENT ADDR=192.0.2.7 NAME=mail.x.example HELO=helo.x.example PROTO=ESMTP")) == str(
            front.banner
        )
        assert front.command(b"MAIL FROM:<>").code == 503
        front.expect(b"EHLO front", 250)
        for _ in range(2):
            deliver(front)
        for client in here.desk.clients:
            assert (str(client.address), client.name, client.helo) == ("192.0.2.7", "mail.x.example", "helo.x.example")


def test_nobody_else_is_believed() -> None:
    listen = Listen.model_validate({"hostname": "gateway.example", "trusted_clients": ["192.0.2.0/24"]})
    with house(listen=listen) as here, SmtpDialogue(here.address) as client:
        assert not {"XFORWARD", "XCLIENT"} & set(client.capabilities())
        assert str(client.command(b"XFORWARD ADDR=192.0.2.1")) == str(replies.NOT_A_TRUSTED_CLIENT)
        assert str(client.command(b"XCLIENT ADDR=192.0.2.1")) == str(replies.NOT_A_TRUSTED_CLIENT)
        deliver(client)
        assert str(here.desk.clients[0].address) == "127.0.0.1"


def v2(command: int, family: int, addresses: bytes) -> bytes:
    return V2 + struct.pack("!BBH", command, family, len(addresses)) + addresses


V4_ADDRESSES = bytes([192, 0, 2, 7, 192, 0, 2, 8]) + struct.pack("!HH", 4711, 25)
V6_ADDRESSES = bytes.fromhex("20010db8" + "0" * 23 + "1") + bytes(16) + struct.pack("!HH", 4711, 25)
MAPPED = bytes(10) + b"\xff\xff" + bytes([192, 0, 2, 7]) + bytes(16) + struct.pack("!HH", 4711, 25)
TLV = b"\x04\x00\x03abc"
HEADERS = [
    (b"PROXY TCP4 192.0.2.7 192.0.2.8 4711 25\r\n", "192.0.2.7", 4711),
    (b"PROXY TCP6 2001:db8::1 2001:db8::2 4711 25\r\n", "2001:db8::1", 4711),
    (b"PROXY TCP6 ::ffff:192.0.2.7 ::1 4711 25\r\n", "192.0.2.7", 4711),
    (b"PROXY UNKNOWN\r\n", "127.0.0.1", None),
    (b"PROXY UNKNOWN whatever\r\n", "127.0.0.1", None),
    (v2(0x21, 0x11, V4_ADDRESSES), "192.0.2.7", 4711),
    (v2(0x21, 0x11, V4_ADDRESSES + TLV), "192.0.2.7", 4711),
    (v2(0x21, 0x21, V6_ADDRESSES), "2001:db8::1", 4711),
    (v2(0x21, 0x21, MAPPED), "192.0.2.7", 4711),
    (v2(0x20, 0x00, b""), "127.0.0.1", None),
    (v2(0x20, 0x11, V4_ADDRESSES), "127.0.0.1", None),
    (v2(0x21, 0x00, b""), "127.0.0.1", None),
    (v2(0x21, 0x31, bytes(216)), "127.0.0.1", None),
]


@pytest.mark.parametrize(("header", "address", "port"), HEADERS, ids=lambda value: repr(value)[:40])
@pytest.mark.parametrize("drops", [False, True])
def test_proxy_header(header: bytes, address: str, port: int | None, drops: bool) -> None:
    with house(listen=PROXIED) as here, SmtpDialogue(here.address, greeting=False) as client:
        if drops:
            for octet in header:
                client.send(bytes([octet]))
            client.send(b"EHLO client\r\n")
        else:
            client.send(header + b"EHLO client\r\n")
        assert client.read().code == 220
        assert client.read().code == 250
        deliver(client)
        got = here.desk.clients[0]
        assert str(got.address) == address
        if port is not None:
            assert (got.port, got.announced_by) == (port, "127.0.0.1")


@pytest.mark.parametrize(
    "header",
    [
        b"EHLO client\r\n",
        b"\r\nNOOP",
        b"PROXY TCP4 192.0.2.7 192.0.2.8 4711\r\n",
        b"PROXY TCP4 2001:db8::1 192.0.2.8 4711 25\r\n",
        b"PROXY TCP4 192.0.2.7 192.0.2.8 4711 99999\r\n",
        b"PROXY TCP5 192.0.2.7 192.0.2.8 4711 25\r\n",
        b"PROXY TCP4 x y 4711 25\r\n",
        b"PROXY " + b"x" * 200,
        v2(0x31, 0x11, V4_ADDRESSES),
        v2(0x22, 0x11, V4_ADDRESSES),
        v2(0x21, 0x11, b"1234"),
        v2(0x21, 0x41, V4_ADDRESSES),
        V2 + b"\x21\x11\xff\xff",
    ],
    ids=lambda header: repr(header[:30]),
)
def test_without_a_good_proxy_header_nothing_begins(header: bytes) -> None:
    with house(listen=PROXIED) as here, SmtpDialogue(here.address, greeting=False, first=header) as client:
        assert str(client.read()) == str(replies.PROXY_HEADER_EXPECTED)
        assert client.is_closed()


def test_only_listed_proxies_are_believed_where_some_are_listed() -> None:
    listen = Listen.model_validate(
        {"hostname": "gateway.example", "proxy_protocol": True, "trusted_clients": ["192.0.2.0/24"]}
    )
    with house(listen=listen) as here, SmtpDialogue(here.address, greeting=False) as client:
        assert str(client.read()) == str(replies.PROXY_HEADER_EXPECTED)


def test_who_comes_through_a_trusted_proxy_is_not_trusted_for_that() -> None:
    listen = Listen.model_validate(
        {"hostname": "gateway.example", "proxy_protocol": True, "trusted_clients": ["127.0.0.1"]}
    )
    with house(listen=listen) as here:
        first = b"PROXY TCP4 192.0.2.7 192.0.2.8 4711 25\r\n"
        with SmtpDialogue(here.address, first=first) as client:
            assert client.command(b"XCLIENT ADDR=198.51.100.1").code == 550
