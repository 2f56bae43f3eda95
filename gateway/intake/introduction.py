"""The verbs by which a client says who it is, or a trusted front who its client is: HELO, EHLO, STARTTLS, XFORWARD,
XCLIENT, and the PROXY header before any of them."""

import re
from typing import TYPE_CHECKING

from gateway.intake import origin as origins
from gateway.intake.connection import NEVER, SessionEnd
from gateway.intake.origin import Origin, ProxyFault
from gateway.model import reply as replies
from gateway.model.ports import NextHopOffer
from gateway.model.reply import Reply
from gateway.settings.schema import Networks

if TYPE_CHECKING:
    from gateway.intake.session import Session

_HELO = re.compile(rb"[\x21-\x7e]{1,255}")
_PROXY_S = 10.0  # for the PROXY header to come


async def meet(session: "Session") -> None:
    """Find out who is there, count it, and greet. Raises SessionEnd and ClientGone."""
    listen = session.door.listen
    if listen.proxy_protocol:
        if listen.trusted_clients and not _is_in(session.peer, listen.trusted_clients):
            raise SessionEnd(replies.PROXY_HEADER_EXPECTED)
        await _read_proxy_header(session)
    # Behind a proxy the announced client must be the trusted one: else all the world could come through it.
    session.trusted = _is_in(session.base, listen.trusted_clients)
    if not session.trusted:
        session.count_as(session.base)
    put_banner(session)


def _is_in(origin: Origin, networks: Networks) -> bool:
    return origin.address is not None and any(origin.address in network for network in networks)


async def _read_proxy_header(session: "Session") -> None:
    session.due = session.loop.time() + min(session.door.limits.idle_command_s, _PROXY_S)
    while True:
        header = origins.read_proxy_header(bytes(session.inbox[:8192]), session.peer_text)
        if header is ProxyFault.BAD:
            raise SessionEnd(replies.PROXY_HEADER_EXPECTED)
        if header is not ProxyFault.INCOMPLETE:
            break
        try:
            await session.more()
        except TimeoutError:
            raise SessionEnd(replies.PROXY_HEADER_EXPECTED) from None
    session.due = NEVER
    del session.inbox[: header.length]
    if header.origin is not None:
        session.base = header.origin


def put_banner(session: "Session") -> None:
    """The greeting: our name and no version."""
    session.put(Reply(220, "", f"{session.door.listen.hostname} ESMTP"))


async def helo(session: "Session", argument: bytes) -> None:
    """HELO (RFC 5321 §4.1.1.1)."""
    if await _hello(session, argument, extended=False):
        session.put(Reply(250, "", session.door.listen.hostname))


async def ehlo(session: "Session", argument: bytes) -> None:
    """EHLO: what we offer depends on what the next hops do."""
    if not await _hello(session, argument, extended=True):
        return
    try:
        session.offer = await session.door.desk.offer()
    except Exception as error:
        await session.handle_exception(error)
        session.offer = NextHopOffer()
    lines = [session.door.listen.hostname, *_keywords(session)]
    session.put_lines("".join(f"250-{line}\r\n" for line in lines).encode("ascii"))
    session.put(Reply(250, "", "ENHANCEDSTATUSCODES"))


def _keywords(session: "Session") -> list[str]:
    keywords = ["PIPELINING", f"SIZE {session.size_limit}", "8BITMIME"]
    if session.offer.smtputf8:
        keywords.append("SMTPUTF8")
    if session.offer.dsn:
        keywords.append("DSN")
    if session.door.listen.chunking:
        keywords.append("CHUNKING")
    if session.door.tls is not None and not session.tls:
        keywords.append("STARTTLS")
    if session.trusted:
        keywords += [origins.XFORWARD_OFFER, origins.XCLIENT_OFFER]
    return keywords


async def _hello(session: "Session", argument: bytes, *, extended: bool) -> bool:
    if _HELO.fullmatch(argument) is None:
        session.refuse(replies.BAD_HELO)
        return False
    await session.end_transaction()
    session.helo = argument.decode("ascii")
    session.extended = extended
    return True


async def starttls(session: "Session", argument: bytes) -> None:
    """STARTTLS (RFC 3207): afterwards nothing is known that was said before."""
    if argument:
        session.refuse(replies.BAD_ARGUMENTS)
    elif session.tls:
        session.refuse(replies.BAD_SEQUENCE)
    elif session.door.tls is None:
        session.refuse(replies.TLS_UNAVAILABLE)
    else:
        await session.end_transaction()
        session.helo = None
        session.forget_forwarded()
        session.offer = NextHopOffer()
        session.put(replies.READY_FOR_TLS)
        await session.flush(session.door.limits.idle_command_s)
        await session.start_tls(session.door.tls)


async def xforward(session: "Session", argument: bytes) -> None:
    """XFORWARD: a trusted front tells whose the next transaction is."""
    said = _announced(session, argument, origins.XFORWARD_NAMES, session.forwarded or session.base)
    if said is not None:
        if not session.base.announced_by:
            session.count_as(said)
        session.forwarded = said
        session.put(replies.OK)


async def xclient(session: "Session", argument: bytes) -> None:
    """XCLIENT: a trusted front tells whose this session is; it begins anew."""
    said = _announced(session, argument, origins.XCLIENT_NAMES, session.base)
    if said is not None:
        session.count_as(said)
        session.base = said
        session.helo = session.forwarded = None
        put_banner(session)


def _announced(session: "Session", argument: bytes, names: frozenset[str], known: Origin) -> Origin | None:
    """What the front says; None when it was refused."""
    if not session.trusted:
        session.refuse(replies.NOT_A_TRUSTED_CLIENT)
        return None
    if session.transaction is not None:
        session.refuse(replies.BAD_SEQUENCE)
        return None
    attributes = origins.read_attributes(argument, names)
    said = None if attributes is None else origins.announced(known, attributes, session.peer_text)
    if said is None:
        session.refuse(replies.BAD_PARAMETER_VALUE)
        return None
    return said
