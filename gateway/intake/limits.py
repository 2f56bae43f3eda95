"""What all sessions share: how many may be open, in all and per client, and how many message bytes may be in memory.

Each count is a gauge with `acquire` and `release`. Within one process a plain number does; over several workers each
one writes its own slot of a shared memory and reads the sum, so there is no lock, and a killed worker's slot is simply
zeroed by who starts the next one. Two workers that ask in the same instant may pass a limit by one; nothing waits.
"""

import secrets
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

from gateway.settings.schema import Limits

CLIENT_BUCKETS = 16384  # counters per worker; two clients share one with probability sessions/16384
CONNECTIONS = 0  # the cells of a slot: sessions,
BYTES_IN_FLIGHT = 1  # octets of messages being received or judged,
_CLIENTS = 2  # and then the clients' counters
_SLOT_CELLS = _CLIENTS + CLIENT_BUCKETS
SHARED_BYTES_PER_SLOT = 8 * _SLOT_CELLS


class Gauge(Protocol):
    """A bounded count."""

    def acquire(self, amount: int = 1) -> bool:
        """Count `amount` more, unless that goes over the bound."""
        ...

    def release(self, amount: int = 1) -> None:
        """Give back what was acquired."""
        ...


class ClientGauge(Protocol):
    """A bounded count for each client."""

    def acquire(self, client: str) -> bool:
        """Count one more session of this client, unless it has too many."""
        ...

    def release(self, client: str) -> None:
        """Give back what was acquired."""
        ...


class LocalGauge:
    """A bounded count of this process."""

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.held = 0

    def acquire(self, amount: int = 1) -> bool:
        """See Gauge."""
        if self.held + amount > self.bound:
            return False
        self.held += amount
        return True

    def release(self, amount: int = 1) -> None:
        """See Gauge."""
        self.held -= amount


class LocalClientGauge:
    """A bounded count for each client of this process; clients without sessions take no memory."""

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.held: dict[str, int] = {}

    def acquire(self, client: str) -> bool:
        """See ClientGauge."""
        held = self.held.get(client, 0)
        if held >= self.bound:
            return False
        self.held[client] = held + 1
        return True

    def release(self, client: str) -> None:
        """See ClientGauge."""
        held = self.held[client] - 1
        if held:
            self.held[client] = held
        else:
            del self.held[client]


class SharedMemory:
    """One worker's view of the counts of all: `cells` is shared, `slot` is the one this worker writes.

    `cells` is a memoryview of format "q" over `slots * SHARED_BYTES_PER_SLOT` bytes that all workers map; `salt` is the
    same in all of them, and unknown outside, so that nobody can choose an address that shares another's counter.
    """

    def __init__(self, cells: "memoryview[int]", slot: int, salt: bytes) -> None:
        self.cells = cells
        self.base = slot * _SLOT_CELLS
        self.salt = salt

    def clear(self) -> None:
        """Forget what this slot held: for who starts a worker in the place of one that died."""
        for index in range(self.base, self.base + _SLOT_CELLS):
            self.cells[index] = 0

    def total(self, cell: int) -> int:
        """The sum of one count over all workers."""
        return sum(self.cells[cell::_SLOT_CELLS])

    def add(self, cell: int, amount: int) -> None:
        """Change this worker's part of one count."""
        self.cells[self.base + cell] += amount

    def cell_of(self, client: str) -> int:
        """Which count a client's sessions go to."""
        digest = blake2b(client.encode(), key=self.salt, digest_size=4).digest()
        return _CLIENTS + int.from_bytes(digest, "big") % CLIENT_BUCKETS


class SharedGauge:
    """A bounded count over all workers."""

    def __init__(self, memory: SharedMemory, cell: int, bound: int) -> None:
        self.memory = memory
        self.cell = cell
        self.bound = bound

    def acquire(self, amount: int = 1) -> bool:
        """See Gauge."""
        if self.memory.total(self.cell) + amount > self.bound:
            return False
        self.memory.add(self.cell, amount)
        return True

    def release(self, amount: int = 1) -> None:
        """See Gauge."""
        self.memory.add(self.cell, -amount)


class SharedClientGauge:
    """A bounded count for each client over all workers."""

    def __init__(self, memory: SharedMemory, bound: int) -> None:
        self.memory = memory
        self.bound = bound

    def acquire(self, client: str) -> bool:
        """See ClientGauge."""
        cell = self.memory.cell_of(client)
        if self.memory.total(cell) >= self.bound:
            return False
        self.memory.add(cell, 1)
        return True

    def release(self, client: str) -> None:
        """See ClientGauge."""
        self.memory.add(self.memory.cell_of(client), -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The gauges that all sessions of the gateway share."""

    connections: Gauge
    clients: ClientGauge
    bytes_in_flight: Gauge

    @classmethod
    def local(cls, limits: Limits) -> "Admission":
        """Gauges of one process on its own."""
        return cls(
            connections=LocalGauge(limits.connections),
            clients=LocalClientGauge(limits.connections_per_client),
            bytes_in_flight=LocalGauge(limits.bytes_in_flight),
        )

    @classmethod
    def shared(cls, limits: Limits, memory: SharedMemory) -> "Admission":
        """Gauges over all workers that map the same memory."""
        return cls(
            connections=SharedGauge(memory, CONNECTIONS, limits.connections),
            clients=SharedClientGauge(memory, limits.connections_per_client),
            bytes_in_flight=SharedGauge(memory, BYTES_IN_FLIGHT, limits.bytes_in_flight),
        )


def new_salt() -> bytes:
    """A salt for SharedMemory, made once by who starts the workers."""
    return secrets.token_bytes(32)
