"""Any bytes of a hop, in any pieces: never a success that no 2xx earned, never an exception, never a misread line."""

import itertools
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.delivery.dot_stuffing import stuffed, wire_size
from gateway.delivery.replies import MAX_PASSED_ON_BYTES, BrokenReply, HopReply, ReplyParser, pass_on
from gateway.delivery.smtp_client import DATA, Command, SmtpClient, State, Verb, mail_command, rcpt_command
from gateway.delivery.xforward import xtext
from tests.scripted_next_hop import unstuff

GROUP = (mail_command(b"a@x.example"), rcpt_command(b"b@y.example"), rcpt_command(b"c@y.example"), DATA)
CODES = [220, 250, 251, 354, 421, 450, 452, 550, 554, 299, 100]

lines = st.builds(
    lambda code, separator, text, end: b"%d%b%b%b" % (code, separator, text, end),
    st.sampled_from(CODES),
    st.sampled_from([b" ", b" ", b" ", b"-", b""]),
    st.sampled_from([b"ok", b"", b"2.0.0 ok", b"PIPELINING", b"250 ok"]),
    st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n", b""]),
)
hop_bytes = st.lists(st.one_of(lines, lines, lines, st.binary(max_size=8)), max_size=14).map(b"".join)
polite = st.lists(st.sampled_from([b"220 a\r\n", b"250 ok\r\n", b"354 go\r\n", b"550 no\r\n"]), max_size=12).map(
    b"".join
)


def _cut(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({c % (len(data) + 1) for c in cuts} | {0, len(data)})
    return [data[a:b] for a, b in itertools.pairwise(places)]


class _Judge:
    """Follows a client and knows, by itself, which bytes may have earned a success."""

    def __init__(self) -> None:
        self.client = SmtpClient()
        self.after_dot = b""
        self.put_group = False
        self.put_ehlo = False

    def feed(self, segment: bytes) -> None:
        waiting_for_dot = self.client.dot_sent
        self.client.receive(segment)
        if waiting_for_dot:
            self.after_dot += segment
        if self.client.usable and not self.put_ehlo:
            self.client.put(Command(Verb.EHLO, b"EHLO gw"))
            self.put_ehlo = True
        elif self.client.usable and not self.put_group:
            self.client.put(*GROUP)
            self.put_group = True
        elif self.client.wants_data:
            self.client.data_sent()


@settings(max_examples=400, deadline=None)
@given(st.one_of(hop_bytes, polite), st.lists(st.integers(0, 400), max_size=12))
@example(b"220 a\r\n250 a\r\n250 a\r\n250 a\r\n250 a\r\n354 a\r\n250 a\r\n", [7, 14, 21, 28, 35, 42])
@example(b"220 a\r\n250 a\r\n250 a\r\n250 a\r\n250 a\r\n354 a\r\n250 a\r\n", [7, 14])
def test_no_success_without_the_2xx_that_earned_it(data: bytes, cuts: list[int]) -> None:
    judge = _Judge()
    for segment in _cut(data, cuts):
        judge.feed(segment)
        if judge.client.delivered:
            assert re.match(rb"(2[0-5]\d-[^\r\n]*\r\n)*2[0-5]\d( [^\r\n]*)?\r\n", judge.after_dot)
        if judge.client.state is State.CLOSED:
            assert judge.client.fault is not None


@settings(max_examples=200, deadline=None)
@given(hop_bytes, st.lists(st.integers(0, 400), max_size=12))
def test_pieces_do_not_matter_to_the_parser(data: bytes, cuts: list[int]) -> None:
    def parse(pieces: list[bytes]) -> list[HopReply] | str:
        parser, replies = ReplyParser(), []
        try:
            for piece in pieces:
                replies += parser.feed(piece)
        except BrokenReply:
            return "broken"
        return replies

    assert parse(_cut(data, cuts)) == parse([data])


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.integers(200, 359), st.integers(400, 599)).filter(lambda c: c < 300 or c >= 400),
    st.lists(st.binary(max_size=700), max_size=20),
    st.sampled_from(["", "1.0", "7.1"]),
)
def test_what_is_passed_on_is_one_clean_line_of_the_same_class(code: int, texts: list[bytes], default: str) -> None:
    reply = pass_on(HopReply(code, tuple(texts)), default)
    line = reply.encode()
    assert line.endswith(b"\r\n")
    assert line[:-2].decode("ascii").isprintable()
    assert len(line) <= MAX_PASSED_ON_BYTES
    assert reply.code // 100 == code // 100
    assert reply.enhanced.startswith(str(code // 100))


bodies = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"..", b"a", b"\r\n.", b"\xff"]), max_size=30).map(
    b"".join
)


@settings(max_examples=400, deadline=None)
@given(bodies, st.integers(0, 60), st.integers(1, 9))
def test_the_hop_reads_what_we_were_given(data: bytes, cut: int, chunk_bytes: int) -> None:
    wire = b"".join(stuffed(data[:cut], memoryview(data)[cut:], chunk_bytes))
    assert wire.endswith(b"\r\n.\r\n") or wire == b".\r\n"
    assert (b"\r\n" + wire).find(b"\r\n.\r\n") == len(wire) - 3  # one end of data, and nothing behind it
    expected = data if not data or data.endswith(b"\r\n") else data + b"\r\n"
    assert unstuff(wire) == expected
    assert wire_size(data[:cut], memoryview(data)[cut:]) == len(expected)


@given(st.text(max_size=400))
def test_xtext_is_a_word(text: str) -> None:
    assert re.fullmatch(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*", xtext(text))
    assert len(xtext(text)) <= 255
