"""A confined worker reads no secret and still does its work. Each case runs in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.daemon.confine import below, confine_worker
from gateway.quarantine.keys import DayKeys
from gateway.settings.schema import QuarantineSettings, Settings

TODAY = datetime.now(UTC).date()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "state" / "quarantine"
    made = Settings.model_validate(
        {
            "quarantine": QuarantineSettings(folder=folder, key_file=None, minimum_free_bytes=0),
            "history": {"url": f"sqlite:///{tmp_path}/state/history.db"},
            "next_hop": {"maildir": str(tmp_path / "delivered")},
        }
    )
    keys = DayKeys(made.quarantine)
    keys.make_master_if_missing()
    keys.make_pairs(TODAY)
    (folder / "audit.log").write_text("x")
    (tmp_path / "state" / "history.db").write_text("x")
    return made


def in_confinement(settings: Settings, act: Callable[[], object]) -> str:
    """What became of an act in a confined process: "ok" or the exception's class."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            answer = "ok" if confine_worker(settings) else "unavailable"
            if answer == "ok":
                act()
        except BaseException as error:
            answer = type(error).__name__
        os.write(writer, answer.encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(pid, 0)
    with os.fdopen(reader) as said:
        answer = said.read()
    if answer == "unavailable":
        pytest.skip("this kernel has no Landlock")
    return answer


def quarantine(settings: Settings, name: str) -> Path:
    return settings.quarantine.folder / name


@pytest.mark.parametrize(
    "name", [f"keys/{TODAY}.key", "keys/release.key", "master.key", "audit.log", "../history.db", "entries/held"]
)
def test_no_secret_is_read(settings: Settings, name: str) -> None:
    (settings.quarantine.folder / "entries").mkdir(exist_ok=True)
    (settings.quarantine.folder / "entries" / "held").write_text("sealed")
    assert in_confinement(settings, lambda: quarantine(settings, name).read_bytes()) == "PermissionError"
    assert quarantine(settings, name).read_bytes(), "nothing else than the confinement is in the way"


@pytest.mark.parametrize("name", [f"keys/{TODAY}.pub", f"keys/{TODAY}.key", "audit.log", "../history.db", "new"])
def test_nothing_but_entries_is_written(settings: Settings, name: str) -> None:
    """A public key that an intruder could replace would make the next day's entries his."""
    assert in_confinement(settings, lambda: quarantine(settings, name).write_text("mine")) == "PermissionError"
    if name != "new":
        assert in_confinement(settings, lambda: quarantine(settings, name).unlink()) == "PermissionError"


def test_work_goes_on(settings: Settings) -> None:
    def work() -> None:
        import colorsys  # loaded only now, as libraries do
        import socket

        keys = DayKeys(settings.quarantine)
        for day in (TODAY, TODAY + timedelta(days=1)):
            keys.public(day)
        pending = quarantine(settings, "pending") / "x"
        pending.write_text("entry")
        pending.rename(quarantine(settings, "entries") / "x")
        handle = os.open(quarantine(settings, "entries"), os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(handle)
        (quarantine(settings, "released") / "mark").touch()
        delivered = settings.next_hop.maildir
        assert delivered is not None
        (delivered / "tmp" / "m").write_text("mail")
        (delivered / "tmp" / "m").rename(delivered / "new" / "m")
        socket.getaddrinfo("localhost", 25)
        done = subprocess.run(
            [sys.executable, "-I", "-c", "import zlib, ssl"], check=True, stdout=subprocess.DEVNULL, cwd="/"
        )
        assert done.returncode == 0
        assert colorsys.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)

    assert in_confinement(settings, work) == "ok"


def test_a_key_below_an_allowed_folder_is_left_out(tmp_path: Path) -> None:
    for name in ("a/key", "a/other", "b/file"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "link").symlink_to("a/key")
    allowed = {str(path.relative_to(tmp_path)) for path in below(tmp_path, [tmp_path / "a" / "key"])}
    assert allowed == {"a/other", "b"}
    assert list(below(tmp_path / "b", [tmp_path / "a" / "key"])) == [tmp_path / "b"]
    assert list(below(tmp_path / "a" / "key", [tmp_path / "a" / "key"])) == []
