"""The verbs of a mail transaction: MAIL, RCPT, RSET, DATA, BDAT; how a body is read and a message handed over."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gateway.intake.body import Body, ChunkReader, DataReader
from gateway.intake.connection import NEVER, ClientGone, SessionEnd
from gateway.intake.transaction import Transaction, read_mail
from gateway.model import reply as replies
from gateway.model.envelope import Submission
from gateway.model.reply import Reply

if TYPE_CHECKING:
    from gateway.intake.session import Session

_CHUNK = re.compile(rb"([0-9]{1,12})( +LAST)?", re.IGNORECASE)
_SLOWEST_OCTETS_PER_S = 2000  # below that a body is dripping (about a modem of 1996)
_DRIP_S = 120.0  # time that even a dripping body has


async def mail(session: "Session", argument: bytes) -> None:
    """MAIL: read strictly, then put to the next hop."""
    if session.helo is None:
        session.refuse(replies.NEED_EHLO)
        return
    if session.transaction is not None:
        session.refuse(replies.NESTED_MAIL)
        return
    if session.draining:
        raise SessionEnd(replies.SHUTTING_DOWN)
    command = read_mail(argument, session.offer)
    if isinstance(command, Reply):
        session.refuse(command)
    elif command.size > session.size_limit:
        session.refuse(replies.MESSAGE_TOO_BIG, error=False)
    elif not _has_room_for(session, max(command.size, 1)):
        session.refuse(replies.BYTES_IN_FLIGHT, error=False)
    else:
        client = session.client()
        dialogue = session.door.desk.open_dialogue(client)
        session.transaction = Transaction(client=client, dialogue=dialogue, mail=command, dsn=session.offer.dsn)
        reply = await dialogue.mail(command.path, command.parameters, command.smtputf8)
        session.put(reply)
        if not reply.positive:
            await session.end_transaction()


def _has_room_for(session: "Session", size: int) -> bool:
    gauge = session.door.admission.bytes_in_flight
    if not gauge.acquire(size):
        return False
    gauge.release(size)
    return True


async def rcpt(session: "Session", argument: bytes) -> None:
    """RCPT: the next hop's own answer, live."""
    transaction = session.transaction
    if transaction is None:
        session.refuse(replies.NEED_MAIL)
        return
    if transaction.body is not None:
        session.refuse(replies.BAD_SEQUENCE)
        return
    limit = session.door.limits.recipients
    reply, is_next_hops = await transaction.rcpt(argument, session.door.desk, limit)
    if is_next_hops:
        session.put(reply)
    else:
        session.refuse(reply, error=reply is not replies.TOO_MANY_RECIPIENTS or transaction.overshoots(limit))


async def rset(session: "Session", argument: bytes) -> None:
    """RSET."""
    if argument:
        session.refuse(replies.BAD_ARGUMENTS)
        return
    await session.end_transaction()
    session.put(replies.OK)


async def data(session: "Session", argument: bytes) -> None:
    """DATA: the next hop is let go first, so that a slow client holds none of its connections."""
    transaction = session.transaction
    if argument:
        session.refuse(replies.BAD_ARGUMENTS)
    elif transaction is None:
        session.refuse(replies.NEED_MAIL)
    elif transaction.body is not None:
        session.refuse(replies.BAD_SEQUENCE)
    elif not transaction.recipients:
        session.refuse(transaction.without_recipients)
    elif not _has_room_for(session, 1):
        session.refuse(replies.BYTES_IN_FLIGHT, error=False)
    else:
        transaction.body = body = _new_body(session)
        session.put(replies.START_DATA)
        await session.flush(session.door.limits.data_idle_s)
        await session.release(transaction)
        await _read_body(session, body, DataReader(body).feed)
        await _hand_over(session, transaction, body)


async def bdat(session: "Session", argument: bytes) -> None:
    """BDAT (RFC 3030 §3), on listeners that offer it. The octets of a chunk are read whatever is the matter."""
    if not session.door.listen.chunking:
        session.refuse(replies.NOT_IMPLEMENTED)
        return
    found = _CHUNK.fullmatch(argument)
    if found is None:
        raise SessionEnd(replies.BAD_ARGUMENTS)  # how many octets are no commands is not known
    size = int(found[1])
    if size > _most_octets(session):
        raise SessionEnd(replies.MESSAGE_TOO_BIG)
    transaction = session.transaction
    if transaction is None or not transaction.recipients:
        fault = replies.NEED_MAIL if transaction is None else transaction.without_recipients
        body = _new_body(session)
        body.refuse(fault)
        await _read_body(session, body, ChunkReader(body, size).feed)
        session.refuse(fault)
        return
    if transaction.body is None:
        transaction.body = _new_body(session)
        await session.release(transaction)
    body = transaction.body
    chunk = ChunkReader(body, size, transaction.carry)
    await _read_body(session, body, chunk.feed)
    transaction.carry = chunk.carry
    if found[2]:
        body.finish(chunk.carry)
        await _hand_over(session, transaction, body)
    elif body.fault is not None:
        fault = body.fault
        await session.end_transaction()
        session.refuse(fault, error=False)
    else:
        session.put(Reply(250, "2.0.0", f"{size} octets received"))


def _new_body(session: "Session") -> Body:
    return Body(
        limit=session.size_limit,
        normalize=session.door.listen.bare_newline == "normalize",
        in_flight=session.door.admission.bytes_in_flight,
    )


def _most_octets(session: "Session") -> int:
    """How much is read of one body, for the sake of answering at its end, before we hang up."""
    return 4 * session.door.limits.message_bytes + 16_777_216


async def _read_body(session: "Session", body: Body, feed: Callable[[bytes], bytes | None]) -> None:
    """Read to the end that `feed` finds. A body must go on coming (data_idle_s), and must earn the time that it takes:
    a slow line's sender has all of data_total_s, a dripping one is cut after two minutes."""
    limits = session.door.limits
    most = _most_octets(session)
    began = session.loop.time()
    grace = min(_DRIP_S, limits.data_total_s)

    def timed(octets: bytes) -> bytes | None:
        rest = feed(octets)
        if body.received > most:
            session.due = 0.0  # as if it had run out of time
        else:
            earned = min(limits.data_total_s, grace + body.received / _SLOWEST_OCTETS_PER_S)
            session.due = min(session.loop.time() + limits.data_idle_s, began + earned)
        return rest

    if session.cutting:
        raise SessionEnd(replies.SHUTTING_DOWN)
    session.due = began + min(limits.data_idle_s, grace)
    try:
        await session.receive(timed)
    except TimeoutError:
        if session.cutting:
            raise SessionEnd(replies.SHUTTING_DOWN) from None
        raise SessionEnd(replies.MESSAGE_TOO_BIG if body.received > most else replies.DATA_TIMEOUT) from None
    except ClientGone:
        raise
    except Exception as error:  # where the body ends is not known now: its rest must not be read as commands
        await session.handle_exception(error)
        raise SessionEnd(replies.OVERLOADED) from error
    finally:
        session.due = NEVER


async def _hand_over(session: "Session", transaction: Transaction, body: Body) -> None:
    """Answer the final dot."""
    door = session.door
    raw = body.hand_over()
    message_id = door.desk.new_id()
    session.commands = 0
    session.transaction = None
    session.forget_forwarded()
    if body.fault is not None:
        session.refuse(body.fault, error=False)
        return
    submission = Submission(
        id=message_id,
        envelope=transaction.envelope,
        raw=raw,
        received_at=datetime.now(UTC),
        deadline=session.loop.time() + door.limits.judge_s,
        listener_hostname=door.listen.hostname,
    )
    task = door.take(submission, body.reserved)
    body.reserved = 0
    del submission, raw  # the desk's now: a large one shall not live on here
    reply = await asyncio.shield(task)
    if session.gone:
        door.observer.event("client_gone_before_answer", code=reply.code)
    if reply.positive:
        session.errors = 0
    session.put(reply)
