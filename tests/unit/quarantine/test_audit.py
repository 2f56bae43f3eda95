"""The audit log: every change of it shows, and nobody chooses who he is."""

import json
import os
from collections.abc import Callable
from pathlib import Path as FilePath

import pytest

from gateway.model.errors import Unavailable
from gateway.quarantine.audit import Actor, AuditLog, BrokenChain, actor_now, check_chain
from tests.held_mail import killed_at

ANNE = Actor(uid=1001, login=1001)


def filled(folder: FilePath, count: int = 4) -> AuditLog:
    log = AuditLog(folder)
    for number in range(count):
        log.add(ANNE, "view", id=f"{number:018}", motive="because", nothing=None)
    return log


def test_a_whole_chain(tmp_path: FilePath) -> None:
    log = filled(tmp_path)
    lines = list(log.lines())
    assert [line["id"][-1] for line in lines] == ["0", "1", "2", "3"]
    assert log.head() == (4, lines[-1]["hash"])
    assert "nothing" not in lines[0]
    assert log.file.stat().st_mode & 0o777 == 0o600
    assert AuditLog(tmp_path / "none").head() == (0, "0" * 64)


def change(number: int, **fields: object) -> Callable[[list[bytes]], list[bytes]]:
    def changed(lines: list[bytes]) -> list[bytes]:
        line = json.loads(lines[number]) | fields
        return [*lines[:number], json.dumps(line).encode() + b"\n", *lines[number + 1 :]]

    return changed


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(change(1, uid=7), id="changed"),
        pytest.param(change(1, extra=1), id="field added"),
        pytest.param(change(3, uid=7), id="last one changed"),
        pytest.param(lambda lines: lines[1:], id="first removed"),
        pytest.param(lambda lines: [lines[0], *lines[2:]], id="one removed"),
        pytest.param(lambda lines: [lines[1], lines[0], *lines[2:]], id="exchanged"),
        pytest.param(lambda lines: [lines[0], *lines], id="doubled"),
        pytest.param(lambda lines: [lines[0], b"nonsense\n", *lines[1:]], id="nonsense put in"),
        pytest.param(lambda lines: [*lines, b"nonsense\n"], id="nonsense at the end"),
        pytest.param(lambda lines: [*lines, b"[]\n", b"{}\n"], id="other JSON"),
        pytest.param(lambda lines: [lines[0], lines[1][:40] + b"\n", *lines[2:]], id="cut in the middle"),
    ],
)
def test_every_change_shows(tmp_path: FilePath, damage: Callable[[list[bytes]], list[bytes]]) -> None:
    log = filled(tmp_path)
    log.file.write_bytes(b"".join(damage(log.file.read_bytes().splitlines(keepends=True))))
    with pytest.raises(BrokenChain):
        log.head()


def test_a_chain_goes_on_after_a_crash_at_any_point(tmp_path: FilePath) -> None:
    step = 0
    while True:
        step += 1
        folder = tmp_path / str(step)
        folder.mkdir()
        log = filled(folder, 2)
        killed = killed_at(step, lambda log=log: log.add(ANNE, "view", id="x"))  # type: ignore[misc]
        before = log.head()[0]
        assert before in (2, 3)
        log.add(ANNE, "delete", id="y")
        lines = list(log.lines())
        assert lines[-1]["action"] == "delete"
        assert [line["id"] for line in lines[:2]] == [f"{0:018}", f"{1:018}"]
        if not killed:
            break
    assert step > 3


@pytest.mark.parametrize("kept", [1, 20, -2, -1])
def test_a_torn_line_is_told_and_hidden_nothing(tmp_path: FilePath, kept: int) -> None:
    log = filled(tmp_path)
    whole = log.file.read_bytes()
    start = whole[:-1].rfind(b"\n") + 1
    log.file.write_bytes(whole[:start] + whole[start:][:kept])
    log.head()
    log.add(ANNE, "view", id="after")
    actions = [line["action"] for line in log.lines()]
    assert actions == ["view"] * 4 + ["view"] * (kept == -1) or actions == ["view", "view", "view", "torn", "view"]
    torn = log.file.read_bytes().replace(b'"torn"', b'"view"')
    if b'"torn"' in log.file.read_bytes():
        log.file.write_bytes(torn)
        with pytest.raises(BrokenChain):
            log.head()


def test_a_copy_is_checked_anywhere(tmp_path: FilePath) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(filled(tmp_path).file.read_bytes())
    assert len(list(check_chain(copy))) == 4


def test_long_motives_are_cut_and_the_chain_holds(tmp_path: FilePath) -> None:
    log = AuditLog(tmp_path)
    for _ in range(300):
        log.add(ANNE, "view", id="x", motive="é\u202e\n" * 10_000)
    assert log.head()[0] == 300
    assert log.file.stat().st_size < 2_000_000


def test_what_cannot_be_written_is_not_done(tmp_path: FilePath) -> None:
    with pytest.raises(Unavailable, match=r"audit\.log"):
        AuditLog(tmp_path / "absent").add(ANNE, "view", id="x")


@pytest.mark.parametrize(
    ("uid", "owner", "sudo", "expected"),
    [
        (0, 990, "1001", 1001),
        (990, 990, "1001", 1001),
        (1002, 990, "1001", 1002),
        (0, 990, "", 0),
        (0, 990, "-1", 0),
        (0, 990, "١٢", 0),
        (0, 990, "9" * 30, 0),
    ],
)
def test_who_acts(
    tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch, uid: int, owner: int, sudo: str, expected: int
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: uid)
    if os.geteuid() == 0:
        os.chown(tmp_path, owner, owner)
    elif uid == owner:
        pytest.skip("giving a folder away needs root")
    monkeypatch.setenv("SUDO_UID", sudo)
    assert actor_now(tmp_path).uid == expected
