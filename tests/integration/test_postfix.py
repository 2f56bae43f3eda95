"""Debian's Postfix in front (smtpd_proxy_filter, XFORWARD) and behind: what arrives is what was sent, byte for byte."""

import os
import smtplib
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.postfix import POSTFIX, PostfixInstance
from tests.real_gateway import RealGateway, free_port
from tests.scripted_next_hop import ScriptedNextHop, next_hop_in_thread

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(120),
    pytest.mark.skipif(os.getuid() != 0, reason="starting a Postfix of one's own needs root"),
]

TO = "accueil@mutuelle.example"
HEAD = b"From: Claire <claire@sender.example>\r\nTo: accueil@mutuelle.example\r\nMessage-ID: <1@s.example>\r\n"


@dataclass
class Chain:
    port: int
    gateway: RealGateway
    sink: ScriptedNextHop
    postfix: PostfixInstance


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    if POSTFIX is None:
        pytest.fail("Postfix is missing: apt-get install postfix (make test does it)")
    front, behind = free_port(), free_port()
    folder = tmp_path_factory.mktemp("postfix")
    with next_hop_in_thread(ScriptedNextHop(keywords=("PIPELINING", "SIZE 52428800", "8BITMIME"))) as sink:
        (folder / "gateway").mkdir()
        gateway = RealGateway(folder / "gateway", {"next_hop": {"address": f"127.0.0.1:{behind}"}})
        postfix = PostfixInstance(folder / "instance", front=front, gateway=gateway.port, behind=behind, sink=sink.port)
        with postfix, gateway:
            yield Chain(front, gateway, sink, postfix)


def through(chain: Chain, raw: bytes) -> bytes:
    """Send through the whole chain; what the sink got."""
    before = len(chain.sink.accepted)
    with smtplib.SMTP("127.0.0.1", chain.port, local_hostname="client.example", timeout=60) as client:
        client.ehlo()
        client.docmd("MAIL FROM:<claire@sender.example> BODY=8BITMIME")
        client.docmd(f"RCPT TO:<{TO}>")
        client.docmd("DATA")
        stuffed = raw.replace(b"\r\n.", b"\r\n..")
        client.send((b"." + stuffed if stuffed.startswith(b".") else stuffed) + b".\r\n")
        code, text = client.getreply()
    assert code == 250, (code, text, chain.postfix.log()[-2000:])
    limit = time.monotonic() + 40
    while len(chain.sink.accepted) == before:
        assert time.monotonic() < limit, chain.postfix.log()[-4000:]
        time.sleep(0.05)
    return chain.sink.accepted[-1].data or b""


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"Bonjour\r\n", id="plain"),
        pytest.param("Été à Besançon\r\n".encode() + bytes(range(0xA0, 0x100)) + b"\r\n", id="8-bit"),
        pytest.param(b"z" * 5000 + b"\r\n" + b"y" * 1200 + b"\r\n", id="long lines"),
        pytest.param(b".\r\n..\r\n.leading\r\nx\r\n.\r\n", id="dots"),
        pytest.param(b"", id="empty"),
        pytest.param(b"0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmno\r\n" * 400_000, id="25 MB"),
    ],
)
def test_the_whole_chain_keeps_every_byte(chain: Chain, body: bytes) -> None:
    raw = HEAD + b"Subject: essai\r\nDate: Wed, 25 Nov 2026 09:00:00 +0100\r\n\r\n" + body
    arrived = through(chain, raw)
    assert arrived.endswith(raw)
    added = arrived[: -len(raw)]
    assert b"X-Vitalgate: action=relay" in added
    assert added.count(b"Received: ") >= 2


def test_the_gateway_sees_the_real_client(chain: Chain) -> None:
    through(chain, HEAD + b"Subject: essai\r\n\r\nx\r\n")
    event = chain.gateway.message_event()
    assert event["client"] == "127.0.0.1"
    assert event["announced_by"] == "127.0.0.1"


def test_a_refusal_behind_reaches_the_client_in_front(chain: Chain) -> None:
    with smtplib.SMTP("127.0.0.1", chain.port, timeout=60) as client:
        client.ehlo()
        client.docmd("MAIL FROM:<claire@sender.example>")
        code, _ = client.docmd("RCPT TO:<someone@elsewhere.example>")
        if code == 250:  # Postfix takes it from its own network and asks the filter only now
            code, _ = client.docmd("DATA")
        assert code // 100 == 5


def test_held_mail_is_250_and_reaches_nobody(chain: Chain) -> None:
    before = len(chain.sink.accepted)
    raw = HEAD.replace(b"claire@sender", b"claire@strict") + b"Subject: essai\r\n\r\nx\r\n"
    with smtplib.SMTP("127.0.0.1", chain.port, timeout=60) as client:
        client.sendmail("claire@sender.example", [TO], raw)
    assert len(chain.gateway.held()) == 1
    assert len(chain.sink.accepted) == before
