"""The next hop's answers to MAIL and RCPT, live, while the client is still speaking.

The transaction is ended before the client sends its data, and put again by `relay.py` after the verdict. Hence a hop
that is lost here, or that we let go because the client dawdles, costs nothing: MAIL is simply said again.
"""

import asyncio
from collections.abc import Callable, Sequence

from gateway.delivery.connection import HopConnection
from gateway.delivery.features import Features
from gateway.delivery.hop import Hop
from gateway.delivery.parameters import mail_parameters, rcpt_parameters, refusal_of_ours
from gateway.delivery.replies import HopReply, pass_on
from gateway.delivery.smtp_client import Command, mail_command, rcpt_command
from gateway.delivery.transaction import Refused, begin
from gateway.model import reply as replies
from gateway.model.address import Path
from gateway.model.envelope import Client, Recipient
from gateway.model.errors import GatewayError, NextHopLost, NextHopUnreachable
from gateway.model.ports import Observer
from gateway.model.reply import Reply

CLIENT_PAUSE_S = 5.0  # a client that says nothing for so long holds no connection of the hop's


class Dialogue:
    """One client transaction; implements `model.ports.NextHopDialogue`. Once released it may begin anew with MAIL."""

    def __init__(self, client: Client, route: Callable[[Path], Hop], default: Hop, observer: Observer) -> None:
        self._client = client
        self._route = route
        self._default = default
        self._observer = observer
        self._mail: tuple[Path, tuple[bytes, ...]] | None = None
        self._hop = default
        self._settled = False  # a recipient was accepted at `_hop`: the transaction stays there
        self._connection: HopConnection | None = None  # inside a transaction at `_hop`
        self._asking = False
        self._heard_at = 0.0  # loop time of the client's last command that went to the hop
        self._timer: asyncio.TimerHandle | None = None

    async def mail(self, path: Path, parameters: Sequence[bytes], smtputf8: bool) -> Reply:
        """Put MAIL to the default hop."""
        await self.release()
        given = tuple(parameters)
        if smtputf8 and not any(p.upper() == b"SMTPUTF8" for p in given):
            given = (*given, b"SMTPUTF8")
        self._mail = (path, given)
        reply = await self._put_mail(self._default)
        if not reply.positive:
            self._mail = None
        return reply

    async def rcpt(self, recipient: Recipient) -> Reply:
        """Put RCPT to the hop of the recipient's route, with MAIL before it where that has not been said there."""
        if self._mail is None:
            return replies.NEED_MAIL
        hop = self._route(recipient.path)
        if hop is not self._hop and self._settled:
            return replies.OTHER_ROUTE
        if hop is not self._hop or (hop.pool is not None and (self._connection is None or self._connection.lost)):
            self._let_go()
            reply = await self._put_mail(hop)
            if not reply.positive:
                return reply
        reply = await self._put_rcpt(recipient)
        self._settled = self._settled or reply.positive
        return reply

    async def release(self) -> None:
        """End the hop's transaction and give its connection back; the RSET's answer is waited for by who comes next."""
        self._let_go()
        self._mail = None
        self._hop = self._default
        self._settled = False

    async def _put_mail(self, hop: Hop) -> Reply:
        self._hop = hop
        if hop.pool is None:
            return replies.MAIL_OK
        try:
            connection, answers = await begin(hop.pool, self._client, self._mail_group)
        except Refused as refused:
            return refused.reply
        except GatewayError as error:
            return self._fault(hop, error)
        self._connection = connection
        reply = self._answer(answers[0], "1.0")
        if reply.positive:
            self._watch()
        else:
            self._let_go()
        return reply

    def _mail_group(self, features: Features) -> list[Command]:
        path, given = self._mail or (Path(b"", None), ())
        if (refusal := refusal_of_ours(given, features)) is not None:
            raise Refused(refusal)
        return [mail_command(path.raw, mail_parameters(given, features))]

    async def _put_rcpt(self, recipient: Recipient) -> Reply:
        connection = self._connection
        if connection is None:
            return replies.RCPT_OK  # a Maildir
        parameters = rcpt_parameters(recipient.parameters, connection.client.features)
        self._asking = True
        try:
            answers = await connection.ask(rcpt_command(recipient.path.raw, parameters))
        except GatewayError as error:
            self._let_go()
            return self._fault(self._hop, error)
        finally:
            self._asking = False
        self._heard_at = asyncio.get_running_loop().time()
        return self._answer(answers[0], "1.0")

    def _answer(self, answer: HopReply, default: str) -> Reply:
        self._observer.next_hop_reply(f"{answer.reply_class}xx")
        return pass_on(answer, default)

    def _fault(self, hop: Hop, error: GatewayError) -> Reply:
        if isinstance(error, NextHopUnreachable | NextHopLost):
            fault = "unreachable" if isinstance(error, NextHopUnreachable) else "lost"
            self._observer.next_hop_reply(fault)
            self._observer.event(f"next_hop_{fault}", next_hop=hop.name, stage="envelope", cause=str(error))
        return error.reply

    def _let_go(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        connection, self._connection = self._connection, None
        if connection is not None and self._hop.pool is not None:
            self._hop.pool.give_back(connection)

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        self._heard_at = loop.time()
        self._timer = loop.call_later(CLIENT_PAUSE_S, self._look)

    def _look(self) -> None:
        """Let the connection go when the client has been silent for a while."""
        loop = asyncio.get_running_loop()
        silent_since = loop.time() if self._asking else self._heard_at
        if loop.time() - silent_since >= CLIENT_PAUSE_S:
            self._let_go()
        else:
            self._timer = loop.call_at(silent_since + CLIENT_PAUSE_S, self._look)
