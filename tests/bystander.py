"""An honest client beside an attack, in a process of its own: `with Bystander(port) as honest: ...; honest.slowest_s`.

It sends small messages over one session after another and notes how long each reply takes.
"""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from tests.smtp_dialogue import SmtpDialogue

_MAIL = (
    b"From: Claire <claire@sender.example>\r\nTo: accueil@mutuelle.example\r\nSubject: Bonjour\r\n"
    b"Message-ID: <1@sender.example>\r\nDate: Wed, 25 Nov 2026 09:00:00 +0100\r\n\r\nBonjour,\r\nA demain.\r\n"
)
_PAUSE_S = 0.01
_COMMANDS = (b"MAIL FROM:<claire@sender.example>", b"RCPT TO:<accueil@mutuelle.example>", b"DATA", _MAIL + b".")


class Bystander:
    """Starts with the block; at its end it says what it saw."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.waits: list[tuple[str, float]] = []  # command, seconds to its reply
        self.codes: set[int] = set()

    def __enter__(self) -> "Bystander":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bystander", str(self._port)],
            cwd=Path(__file__).resolve().parents[1],
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        told, _ = self._process.communicate(timeout=60)
        seen = json.loads(told)
        self.waits = [tuple(wait) for wait in seen["waits"]]
        self.codes = set(seen["codes"])

    @property
    def slowest_s(self) -> float:
        """The longest wait for a reply."""
        return max(seconds for _, seconds in self.waits)

    @property
    def usual_s(self) -> float:
        """The wait that one reply in twenty passes."""
        ordered = sorted(seconds for _, seconds in self.waits)
        return ordered[len(ordered) * 95 // 100]


def _watch(port: int) -> None:
    going = True

    def stop(_number: int, _frame: object) -> None:
        nonlocal going
        going = False

    signal.signal(signal.SIGTERM, stop)
    waits: list[tuple[str, float]] = []
    codes: set[int] = set()
    with SmtpDialogue(("127.0.0.1", port), timeout_s=60) as client:
        client.expect(b"EHLO honest.example", 250)
        print("ready", flush=True)
        while going or not waits:
            for command in _COMMANDS:
                began = time.perf_counter()
                codes.add(client.command(command).code)
                waits.append((command[:4].decode(), time.perf_counter() - began))
            time.sleep(_PAUSE_S)
    print(json.dumps({"waits": waits, "codes": sorted(codes)}))


if __name__ == "__main__":
    _watch(int(sys.argv[1]))
