"""One message for several recipients of different policies: each gets what is his, in one reply."""

import itertools

import pytest

from tests.hostile import FORGED, HONEST, REPORTS, STAFF, TAGGED, WATCHED, Pair

RELAYED_WHEN_FORGED = {STAFF: False, WATCHED: True, TAGGED: True, REPORTS: True}
SETS = [chosen for count in (1, 2, 3, 4) for chosen in itertools.combinations((STAFF, WATCHED, TAGGED, REPORTS), count)]


@pytest.mark.parametrize("to", SETS, ids=lambda to: "+".join(address.split(b"@")[0].decode() for address in to))
def test_every_mixture(pair: Pair, to: tuple[bytes, ...]) -> None:
    before = len(pair.entries())
    assert pair.send(FORGED, *to).code == 250
    relayed = {address for address in to if RELAYED_WHEN_FORGED[address]}
    assert len(pair.entries()) - before == (STAFF in to)
    if not relayed:
        assert pair.hop.accepted == []
        return
    (taken,) = pair.relayed(1)
    assert {address for address, _ in taken.recipients} == relayed
    data = taken.data or b""
    assert (b"Subject: [SUSPECT] " in data) == (TAGGED in to)
    assert data.endswith(b"\r\n\r\nBonjour,\r\nA demain.\r\n")
    assert b"strict.example" in data


def test_honest_mail_is_the_same_for_all(pair: Pair) -> None:
    before = len(pair.entries())
    assert pair.send(HONEST, STAFF, WATCHED, TAGGED, REPORTS).code == 250
    (taken,) = pair.relayed(1)
    assert len(taken.recipients) == 4
    assert (taken.data or b"").endswith(HONEST)
    assert len(pair.entries()) == before


def test_mixtures_within_one_session(pair: Pair) -> None:
    before = len(pair.entries())
    with pair.client() as client:
        for raw, to in ((FORGED, STAFF), (HONEST, STAFF), (FORGED, WATCHED), (FORGED, STAFF), (HONEST, TAGGED)):
            client.envelope(b"claire@sender.example", to)
            assert client.data(raw.removesuffix(b"\r\n")).code == 250
    pair.relayed(3)
    assert len(pair.entries()) == before + 2
