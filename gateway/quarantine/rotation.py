"""Changing the master key, in steps of which each leaves everything readable.

    1  every sealed key gets a twin, sealed to the new master key           both masters open everything
    2  the new master takes the place of the old one (one rename)           the new one opens everything
    3  each twin takes the place of the file sealed to the old master       the old one opens less and less
    4  nothing of the old master is left

Step 2 is ours where the master key lies in the quarantine's folder, the operator's where the settings name a file.
Interrupted before step 2, the change has not happened and starts again; after it, `finish` goes on where it stopped.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from gateway.quarantine.durable import locked, sync_folder, write_durably
from gateway.quarantine.keys import DayKeys, KeyLost, new_master, overwrite, read_master

DAYS_AHEAD = 14  # pairs made before the operator puts a new master in place, so that no day is sealed to the old one


def rotate(keys: DayKeys) -> int:
    """Make a new master key and put it in place of the old one; how many keys were sealed anew.

    Raises KeyLost when a key can't be opened with the master key of now, OSError.
    """
    next_file, old_file = _beside(keys, "next"), _beside(keys, "old")
    clear_up(keys)
    with locked(keys.lock_file):
        write_durably(next_file, new_master(), mode=0o600)
        facts = keys.master_file.stat()
        os.chown(next_file, facts.st_uid, facts.st_gid)
        os.chmod(next_file, facts.st_mode & 0o777)
        count = _make_twins(keys, read_master(next_file))
        # The old master gets a second name, by which it is overwritten once the new one stands in its place.
        os.link(keys.master_file, old_file)
        os.rename(next_file, keys.master_file)
        sync_folder(keys.master_file.parent)
    finish(keys)
    overwrite(old_file)
    return count


def _beside(keys: DayKeys, what: str) -> Path:
    return keys.master_file.with_name(f".{keys.master_file.name}.{what}")


def prepare(keys: DayKeys, new_file: Path) -> int:
    """Seal every key to the master key in `new_file` too; the operator puts that file in place. Raises as `rotate`."""
    new = read_master(new_file)
    if new == keys.master():
        raise KeyLost(f"{new_file}: is the master key of now")
    keys.make_pairs(datetime.now(UTC).date(), DAYS_AHEAD)
    with locked(keys.lock_file):
        return _make_twins(keys, new)


def _make_twins(keys: DayKeys, new: bytes) -> int:
    old = keys.master()
    names = keys.names()
    for name in names:
        write_durably(keys.twin_file(name), keys.seal(name, keys.opened(name, old), new), mode=0o600)
    return len(names)


def finish(keys: DayKeys) -> int:
    """Put every twin in place of the file sealed to the old master; how many. Raises KeyLost, with nothing changed,
    when the master key of now does not open every key; OSError."""
    with locked(keys.lock_file):
        master = keys.master()
        for name in keys.names():
            keys.opened(name, master)
        twins = [name for name in keys.names() if keys.twin_file(name).exists()]
        if twins and not opens_twins(keys, master):
            raise KeyLost(f"the keys were prepared for another master key than {keys.master_file}")
        for name in twins:
            os.rename(keys.twin_file(name), keys.sealed_file(name))
        sync_folder(keys.folder)
        # Twins of a day destroyed meanwhile, and writes that a crash cut short: whoever writes here holds the lock.
        for lost in (*keys.folder.glob("*.key.new"), *keys.folder.glob(".*.tmp")):
            overwrite(lost)
    return len(twins)


def opens_twins(keys: DayKeys, master: bytes) -> bool:
    """Whether every twin is sealed to this master key."""
    for name in keys.names():
        twin = keys.twin_file(name)
        if twin.exists() and not _opens(keys, name, twin.read_bytes(), master):
            return False
    return True


def _opens(keys: DayKeys, name: str, sealed: bytes, master: bytes) -> bool:
    try:
        keys.unseal(name, sealed, master)
    except KeyLost:
        return False
    return True


def clear_up(keys: DayKeys) -> None:
    """Go on with a change that was interrupted after its step 2, and take away what one left before that.

    Only of changes that are ours to finish: a master key that the operator keeps is never touched.
    """
    if not keys.made_here or not keys.master_file.exists():
        return
    if any(keys.folder.glob("*.key.new")) and opens_twins(keys, keys.master()):
        finish(keys)
    old_file = _beside(keys, "old")
    if old_file.exists() and old_file.samefile(keys.master_file):  # a second name of the key of now
        old_file.unlink()
    remnants = keys.master_file.parent.glob(f".{_beside(keys, 'next').name}.*.tmp")
    for file in (old_file, _beside(keys, "next"), *remnants):
        overwrite(file)
