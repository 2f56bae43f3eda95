"""Attachments through the real daemon and through `scan`: what they hide decides; none holds others up."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attachment_archives import nested_zip, zeros_gzip
from tests.attachment_files import LURE, form_page, huge_png, laughs, letter, pdf
from tests.attachment_letters import DOUBTFUL, HONEST, LURES
from tests.bystander import Bystander
from tests.real_gateway import RealGateway
from tests.scripted_next_hop import ScriptedNextHop, next_hop_in_thread
from tests.smtp_dialogue import SmtpDialogue

HOSTILE = [
    letter(("a.png", "image/png", huge_png())),
    letter(("a.gz", "application/gzip", zeros_gzip(30))),
    letter(("a.zip", "application/zip", nested_zip(20))),
    letter(("a.svg", "image/svg+xml", laughs())),
    letter(*[(f"{n}.html", "text/html", b"<p>%d</p>" % n) for n in range(900)]),
    letter(("a.html", "text/html", b"<html>" + b"<!--<a href='" * 100_000)),
]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RealGateway, ScriptedNextHop]]:
    with next_hop_in_thread(ScriptedNextHop()) as hop:
        sections = {"next_hop": {"address": hop.address}, "inspection": {"deadline_s": 3}}
        with RealGateway(tmp_path_factory.mktemp("gateway"), sections) as gateway:
            yield gateway, hop


def send(gateway: RealGateway, raw: bytes) -> int:
    with SmtpDialogue(("127.0.0.1", gateway.port), timeout_s=60) as client:
        client.expect(b"EHLO front.example", 250)
        client.expect(b"MAIL FROM:<claire@sender.example>", 250)
        client.expect(b"RCPT TO:<accueil@mutuelle.example>", 250)
        client.expect(b"DATA", 354)
        client.send(raw.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        return client.read().code


def verdict(gateway: RealGateway, raw: bytes) -> str:
    seen = len(gateway.events("message"))
    assert send(gateway, raw) == 250
    gateway.wait_for(lambda: len(gateway.events("message")) > seen)
    return str(gateway.events("message")[seen]["disposition"])


@pytest.mark.parametrize("name", LURES)
def test_lures_in_attachments_are_held(pair: tuple[RealGateway, ScriptedNextHop], name: str) -> None:
    assert verdict(pair[0], LURES[name]) == "quarantine"


@pytest.mark.parametrize("name", DOUBTFUL)
def test_attachments_that_may_be_either_are_marked(pair: tuple[RealGateway, ScriptedNextHop], name: str) -> None:
    assert verdict(pair[0], DOUBTFUL[name]) == "tag"


@pytest.mark.parametrize("name", HONEST)
def test_honest_attachments_pass(pair: tuple[RealGateway, ScriptedNextHop], name: str) -> None:
    assert verdict(pair[0], HONEST[name]) == "relay"


def test_scan_sees_the_same(tmp_path: Path) -> None:
    wanted = {}
    for action, letters in (("quarantine", LURES), ("tag", DOUBTFUL), ("relay", HONEST)):
        for name, raw in letters.items():
            file = tmp_path / f"{action}-{name}.eml"
            file.write_bytes(raw)
            wanted[file] = action
    (tmp_path / "zone.json").write_text("{}")
    rows = [json.dumps({"eml": str(file), "ip": "192.0.2.1", "mail_from": "claire@sender.example"}) for file in wanted]
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "scan", "--zone", str(tmp_path / "zone.json"), "--json-lines"],
        input="\n".join(rows).encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    answers = {file.stem: json.loads(line) for file, line in zip(wanted, done.stdout.splitlines(), strict=True)}
    assert {name: answer["action"] for name, answer in answers.items()} == {f.stem: wanted[f] for f in wanted}
    pdf_links = {(link["host"], link["source"]) for link in answers["quarantine-pdf"]["links"]}
    assert pdf_links == {("espace.pages.dev", "pdf")}
    code_links = {(link["host"], link["source"]) for link in answers["quarantine-code"]["links"]}
    assert ("espace-dossier.example", "qr") in code_links
    assert "attachment:too_large" in answers["quarantine-bomb"]["unchecked"]


def test_what_was_inspected_is_counted(pair: tuple[RealGateway, ScriptedNextHop]) -> None:
    gateway = pair[0]
    raw = letter(("a.pdf", "application/pdf", pdf("Compte rendu", links=[LURE])))
    before = gateway.metric('vitalgate_inspections_total{outcome="done"}')
    send(gateway, raw)
    gateway.wait_for(lambda: gateway.metric('vitalgate_inspections_total{outcome="done"}') > before)
    assert gateway.metric('vitalgate_inspections_total{outcome="crash"}') == 0


def test_hostile_attachments_do_not_hold_others_up(pair: tuple[RealGateway, ScriptedNextHop]) -> None:
    gateway = pair[0]
    codes: list[int] = []
    with Bystander(gateway.port) as honest:
        senders = [threading.Thread(target=lambda raw=raw: codes.append(send(gateway, raw))) for raw in HOSTILE]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    assert codes == [250] * len(HOSTILE)
    assert honest.codes <= {250, 354}
    assert honest.usual_s < 0.1  # of a core shared with the senders, the inspectors and the next hop


def test_killing_inspectors_at_random_loses_no_message(pair: tuple[RealGateway, ScriptedNextHop]) -> None:
    gateway = pair[0]
    stop = threading.Event()
    killed: list[int] = []

    def killer() -> None:
        while not stop.wait(0.15):
            for worker in gateway.worker_pids():
                listed = subprocess.run(
                    ["ps", "-o", "pid=", "--ppid", str(worker)], stdout=subprocess.PIPE, check=False
                )
                for pid in map(int, listed.stdout.split()):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                        killed.append(pid)

    before = len(gateway.events("message"))
    killing = threading.Thread(target=killer)
    killing.start()
    try:
        for number in range(40):
            raw = letter(("a.html", "text/html", form_page(f"https://a.example/{number}")))
            assert send(gateway, raw) == 250
    finally:
        stop.set()
        killing.join()
    gateway.wait_for(lambda: len(gateway.events("message")) >= before + 40)
    assert killed
    assert {event["disposition"] for event in gateway.events("message")[before:]} <= {"quarantine", "tag", "relay"}
