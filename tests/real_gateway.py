"""The real daemon for tests: `vitalgate serve` as a child process on free ports, its log and its metrics at hand."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

START_S = 20.0
DEFAULT_ZONE: dict[str, Any] = {
    "sender.example": {"TXT": ["v=spf1 ip4:192.0.2.1 -all"]},
    "_dmarc.strict.example": {"TXT": ["v=DMARC1; p=reject"]},
    "strict.example": {"TXT": ["v=spf1 -all"]},
}


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RealGateway:
    """One gateway over a folder of its own. `sections` are merged over settings that suit a test."""

    def __init__(
        self,
        folder: Path,
        sections: Mapping[str, Any],
        *,
        zone: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
        listen: Mapping[str, Any] | None = None,
        pass_fds: tuple[int, ...] = (),
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.metrics_port = free_port()
        self.config = folder / "vitalgate.yml"
        self.log_file = folder / "log.jsonl"
        self._environment = dict(environment or {})
        self._pass_fds = pass_fds
        zone_file = folder / "zone.json"
        zone_file.write_text(json.dumps(DEFAULT_ZONE if zone is None else zone))
        self.settings: dict[str, Any] = {
            "listen": [
                {
                    "address": f"127.0.0.1:{self.port}",
                    "hostname": "mx.mutuelle.example",
                    "trusted_clients": ["127.0.0.1/32"],
                    **(listen or {}),
                }
            ],
            "relay_domains": ["mutuelle.example"],
            "dns": {"zone": str(zone_file)},
            "quarantine": {"folder": "quarantine", "minimum_free_bytes": 1048576},
            "history": {"url": "sqlite:///history.db"},
            "metrics": {"address": f"127.0.0.1:{self.metrics_port}"},
            "workers": 1,
            **sections,
        }
        self.write_settings()
        self.process: subprocess.Popen[bytes] | None = None

    def write_settings(self) -> None:
        """Write the settings file (JSON is YAML)."""
        self.config.write_text(json.dumps(self.settings, indent=1))

    def start(self) -> "RealGateway":
        """Start it and wait until it says that it is ready."""
        before = len(self.events("ready"))
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gateway", "serve", "--config", str(self.config)],
                stderr=log,
                env={**os.environ, **self._environment},
                pass_fds=self._pass_fds,
            )
        self.wait_for(lambda: len(self.events("ready")) > before, START_S)
        return self

    def wait_for(self, condition: Any, limit_s: float = 10.0) -> None:
        """Wait for a condition; fails with the log when it does not come."""
        limit = time.monotonic() + limit_s
        while not condition():
            dead = self.process is not None and self.process.poll() is not None
            if time.monotonic() > limit or dead:
                raise AssertionError(f"did not come (process ended: {dead}):\n{self.log_file.read_text()[-4000:]}")
            time.sleep(0.02)

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """The log's lines, or those of one event."""
        if not self.log_file.exists():
            return []
        found = []
        for line in self.log_file.read_text().splitlines():
            if line.startswith("{") and line.endswith("}"):
                event = json.loads(line)
                if name is None or event["event"] == name:
                    found.append(event)
        return found

    def message_event(self, number: int = -1) -> dict[str, Any]:
        """The log line of one message, waiting for it."""
        wanted = number + 1 if number >= 0 else 1
        self.wait_for(lambda: len(self.events("message")) >= wanted)
        return self.events("message")[number]

    def worker_pids(self) -> list[int]:
        """The process ids of its children that serve mail."""
        assert self.process is not None
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], stdout=subprocess.PIPE, check=False
        )
        return [int(pid) for pid in children.stdout.split()]

    def page(self, path: str = "/metrics") -> str:
        """A page of the monitoring endpoint, whatever its status."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}{path}", timeout=5) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return str(error.read().decode())

    def metric(self, sample: str) -> float:
        """The value of one sample, written as on the page; 0 when it is not there."""
        for line in self.page().splitlines():
            if line.startswith(sample + " "):
                return float(line.rpartition(" ")[2])
        return 0.0

    def command(self, *words: str) -> "subprocess.CompletedProcess[bytes]":
        """Run `vitalgate WORDS --config ...`."""
        return subprocess.run(
            [sys.executable, "-m", "gateway", *words, "--config", str(self.config)],
            capture_output=True,
            check=False,
            timeout=60,
        )

    def held(self) -> list[dict[str, Any]]:
        """What `quarantine list --json` shows."""
        done = self.command("quarantine", "list", "--json")
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout))

    def stop(self, how: signal.Signals = signal.SIGTERM, limit_s: float = 30.0) -> int:
        """Stop it and wait: the exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(limit_s)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()

    def __enter__(self) -> "RealGateway":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
