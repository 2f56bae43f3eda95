"""STARTTLS towards the next hop, with real certificates: never, opportunistic, require; and words slipped in."""

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
import trustme

from gateway.delivery.relay import NextHops
from gateway.model.errors import SettingsError
from gateway.settings.schema import NextHop
from tests.next_hops import CLIENT, HEAD, Recorder, envelope, next_hops, path, recipients
from tests.scripted_next_hop import ScriptedNextHop, Step, Then

BODY = memoryview(b"Bonjour\r\n" * 60_000)  # more than one piece, more than one record
Mode = Literal["never", "opportunistic", "require"]


@dataclass(frozen=True)
class Certificates:
    """What the tests need of an authority."""

    ca: trustme.CA
    ca_file: Path
    client_file: Path

    def server(self, name: str, *, asks_client: bool = False) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(name).configure_cert(context)
        if asks_client:
            context.verify_mode = ssl.CERT_REQUIRED
            self.ca.configure_trust(context)
        return context


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("tls")
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    ca.issue_cert("gw.example").private_key_and_cert_chain_pem.write_to_path(folder / "client.pem")
    return Certificates(ca, folder / "ca.pem", folder / "client.pem")


def settings_for(
    hop: ScriptedNextHop,
    tls: Mode,
    *,
    ca: Path | None = None,
    server_name: str | None = None,
    client: Path | None = None,
) -> NextHop:
    return NextHop(
        address=hop.address, tls=tls, ca=ca, server_name=server_name, client_certificate=client, reply_timeout_s=1.0
    )


async def deliver(hops: NextHops) -> str:
    return str((await hops.deliver(envelope(), recipients(), HEAD, BODY)).reply)


def test_require(certificates: Certificates) -> None:
    async def run() -> None:
        async with ScriptedNextHop(tls=certificates.server("hop.example")) as hop:
            settings = settings_for(hop, "require", ca=certificates.ca_file, server_name="hop.example")
            async with next_hops(settings) as hops:
                for _ in range(3):
                    assert (await deliver(hops)).startswith("250")
            assert [t.tls for t in hop.accepted] == [True] * 3
            assert hop.accepted[0].data == HEAD + bytes(BODY)
            assert len(hop.sessions) == 1
            assert [c.split()[0] for c in hop.sessions[0].commands[:4]] == [b"EHLO", b"STARTTLS", b"EHLO", b"MAIL"]

    asyncio.run(run())


def test_require_an_address_in_the_certificate(certificates: Certificates) -> None:
    async def run() -> None:
        async with (
            ScriptedNextHop(tls=certificates.server("127.0.0.1")) as hop,
            next_hops(settings_for(hop, "require", ca=certificates.ca_file)) as hops,
        ):
            assert (await deliver(hops)).startswith("250")

    asyncio.run(run())


def test_live_dialogue_over_tls(certificates: Certificates) -> None:
    async def run() -> None:
        async with (
            ScriptedNextHop(tls=certificates.server("127.0.0.1")) as hop,
            next_hops(settings_for(hop, "require", ca=certificates.ca_file)) as hops,
        ):
            for _ in range(3):
                dialogue = hops.open_dialogue(CLIENT)
                assert (await dialogue.mail(path("a@x.example"), (), False)).positive
                assert (await dialogue.rcpt(recipients()[0])).positive
                await dialogue.release()
                outcome = await hops.deliver(envelope(), recipients(), HEAD, memoryview(b"a\r\n"))
                assert outcome.reply.positive
            assert len(hop.sessions) == 1

    asyncio.run(run())


def test_require_refuses_what_it_can_not_trust(certificates: Certificates) -> None:
    async def run() -> None:
        for why, server, settings_of in (
            ("another name", certificates.server("other.example"), "hop.example"),
            ("another authority", _foreign("hop.example"), "hop.example"),
        ):
            async with ScriptedNextHop(tls=server) as hop:
                settings = settings_for(hop, "require", ca=certificates.ca_file, server_name=settings_of)
                async with next_hops(settings) as hops:
                    assert (await deliver(hops)).startswith("451 4.4.1"), why
                assert not hop.transactions

    asyncio.run(run())


def _foreign(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(name).configure_cert(context)
    return context


def test_require_refuses_a_hop_without_tls(certificates: Certificates) -> None:
    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop, "require")) as hops:
            assert (await deliver(hops)).startswith("451 4.4.1")
            assert not hop.transactions
        script = {"starttls": b"454 4.7.0 not now\r\n"}
        async with (
            ScriptedNextHop(script, tls=certificates.server("hop.example")) as hop,
            next_hops(settings_for(hop, "require")) as hops,
        ):
            assert (await deliver(hops)).startswith("451 4.4.1")
            assert not hop.transactions

    asyncio.run(run())


def test_opportunistic_takes_any_certificate() -> None:
    async def run() -> None:
        async with (
            ScriptedNextHop(tls=_foreign("who.example")) as hop,
            next_hops(settings_for(hop, "opportunistic")) as hops,
        ):
            assert (await deliver(hops)).startswith("250")
            assert hop.accepted[0].tls

    asyncio.run(run())


FALLBACKS = [
    ("refused", b"454 4.7.0 not now\r\n"),
    ("unknown", b"502 5.5.1 what\r\n"),
]


@pytest.mark.parametrize(("why", "answer"), FALLBACKS, ids=[c[0] for c in FALLBACKS])
def test_opportunistic_goes_on_in_clear_when_refused(why: str, answer: bytes) -> None:
    async def run() -> None:
        async with (
            ScriptedNextHop({"starttls": answer}, tls=_foreign("hop.example")) as hop,
            next_hops(settings_for(hop, "opportunistic")) as hops,
        ):
            assert (await deliver(hops)).startswith("250")
            assert not hop.accepted[0].tls
            assert len(hop.sessions) == 1

    asyncio.run(run())


def test_opportunistic_goes_on_in_clear_when_no_handshake_can_be_had() -> None:
    async def run() -> None:
        recorder = Recorder()
        old = _foreign("hop.example")
        old.minimum_version = ssl.TLSVersion.TLSv1_3
        old.set_ciphers("ALL")
        script = {"starttls": Step(say=b"220 go\r\n\x15\x03", then=Then.GO_ON)}
        async with (
            ScriptedNextHop({"starttls": [Step(say=b"220 go\r\n", then=Then.DROP)]}, tls=old) as hop,
            next_hops(settings_for(hop, "opportunistic"), recorder=recorder) as hops,
        ):
            assert (await deliver(hops)).startswith("250")
            assert not hop.accepted[0].tls
            assert recorder.events[0][0] == "next_hop_tls_failed"
        async with ScriptedNextHop(script, tls=old) as hop, next_hops(settings_for(hop, "opportunistic")) as hops:
            assert (await deliver(hops)).startswith("451 4.4.1"), "words before the handshake are an attack"

    asyncio.run(run())


def test_421_to_starttls_is_no_connection() -> None:
    async def run() -> None:
        script = {"starttls": [b"421 4.3.2 bye\r\n"]}
        async with (
            ScriptedNextHop(script, tls=_foreign("a.example")) as first,
            ScriptedNextHop() as second,
        ):
            settings = NextHop(address=(first.address, second.address))
            async with next_hops(settings) as hops:
                outcome = await hops.deliver(envelope(), recipients(), HEAD, BODY)
                assert outcome.next_hop == second.address

    asyncio.run(run())


@pytest.mark.parametrize("tls", ["opportunistic", "require"])
@pytest.mark.parametrize("injected", [b"250 evil\r\n", b"250-evil\r\n", b"2", b"\r\n"])
def test_injected_words(tls: Mode, injected: bytes, certificates: Certificates) -> None:
    """What came in clear behind the 220 is never taken for an answer given under TLS (CVE-2021-38371 and its kin)."""

    async def run() -> None:
        script = {"starttls": Step(say=b"220 go\r\n" + injected)}
        async with ScriptedNextHop(script, tls=certificates.server("hop.example")) as hop:
            settings = settings_for(hop, tls, ca=certificates.ca_file, server_name="hop.example")
            async with next_hops(settings) as hops:
                assert (await deliver(hops)).startswith("451 4.4.1")
            assert not hop.transactions

    asyncio.run(run())


def test_never(certificates: Certificates) -> None:
    async def run() -> None:
        async with (
            ScriptedNextHop(tls=certificates.server("hop.example")) as hop,
            next_hops(settings_for(hop, "never")) as hops,
        ):
            assert (await deliver(hops)).startswith("250")
            assert b"STARTTLS" not in hop.sessions[0].commands

    asyncio.run(run())


def test_client_certificate(certificates: Certificates) -> None:
    async def run() -> None:
        async with ScriptedNextHop(tls=certificates.server("hop.example", asks_client=True)) as hop:
            settings = settings_for(
                hop,
                "require",
                ca=certificates.ca_file,
                server_name="hop.example",
                client=certificates.client_file,
            )
            async with next_hops(settings) as hops:
                assert (await deliver(hops)).startswith("250")
            assert hop.sessions[0].client_certificate

    asyncio.run(run())


@pytest.mark.parametrize("setting", ["ca", "client_certificate"])
def test_unreadable_files_are_told_at_the_start(setting: str, tmp_path: Path) -> None:
    (tmp_path / "broken.pem").write_text("no certificate")
    for file in (tmp_path / "missing.pem", tmp_path / "broken.pem"):
        settings = NextHop(tls="require").model_copy(update={setting: file})
        with pytest.raises(SettingsError, match=f"next_hop.{setting}"):
            NextHops(next_hop=settings, routes={}, hostname="gw.example", observer=Recorder())
