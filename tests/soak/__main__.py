"""A soak test: mixed mail flows while the gateway is reloaded, broken, killed, restarted and starved.

    python -m tests.soak --minutes 10

Every message carries a token and is sent again until it gets 250 or 5xx, as a real sender does. At the end each token
that got 250 must be in the sink or in the quarantine exactly once; more than once only where an attempt before ended
without an answer (RFC 5321 §6.1: then a duplicate is the lesser evil). Exit code 1 when one is lost or doubled without
that excuse.
"""

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from gateway.quarantine.store import Store
from gateway.settings.load import load_settings
from tests.real_gateway import RealGateway
from tests.scripted_next_hop import ScriptedNextHop, Step, Then, next_hop_in_thread
from tests.smtp_dialogue import DialogueError, SmtpDialogue

TOKEN = re.compile(rb"soak-token-(\d+)-")
PACE_S = 0.02
CALM_S = (0.5, 3.0)
TRIES = 60


def message(number: int, kind: str) -> bytes:
    """One of the kinds of mail that flow."""
    sender = b"strict.example" if kind == "forged" else b"sender.example"
    filler = b"Bonjour, voici le document. " * 40 + b"\r\n"
    body = filler * (700 if kind == "large" else 2)
    return (
        b"From: Claire <claire@%s>\r\nTo: accueil@mutuelle.example\r\nSubject: essai\r\n"
        b"Message-ID: <soak-token-%d-@sender.example>\r\n\r\n%s" % (sender, number, body)
    )


class Sender(threading.Thread):
    """Sends mail, one connection for a few messages, and remembers what it was told."""

    def __init__(self, gateway: RealGateway, numbers: "Numbers", ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self._gateway = gateway
        self._numbers = numbers
        self._ended = ended
        self.accepted: set[int] = set()
        self.refused: set[int] = set()
        self.unanswered: set[int] = set()
        self.given_up: set[int] = set()
        self.replies: Counter[int] = Counter()

    def run(self) -> None:
        """Until told to end, and the message in hand is settled."""
        while not self._ended.is_set():
            number = self._numbers.next()
            kind = random.choices(["plain", "forged", "large"], [8, 2, 1])[0]
            self._settle(number, message(number, kind))
            time.sleep(PACE_S)

    def _settle(self, number: int, raw: bytes) -> None:
        for _ in range(TRIES):
            code = self._attempt(number, raw)
            self.replies[code] += 1
            if code == 250:
                self.accepted.add(number)
                return
            if code >= 500:
                self.refused.add(number)
                return
            time.sleep(0.3)
        self.given_up.add(number)

    def _attempt(self, number: int, raw: bytes) -> int:
        """The reply to the dot, or the first refusal before it; 0 without an answer."""
        past_the_dot = False
        try:
            with SmtpDialogue(("127.0.0.1", self._gateway.port), timeout_s=60) as client:
                for line in (
                    b"EHLO client.example",
                    b"XFORWARD ADDR=192.0.2.1",
                    b"MAIL FROM:<claire@sender.example>",
                    b"RCPT TO:<accueil@mutuelle.example>",
                    b"DATA",
                ):
                    answer = client.command(line)
                    if answer.code >= 400:
                        return answer.code
                client.send(raw)
                past_the_dot = True
                client.send(b".\r\n")
                return client.read().code
        except (DialogueError, OSError):
            if past_the_dot:
                self.unanswered.add(number)
            return 0


class Numbers:
    """Tokens, each given once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        """A new one."""
        with self._lock:
            self._last += 1
            return self._last


class Trouble:
    """What may happen to a gateway."""

    def __init__(self, gateway: RealGateway, hop: ScriptedNextHop) -> None:
        self._gateway = gateway
        self._hop = hop
        self.done: Counter[str] = Counter()
        self._kinds: tuple[Callable[[], None], ...] = (
            self.reload_good,
            self.reload_broken,
            self.kill_a_child,
            self.stop_a_worker,
            self.hop_resets,
            self.hop_is_silent,
            self.spool_is_full,
            self.restart,
        )

    def one(self) -> None:
        """One of them, at random."""
        kind = random.choice(self._kinds)
        self.done[kind.__name__] += 1
        kind()

    def _hup(self) -> None:
        process = self._gateway.process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGHUP)
            time.sleep(1)

    def reload_good(self) -> None:
        """The same settings again."""
        self._gateway.write_settings()
        self._hup()

    def reload_broken(self) -> None:
        """Settings that must be refused."""
        self._gateway.config.write_text("policy: {mode: nonsense}\n")
        self._hup()
        self._gateway.write_settings()

    def kill_a_child(self) -> None:
        """kill -9 of a worker or of the recorder."""
        self._signal_one(signal.SIGKILL)

    def stop_a_worker(self) -> None:
        """A worker that stands still for a moment."""
        pid = self._signal_one(signal.SIGSTOP)
        time.sleep(1)
        if pid:
            os.kill(pid, signal.SIGCONT)

    def _signal_one(self, number: signal.Signals) -> int:
        pids = self._gateway.worker_pids()
        if not pids:
            return 0
        pid = random.choice(pids)
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return 0
        return pid

    def hop_resets(self) -> None:
        """The next hop resets after some dots."""
        self._hop.script = {"dot": [Step(say=b"", then=Then.RESET)] * 5}
        time.sleep(1)
        self._hop.script = {}

    def hop_is_silent(self) -> None:
        """The next hop takes its time, or refuses for now."""
        self._hop.script = {"rcpt": b"451 4.3.0 later\r\n", "dot": Step(delay_s=0.5)}
        time.sleep(2)
        self._hop.script = {}

    def spool_is_full(self) -> None:
        """Too little space for what is to be held."""
        spool = dict(self._gateway.settings["quarantine"])
        self._gateway.settings["quarantine"] = {**spool, "minimum_free_bytes": 1 << 60}
        self.reload_good()
        time.sleep(1)
        self._gateway.settings["quarantine"] = spool
        self.reload_good()

    def restart(self) -> None:
        """The whole service."""
        self._gateway.stop()
        self._gateway.start()


def resident_kilobytes(gateway: RealGateway) -> list[int]:
    """Resident memory of the gateway's processes that serve."""
    sizes = []
    for pid in gateway.worker_pids():
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue
        found = re.search(r"VmRSS:\s+(\d+)", status)
        sizes.append(int(found[1]) if found else 0)
    return sizes


def run(minutes: float, folder: Path) -> int:
    """The whole test: 0 when nothing was lost or doubled without excuse."""
    memory: list[int] = []
    with next_hop_in_thread(ScriptedNextHop()) as hop:
        gateway = RealGateway(
            folder,
            {
                "next_hop": {"address": hop.address, "reply_timeout_s": 5},
                "workers": 2,
                "limits": {"commands_without_mail": 1000, "drain_s": 10},
            },
        )
        trouble = Trouble(gateway, hop)
        ended = threading.Event()
        numbers = Numbers()
        with gateway:
            senders = [Sender(gateway, numbers, ended) for _ in range(2)]
            for sender in senders:
                sender.start()
            limit = time.monotonic() + minutes * 60
            while time.monotonic() < limit:
                time.sleep(random.uniform(*CALM_S))
                trouble.one()
                memory.append(max(resident_kilobytes(gateway), default=0))
                accepted = sum(len(sender.accepted) for sender in senders)
                sys.stdout.write(f"\r{accepted} accepted, {sum(trouble.done.values())} troubles")
                sys.stdout.flush()
            ended.set()
            hop.script = {}
            gateway.write_settings()
            for sender in senders:
                sender.join(120)
            time.sleep(2)
        places = in_sink(hop) + in_quarantine(gateway)
    return report(senders, places, trouble, memory)


def in_sink(hop: ScriptedNextHop) -> Counter[int]:
    """How often the next hop said 250 to each token."""
    return Counter(int(found[1]) for t in hop.accepted if (found := TOKEN.search(t.data or b"")))


def in_quarantine(gateway: RealGateway) -> Counter[int]:
    """How often each token is held."""
    store = Store(load_settings(gateway.config).quarantine)
    held = [entry["id"] for entry in gateway.held()]
    return Counter(int(found[1]) for entry_id in held if (found := TOKEN.search(store.message(entry_id))))


def report(senders: list[Sender], places: Counter[int], trouble: Trouble, memory: list[int]) -> int:
    """Print the sums and judge them."""
    accepted = set().union(*(s.accepted for s in senders))
    unanswered = set().union(*(s.unanswered for s in senders))
    lost = sorted(number for number in accepted if not places[number])
    doubled = {number for number in accepted if places[number] > 1}
    without_excuse = sorted(doubled - unanswered)
    replies = sum((s.replies for s in senders), Counter[int]())
    print(f"\naccepted {len(accepted)}, refused {sum(len(s.refused) for s in senders)}, replies {dict(replies)}")
    print(f"given up {sum(len(s.given_up) for s in senders)}")
    print(f"troubles {dict(trouble.done)}")
    print(f"doubled after an unanswered dot (RFC 5321 6.1): {len(doubled & unanswered)}")
    third = max(1, len(memory) // 3)
    early, late = sorted(memory[:third]), sorted(memory[-third:])
    print(f"largest worker, median of the first and last third: {early[len(early) // 2]} and {late[len(late) // 2]} kB")
    print(f"LOST {lost}" if lost else "lost 0")
    print(f"DOUBLED WITHOUT EXCUSE {without_excuse}" if without_excuse else "doubled without excuse 0")
    return 1 if lost or without_excuse else 0


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None, help="for the order of troubles")
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        code = run(arguments.minutes, Path(folder))
        if code:
            keep = Path(tempfile.gettempdir()) / "soak-log.jsonl"
            keep.write_bytes((Path(folder) / "log.jsonl").read_bytes())
            print(f"the gateway's log is kept in {keep}")
    sys.exit(code)


if __name__ == "__main__":
    main()
