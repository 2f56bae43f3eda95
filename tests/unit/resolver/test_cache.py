"""How long answers hold, and that the cache stays within its bounds."""

import pytest

from gateway.model.dns_answer import NO_DATA, NO_NAME, DnsAnswer, FailureCause, failed, found
from gateway.resolver import cache as limits
from gateway.resolver.cache import Cache

ONE = found(("192.0.2.1",))


@pytest.mark.parametrize(
    ("answer", "ttl_s", "lasts_s"),
    [
        (ONE, 300.0, 300.0),
        (ONE, 0.0, limits.MIN_TTL_S),
        (ONE, 2.0**31, limits.MAX_TTL_S),
        (NO_NAME, 60.0, 60.0),
        (NO_DATA, 1e6, limits.MAX_NEGATIVE_TTL_S),
        (NO_NAME, None, limits.NO_SOA_TTL_S),
    ],
)
def test_ttls_are_clamped(answer: DnsAnswer, ttl_s: float | None, lasts_s: float) -> None:
    cache = Cache(10)
    cache.put("k", answer, ttl_s, now=100.0)
    assert cache.fresh("k", 100.0 + lasts_s - 0.01) == answer
    assert cache.fresh("k", 100.0 + lasts_s) is None


def test_old_answers_stand_in_for_a_while_and_then_no_more() -> None:
    cache = Cache(10)
    cache.put("k", ONE, 10.0, now=0.0)
    assert cache.fresh("k", 20.0) is None
    assert cache.stale("k", 20.0) == ONE
    assert cache.fresh("k", 20.0 + limits.STALE_RETRY_S - 1) == ONE
    assert cache.fresh("k", 20.0 + limits.STALE_RETRY_S) is None
    assert cache.stale("k", 10.0 + limits.STALE_S - 1) == ONE
    assert cache.fresh("k", 10.0 + limits.STALE_S) is None
    assert cache.stale("k", 10.0 + limits.STALE_S) is None


def test_the_least_recently_used_goes_first() -> None:
    cache = Cache(2)
    cache.put("a", ONE, 100.0, now=0.0)
    cache.put("b", ONE, 100.0, now=0.0)
    assert cache.fresh("a", 1.0) == ONE
    cache.put("c", ONE, 100.0, now=1.0)
    assert (cache.fresh("a", 2.0), cache.fresh("b", 2.0), cache.fresh("c", 2.0)) == (ONE, None, ONE)


def test_large_answers_do_not_fill_the_memory() -> None:
    cache = Cache(1000, max_bytes=20_000)
    for number in range(100):
        cache.put(f"k{number}", found(("x" * 5000,)), 100.0, now=0.0)
        cache.put("same", found(("y" * 100,)), 100.0, now=0.0)
    assert len(cache) == 4
    assert cache.fresh("same", 1.0) is not None


def test_failures_and_a_cache_of_nothing_are_not_kept() -> None:
    cache = Cache(10)
    cache.put("k", failed(FailureCause.SERVFAIL), 100.0, now=0.0)
    assert len(cache) == 0
    none = Cache(0)
    none.put("k", ONE, 100.0, now=0.0)
    assert len(none) == 0
