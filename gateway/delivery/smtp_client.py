"""An SMTP client without sockets: bytes in, bytes out (RFC 5321, RFC 2920, RFC 3207).

The owner puts a group of commands, writes what it is given, and feeds what comes; when `settled`, `answers` holds one
reply per command. Whatever arrives that no command is waiting for, or that its command can't be answered with, breaks
the client for good: a reply that slipped by one is a false 250.

    state      on                                    becomes
    OPENING    2xx                                   READY
    OPENING    4xx, 5xx                              CLOSED (CLOSING)
    READY      put(commands)                         ASKING
    READY      any byte                              CLOSED (PREMATURE)
    ASKING     last answer                           READY, or HANDSHAKE after 220 to STARTTLS, SENDING after 354
    ASKING     421                                   CLOSED (CLOSING), that answer kept
    HANDSHAKE  any byte                              CLOSED (PREMATURE)
    HANDSHAKE  tls_started()                         READY, features forgotten
    SENDING    any byte                              CLOSED (PREMATURE)
    SENDING    data_sent()                           ASKING (for the dot's answer)
    any        end of stream, no or odd reply        CLOSED
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from gateway.delivery.features import NO_FEATURES, Features, read_features
from gateway.delivery.replies import BrokenReply, Fault, HopReply, ReplyParser
from gateway.model import reply as replies
from gateway.model.errors import GatewayError


class State(Enum):
    """Where the conversation stands."""

    OPENING = "opening"
    READY = "ready"
    ASKING = "asking"
    HANDSHAKE = "handshake"
    SENDING = "sending"
    CLOSED = "closed"


class Verb(Enum):
    """What is asked."""

    GREETING = "greeting"
    EHLO = "EHLO"
    HELO = "HELO"
    STARTTLS = "STARTTLS"
    XFORWARD = "XFORWARD"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "dot"
    RSET = "RSET"
    QUIT = "QUIT"


# RFC 2920 §3.1: these end a group. XFORWARD may be grouped: Postfix's own client does so.
_ENDS_GROUP = frozenset({Verb.EHLO, Verb.HELO, Verb.STARTTLS, Verb.DATA, Verb.QUIT})


class UnsafeCommand(GatewayError):
    """A command that would be two: CR, LF or NUL in a path or parameter."""

    reply = replies.BAD_ARGUMENTS


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `line` is without its CRLF."""

    verb: Verb
    line: bytes

    def __post_init__(self) -> None:
        if b"\n" in self.line or b"\r" in self.line or b"\0" in self.line:
            raise UnsafeCommand("control character in a command")


RSET = Command(Verb.RSET, b"RSET")
DATA = Command(Verb.DATA, b"DATA")
QUIT = Command(Verb.QUIT, b"QUIT")
STARTTLS = Command(Verb.STARTTLS, b"STARTTLS")


def mail_command(path: bytes, parameters: Sequence[bytes] = ()) -> Command:
    """MAIL. Raises UnsafeCommand."""
    return Command(Verb.MAIL, b" ".join((b"MAIL FROM:<%b>" % path, *parameters)))


def rcpt_command(path: bytes, parameters: Sequence[bytes] = ()) -> Command:
    """RCPT. Raises UnsafeCommand."""
    return Command(Verb.RCPT, b" ".join((b"RCPT TO:<%b>" % path, *parameters)))


class SmtpClient:
    """One connection's conversation. Commands wait here when the hop offers no PIPELINING."""

    def __init__(self) -> None:
        self.state = State.OPENING
        self.fault: Fault | None = None  # why it is CLOSED
        self.features: Features = NO_FEATURES
        self.answers: list[HopReply] = []  # to the last group put, in order; the dot's follows DATA's
        self.answered = False  # `answers` are all that the last group will get, and beyond doubt
        self.dot_sent = False  # in this group: from here on the message may have been taken, whatever we hear
        self.in_transaction = False  # MAIL was taken, and neither a dot nor RSET answered since
        self._refused = False  # MAIL or a RCPT of this group
        self._dot_answer: HopReply | None = None
        self._parser = ReplyParser()
        self._awaited: deque[Verb] = deque([Verb.GREETING])
        self._unsent: deque[Command] = deque()

    @property
    def settled(self) -> bool:
        """Whether nothing is awaited: the group is answered, or will never be."""
        return self.state not in (State.OPENING, State.ASKING)

    @property
    def usable(self) -> bool:
        """Whether the next group may be put."""
        return self.state is State.READY

    @property
    def delivered(self) -> bool:
        """Whether the last transaction's dot was sent and answered 2xx. The only success there is."""
        return self._dot_answer is not None and self._dot_answer.positive

    @property
    def dot_answer(self) -> HopReply | None:
        """The answer to the dot, once there is one that earned its place."""
        return self._dot_answer

    def put(self, *commands: Command) -> bytes:
        """Begin a group; gives what to write now. Raises RuntimeError unless READY."""
        if self.state is not State.READY:
            raise RuntimeError(f"commands put while {self.state.value}")
        self.state = State.ASKING
        self.answers = []
        self.answered = self.dot_sent = self._refused = False
        self._dot_answer = None
        self._unsent.extend(commands)
        return self._next_words()

    @property
    def wants_data(self) -> bool:
        """Whether the message may be sent: MAIL and every RCPT of the group were taken, and DATA answered 354."""
        return self.state is State.SENDING and self.in_transaction and not self._refused

    def data_sent(self) -> None:
        """The dot is on its way. Raises RuntimeError unless `wants_data`."""
        if not self.wants_data:
            raise RuntimeError(f"data sent while {self.state.value}")
        self.state = State.ASKING
        self.dot_sent = True
        self.answered = False
        self._awaited.append(Verb.DOT)

    def tls_started(self) -> None:
        """The handshake succeeded: what was learnt in clear is forgotten (RFC 3207 §4.2); EHLO comes next."""
        if self.state is not State.HANDSHAKE:
            raise RuntimeError(f"TLS started while {self.state.value}")
        self.state = State.READY
        self.features = NO_FEATURES

    def receive(self, data: bytes) -> bytes:
        """Bytes of the hop; gives what to write next. Never raises."""
        if self.state is State.CLOSED:
            return b""
        if not self._awaited:
            self.close(Fault.PREMATURE)
            return b""
        try:
            arrived = self._parser.feed(data)
        except BrokenReply as broken:
            self.close(broken.fault)
            return b""
        for reply in arrived:
            if not self._awaited:
                self.close(Fault.TRAILING)
            else:
                self._answer(self._awaited.popleft(), reply)
            if self.fault is not None:
                return b""
        if not self._awaited and self._parser.pending:
            self.close(Fault.TRAILING)
            return b""
        return self._after_answers() if not self._awaited else b""

    def close(self, fault: Fault) -> None:
        """The connection is gone, or not to be trusted any more. An answer to the dot that is not beyond doubt is none.

        Closing once the group was answered in full (an orderly close after the 250) takes nothing back.
        """
        if self.state is State.CLOSED:
            return
        if fault in (Fault.TRAILING, Fault.PREMATURE) and self.state is State.ASKING:
            self._dot_answer = None
        self.state = State.CLOSED
        self.fault = fault
        self.in_transaction = False
        self._unsent.clear()
        self._awaited.clear()

    def _answer(self, verb: Verb, reply: HopReply) -> None:
        if reply.code != 354 if verb is Verb.DATA and reply.code < 400 else reply.reply_class == 3:
            self.close(Fault.MISPLACED)
            return
        self.answers.append(reply)
        if reply.code == 421 or (verb is Verb.GREETING and not reply.positive):
            if verb is Verb.DOT:
                self._dot_answer = reply
            self.answered = True
            self.close(Fault.CLOSING)
        elif verb is Verb.EHLO or verb is Verb.HELO:
            self.features = read_features(reply) if reply.positive and verb is Verb.EHLO else NO_FEATURES
            self.in_transaction = False
        elif verb in (Verb.MAIL, Verb.RCPT) and not reply.positive:
            self._refused = True
            self._unsent.clear()  # without PIPELINING the rest of the group was never said: it need not be
        elif verb is Verb.MAIL:
            self.in_transaction = True
        elif verb is Verb.DOT:
            self._dot_answer = reply
            self.in_transaction = False
        elif verb is Verb.RSET:
            if reply.positive:
                self.in_transaction = False
            else:
                self.close(Fault.MISPLACED)
        elif verb is Verb.STARTTLS and reply.positive:
            self.state = State.HANDSHAKE
        elif verb is Verb.DATA and reply.reply_class == 3:
            self.state = State.SENDING

    def _after_answers(self) -> bytes:
        """Everything sent is answered: send what waits, or come to rest."""
        if self._unsent and self.state in (State.OPENING, State.ASKING):
            return self._next_words()
        self.answered = True
        if self.state in (State.OPENING, State.ASKING):
            self.state = State.READY
        return b""

    def _next_words(self) -> bytes:
        group = []
        while self._unsent:
            command = self._unsent.popleft()
            self._awaited.append(command.verb)
            group.append(command.line)
            if not self.features.pipelining or command.verb in _ENDS_GROUP:
                break
        return b"\r\n".join((*group, b""))
