"""The real daemon short of something: places, message bytes, descriptors, memory. It says 4xx, and gets over it."""

import os
import resource
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.hostile import HONEST, STAFF, Pair, running_pair
from tests.process_facts import children_of, memory_mib
from tests.smtp_dialogue import DialogueError, SmtpDialogue

LIMITS = {"connections": 6, "connections_per_client": 6, "bytes_in_flight": 3_145_728, "message_bytes": 3_000_000}


def kill_workers(pair: Pair) -> None:
    deaths = len(pair.gateway.events("child_died"))
    for pid in pair.gateway.worker_pids():
        if b"gateway" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
    pair.gateway.wait_for(lambda: len(pair.gateway.events("child_died")) > deaths)
    pair.gateway.wait_for(lambda: '"ready": true' in pair.gateway.page("/readyz"))


def half_a_message(pair: Pair, octets: int) -> SmtpDialogue:
    client = pair.client()
    client.envelope(b"a@sender.example", STAFF)
    client.expect(b"DATA", 354)
    client.send(b"x" * 998 + b"\r\n" + (b"y" * 998 + b"\r\n") * (octets // 1000))
    return client


def patient_code(pair: Pair, raw: bytes) -> int:
    """The reply to the dot, once a session can be had and keeps up."""
    for _ in range(100):
        try:
            return pair.send(raw).code
        except (DialogueError, OSError):
            time.sleep(0.05)
    return 0


def test_places_and_bytes_of_a_killed_worker_are_free_again(tmp_path: Path) -> None:
    large = HONEST + (b"z" * 998 + b"\r\n") * 2500
    with running_pair(tmp_path, {"limits": LIMITS}) as pair:
        for _ in range(2):
            clients = [half_a_message(pair, 2_000_000), *(pair.client() for _ in range(5))]
            with SmtpDialogue(("127.0.0.1", pair.gateway.port)) as late:
                assert late.banner is not None
                assert late.banner.code == 421
            time.sleep(0.1)
            clients[1].envelope(b"a@sender.example", STAFF)
            clients[1].expect(b"DATA", 354)
            clients[1].send((b"y" * 998 + b"\r\n") * 1500 + b".\r\n")
            answer = clients[1].read()
            assert (answer.code, answer.enhanced) == (452, "4.3.1")
            kill_workers(pair)
            for client in clients:
                client.close()
            assert patient_code(pair, large) == 250
        pair.relayed(2)


def test_a_declared_size_beyond_the_budget_is_put_off(tmp_path: Path) -> None:
    with running_pair(tmp_path, {"limits": LIMITS}) as pair:
        with half_a_message(pair, 2_000_000), pair.client() as client:
            time.sleep(0.1)
            client.expect(b"EHLO c.example", 250)
            assert client.command(b"MAIL FROM:<a@b.example> SIZE=2000000").code == 452
            client.expect(b"MAIL FROM:<a@b.example> SIZE=1000", 250)
        pair.gateway.wait_for(lambda: pair.gateway.metric("vitalgate_connections") == 0)
        with pair.client() as client:
            client.expect(b"EHLO c.example", 250)
            client.expect(b"MAIL FROM:<a@b.example> SIZE=2000000", 250)


def test_without_descriptors_it_waits_and_serves_again(tmp_path: Path) -> None:
    with running_pair(tmp_path, {"limits": {"connections": 500, "connections_per_client": 500}}) as pair:
        assert pair.send(HONEST).code == 250
        (worker, *_) = [pid for pid in pair.gateway.worker_pids() if len(os.listdir(f"/proc/{pid}/fd")) > 8]
        for pid in pair.gateway.worker_pids():
            in_use = len(os.listdir(f"/proc/{pid}/fd"))
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (in_use + 20, in_use + 20))
        many = []
        for _ in range(60):
            one = socket.create_connection(("127.0.0.1", pair.gateway.port), 5)
            one.settimeout(0.2)
            many.append(one)
        time.sleep(0.5)
        for one in many:
            one.close()
        assert patient_code(pair, HONEST) == 250
        assert worker in children_of(pair.gateway.process.pid if pair.gateway.process else 0)


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="limits of another process are set by prlimit")
def test_without_memory_a_large_message_is_put_off_and_small_ones_pass(tmp_path: Path) -> None:
    with running_pair(tmp_path, {"limits": {"message_bytes": 36_700_160}}) as pair:
        assert pair.send(HONEST).code == 250
        for pid in pair.gateway.worker_pids():
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
            limit = pages * resource.getpagesize() + 25_000_000
            resource.prlimit(pid, resource.RLIMIT_AS, (limit, limit))
            assert memory_mib(pid) < 200
        code = patient_code(pair, HONEST + (b"z" * 998 + b"\r\n") * 34_000)
        assert code // 100 == 4
        assert patient_code(pair, HONEST) == 250
        pair.relayed(2)
