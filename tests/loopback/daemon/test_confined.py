"""Confinement in the real daemon: workers have it, and a new day's key pair brings new workers that may read it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.real_gateway import RealGateway
from tests.smtp_dialogue import SmtpDialogue

FORGED = b"From: a@strict.example\r\nSubject: x\r\nMessage-ID: <1@strict.example>\r\n\r\nA demain.\r\n"


def no_new_privileges(pid: int) -> bool:
    try:
        return "NoNewPrivs:\t1" in Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it ended meanwhile: the supervisor starts short-lived processes too
        return False


def send(gateway: RealGateway) -> int:
    with SmtpDialogue(("127.0.0.1", gateway.port), timeout_s=30) as client:
        client.envelope(b"a@sender.example", b"b@mutuelle.example")
        return client.data(FORGED).code


def test_a_new_day_brings_new_workers(tmp_path: Path) -> None:
    """The supervisor looks each minute; here, twice a second. The day that comes is made by taking tomorrow's away."""
    (tmp_path / "sitecustomize.py").write_text(
        "import gateway.daemon.supervisor\ngateway.daemon.supervisor._KEY_CHECK_S = 0.5\n"
    )
    environment = {"PYTHONPATH": str(tmp_path)}
    with RealGateway(tmp_path, {"next_hop": {"maildir": "d"}}, environment=environment) as gateway:
        if gateway.events("confinement_unavailable"):
            pytest.skip("this kernel has no Landlock")
        before = [pid for pid in gateway.worker_pids() if no_new_privileges(pid)]
        assert len(before) == 1, "the worker is confined, the recorder needs no confinement"
        assert send(gateway) == 250
        keys = tmp_path / "quarantine" / "keys"
        tomorrow = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
        for end in (".pub", ".key"):
            os.unlink(keys / f"{tomorrow}{end}")
        gateway.wait_for(lambda: (keys / f"{tomorrow}.pub").exists())
        gateway.wait_for(lambda: before[0] not in gateway.worker_pids())
        after = [pid for pid in gateway.worker_pids() if no_new_privileges(pid)]
        assert len(after) == 1
        assert send(gateway) == 250
        assert len(gateway.held()) == 2
        assert gateway.events("child_died") == []
