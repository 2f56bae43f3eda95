"""The beginning of a transaction on whatever connection there is, with the one retry that is safe."""

from collections.abc import Callable, Sequence

from gateway.delivery.connection import HopConnection
from gateway.delivery.features import Features
from gateway.delivery.pool import HopPool
from gateway.delivery.replies import Fault, HopReply
from gateway.delivery.smtp_client import RSET, Command
from gateway.delivery.xforward import xforward_commands
from gateway.model.envelope import Client
from gateway.model.errors import NextHopLost
from gateway.model.reply import Reply

# An end that lies unread in the kernel looks like words we did not ask for.
_CLOSED_MEANWHILE = (Fault.CLOSED, Fault.CLOSING, Fault.PREMATURE)


class Refused(Exception):
    """We refuse before asking: `reply` says why. Stays inside this room."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.enhanced)
        self.reply = reply


async def begin(
    pool: HopPool, client: Client, group: Callable[[Features], Sequence[Command]], message: bytes = b""
) -> tuple[HopConnection, Sequence[HopReply]]:
    """Put a group that starts with MAIL; the connection (the caller's to give back) and the answers from MAIL's on.

    `group` says what to put, for what the connection's hop offers; it may raise Refused. `message`: see
    `HopConnection.ask`. A kept connection that turns
    out to be closed is replaced by a fresh one, once, and only while nothing past MAIL was answered.
    Raises NextHopUnreachable, NextHopLost, Refused.
    """
    fresh = False
    while True:
        connection = await pool.acquire(fresh=fresh)
        try:
            features = connection.client.features
            before = xforward_commands(client, features.xforward)
            if connection.client.in_transaction:  # put live and abandoned
                before.insert(0, RSET)
            commands = group(features)
            try:
                answers = (await connection.ask(*before, *commands, message=message))[len(before) :]
            except NextHopLost:
                if not _may_be_stale(connection, len(before)):
                    raise
            else:
                closing = connection.client.fault is Fault.CLOSING
                if not (closing and _may_be_stale(connection, len(before))):
                    if not answers:
                        raise NextHopLost(f"{connection.address}: closed before MAIL")
                    return connection, answers
        except BaseException:
            pool.give_back(connection)
            raise
        pool.give_back(connection)
        fresh = True


def _may_be_stale(connection: HopConnection, before_mail: int) -> bool:
    """Whether a group that failed may be put again: the hop closed a kept connection, having answered MAIL at most.

    A hop that is silent or speaks nonsense is not asked twice: its time is up, and a second try would double it.
    """
    closed = connection.client.fault in _CLOSED_MEANWHILE
    return closed and connection.used and len(connection.client.answers) <= before_mail + 1
