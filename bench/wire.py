"""SMTP in and out over loopback, ours and the plain way. The other side is a child process: not counted."""

import asyncio
import os
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any

import aiosmtplib
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.messages import NOW, RECIPIENT, SENDER, Sample
from gateway.daemon.scanner import Quiet, envelope_of
from gateway.delivery.relay import NextHops
from gateway.intake.limits import Admission
from gateway.intake.listener import SmtpListener
from gateway.model import reply as replies
from gateway.model.address import Path
from gateway.model.envelope import Client, Recipient, Submission
from gateway.model.identifiers import new_message_id
from gateway.model.ports import NextHopDialogue, NextHopOffer
from gateway.model.reply import Reply
from gateway.settings.schema import Limits, Listen, NextHop

PER_CONNECTION = 20


class AcceptingDialogue:
    """A next hop that takes every address."""

    async def mail(self, path: Path, parameters: Sequence[bytes], smtputf8: bool) -> Reply:
        """See NextHopDialogue."""
        return replies.MAIL_OK

    async def rcpt(self, recipient: Recipient) -> Reply:
        """See NextHopDialogue."""
        return replies.RCPT_OK

    async def release(self) -> None:
        """See NextHopDialogue."""


class AcceptingDesk:
    """A front desk that takes everything and does nothing with it."""

    async def offer(self) -> NextHopOffer:
        """See FrontDesk."""
        return NextHopOffer()

    def open_dialogue(self, client: Client) -> NextHopDialogue:
        """See FrontDesk."""
        return AcceptingDialogue()

    def relays_for(self, path: Path) -> bool:
        """See FrontDesk."""
        return True

    async def take(self, submission: Submission) -> Reply:
        """See FrontDesk."""
        return replies.OK

    def new_id(self) -> str:
        """See FrontDesk."""
        return new_message_id(NOW)


def _fork(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return pid


async def _reap(pid: int) -> int:
    """Wait for the child, while the loop closes what it has to; its status."""
    return (await asyncio.get_running_loop().run_in_executor(None, os.waitpid, pid, 0))[1]


def _send(port: int, raws: Sequence[bytes], count: int) -> None:
    """The client: `count` messages, `PER_CONNECTION` on each connection, commands in one batch."""
    sent = 0
    stuffed = [raw.replace(b"\r\n.", b"\r\n..") + b".\r\n" for raw in raws]
    batch = b"MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n" % (SENDER.encode(), RECIPIENT.encode())
    while sent < count:
        with socket.create_connection(("127.0.0.1", port)) as link, link.makefile("rb") as answers:
            answers.readline()
            link.sendall(b"EHLO smtp.expediteur.example\r\n")
            while answers.readline()[3:4] == b"-":
                pass
            for _ in range(min(PER_CONNECTION, count - sent)):
                for command in batch.splitlines(keepends=True):
                    link.sendall(command)
                    answers.readline()
                link.sendall(stuffed[sent % len(stuffed)])
                if answers.readline()[:3] != b"250":
                    raise SystemExit("the message should have been taken")
                sent += 1
            link.sendall(b"QUIT\r\n")


async def _serve(start: Callable[[socket.socket], Any], raws: Sequence[bytes], count: int) -> float:
    """CPU milliseconds per message of whoever listens."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    listening.setblocking(False)
    await start(listening)
    begun = time.process_time()
    pid = _fork(lambda: _send(port, raws, count))
    if await _reap(pid):
        raise SystemExit("the client failed")
    return (time.process_time() - begun) * 1000 / count


async def receive_ours(samples: Sequence[Sample], count: int) -> float:
    """Our listener."""
    limits = Limits()
    listener = SmtpListener(
        listen=Listen(address="127.0.0.1:0", hostname="mx.mutuelle.example"),
        limits=limits,
        desk=AcceptingDesk(),
        observer=Quiet(),
        admission=Admission.local(limits),
    )
    try:
        return await _serve(listener.start, [sample.raw for sample in samples], count)
    finally:
        await listener.drain(1.0)


class _Taking:
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return "250 OK"


async def receive_plain(samples: Sequence[Sample], count: int) -> float:
    """aiosmtpd as it comes."""
    loop = asyncio.get_running_loop()
    servers: list[asyncio.Server] = []

    async def start(listening: socket.socket) -> None:
        def session() -> SMTP:
            return SMTP(_Taking(), hostname="mx.mutuelle.example", data_size_limit=40_000_000, loop=loop)

        servers.append(await loop.create_server(session, sock=listening))

    try:
        return await _serve(start, [sample.raw for sample in samples], count)
    finally:
        servers[0].close()


def _sink(listening: socket.socket) -> None:
    """A next hop that takes everything; ends with its first client."""
    link = listening.accept()[0]
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.sendall(b"220 sink.example ESMTP\r\n")
    waiting = b""
    in_data = False
    while True:
        data = link.recv(1 << 20)
        if not data:
            return
        waiting += data
        while True:
            if in_data:
                if not (waiting == b".\r\n" or waiting.endswith(b"\r\n.\r\n")):
                    waiting = waiting[-5:]
                    break
                waiting, in_data = b"", False
                link.sendall(b"250 2.0.0 taken\r\n")
            line, end, rest = waiting.partition(b"\r\n")
            if not end:
                break
            waiting = rest
            verb = line[:4].upper()
            if verb == b"EHLO":
                link.sendall(b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 40000000\r\n")
            elif verb == b"DATA":
                link.sendall(b"354 go\r\n")
                in_data = True
            else:
                link.sendall(b"250 2.0.0 ok\r\n")


async def relay_ours(samples: Sequence[Sample], count: int) -> float:
    """Our pooled, pipelined client."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        pid = _fork(lambda: _sink(listening))
        hops = NextHops(
            next_hop=NextHop(address=address, tls="never"), routes={}, hostname="mx.mutuelle.example", observer=Quiet()
        )
        try:
            envelopes = [envelope_of(sample.request) for sample in samples]
            begun = time.process_time()
            for number in range(count):
                envelope, raw = envelopes[number % len(samples)], samples[number % len(samples)].raw
                done = await hops.deliver(envelope, envelope.recipients, b"Received: here\r\n", memoryview(raw))
                if not done.reply.positive:
                    raise SystemExit(f"the next hop said {done.reply.code}")
            return (time.process_time() - begun) * 1000 / count
        finally:
            await hops.close()
            await _reap(pid)


async def relay_plain(samples: Sequence[Sample], count: int) -> float:
    """aiosmtplib on a kept connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        pid = _fork(lambda: _sink(listening))
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await client.connect()
        try:
            begun = time.process_time()
            for number in range(count):
                await client.sendmail(SENDER, [RECIPIENT], samples[number % len(samples)].raw)
            return (time.process_time() - begun) * 1000 / count
        finally:
            client.close()
            await _reap(pid)
