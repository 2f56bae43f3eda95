"""The supervisor's child processes: forked, watched, reaped, replaced."""

import gc
import mmap
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gateway.daemon.loaded import Loaded
from gateway.daemon.worker import WorkerPlace, run_worker
from gateway.intake.limits import SHARED_BYTES_PER_SLOT, SharedMemory, new_salt
from gateway.observe.log import Log
from gateway.observe.recorder import run_recorder

MOST_WORKERS = 64  # by the settings
SLOTS = 2 * MOST_WORKERS  # those that drain included
_QUEUE_BYTES = 4_194_304
_FIRST_DELAY_S = 0.1
_LONGEST_DELAY_S = 5.0
_HEALTHY_AFTER_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSetup:
    """What a new child gets, and what of the supervisor's it must close."""

    loaded: Loaded
    log: Log
    to_close: list[Any]


@dataclass(slots=True, kw_only=True, eq=False)
class Child:
    """One child process."""

    kind: str  # "worker" or "recorder"
    number: int
    pid: int
    loaded: Loaded
    slot: int = -1
    born: float = field(default_factory=time.monotonic)
    last_beat: float = field(default_factory=time.monotonic)
    ready: bool = False
    draining: bool = False
    drained_at: float = 0.0
    exit_code: int | None = None

    def drain(self) -> None:
        """Ask it to finish what it has and end."""
        if not self.draining:
            self.draining = True
            self.drained_at = time.monotonic()
            self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it now."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place to be filled again, not before `at`: a child that dies at once isn't restarted in a tight loop."""

    kind: str
    number: int
    at: float


class Children:
    """All child processes, and what they share."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._children: list[Child] = []
        self._waiting: list[Waiting] = []
        self._delays: dict[tuple[str, int], float] = {}
        shared = mmap.mmap(-1, SLOTS * SHARED_BYTES_PER_SLOT)
        self._cells = memoryview(shared).cast("q")
        self._salt = new_salt()
        self.memory = SharedMemory(self._cells, 0, self._salt)
        self.channel, self._channel_out = _queue()
        self._history_in, self._history_out = _queue()
        self._alive_read, self._alive_write = os.pipe2(os.O_CLOEXEC)
        self.release_key = b""  # set once the quarantine's keys are there

    # -- views ---------------------------------------------------------------------------------------------------

    def alive(self) -> list[Child]:
        """Every child that has not ended."""
        return list(self._children)

    def workers(self) -> list[Child]:
        """The workers, draining ones included."""
        return [child for child in self._children if child.kind == "worker"]

    def recorder_alive(self) -> bool:
        """Whether the recorder runs."""
        return any(child.kind == "recorder" for child in self._children)

    def free_slots(self) -> int:
        """How many more workers there may be now."""
        return SLOTS - len(self.workers())

    def by_pid(self, pid: int) -> Child | None:
        """The child with this process id."""
        return next((child for child in self._children if child.pid == pid), None)

    # -- birth ---------------------------------------------------------------------------------------------------

    def start_worker(self, setup: ChildSetup, number: int, sockets: tuple[tuple[int, socket.socket], ...]) -> Child:
        """Fork a worker on these sockets."""
        used = {child.slot for child in self._children}
        slot = next(slot for slot in range(SLOTS) if slot not in used)
        memory = SharedMemory(self._cells, slot, self._salt)
        memory.clear()
        place = WorkerPlace(
            number=number,
            sockets=sockets,
            channel=self._channel_out,
            history=self._history_out,
            supervisor_gone=self._alive_read,
            memory=memory,
            release_key=self.release_key,
        )
        pid = self._fork(setup, lambda: run_worker(setup.loaded, place, setup.log))
        child = Child(kind="worker", number=number, pid=pid, loaded=setup.loaded, slot=slot)
        self._children.append(child)
        return child

    def start_recorder(self, setup: ChildSetup) -> Child:
        """Fork the recorder."""
        settings = setup.loaded.settings
        pid = self._fork(
            setup,
            lambda: run_recorder(settings, self._history_in, self._channel_out, self._alive_read, setup.log),
        )
        child = Child(kind="recorder", number=0, pid=pid, loaded=setup.loaded, ready=True)
        self._children.append(child)
        return child

    def restart_recorder(self) -> None:
        """Let the recorder end and be started again with the settings of the day."""
        for child in self._children:
            if child.kind == "recorder" and not child.draining:
                child.drain()
                self._waiting.append(Waiting("recorder", 0, time.monotonic()))

    def _fork(self, setup: ChildSetup, main: Callable[[], int]) -> int:
        gc.collect()
        pid = os.fork()
        if pid:
            return pid
        code = 70
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL if number != signal.SIGINT else signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            os.close(self._alive_write)
            for thing in setup.to_close:
                os.close(thing) if isinstance(thing, int) else thing.close()
            code = main()
        except BaseException as error:
            setup.log.exception("child_failed", error)
        finally:
            os._exit(code)
        return 0

    # -- death ---------------------------------------------------------------------------------------------------

    def reap(self) -> list[Child]:
        """Collect the children that ended."""
        ended = []
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            child = self.by_pid(pid)
            if child is None:
                continue
            child.exit_code = os.waitstatus_to_exitcode(status)
            self._children.remove(child)
            if child.slot >= 0:
                SharedMemory(self._cells, child.slot, self._salt).clear()
            ended.append(child)
        return ended

    def replace_later(self, child: Child) -> None:
        """Fill the child's place again: at once the first time, with growing delays when it keeps dying."""
        now = time.monotonic()
        key = (child.kind, child.number)
        delay = self._delays.get(key, 0.0) if now - child.born < _HEALTHY_AFTER_S else 0.0
        self._delays[key] = min(_LONGEST_DELAY_S, max(_FIRST_DELAY_S, delay * 2))
        self._waiting.append(Waiting(child.kind, child.number, now + delay))

    def due(self, now: float) -> list[Waiting]:
        """The places to fill now."""
        due = [waiting for waiting in self._waiting if waiting.at <= now]
        self._waiting = [waiting for waiting in self._waiting if waiting.at > now]
        return due


def _queue() -> tuple[socket.socket, socket.socket]:
    """A pair of datagram sockets: many writers, one reader, each message whole. Both ends outlive any child."""
    reader, writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _QUEUE_BYTES)
    writer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _QUEUE_BYTES)
    reader.setblocking(False)
    writer.setblocking(False)
    return reader, writer
