"""Where a running supervisor can be found: its process id, in the quarantine folder that only it and root may read."""

import os
from pathlib import Path

from gateway.settings.schema import QuarantineSettings


def pid_file(settings: QuarantineSettings) -> Path:
    """The file of the gateway that uses this quarantine."""
    return settings.folder / "supervisor.pid"


def write_pid(settings: QuarantineSettings) -> Path:
    """Leave our process id; the file, to be removed at the end."""
    file = pid_file(settings)
    file.write_text(f"{os.getpid()}\n")
    return file


def running_pid(settings: QuarantineSettings) -> int | None:
    """The supervisor's process id, or None when none runs (a file left by a crash counts for nothing)."""
    try:
        pid = int(pid_file(settings).read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if b"serve" in command else None
