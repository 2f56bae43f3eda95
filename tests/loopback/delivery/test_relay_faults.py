"""A next hop that misbehaves at every stage: what the client is told, and what may have become of the message."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from gateway.delivery.relay import NextHops
from gateway.model.ports import RelayOutcome
from gateway.settings.schema import NextHop
from tests.next_hops import HEAD, Recorder, envelope, next_hops, recipients
from tests.scripted_next_hop import KEYWORDS, Script, ScriptedNextHop, Step, Then

BODY = b"Bonjour\r\n.\r\n..deux\r\nfin"
PLAIN = tuple(k for k in KEYWORDS if k != "PIPELINING")
LARGE = b"x" * 76 + b"\r\n"


def with_hop(
    script: Script,
    test: Callable[[ScriptedNextHop, NextHops, Recorder], Awaitable[None]],
    *,
    keywords: tuple[str, ...] = KEYWORDS,
    connections: int = 20,
) -> None:
    async def run() -> None:
        recorder = Recorder()
        async with ScriptedNextHop(script, keywords=keywords) as hop:
            settings = NextHop(address=hop.address, connect_timeout_s=2.0, reply_timeout_s=0.3, connections=connections)
            async with next_hops(settings, recorder=recorder) as hops:
                await test(hop, hops, recorder)

    asyncio.run(run())


LOST = ("451 4.4.2", "lost")
UNREACHABLE = ("451 4.4.1", "unreachable")
CHANGED = ("451 4.3.0", "changed")
SAY = Step
# script, (code and enhanced code, class), messages that the hop says it took
FAULTS: list[tuple[str, Script, tuple[str, str], int]] = [
    ("greeting 421", {"connect": b"421 4.3.2 busy\r\n"}, UNREACHABLE, 0),
    ("greeting 554", {"connect": b"554 5.7.1 go away\r\n"}, UNREACHABLE, 0),
    ("greeting garbage", {"connect": b"SSH-2.0-OpenSSH\r\n"}, UNREACHABLE, 0),
    ("greeting 354", {"connect": b"354 go\r\n"}, UNREACHABLE, 0),
    ("greeting twice", {"connect": b"220 a\r\n220 b\r\n"}, UNREACHABLE, 0),
    ("greeting endless", {"connect": b"220-a\r\n" * 200}, UNREACHABLE, 0),
    ("greeting: silence", {"connect": Step(then=Then.SILENCE)}, UNREACHABLE, 0),
    ("greeting: drop", {"connect": Step(then=Then.DROP)}, UNREACHABLE, 0),
    ("greeting: reset", {"connect": Step(then=Then.RESET)}, UNREACHABLE, 0),
    ("greeting of many lines is fine", {"connect": b"220-a\r\n220-b\r\n220 c\r\n"}, ("250 2.0.0", "2xx"), 1),
    ("greeting in pieces is fine", {"connect": Step(say=b"220 hop.example\r\n", pieces=1)}, ("250 2.0.0", "2xx"), 1),
    ("EHLO 421", {"ehlo": b"421 4.3.2 bye\r\n"}, UNREACHABLE, 0),
    ("EHLO 450", {"ehlo": b"450 4.3.2 later\r\n"}, UNREACHABLE, 0),
    ("EHLO unknown: HELO does", {"ehlo": b"502 5.5.1 what\r\n"}, ("250 2.0.0", "2xx"), 1),
    ("EHLO and HELO unknown", {"ehlo": b"502 what\r\n", "helo": b"502 what\r\n"}, UNREACHABLE, 0),
    ("EHLO garbage", {"ehlo": b"\0\xff\r\n"}, UNREACHABLE, 0),
    ("EHLO: silence", {"ehlo": Step(then=Then.SILENCE)}, UNREACHABLE, 0),
    ("EHLO: half a reply, silence", {"ehlo": Step(say=b"250-a\r\n", then=Then.SILENCE)}, UNREACHABLE, 0),
    ("EHLO: drop", {"ehlo": Step(then=Then.DROP)}, UNREACHABLE, 0),
    ("MAIL 450", {"mail": b"450 4.7.1 later\r\n"}, CHANGED, 0),
    ("MAIL 550", {"mail": b"550 5.7.1 no\r\n"}, CHANGED, 0),
    ("MAIL 552, about a size told only now", {"mail": b"552 5.3.4 too big\r\n"}, ("552 5.3.4", "5xx"), 0),
    ("MAIL 421", {"mail": b"421 4.3.2 bye\r\n"}, CHANGED, 0),
    ("MAIL 354", {"mail": b"354 go\r\n"}, LOST, 0),
    ("MAIL garbage", {"mail": b"yes\r\n"}, LOST, 0),
    ("MAIL twice", {"mail": b"250 a\r\n250 b\r\n"}, LOST, 0),
    ("MAIL: silence", {"mail": Step(then=Then.SILENCE)}, LOST, 0),
    ("MAIL: drop", {"mail": Step(then=Then.DROP)}, LOST, 0),
    ("MAIL: reset", {"mail": Step(then=Then.RESET)}, LOST, 0),
    ("RCPT 450", {"rcpt": b"450 4.2.1 later\r\n"}, CHANGED, 0),
    ("RCPT 550", {"rcpt": b"550 5.1.1 no\r\n"}, CHANGED, 0),
    ("RCPT 421", {"rcpt": b"421 4.3.2 bye\r\n"}, CHANGED, 0),
    ("RCPT 354", {"rcpt": b"354 go\r\n"}, LOST, 0),
    ("RCPT: disagreeing lines", {"rcpt": b"250-a\r\n550 b\r\n"}, LOST, 0),
    ("RCPT: bare LF", {"rcpt": b"250 ok\n"}, LOST, 0),
    ("RCPT: silence", {"rcpt": Step(then=Then.SILENCE)}, LOST, 0),
    ("RCPT: drop", {"rcpt": Step(then=Then.DROP)}, LOST, 0),
    ("RCPT: reset", {"rcpt": Step(then=Then.RESET)}, LOST, 0),
    ("RCPT of many lines is fine", {"rcpt": b"250-2.1.5 a\r\n250 2.1.5 b\r\n"}, ("250 2.0.0", "2xx"), 1),
    ("RCPT in pieces is fine", {"rcpt": Step(say=b"250 2.1.5 Ok\r\n", pieces=2)}, ("250 2.0.0", "2xx"), 1),
    ("DATA 451", {"data": b"451 4.3.0 later\r\n"}, ("451 4.3.0", "4xx"), 0),
    ("DATA 554", {"data": b"554 5.7.1 no\r\n"}, ("554 5.7.1", "5xx"), 0),
    ("DATA 250", {"data": b"250 ok\r\n"}, LOST, 0),
    ("DATA 354 and 250 at once", {"data": b"354 go\r\n250 taken\r\n"}, LOST, 0),
    ("DATA 354 and half a line", {"data": b"354 go\r\n25"}, LOST, 0),
    ("DATA 354 twice", {"data": b"354 go\r\n354 go\r\n"}, LOST, 0),
    ("DATA 354, then 550 at once", {"data": b"354 go\r\n550 no\r\n"}, LOST, 0),
    ("DATA 334", {"data": b"334 go\r\n"}, LOST, 0),
    ("DATA garbage", {"data": b"go\r\n"}, LOST, 0),
    ("DATA: silence", {"data": Step(then=Then.SILENCE)}, LOST, 0),
    ("DATA: drop", {"data": Step(then=Then.DROP)}, LOST, 0),
    ("DATA: 354, drop", {"data": Step(say=b"354 go\r\n", then=Then.DROP)}, LOST, 0),
    ("DATA: 354, reset", {"data": Step(say=b"354 go\r\n", then=Then.RESET)}, LOST, 0),
    ("dot 452", {"dot": b"452 4.3.1 full\r\n"}, ("452 4.3.1", "4xx"), 0),
    ("dot 554", {"dot": b"554 5.7.1 no\r\n"}, ("554 5.7.1", "5xx"), 0),
    ("dot 554 without enhanced code", {"dot": b"554 no\r\n"}, ("554 5.0.0", "5xx"), 0),
    ("dot 550 of many lines", {"dot": b"550-5.7.1 a\r\n550-5.7.1 b\r\n550 5.7.1 c\r\n"}, ("550 5.7.1", "5xx"), 0),
    ("dot 421", {"dot": b"421 4.3.2 bye\r\n"}, ("451 4.3.2", "4xx"), 0),
    ("dot 354", {"dot": b"354 go\r\n"}, LOST, 0),
    ("dot garbage", {"dot": b"thanks\r\n"}, LOST, 0),
    ("dot: code alone", {"dot": b"250\r\n"}, ("250 2.0.0", "2xx"), 1),
    ("dot: 4 digits", {"dot": b"2500 ok\r\n"}, LOST, 1),
    ("dot twice", {"dot": b"250 a\r\n250 b\r\n"}, LOST, 1),
    ("dot 250 and 550", {"dot": b"250 a\r\n550 b\r\n"}, LOST, 1),
    ("dot 550 and 250", {"dot": b"550 a\r\n250 b\r\n"}, LOST, 0),
    ("dot 250 and half a line", {"dot": b"250 a\r\n250"}, LOST, 1),
    ("dot: disagreeing lines", {"dot": b"250-a\r\n550 b\r\n"}, LOST, 1),
    ("dot: half a reply, silence", {"dot": Step(say=b"250 o", then=Then.SILENCE)}, LOST, 1),
    ("dot: first line of two, drop", {"dot": Step(say=b"250-a\r\n", then=Then.DROP)}, LOST, 1),
    ("dot: silence", {"dot": Step(then=Then.SILENCE)}, LOST, 0),
    ("dot: drop", {"dot": Step(then=Then.DROP)}, LOST, 0),
    ("dot: reset", {"dot": Step(then=Then.RESET)}, LOST, 0),
    ("dot: 250, drop", {"dot": Step(say=b"250 2.0.0 ok\r\n", then=Then.DROP)}, ("250 2.0.0", "2xx"), 1),
    ("dot: 250 slowly", {"dot": Step(say=b"250 2.0.0 ok\r\n", pieces=3)}, ("250 2.0.0", "2xx"), 1),
    ("dot: line of 10 kB", {"dot": b"250 " + b"x" * 10000 + b"\r\n"}, LOST, 1),
]  # fmt: skip


@pytest.mark.parametrize("keywords", [KEYWORDS, PLAIN], ids=["pipelined", "one by one"])
@pytest.mark.parametrize(("why", "script", "expected", "taken"), FAULTS, ids=[c[0] for c in FAULTS])
def test_fault(why: str, script: Script, expected: tuple[str, str], taken: int, keywords: tuple[str, ...]) -> None:
    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        outcome = await asyncio.wait_for(hops.deliver(envelope(), recipients(), HEAD, memoryview(BODY)), 5)
        told, kind = expected
        await asyncio.sleep(0.02)
        assert str(outcome.reply).startswith(told), outcome
        assert outcome.next_hop_reply_class == kind
        assert recorder.classes == [kind]
        assert len(hop.accepted) == taken
        if outcome.reply.positive:
            assert hop.accepted[0].data == HEAD + BODY + b"\r\n"
        assert len([t for t in hop.transactions if t.wire]) <= 1, "one attempt past the dot"
        healthy = kind in ("2xx", "4xx", "5xx", "changed") and "421" not in why and "drop" not in why
        if not healthy:
            assert await hop.all_closed(), "a connection that is not trusted is closed"

    with_hop(script, test, keywords=keywords)


@pytest.mark.parametrize("keywords", [KEYWORDS, PLAIN], ids=["pipelined", "one by one"])
def test_one_of_several_recipients_refused(keywords: tuple[str, ...]) -> None:
    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        outcome = await hops.deliver(
            envelope(), recipients("ann@y.example", "bob@y.example", "eve@y.example"), HEAD, memoryview(BODY)
        )
        assert str(outcome.reply).startswith("451 4.3.0")
        assert outcome.next_hop_reply_class == "changed"
        await asyncio.sleep(0.02)
        assert [t.wire for t in hop.transactions] == [b""], "no byte of data"
        # where DATA was said, a 354 came, and only hanging up leaves the others without the message
        assert bool(hop.open_sessions) is (keywords is PLAIN)

    with_hop({"rcpt:bob@y.example": b"550 5.1.1 no\r\n"}, test, keywords=keywords)


@pytest.mark.parametrize("keywords", [KEYWORDS, PLAIN], ids=["pipelined", "one by one"])
def test_answers_that_slipped_by_one(keywords: tuple[str, ...]) -> None:
    """MAIL answered twice, the recipient refused: whatever is made of it, it is no success, and no data is sent."""

    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        outcome = await hops.deliver(envelope(), recipients(), HEAD, memoryview(BODY))
        assert not outcome.reply.positive
        assert not hop.accepted
        assert [t.wire for t in hop.transactions] == [b""]
        assert await hop.all_closed()

    with_hop({"mail": b"250 a\r\n250 b\r\n", "rcpt": b"550 5.1.1 no\r\n"}, test, keywords=keywords)


def test_refusals_are_passed_on_where_nobody_asked_before() -> None:
    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        outcome = await hops.deliver(envelope(), recipients(), HEAD, memoryview(BODY), asked_before=False)
        assert str(outcome.reply) == "550 5.1.1 moved away"
        assert outcome.next_hop_reply_class == "5xx"

    with_hop({"rcpt": b"550 5.1.1 moved away\r\n"}, test)


LARGE_FAULTS: list[tuple[str, Step]] = [
    ("250 before the dot", Step(say=b"250 taken\r\n", after_bytes=100_000)),
    ("552 before the dot", Step(say=b"552 5.3.4 too big\r\n", after_bytes=100_000)),
    ("421 before the dot", Step(say=b"421 4.3.2 bye\r\n", after_bytes=100_000, then=Then.DROP)),
    ("drop", Step(after_bytes=100_000, then=Then.DROP)),
    ("reset", Step(after_bytes=100_000, then=Then.RESET)),
]


@pytest.mark.parametrize(("why", "step"), LARGE_FAULTS, ids=[c[0] for c in LARGE_FAULTS])
def test_fault_in_mid_data(why: str, step: Step) -> None:
    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        body = memoryview(LARGE * 400_000)
        outcome = await asyncio.wait_for(hops.deliver(envelope(), recipients(), HEAD, body), 10)
        assert str(outcome.reply).startswith("451 4.4.2"), outcome
        assert not hop.accepted
        assert await hop.all_closed()

    with_hop({"in_data": step}, test)


def test_a_hop_that_stops_reading_is_given_up() -> None:
    """The kernel's buffers fill, nothing moves for `reply_timeout_s`."""

    async def run() -> None:
        release = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 hop\r\n")
            await reader.readline()
            writer.write(b"250 hop\r\n")
            for answer in (b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
                await reader.readline()
                writer.write(answer)
            await release.wait()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=4096)
        port = server.sockets[0].getsockname()[1]
        settings = NextHop(address=f"127.0.0.1:{port}", reply_timeout_s=0.4)
        hops = NextHops(next_hop=settings, routes={}, hostname="gw.example", observer=Recorder())
        body = memoryview(LARGE * 400_000)
        outcome = await asyncio.wait_for(hops.deliver(envelope(), recipients(), HEAD, body), 10)
        assert str(outcome.reply).startswith("451 4.4.2")
        release.set()
        await hops.close()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0.05)

    asyncio.run(run())


def test_no_hop_at_all() -> None:
    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        await hop.stop()
        outcome = await hops.deliver(envelope(), recipients(), HEAD, memoryview(BODY))
        assert str(outcome.reply).startswith("451 4.4.1")
        assert outcome.next_hop_reply_class == "unreachable"
        await hop.start()
        outcome = await hops.deliver(envelope(), recipients(), HEAD, memoryview(BODY))
        assert outcome.reply.positive, "a hop that came back is found at once"

    with_hop({}, test)


def test_a_lost_answer_is_logged_as_such() -> None:
    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        await hops.deliver(envelope(), recipients(), HEAD, memoryview(BODY))
        assert recorder.events == [
            ("next_hop_lost", {"next_hop": hop.address, "stage": "dot", "cause": f"{hop.address}: closed"})
        ]

    with_hop({"dot": Step(then=Then.DROP)}, test)


def test_25_mb_arrive_unchanged() -> None:
    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        body = b"".join(b".%d\r\n..\r\n.\r\n%b" % (n, LARGE) for n in range(60_000)) * 4
        outcome = await hops.deliver(envelope(), recipients(), HEAD, memoryview(body))
        assert outcome.reply.positive
        assert hop.accepted[0].data == HEAD + body

    with_hop({}, test)


def test_each_reply_has_its_own_time() -> None:
    """Seven answers of 0.15 s each take longer than one may."""

    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        everybody = recipients(*(f"member{n}@y.example" for n in range(4)))
        outcome = await hops.deliver(envelope(), everybody, HEAD, memoryview(BODY))
        assert outcome.reply.positive

    slow = Step(delay_s=0.15)
    with_hop({"mail": slow, "rcpt": slow, "data": slow, "dot": slow}, test)


def test_a_byte_now_and_then_is_no_reply() -> None:
    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        outcome = await asyncio.wait_for(hops.deliver(envelope(), recipients(), HEAD, memoryview(BODY)), 2)
        assert str(outcome.reply).startswith("451 4.4.2")

    with_hop({"dot": Step(say=b"250-" + b"x" * 1000 + b"\r\n", pieces=1)}, test)


def test_1000_recipients_in_one_group() -> None:
    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        everybody = recipients(*(f"member{n}@y.example" for n in range(1000)))
        outcome = await hops.deliver(envelope(), everybody, HEAD, memoryview(BODY))
        assert outcome.reply.positive
        assert len(hop.accepted[0].recipients) == 1000

    with_hop({}, test)


def test_a_cancelled_delivery_leaves_no_half_used_connection() -> None:
    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        for stage in ("mail", "rcpt", "data", "dot"):
            hop.script = {stage: Step(delay_s=0.2)}
            task = asyncio.create_task(hops.deliver(envelope(), recipients(), HEAD, memoryview(BODY)))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            hop.script = {}
            outcome: RelayOutcome = await hops.deliver(
                envelope(), recipients(f"{stage}@y.example"), HEAD, memoryview(BODY)
            )
            assert outcome.reply.positive
            assert hop.accepted[-1].recipients == [(f"{stage}@y.example".encode(), ())]
        await asyncio.sleep(0.3)
        assert len(hop.open_sessions) == 1

    with_hop({}, test)


def test_cancelled_in_mid_data() -> None:
    async def test(hop: ScriptedNextHop, hops: NextHops, recorder: Recorder) -> None:
        body = memoryview(LARGE * 400_000)
        task = asyncio.create_task(hops.deliver(envelope(), recipients(), HEAD, body))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await hop.all_closed()
        assert not hop.accepted

    with_hop({"data": Step(say=b"354 go\r\n", delay_s=0.01), "in_data": Step(after_bytes=1000, delay_s=1)}, test)
