"""The units: sound for systemd, hardened to 1.2 or better, and what they start speaks systemd's language."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real_gateway import RealGateway, free_port
from tests.smtp_dialogue import SmtpDialogue

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

UNITS = Path(__file__).parents[2] / "systemd"
ANALYZE = shutil.which("systemd-analyze")
ACTIVATE = shutil.which("systemd-socket-activate")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is missing: apt-get install systemd")


@needs_systemd
@pytest.mark.parametrize("unit", sorted(unit.name for unit in UNITS.glob("*.service")))
def test_a_service_is_hardened(unit: str) -> None:
    done = subprocess.run(
        [str(ANALYZE), "security", "--offline=true", str(UNITS / unit)], capture_output=True, check=False
    )
    level = re.search(r"exposure level for [\w.-]+: ([0-9.]+)", done.stdout.decode())
    assert level is not None, done.stderr
    assert float(level[1]) <= 1.2


@needs_systemd
def test_units_are_sound(tmp_path: Path) -> None:
    """With a stand-in for the command, that is not installed where the tests run."""
    stand_in = tmp_path / "vitalgate"
    stand_in.write_text("#!/bin/sh\n")
    stand_in.chmod(0o755)
    for unit in UNITS.glob("vitalgate*"):
        if unit.suffix in (".service", ".socket", ".timer"):
            text = unit.read_text().replace("/usr/bin/vitalgate", str(stand_in))
            (tmp_path / unit.name).write_text(text)
    files = [str(file) for file in tmp_path.glob("vitalgate*.*")]
    done = subprocess.run([str(ANALYZE), "verify", *files], capture_output=True, check=False)
    complaints = [line for line in done.stderr.decode().splitlines() if "vitalgate" in line]
    assert done.returncode == 0, done.stderr
    assert complaints == []


class Notified:
    """A NOTIFY_SOCKET of our own, and what came through it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.settimeout(20)
        self.seen: list[str] = []

    def until(self, word: str) -> None:
        while not any(word in text for text in self.seen):
            self.seen.append(self.socket.recv(4096).decode())

    def forget(self) -> None:
        self.seen.clear()


@pytest.fixture
def notified(tmp_path: Path) -> Iterator[Notified]:
    listening = Notified(tmp_path / "notify")
    yield listening
    listening.socket.close()


def test_readiness_watchdog_reload_and_stop_are_told(tmp_path: Path, notified: Notified) -> None:
    environment = {"NOTIFY_SOCKET": str(notified.path), "WATCHDOG_USEC": "2000000"}
    with RealGateway(tmp_path, {"next_hop": {"maildir": "d"}}, environment=environment) as gateway:
        notified.until("READY=1")
        notified.until("WATCHDOG=1")
        notified.forget()
        assert gateway.process is not None
        gateway.process.send_signal(signal.SIGHUP)
        notified.until("RELOADING=1")
        notified.until("READY=1")
        notified.forget()
        gateway.process.send_signal(signal.SIGTERM)
        notified.until("STOPPING=1")


@pytest.mark.skipif(ACTIVATE is None, reason="systemd-socket-activate is missing: apt-get install systemd")
def test_under_socket_activation_a_restart_refuses_nobody(tmp_path: Path, notified: Notified) -> None:
    gateway = RealGateway(tmp_path, {"next_hop": {"maildir": "d"}})
    port = free_port()
    with socket.create_server(("127.0.0.1", port), backlog=64) as held:
        os.set_inheritable(held.fileno(), True)

        def start() -> "subprocess.Popen[bytes]":
            """As systemd does: the listening socket as descriptor 3, LISTEN_PID the process' own id."""
            script = (
                "import os,sys; fd=int(sys.argv[1]);"
                "os.dup2(fd, 3); os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1');"
                "os.execv(sys.executable, [sys.executable, '-m', 'gateway', 'serve', '--config', sys.argv[2]])"
            )
            with gateway.log_file.open("ab") as log:
                return subprocess.Popen(
                    [sys.executable, "-c", script, str(held.fileno()), str(gateway.config)],
                    pass_fds=(held.fileno(),),
                    env={**os.environ, "NOTIFY_SOCKET": str(notified.path)},
                    stderr=log,
                )

        for _ in range(2):
            with start() as process:
                try:
                    notified.until("READY=1")
                    notified.forget()
                    with SmtpDialogue(("127.0.0.1", port)) as client:
                        client.envelope(b"a@sender.example", b"b@mutuelle.example")
                        assert client.data(b"Subject: x\r\n\r\nBonjour").code == 250
                finally:
                    process.terminate()
                assert process.wait(20) == 0
            waiting = socket.create_connection(("127.0.0.1", port), 5)
            waiting.close()


@pytest.mark.skipif(ACTIVATE is None, reason="systemd-socket-activate is missing: apt-get install systemd")
def test_systemd_socket_activate_starts_it_at_the_first_client(tmp_path: Path) -> None:
    gateway = RealGateway(tmp_path, {"next_hop": {"maildir": "d"}})
    port = free_port()
    command = [str(ACTIVATE), "-l", f"127.0.0.1:{port}", "-E", "PATH", sys.executable, "-m", "gateway", "serve"]
    with (
        gateway.log_file.open("ab") as log,
        subprocess.Popen(
            [*command, "--config", str(gateway.config)], stderr=log, cwd=Path(__file__).parents[2]
        ) as activator,
    ):
        try:
            gateway.wait_for(lambda: "Listening on" in gateway.log_file.read_text())
            with SmtpDialogue(("127.0.0.1", port), timeout_s=30) as client:
                client.envelope(b"a@sender.example", b"b@mutuelle.example")
                assert client.data(b"Subject: x\r\n\r\nBonjour").code == 250
        finally:
            activator.terminate()
            activator.wait(20)
