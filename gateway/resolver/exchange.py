"""One question put to one server: UDP from a socket of its own, TCP when the answer does not fit.

A socket per query gives each one a random port of the kernel's; with a random id and the question checked, whoever
forges answers from outside must guess both within the time the server takes (RFC 5452).
"""

import asyncio
import os
import socket
import struct

from gateway.resolver.wire import MAX_ANSWER, is_answer_to, is_truncated, query_of

MAX_STRAYS = 50  # datagrams that are no answer to us, before the try counts as lost

Server = tuple[str, int]


async def ask_server(server: Server, question: bytes) -> bytes:
    """The answer to `question`, over TCP where UDP had no room. Raises OSError; has no time limit of its own."""
    identifier = int.from_bytes(os.urandom(2))
    query = query_of(identifier, question)
    wire = await _ask_udp(server, query, identifier, question)
    if not is_truncated(wire):
        return wire
    return await _ask_tcp(server, query, identifier, question)


async def _ask_udp(server: Server, query: bytes, identifier: int, question: bytes) -> bytes:
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[bytes] = loop.create_future()
    strays = 0

    def on_readable() -> None:
        nonlocal strays
        if arrived.done():
            return
        try:
            wire = sock.recv(65535)
        except BlockingIOError:
            return
        except OSError as error:
            arrived.set_exception(error)
            return
        if is_answer_to(wire, identifier, question):
            arrived.set_result(wire)
            return
        strays += 1
        if strays >= MAX_STRAYS:
            arrived.set_exception(OSError("too many stray datagrams"))

    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC) as sock:
        sock.connect(server)  # only this server's datagrams come in; the port is random
        sock.send(query)
        loop.add_reader(sock.fileno(), on_readable)
        try:
            return await arrived
        finally:
            loop.remove_reader(sock.fileno())


async def _ask_tcp(server: Server, query: bytes, identifier: int, question: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(*server)
    try:
        writer.write(struct.pack("!H", len(query)) + query)
        (length,) = struct.unpack("!H", await reader.readexactly(2))
        # one octet past the limit tells the reader of the message that it is too large; the rest is not worth having
        wire = await reader.readexactly(min(length, MAX_ANSWER + 1))
    except asyncio.IncompleteReadError:
        raise OSError("connection closed in mid-answer") from None
    finally:
        writer.transport.abort()
    if not is_answer_to(wire, identifier, question):
        raise OSError("not an answer to the question")
    return wire
