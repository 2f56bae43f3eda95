"""Clients that hang up and gateways that die, at every stage: a 250 that was heard is kept, nothing is there twice."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile import FORGED, HONEST, STAFF, WATCHED, Pair, running_pair
from tests.process_facts import children_of
from tests.scripted_next_hop import Step
from tests.smtp_dialogue import DialogueError, SmtpDialogue

STAGES = ("greeting", "helo", "mail", "rcpt", "data", "body", "dot")
UNTIL = {
    "greeting": [],
    "helo": [b"EHLO c.example"],
    "mail": [b"EHLO c.example", b"MAIL FROM:<a@sender.example>"],
    "rcpt": [b"EHLO c.example", b"MAIL FROM:<a@sender.example>", b"RCPT TO:<%s>" % STAFF],
}


def up_to(client: SmtpDialogue, stage: str, raw: bytes = HONEST, to: tuple[bytes, ...] = (STAFF,)) -> None:
    """Go so far; at "dot" the final dot is said and its answer not read."""
    if stage in UNTIL:
        for line in UNTIL[stage]:
            client.expect(line, 250)
        return
    client.envelope(b"a@sender.example", *to)
    client.expect(b"DATA", 354)
    if stage == "body":
        client.send(raw[:50])
    elif stage == "dot":
        client.send(raw + b".\r\n")


def settle(pair: Pair) -> None:
    """Wait until no session is open and no message is on its way."""
    pair.gateway.wait_for(lambda: pair.gateway.metric("vitalgate_connections") == 0)
    time.sleep(0.1)


@pytest.mark.parametrize("how", ["close", "reset", "half_close"])
@pytest.mark.parametrize(
    ("stage", "raw"),
    [*((stage, HONEST) for stage in STAGES), ("body", FORGED), ("dot", FORGED)],
    ids=[*STAGES, "body of held", "dot of held"],
)
def test_a_client_that_hangs_up(pair: Pair, stage: str, how: str, raw: bytes) -> None:
    before = len(pair.entries())
    pair.hop.script = {"dot": Step(delay_s=0.15)}
    with pair.client() as client:
        up_to(client, stage, raw)
        getattr(client, how)()
        if how == "half_close" and stage == "dot":
            assert client.read().code == 250, "who half-closes still hears the answer"
    if stage == "dot" and raw is HONEST and how != "reset":
        pair.relayed(1)
    else:
        time.sleep(0.3 if stage == "dot" else 0.05)
    held = len(pair.entries()) - before
    if stage != "dot":
        assert (pair.hop.accepted, held) == ([], 0)
    else:
        assert len(pair.hop.accepted) + held <= 1, "never twice"
    assert pair.pending() == []
    pair.hop.script = {}
    pair.hop.transactions.clear()
    assert pair.send(HONEST).code == 250, "and the others are served"
    assert not pair.gateway.events("unexpected")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Pair]:
    """A pair that a test may kill."""
    with running_pair(tmp_path) as pair:
        yield pair


@pytest.mark.parametrize(("victim", "stages"), [("worker", ("helo", "rcpt", "body", "dot")), ("all", ("rcpt", "dot"))])
def test_killed_at_every_stage(own: Pair, victim: str, stages: tuple[str, ...]) -> None:
    """kill -9: no 250 is heard for what is lost, and what comes after is served."""
    gateway = own.gateway
    for stage in stages:
        for raw in (HONEST, FORGED) if stage == "dot" else (HONEST,):
            own.hop.transactions.clear()
            before = len(own.entries())
            own.hop.script = {"dot": Step(delay_s=0.3)}
            with own.client() as client:
                up_to(client, stage, raw)
                assert gateway.process is not None
                deaths = len(gateway.events("child_died"))
                for pid in gateway.worker_pids():
                    _kill(pid)
                if victim == "all":
                    gateway.process.kill()
                    gateway.process.wait()
                try:
                    heard = client.read().code if stage == "dot" else 0
                except DialogueError:
                    heard = 0
            if victim == "all":
                gateway.start()
            else:
                gateway.wait_for(lambda before=deaths: len(gateway.events("child_died")) > before)
                gateway.wait_for(lambda: '"ready": true' in gateway.page("/readyz"))
            time.sleep(0.35 if stage == "dot" else 0)
            if heard == 250:
                assert len(own.hop.accepted) + len(own.entries()) - before == 1
            own.hop.script = {}
            assert _send_patiently(own, HONEST) == 250, stage


def _kill(pid: int) -> None:
    for victim in (*children_of(pid), pid):
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _send_patiently(pair: Pair, raw: bytes) -> int:
    for _ in range(50):
        try:
            return pair.send(raw).code
        except (DialogueError, OSError):
            time.sleep(0.1)
    return 0


@pytest.mark.parametrize("stage", ["helo", "mail", "dot"])
def test_told_to_stop_at_every_stage(own: Pair, stage: str) -> None:
    """SIGTERM: what is past the dot is answered, idle clients hear 421, and the process ends in good order."""
    own.hop.script = {"dot": Step(delay_s=0.4)}
    with own.client() as client:
        up_to(client, stage)
        time.sleep(0.1)
        assert own.gateway.process is not None
        own.gateway.process.send_signal(signal.SIGTERM)
        if stage == "dot":
            assert client.read().code == 250
            own.relayed(1)
        elif stage in ("greeting", "helo"):
            assert client.read().code == 421
        else:  # a transaction that has begun may end
            if stage == "mail":
                client.expect(b"RCPT TO:<%s>" % STAFF, 250)
            if stage in ("mail", "rcpt"):
                client.expect(b"DATA", 354)
            client.send((HONEST[50:] if stage == "body" else HONEST) + b".\r\n")
            assert client.read().code == 250
            own.relayed(1)
        assert own.gateway.process.wait(10) == 0


def test_a_held_copy_of_a_killed_relay_is_not_there_twice(own: Pair) -> None:
    """Killed between holding one's copy and relaying the other's: the retry leaves one entry, and the leavings go."""
    own.hop.script = {"dot": Step(delay_s=1.0)}
    with own.client() as client:
        client.envelope(b"a@sender.example", STAFF, WATCHED)
        client.expect(b"DATA", 354)
        client.send(FORGED + b".\r\n")
        own.gateway.wait_for(lambda: len(own.pending()) == 1)
        time.sleep(0.1)
        for pid in own.gateway.worker_pids():
            _kill(pid)
        with pytest.raises(DialogueError):
            client.read()
    own.hop.script = {}
    time.sleep(1.0)
    assert own.entries() == []
    assert _send_patiently(own, HONEST) == 250
    with own.client() as client:
        client.envelope(b"a@sender.example", STAFF, WATCHED)
        assert client.data(FORGED.removesuffix(b"\r\n")).code == 250
    assert len(own.entries()) == 1
    assert len(own.gateway.held()) == 1


def test_a_quarantine_that_cannot_be_written(own: Pair) -> None:
    """Held mail is put off, honest mail flows; when the folder is back, so is the quarantine."""
    folder = own.gateway.folder / "quarantine"
    for name in ("pending", "entries"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
        (folder / name).rename(folder / f"{name}-away")
        (folder / name).write_text("a file in the way")
    assert own.send(FORGED).code == 452
    assert own.send(FORGED, STAFF, WATCHED).code == 452
    assert own.hop.accepted == []
    assert own.send(HONEST).code == 250
    own.relayed(1)
    for name in ("pending", "entries"):
        (folder / name).unlink()
        (folder / f"{name}-away").rename(folder / name)
    assert own.send(FORGED).code == 250
    assert len(own.entries()) == 1
