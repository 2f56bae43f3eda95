"""kill -9 at every step of writing, releasing, expiring and changing keys: nothing lost, doubled or left readable."""

import asyncio
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path as FilePath

import pytest

from gateway.model.reply import OK
from gateway.quarantine.audit import Actor, AuditLog
from gateway.quarantine.entry import BrokenEntry, open_message
from gateway.quarantine.keys import DayKeys, KeyLost
from gateway.quarantine.progress import Stage
from gateway.quarantine.retention import expire
from gateway.quarantine.review import Delivery, NotNow, Release, Review
from gateway.quarantine.rotation import clear_up, finish, prepare, rotate
from gateway.quarantine.spool import Spool
from gateway.quarantine.store import NoSuchEntry, Store
from gateway.settings.schema import QuarantineSettings
from tests.held_mail import RAW, every_kill, held_message, hold, quarantine_in

ACTOR = Actor(uid=1001)


def files_in(folder: FilePath) -> list[FilePath]:
    return [file for file in folder.rglob("*") if file.is_file()]


class Ground:
    """A quarantine that can be put back to how it was."""

    def __init__(self, folder: FilePath, settings: QuarantineSettings) -> None:
        self.settings = settings
        self._now, self._before = settings.folder, folder / "before"
        shutil.copytree(self._now, self._before)

    def reset(self) -> None:
        shutil.rmtree(self._now)
        shutil.copytree(self._before, self._now)


def test_a_write_is_whole_or_not_there(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    ground = Ground(tmp_path, settings)
    given = tmp_path / "given"
    message = held_message()

    def act() -> None:
        hold(settings, message)
        os.symlink("x", given)  # the 250

    def reset() -> None:
        given.unlink(missing_ok=True)
        ground.reset()

    def check() -> None:
        store = Store(settings)
        ids = store.ids()
        assert ids == [message.submission.id] or (ids == [] and not given.is_symlink()), "250 without an entry"
        assert [store.message(entry_id) for entry_id in ids] == [RAW] * len(ids)
        assert not any(b"planted secret" in file.read_bytes() for file in files_in(settings.folder))
        assert all(file.stat().st_mode & 0o077 == 0 for file in files_in(settings.folder))
        Spool(settings).sweep(-1)
        assert files_in(settings.folder / "pending") == []

    assert every_kill(act, check, reset) >= 7


def test_a_release_never_delivers_twice_unasked_and_never_loses(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings, held_message("a@m.example", "b@m.example"))
    ground = Ground(tmp_path, settings)
    delivered = tmp_path / "delivered"

    async def deliver(release: Release) -> Delivery:
        assert release.raw == RAW
        with delivered.open("ab", buffering=0) as file:  # not one of the calls that are cut
            file.write(b"x")
        return Delivery(reply=OK)

    def release(*, again: bool = False) -> None:
        asyncio.run(Review(settings, ACTOR).release(entry_id, deliver, way_of=lambda path: 0, again=again))

    def reset() -> None:
        delivered.write_bytes(b"")
        ground.reset()

    def check() -> None:
        count = len(delivered.read_bytes())
        assert count <= 1
        listed = Store(settings).ids() == [entry_id]
        stage = Store(settings).book.read(entry_id).stage
        assert count == 1 or listed, "neither delivered nor held"
        try:
            release()
        except NotNow:
            assert stage is Stage.RELEASING
            assert listed, "of unknown outcome: it stays until somebody says --again or deletes it"
            assert len(delivered.read_bytes()) == count
            release(again=True)
        except NoSuchEntry:
            assert count == 1
        assert len(delivered.read_bytes()) == 1 + (stage is Stage.RELEASING) * count
        assert Store(settings).ids() == []
        with pytest.raises(NoSuchEntry, match="was released at"):
            release()
        assert [line["action"] for line in AuditLog(settings.folder).lines() if line["action"] != "torn"]
        expire(settings, datetime.now(UTC), ACTOR)
        assert files_in(settings.folder / "entries") == []

    assert every_kill(release, check, reset) >= 15


def test_expiry_destroys_keys_before_files(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path, retention_days=1)
    old = hold(settings)
    copy = (settings.folder / "entries" / old).read_bytes()
    today = datetime.now(UTC).date()
    later = datetime.now(UTC) + timedelta(days=3)
    DayKeys(settings).make_pairs(later.date())
    (settings.folder / "keys" / f".{today}.key.77.tmp").write_bytes(
        (settings.folder / "keys" / f"{today}.key").read_bytes()
    )
    ground = Ground(tmp_path, settings)

    def opens(data: bytes) -> bool:
        try:
            return open_message(data, old, DayKeys(settings).private(today)) == RAW
        except (KeyLost, BrokenEntry):
            return False

    def check() -> None:
        there = (settings.folder / "entries" / old).exists()
        assert there or not opens(copy), "a file went before its key"
        expire(settings, later, ACTOR)
        assert not opens(copy)
        assert Store(settings).spool.ids() == []
        assert [file for file in files_in(settings.folder / "keys") if str(today) in file.name] == []
        DayKeys(settings).private(later.date())
        list(AuditLog(settings.folder).lines())

    assert every_kill(lambda: expire(settings, later, ACTOR), check, ground.reset) >= 8


def opened_by(settings: QuarantineSettings, master: bytes) -> list[str]:
    """The files below the quarantine that this master key opens, whatever their names."""
    keys = DayKeys(settings)
    found = []
    for file in files_in(keys.folder):
        for name in keys.names():
            try:
                keys.unseal(name, file.read_bytes(), master)
            except KeyLost:
                continue
            found.append(file.name)
    return found


def test_a_change_of_the_master_key_can_be_cut_anywhere(tmp_path: FilePath) -> None:
    settings = quarantine_in(tmp_path)
    entry_id = hold(settings)
    old = DayKeys(settings).master()
    release_key = DayKeys(settings).release_key()
    ground = Ground(tmp_path, settings)

    def check() -> None:
        keys = DayKeys(settings)
        assert Store(settings).message(entry_id) == RAW
        assert keys.release_key() == release_key
        assert keys.master_file.stat().st_mode & 0o777 == 0o600
        keys.make_pairs(datetime.now(UTC).date(), 4)  # the gateway runs on
        clear_up(keys)
        assert Store(settings).message(entry_id) == RAW
        rotate(keys)
        assert Store(settings).message(entry_id) == RAW
        assert keys.release_key() == release_key
        for day in keys.days():
            keys.private(day)
        assert opened_by(settings, old) == []
        assert not any(old in file.read_bytes() for file in files_in(settings.folder)), "the old master key still lies"
        assert not any(".new" in file.name for file in files_in(settings.folder))

    assert every_kill(lambda: rotate(DayKeys(settings)), check, ground.reset) >= 20


def test_the_operator_changes_the_key_at_leisure(tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.quarantine.rotation.DAYS_AHEAD", 3)
    (tmp_path / "master").write_text("the operator's first key, long enough")
    (tmp_path / "master.new").write_text("the operator's second key, long enough")
    settings = quarantine_in(tmp_path, key_file=str(tmp_path / "master"))
    entry_id = hold(settings)
    ground = Ground(tmp_path, settings)
    old = DayKeys(settings).master()
    new = (tmp_path / "master.new").read_bytes()

    def with_key(key: bytes) -> Store:
        (tmp_path / "master").write_bytes(key)
        return Store(settings)

    def check_prepare() -> None:
        assert with_key(old).message(entry_id) == RAW
        clear_up(DayKeys(settings))
        assert (tmp_path / "master.new").read_bytes() == new
        prepare(DayKeys(settings), tmp_path / "master.new")
        assert with_key(new).message(entry_id) == RAW
        assert with_key(old).message(entry_id) == RAW

    def reset() -> None:
        with_key(old)
        ground.reset()

    every_kill(lambda: prepare(DayKeys(settings), tmp_path / "master.new"), check_prepare, reset)
    with pytest.raises(KeyLost, match="another master key"):
        finish(DayKeys(settings))
    keys = with_key(new).keys
    keys.make_pairs(datetime.now(UTC).date(), 3)
    prepared = Ground(tmp_path / "prepared", settings)

    def check_finish() -> None:
        assert with_key(new).message(entry_id) == RAW
        finish(DayKeys(settings))
        assert with_key(new).message(entry_id) == RAW
        assert opened_by(settings, old) == []

    every_kill(lambda: finish(DayKeys(settings)), check_finish, prepared.reset)
