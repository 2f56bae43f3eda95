"""A worker: SMTP in, pipeline, SMTP out, on one event loop, with settings that never change during its life."""

import asyncio
import gc
import json
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gateway.daemon.confine import confine_worker
from gateway.daemon.cpu import LoopOrThread
from gateway.daemon.loaded import Loaded
from gateway.daemon.outgoing_rows import OutgoingRows
from gateway.daemon.reporting import Reporter, WorkerObserver
from gateway.daemon.tuning import tune_process
from gateway.delivery.relay import NextHops
from gateway.inspection.pool import make_inspector
from gateway.intake.limits import Admission, SharedMemory
from gateway.intake.listener import SmtpListener
from gateway.model.address import Path as MailPath
from gateway.model.domain import DomainName
from gateway.model.envelope import Client, Submission
from gateway.model.identifiers import new_message_id
from gateway.model.ports import NextHopDialogue, NextHopOffer, Resolver
from gateway.model.reply import Reply
from gateway.observe.counts import Counts
from gateway.observe.log import Log
from gateway.pipeline import Judges, Pipeline
from gateway.quarantine.released import ReleaseMarks
from gateway.quarantine.spool import Spool
from gateway.resolver.resolver import DnsResolver

BEAT_S = 1.0
_LAST_ROWS_S = 2.0  # how long a worker that ends waits for the recorder to take its last rows


@dataclass(frozen=True, kw_only=True)
class WorkerPlace:
    """What the supervisor hands a worker at birth."""

    number: int
    sockets: tuple[tuple[int, socket.socket], ...]  # index in `settings.listen`, listening socket
    channel: socket.socket  # to the supervisor: counts and heartbeats, one datagram each
    history: socket.socket  # to the recorder: one row a datagram
    supervisor_gone: int  # a pipe's end that closes when the supervisor dies
    memory: SharedMemory
    release_key: bytes


class Desk:
    """The `FrontDesk` port: ties the sessions to the next hops and the pipeline."""

    def __init__(self, loaded: Loaded, hops: NextHops, pipeline: Pipeline) -> None:
        self._domains = frozenset(loaded.settings.relay_domains)
        self._hops = hops
        self._pipeline = pipeline

    async def offer(self) -> NextHopOffer:
        """See FrontDesk."""
        return await self._hops.offer()

    def open_dialogue(self, client: Client) -> NextHopDialogue:
        """See FrontDesk."""
        return self._hops.open_dialogue(client)

    def relays_for(self, path: MailPath) -> bool:
        """See FrontDesk. <postmaster> without a domain is the operator's (RFC 5321 §4.5.1)."""
        domain: DomainName | None = path.domain
        return (
            domain in self._domains if domain is not None else path.raw.lower() == b"postmaster" and bool(self._domains)
        )

    async def take(self, submission: Submission) -> Reply:
        """See FrontDesk."""
        return await self._pipeline.take(submission)

    def new_id(self) -> str:
        """See FrontDesk."""
        return new_message_id(datetime.now(UTC))


class Worker:
    """One worker process, from its birth to the end of its last message."""

    def __init__(self, loaded: Loaded, place: WorkerPlace, log: Log) -> None:
        self._loaded = loaded
        self._place = place
        self._log = log
        self._counts = Counts()
        self._observer = WorkerObserver(self._counts, log)
        self._draining = asyncio.Event()
        self._rows = OutgoingRows(place.history)

    async def run(self) -> None:
        """Serve until told to drain, or until the supervisor is gone."""
        settings = self._loaded.settings
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._draining.set)
        loop.add_reader(self._place.supervisor_gone, self._on_supervisor_gone)
        hops = NextHops(
            next_hop=settings.next_hop,
            routes=settings.routes,
            hostname=settings.listen[0].hostname,
            observer=self._observer,
        )
        resolver = DnsResolver(settings.dns, self._observer) if self._loaded.zone is None else None
        inspector = make_inspector(settings.inspection, self._observer)
        spool = Spool(settings.quarantine)
        pipeline = Pipeline(
            settings=settings,
            judges=Judges(
                resolver_for=self._resolver_for(resolver),
                reader=self._loaded.reader,
                rulebook=self._loaded.rulebook,
                cpu=LoopOrThread(),
                inspector=inspector,
            ),
            relay=hops,
            quarantine=spool,
            sealer=self._loaded.sealer,
            released=ReleaseMarks(settings.quarantine, self._place.release_key),
            report=Reporter(self._counts, self._log, self._remember),
            unexpected=lambda message_id, error: self._log.exception("unexpected", error, id=message_id),
        )
        desk = Desk(self._loaded, hops, pipeline)
        admission = Admission.shared(settings.limits, self._place.memory)
        listeners = []
        for index, listening in self._place.sockets:
            listener = SmtpListener(
                listen=settings.listen[index],
                limits=settings.limits,
                desk=desk,
                observer=self._observer,
                admission=admission,
            )
            await listener.start(listening)
            listeners.append(listener)
        self._tell({"ready": True})
        beats = loop.create_task(self._beat())
        await self._draining.wait()
        limit = settings.limits.drain_s
        await asyncio.gather(*(listener.drain(limit) for listener in listeners))
        beats.cancel()
        await inspector.close()
        await hops.close()
        if resolver is not None:
            await resolver.close()
        await self._send_last_rows()
        self._tell({"counts": self._counts.take()})

    def _resolver_for(self, resolver: DnsResolver | None) -> Callable[[float], Resolver]:
        zone = self._loaded.zone
        if zone is not None:
            return zone.for_message
        assert resolver is not None  # noqa: S101 - one of the two always is; the type checker needs to hear it
        return resolver.for_message

    def _on_supervisor_gone(self) -> None:
        asyncio.get_running_loop().remove_reader(self._place.supervisor_gone)
        self._log.event("supervisor_gone", "error")
        self._draining.set()

    async def _beat(self) -> None:
        """Every second: what was counted, and the proof that this loop turns."""
        while True:
            await asyncio.sleep(BEAT_S)
            self._rows.send()
            self._tell({"counts": self._counts.take(), "next_hop": self._observer.take_next_hop_state()})

    def _tell(self, data: dict[str, Any]) -> None:
        data["worker"] = self._place.number
        data["pid"] = os.getpid()
        try:
            self._place.channel.send(json.dumps(data).encode())
        except OSError:  # the supervisor is gone or its queue full: the next beat carries on
            if "counts" in data:
                self._counts.put(data["counts"])

    def _remember(self, row: dict[str, Any]) -> None:
        dropped = self._rows.put(json.dumps(row).encode())
        if dropped:  # recorder gone for long: mail goes on, the loss is counted (DESIGN §4)
            self._counts.add("history_dropped", amount=dropped)

    async def _send_last_rows(self) -> None:
        until = time.monotonic() + _LAST_ROWS_S
        while len(self._rows) and time.monotonic() < until:
            await asyncio.sleep(0.05)
            self._rows.send()
        if len(self._rows):
            self._counts.add("history_dropped", amount=self._rows.drop_all())


def run_worker(loaded: Loaded, place: WorkerPlace, log: Log) -> int:
    """The process' main function, after the fork: the exit code."""
    place.channel.setblocking(False)
    place.history.setblocking(False)
    tune_process()
    _confine(loaded, place, log)
    gc.collect()
    gc.freeze()
    started = time.monotonic()
    worker_log = log
    try:
        asyncio.run(_main(loaded, place, worker_log))
    except Exception as error:
        worker_log.exception("worker_failed", error, worker=place.number, age_s=round(time.monotonic() - started, 1))
        return 70
    return 0


def _confine(loaded: Loaded, place: WorkerPlace, log: Log) -> None:
    """As far as the kernel can; without it mail goes on, and the log says so once a start."""
    try:
        confined, cause = confine_worker(loaded.settings), "kernel"
    except OSError as error:
        confined, cause = False, error.strerror or "unknown"
    if not confined and place.number == 0:
        log.event("confinement_unavailable", "warning", cause=cause)


async def _main(loaded: Loaded, place: WorkerPlace, log: Log) -> None:
    await Worker(loaded, place, log).run()
