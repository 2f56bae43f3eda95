"""The monitoring endpoint: /metrics, /healthz and /readyz over plain HTTP/1.1, driven by the supervisor's selector.

Small on purpose: GET only, one request a connection, bounded in size, time and number, no thread.
"""

import contextlib
import json
import selectors
import socket
import time
from collections.abc import Callable

from gateway.model.errors import Unavailable
from gateway.settings.schema import split_endpoint

Answer = tuple[int, str, bytes]  # status, content type, body
_MAX_REQUEST = 8192
_MAX_CLIENTS = 32
_TIMEOUT_S = 10.0
_PAUSE_S = 1.0
_PHRASES = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 503: "Service Unavailable"}


class _Client:
    """One connection: the request so far, then the answer that is left."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.request = bytearray()
        self.answer = memoryview(b"")
        self.deadline = time.monotonic() + _TIMEOUT_S


class HttpEndpoint:
    """Listens on one address and answers with what `pages` give."""

    def __init__(self, address: str, selector: selectors.BaseSelector, pages: dict[str, Callable[[], Answer]]) -> None:
        self.address = address
        self._selector = selector
        self._pages = pages
        self._clients: set[_Client] = set()
        host, port = split_endpoint(address)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._listener.bind((host, port))
            self._listener.listen(16)
        except OSError as error:
            self._listener.close()
            raise Unavailable(f"{address}: cannot listen for metrics: {error.strerror or error}") from error
        self._listener.setblocking(False)
        self._paused_until = 0.0
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    @property
    def port(self) -> int:
        """The port it really listens on."""
        return int(self._listener.getsockname()[1])

    def sockets(self) -> list[socket.socket]:
        """All its sockets, for a child process to close."""
        return [self._listener, *(client.connection for client in self._clients)]

    def close(self) -> None:
        """Stop listening and drop who is being answered."""
        if not self._paused_until:
            self._selector.unregister(self._listener)
        self._listener.close()
        for client in list(self._clients):
            self._drop(client)

    def tick(self) -> None:
        """Drop who takes too long; accept again after a shortage of descriptors."""
        now = time.monotonic()
        if self._paused_until and now > self._paused_until:
            self._paused_until = 0.0
            self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        for client in [c for c in self._clients if c.deadline < now]:
            self._drop(client)

    def _accept(self, _events: int) -> None:
        try:
            connection, _peer = self._listener.accept()
        except BlockingIOError:
            return
        except OSError:  # no descriptors: the client stays in the queue, and select() would tell of it without end
            self._paused_until = time.monotonic() + _PAUSE_S
            self._selector.unregister(self._listener)
            return
        if len(self._clients) >= _MAX_CLIENTS:
            connection.close()
            return
        connection.setblocking(False)
        client = _Client(connection)
        self._clients.add(client)
        self._selector.register(connection, selectors.EVENT_READ, lambda events: self._serve(client, events))

    def _serve(self, client: _Client, events: int) -> None:
        try:
            if events & selectors.EVENT_READ and not client.answer:
                data = client.connection.recv(4096)
                client.request += data
                if not data or len(client.request) > _MAX_REQUEST:
                    self._drop(client)
                    return
                if b"\r\n\r\n" not in client.request and b"\n\n" not in client.request:
                    return
                client.answer = memoryview(self._answer(bytes(client.request)))
                self._selector.modify(
                    client.connection, selectors.EVENT_WRITE, self._selector.get_key(client.connection).data
                )
            if client.answer:
                client.answer = client.answer[client.connection.send(client.answer) :]
                if not client.answer:
                    self._drop(client)
        except BlockingIOError:
            return
        except OSError:
            self._drop(client)

    def _answer(self, request: bytes) -> bytes:
        words = request.split(b"\r\n", 1)[0].split()
        if len(words) != 3:
            status, kind, body = 400, "text/plain", b"bad request\n"
        elif words[0] not in (b"GET", b"HEAD"):
            status, kind, body = 405, "text/plain", b"GET only\n"
        else:
            page = self._pages.get(words[1].split(b"?", 1)[0].decode("latin-1"))
            if page is None:
                known = ", ".join(self._pages)
                status, kind, body = 404, "text/plain", f"not found; there are {known}\n".encode()
            else:
                status, kind, body = page()
        head = (
            f"HTTP/1.1 {status} {_PHRASES[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        ).encode("ascii")
        return head if words[:1] == [b"HEAD"] else head + body

    def _drop(self, client: _Client) -> None:
        self._clients.discard(client)
        with contextlib.suppress(KeyError):
            self._selector.unregister(client.connection)
        client.connection.close()


def json_answer(status: int, data: object) -> Answer:
    """A JSON page."""
    return status, "application/json", json.dumps(data, indent=1).encode() + b"\n"
