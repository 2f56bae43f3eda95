"""The supervisor: owns the listening sockets, starts and replaces workers, reloads, and shows how things stand.

It never touches mail. It is one plain loop over a selector, without threads and without asyncio, so that it can fork
workers that share what was loaded. A worker that dies or falls silent is replaced; the sockets outlive it.
"""

import contextlib
import json
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from gateway.daemon.apart import make_keys_apart
from gateway.daemon.children import MOST_WORKERS, Child, Children, ChildSetup
from gateway.daemon.health import Health, certificate_expiries
from gateway.daemon.http_endpoint import Answer, HttpEndpoint, json_answer
from gateway.daemon.listening import open_sockets, systemd_sockets
from gateway.daemon.loaded import Loaded, load_everything
from gateway.daemon.pid_file import write_pid
from gateway.model.errors import SettingsError, Unavailable
from gateway.model.version import __version__
from gateway.observe.log import Log
from gateway.observe.metrics import CONTENT_TYPE, Metrics
from gateway.observe.sd_notify import SystemdNotifier
from gateway.quarantine.keys import DayKeys, KeyLost
from gateway.settings.schema import Listen

SILENT_AFTER_S = 10.0
_SLOW_START_S = 60.0  # a worker that isn't ready by then never will be
_AFTER_DRAIN_S = 5.0  # beyond limits.drain_s: a worker that drains ends by itself, unless it is stuck
TICK_S = 1.0
_KEY_CHECK_S = 60.0


class Supervisor:
    """One gateway. `run` returns the exit code."""

    def __init__(self, loaded: Loaded, log: Log, environ: dict[str, str]) -> None:
        self._loaded = loaded
        self._log = log
        self._environ = environ
        self._selector = selectors.DefaultSelector()
        self._metrics = Metrics(__version__)
        self._systemd = SystemdNotifier(environ)
        self._passed = systemd_sockets(environ)
        self._sockets: dict[str, list[socket.socket]] = {}  # listen address -> sockets
        self._children = Children(log)
        self._health = Health(self._children)
        self._endpoint: HttpEndpoint | None = None
        self._stopping_at = 0.0
        self._announced = False
        self._last_watchdog = 0.0
        self._last_key_check = 0.0
        self._reload_wanted = False
        self._renewal_wanted = False
        self._wakeup_read, self._wakeup_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    # -- life ----------------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT. Raises Unavailable when a port or the spool can't be had at the start."""
        self._install_signals()
        self._children.release_key = self._make_keys(self._loaded)
        self._open_sockets(self._loaded)
        self._open_endpoint(self._loaded)
        self._register_gauges()
        self._selector.register(self._wakeup_read, selectors.EVENT_READ, self._on_signal)
        self._selector.register(self._children.channel, selectors.EVENT_READ, self._on_news)
        self._start_all(self._loaded)
        pid_file = self._write_pid()
        self._log.event("started", version=__version__, workers=self._worker_count(), pid=os.getpid())
        while not (self._stopping_at and not self._children.alive()):
            for key, events in self._selector.select(TICK_S):
                key.data(events)
            self._tick()
        self._log.event("stopped")
        if pid_file is not None:
            with contextlib.suppress(OSError):
                pid_file.unlink(missing_ok=True)
        if self._endpoint is not None:
            self._endpoint.close()
        return 0

    def _write_pid(self) -> Path | None:
        try:
            return write_pid(self._loaded.settings.quarantine)
        except OSError:  # a full disk: `vitalgate reload` won't find us, mail goes on
            self._log.event("pid_file_failed", "warning")
            return None

    def _install_signals(self) -> None:
        signal.set_wakeup_fd(self._wakeup_write, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, lambda _number, _frame: None)

    def _on_signal(self, _events: int) -> None:
        try:
            numbers = set(os.read(self._wakeup_read, 4096))
        except BlockingIOError:
            return
        if signal.SIGCHLD in numbers:
            self._reap()
        if signal.SIGHUP in numbers:
            self._reload_wanted = True
        if signal.SIGTERM in numbers or signal.SIGINT in numbers:
            self._stop()

    def _stop(self) -> None:
        if self._stopping_at:
            return
        self._systemd.stopping()
        self._log.event("stopping")
        self._stopping_at = time.monotonic()
        for child in self._children.workers():  # the recorder ends after them: they still tell it of messages
            child.drain()

    # -- parts ---------------------------------------------------------------------------------------------------

    def _worker_count(self) -> int:
        workers = self._loaded.settings.workers
        return max(1, len(os.sched_getaffinity(0))) if workers == "auto" else workers

    def _make_keys(self, loaded: Loaded) -> bytes:
        """The key of release marks. Raises Unavailable, KeyLost."""
        self._last_key_check = time.monotonic()
        made = make_keys_apart(loaded.settings.quarantine)
        if made.master_made:
            self._log.event("quarantine_key_made", "warning", file=str(DayKeys(loaded.settings.quarantine).master_file))
        return made.release_key

    def _open_sockets(self, loaded: Loaded) -> None:
        """Open what isn't open yet. Raises Unavailable, with nothing changed."""
        wanted = loaded.settings.listen
        opened: dict[str, list[socket.socket]] = {}
        try:
            for index, listen in enumerate(wanted):
                if listen.address not in self._sockets:
                    opened[listen.address] = self._sockets_for(index, listen)
        except Unavailable:
            for sockets in opened.values():
                for listener in sockets:
                    listener.close()
            raise
        self._sockets |= opened

    def _sockets_for(self, index: int, listen: Listen) -> list[socket.socket]:
        if index < len(self._passed):
            return [self._passed[index]]
        return open_sockets(listen, self._worker_count())

    def _close_unwanted_sockets(self) -> None:
        wanted = {listen.address for listen in self._loaded.settings.listen}
        for address in [a for a in self._sockets if a not in wanted]:
            for listener in self._sockets.pop(address):
                if listener not in self._passed:  # systemd's stay open under whatever name the settings give them
                    listener.close()

    def _open_endpoint(self, loaded: Loaded) -> None:
        address = loaded.settings.metrics.address
        if self._endpoint is not None and self._endpoint.address == address:
            return
        opened = None
        if address is not None:
            pages: dict[str, Callable[[], Answer]] = {
                "/metrics": lambda: (200, CONTENT_TYPE, self._metrics.render()),
                "/healthz": lambda: json_answer(200, {"alive": True}),
                "/readyz": self._ready_page,
            }
            opened = HttpEndpoint(address, self._selector, pages)
        if self._endpoint is not None:
            self._endpoint.close()
        self._endpoint = opened

    def _ready_page(self) -> Answer:
        reasons, degraded = self._health.reasons(self._loaded.settings, stopping=bool(self._stopping_at))
        return json_answer(503 if reasons else 200, {"ready": not reasons, "reasons": reasons, "degraded": degraded})

    def _register_gauges(self) -> None:
        started = time.time()
        metrics = self._metrics
        metrics.describe_rules((rule.id, rule.mode.value) for rule in self._loaded.rulebook.rules)
        metrics.gauge("connections", lambda: {(): float(self._children.memory.total(0))})
        metrics.gauge("bytes_in_flight", lambda: {(): float(self._children.memory.total(1))})
        metrics.gauge("workers", lambda: {(): float(len(self._children.workers()))})
        metrics.gauge("reload_success", lambda: {(): 1.0 if self._health.reload_ok else 0.0})
        metrics.gauge("start_time_seconds", lambda: {(): started})
        metrics.gauge("certificate_expiry_seconds", lambda: certificate_expiries(self._loaded.settings))
        metrics.gauge("ready", lambda: {(): 0.0 if self._ready_page()[0] == 503 else 1.0})
        self._health.register_quarantine(metrics, lambda: self._loaded.settings.quarantine)

    # -- children ------------------------------------------------------------------------------------------------

    def _start_all(self, loaded: Loaded) -> None:
        self._children.start_recorder(self._setup(loaded))
        for number in range(self._worker_count()):
            self._start_worker(loaded, number)

    def _setup(self, loaded: Loaded) -> ChildSetup:
        to_close: list[Any] = [self._selector, self._wakeup_read, self._wakeup_write]
        if self._endpoint is not None:
            to_close += self._endpoint.sockets()
        return ChildSetup(loaded=loaded, log=self._log, to_close=to_close)

    def _start_worker(self, loaded: Loaded, number: int) -> Child:
        """On its share of the sockets: each one has somebody who accepts, even when there were more workers before."""
        sockets = []
        count = self._worker_count()
        for index, listen in enumerate(loaded.settings.listen):
            available = self._sockets[listen.address]
            share = available[number % count :: count] or [available[number % len(available)]]
            sockets += [(index, listener) for listener in share]
        return self._children.start_worker(self._setup(loaded), number, tuple(sockets))

    def _reap(self) -> None:
        for child in self._children.reap():
            if child.draining or self._stopping_at:
                self._log.event("child_ended", kind=child.kind, worker=child.number, code=child.exit_code)
                continue
            self._log.event("child_died", "error", kind=child.kind, worker=child.number, code=child.exit_code)
            if child.kind == "worker":
                self._metrics.counts.add("worker_restarts")
            self._children.replace_later(child)

    def _on_news(self, _events: int) -> None:
        for _ in range(1000):
            try:
                data = self._children.channel.recv(1 << 20)
            except BlockingIOError:
                return
            try:
                self._take_news(json.loads(data))
            except (KeyError, TypeError, ValueError) as error:  # whoever broke into a worker shall not end the gateway
                self._log.event("news_refused", "error", error=type(error).__name__)

    def _take_news(self, data: dict[str, Any]) -> None:
        child = self._children.by_pid(data["pid"])
        if "counts" in data:
            self._metrics.counts.put(data["counts"])
        if child is None:
            return
        child.last_beat = time.monotonic()
        if data.get("next_hop"):
            self._health.next_hop = data["next_hop"]
        if data.get("ready"):
            child.ready = True
            self._on_worker_ready(child)

    def _on_worker_ready(self, child: Child) -> None:
        """The one that it replaces may go; when all are there, tell systemd."""
        for old in self._children.workers():
            if old.number == child.number and old.pid != child.pid and old.loaded is not self._loaded:
                old.drain()
        if all(worker.ready for worker in self._children.workers()):
            self._close_unwanted_sockets()
            if not self._announced:
                self._announced = True
                self._systemd.ready(f"Serving with {self._worker_count()} workers")
                self._log.event("ready", addresses=list(self._sockets))

    def _tick(self) -> None:
        now = time.monotonic()
        for child in self._children.workers():
            if self._is_stuck(child, now):
                self._log.event("worker_silent", "error", worker=child.number, pid=child.pid)
                child.kill()
        if self._stopping_at:
            if now - self._stopping_at > self._loaded.settings.limits.drain_s + 5:
                for child in self._children.alive():
                    child.kill()
            elif not self._children.workers():
                for child in self._children.alive():
                    child.drain()
        else:
            for waiting in self._children.due(now):
                if waiting.kind == "recorder":
                    self._children.start_recorder(self._setup(self._loaded))
                elif waiting.number < self._worker_count() and not self._is_manned(waiting.number):
                    self._start_worker(self._loaded, waiting.number)
            if self._reload_wanted and self._can_reload():
                self._reload_wanted = False
                self.reload()
            elif self._renewal_wanted and self._can_reload():
                self._replace_workers(replace(self._loaded))
            if now - self._last_key_check > _KEY_CHECK_S:
                self._renew_keys()
        if self._endpoint is not None:
            self._endpoint.tick()
        self._feed_watchdog(now)

    def _is_stuck(self, child: Child, now: float) -> bool:
        if child.draining:
            return now - child.drained_at > child.loaded.settings.limits.drain_s + _AFTER_DRAIN_S
        return now - child.last_beat > (SILENT_AFTER_S if child.ready else _SLOW_START_S)

    def _is_manned(self, number: int) -> bool:
        """Whether a worker with today's settings has this place: one that died in mid-reload needs no second heir."""
        return any(
            child.number == number and child.loaded is self._loaded and not child.draining
            for child in self._children.workers()
        )

    def _renew_keys(self) -> None:
        keys = DayKeys(self._loaded.settings.quarantine)
        try:
            before = keys.days()
            self._children.release_key = self._make_keys(self._loaded)
            # A confined worker reads the public keys that were there when it started: a new day wants new workers.
            self._renewal_wanted |= bool(set(keys.days()) - set(before))
        except (Unavailable, KeyLost, OSError) as error:
            self._log.event("quarantine_keys_failed", "error", error=type(error).__name__)

    def _feed_watchdog(self, now: float) -> None:
        interval = self._systemd.watchdog_interval_s
        if interval and now - self._last_watchdog >= min(interval, 10.0):
            workers = [w for w in self._children.workers() if not w.draining]
            if self._stopping_at or any(now - w.last_beat < SILENT_AFTER_S for w in workers):
                self._systemd.watchdog()
                self._last_watchdog = now

    # -- reload --------------------------------------------------------------------------------------------------

    def _can_reload(self) -> bool:
        """One at a time: the last one's workers are there, and those that still drain leave room for as many again."""
        return all(child.ready for child in self._children.workers()) and self._children.free_slots() >= MOST_WORKERS

    def reload(self) -> None:
        """Read everything anew; replace the workers one by one if it holds, go on with the old set if not."""
        self._systemd.reloading()
        try:
            loaded = load_everything(self._loaded.path)
            release_key = self._make_keys(loaded)
            self._open_sockets(loaded)
            self._open_endpoint(loaded)
            key_file = loaded.settings.log.key_file
            log_key = key_file.read_bytes().strip() if key_file is not None else None
        except (SettingsError, Unavailable, KeyLost, OSError) as error:
            self._health.reload_ok = False
            self._metrics.counts.add("reloads", ("failed",))
            problems = error.problems if isinstance(error, SettingsError) else [str(error)]
            self._log.event("reload_failed", "error", problems=problems[:50])
            self._systemd.ready("Reload failed, serving with the old settings")
            return
        self._health.reload_ok = True
        self._metrics.counts.add("reloads", ("ok",))
        self._announced = False
        self._children.release_key = release_key
        self._log.configure(level=loaded.settings.log.level, addresses=loaded.settings.log.addresses, key=log_key)
        self._metrics.describe_rules((rule.id, rule.mode.value) for rule in loaded.rulebook.rules)
        self._replace_workers(loaded)
        self._children.restart_recorder()
        self._log.event("reloaded")

    def _replace_workers(self, loaded: Loaded) -> None:
        """Start new workers; each old one drains once the new one of its number is ready."""
        old = self._loaded
        self._loaded = loaded
        self._renewal_wanted = False
        numbers = {worker.number for worker in self._children.workers() if worker.loaded is old}
        for number in range(self._worker_count()):
            self._start_worker(loaded, number)
        for worker in self._children.workers():
            if worker.number in numbers and worker.number >= self._worker_count():
                worker.drain()
