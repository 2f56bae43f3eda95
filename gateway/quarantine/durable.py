"""Files that are there after a power cut: written beside, fsynced, renamed, folder fsynced."""

import os
from collections.abc import Iterable
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder (0700) and its parents where missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames and deletions in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_pieces(file: Path, pieces: Iterable[bytes], *, mode: int) -> None:
    """Write a new file and fsync it; it is removed again when that fails. Raises OSError."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        for piece in pieces:
            view = memoryview(piece)
            while view:
                view = view[os.write(handle, view) :]
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
