"""An inspector: a fresh interpreter that reads the parts handed to it, one at a time, and may be killed at any moment.

Its standard input is the socket to the worker; it has no other way in or out. It ends when the socket does.
"""

import contextlib
import ctypes
import os
import signal
import socket
import sys

from gateway.inspection.answer import read_question
from gateway.inspection.confinement import allow_cpu, confine
from gateway.inspection.limits import ReadLimits
from gateway.inspection.protocol import LENGTH_BYTES, MAX_QUESTION, Question, encode_answer
from gateway.inspection.reading import Reading

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of mallopt(3)


def main(limits: str, memory_bytes: str, cpu_seconds: str, parent: str, memory: str) -> None:
    """Serve until the worker goes. Arguments as given on the command line; `memory` is the descriptor of the parts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's ^C is the supervisor's affair
    _keep_memory()
    confine(int(memory_bytes), int(parent))
    with contextlib.suppress(OSError):
        serve(socket.socket(fileno=0), int(memory), ReadLimits.from_json(limits), int(cpu_seconds))


def _keep_memory() -> None:
    """Let the allocator keep what a part needed for the next one: fresh pages cost more than reading them (a fifth of
    the time that a part of some megabytes takes)."""
    libc = ctypes.CDLL(None)
    with contextlib.suppress(AttributeError):  # no glibc
        libc.mallopt(_M_MMAP_THRESHOLD, 32 * 1024 * 1024)
        libc.mallopt(_M_TRIM_THRESHOLD, 64 * 1024 * 1024)


def serve(connection: socket.socket, memory: int, limits: ReadLimits, cpu_seconds: int) -> None:
    """Answer questions until the other side closes."""
    while True:
        question = _receive(connection)
        if question is None:
            return
        allow_cpu(cpu_seconds)
        try:
            reading, leaving = read_question(question, os.pread(memory, question.length, 0), limits), False
        except MemoryError:
            reading, leaving = Reading(limits=limits), True  # what is left lies in pieces: the next part gets another
            reading.too_large()
        connection.sendall(encode_answer(reading, leaving=leaving))
        if leaving:
            return


def _receive(connection: socket.socket) -> Question | None:
    data = b""
    while len(data) < LENGTH_BYTES or len(data) < LENGTH_BYTES + int.from_bytes(data[:LENGTH_BYTES], "big"):
        more = connection.recv(MAX_QUESTION)
        if not more:
            return None
        data += more
    return Question.decode(data[LENGTH_BYTES:])


if __name__ == "__main__":
    main(*sys.argv[1:])
