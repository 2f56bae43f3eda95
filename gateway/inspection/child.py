"""One inspector process as the worker sees it: started, asked, killed. Nothing here opens a stranger's file.

A part goes over in memory that both share by descriptor; the worker writes there and never reads it back.
"""

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


BIG = 1_048_576  # bytes: copied in a thread from here on
KEPT = 8 * 1_048_576  # bytes of shared memory kept between parts: taking it anew costs more than the copy


class ChildGoneError(Exception):
    """The process died, or closed its end."""


class Child:
    """A process that answers one question at a time."""

    def __init__(self, limits: ReadLimits, memory_bytes: int, cpu_seconds: int) -> None:
        """Start it. Raises OSError where the system gives none."""
        self._memory = os.memfd_create("parts", os.MFD_CLOEXEC)
        try:
            ours, theirs = socket.socketpair()
        except OSError:
            os.close(self._memory)
            raise
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
                    str(self._memory),
                ],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                close_fds=True,
                pass_fds=(self._memory,),
            )
        except BaseException:
            ours.close()
            os.close(self._memory)
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

    async def ask(self, question: Question, body: memoryview) -> bytes:
        """Its answer, unread. Raises ChildGoneError, ProtocolError; the caller sets the time limit."""
        loop = asyncio.get_running_loop()
        try:
            if len(body) > BIG:
                # its own descriptor: this one may be closed, and its number another file's, before the thread is done
                await asyncio.to_thread(_write_and_close, os.dup(self._memory), body)
            else:
                _write(self._memory, body)
            self._socket.sendall(question.encode())
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
            if len(body) > KEPT:
                os.ftruncate(self._memory, KEPT)
        except OSError:
            raise ChildGoneError from None
        self.answered += 1
        return bytes(memoryview(received)[LENGTH_BYTES:wanted])

    def kill(self) -> None:
        """End it now. Its remains are swept by `reap`."""
        self._socket.close()
        if self._memory >= 0:
            os.close(self._memory)
            self._memory = -1
        with contextlib.suppress(OSError):
            self._process.send_signal(signal.SIGKILL)

    def reap(self) -> bool:
        """Whether it is gone for good; never waits."""
        return self._process.poll() is not None


def _write(descriptor: int, body: memoryview) -> None:
    written = 0
    while written < len(body):
        written += os.pwrite(descriptor, body[written:], written)


def _write_and_close(descriptor: int, body: memoryview) -> None:
    try:
        _write(descriptor, body)
    finally:
        os.close(descriptor)
