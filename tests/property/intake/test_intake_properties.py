"""Whatever comes: bodies arrive unchanged or are refused, commands get well-formed replies, readers never raise."""

import asyncio
import re
import socket

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.intake.body import Body, DataReader
from gateway.intake.limits import Admission, LocalGauge
from gateway.intake.listener import SmtpListener
from gateway.intake.origin import XFORWARD_NAMES, Origin, ProxyHeader, announced, read_attributes, read_proxy_header
from gateway.intake.parameters import read_mail_parameters, read_rcpt_parameters
from gateway.intake.paths import read_path, routed_domains
from gateway.model import reply as replies
from gateway.settings.schema import Limits, Listen
from tests.loopback.intake.house import FakeDesk, FakeObserver

MARKS = st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"..", b"\r\n.", b"\r\n.\r\n", b"\0", b"a", b"\r\n..", b"\xff"])
BODIES = st.lists(MARKS | st.binary(max_size=12), max_size=30).map(b"".join)
CUTS = st.lists(st.integers(1, 9), min_size=1, max_size=40)


def strict(stream: bytes, normalize: bool) -> tuple[bytes | None, bytes | None]:
    """An independent, slow reading of a DATA stream: the message (None: refused) and what follows (None: no end)."""
    lines, at = [], 0
    while True:
        end = stream.find(b"\r\n", at)
        if end < 0:
            return None, None
        line, at = stream[at:end], end + 2
        if line == b".":
            break
        lines.append(line[1:] if line.startswith(b".") else line)
    text = b"".join(line + b"\r\n" for line in lines)
    if normalize:
        text = re.sub(rb"(?<!\r)\n", b"\r\n", text)
    if re.search(rb"\r(?!\n)|(?<!\r)\n|\0", text):
        return None, stream[at:]
    return text, stream[at:]


@settings(max_examples=400, deadline=None)
@given(stream=BODIES, cuts=CUTS, normalize=st.booleans())
def test_any_body_arrives_as_a_strict_reader_sees_it_or_is_refused(
    stream: bytes, cuts: list[int], normalize: bool
) -> None:
    body = Body(limit=10_000, normalize=normalize, in_flight=LocalGauge(10_000))
    reader = DataReader(body)
    message, left = strict(stream, normalize)
    rest, at, turn = None, 0, 0
    while rest is None and at < len(stream):
        step = cuts[turn % len(cuts)]
        rest = reader.feed(stream[at : at + step])
        at, turn = at + step, turn + 1
    assert (None if rest is None else rest + stream[at:]) == left
    if left is not None:
        assert (None if body.fault else body.hand_over()) == message


@settings(max_examples=300, deadline=None)
@given(message=BODIES.map(lambda b: re.sub(rb"\r\n|\r|\n", b"\r\n", b.replace(b"\0", b"")) + b"\r\n"), cuts=CUTS)
def test_what_a_good_client_stuffs_arrives_byte_for_byte(message: bytes, cuts: list[int]) -> None:
    stream = b"".join(b"." + line if line.startswith(b".") else line for line in message.splitlines(keepends=True))
    # splitlines() on bytes knows CR, LF and CRLF only, and there are only CRLFs
    body = Body(limit=10_000, normalize=False, in_flight=LocalGauge(10_000))
    reader = DataReader(body)
    stream += b".\r\n"
    at = 0
    for step in cuts * len(stream):
        if at >= len(stream):
            break
        rest = reader.feed(stream[at : at + step])
        at += step
    assert rest == b""
    assert body.fault is None
    assert body.hand_over() == message


PATHISH = st.lists(
    st.sampled_from(
        [b"<", b">", b"@", b'"', b"\\", b".", b"[", b"]", b":", b",", b"a", b"b.example", b"%", b"!", b" ", b"IPv6:"]
    )
    | st.binary(max_size=3),
    max_size=16,
).map(b"".join)


@settings(max_examples=500, deadline=None)
@given(text=PATHISH, null_allowed=st.booleans())
def test_a_path_is_read_or_it_is_none(text: bytes, null_allowed: bool) -> None:
    read = read_path(b"<" + text, null_allowed=null_allowed)
    if read is not None:
        assert (b"<" + text).endswith(read.path.raw + b">" + read.rest)
        assert not re.search(rb"[\x00-\x1f\x7f]", read.path.raw)
        routed_domains(read.path)
        again = read_path(b"<" + read.path.raw + b">", null_allowed=null_allowed)
        assert again is not None
        assert again.path == read.path


@settings(max_examples=300, deadline=None)
@given(
    text=st.lists(
        st.sampled_from([b" ", b"SIZE", b"=", b"1", b"NOTIFY", b"NEVER", b",", b"ORCPT", b"rfc822;", b"+2B"])
        | st.binary(max_size=3),
        max_size=12,
    ).map(b"".join)
)
def test_parameters_are_kept_or_refused(text: bytes) -> None:
    for read in (read_mail_parameters(text, dsn=True), read_rcpt_parameters(text, dsn=True, smtputf8=True)):
        if isinstance(read, replies.Reply):
            assert read.code in (501, 555)
        else:
            kept = read if isinstance(read, tuple) else read.kept
            assert b" ".join(kept) == b" ".join(word for word in text.split(b" ") if word)


@settings(max_examples=300, deadline=None)
@given(
    data=st.binary(max_size=120)
    | st.binary(max_size=60).map(lambda b: b"\r\n\r\n\0\r\nQUIT\n\x21\x11" + b)
    | st.text("PROXY TC46.:0129 \r\n", max_size=60).map(lambda t: b"PROXY " + t.encode())
)
def test_proxy_headers_never_raise(data: bytes) -> None:
    header = read_proxy_header(data, "192.0.2.1")
    if isinstance(header, ProxyHeader):
        assert header.length <= len(data)


@settings(max_examples=300, deadline=None)
@given(
    data=st.lists(
        st.sampled_from(
            [b"ADDR=", b"PORT=", b"HELO=", b"PROTO=", b"1", b".", b"IPV6:", b"+", b"0A", b" ", b"[UNAVAILABLE]"]
        )
        | st.binary(max_size=3),
        max_size=12,
    ).map(b"".join)
)
def test_announcements_never_raise(data: bytes) -> None:
    attributes = read_attributes(data, XFORWARD_NAMES)
    if attributes is not None:
        said = announced(Origin(address=None), attributes, "192.0.2.1")
        assert said is None or said.name.isprintable()


COMMANDS = st.lists(
    st.sampled_from(
        [
            b"EHLO x", b"HELO x", b"MAIL FROM:<a@x.example>", b"RCPT TO:<b@inside.example>", b"DATA", b"RSET", b"NOOP",
            b"XCLIENT ADDR=1.2.3.4", b"XFORWARD ADDR=1.2.3.4", b"BDAT 3", b"BDAT 0 LAST", b"AUTH x", b"HELP",
            b"STARTTLS", b"VRFY x", b".", b"MAIL FROM:<>", b"RCPT TO:<", b"QUIT x", b"", b" ", b"\r", b"\n", b"\0",
        ]
    )
    | st.binary(max_size=20),
    max_size=12,
).map(b"\r\n".join)  # fmt: skip
REPLY = re.compile(rb"(?:([2-5][0-9][0-9])-[\x20-\x7e]*\r\n)*([2-5][0-9][0-9]) [\x20-\x7e]+\r\n")


async def _talk(said: bytes, chunking: bool) -> tuple[bytes, FakeDesk]:
    limits = Limits(idle_command_s=5.0)
    desk, observer = FakeDesk(), FakeObserver()
    listen = Listen.model_validate(
        {"hostname": "gateway.example", "chunking": chunking, "trusted_clients": ["127.0.0.1"]}
    )
    listener = SmtpListener(
        listen=listen, limits=limits, desk=desk, observer=observer, admission=Admission.local(limits)
    )
    sock = socket.create_server(("127.0.0.1", 0))
    address = sock.getsockname()
    await listener.start(sock)
    reader, writer = await asyncio.open_connection(*address)
    writer.write(said)
    writer.write_eof()
    heard = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    await listener.drain(1.0)
    assert listener.sessions == 0
    assert desk.open_dialogues == 0
    assert observer.open == 0
    assert {name for name, _ in observer.events} <= {"client_gone_before_answer", "refused"}
    return heard, desk


@settings(max_examples=150, deadline=None)
@given(said=COMMANDS, chunking=st.booleans())
def test_any_commands_get_well_formed_replies(said: bytes, chunking: bool) -> None:
    heard, desk = asyncio.run(_talk(said + b"\r\n", chunking))
    count, at = 0, 0
    while at < len(heard):
        found = REPLY.match(heard, at)
        assert found is not None, heard[at:]
        at = found.end()
        count += 1
    if b"DATA" not in said and b"BDAT" not in said:
        lines = (said + b"\r\n").count(b"\n")
        assert count == 1 + lines or b"421 " in heard
    for submission in desk.taken:
        assert submission.raw.count(b"\r\n") == submission.raw.count(b"\n") == submission.raw.count(b"\r")
