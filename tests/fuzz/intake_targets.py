"""What the fuzzer does to the way in. Each target takes any bytes and fails by an exception.

The first octet of `session` says how the rest is cut into segments and which listener it meets.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Final

from gateway.intake.body import Body, DataReader
from gateway.intake.door import Door
from gateway.intake.limits import Admission, LocalGauge
from gateway.intake.origin import XCLIENT_NAMES, Origin, announced, read_attributes, read_proxy_header
from gateway.intake.parameters import read_mail_parameters, read_rcpt_parameters
from gateway.intake.paths import read_path, routed_domains
from gateway.intake.session import Session
from gateway.settings.schema import Limits, Listen
from tests.loopback.intake.house import FakeDesk, FakeObserver

_REPLIES: Final = re.compile(rb"(?:(?:[2-5][0-9][0-9]-[\x20-\x7e]*\r\n)*[2-5][0-9][0-9] [\x20-\x7e]+\r\n)*")
_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")
_BARE: Final = re.compile(rb"\r(?!\n)|(?<!\r)\n|\0")
LIMITS: Final = Limits(message_bytes=4096, recipients=3, errors=8, commands_without_mail=30, bytes_in_flight=6000)


def path(data: bytes) -> None:
    """MAIL's and RCPT's paths."""
    for null_allowed in (True, False):
        read = read_path(data, null_allowed=null_allowed)
        if read is None:
            continue
        routed_domains(read.path)
        if _CONTROL.search(read.path.raw) or not data.endswith(read.path.raw + b">" + read.rest):
            raise AssertionError("a path that is not what was said")


def parameters(data: bytes) -> None:
    """MAIL's and RCPT's parameters."""
    for offered in (True, False):
        read_mail_parameters(data, dsn=offered)
        read_rcpt_parameters(data, dsn=offered, smtputf8=offered)


def origin(data: bytes) -> None:
    """PROXY headers and what XCLIENT says."""
    read_proxy_header(data, "192.0.2.1")
    attributes = read_attributes(data, XCLIENT_NAMES)
    if attributes is not None:
        announced(Origin(address=None), attributes, "192.0.2.1")


def body(data: bytes) -> None:
    """A DATA stream, read whole and in small pieces: both readings are the same, and neither holds a bare CR or LF."""
    readings = []
    for step in (len(data) or 1, 1 + len(data) % 5):
        for normalize in (False, True):
            gauge = LocalGauge(100_000)
            this = Body(limit=100_000, normalize=normalize, in_flight=gauge)
            reader = DataReader(this)
            rest = None
            for at in range(0, len(data), step):
                rest = reader.feed(data[at : at + step])
                if rest is not None:
                    rest += data[at + step :]
                    break
            whole = this.hand_over()
            if _BARE.search(whole) and rest is not None:
                raise AssertionError("bare octets in a message")
            readings.append((rest, this.fault, whole if rest is not None else b""))
    if readings[:2] != readings[2:]:
        raise AssertionError("the pieces matter")


class Wire(asyncio.Transport):
    """A transport that goes nowhere."""

    def __init__(self, session: Session) -> None:
        super().__init__(extra={"peername": ("127.0.0.1", 4711)})
        self.session = session
        self.heard = bytearray()
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.heard += data

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.session.loop.call_soon(self.session.connection_lost, None)

    abort = close

    def can_write_eof(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def pause_reading(self) -> None:
        """Nothing comes by itself."""

    def resume_reading(self) -> None:
        """Nothing comes by itself."""


async def _session(data: bytes) -> None:
    choice, said = data[:1], data[1:]
    flags = choice[0] if choice else 0
    listen = Listen.model_validate(
        {
            "hostname": "gateway.example",
            "chunking": bool(flags & 1),
            "bare_newline": "normalize" if flags & 2 else "refuse",
            "proxy_protocol": bool(flags & 4),
            "trusted_clients": ["127.0.0.1"] if flags & 8 else [],
        }
    )
    desk, observer, admission = FakeDesk(), FakeObserver(), Admission.local(LIMITS)
    loop = asyncio.get_running_loop()
    door = Door(
        listen=listen, limits=LIMITS, desk=desk, observer=observer, admission=admission, tls=None, loop=loop
    )  # fmt: skip
    session = Session(door)
    wire = Wire(session)
    session.connection_made(wire)
    step = (1, 3, 17, 4096)[flags >> 4 & 3]
    for at in range(0, len(said), step):
        if session.gone:
            break
        session.data_received(said[at : at + step])
        await asyncio.sleep(0)
    session.eof_received()
    if door.sessions:
        await asyncio.wait(list(door.sessions.values()), timeout=5)
    if door.sessions or door.messages:
        raise AssertionError("the session does not end")
    await asyncio.sleep(0)
    heard = bytes(wire.heard)
    if _REPLIES.fullmatch(heard) is None:
        raise AssertionError(f"not SMTP: {heard!r}")
    if desk.open_dialogues or (admission != Admission.local(LIMITS) and _held(admission)):
        raise AssertionError("something was not given back")
    if any(name == "session_fault" for name, _ in observer.events):
        raise AssertionError(f"a fault: {observer.events}")
    for submission in desk.taken:
        if _BARE.search(submission.raw):
            raise AssertionError("bare octets in a message")


def _held(admission: Admission) -> bool:
    gauges = (admission.connections, admission.bytes_in_flight, admission.clients)
    return any(getattr(gauge, "held", None) for gauge in gauges)


_LOOP: list[asyncio.AbstractEventLoop] = []


def session(data: bytes) -> None:
    """A whole session without sockets."""
    if not _LOOP:
        _LOOP.append(asyncio.new_event_loop())
    _LOOP[0].run_until_complete(_session(data))


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "intake_path": path,
    "intake_parameters": parameters,
    "intake_origin": origin,
    "intake_body": body,
    "intake_session": session,
}
_MAIL: Final = b"EHLO c\r\nMAIL FROM:<a@x.example> SIZE=9 BODY=8BITMIME\r\nRCPT TO:<b@inside.example> NOTIFY=NEVER\r\n"
SEEDS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "intake_path": (
        b"<>",
        b"<a@b.example> SIZE=1",
        b'<"a\\"b"@[192.0.2.1]>',
        b"<@c.example,@d.example:a%e@[IPv6:2001:db8::1]>",
        "<rené@café.example>".encode(),
    ),
    "intake_parameters": (
        b" SIZE=1 BODY=7BIT SMTPUTF8 RET=FULL ENVID=a+2B",
        b" NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+2Bb",
        b" ORCPT=utf-8;\xc3\xa9",
    ),
    "intake_origin": (
        b"PROXY TCP4 192.0.2.7 192.0.2.8 4711 25\r\n",
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c" + bytes(12),
        b"ADDR=IPV6:2001:db8::1 PORT=25 HELO=a+20b PROTO=ESMTP NAME=[UNAVAILABLE]",
    ),
    "intake_body": (b"a\r\n..b\r\n.\r\nNOOP\r\n", b"a\n.\r\nb\r.\r\n\r\n.\r\n", b".\r\n", b"\r\n.\r\r\n.\r\n\0"),
    "intake_session": (
        b"\x00" + _MAIL + b"DATA\r\na\r\n..b\r\n.\r\nQUIT\r\n",
        b"\x33" + _MAIL + b"BDAT 4\r\na\r\n.BDAT 2 LAST\r\n\r\nRSET\r\nVRFY x\r\n",
        b"\x28" + b"XCLIENT ADDR=192.0.2.1\r\n" + _MAIL + b"RSET\r\nXFORWARD ADDR=192.0.2.1\r\n",
        b"\x14" + b"PROXY TCP4 192.0.2.7 192.0.2.8 4711 25\r\nHELO x\r\nNOOP\nHELP\r\nSTARTTLS\r\n",
    ),
}
