"""What fails around the gateway: disk, spool, descriptors. It degrades as docs/OPERATE.md says, and shows it."""

import contextlib
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real_gateway import RealGateway
from tests.scripted_next_hop import ScriptedNextHop, next_hop_in_thread
from tests.smtp_dialogue import Answer, DialogueError, SmtpDialogue

TO = b"accueil@mutuelle.example"
HONEST = b"From: a@sender.example\r\nSubject: Bonjour\r\nMessage-ID: <1@sender.example>\r\n\r\nA demain.\r\n"
FORGED = HONEST.replace(b"a@sender.example", b"a@strict.example")
HUGE = 1 << 60


@pytest.fixture
def hop() -> Iterator[ScriptedNextHop]:
    with next_hop_in_thread(ScriptedNextHop()) as running:
        yield running


def send(gateway: RealGateway, raw: bytes) -> Answer:
    with SmtpDialogue(("127.0.0.1", gateway.port), timeout_s=30) as client:
        client.envelope(b"a@sender.example", TO)
        return client.data(raw)


def degraded(gateway: RealGateway) -> list[str]:
    page = json.loads(gateway.page("/readyz"))
    assert page["ready"], page
    return list(page["degraded"])


def refused_held_mail(gateway: RealGateway, hop: ScriptedNextHop) -> None:
    """Mail to be held is put off, clean mail flows, readiness and counters say so."""
    assert (answer := send(gateway, FORGED)).code == 452, answer
    assert answer.enhanced == "4.3.1"
    assert send(gateway, HONEST).code == 250
    gateway.wait_for(lambda: len(hop.accepted) == 1)
    assert any("quarantine" in reason for reason in degraded(gateway))
    gateway.wait_for(lambda: gateway.metric('vitalgate_refusals_total{reason="QuarantineUnavailable"}') >= 1)


def test_low_disk_puts_off_what_must_be_held_and_nothing_else(tmp_path: Path, hop: ScriptedNextHop) -> None:
    quarantine = {"folder": "quarantine", "minimum_free_bytes": HUGE}
    with RealGateway(tmp_path, {"next_hop": {"address": hop.address}, "quarantine": quarantine}) as gateway:
        refused_held_mail(gateway, hop)
        gateway.settings["quarantine"]["minimum_free_bytes"] = 0
        gateway.write_settings()
        assert gateway.command("reload").returncode == 0
        gateway.wait_for(lambda: len(gateway.events("ready")) == 2)
        assert send(gateway, FORGED).code == 250
        assert degraded(gateway) == []


@pytest.mark.parametrize("name", ["entries", "pending"])
def test_an_unwritable_spool(tmp_path: Path, hop: ScriptedNextHop, name: str) -> None:
    """Permissions do not bind root, under whom tests may run: something else lies where the folder should be."""
    with RealGateway(tmp_path, {"next_hop": {"address": hop.address}}) as gateway:
        assert send(gateway, FORGED).code == 250
        folder = tmp_path / "quarantine" / name
        shutil.move(folder, tmp_path / "aside")
        folder.write_text("")
        refused_held_mail(gateway, hop)
        folder.unlink()
        shutil.move(tmp_path / "aside", folder)
        assert send(gateway, FORGED).code == 250
        assert degraded(gateway) == []
        assert len(gateway.held()) == 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("a file system of its own can't be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(file: Path) -> None:
    """Take all space that is left."""
    with file.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while stream.write(b"x" * 4096):
            pass


def test_a_full_disk(tmp_path: Path, small_disk: Path, hop: ScriptedNextHop) -> None:
    sections = {
        "next_hop": {"address": hop.address},
        "quarantine": {"folder": str(small_disk / "quarantine"), "minimum_free_bytes": 0},
        "history": {"url": f"sqlite:///{small_disk}/history.db"},
    }
    with RealGateway(tmp_path, sections) as gateway:
        large = FORGED + os.urandom(60_000).hex().encode() + b"\r\n"
        codes = [send(gateway, large).code for _ in range(8)]
        held = codes.count(250)
        assert codes == [250] * held + [452] * (8 - held)
        assert 0 < held < 8
        filler = small_disk / "filler"
        fill(filler)
        assert send(gateway, FORGED).code == 452
        assert send(gateway, HONEST).code == 250, "clean mail needs no disk"
        filler.unlink()
        assert len(gateway.held()) == held, "what got its 250 is there, and nothing else"
        assert gateway.command("quarantine", "verify").returncode == 0


def test_a_restart_on_a_full_disk_serves_clean_mail(tmp_path: Path, small_disk: Path, hop: ScriptedNextHop) -> None:
    quarantine = {"folder": str(small_disk / "quarantine"), "minimum_free_bytes": 0}
    gateway = RealGateway(tmp_path, {"next_hop": {"address": hop.address}, "quarantine": quarantine})
    with gateway:
        assert send(gateway, FORGED).code == 250
    filler = small_disk / "filler"
    fill(filler)
    with gateway:
        assert send(gateway, HONEST).code == 250
        assert send(gateway, FORGED).code == 452
        filler.unlink()
        assert send(gateway, FORGED).code == 250


def test_without_descriptors_accepting_pauses_and_nothing_dies(tmp_path: Path, hop: ScriptedNextHop) -> None:
    with RealGateway(tmp_path, {"next_hop": {"address": hop.address}}) as gateway:
        for pid in gateway.worker_pids():
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (40, 40))
        crowd: list[socket.socket] = []
        try:
            while len(crowd) < 60:  # more than there are descriptors; who is left over waits in the kernel's queue
                crowd += [socket.create_connection(("127.0.0.1", gateway.port), 5)]
            time.sleep(1.5)
            assert gateway.events("child_died") == []
        finally:
            for client in crowd:
                client.close()
        limit = time.monotonic() + 15
        while True:
            try:
                if send(gateway, HONEST).code == 250:
                    break
            except (DialogueError, OSError):
                pass
            assert time.monotonic() < limit, "it did not recover"
            time.sleep(0.2)
        assert send(gateway, FORGED).code == 250
        assert gateway.events("child_died") == []
        assert gateway.events("uncaught") == []


def test_monitoring_outlives_a_shortage_of_descriptors(tmp_path: Path, hop: ScriptedNextHop) -> None:
    with RealGateway(tmp_path, {"next_hop": {"address": hop.address}}) as gateway:
        assert gateway.process is not None
        pid = gateway.process.pid
        used = len(os.listdir(f"/proc/{pid}/fd"))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 2, 4096))
        crowd = [socket.create_connection(("127.0.0.1", gateway.metrics_port), 5) for _ in range(10)]
        time.sleep(0.5)
        before = _cpu_seconds(pid)
        time.sleep(1.5)
        assert _cpu_seconds(pid) - before < 0.5, "it spins"
        for client in crowd:
            client.close()
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (4096, 4096))
        gateway.wait_for(lambda: _answers(gateway), 15)
        assert send(gateway, HONEST).code == 250


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _answers(gateway: RealGateway) -> bool:
    try:
        return "vitalgate_workers" in gateway.page()
    except OSError:
        return False


def test_a_history_that_cannot_be_written_costs_no_mail(tmp_path: Path, hop: ScriptedNextHop) -> None:
    (tmp_path / "blocked").write_text("")
    sections = {"next_hop": {"address": hop.address}, "history": {"url": f"sqlite:///{tmp_path}/blocked/history.db"}}
    with RealGateway(tmp_path, sections) as gateway:
        assert [send(gateway, HONEST).code for _ in range(5)] == [250] * 5
        assert gateway.events("child_died") == []


def test_garbage_on_the_monitoring_port_disturbs_nobody(tmp_path: Path, hop: ScriptedNextHop) -> None:
    with RealGateway(tmp_path, {"next_hop": {"address": hop.address}}) as gateway:

        def shout(data: bytes) -> None:
            with socket.create_connection(("127.0.0.1", gateway.metrics_port), 5) as client:
                client.sendall(data)
                client.settimeout(5)
                try:
                    client.recv(100)
                except OSError:
                    return

        shouts = [
            b"\0" * 9000,
            b"GET\r\n\r\n",
            b"GET /metrics HTTP/9\r\n\r\n",
            b"\xff /\xff x\r\n\r\n",
            b"POST / x\r\n\r\n",
        ]
        threads = [threading.Thread(target=shout, args=(data,)) for data in shouts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert '"alive": true' in gateway.page("/healthz")
        assert send(gateway, HONEST).code == 250


def test_a_lost_master_key_stops_no_mail(tmp_path: Path, hop: ScriptedNextHop) -> None:
    """A running gateway needs only the day's public half; the key's loss is told, and shows at the next start."""
    with RealGateway(tmp_path, {"next_hop": {"address": hop.address}}) as gateway:
        (tmp_path / "quarantine" / "master.key").write_text("somebody put another key of enough bytes here\n")
        assert send(gateway, FORGED).code == 250
        done: dict[str, Any] = {"reload": gateway.command("reload").returncode}
        assert done == {"reload": 1}, "a key that opens nothing is no reload"
        assert send(gateway, FORGED).code == 250
        assert send(gateway, HONEST).code == 250
    again = subprocess.run(
        [sys.executable, "-m", "gateway", "serve", "--config", str(gateway.config)],
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert again.returncode == 78
    assert b"another master key" in again.stderr
