"""The real delivery of a released message: the next hops of now, its own envelope, its own bytes."""

from collections.abc import Hashable
from typing import Any

from gateway.daemon.scanner import Quiet, address_of, path_of
from gateway.delivery.relay import NextHops
from gateway.model.address import Path
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.quarantine.review import Deliver, Delivery, Release, Review


class _Ear(Quiet):
    """Listens for the one thing that leaves a delivery unsure: an answer to the final dot that never came."""

    def __init__(self) -> None:
        self.lost_at_dot = False

    def event(self, name: str, **fields: str | int | float | bool | None) -> None:
        """See Observer."""
        if name == "next_hop_lost" and fields.get("stage") == "dot":
            self.lost_at_dot = True


async def release_to_next_hops(settings: Any, review: Review, entry_id: str, **options: Any) -> list[Delivery]:
    """Release an entry through the next hops of these settings. Options and exceptions are those of Review.release."""
    ear = _Ear()
    hops = NextHops(
        next_hop=settings.next_hop, routes=settings.routes, hostname=settings.listen[0].hostname, observer=ear
    )

    def way_of(raw: bytes) -> Hashable:
        way: Hashable = settings.routes.get(_path(raw).domain, settings.next_hop)
        return way

    try:
        return await review.release(entry_id, _courier(hops, ear), way_of=way_of, **options)
    finally:
        await hops.close()


def _courier(hops: NextHops, ear: _Ear) -> Deliver:
    async def deliver(release: Release) -> Delivery:
        header = release.header
        envelope = Envelope(
            client=Client(address=address_of(header.client) if header.client else None, helo=header.helo),
            mail_from=_path(header.mail_from),
            mail_parameters=header.mail_parameters,
            recipients=tuple(Recipient(path=_path(raw), parameters=more) for raw, more in release.recipients),
        )
        ear.lost_at_dot = False
        body = memoryview(release.raw)
        outcome = await hops.deliver(envelope, envelope.recipients, release.marks, body, asked_before=False)
        return Delivery(reply=outcome.reply, sure=not ear.lost_at_dot)

    return deliver


def _path(raw: bytes) -> Path:
    return path_of(raw.decode("utf-8", "surrogateescape"))
