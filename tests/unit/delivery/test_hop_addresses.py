"""Which address of a hop is tried when."""

from gateway.delivery import addresses
from gateway.delivery.addresses import Addresses
from gateway.settings.schema import NextHop

THREE = ("192.0.2.1:25", "192.0.2.2:25", "[2001:db8::3]:25")


def _order(known: Addresses) -> list[int]:
    return [a.rank for a in known.to_try()]


def test_in_order_while_all_are_well() -> None:
    known = Addresses(NextHop(address=THREE))
    assert _order(known) == [0, 1, 2]
    assert known.best_rank() == 0
    assert known.due(0.0) is None


def test_one_that_failed_is_passed_over_then_probed_then_first_again() -> None:
    known = Addresses(NextHop(address=THREE))
    first = known.to_try()[0]
    first.failed(100.0)
    assert _order(known) == [1, 2, 0]
    assert known.best_rank() == 1
    assert known.due(100.0 + addresses.DOWN_S - 0.1) is None
    assert known.due(100.0 + addresses.DOWN_S) is first
    first.probed = True
    assert known.due(1000.0) is None, "one probe at a time"
    first.worked()
    assert _order(known) == [0, 1, 2]


def test_failures_in_a_row_are_left_alone_for_longer_but_not_for_ever() -> None:
    known = Addresses(NextHop(address=THREE))
    first = known.to_try()[0]
    pauses = []
    for _ in range(40):
        first.failed(0.0)
        pauses.append(first.down_until)
    assert pauses[:4] == [2.0, 4.0, 8.0, 16.0]
    assert set(pauses[4:]) == {addresses.DOWN_MAX_S}


def test_all_down_are_tried_all_the_same_and_none_is_probed() -> None:
    known = Addresses(NextHop(address=THREE))
    for address in known.to_try():
        address.failed(0.0)
    assert _order(known) == [0, 1, 2]
    assert known.due(1e9) is None
    assert known.best_rank() == 3, "whatever answers will do"


def test_a_lesser_address_that_is_down_is_nobodys_concern() -> None:
    known = Addresses(NextHop(address=THREE))
    known.to_try()[2].failed(0.0)
    assert known.due(1e9) is None


def test_a_single_address_is_never_probed() -> None:
    known = Addresses(NextHop(address="192.0.2.1:25"))
    known.to_try()[0].failed(0.0)
    assert known.due(1e9) is None
