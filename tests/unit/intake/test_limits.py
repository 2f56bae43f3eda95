"""Gauges, of one process and shared by several."""

import mmap

from gateway.intake.limits import SHARED_BYTES_PER_SLOT, Admission, SharedMemory, new_salt
from gateway.settings.schema import Limits

LIMITS = Limits(connections=3, connections_per_client=2, bytes_in_flight=5000)


def check(one: Admission, two: Admission) -> None:
    assert one.connections.acquire()
    assert two.connections.acquire(2)
    assert not one.connections.acquire()
    two.connections.release()
    assert one.connections.acquire()
    assert one.clients.acquire("192.0.2.1")
    assert two.clients.acquire("192.0.2.1")
    assert not one.clients.acquire("192.0.2.1")
    assert one.clients.acquire("192.0.2.2")
    two.clients.release("192.0.2.1")
    assert one.clients.acquire("192.0.2.1")
    assert two.bytes_in_flight.acquire(4000)
    assert not one.bytes_in_flight.acquire(1001)
    assert one.bytes_in_flight.acquire(1000)


def test_local() -> None:
    admission = Admission.local(LIMITS)
    check(admission, admission)


def test_shared_by_workers() -> None:
    memory = memoryview(mmap.mmap(-1, 3 * SHARED_BYTES_PER_SLOT)).cast("q")
    salt = new_salt()
    views = [SharedMemory(memory, slot, salt) for slot in range(3)]
    check(Admission.shared(LIMITS, views[0]), Admission.shared(LIMITS, views[2]))
    assert views[1].total(0) == 3
    assert views[1].total(1) == 5000
    views[0].clear()  # the first worker was killed
    assert views[1].total(0) == 1
    assert views[1].total(1) == 4000
    third = Admission.shared(LIMITS, views[1])
    assert third.connections.acquire(2)
    assert third.clients.acquire("192.0.2.1")
    views[2].clear()
    views[1].clear()
    assert sum(memory) == 0
