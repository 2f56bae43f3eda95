"""Listening sockets: ours (one SO_REUSEPORT socket a worker) or systemd's; the supervisor holds them over all lives."""

import os
import socket

from gateway.model.errors import Unavailable
from gateway.settings.schema import Listen, split_endpoint

BACKLOG = 512
_FIRST_SYSTEMD_FD = 3


def systemd_sockets(environ: dict[str, str]) -> list[socket.socket]:
    """The sockets that systemd passed (sd_listen_fds(3)); [] outside socket activation."""
    if environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(environ.get("LISTEN_FDS", "0"))
    sockets = []
    for fd in range(_FIRST_SYSTEMD_FD, _FIRST_SYSTEMD_FD + count):
        os.set_inheritable(fd, False)
        listener = socket.socket(fileno=fd)
        listener.setblocking(False)
        sockets.append(listener)
    return sockets


def open_sockets(listen: Listen, copies: int) -> list[socket.socket]:
    """`copies` bound and listening sockets on one address. Raises Unavailable when it can't be had."""
    host, port = split_endpoint(listen.address)
    sockets: list[socket.socket] = []
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        _must_be_free(family, host, port)
        for _ in range(copies):
            sockets.append(_listening(family, host, port))
            port = sockets[0].getsockname()[1]
    except OSError as error:
        for opened in sockets:
            opened.close()
        raise Unavailable(f"{listen.address}: cannot listen: {error.strerror or error}") from error
    return sockets


def _listening(family: int, host: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def _must_be_free(family: int, host: str, port: int) -> None:
    """SO_REUSEPORT would let a second gateway share the port in silence: bind once without it first."""
    if port == 0:
        return
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        probe.bind((host, port))
