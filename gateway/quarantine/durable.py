"""Files that are there after a power cut: written beside, fsynced, renamed, folder fsynced."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder (0700) and its parents where missing."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            give_to_owner(handle, folder.parent)
        finally:
            os.close(handle)


def give_to_owner(handle: int, folder: Path) -> None:
    """What root makes (an administrator's command) belongs to whom its folder belongs: the service must go on using
    it."""
    if os.geteuid() == 0:
        facts = folder.stat()
        if facts.st_uid != 0:
            os.fchown(handle, facts.st_uid, facts.st_gid)


def sync_folder(folder: Path) -> None:
    """Make renames and deletions in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes) -> None:
    """Write every byte. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def write_pieces(file: Path, pieces: Iterable[bytes], *, mode: int) -> None:
    """Write a new file and fsync it; it is removed again when that fails. Raises OSError."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        give_to_owner(handle, file.parent)
        for piece in pieces:
            write_all(handle, piece)
        os.fsync(handle)
    except BaseException:
        os.unlink(file)
        raise
    finally:
        os.close(handle)


def write_durably(file: Path, data: bytes, *, mode: int) -> None:
    """Put a file in its place whole, or not at all. Raises OSError."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    write_pieces(temporary, [data], mode=mode)
    os.rename(temporary, file)
    sync_folder(file.parent)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock that `file` stands for; made when missing, freed by the kernel when we die. Raises OSError."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        give_to_owner(handle, file.parent)
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
