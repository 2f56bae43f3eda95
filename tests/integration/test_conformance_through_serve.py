"""Every published sample through the real daemon and through `scan`: nothing lost, nothing changed, nothing slow."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.corpora import needs_shared
from tests.process_facts import children_of, cpu_seconds, memory_mib
from tests.real_gateway import RealGateway
from tests.samples import Sample, all_samples, file_of, smuggling_sequences, spoofed, spoofing_cases, stuffed
from tests.scripted_next_hop import ScriptedNextHop, Transaction, next_hop_in_thread
from tests.smtp_dialogue import Answer, SmtpDialogue

pytestmark = [needs_shared, pytest.mark.timeout(300)]
TO = b"accueil@mutuelle.example"
MOST_CPU_S = 1.0
MOST_MIB = 150.0
MARKS = re.compile(rb"(?:Received|Authentication-Results|X-Vitalgate(?:-Reason)?):[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n")


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    found = list(all_samples())
    assert len(found) > 1000
    return found


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RealGateway, ScriptedNextHop]]:
    """A gateway that relays whatever it thinks."""
    with next_hop_in_thread(ScriptedNextHop()) as hop:
        sections = {"next_hop": {"address": hop.address}, "policy": {"mode": "watch"}}
        with RealGateway(tmp_path_factory.mktemp("watch"), sections) as gateway:
            yield gateway, hop


def say(client: SmtpDialogue, wire: bytes, mail_from: bytes = b"a@sender.example") -> Answer:
    """One message over an open session."""
    client.expect(b"XFORWARD ADDR=192.0.2.1 NAME=mail.sender.example HELO=mail.sender.example", 250)
    client.expect(b"MAIL FROM:<%s> BODY=8BITMIME" % mail_from, 250)
    client.expect(b"RCPT TO:<%s>" % TO, 250)
    client.expect(b"DATA", 354)
    client.send(stuffed(wire) + b".\r\n")
    return client.read()


def below_ours(data: bytes) -> bytes:
    """What arrived without the fields that we put on top."""
    at = 0
    for wanted in (b"Received:", b"Authentication-Results:", b"X-Vitalgate:", b"X-Vitalgate-Reason:"):
        found = MARKS.match(data, at)
        if found is not None and found[0].startswith(wanted):
            at = found.end()
    guard = b"X-Vitalgate-Folded: the message begins with a folded line\r\n"
    return data[at:].removeprefix(guard)


def _first_difference(sent: bytes, came: bytes) -> str:
    at = next((n for n, (a, b) in enumerate(zip(sent, came, strict=False)) if a != b), min(len(sent), len(came)))
    return f"at {at}: sent {sent[at : at + 80]!r}, came {came[at : at + 80]!r}"


def arrived(gateway: RealGateway, hop: ScriptedNextHop, number: int) -> Transaction:
    gateway.wait_for(lambda: len(hop.accepted) > number)
    return hop.accepted[number]


def test_every_sample_arrives_as_it_was_sent(pair: tuple[RealGateway, ScriptedNextHop], samples: list[Sample]) -> None:
    gateway, hop = pair
    assert gateway.process is not None
    pids = children_of(gateway.process.pid)
    before = max(memory_mib(pid, peak=True) for pid in pids)
    slow, wrong, passed = [], [], len(hop.accepted)
    with SmtpDialogue(("127.0.0.1", gateway.port), timeout_s=60) as client:
        client.expect(b"EHLO front.example", 250)
        for sample in samples:
            spent = cpu_seconds(*pids)
            answer = say(client, sample.wire)
            spent = cpu_seconds(*pids) - spent
            if spent > MOST_CPU_S:
                slow.append((sample.id, spent))
            if not sample.sendable:
                if (answer.code, answer.enhanced) != (550, "5.6.11"):
                    wrong.append((sample.id, str(answer)))
                continue
            if answer.code != 250:
                wrong.append((sample.id, str(answer)))
                continue
            data = arrived(gateway, hop, passed).data or b""
            passed += 1
            rest = below_ours(data)
            if rest not in (sample.wire, b"\r\n" + sample.wire):
                wrong.append((sample.id, _first_difference(sample.wire, rest)))
    assert not wrong, "\n".join(map(str, wrong))
    assert slow == []
    assert not gateway.events("unexpected")
    assert not gateway.events("child_died")
    assert set(pids) <= set(children_of(gateway.process.pid)), "nobody died"
    assert max(memory_mib(pid, peak=True) for pid in pids) - before < MOST_MIB


def test_what_is_answered_250_is_relayed_or_held(samples: list[Sample], tmp_path: Path) -> None:
    wanted = [s for s in samples if "corpus" in s.id or "phishing" in s.id or "espoofer" in s.id if s.sendable]
    with next_hop_in_thread(ScriptedNextHop()) as hop:
        sections = {"next_hop": {"address": hop.address}, "policy": {"mode": "enforce"}}
        with RealGateway(tmp_path, sections) as gateway:
            with SmtpDialogue(("127.0.0.1", gateway.port), timeout_s=60) as client:
                client.expect(b"EHLO front.example", 250)
                codes = {sample.id: say(client, sample.wire).code for sample in wanted}
            assert set(codes.values()) == {250}, {k: v for k, v in codes.items() if v != 250}
            gateway.wait_for(lambda: len(gateway.events("message")) == len(wanted))
            held = gateway.held()
            assert len(held) + len(hop.accepted) == len(wanted)
            assert {entry["id"] for entry in held} == {
                event["id"] for event in gateway.events("message") if event["disposition"] == "quarantine"
            }
            assert held, "some of it is to be held"
            assert not gateway.events("unexpected")


def test_scan_answers_for_every_sample(samples: list[Sample], tmp_path: Path) -> None:
    lines = [json.dumps({"eml": str(file_of(tmp_path, sample)), "ip": "192.0.2.1"}) for sample in samples]
    zone = tmp_path / "zone.json"
    zone.write_text("{}")
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "gateway", "scan", "--json-lines", "--zone", str(zone)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        answers = []
        base = 0.0
        for line in lines:
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            answers.append(json.loads(process.stdout.readline()))
            base = base or memory_mib(process.pid, peak=True)
        peak = memory_mib(process.pid, peak=True)
        process.stdin.close()
        assert process.wait(30) == 0
    faults = [(s.id, a) for s, a in zip(samples, answers, strict=True) if "error" in a]
    assert faults == []
    crashed = [s.id for s, a in zip(samples, answers, strict=True) if any(":crash" in item for item in a["unchecked"])]
    assert crashed == []
    slow = [(s.id, a["milliseconds"]) for s, a in zip(samples, answers, strict=True) if a["milliseconds"] > 1000]
    assert slow == [], f"{time.monotonic() - began:.0f} s in all"
    assert peak - base < MOST_MIB


@pytest.mark.parametrize("sequence", smuggling_sequences() if (Path(__file__).parents[3] / "shared").is_dir() else [])
def test_nothing_is_smuggled(pair: tuple[RealGateway, ScriptedNextHop], sequence: bytes) -> None:
    gateway, hop = pair
    before = len(hop.transactions)
    inner = b"MAIL FROM:<evil@evil.example>\r\nRCPT TO:<%s>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n" % TO
    with SmtpDialogue(("127.0.0.1", gateway.port)) as client:
        client.envelope(b"a@sender.example", TO)
        client.expect(b"DATA", 354)
        client.send(b"Subject: outer\r\n\r\nouter" + sequence + inner + b".\r\n")
        answer = client.read()
        assert client.command(b"NOOP").code == 250, "one reply for one message"
    assert answer.code in (250, 550)
    new = hop.transactions[before:]
    assert len([t for t in new if t.data is not None]) == (answer.code == 250)
    for transaction in new:
        assert transaction.mail == b"a@sender.example"
        if transaction.data is not None:
            assert sequence not in transaction.wire.replace(b"\r\n.\r\n", b"")
    assert all(b"evil" not in line for session in hop.sessions for line in session.commands)


def test_no_spoofing_case_counts_as_authenticated(tmp_path: Path) -> None:
    lines = []
    for case in spoofing_cases():
        message = tmp_path / f"{case['id']}.eml"
        message.write_bytes(spoofed(case))
        facts = {"eml": str(message), "ip": "192.0.2.66", "helo": case["helo"], "mail_from": case["mail_from"]}
        lines.append(json.dumps({**facts, "rcpt_to": ["accueil@mutuelle.example"]}))
    zone = tmp_path / "zone.json"
    zone.write_text(
        json.dumps(
            {
                "legitimate.com": {"TXT": ["v=spf1 -all"], "A": ["198.51.100.1"]},
                "_dmarc.legitimate.com": {"TXT": ["v=DMARC1; p=none"]},
                "attack.com": {"TXT": ["v=spf1 ip4:192.0.2.66 -all"], "A": ["192.0.2.66"]},
            }
        )
    )
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "scan", "--json-lines", "--zone", str(zone)],
        input="\n".join(lines).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(lines) == 11
    for case, told in zip(spoofing_cases(), answers, strict=True):
        dmarc = told["authentication"]["dmarc"]
        assert not (dmarc["result"] == "pass" and "legitimate" in str(dmarc["domain"])), (case["id"], dmarc)
