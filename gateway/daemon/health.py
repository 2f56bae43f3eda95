"""How the gateway stands: what makes it not ready, what only degrades it, and the gauges read from disk."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography import x509

from gateway.daemon.children import Children
from gateway.observe.counts import Labels
from gateway.observe.metrics import Metrics
from gateway.settings.schema import QuarantineSettings, Settings

_MEASURED_FOR_S = 5.0


class Health:
    """Asked by /readyz and by the gauges."""

    def __init__(self, children: Children) -> None:
        self._children = children
        self.reload_ok = True
        self.next_hop = ""  # the last answer of a next hop that a worker told of
        self._measured_at = float("-inf")
        self._measured: tuple[int, int, float] = (0, 0, 0.0)

    def reasons(self, settings: Settings, *, stopping: bool) -> tuple[list[str], list[str]]:
        """Why it is not ready, and what is degraded while mail still flows."""
        reasons, degraded = [], []
        if stopping:
            reasons.append("stopping")
        if not any(worker.ready and not worker.draining for worker in self._children.workers()):
            reasons.append("no worker is ready")
        if not self._children.recorder_alive():
            degraded.append("the recorder is down: history is late")
        if not self.reload_ok:
            degraded.append("the last reload failed: the old settings are in use")
        if self.next_hop in ("unreachable", "lost"):
            degraded.append("the next hop cannot be reached")
        folder = settings.quarantine.folder
        if not all(_is_writable(place) for place in (folder, folder / "entries", folder / "pending")):
            degraded.append("the quarantine folder cannot be written: mail to be held gets 452")
        elif free_bytes(folder) < settings.quarantine.minimum_free_bytes:
            degraded.append("little space for the quarantine: mail to be held gets 452")
        return reasons, degraded

    def register_quarantine(self, metrics: Metrics, settings: Callable[[], QuarantineSettings]) -> None:
        """Read the gauges of held mail from the spool, at most every 5 s."""

        def measured(index: int) -> Callable[[], Mapping[Labels, float]]:
            return lambda: {(): float(self._measure(settings().folder)[index])}

        metrics.gauge("quarantine_messages", measured(0))
        metrics.gauge("quarantine_bytes", measured(1))
        metrics.gauge("quarantine_oldest_seconds", measured(2))
        metrics.gauge("quarantine_free_bytes", lambda: {(): float(free_bytes(settings().folder))})

    def _measure(self, folder: Path) -> tuple[int, int, float]:
        now = time.monotonic()
        if now - self._measured_at > _MEASURED_FOR_S:
            self._measured_at = now
            self._measured = measure_spool(folder / "entries")
        return self._measured


def _is_writable(folder: Path) -> bool:
    """Whether files can be made there; a folder that isn't there yet counts as its parent does."""
    try:
        if not folder.is_dir():
            return not os.path.lexists(folder) and folder.parent.is_dir()
        space = os.statvfs(folder)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK) and (space.f_files == 0 or space.f_favail > 0)


def measure_spool(folder: Path) -> tuple[int, int, float]:
    """Entries, bytes, and the age of the oldest in seconds."""
    count, size, oldest = 0, 0, time.time()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                facts = entry.stat(follow_symlinks=False)
                count += 1
                size += facts.st_size
                oldest = min(oldest, facts.st_mtime)
    except OSError:
        return 0, 0, 0.0
    return count, size, max(0.0, time.time() - oldest) if count else 0.0


def free_bytes(folder: Path) -> int:
    """Free space where `folder` lies, 0 when that can't be asked."""
    try:
        facts = os.statvfs(folder)
    except OSError:
        return 0
    return facts.f_bavail * facts.f_frsize


def certificate_expiries(settings: Settings) -> Mapping[Labels, float]:
    """Seconds until each listener's certificate ends, by listener address."""
    left: dict[Labels, float] = {}
    for listen in settings.listen:
        if listen.tls.certificate is None:
            continue
        try:
            certificate = x509.load_pem_x509_certificate(listen.tls.certificate.read_bytes())
        except (OSError, ValueError):
            continue
        left[(listen.address,)] = certificate.not_valid_after_utc.timestamp() - time.time()
    return left
