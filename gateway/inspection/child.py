"""One inspector process as the worker sees it: started, asked, killed. Nothing here opens a stranger's file."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from gateway.inspection.limits import ReadLimits
from gateway.inspection.protocol import LENGTH_BYTES, MAX_ANSWER, ProtocolError, Question

_ROOT = str(Path(__file__).resolve().parents[2])
# -I: no PYTHON* variables, no working directory on the path; -S would hide the libraries.
_START = "import sys; sys.path.insert(0, {root!r}); from gateway.inspection.process import main; main(*sys.argv[1:])"


class ChildGoneError(Exception):
    """The process died, or closed its end."""


class Child:
    """A process that answers one question at a time."""

    def __init__(self, limits: ReadLimits, memory_bytes: int, cpu_seconds: int) -> None:
        """Start it. Raises OSError where the system gives none."""
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [
                    sys.executable,
                    "-I",
                    "-c",
                    _START.format(root=_ROOT),
                    limits.to_json(),
                    str(memory_bytes),
                    str(cpu_seconds),
                    str(os.getpid()),
                ],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                close_fds=True,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.setblocking(False)
        self._socket = ours
        self.answered = 0

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def ask(self, question: Question, descriptor: int) -> bytes:
        """Its answer, unread. Raises ChildGoneError, ProtocolError; the caller sets the time limit."""
        loop = asyncio.get_running_loop()
        try:
            socket.send_fds(self._socket, [question.encode()], [descriptor])
            received = bytearray()
            wanted = LENGTH_BYTES
            while len(received) < wanted:
                piece = await loop.sock_recv(self._socket, 262_144)
                if not piece:
                    raise ChildGoneError
                received += piece
                if wanted == LENGTH_BYTES and len(received) >= LENGTH_BYTES:
                    wanted += int.from_bytes(received[:LENGTH_BYTES], "big")
                    if wanted > MAX_ANSWER:
                        raise ProtocolError("too long")
        except OSError:
            raise ChildGoneError from None
        self.answered += 1
        return bytes(memoryview(received)[LENGTH_BYTES:wanted])

    def kill(self) -> None:
        """End it now. Its remains are swept by `reap`."""
        self._socket.close()
        with contextlib.suppress(OSError):
            self._process.send_signal(signal.SIGKILL)

    def reap(self) -> bool:
        """Whether it is gone for good; never waits."""
        return self._process.poll() is not None
