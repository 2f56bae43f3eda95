"""The resolver against a real socket on the other side: answer kinds, faults, lies, deadlines."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import dns.message
import dns.rcode
import pytest

from gateway.model.dns_answer import NO_DATA, NO_NAME, AnswerKind, DnsAnswer, FailureCause, RecordType, failed, found
from gateway.model.ports import Resolver
from gateway.resolver import cache as cache_module
from gateway.resolver.resolver import DnsResolver
from gateway.settings.schema import Dns
from tests.fakes import FakeObserver
from tests.loopback.resolver.scripted_dns import Script, ScriptedDns, reply

SOA = "example. 600 SOA ns.example. root.example. 1 2 3 4 60"
Query = dns.message.QueryMessage
FOREVER = float("inf")


def run_with(
    script: Script,
    test: Callable[[DnsResolver, ScriptedDns], Awaitable[None]],
    timeout_s: float = 2.0,
    lookups: int = 80,
) -> FakeObserver:
    """Run `test` with a resolver that asks a server with this script; gives the observer."""
    observer = FakeObserver()

    async def main() -> None:
        async with ScriptedDns(script) as server:
            resolver = DnsResolver(Dns(nameservers=(server.address,), timeout_s=timeout_s, lookups=lookups), observer)
            try:
                await test(resolver, server)
            finally:
                await resolver.close()

    asyncio.run(main())
    return observer


def ask(script: Script, name: str, rtype: RecordType, timeout_s: float = 2.0) -> DnsAnswer:
    """One answer."""
    answers: list[DnsAnswer] = []

    async def test(resolver: DnsResolver, _: ScriptedDns) -> None:
        answers.append(await resolver.for_message(FOREVER).query(name, rtype))

    run_with(script, test, timeout_s)
    return answers[0]


def honest(*records: str, **options: object) -> Script:
    """Always the same answer."""
    return lambda query, _: [reply(query, *records, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("script", "rtype", "expected"),
    [
        (honest("a.example 60 A 192.0.2.1", "a.example 60 A 192.0.2.2"), "A", found(("192.0.2.1", "192.0.2.2"))),
        (honest("a.example 60 AAAA 2001:db8::1"), "AAAA", found(("2001:db8::1",))),
        (
            honest("a.example 60 MX 20 B.example.", "a.example 60 MX 10 c.example."),
            "MX",
            found(("c.example", "b.example")),
        ),
        (honest("a.example 60 MX 0 ."), "MX", found(("",))),
        (honest('a.example 60 TXT "v=spf1 " "-all"'), "TXT", found(("v=spf1 -all",))),
        (honest('a.example 60 TXT "\\195\\169"'), "TXT", found(("Ã©",))),
        (honest("a.example 60 PTR Host.example."), "PTR", found(("host.example",))),
        (honest("a.example 60 CNAME b.example.", "b.example 60 A 192.0.2.1"), "A", found(("192.0.2.1",))),
        (honest(authority=SOA), "A", NO_DATA),
        (honest(), "A", NO_DATA),
        (honest(rcode=dns.rcode.NXDOMAIN, authority=SOA), "A", NO_NAME),
        (honest(rcode=dns.rcode.SERVFAIL), "A", failed(FailureCause.SERVFAIL)),
        (honest(rcode=dns.rcode.REFUSED), "A", failed(FailureCause.REFUSED)),
        (honest("a.example 60 CNAME b.example.", "b.example 60 CNAME a.example."), "A", failed(FailureCause.MALFORMED)),
        (honest("a.example 60 CNAME ."), "A", NO_DATA),
        (lambda query, _: [reply(query)[:12] + b"\xff" * 40], "A", failed(FailureCause.TIMEOUT)),  # not our question
        (lambda query, _: [reply(query, "a.example 60 A 192.0.2.1")[:-3]], "A", failed(FailureCause.MALFORMED)),
    ],
)
def test_answer_kinds_are_kept_apart(script: Script, rtype: str, expected: DnsAnswer) -> None:
    assert ask(script, "A.Example.", RecordType(rtype), timeout_s=0.5) == expected


def test_no_room_in_udp_means_tcp() -> None:
    big = " ".join(f'"{"x" * 250}"' for _ in range(30))

    async def test(resolver: DnsResolver, server: ScriptedDns) -> None:
        answer = await resolver.for_message(FOREVER).query("a.example", RecordType.TXT)
        assert answer == found(("x" * 7500,))
        assert server.tcp == 1

    run_with(
        lambda query, tcp: [reply(query, f"a.example 60 TXT {big}") if tcp else reply(query, truncated=True)], test
    )


def test_64_kb_of_txt_are_not_read() -> None:
    records = [f'a.example 60 TXT "{number:05}{"x" * 240}"' for number in range(250)]

    async def test(resolver: DnsResolver, _: ScriptedDns) -> None:
        answer = await resolver.for_message(FOREVER).query("a.example", RecordType.TXT)
        assert answer == failed(FailureCause.OVERSIZED)

    wires: dict[bytes, bytes] = {}

    def script(query: Query, tcp: bool) -> Sequence[bytes]:
        if not tcp:
            return [reply(query, truncated=True)]
        return [wires.setdefault(b"", reply(query, *records))]

    run_with(script, test)


def test_the_largest_answer_that_is_read_is_cheap() -> None:
    """Many small records within the limit: under 100 ms of CPU (issue: hostile DNS)."""
    from gateway.resolver.wire import MAX_ANSWER, read_answer

    query = dns.message.make_query("a.example", "TXT")
    wire = reply(query, *(f'a.example 60 TXT "{number}"' for number in range(950)))
    assert len(wire) <= MAX_ANSWER
    started = time.process_time()
    answer = read_answer(wire, RecordType.TXT).answer
    assert time.process_time() - started < 0.1
    assert answer == failed(FailureCause.OVERSIZED)


def test_one_lost_packet_is_no_failure() -> None:
    lost: list[bool] = []

    def script(query: Query, _: bool) -> Sequence[bytes]:
        lost.append(True)
        return [] if len(lost) == 1 else [reply(query, "a.example 60 A 192.0.2.1")]

    assert ask(script, "a.example", RecordType.A, timeout_s=1.0) == found(("192.0.2.1",))


def test_silence_ends_in_time() -> None:
    started = time.monotonic()
    assert ask(lambda *_: [], "a.example", RecordType.A, timeout_s=0.4) == failed(FailureCause.TIMEOUT)
    assert 0.3 < time.monotonic() - started < 1.0


def test_many_questions_share_the_deadline_of_their_message() -> None:
    async def test(resolver: DnsResolver, _: ScriptedDns) -> None:
        message = resolver.for_message(FOREVER)
        started = time.monotonic()
        for number in range(20):
            answer = await message.query(f"n{number}.example", RecordType.TXT)
            assert answer.failed
        assert time.monotonic() - started < 1.0

    observer = run_with(lambda *_: [], test, timeout_s=0.3)
    assert observer.dns_answers["timeout"] >= 1
    assert observer.dns_answers["budget"] >= 15


def _forged(query: Query) -> list[bytes]:
    """Answers of somebody who guesses: a wrong id, another question, a question instead of an answer, a stump."""
    lie = "a.example 60 A 203.0.113.66"
    right = reply(query, lie)
    wrong_id = bytes((right[0] ^ 1,)) + right[1:]
    other = dns.message.make_query("b.example", "A")
    other.id = query.id
    other_type = dns.message.make_query("a.example", "TXT")
    other_type.id = query.id
    return [wrong_id, reply(other, lie), reply(other_type, lie), query.to_wire(), right[:7], b""]


def test_lies_are_not_believed() -> None:
    assert ask(lambda query, _: _forged(query), "a.example", RecordType.A, 0.4) == failed(FailureCause.TIMEOUT)


def test_the_true_answer_counts_after_lies() -> None:
    def script(query: Query, _: bool) -> Sequence[bytes]:
        return [*_forged(query), reply(query, "a.example 60 A 192.0.2.1")]

    assert ask(script, "a.example", RecordType.A) == found(("192.0.2.1",))


def test_records_of_other_names_in_an_answer_are_not_believed() -> None:
    script = honest("bank.example 60 A 203.0.113.66")
    assert ask(script, "a.example", RecordType.A) == NO_DATA


def test_ports_and_ids_differ() -> None:
    seen: set[int] = set()

    def script(query: Query, _: bool) -> Sequence[bytes]:
        seen.add(query.id)
        return [reply(query)]

    async def test(resolver: DnsResolver, _: ScriptedDns) -> None:
        message = resolver.for_message(FOREVER)
        await asyncio.gather(*(message.query(f"n{number}.example", RecordType.A) for number in range(50)))

    run_with(script, test)
    assert len(seen) > 40


def test_aliases_are_followed_where_the_server_does_not() -> None:
    def script(query: Query, _: bool) -> Sequence[bytes]:
        name = query.question[0].name.to_text(omit_final_dot=True)
        number = int(name[1:].split(".")[0])
        if number == 5:
            return [reply(query, f"{name} 60 A 192.0.2.5")]
        return [reply(query, f"{name} 60 CNAME c{number + 1}.example.")]

    assert ask(script, "c1.example", RecordType.A) == found(("192.0.2.5",))


@pytest.mark.parametrize("length", [1, 3, 1000])
def test_loops_and_endless_chains_end(length: int) -> None:
    asked: list[str] = []

    def script(query: Query, _: bool) -> Sequence[bytes]:
        name = query.question[0].name.to_text(omit_final_dot=True)
        asked.append(name)
        number = int(name[1:].split(".")[0])
        return [reply(query, f"{name} 60 CNAME c{(number + 1) % length}.example.")]

    assert ask(script, "c0.example", RecordType.A) == failed(FailureCause.MALFORMED)
    assert len(asked) <= 10


def test_one_question_serves_all_who_wait() -> None:
    async def test(resolver: DnsResolver, server: ScriptedDns) -> None:
        messages = [resolver.for_message(FOREVER) for _ in range(20)]
        answers = await asyncio.gather(*(message.query("a.example", RecordType.A) for message in messages))
        assert set(answers) == {found(("192.0.2.1",))}
        assert server.asked == {"a.example/A": 1}

    run_with(honest("a.example 60 A 192.0.2.1"), test)


def test_who_gives_up_does_not_take_the_answer_from_others() -> None:
    held: list[Query] = []

    async def test(resolver: DnsResolver, server: ScriptedDns) -> None:
        first = asyncio.create_task(_query(resolver.for_message(FOREVER)))
        second = asyncio.create_task(_query(resolver.for_message(FOREVER)))
        await asyncio.sleep(0.1)
        assert held
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        server.script = honest("a.example 60 A 192.0.2.1")  # the next try is answered
        assert await second == found(("192.0.2.1",))

    run_with(lambda query, _: held.append(query) or [], test, timeout_s=1.0)  # type: ignore[func-returns-value]


async def _query(resolver: Resolver) -> DnsAnswer:
    return await resolver.query("a.example", RecordType.A)


def test_answers_are_remembered_negative_ones_too() -> None:
    def script(query: Query, _: bool) -> Sequence[bytes]:
        if query.question[0].name.to_text() == "none.example.":
            return [reply(query, rcode=dns.rcode.NXDOMAIN, authority=SOA)]
        return [reply(query, "a.example 0 A 192.0.2.1")]

    async def test(resolver: DnsResolver, server: ScriptedDns) -> None:
        for name in ("a.example", "A.EXAMPLE.", "none.example", "None.Example"):
            await resolver.for_message(FOREVER).query(name, RecordType.A)
        assert server.asked == {"a.example/A": 1, "none.example/A": 1}

    observer = run_with(script, test)
    assert observer.dns_answers == {"found": 1, "no_name": 1, "cached": 2}


@pytest.mark.parametrize("fault", ["servfail", "silence"])
def test_an_old_answer_stands_in_for_a_bounded_time(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    monkeypatch.setattr(cache_module, "MIN_TTL_S", 0.0)
    monkeypatch.setattr(cache_module, "STALE_S", 0.6)
    monkeypatch.setattr(cache_module, "STALE_RETRY_S", 0.0)

    async def test(resolver: DnsResolver, server: ScriptedDns) -> None:
        await _query(resolver.for_message(FOREVER))
        server.script = (lambda *_: []) if fault == "silence" else honest(rcode=dns.rcode.SERVFAIL)
        assert await _query(resolver.for_message(FOREVER)) == found(("192.0.2.1",))
        await asyncio.sleep(0.6)
        assert (await _query(resolver.for_message(FOREVER))).failed

    observer = run_with(honest("a.example 0 A 192.0.2.1"), test, timeout_s=0.3)
    assert observer.dns_answers["stale"] == 1


def test_failures_are_not_remembered() -> None:
    async def test(resolver: DnsResolver, server: ScriptedDns) -> None:
        assert (await _query(resolver.for_message(FOREVER))).cause is FailureCause.SERVFAIL
        server.script = honest("a.example 60 A 192.0.2.1")
        assert (await _query(resolver.for_message(FOREVER))).kind is AnswerKind.FOUND

    run_with(honest(rcode=dns.rcode.SERVFAIL), test)


def test_the_budget_of_a_message_ends_its_questions_and_no_others() -> None:
    async def test(resolver: DnsResolver, server: ScriptedDns) -> None:
        message = resolver.for_message(FOREVER)
        answers = [await message.query(f"n{number}.example", RecordType.A) for number in range(15)]
        assert [answer.cause for answer in answers].count(FailureCause.BUDGET) == 5
        assert await message.query("n1.example", RecordType.A) == NO_DATA  # remembered: costs nothing
        assert await resolver.for_message(FOREVER).query("n14.example", RecordType.A) == NO_DATA
        assert server.asked.total() == 11

    run_with(honest(), test, lookups=10)


def test_another_server_is_asked_when_one_fails() -> None:
    async def main() -> None:
        broken = ScriptedDns(honest(rcode=dns.rcode.SERVFAIL))
        silent = ScriptedDns(lambda *_: [])
        good = ScriptedDns(honest("a.example 60 A 192.0.2.1"))
        async with broken, silent, good:
            settings = Dns(nameservers=("127.0.0.1:1", broken.address, silent.address, good.address), timeout_s=2.0)
            resolver = DnsResolver(settings, FakeObserver())
            assert await _query(resolver.for_message(FOREVER)) == found(("192.0.2.1",))
            await resolver.close()

    asyncio.run(main())


def test_nobody_there_is_known_at_once() -> None:
    async def main() -> None:
        async with ScriptedDns(lambda *_: []) as server:
            free = server.address
        resolver = DnsResolver(Dns(nameservers=(free,)), FakeObserver())
        started = time.monotonic()
        answer = await _query(resolver.for_message(FOREVER))
        assert answer.failed
        assert time.monotonic() - started < 1.0

    asyncio.run(main())


def test_closing_ends_what_is_in_flight() -> None:
    async def test(resolver: DnsResolver, _: ScriptedDns) -> None:
        waiting = asyncio.create_task(_query(resolver.for_message(FOREVER)))
        await asyncio.sleep(0.05)
        await resolver.close()
        assert (await waiting).cause is FailureCause.TIMEOUT

    run_with(lambda *_: [], test, timeout_s=5.0)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "a..b", ".a", "x" * 64 + ".example", "x." * 200, "é.example", "a\0.example", "a\n.b", "\ud800"],
)
def test_what_cannot_be_a_name_is_never_asked(name: str) -> None:
    async def test(resolver: DnsResolver, server: ScriptedDns) -> None:
        assert await resolver.for_message(FOREVER).query(name, RecordType.TXT) == failed(FailureCause.MALFORMED)
        assert not server.asked

    run_with(honest(), test)


def test_odd_but_possible_names_are_asked_as_they_are() -> None:
    async def test(resolver: DnsResolver, server: ScriptedDns) -> None:
        assert await resolver.for_message(FOREVER).query(r"o'b \x@._spf.example", RecordType.A) == NO_NAME
        assert server.asked.total() == 1

    run_with(honest(rcode=dns.rcode.NXDOMAIN), test)
