"""Keys are made in a process that ends; what goes wrong there is told as if it had gone wrong here."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.daemon.apart import make_keys_apart
from gateway.model.errors import Unavailable
from gateway.quarantine.keys import DayKeys, KeyLost
from gateway.settings.schema import QuarantineSettings


def test_keys_are_there_and_no_process_stays(tmp_path: Path) -> None:
    settings = QuarantineSettings(folder=tmp_path / "quarantine")
    first = make_keys_apart(settings)
    assert first.master_made
    assert first.release_key == DayKeys(settings).release_key()
    DayKeys(settings).private(datetime.now(UTC).date())
    again = make_keys_apart(settings)
    assert not again.master_made
    assert again.release_key == first.release_key
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_faults_come_through(tmp_path: Path) -> None:
    settings = QuarantineSettings(folder=tmp_path / "quarantine")
    make_keys_apart(settings)
    (tmp_path / "quarantine" / "master.key").write_text("another key of more than 16 bytes\n")
    with pytest.raises(KeyLost, match="another master key"):
        make_keys_apart(settings)
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be written"):
        make_keys_apart(QuarantineSettings(folder=tmp_path / "file" / "quarantine"))


def test_a_process_that_ends_without_a_word_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(_self: DayKeys) -> bytes:
        os._exit(9)

    monkeypatch.setattr(DayKeys, "release_key", die)
    with pytest.raises(Unavailable, match="without a word"):
        make_keys_apart(QuarantineSettings(folder=tmp_path / "quarantine"))


def test_the_supervisors_memory_holds_no_master_key(tmp_path: Path) -> None:
    """And so no worker's, which begins as a copy of it."""
    from tests.real_gateway import RealGateway

    master = b"0123456789abcdef-a-key-of-the-operator"
    (tmp_path / "operator.key").write_bytes(master)
    quarantine = {"folder": str(tmp_path / "quarantine"), "key_file": str(tmp_path / "operator.key")}
    with RealGateway(tmp_path, {"next_hop": {"maildir": "d"}, "quarantine": quarantine}) as gateway:
        assert gateway.command("reload").returncode == 0
        keys = DayKeys(QuarantineSettings(folder=tmp_path / "quarantine", key_file=tmp_path / "operator.key"))
        release = keys.release_key()
        assert gateway.process is not None
        try:
            found = {pid: _memory_holds(pid, release, master) for pid in (gateway.process.pid, *gateway.worker_pids())}
        except OSError:
            pytest.skip("the memory of another process can't be read here")
        assert any(has_release for has_release, _ in found.values()), "the search finds what is there"
        assert not any(has_master for _, has_master in found.values())


def _memory_holds(pid: int, *wanted: bytes) -> list[bool]:
    seen = [False] * len(wanted)
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, mode, *_ = line.split()
            if not mode.startswith("rw") or "[v" in line:
                continue
            start, end = (int(bound, 16) for bound in span.split("-"))
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except (OSError, OverflowError):
                continue
            seen = [was or word in data for was, word in zip(seen, wanted, strict=True)]
    return seen
