"""A DNS server on 127.0.0.1 that answers as a test wants: rightly, late, never, or with lies. UDP and TCP, one port."""

import asyncio
import contextlib
import socket
import struct
from collections import Counter
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import cast

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

Script = Callable[[dns.message.QueryMessage, bool], Sequence[bytes]]  # (query, over TCP) -> what to send


def reply(
    query: dns.message.QueryMessage,
    *records: str,
    rcode: int = dns.rcode.NOERROR,
    authority: str = "",
    truncated: bool = False,
) -> bytes:
    """An honest answer; records as `NAME TTL TYPE DATA`."""
    answer = dns.message.make_response(query, recursion_available=True)
    answer.set_rcode(dns.rcode.Rcode(rcode))
    if truncated:
        answer.flags |= dns.flags.TC
    for record in records:
        name, ttl, rtype, data = record.split(" ", 3)
        answer.answer.append(dns.rrset.from_text(dns.name.from_text(name), int(ttl), "IN", rtype, data))
    if authority:
        name, ttl, rtype, data = authority.split(" ", 3)
        answer.authority.append(dns.rrset.from_text(dns.name.from_text(name), int(ttl), "IN", rtype, data))
    return answer.to_wire(max_size=65535)


def _sockets_on_one_port() -> tuple[socket.socket, socket.socket]:
    """A TCP and a UDP socket with the same port, whichever is free for both."""
    while True:
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp.bind(("127.0.0.1", 0))
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
        else:
            return tcp, udp


class ScriptedDns:
    """The server; `asked` counts `name/TYPE`, `tcp` the questions that came over TCP."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: Counter[str] = Counter()
        self.tcp = 0
        self.port = 0
        self._transport: asyncio.DatagramTransport | None = None
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """For `dns.nameservers`."""
        return f"127.0.0.1:{self.port}"

    def answers(self, wire: bytes, over_tcp: bool) -> Sequence[bytes]:
        """What the script says to a question."""
        query = dns.message.from_wire(wire)
        assert isinstance(query, dns.message.QueryMessage)
        question = query.question[0]
        self.asked[f"{question.name.to_text(omit_final_dot=True)}/{question.rdtype.name}"] += 1
        self.tcp += over_tcp
        return self.script(query, over_tcp)

    async def __aenter__(self) -> "ScriptedDns":
        tcp, udp = _sockets_on_one_port()
        self.port = udp.getsockname()[1]
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), sock=udp)
        self._server = await asyncio.start_server(self._serve_tcp, sock=tcp)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._transport is not None
        assert self._server is not None
        self._transport.abort()
        self._server.close()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (length,) = struct.unpack("!H", await reader.readexactly(2))
        for wire in self.answers(await reader.readexactly(length), over_tcp=True):
            writer.write(struct.pack("!H", len(wire)) + wire)
        with contextlib.suppress(ConnectionError):  # the resolver has read as much as it wants
            await writer.drain()
        writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: ScriptedDns) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self._transport is not None
        for wire in self._server.answers(data, over_tcp=False):
            self._transport.sendto(wire, addr)
