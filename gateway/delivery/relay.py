"""The way out: the next hops, what they offer, their live answers, and the delivery of a whole message.

`NextHops` is the room's entry. It implements `model.ports.Relay`, and the parts of `FrontDesk` that concern next hops.
A message is sent once: nothing that happens after the first byte of data leads to a second attempt.
"""

import asyncio
from collections.abc import Mapping, Sequence

from gateway.delivery.connection import AnswerLost
from gateway.delivery.dialogue import Dialogue
from gateway.delivery.dot_stuffing import CHUNK_BYTES, stuffed, wire_size
from gateway.delivery.features import Features
from gateway.delivery.hop import Hop, common_offer
from gateway.delivery.maildir import store
from gateway.delivery.parameters import mail_parameters, rcpt_parameters, refusal_of_body, refusal_of_ours
from gateway.delivery.pool import HopPool
from gateway.delivery.replies import HopReply, pass_on
from gateway.delivery.smtp_client import DATA, Command, mail_command, rcpt_command
from gateway.delivery.transaction import Refused, begin
from gateway.model import reply as replies
from gateway.model.address import NULL_PATH, Path
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.model.errors import GatewayError, NextHopLost, NextHopUnreachable
from gateway.model.ports import NextHopDialogue, NextHopOffer, Observer, RelayOutcome
from gateway.model.reply import Reply
from gateway.settings.schema import NextHop


class NextHops:
    """All next hops of one worker. Raises SettingsError when certificates or keys can't be read.

    `routes`: recipient domain -> next hop, where it differs from `next_hop`. `hostname`: what we say in EHLO.
    """

    def __init__(self, *, next_hop: NextHop, routes: Mapping[str, NextHop], hostname: str, observer: Observer) -> None:
        by_settings: dict[NextHop, Hop] = {}
        for settings in (next_hop, *routes.values()):
            if settings not in by_settings:
                by_settings[settings] = Hop(settings, hostname, observer)
        self._hops = tuple(by_settings.values())
        self._default = by_settings[next_hop]
        self._routes = {domain.lower(): by_settings[settings] for domain, settings in routes.items()}
        self._observer = observer

    async def offer(self) -> NextHopOffer:
        """What all hops offer. Asked again when older than 60 s; never raises."""
        if len(self._hops) == 1:
            return common_offer([await self._default.offered()])
        return common_offer(await asyncio.gather(*(hop.offered() for hop in self._hops)))

    def open_dialogue(self, client: Client) -> NextHopDialogue:
        """Start the next hop's side of a client's transaction."""
        return Dialogue(client, self._hop_for, self._default, self._observer)

    async def deliver(
        self,
        envelope: Envelope,
        recipients: Sequence[Recipient],
        head: bytes,
        body: memoryview,
        *,
        asked_before: bool = True,
    ) -> RelayOutcome:
        """Put the envelope and, when every answer is 2xx, the message. One attempt past the dot. Never raises.

        `asked_before`: the hop has taken this envelope live, so a refusal of it now is a change of mind and 451; False
        (release from quarantine): its refusals are passed on. All recipients must go one way.
        """
        if not recipients:
            return RelayOutcome(reply=replies.NO_VALID_RECIPIENTS)
        hop = self._hop_for(recipients[0].path)
        if any(self._hop_for(r.path) is not hop for r in recipients):
            return RelayOutcome(reply=replies.OTHER_ROUTE)
        delivery = _Delivery(envelope, recipients, head, body, asked_before)
        if hop.pool is not None:
            outcome = await self._deliver_to(hop, hop.pool, delivery)
        else:
            reply = await asyncio.to_thread(store, hop.folder, head, body)
            outcome = RelayOutcome(reply=reply, next_hop=hop.name, next_hop_reply_class=f"{reply.code // 100}xx")
        if outcome.next_hop_reply_class:
            self._observer.next_hop_reply(outcome.next_hop_reply_class)
        return outcome

    async def close(self) -> None:
        """Say goodbye on every kept connection; those in use are closed when they come back."""
        for hop in self._hops:
            if hop.pool is not None:
                hop.pool.close()

    def _hop_for(self, path: Path) -> Hop:
        if not self._routes or path.domain is None:
            return self._default
        return self._routes.get(path.domain, self._default)

    async def _deliver_to(self, hop: Hop, pool: HopPool, delivery: "_Delivery") -> RelayOutcome:
        try:
            return await delivery.run(pool)
        except Refused as refused:
            return RelayOutcome(reply=refused.reply, next_hop=hop.name)
        except GatewayError as error:
            fault = {NextHopUnreachable: "unreachable", NextHopLost: "lost", AnswerLost: "lost"}.get(type(error), "")
            if fault:
                stage = "dot" if isinstance(error, AnswerLost) else "envelope or data"
                self._observer.event(f"next_hop_{fault}", next_hop=hop.name, stage=stage, cause=str(error))
            return RelayOutcome(reply=error.reply, next_hop=hop.name, next_hop_reply_class=fault)


class _Delivery:
    """One message on its way."""

    def __init__(
        self,
        envelope: Envelope,
        recipients: Sequence[Recipient],
        head: bytes,
        body: memoryview,
        asked_before: bool,
    ) -> None:
        self._envelope = envelope
        self._recipients = recipients
        self._head = head
        self._body = body
        self._asked_before = asked_before

    async def run(self, pool: HopPool) -> RelayOutcome:
        """Raises NextHopUnreachable, NextHopLost, Refused, UnsafeCommand."""
        small = len(self._head) + len(self._body) <= CHUNK_BYTES
        message = b"".join(stuffed(self._head, self._body)) if small else b""
        connection, answers = await begin(pool, self._envelope.client, self._group, message)
        try:
            refusal = self._refusal(answers)
            if refusal is not None:
                # A 354 for recipients of which one was refused: only hanging up leaves the others without the message.
                return RelayOutcome(reply=refusal[0], next_hop=connection.address, next_hop_reply_class=refusal[1])
            answer = connection.client.dot_answer or await connection.send_data(self._head, self._body)
            return RelayOutcome(
                reply=pass_on(answer), next_hop=connection.address, next_hop_reply_class=f"{answer.reply_class}xx"
            )
        finally:
            pool.give_back(connection)

    def _group(self, features: Features) -> list[Command]:
        given = self._envelope.mail_parameters
        refusal = refusal_of_ours(given, features) or refusal_of_body(given, features, self._head, self._body)
        if refusal is not None:
            raise Refused(refusal)
        size = wire_size(self._head, self._body)
        path = self._envelope.mail_from or NULL_PATH
        return [
            mail_command(path.raw, mail_parameters(given, features, size)),
            *(rcpt_command(r.path.raw, rcpt_parameters(r.parameters, features)) for r in self._recipients),
            DATA,
        ]

    def _refusal(self, answers: Sequence[HopReply]) -> tuple[Reply, str] | None:
        """What to tell the client when the hop did not take the whole envelope and ask for the data."""
        envelope_answers, data_answer = answers[: len(self._recipients) + 1], answers[len(self._recipients) + 1 :]
        for number, answer in enumerate(envelope_answers):
            if answer.positive:
                continue
            if not self._asked_before or (number == 0 and answer.code == 552):
                # 552 to MAIL is about the size, which the client may not have told at the first time of asking.
                return pass_on(answer, "1.0"), f"{answer.reply_class}xx"
            return replies.NEXT_HOP_CHANGED_ITS_MIND, "changed"
        if data_answer and data_answer[0].code != 354:
            return pass_on(data_answer[0]), f"{data_answer[0].reply_class}xx"
        return None
