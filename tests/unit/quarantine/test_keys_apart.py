"""The supervisor gets its release key without ever holding the master key."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path as FilePath

import pytest

from gateway.model.errors import Unavailable
from gateway.quarantine.keys import DayKeys, KeyLost
from gateway.quarantine.keys_apart import make_keys_apart
from gateway.settings.schema import QuarantineSettings

TODAY = datetime.now(UTC).date()
_CHILD = """
import sys
from datetime import date
from pathlib import Path
from gateway.quarantine.keys_apart import make_keys_apart
from gateway.settings.schema import QuarantineSettings
made = make_keys_apart(QuarantineSettings(folder=Path(sys.argv[1])), date.today())
print("ready", flush=True)
sys.stdin.read()
"""


def test_keys_are_made_once(tmp_path: FilePath) -> None:
    settings = QuarantineSettings(folder=tmp_path / "q")
    first = make_keys_apart(settings, TODAY)
    assert first.master_made
    second = make_keys_apart(settings, TODAY)
    assert not second.master_made
    keys = DayKeys(settings)
    assert first.release_key == second.release_key == keys.release_key()
    assert len(keys.days()) == 2
    keys.private(TODAY)


def test_faults_come_through(tmp_path: FilePath) -> None:
    settings = QuarantineSettings(folder=tmp_path / "q")
    make_keys_apart(settings, TODAY)
    DayKeys(settings).master_file.write_text("another master key, long enough")
    with pytest.raises(KeyLost, match="another master key"):
        make_keys_apart(settings, TODAY)
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be written"):
        make_keys_apart(QuarantineSettings(folder=tmp_path / "file" / "q"), TODAY)


def memory_holds(pid: int, needle: bytes) -> bool:
    with FilePath(f"/proc/{pid}/maps").open() as maps, FilePath(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            area, rights, *_ = line.split()
            if "w" not in rights:
                continue
            start, end = (int(part, 16) for part in area.split("-"))
            memory.seek(start)
            if needle in memory.read(end - start):
                return True
    return False


def test_the_master_key_never_was_in_our_memory(tmp_path: FilePath) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(tmp_path / "q")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        keys = DayKeys(QuarantineSettings(folder=tmp_path / "q"))
        try:
            assert memory_holds(child.pid, keys.release_key()), "what it was given is found by this search"
            assert not memory_holds(child.pid, keys.master())
            assert not memory_holds(child.pid, keys.private(keys.days()[0]).private_bytes_raw())
        except PermissionError:
            pytest.skip("reading another process' memory is not allowed here")
        finally:
            child.stdin.close()
