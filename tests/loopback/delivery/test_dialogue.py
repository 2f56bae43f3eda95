"""The next hop's live answers, routes, and what becomes of its connection meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

import pytest

from gateway.delivery import dialogue as dialogue_module
from gateway.model import reply as replies
from gateway.model.address import NULL_PATH
from gateway.model.envelope import Client, Recipient
from gateway.settings.schema import NextHop
from tests.next_hops import CLIENT, HEAD, Recorder, envelope, next_hops, path, recipients
from tests.scripted_next_hop import KEYWORDS, Script, ScriptedNextHop, Step, Then

FROM = path("a@x.example")
BOB = Recipient(path=path("bob@y.example"))
ANN = Recipient(path=path("ann@other.example"))


def settings_for(hop: ScriptedNextHop, connections: int = 20) -> NextHop:
    return NextHop(address=hop.address, reply_timeout_s=0.4, connections=connections)


MAIL_ANSWERS: list[tuple[str, Script, str]] = [
    ("taken", {}, "250 2.1.0 Ok"),
    ("refused", {"mail": b"550 5.7.1 not you\r\n"}, "550 5.7.1 not you"),
    ("refused without enhanced code", {"mail": b"550 not you\r\n"}, "550 5.1.0 not you"),
    ("deferred", {"mail": b"450-4.7.1 grey\r\n450 4.7.1 listed\r\n"}, "450 4.7.1 grey listed"),
    ("closing", {"mail": b"421 4.3.2 bye\r\n"}, "451 4.3.2 bye"),
    ("too big", {"mail": b"552 5.3.4 too big\r\n"}, "552 5.3.4 too big"),
    ("silence", {"mail": Step(then=Then.SILENCE)}, str(replies.NEXT_HOP_LOST)),
    ("drop", {"mail": Step(then=Then.DROP)}, str(replies.NEXT_HOP_LOST)),
    ("garbage", {"mail": b"ok\r\n"}, str(replies.NEXT_HOP_LOST)),
    ("354", {"mail": b"354 go\r\n"}, str(replies.NEXT_HOP_LOST)),
    ("down", {"connect": Step(then=Then.DROP)}, str(replies.NEXT_HOP_UNREACHABLE)),
]


@pytest.mark.parametrize(("why", "script", "expected"), MAIL_ANSWERS, ids=[c[0] for c in MAIL_ANSWERS])
def test_mail(why: str, script: Script, expected: str) -> None:
    async def run() -> None:
        async with ScriptedNextHop(script) as hop, next_hops(settings_for(hop)) as hops:
            dialogue = hops.open_dialogue(CLIENT)
            assert str(await dialogue.mail(FROM, (), False)) == expected, why
            await dialogue.release()

    asyncio.run(run())


RCPT_ANSWERS: list[tuple[str, Script, str]] = [
    ("taken", {}, "250 2.1.5 Ok"),
    ("will forward", {"rcpt": b"251 2.1.5 will forward\r\n"}, "251 2.1.5 will forward"),
    ("unknown", {"rcpt": b"550 5.1.1 unknown\r\n"}, "550 5.1.1 unknown"),
    ("deferred", {"rcpt": b"450 4.2.2 full\r\n"}, "450 4.2.2 full"),
    ("closing", {"rcpt": b"421 4.3.2 bye\r\n"}, "451 4.3.2 bye"),
    ("silence", {"rcpt": Step(then=Then.SILENCE)}, str(replies.NEXT_HOP_LOST)),
    ("drop", {"rcpt": Step(then=Then.DROP)}, str(replies.NEXT_HOP_LOST)),
    ("reset", {"rcpt": Step(then=Then.RESET)}, str(replies.NEXT_HOP_LOST)),
    ("twice", {"rcpt": b"250 a\r\n250 b\r\n"}, str(replies.NEXT_HOP_LOST)),
]


@pytest.mark.parametrize(("why", "script", "expected"), RCPT_ANSWERS, ids=[c[0] for c in RCPT_ANSWERS])
def test_rcpt(why: str, script: Script, expected: str) -> None:
    async def run() -> None:
        async with ScriptedNextHop(script) as hop, next_hops(settings_for(hop)) as hops:
            dialogue = hops.open_dialogue(CLIENT)
            assert (await dialogue.mail(FROM, (), False)).positive
            assert str(await dialogue.rcpt(BOB)) == expected, why
            hop.script = {}
            assert (await dialogue.rcpt(BOB)).positive, "the next recipient is asked anew"
            await dialogue.release()
            assert (await hops.deliver(envelope(), [BOB], HEAD, memoryview(b""))).reply.positive

    asyncio.run(run())


def test_rcpt_needs_mail() -> None:
    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop)) as hops:
            dialogue = hops.open_dialogue(CLIENT)
            assert await dialogue.rcpt(BOB) == replies.NEED_MAIL
            await dialogue.mail(FROM, (), False)
            await dialogue.release()
            await dialogue.release()
            assert await dialogue.rcpt(BOB) == replies.NEED_MAIL
            assert (await dialogue.mail(NULL_PATH, (), False)).positive
            assert (await dialogue.rcpt(BOB)).positive
            await dialogue.release()

    asyncio.run(run())


def test_parameters_and_client_reach_the_hop_both_times() -> None:
    async def run() -> None:
        keywords = (*KEYWORDS, "XFORWARD NAME ADDR PORT PROTO HELO SOURCE")
        client = Client(address=ip_address("192.0.2.7"), port=4711, name="mx.x.example", helo="mx.x.example")
        given = (b"SIZE=99", b"BODY=8BITMIME", b"RET=HDRS", b"ENVID=a+2Bb")
        bob = Recipient(path=BOB.path, parameters=(b"NOTIFY=FAILURE,DELAY", b"ORCPT=rfc822;bob@y.example"))
        async with ScriptedNextHop(keywords=keywords) as hop, next_hops(settings_for(hop)) as hops:
            dialogue = hops.open_dialogue(client)
            await dialogue.mail(FROM, given, False)
            await dialogue.rcpt(bob)
            await dialogue.release()
            await hops.deliver(envelope(*given, client=client), [bob], HEAD, memoryview(b"\xc3\xa9\r\n"))
            live, final = hop.transactions
            assert live.mail_parameters == given
            assert final.mail_parameters == (b"SIZE=22", *given[1:])
            for transaction in (live, final):
                assert transaction.recipients == [(b"bob@y.example", bob.parameters)]
                assert transaction.xforward == {
                    "NAME": "mx.x.example", "ADDR": "192.0.2.7", "PORT": "4711",
                    "PROTO": "ESMTP", "HELO": "mx.x.example", "SOURCE": "REMOTE",
                }  # fmt: skip
            assert len(hop.sessions) == 1

    asyncio.run(run())


def test_no_parameter_of_an_extension_the_hop_lacks() -> None:
    async def run() -> None:
        given = (b"SIZE=99", b"BODY=8BITMIME", b"RET=HDRS", b"ENVID=a")
        bob = Recipient(path=BOB.path, parameters=(b"NOTIFY=NEVER",))
        async with ScriptedNextHop(keywords=()) as hop, next_hops(settings_for(hop)) as hops:
            dialogue = hops.open_dialogue(CLIENT)
            assert (await dialogue.mail(FROM, given, False)).positive
            assert (await dialogue.rcpt(bob)).positive
            await dialogue.release()
            outcome = await hops.deliver(envelope(*given), [bob], HEAD, memoryview(b"e\r\n"))
            assert outcome.reply.positive
            assert [t.mail_parameters for t in hop.transactions] == [(), ()]
            assert [t.recipients for t in hop.transactions] == [[(b"bob@y.example", ())]] * 2
            outcome = await hops.deliver(envelope(*given), [bob], HEAD, memoryview(b"\xe9\r\n"))
            assert str(outcome.reply).startswith("554 5.6.3")
            assert len(hop.transactions) == 2

    asyncio.run(run())


def test_smtputf8_needs_a_hop_that_has_it() -> None:
    async def run() -> None:
        plain = tuple(k for k in KEYWORDS if k != "SMTPUTF8")
        async with ScriptedNextHop(keywords=plain) as hop, next_hops(settings_for(hop)) as hops:
            dialogue = hops.open_dialogue(CLIENT)
            assert await dialogue.mail(path("jérôme@x.example"), (b"SMTPUTF8",), True) == replies.NEEDS_SMTPUTF8
            outcome = await hops.deliver(envelope(b"SMTPUTF8"), [BOB], HEAD, memoryview(b""))
            assert outcome.reply == replies.NEEDS_SMTPUTF8
            assert not hop.transactions
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop)) as hops:
            dialogue = hops.open_dialogue(CLIENT)
            assert (await dialogue.mail(path("jérôme@x.example"), (), True)).positive
            await dialogue.release()
            assert hop.transactions[0].mail_parameters == (b"SMTPUTF8",)
            assert hop.transactions[0].mail == "jérôme@x.example".encode()

    asyncio.run(run())


Routed = Callable[[ScriptedNextHop, ScriptedNextHop, dialogue_module.Dialogue], Awaitable[None]]


def with_route(test: Routed, other_script: Script | None = None) -> None:
    """Two hops; other.example goes to the second."""

    async def run() -> None:
        async with (
            ScriptedNextHop() as main,
            ScriptedNextHop(other_script) as other,
            next_hops(settings_for(main), {"other.example": settings_for(other)}) as hops,
        ):
            dialogue = hops.open_dialogue(CLIENT)
            assert isinstance(dialogue, dialogue_module.Dialogue)
            assert (await dialogue.mail(FROM, (), False)).positive
            await test(main, other, dialogue)
            await dialogue.release()

    asyncio.run(run())


def test_the_first_recipient_moves_the_transaction_to_its_route() -> None:
    async def test(main: ScriptedNextHop, other: ScriptedNextHop, dialogue: dialogue_module.Dialogue) -> None:
        assert (await dialogue.rcpt(ANN)).positive
        assert await dialogue.rcpt(BOB) == replies.OTHER_ROUTE
        assert (await dialogue.rcpt(Recipient(path=path("eve@OTHER.example")))).positive
        assert [r[0] for r in other.transactions[0].recipients] == [b"ann@other.example", b"eve@OTHER.example"]
        assert main.transactions[0].recipients == []

    with_route(test)


def test_a_later_recipient_does_not() -> None:
    async def test(main: ScriptedNextHop, other: ScriptedNextHop, dialogue: dialogue_module.Dialogue) -> None:
        assert (await dialogue.rcpt(BOB)).positive
        assert await dialogue.rcpt(ANN) == replies.OTHER_ROUTE
        assert other.sessions == []

    with_route(test)


def test_a_refused_recipient_binds_nobody() -> None:
    async def test(main: ScriptedNextHop, other: ScriptedNextHop, dialogue: dialogue_module.Dialogue) -> None:
        assert str(await dialogue.rcpt(ANN)) == "550 5.1.1 no"
        assert (await dialogue.rcpt(BOB)).positive

    with_route(test, {"rcpt": b"550 5.1.1 no\r\n"})


def test_mail_refused_by_the_route_is_the_recipients_answer() -> None:
    async def test(main: ScriptedNextHop, other: ScriptedNextHop, dialogue: dialogue_module.Dialogue) -> None:
        assert str(await dialogue.rcpt(ANN)) == "550 5.7.1 not you"
        assert (await dialogue.rcpt(BOB)).positive
        assert await dialogue.rcpt(ANN) == replies.OTHER_ROUTE

    with_route(test, {"mail": b"550 5.7.1 not you\r\n"})


def test_a_route_that_is_down_is_a_451_of_that_recipient() -> None:
    async def test(main: ScriptedNextHop, other: ScriptedNextHop, dialogue: dialogue_module.Dialogue) -> None:
        assert await dialogue.rcpt(ANN) == replies.NEXT_HOP_UNREACHABLE
        assert (await dialogue.rcpt(BOB)).positive

    with_route(test, {"connect": Step(then=Then.DROP)})


def test_recipients_of_two_routes_are_never_delivered_in_one() -> None:
    async def run() -> None:
        async with (
            ScriptedNextHop() as main,
            ScriptedNextHop() as other,
            next_hops(settings_for(main), {"other.example": settings_for(other)}) as hops,
        ):
            outcome = await hops.deliver(envelope(), [BOB, ANN], HEAD, memoryview(b""))
            assert outcome.reply == replies.OTHER_ROUTE
            assert (await hops.deliver(envelope(), [ANN], HEAD, memoryview(b""))).next_hop == other.address
            assert (await hops.deliver(envelope(), [BOB], HEAD, memoryview(b""))).next_hop == main.address

    asyncio.run(run())


def test_a_client_that_dawdles_holds_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue_module, "CLIENT_PAUSE_S", 0.05)

    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop, connections=1)) as hops:
            slow, quick = hops.open_dialogue(CLIENT), hops.open_dialogue(CLIENT)
            assert (await slow.mail(FROM, (), False)).positive
            assert (await slow.rcpt(BOB)).positive
            assert (await asyncio.wait_for(quick.mail(FROM, (), False), 0.3)).positive
            await quick.release()
            assert (await slow.rcpt(BOB)).positive, "MAIL is said again for it"
            assert len(hop.sessions) == 1
            await slow.release()

    asyncio.run(run())


def test_a_released_transaction_is_ended_at_the_hop_soon() -> None:
    async def run() -> None:
        async with ScriptedNextHop() as hop, next_hops(settings_for(hop)) as hops:
            dialogue = hops.open_dialogue(CLIENT)
            await dialogue.mail(FROM, (), False)
            await dialogue.release()
            await asyncio.sleep(0.6)
            assert hop.sessions[0].commands[-1] == b"RSET"
            outcome = await hops.deliver(envelope(), [BOB], HEAD, memoryview(b""))
            assert outcome.reply.positive
            assert hop.sessions[0].commands.count(b"RSET") == 1
            assert len(hop.sessions) == 1

    asyncio.run(run())


def test_cancelled_while_the_hop_thinks() -> None:
    async def run() -> None:
        async with (
            ScriptedNextHop({"rcpt": Step(delay_s=0.2)}) as hop,
            next_hops(settings_for(hop, connections=1)) as hops,
        ):
            dialogue = hops.open_dialogue(CLIENT)
            await dialogue.mail(FROM, (), False)
            task = asyncio.create_task(dialogue.rcpt(BOB))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await dialogue.release()
            hop.script = {}
            assert (await hops.deliver(envelope(), [BOB], HEAD, memoryview(b""))).reply.positive
            await asyncio.sleep(0.2)
            assert len(hop.open_sessions) == 1

    asyncio.run(run())


def test_answers_are_counted() -> None:
    async def run() -> None:
        recorder = Recorder()
        async with (
            ScriptedNextHop({"rcpt:no@y.example": b"550 5.1.1 no\r\n"}) as hop,
            next_hops(settings_for(hop), recorder=recorder) as hops,
        ):
            dialogue = hops.open_dialogue(CLIENT)
            await dialogue.mail(FROM, (), False)
            for recipient in recipients("bob@y.example", "no@y.example"):
                await dialogue.rcpt(recipient)
            await dialogue.release()
        assert recorder.classes == ["2xx", "2xx", "5xx"]

    asyncio.run(run())
