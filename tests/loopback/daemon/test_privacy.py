"""Health data stays in the mail (DESIGN §8): after mail of every kind, log, metrics, history and what the client hears
hold no subject, text, attachment name, NIR or IBAN; and a crash anywhere tells its place, never its text."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.daemon.reporting import Reporter
from gateway.model import reply as replies
from gateway.model.address import NULL_PATH
from gateway.model.envelope import Client, Envelope, Submission
from gateway.observe.counts import Counts
from gateway.observe.log import Log
from gateway.pipeline import Outcome
from tests.real_gateway import RealGateway
from tests.scripted_next_hop import ScriptedNextHop, next_hop_in_thread
from tests.smtp_dialogue import SmtpDialogue

TO = b"accueil@mutuelle.example"
NIR, SPACED_NIR, IBAN = b"185057800608491", b"1 85 05 78 006 084 91", b"FR7630006000011234567890189"
WORDS = (b"plantedsubject", b"plantedbody", b"plantedname", b"plantedheader", b"plantedfile", b"plantedcommand")
SECRETS = (*WORDS, NIR, SPACED_NIR, IBAN, b"FR76 3000 6000 0112 3456 7890 189", b"4970101234567890")
ALL = b" ".join(SECRETS)


def archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("plantedfile.exe", b"MZ" + ALL)
    return base64.encodebytes(data.getvalue()).replace(b"\n", b"\r\n")


def part(kind: bytes, body: bytes) -> bytes:
    return b'--b\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename="plantedname %s.bin"\r\n%s\r\n' % (
        kind,
        NIR,
        body,
    )


HEAD = b"From: plantedname <a@%s>\r\nSubject: plantedsubject " + NIR + b" " + IBAN + b"\r\nX-Odd: plantedheader\r\n"
KINDS = {
    "text": HEAD % b"sender.example" + b"\r\n" + ALL + b"\r\n",
    "forged": HEAD % b"strict.example" + b"\r\n" + ALL + b"\r\n",
    "html": HEAD % b"sender.example"
    + b"Content-Type: text/html\r\n\r\n<h1>plantedbody</h1><a href='https://site.example/plantedbody?n="
    + NIR
    + b"'>plantedbody</a><div style='display:none'>"
    + ALL
    + b"</div>\r\n",
    "attachments": HEAD % b"sender.example"
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + part(b"application/zip", b"Content-Transfer-Encoding: base64\r\n\r\n" + archive())
    + part(b"application/pdf", b"\r\n%PDF-1.4 plantedfile " + ALL)
    + part(b"image/png", b"\r\n\x89PNG\r\n\x1a\nplantedfile")
    + part(b"message/rfc822", b"\r\n" + HEAD % b"other.example" + b"\r\n" + ALL)
    + b"--b--\r\n",
    "broken": b"plantedheader\r\nFrom: =?plantedheader?q?" + NIR
    + b"\r\nContent-Type: multipart/x; boundary=\r\n\r\n" + ALL,
    "charset": HEAD % b"sender.example" + b"Content-Type: text/plain; charset=plantedheader\r\n\r\n"
    + ALL + b"\xff\r\n",
    "bare": HEAD % b"sender.example" + b"\r\nplantedbody\n.\nplantedbody\r\n",
    "deep": HEAD % b"sender.example" + b"Content-Type: multipart/mixed; boundary=plantedheader\r\n\r\n"
    + b"--plantedheader\r\nContent-Type: multipart/mixed; boundary=plantedheader\r\n\r\n" * 200 + ALL,
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, bytes]]:
    """Everything that was told, by where, after all this mail."""
    folder = tmp_path_factory.mktemp("privacy")
    with (
        next_hop_in_thread(ScriptedNextHop()) as hop,
        RealGateway(folder, {"next_hop": {"address": hop.address}}) as own,
    ):
        for raw in KINDS.values():
            for to in (TO, b"%s.plantedname@mutuelle.example" % NIR):
                with SmtpDialogue(("127.0.0.1", own.port), timeout_s=30) as client:
                    client.envelope(b"a@sender.example", to)
                    client.data(raw)
        hop.script = {"dot": b"550 5.7.1 plantedbody %s\r\n" % NIR}
        for command in (b"plantedcommand", b"EHLO plantedcommand " + NIR, b"MAIL FROM:<plantedcommand %s>" % NIR):
            with SmtpDialogue(("127.0.0.1", own.port)) as client:
                client.command(command)
        with SmtpDialogue(("127.0.0.1", own.port)) as client:
            client.envelope(b"a@sender.example", TO)
            client.data(KINDS["text"])
        with SmtpDialogue(("127.0.0.1", own.port)) as client:
            client.envelope(b"a@sender.example", TO)
            client.expect(b"DATA", 354)
            client.send(KINDS["text"][:100])
            client.reset()
        own.wait_for(lambda: len(own.events("message")) + len(own.events("refused")) >= 2 * len(KINDS) + 4)
        own.command("history", "--json")
        own.stop()
        history = b"".join(file.read_bytes() for file in folder.glob("history.db*"))
        spool = b"".join(
            file.read_bytes()
            for file in (folder / "quarantine").rglob("*")
            if file.is_file() and file.name != "audit.log"
        )
        yield {
            "log": own.log_file.read_bytes(),
            "history": history,
            "quarantine": spool,
            "audit": b"".join(file.read_bytes() for file in (folder / "quarantine").glob("audit.log")),
        }


@pytest.mark.parametrize("place", ["log", "quarantine", "audit"])
def test_nothing_planted_is_told(told: dict[str, bytes], place: str) -> None:
    if place == "log":
        assert told[place].count(b'"event":"message"') >= 2 * len(KINDS) - 4
    found = [secret for secret in SECRETS if secret in told[place]]
    # An address that somebody made of a word is an address: the log shows those, numbers in them masked.
    assert set(found) <= ({b"plantedname"} if place == "log" else set())


def test_the_history_holds_addresses_and_hosts_and_no_content(told: dict[str, bytes]) -> None:
    content = {b"plantedsubject", b"plantedbody", b"plantedheader", b"plantedfile", b"plantedcommand", IBAN, SPACED_NIR}
    assert [secret for secret in content if secret in told["history"]] == []


def test_a_page_of_metrics_holds_nothing_of_mail(tmp_path: Path) -> None:
    with RealGateway(tmp_path, {"next_hop": {"maildir": "d"}}) as own:
        for raw in KINDS.values():
            with SmtpDialogue(("127.0.0.1", own.port), timeout_s=30) as client:
                client.envelope(b"a@plantedname.example", TO)
                client.data(raw)
        own.wait_for(lambda: own.metric('vitalgate_messages_total{disposition="quarantine"}') >= 1)
        page = own.page().encode()
        assert [secret for secret in SECRETS if secret in page] == []


class Planted(ValueError):
    """An exception as a library raises it: with what it choked on."""


def crash(depth: int) -> None:
    secret = ALL.decode()  # a local variable, which some tracebacks show
    if depth:
        return crash(depth - 1)
    try:
        raise KeyError(secret)
    except KeyError as error:
        raise Planted(f"cannot decode {secret!r}", secret) from error


def test_a_crash_tells_its_place_and_never_its_text() -> None:
    lines: list[bytes] = []
    log = Log(write=lines.append)
    try:
        crash(3)
    except Planted as error:
        log.exception("unexpected", error, id="1k9zabcdefgh234567")
        log.exception("uncaught", ExceptionGroup(ALL.decode(), [error]))
    told = b"".join(lines)
    assert [secret for secret in SECRETS if secret in told] == []
    event = json.loads(lines[0])
    assert event["error"] == "Planted"
    assert any(place.startswith("crash:") for place in event["places"])


def test_a_message_that_crashed_the_analysis_is_reported_without_it() -> None:
    lines: list[bytes] = []
    rows: list[dict[str, object]] = []
    counts = Counts()
    submission = Submission(
        id="1k9zabcdefgh234567",
        envelope=Envelope(client=Client(address=None, helo="plantedcommand"), mail_from=NULL_PATH, recipients=()),
        raw=KINDS["forged"],
        received_at=datetime.now(UTC),
        deadline=0.0,
    )
    Reporter(counts, Log(write=lines.append), rows.append)(
        submission, Outcome(reply=replies.LOCAL_PROBLEM, fault="unexpected")
    )
    told = b"".join(lines) + json.dumps(rows).encode() + json.dumps(counts.take()).encode()
    assert json.loads(lines[0])["fault"] == "unexpected"
    assert [secret for secret in SECRETS if secret in told] == []


def test_hashed_addresses_stand_nowhere_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "log.key").write_text("k" * 32)
    sections = {"next_hop": {"maildir": "d"}, "log": {"addresses": "hashed", "key_file": "log.key"}}
    hashes: list[str] = []
    with RealGateway(tmp_path, sections) as own:
        for _ in range(2):
            with SmtpDialogue(("127.0.0.1", own.port)) as client:
                client.envelope(b"Jeanne.Martin@sender.example", b"p.durand@mutuelle.example")
                assert client.data(b"From: Jeanne.Martin@sender.example\r\nSubject: x\r\n\r\nBonjour").code == 250
            with SmtpDialogue(("127.0.0.1", own.port)) as client:
                client.expect(b"EHLO c.example", 250)
                client.expect(b"MAIL FROM:<jeanne.martin@sender.example>", 250)
                assert client.command(b"RCPT TO:<p.durand@elsewhere.example>").code == 550
            own.wait_for(lambda: len(own.events("message")) == len(hashes) + 1)
            hashes.append(own.message_event(-1)["mail_from"])
            own.stop()
            own.start()
        text = own.log_file.read_text().lower()
        assert "jeanne.martin" not in text
        assert "p.durand" not in text
    assert hashes[0] == hashes[1], "the key in the file makes the same pseudonym over restarts"
    assert hashes[0].startswith("h:")


def test_no_core_is_ever_written() -> None:
    unit = Path(__file__).parents[3] / "systemd" / "vitalgate.service"
    assert "LimitCORE=0" in unit.read_text().splitlines()
