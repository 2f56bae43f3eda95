"""An inspector: a fresh interpreter that reads the parts handed to it, one at a time, and may be killed at any moment.

Its standard input is the socket to the worker; it has no other way in or out. It ends when the socket does.
"""

import contextlib
import os
import signal
import socket
import sys

from gateway.inspection.answer import read_question
from gateway.inspection.confinement import allow_cpu, confine
from gateway.inspection.limits import ReadLimits
from gateway.inspection.protocol import LENGTH_BYTES, MAX_QUESTION, Question, encode_answer
from gateway.inspection.reading import Reading


def main(limits: str, memory_bytes: str, cpu_seconds: str, parent: str) -> None:
    """Serve until the worker goes. Arguments as given on the command line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's ^C is the supervisor's affair
    confine(int(memory_bytes), int(parent))
    with contextlib.suppress(OSError):
        serve(socket.socket(fileno=0), ReadLimits.from_json(limits), int(cpu_seconds))


def serve(connection: socket.socket, limits: ReadLimits, cpu_seconds: int) -> None:
    """Answer questions until the other side closes."""
    while True:
        asked = _receive(connection)
        if asked is None:
            return
        question, descriptor = asked
        try:
            allow_cpu(cpu_seconds)
            reading, leaving = _answer(question, descriptor, limits)
        finally:
            os.close(descriptor)
        connection.sendall(encode_answer(reading, leaving=leaving))
        if leaving:
            return


def _answer(question: Question, descriptor: int, limits: ReadLimits) -> tuple[Reading, bool]:
    try:
        return read_question(question, os.pread(descriptor, question.length, question.offset), limits), False
    except MemoryError:
        reading = Reading(limits=limits)
        reading.too_large()
        return reading, True  # what memory is left lies in pieces: the next part deserves a fresh process


def _receive(connection: socket.socket) -> tuple[Question, int] | None:
    data, descriptors, _, _ = socket.recv_fds(connection, MAX_QUESTION, 1)
    while data and (len(data) < LENGTH_BYTES or len(data) < LENGTH_BYTES + int.from_bytes(data[:LENGTH_BYTES], "big")):
        more = connection.recv(MAX_QUESTION)
        if not more:
            return None
        data += more
    if not data or not descriptors:
        return None
    return Question.decode(data[LENGTH_BYTES:]), descriptors[0]


if __name__ == "__main__":
    main(*sys.argv[1:])
