"""Many transactions at once, some cancelled, against a hop that errs at random: nothing lost, twice, or stuck."""

import asyncio
import random
from collections import Counter

import pytest

from gateway.delivery.relay import NextHops
from gateway.model.envelope import Recipient
from gateway.model.ports import RelayOutcome
from gateway.settings.schema import NextHop
from tests.next_hops import CLIENT, HEAD, envelope, next_hops, path
from tests.scripted_next_hop import KEYWORDS, Answer, ScriptedNextHop, Step, Then

MESSAGES = 150
ODDITIES: list[Answer] = [
    b"450 4.0.0 later\r\n",
    b"550 5.0.0 no\r\n",
    b"421 4.3.2 bye\r\n",
    b"354 go\r\n",
    b"garbage\r\n",
    b"250 2.0.0 a\r\n250 2.0.0 b\r\n",
    b"250 2.0.0 a\r\n2",
    Step(then=Then.DROP),
    Step(then=Then.RESET),
    Step(say=b"250 2.0.0 Ok\r\n", then=Then.DROP),
    Step(delay_s=0.01),
    Step(say=b"250 2.0.0 Ok\r\n", pieces=3),
    Step(then=Then.SILENCE),
]


def _script(rng: random.Random) -> dict[str, list[Answer]]:
    """One occurrence in six of each stage is odd; a silence is rarer still."""

    def one() -> Answer:
        return rng.choice(ODDITIES) if rng.random() < 1 / 6 else Step()

    return {stage: [one() for _ in range(600)] for stage in ("connect", "ehlo", "mail", "rcpt", "data", "dot", "rset")}


async def _transaction(hops: NextHops, number: int, live: bool) -> RelayOutcome | None:
    recipient = Recipient(path=path(f"member{number}@y.example"))
    if live:
        dialogue = hops.open_dialogue(CLIENT)
        try:
            if not (await dialogue.mail(path("a@x.example"), (), False)).positive:
                return None
            if not (await dialogue.rcpt(recipient)).positive:
                return None
        finally:
            await dialogue.release()
    return await hops.deliver(envelope(), [recipient], HEAD, memoryview(b"message %d\r\n" % number))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("keywords", [KEYWORDS, ()], ids=["pipelined", "one by one"])
def test_chaos(seed: int, keywords: tuple[str, ...]) -> None:
    async def run() -> None:
        rng = random.Random(seed)
        async with ScriptedNextHop(_script(rng), keywords=keywords) as hop:
            settings = NextHop(address=hop.address, reply_timeout_s=0.3, connections=7)
            async with next_hops(settings) as hops:
                tasks = [asyncio.create_task(_transaction(hops, n, live=bool(n % 2))) for n in range(MESSAGES)]
                for task in rng.sample(tasks, 10):
                    asyncio.get_running_loop().call_later(rng.random() / 5, task.cancel)
                outcomes = await asyncio.gather(*tasks, return_exceptions=True)
                _check(hop, outcomes)
                hop.script = {}
                quiet = await asyncio.gather(*(_transaction(hops, 1000 + n, live=True) for n in range(20)))
                assert all(o is not None and o.reply.positive for o in quiet), "nothing is stuck afterwards"
                assert len(hop.open_sessions) <= 7

    asyncio.run(run())


def _check(hop: ScriptedNextHop, outcomes: list[RelayOutcome | BaseException | None]) -> None:
    taken = Counter(t.data for t in hop.accepted)
    assert not [data for data, times in taken.items() if times > 1], "nothing twice"
    told = 0
    for number, outcome in enumerate(outcomes):
        times = taken[HEAD + b"message %d\r\n" % number]
        if isinstance(outcome, RelayOutcome) and outcome.reply.positive:
            told += 1
            assert times == 1, "a success is one the hop knows of"
        elif isinstance(outcome, RelayOutcome):
            assert times == 0 or outcome.next_hop_reply_class == "lost", (
                "taken and not told: only if the answer was lost"
            )
        elif isinstance(outcome, BaseException):
            assert isinstance(outcome, asyncio.CancelledError)
        else:
            assert times == 0
    for transaction in hop.accepted:
        assert transaction.data is not None
        mark = transaction.data.removeprefix(HEAD + b"message ").strip()
        assert transaction.recipients == [(b"member%b@y.example" % mark, ())], "nobody else's mail"
    assert told > 10
