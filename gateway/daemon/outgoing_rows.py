"""History rows on their way to the recorder: kept for a while when it is behind or being restarted, then dropped."""

import socket
from collections import deque

MOST_BYTES = 8_388_608


class OutgoingRows:
    """A worker's end of the queue to the recorder. Never waits: the kernel's queue first, then bounded memory."""

    def __init__(self, queue: socket.socket, most_bytes: int = MOST_BYTES) -> None:
        self._queue = queue
        self._kept: deque[bytes] = deque()
        self._bytes = 0
        self._most = most_bytes

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, row: bytes) -> int:
        """Send a row after those that are kept; how many rows had to be dropped for it, the oldest first."""
        self._kept.append(row)
        self._bytes += len(row)
        self.send()
        dropped = 0
        while self._bytes > self._most:
            self._bytes -= len(self._kept.popleft())
            dropped += 1
        return dropped

    def send(self) -> None:
        """Send what the kernel takes."""
        while self._kept:
            try:
                self._queue.send(self._kept[0])
            except OSError:  # full: the recorder is behind or gone
                return
            self._bytes -= len(self._kept.popleft())

    def drop_all(self) -> int:
        """Give up on what is kept: how many rows."""
        count = len(self._kept)
        self._kept.clear()
        self._bytes = 0
        return count
