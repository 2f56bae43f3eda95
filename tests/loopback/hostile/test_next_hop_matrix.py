"""A next hop that misbehaves at every stage: the client hears the truth, nothing is lost, doubled or told too early."""

import pytest

from tests.hostile import FORGED, HONEST, OTHER, STAFF, TAGGED, WATCHED, Pair
from tests.scripted_next_hop import Answer, Script, Step, Then

STAGES = ("mail", "rcpt", "data", "dot")
DROP, RESET, SILENCE = (Step(say=b"", then=then) for then in (Then.DROP, Then.RESET, Then.SILENCE))
MISBEHAVIOUR: list[tuple[str, Answer, str]] = [
    ("5xx", b"550 5.7.1 no\r\n", "5"),
    ("5xx of several lines", b"550-5.7.1 no\r\n550-5.7.1 really\r\n550 5.7.1 no\r\n", "5"),
    ("5xx without enhanced code", b"554 no\r\n", "5"),
    ("5xx with 8-bit and control characters", b"550 5.7.1 n\xc3\xb6\x1b[2J\x00\r\n", "5"),
    ("5xx of 2,000 octets", b"550 5.7.1 " + b"x" * 1900 + b"\r\n", "5"),
    ("a code out of the grammar", b"599 no\r\n", "5"),
    ("4xx", b"450 4.2.0 later\r\n", "4"),
    ("4xx with a 5.x code", b"451 5.7.1 later\r\n", "4"),
    ("421", b"421 4.3.2 closing\r\n", "4"),
    ("421 and close", Step(say=b"421 4.3.2 closing\r\n", then=Then.DROP), "4"),
    ("drop", DROP, "4"),
    ("reset", RESET, "4"),
    ("silence", SILENCE, "4"),
    ("half a reply and drop", Step(say=b"250 2.0", then=Then.DROP), "4"),
    ("half of several lines and drop", Step(say=b"250-2.0.0 a\r\n", then=Then.DROP), "4"),
    ("half a reply and silence", Step(say=b"25", then=Then.SILENCE), "4"),
    ("garbage", b"what?\r\n", "4"),
    ("a line without CR", b"250 2.0.0 Ok\n", "4"),
    ("a code of two digits", b"25 Ok\r\n", "4"),
    ("a code of one", b"150 Ok\r\n", "4"),
    ("codes that disagree", b"250-Ok\r\n550 no\r\n", "4"),
    ("two replies for one", b"250 2.0.0 Ok\r\n250 2.0.0 Ok\r\n", "4"),
    ("a reply too long", b"250 " + b"x" * 5000 + b"\r\n", "4"),
    ("a reply of 200 lines", b"250-x\r\n" * 200 + b"250 x\r\n", "4"),
    ("an empty line", b"\r\n", "4"),
]


def _outcome(pair: Pair, *to: bytes, raw: bytes = HONEST) -> tuple[str, list[int]]:
    """Until the first refusal: the stage and all codes."""
    codes = []
    with pair.client() as client:
        client.expect(b"EHLO c.example", 250)
        for words in (b"MAIL FROM:<claire@sender.example>", *(b"RCPT TO:<%s>" % address for address in to)):
            codes.append(client.command(words).code)
            if codes[-1] >= 400:
                return "envelope", codes
        answer = client.data(raw.removesuffix(b"\r\n"))
        assert answer.text.isprintable()
        codes.append(answer.code)
        assert client.command(b"NOOP").code == 250, "the session goes on"
    return "dot", codes


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("name", "answer", "digit"), MISBEHAVIOUR, ids=[name for name, _, _ in MISBEHAVIOUR])
def test_every_misbehaviour_at_every_stage(pair: Pair, stage: str, name: str, answer: Answer, digit: str) -> None:
    if stage == "data" and name == "two replies for one":
        answer = b"354 go\r\n250 2.0.0 Ok\r\n"
    pair.hop.script = {stage: answer}
    _, codes = _outcome(pair, STAFF)
    assert str(codes[-1])[0] == digit, codes
    assert not any(200 <= code < 300 for code in codes[2:]), "no success that nobody earned"
    took = pair.hop.accepted
    if name not in ("two replies for one", "a line without CR", "a reply too long", "a reply of 200 lines",
                    "codes that disagree", "half a reply and drop", "half of several lines and drop",
                    "half a reply and silence", "a code of two digits"):  # fmt: skip
        assert took == []
    pair.hop.script = {}
    pair.hop.transactions.clear()
    stage_now, codes = _outcome(pair, STAFF)
    assert (stage_now, codes) == ("dot", [250, 250, 250]), "and the next one passes"
    pair.relayed(1)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("connect", b"554 5.3.2 no\r\n"),
        ("connect", b"421 4.3.2 no\r\n"),
        ("connect", DROP),
        ("connect", RESET),
        ("connect", SILENCE),
        ("connect", b"garbage\r\n"),
        ("connect", b"220 hop.example ESMTP\r\n250 too early\r\n"),
        ("ehlo", b"421 4.3.2 no\r\n"),
        ("ehlo", DROP),
        ("ehlo", RESET),
        ("ehlo", SILENCE),
        ("ehlo", b"garbage\r\n"),
        ("ehlo", b"250 a\r\n250 b\r\n"),
    ],
)
def test_a_next_hop_that_greets_badly(pair: Pair, stage: str, answer: Answer) -> None:
    _drop_pooled(pair)
    pair.hop.script = {stage: answer}
    where, codes = _outcome(pair, STAFF)
    assert where == "envelope"
    assert codes == [451]
    assert pair.hop.accepted == []


def test_ehlo_unknown_falls_back_to_helo(pair: Pair) -> None:
    _drop_pooled(pair)
    pair.hop.script = {"ehlo": b"502 5.5.1 what\r\n"}
    assert _outcome(pair, STAFF)[1] == [250, 250, 250]


def _drop_pooled(pair: Pair) -> None:
    """Have the next hop close what is open: the next transaction makes a new connection."""
    pair.hop.script = {"mail": Step(say=b"421 4.3.2 bye\r\n", then=Then.DROP)}
    for _ in range(5):
        _outcome(pair, STAFF)
    pair.hop.transactions.clear()


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ({f"rcpt:{OTHER.decode()}": [b"250 2.1.5 Ok\r\n", b"550 5.1.1 gone\r\n"]}, 451),
        ({"mail": [b"250 2.1.0 Ok\r\n", b"550 5.7.1 no\r\n"]}, 451),
        ({"mail": [b"250 2.1.0 Ok\r\n", b"450 4.7.1 later\r\n"]}, 451),
    ],
)
def test_an_envelope_that_is_answered_differently_the_second_time(pair: Pair, script: Script, code: int) -> None:
    pair.hop.script = dict(script)
    assert _outcome(pair, STAFF, OTHER)[1][-1] == code
    assert pair.hop.accepted == []


@pytest.mark.parametrize("answer", [b"452 4.3.1 full\r\n", b"550 5.7.1 no\r\n", DROP, RESET, b"garbage\r\n"])
@pytest.mark.parametrize("stage", ["data", "dot"])
def test_held_for_one_and_refused_for_the_other_is_not_held_twice(pair: Pair, stage: str, answer: Answer) -> None:
    """STAFF's copy is to be held, the others' go on: while they can't, nobody but the client keeps the message."""
    before = len(pair.entries())
    pair.hop.script = {stage: answer}
    for _ in range(3):
        assert _outcome(pair, STAFF, WATCHED, TAGGED, raw=FORGED)[1][-1] >= 400
        assert len(pair.entries()) == before
        assert pair.pending() == []
    pair.hop.script = {}
    assert _outcome(pair, STAFF, WATCHED, TAGGED, raw=FORGED)[1][-1] == 250
    assert len(pair.entries()) == before + 1
    (taken,) = pair.relayed(1)
    assert {address for address, _ in taken.recipients} == {WATCHED, TAGGED}
    assert b"\r\nSubject: [SUSPECT] Bonjour\r\n" in (taken.data or b"")
