"""A Maildir in place of a next hop, for trying out: it takes everything, and what it took is on disk."""

import errno
import itertools
import os
import time
from pathlib import Path

from gateway.model import reply as replies
from gateway.model.reply import Reply

STORED = Reply(250, "2.0.0", "Ok, stored in the Maildir")
_counter = itertools.count()


def store(folder: Path, head: bytes, body: memoryview) -> Reply:
    """Write `head + body` into `folder/new`, byte for byte, and answer as a hop would. Blocks: for a thread.

    250 stands for: file fsynced, renamed from tmp to new, folder fsynced.
    """
    name = f"{time.time_ns()}.P{os.getpid()}Q{next(_counter)}.vitalgate"
    temporary = folder / "tmp" / name
    try:
        for part in ("tmp", "new", "cur"):
            (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _write_synced(temporary, head, body)
            temporary.rename(folder / "new" / name)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(folder / "new")
    except OSError as error:
        return replies.NO_SPACE if error.errno in (errno.ENOSPC, errno.EDQUOT) else replies.LOCAL_PROBLEM
    return STORED


def _write_synced(path: Path, head: bytes, body: memoryview) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        for part in (memoryview(head), body):
            written = 0
            while written < len(part):
                written += file.write(part[written:])
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
