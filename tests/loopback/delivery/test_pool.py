"""Kept connections, their number and age; several addresses; what EHLO may offer; the Maildir."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from gateway.delivery import addresses as addresses_module
from gateway.delivery import hop as hop_module
from gateway.delivery import maildir
from gateway.delivery import pool as pool_module
from gateway.model import reply as replies
from gateway.model.ports import NextHopOffer, RelayOutcome
from gateway.settings.schema import NextHop
from tests.next_hops import CLIENT, HEAD, Recorder, envelope, next_hops, path, recipients
from tests.scripted_next_hop import KEYWORDS, ScriptedNextHop, Step, Then, next_hop_in_thread

BODY = memoryview(b"Bonjour\r\n")


def settings_for(*hops: ScriptedNextHop, connections: int = 20) -> NextHop:
    return NextHop(
        address=tuple(h.address for h in hops), connect_timeout_s=1.0, reply_timeout_s=0.5, connections=connections
    )


async def deliver(hops: object) -> RelayOutcome:
    return await hops.deliver(envelope(), recipients(), HEAD, BODY)  # type: ignore[attr-defined,no-any-return]


def test_a_connection_is_kept() -> None:
    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop)) as hops:
            for _ in range(5):
                assert (await deliver(hops)).reply.positive
            assert len(hop.sessions) == 1
            assert len(hop.accepted) == 5

    asyncio.run(run())


def test_a_kept_connection_that_was_refused_its_envelope_goes_on() -> None:
    async def run() -> None:
        script = {"mail": [b"450 4.0.0 later\r\n"], "rcpt": [b"550 5.1.1 no\r\n"]}
        keywords = tuple(k for k in KEYWORDS if k != "PIPELINING")
        async with ScriptedNextHop(script, keywords=keywords) as hop, next_hops(settings_for(hop)) as hops:
            assert not (await deliver(hops)).reply.positive
            assert not (await deliver(hops)).reply.positive
            assert (await deliver(hops)).reply.positive
            assert len(hop.sessions) == 1
            assert hop.sessions[0].commands.count(b"RSET") == 1

    asyncio.run(run())


def test_no_more_connections_than_set() -> None:
    async def run() -> None:
        async with (
            ScriptedNextHop({"dot": Step(delay_s=0.02)}) as hop,
            next_hops(settings_for(hop, connections=3)) as hops,
        ):
            outcomes = await asyncio.gather(*(deliver(hops) for _ in range(12)))
            assert all(o.reply.positive for o in outcomes)
            assert len(hop.sessions) == 3

    asyncio.run(run())


def test_waiting_for_a_connection_has_an_end() -> None:
    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop, connections=1)) as hops:
            dialogue = hops.open_dialogue(CLIENT)
            assert (await dialogue.mail(path("a@x.example"), (), False)).positive
            assert (await deliver(hops)).reply == replies.NEXT_HOP_UNREACHABLE
            waiting = asyncio.create_task(deliver(hops))
            given_up = asyncio.create_task(deliver(hops))
            await asyncio.sleep(0.05)
            given_up.cancel()
            await dialogue.release()
            assert (await waiting).reply.positive

    asyncio.run(run())


STALE = [
    ("closed while idle", {"dot": [Step(say=b"250 2.0.0 ok\r\n", then=Then.DROP)]}),
    ("reset while idle", {"dot": [Step(say=b"250 2.0.0 ok\r\n", then=Then.RESET)]}),
    ("421 to MAIL", {"mail": [Step(), b"421 4.4.2 timeout\r\n"]}),
    ("drop at MAIL", {"mail": [Step(), Step(then=Then.DROP)]}),
    ("reset at MAIL", {"mail": [Step(), Step(then=Then.RESET)]}),
    ("MAIL answered, then drop", {"rcpt": [Step(), Step(then=Then.DROP)]}),
]


@pytest.mark.parametrize(("why", "script"), STALE, ids=[c[0] for c in STALE])
def test_a_stale_connection_is_replaced(why: str, script: dict[str, list[Step]]) -> None:
    async def run() -> None:
        async with ScriptedNextHop(script) as hop, next_hops(settings_for(hop)) as hops:
            assert (await deliver(hops)).reply.positive
            assert (await deliver(hops)).reply.positive, why
            assert len(hop.sessions) == 2
            assert len(hop.accepted) == 2

    asyncio.run(run())


def test_stale_and_not_yet_read() -> None:
    """The hop (in a thread) closes right behind its 250: the end lies in the kernel, our loop has not looked yet."""
    hop = ScriptedNextHop({"dot": Step(say=b"250 2.0.0 ok\r\n", then=Then.DROP)})

    async def run() -> None:
        async with next_hops(settings_for(hop)) as hops:
            for _ in range(10):
                assert (await deliver(hops)).reply.positive
                time.sleep(0.005)  # noqa: ASYNC251 - the loop shall not look
        assert len(hop.accepted) == len(hop.sessions) == 10

    with next_hop_in_thread(hop):
        asyncio.run(run())


def test_not_twice_once_a_recipient_was_answered() -> None:
    async def run() -> None:
        script = {"data": [Step(), Step(then=Then.DROP)]}
        async with ScriptedNextHop(script) as hop, next_hops(settings_for(hop)) as hops:
            assert (await deliver(hops)).reply.positive
            assert (await deliver(hops)).reply == replies.NEXT_HOP_LOST
            assert len(hop.transactions) == 2

    asyncio.run(run())


@pytest.mark.parametrize(
    "odd", [b"garbage\r\n", b"354 go\r\n", Step(then=Then.SILENCE)], ids=["garbage", "354", "silence"]
)
def test_a_hop_that_errs_is_not_asked_twice(odd: bytes | Step) -> None:
    async def run() -> None:
        async with ScriptedNextHop({"mail": [Step(), odd]}) as hop, next_hops(settings_for(hop)) as hops:
            assert (await deliver(hops)).reply.positive
            assert (await deliver(hops)).reply == replies.NEXT_HOP_LOST
            assert len(hop.sessions) == 1

    asyncio.run(run())


def test_one_retry_and_no_more() -> None:
    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop)) as hops:
            assert (await deliver(hops)).reply.positive
            hop.script = {"mail": Step(then=Then.DROP)}
            assert (await deliver(hops)).reply == replies.NEXT_HOP_LOST
            assert len(hop.sessions) == 2

    asyncio.run(run())


def test_words_while_idle_cost_the_connection() -> None:
    async def run() -> None:
        script = {"dot": [Step(say=b"250 2.0.0 ok\r\n", then=Then.GO_ON)]}
        async with ScriptedNextHop(script) as hop, next_hops(settings_for(hop)) as hops:
            assert (await deliver(hops)).reply.positive
            for connection in list(hops._default.pool._idle):  # type: ignore[union-attr]
                connection.data_received(b"250 unasked\r\n")
            assert (await deliver(hops)).reply.positive
            assert len(hop.sessions) == 2

    asyncio.run(run())


def test_idle_and_old_connections_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop)) as hops:
            monkeypatch.setattr(pool_module, "IDLE_LIMIT_S", 0.05)
            assert (await deliver(hops)).reply.positive
            await asyncio.sleep(0.1)
            assert (await deliver(hops)).reply.positive
            assert len(hop.sessions) == 2
            assert hop.sessions[0].commands[-1] == b"QUIT"
            monkeypatch.setattr(pool_module, "IDLE_LIMIT_S", 60)
            monkeypatch.setattr(pool_module, "AGE_LIMIT_S", 0.01)
            await asyncio.sleep(0.02)
            assert (await deliver(hops)).reply.positive
            assert len(hop.sessions) == 3

    asyncio.run(run())


def test_the_sweeper_says_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "IDLE_LIMIT_S", 0.02)
    monkeypatch.setattr(pool_module, "SWEEP_S", 0.04)

    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop)) as hops:
            assert (await deliver(hops)).reply.positive
            await asyncio.sleep(0.15)
            assert hop.sessions[0].commands[-1] == b"QUIT"
            assert not hop.open_sessions

    asyncio.run(run())


def test_close_says_goodbye() -> None:
    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop)) as hops:
            assert (await deliver(hops)).reply.positive
            await hops.close()
            await asyncio.sleep(0.05)
            assert hop.sessions[0].commands[-1] == b"QUIT"
            assert not hop.open_sessions

    asyncio.run(run())


def test_addresses_in_order_and_back_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses_module, "DOWN_S", 0.1)

    async def run() -> None:
        recorder = Recorder()
        async with (
            ScriptedNextHop() as first,
            ScriptedNextHop() as second,
            next_hops(settings_for(first, second), recorder=recorder) as hops,
        ):
            assert (await deliver(hops)).next_hop == first.address
            await first.stop()
            assert (await deliver(hops)).next_hop == second.address
            assert (await deliver(hops)).next_hop == second.address
            down = [e for e in recorder.events if e[0] == "next_hop_address_down"]
            assert [e[1]["next_hop"] for e in down] == [first.address], "asked once, then passed over"
            await asyncio.sleep(0.12)
            assert (await deliver(hops)).next_hop == second.address, "a probe fails, no mail waits for it"
            await first.start()
            await asyncio.sleep(0.25)
            assert (await deliver(hops)).next_hop == second.address, "a probe succeeds"
            await asyncio.sleep(0.05)
            assert (await deliver(hops)).next_hop == first.address

    asyncio.run(run())


def test_an_address_that_greets_badly_is_passed_over() -> None:
    async def run() -> None:
        script = {"connect": b"421 4.3.2 busy\r\n"}
        async with (
            ScriptedNextHop(script) as first,
            ScriptedNextHop() as second,
            next_hops(settings_for(first, second)) as hops,
        ):
            assert (await deliver(hops)).next_hop == second.address

    asyncio.run(run())


def test_an_answer_is_no_reason_to_ask_the_next_address() -> None:
    async def run() -> None:
        async with (
            ScriptedNextHop({"dot": b"451 4.3.0 later\r\n"}) as first,
            ScriptedNextHop() as second,
            next_hops(settings_for(first, second)) as hops,
        ):
            assert str((await deliver(hops)).reply).startswith("451 4.3.0")
            assert second.sessions == []

    asyncio.run(run())


FULL = NextHopOffer(smtputf8=True, dsn=True, eightbitmime=True, size=52428800)


def test_offer_is_asked_again_when_old(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop)) as hops:
            assert await hops.offer() == FULL
            hop.keywords = ("SIZE 1000", "8BITMIME")
            assert await hops.offer() == FULL
            monkeypatch.setattr(hop_module, "OFFER_AGE_S", 0.0)
            assert await hops.offer() == NextHopOffer(smtputf8=False, dsn=False, eightbitmime=True, size=1000)
            assert len(hop.sessions) == 1

    asyncio.run(run())


def test_offer_of_a_hop_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hop_module, "OFFER_AGE_S", 0.0)
    monkeypatch.setattr(hop_module, "OFFER_RETRY_S", 0.1)

    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop)) as hops:
            await hop.stop()
            assert await hops.offer() == NextHopOffer(), "nothing known"
            await hop.start()
            await asyncio.sleep(0.15)
            assert await hops.offer() == FULL
            await hop.stop()
            assert await hops.offer() == FULL, "what was known last"

    asyncio.run(run())


def test_offer_does_not_wait_for_a_silent_hop_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hop_module, "OFFER_WAIT_S", 0.1)

    async def run() -> None:
        async with ScriptedNextHop({"connect": Step(then=Then.SILENCE)}) as hop, next_hops(settings_for(hop)) as hops:
            begun = asyncio.get_running_loop().time()
            assert await asyncio.gather(*(hops.offer() for _ in range(20))) == [NextHopOffer()] * 20
            assert asyncio.get_running_loop().time() - begun < 0.4

    asyncio.run(run())


def test_offer_is_what_all_hops_have(tmp_path: Path) -> None:
    async def run() -> None:
        async with (
            ScriptedNextHop() as main,
            ScriptedNextHop(keywords=("DSN", "SIZE 77", "8BITMIME")) as other,
            next_hops(settings_for(main), {"other.example": settings_for(other)}) as hops,
        ):
            assert await hops.offer() == NextHopOffer(smtputf8=False, dsn=True, eightbitmime=True, size=77)
        async with next_hops(NextHop(maildir=tmp_path)) as hops:
            assert await hops.offer() == NextHopOffer(smtputf8=True, dsn=False, eightbitmime=True, size=0)

    asyncio.run(run())


def test_maildir(tmp_path: Path) -> None:
    async def run() -> None:
        folder = tmp_path / "not" / "yet"
        async with next_hops(NextHop(maildir=folder)) as hops:
            dialogue = hops.open_dialogue(CLIENT)
            assert (await dialogue.mail(path("a@x.example"), (b"SIZE=1",), False)).positive
            assert (await dialogue.rcpt(recipients()[0])).positive
            await dialogue.release()
            bodies = [b".\r\nno end", b"", b"\xff\0\r\n" * 100_000]
            for body in bodies:
                outcome = await hops.deliver(envelope(), recipients(), HEAD, memoryview(body))
                assert outcome.reply.positive
                assert outcome.next_hop == f"maildir:{folder}"
        assert sorted(p.read_bytes() for p in (folder / "new").iterdir()) == sorted(HEAD + b for b in bodies)
        assert list((folder / "tmp").iterdir()) == []
        assert (folder / "cur").is_dir()

    asyncio.run(run())


def test_maildir_that_can_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    assert maildir.store(tmp_path / "file", HEAD, BODY) == replies.LOCAL_PROBLEM

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert maildir.store(tmp_path / "box", HEAD, BODY) == replies.NO_SPACE
    assert list((tmp_path / "box" / "tmp").iterdir()) == list((tmp_path / "box" / "new").iterdir()) == []
