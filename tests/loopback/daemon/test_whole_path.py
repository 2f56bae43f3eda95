"""The real daemon over real sockets: what is sent is relayed, tagged, held or refused, and nothing is lost or told."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real_gateway import RealGateway
from tests.scripted_next_hop import ScriptedNextHop, Step, Then, next_hop_in_thread
from tests.smtp_dialogue import Answer, DialogueError, SmtpDialogue

TO = b"accueil@mutuelle.example"
HONEST = (
    b"From: Claire <claire@sender.example>\r\nTo: accueil@mutuelle.example\r\nSubject: Bonjour\r\n"
    b"Message-ID: <1@sender.example>\r\nDate: Wed, 25 Nov 2026 09:00:00 +0100\r\n\r\nBonjour,\r\nA demain.\r\n"
)
FORGED = HONEST.replace(b"claire@sender.example", b"claire@strict.example")
SECRETS = ("planted-subject-token", "planted-body-token", "185057800608491", "FR7630006000011234567890189")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RealGateway, ScriptedNextHop]]:
    """One gateway and its next hop for all tests that leave them as they were."""
    with next_hop_in_thread(ScriptedNextHop()) as hop:
        sections = {"next_hop": {"address": hop.address, "reply_timeout_s": 2}}
        with RealGateway(tmp_path_factory.mktemp("gateway"), sections) as gateway:
            yield gateway, hop


@pytest.fixture
def hop(pair: tuple[RealGateway, ScriptedNextHop]) -> Iterator[ScriptedNextHop]:
    running = pair[1]
    running.script = {}
    running.transactions.clear()
    yield running
    running.script = {}


@pytest.fixture
def gateway(pair: tuple[RealGateway, ScriptedNextHop], hop: ScriptedNextHop) -> RealGateway:
    running = pair[0]
    for entry in running.held():
        running.command("quarantine", "delete", entry["id"])
    return running


@pytest.fixture
def own(tmp_path: Path, hop: ScriptedNextHop) -> Iterator[RealGateway]:
    """A gateway that a test may stop, kill or change."""
    with RealGateway(tmp_path, {"next_hop": {"address": hop.address, "reply_timeout_s": 2}}) as running:
        yield running


def send(
    gateway: RealGateway, raw: bytes, *to: bytes, mail_from: bytes = b"claire@sender.example", ip: str = "192.0.2.1"
) -> Answer:
    with SmtpDialogue(("127.0.0.1", gateway.port), timeout_s=30) as client:
        client.expect(b"EHLO front.example", 250)
        client.expect(f"XFORWARD ADDR={ip} NAME=mail.sender.example HELO=mail.sender.example".encode(), 250)
        client.expect(b"MAIL FROM:<%s>" % mail_from, 250)
        for address in to or (TO,):
            client.expect(b"RCPT TO:<%s>" % address, 250)
        client.expect(b"DATA", 354)
        stuffed = raw.replace(b"\r\n.", b"\r\n..")
        client.send((b"." + stuffed if stuffed.startswith(b".") else stuffed) + b".\r\n")
        return client.read()


def arrived(gateway: RealGateway, hop: ScriptedNextHop, number: int = 0) -> bytes:
    """What the next hop took, waiting until it has written that down."""
    gateway.wait_for(lambda: len(hop.accepted) > number)
    return hop.accepted[number].data or b""


def below_our_fields(data: bytes, sent: bytes) -> bytes:
    assert data.endswith(sent), (data[-200:], sent[-200:])
    return data[: -len(sent)] if sent else data


def test_honest_mail_passes_with_our_fields_on_top(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    answer = send(gateway, HONEST)
    assert answer.code == 250, answer
    added = below_our_fields(arrived(gateway, hop), HONEST)
    assert added.startswith(b"Received: ")
    assert b"\r\nAuthentication-Results: mx.mutuelle.example;" in added
    assert b"spf=pass" in added
    assert b"dkim=none" in added
    assert b"dmarc=none" in added
    assert b"\r\nX-Vitalgate: action=relay;" in added
    event = gateway.message_event(-1)
    assert event["disposition"] == "relay"
    assert event["client"] == "192.0.2.1"
    assert event["spf"] == "pass"
    gateway.wait_for(lambda: gateway.metric('vitalgate_messages_total{disposition="relay"}') >= 1)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"Subject: x\r\n\r\n", id="no body"),
        pytest.param(b"Subject: x\r\n\r\n.\r\n..\r\n...a\r\n", id="dots"),
        pytest.param(b"Subject: =?utf-8?q?=C3=A9?=\r\n\r\n" + bytes(range(128, 256)) + b"\r\n", id="8-bit"),
        pytest.param(b"Subject: x\r\n\r\n" + b"y" * 70_000 + b"\r\n", id="long line"),
        pytest.param(b"Subject: x\r\n\r\n" + b"0123456789abcde\r\n" * 1_400_000, id="25 MB"),
    ],
)
def test_bytes_arrive_as_they_were_sent(gateway: RealGateway, hop: ScriptedNextHop, raw: bytes) -> None:
    assert send(gateway, raw).code == 250
    below_our_fields(arrived(gateway, hop), raw)


def test_forged_fields_of_ours_are_removed(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    forged = b"Authentication-Results: MX.Mutuelle.Example; dmarc=pass\r\nX-Vitalgate-Reason: fine\r\n"
    foreign = b"Authentication-Results: other.example; spf=pass\r\n"
    assert send(gateway, forged + foreign + HONEST).code == 250
    data = arrived(gateway, hop)
    assert b"dmarc=pass" not in data
    assert b"X-Vitalgate-Reason: fine" not in data
    assert foreign in data


def test_a_forged_author_is_held_shown_released_and_deleted(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    assert send(gateway, FORGED).code == 250
    assert hop.accepted == []
    (entry,) = gateway.held()
    assert gateway.command("quarantine", "show", "--raw", entry["id"]).stdout == FORGED
    shown = gateway.command("quarantine", "show", entry["id"]).stdout.decode()
    assert "strict.example" in shown
    released = gateway.command("quarantine", "release", entry["id"])
    assert released.returncode == 0, released.stderr
    assert arrived(gateway, hop).endswith(FORGED)
    assert hop.accepted[0].recipients == [(TO, ())]
    assert gateway.held() == []
    assert send(gateway, FORGED).code == 250
    (entry,) = gateway.held()
    assert gateway.command("quarantine", "delete", entry["id"]).returncode == 0
    assert gateway.held() == []
    assert gateway.command("quarantine", "release", entry["id"]).returncode == 1


def test_a_released_message_passes_our_own_gateway(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    assert send(gateway, FORGED).code == 250
    (entry,) = gateway.held()
    gateway.command("quarantine", "release", entry["id"])
    back = b"Received: from front\r\n" + arrived(gateway, hop)
    assert send(gateway, back).code == 250
    assert len(hop.accepted) == 2
    assert b"X-Vitalgate-Release" not in arrived(gateway, hop, 1)
    assert send(gateway, back).code == 250
    assert len(hop.accepted) == 2, "a mark counts once"
    assert len(gateway.held()) == 1


@pytest.mark.parametrize(
    ("script", "stage", "code"),
    [
        ({"mail": b"451 4.3.0 busy\r\n"}, "mail", 451),
        ({"mail": b"550 5.7.1 no\r\n"}, "mail", 550),
        ({"rcpt": b"550 5.1.1 unknown\r\n"}, "rcpt", 550),
        ({"rcpt": b"450 4.2.0 greylisted\r\n"}, "rcpt", 450),
        ({"data": b"554 5.5.0 no\r\n"}, "dot", 554),
        ({"dot": b"552 5.3.4 too big\r\n"}, "dot", 552),
        ({"dot": b"452 4.3.1 full\r\n"}, "dot", 452),
        ({"dot": Step(say=b"", then=Then.DROP)}, "dot", 451),
        ({"dot": Step(say=b"", then=Then.RESET)}, "dot", 451),
        ({"dot": Step(say=b"", then=Then.SILENCE)}, "dot", 451),
        ({"dot": b"354 what\r\n"}, "dot", 451),
        ({"dot": b"nonsense\r\n"}, "dot", 451),
        ({"in_data": Step(then=Then.RESET, after_bytes=100)}, "dot", 451),
        ({"connect": Step(say=b"", then=Then.DROP)}, "mail", 451),
        ({"connect": b"554 5.3.2 closed\r\n"}, "mail", 451),
    ],
)
def test_faults_of_the_next_hop_reach_the_client(
    gateway: RealGateway, hop: ScriptedNextHop, script: dict[str, Step | bytes], stage: str, code: int
) -> None:
    hop.script = dict(script)
    with SmtpDialogue(("127.0.0.1", gateway.port)) as client:
        client.expect(b"EHLO client.example", 250)
        answer = client.command(b"MAIL FROM:<a@sender.example>")
        if stage != "mail":
            assert answer.code == 250
            answer = client.command(b"RCPT TO:<%s>" % TO)
        if stage == "dot":
            assert answer.code == 250
            answer = client.data(HONEST)
        assert answer.code // 100 == code // 100, client.dialogue()
        assert answer.code == code or code == 451
    assert hop.accepted == []


def test_a_next_hop_that_is_down_gives_451(gateway: RealGateway, hop: ScriptedNextHop, tmp_path: Path) -> None:
    other = tmp_path / "down"
    other.mkdir()
    with (
        RealGateway(other, {"next_hop": {"address": "127.0.0.1:1"}}) as down,
        SmtpDialogue(("127.0.0.1", down.port)) as client,
    ):
        client.expect(b"EHLO client.example", 250)
        assert client.command(b"MAIL FROM:<a@sender.example>").code == 451


def test_other_domains_are_refused(gateway: RealGateway) -> None:
    with SmtpDialogue(("127.0.0.1", gateway.port)) as client:
        client.expect(b"EHLO client.example", 250)
        client.expect(b"MAIL FROM:<a@sender.example>", 250)
        for path in (b"x@other.example", b"@mutuelle.example:x@other.example", b"x%other.example@nowhere.example"):
            assert client.command(b"RCPT TO:<%s>" % path).code == 550


def test_a_loop_is_refused(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    assert send(gateway, b"Received: by a.example\r\n" * 101 + HONEST).code == 554
    once = HONEST
    for code in (250, 250, 554):
        hop.transactions.clear()
        assert send(gateway, once).code == code
        once = arrived(gateway, hop) if code == 250 else b""


def test_nothing_of_a_mail_reaches_log_or_metrics(own: RealGateway, hop: ScriptedNextHop) -> None:
    raw = (
        b"From: a@strict.example\r\nSubject: planted-subject-token\r\nContent-Type: text/html; charset=x\r\n\r\n"
        b"<p>planted-body-token 1 85 05 78 006 084 91 185057800608491 FR7630006000011234567890189</p>"
        b"<a href='http://planted-body-token.example/planted-body-token'>x</a>\r\n"
    )
    for to in (TO, b"185057800608491@mutuelle.example"):
        send(own, raw, to)
    with SmtpDialogue(("127.0.0.1", own.port)) as client:
        client.command(b"planted-body-token")
        client.command(b"EHLO planted-body-token 185057800608491")
    own.wait_for(lambda: own.metric('vitalgate_messages_total{disposition="quarantine"}') == 2)
    for text in (own.log_file.read_text(), own.page()):
        for secret in SECRETS:
            assert secret not in text


def test_kill_in_mid_transaction_loses_nothing(own: RealGateway, hop: ScriptedNextHop) -> None:
    hop.script = {"dot": Step(delay_s=1.0)}
    with SmtpDialogue(("127.0.0.1", own.port)) as client:
        client.envelope(b"a@sender.example", TO)
        client.expect(b"DATA", 354)
        client.send(HONEST + b".\r\n")
        time.sleep(0.5)
        for pid in own.worker_pids():
            subprocess.run(["kill", "-9", str(pid)], check=True)
        with pytest.raises(DialogueError):
            client.read()
    hop.script = {}
    own.wait_for(lambda: own.events("child_died"))
    time.sleep(0.5)
    assert send(own, HONEST).code == 250, "the worker was replaced"
    assert own.metric("vitalgate_worker_restarts_total") == 1


def test_sigterm_finishes_what_is_past_the_dot(own: RealGateway, hop: ScriptedNextHop) -> None:
    hop.script = {"dot": Step(delay_s=1.0)}
    with SmtpDialogue(("127.0.0.1", own.port)) as client, SmtpDialogue(("127.0.0.1", own.port)) as idle:
        client.envelope(b"a@sender.example", TO)
        client.expect(b"DATA", 354)
        client.send(HONEST + b".\r\n")
        time.sleep(0.4)
        assert own.process is not None
        own.process.send_signal(signal.SIGTERM)
        assert idle.read().code == 421
        assert client.read().code == 250
    assert own.process.wait(10) == 0
    assert len(hop.accepted) == 1


def test_reload_takes_good_settings_and_keeps_old_ones(own: RealGateway, hop: ScriptedNextHop) -> None:
    own.settings["relay_domains"] = ["autre.example"]
    own.write_settings()
    assert own.process is not None
    own.process.send_signal(signal.SIGHUP)
    own.wait_for(lambda: len(own.events("ready")) == 2)
    assert send(own, HONEST, b"a@autre.example").code == 250
    own.config.write_text("policy: {mode: nonsense}\n")
    own.process.send_signal(signal.SIGHUP)
    own.wait_for(lambda: own.events("reload_failed"))
    assert own.metric("vitalgate_reload_success") == 0
    assert "policy.mode" in own.events("reload_failed")[0]["problems"][0]
    assert send(own, HONEST, b"a@autre.example").code == 250


def test_readiness(gateway: RealGateway) -> None:
    assert '"ready": true' in gateway.page("/readyz")
    assert '"alive": true' in gateway.page("/healthz")


def test_bad_settings_start_nothing(tmp_path: Path) -> None:
    config = tmp_path / "bad.yml"
    config.write_text("relay_domains: mutuelle.example\npolicy: {mode: x}\n")
    for command in ("serve", "check"):
        done = subprocess.run(
            [sys.executable, "-m", "gateway", command, "--config", str(config)], capture_output=True, check=False
        )
        assert done.returncode == 78
        assert done.stderr.decode().splitlines() == [
            f"{config}:1: relay_domains: must be a list: write it as [a, b] or one entry a line with `- `",
            f"{config}:2: policy.mode: must be 'watch', 'tag' or 'enforce'",
        ]


def test_a_port_in_use_exits_75(gateway: RealGateway, tmp_path: Path) -> None:
    other = tmp_path / "second"
    other.mkdir()
    second = RealGateway(other, {})
    second.settings["listen"][0]["address"] = f"127.0.0.1:{gateway.port}"
    second.write_settings()
    done = second.command("serve")
    assert done.returncode == 75
    assert f"127.0.0.1:{gateway.port}".encode() in done.stderr


def test_the_reload_command_checks_first_and_says_how_it_went(own: RealGateway, hop: ScriptedNextHop) -> None:
    assert own.command("reload").stdout == b"Reloaded.\n"
    own.config.write_text("policy: {mode: nonsense}\n")
    assert own.command("reload").returncode == 78
    own.write_settings()
    assert send(own, HONEST).code == 250
    own.stop()
    done = own.command("reload")
    assert done.returncode == 1
    assert b"no gateway runs" in done.stderr
