"""STARTTLS over real sockets (RFC 3207)."""

import ssl
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from gateway.intake.listener import server_context
from gateway.model import reply as replies
from gateway.settings.schema import Limits, Listen, ListenTls
from tests.loopback.intake.house import house
from tests.smtp_dialogue import SmtpDialogue


@dataclass
class Keys:
    tls: ListenTls
    client: ssl.SSLContext


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    authority = trustme.CA()
    issued = authority.issue_cert("gateway.example")
    folder: Path = tmp_path_factory.mktemp("tls")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    for blob in issued.cert_chain_pems:
        blob.write_to_path(folder / "cert.pem", append=True)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return Keys(ListenTls(certificate=folder / "cert.pem", key=folder / "key.pem"), context)


def listen(keys: Keys, *, require: bool = False) -> Listen:
    return Listen(hostname="gateway.example", tls=keys.tls.model_copy(update={"require": require}))


def test_a_message_over_tls(keys: Keys) -> None:
    with house(listen=listen(keys)) as here, SmtpDialogue(here.address) as client:
        assert "STARTTLS" in client.capabilities()
        client.start_tls(keys.client, "gateway.example")
        assert str(client.command(b"MAIL FROM:<>")) == str(replies.NEED_EHLO)  # what was said before is forgotten
        assert "STARTTLS" not in client.capabilities()
        client.expect(b"STARTTLS", 503)
        client.envelope(b"a@x.example", b"b@inside.example")
        assert client.data(b"x" * 1_000_000).code == 250
        assert here.desk.clients[0].tls.startswith("TLSv1.3 TLS_")
        assert len(here.desk.taken[0].raw) == 1_000_002
        client.expect(b"QUIT", 221)


def test_what_was_injected_before_the_handshake_is_never_done(keys: Keys) -> None:
    with house(listen=listen(keys)) as here, SmtpDialogue(here.address) as client:
        client.expect(b"EHLO client", 250)
        client.expect(b"MAIL FROM:<evil@x.example>", 250)
        client.start_tls(
            keys.client, "gateway.example", injected=b"EHLO evil\r\nMAIL FROM:<evil@x.example>\r\nNOOP\r\n"
        )
        assert here.desk.open_dialogues == 0
        assert str(client.command(b"MAIL FROM:<>")) == str(replies.NEED_EHLO)
        client.expect(b"EHLO client", 250)
        client.expect(b"MAIL FROM:<good@x.example>", 250)


def test_tls_required(keys: Keys) -> None:
    with house(listen=listen(keys, require=True)) as here, SmtpDialogue(here.address) as client:
        client.expect(b"EHLO client", 250)
        for line in (b"MAIL FROM:<>", b"RCPT TO:<b@inside.example>", b"DATA", b"VRFY x"):
            assert str(client.command(line)) == str(replies.TLS_REQUIRED)
        client.expect(b"NOOP", 250)
        client.start_tls(keys.client, "gateway.example")
        client.envelope(b"a@x.example", b"b@inside.example")
        assert client.data(b"x").code == 250


def test_a_handshake_that_fails_ends_the_session(keys: Keys) -> None:
    with house(listen=listen(keys)) as here, SmtpDialogue(here.address) as client:
        client.expect(b"EHLO client", 250)
        client.expect(b"STARTTLS", 220)
        client.send(b"EHLO client\r\n" * 20)
        while client.socket.recv(4096):
            pass
    with house(listen=listen(keys)) as here, SmtpDialogue(here.address) as client:
        client.expect(b"STARTTLS", 220)
        client.reset()


def test_a_flood_right_after_the_handshake_does_not_stop_the_session(keys: Keys) -> None:
    limits = Limits(commands_without_mail=1_000_000)
    with house(listen=listen(keys), limits=limits) as here, SmtpDialogue(here.address) as client:
        client.start_tls(keys.client, "gateway.example")
        client.send(b"NOOP\r\n" * 50_000)
        for _ in range(50_000):
            assert client.read().code == 250
        client.expect(b"QUIT", 221)


def test_a_client_that_hangs_up_tls_after_the_dot_stops_nothing(keys: Keys) -> None:
    with house(listen=listen(keys)) as here:
        with SmtpDialogue(here.address) as client:
            client.start_tls(keys.client, "gateway.example")
            client.envelope(b"a@x.example", b"b@inside.example")
            client.expect(b"DATA", 354)
            client.send(b"x\r\n.\r\n")
        ends = time.monotonic() + 5
        while here.desk.finished == 0:
            assert time.monotonic() < ends
            time.sleep(0.01)


def test_a_bad_certificate_is_told_at_start(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("x")
    with pytest.raises(OSError, match="PEM"):
        server_context(ListenTls(certificate=tmp_path / "x.pem", key=tmp_path / "x.pem"))
