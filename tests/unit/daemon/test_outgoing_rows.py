"""Rows to the recorder: in order, kept while it is away, the oldest dropped and counted when there are too many."""

import socket
from collections.abc import Iterator

import pytest

from gateway.daemon.outgoing_rows import OutgoingRows


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    reader, writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    writer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    reader.setblocking(False)
    writer.setblocking(False)
    yield reader, writer
    reader.close()
    writer.close()


def drain(reader: socket.socket) -> list[bytes]:
    taken = []
    while True:
        try:
            taken.append(reader.recv(4096))
        except BlockingIOError:
            return taken


def test_rows_wait_while_the_recorder_is_away_and_keep_their_order(pair: tuple[socket.socket, socket.socket]) -> None:
    reader, writer = pair
    rows = OutgoingRows(writer)
    sent = [b"%03d" % number * 100 for number in range(100)]
    assert [rows.put(row) for row in sent] == [0] * 100
    assert len(rows) > 0
    taken = []
    while got := drain(reader):
        taken += got
        rows.send()
    assert taken == sent
    assert len(rows) == 0


def test_too_many_drop_the_oldest_and_are_counted(pair: tuple[socket.socket, socket.socket]) -> None:
    reader, writer = pair
    rows = OutgoingRows(writer, most_bytes=3000)
    dropped = sum(rows.put(b"%03d" % number * 100) for number in range(100))
    assert dropped > 0
    taken = drain(reader)
    in_kernel = len(taken)
    while len(rows):
        rows.send()
        taken += drain(reader)
    assert len(taken) == 100 - dropped
    assert taken == sorted(taken)
    assert taken[in_kernel:] == [b"%03d" % number * 100 for number in range(100 - len(taken) + in_kernel, 100)]


def test_what_can_never_go_is_given_up_with_a_count(pair: tuple[socket.socket, socket.socket]) -> None:
    reader, writer = pair
    reader.close()
    rows = OutgoingRows(writer)
    for _ in range(5):
        rows.put(b"x")
    assert rows.drop_all() == 5
    assert len(rows) == 0
