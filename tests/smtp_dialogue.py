"""A raw SMTP client for tests: blocking, says exactly the bytes given, and tells the whole dialogue when it fails."""

import socket
import ssl
from dataclasses import dataclass
from types import TracebackType


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply: its code and the text of its lines."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The last line's text."""
        return self.lines[-1]

    @property
    def enhanced(self) -> str:
        """The enhanced status code of the last line, "" when there is none."""
        word = self.text.split(" ")[0]
        return word if word.count(".") == 2 and word.replace(".", "").isdecimal() else ""

    def __str__(self) -> str:
        return f"{self.code} {' | '.join(self.lines)}"


class DialogueError(AssertionError):
    """The server did something else than speak SMTP; the dialogue so far is in the text."""


class SmtpDialogue:
    """One connection. Use as a context manager; `banner` is read at once unless `greeting=False`."""

    def __init__(
        self, address: tuple[str, int], *, timeout_s: float = 10.0, greeting: bool = True, first: bytes = b""
    ) -> None:
        self.transcript: list[str] = []
        self.socket: socket.socket = socket.create_connection(address, timeout_s)
        self._buffer = b""
        if first:
            self.send(first)
        self.banner = self.read() if greeting else None

    def __enter__(self) -> "SmtpDialogue":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if error is not None:
            print(self.dialogue())

    def dialogue(self) -> str:
        """All that was said, a line each, long lines shortened."""
        return "\n".join(self.transcript)

    def send(self, data: bytes) -> None:
        """Say these bytes."""
        self.transcript.append(f"C: {data[:200]!r}{'...' if len(data) > 200 else ''}")
        self.socket.sendall(data)

    def read_line(self) -> bytes:
        """One line without its CRLF."""
        while b"\n" not in self._buffer:
            try:
                more = self.socket.recv(65536)
            except TimeoutError:
                raise DialogueError(f"no answer in time\n{self.dialogue()}") from None
            except OSError as error:
                raise DialogueError(f"connection lost: {error}\n{self.dialogue()}") from None
            if not more:
                raise DialogueError(f"connection closed\n{self.dialogue()}")
            self._buffer += more
        line, _, self._buffer = self._buffer.partition(b"\n")
        self.transcript.append(f"S: {line!r}")
        if not line.endswith(b"\r"):
            raise DialogueError(f"a line without CR\n{self.dialogue()}")
        return line[:-1]

    def read(self) -> Answer:
        """One reply, checked to be well-formed (RFC 5321 §4.2)."""
        lines: list[str] = []
        code = b""
        while True:
            line = self.read_line()
            if len(line) < 3 or not line[:3].isdigit() or line[3:4] not in (b"-", b" ", b"") or len(line) > 510:
                raise DialogueError(f"no reply: {line!r}\n{self.dialogue()}")
            if code and line[:3] != code:
                raise DialogueError(f"the code changes in mid-reply\n{self.dialogue()}")
            code = line[:3]
            lines.append(line[4:].decode("ascii"))
            if line[3:4] != b"-":
                return Answer(int(code), tuple(lines))

    def command(self, line: bytes) -> Answer:
        """Say a line (CRLF is added) and read the reply."""
        self.send(line + b"\r\n")
        return self.read()

    def commands(self, *lines: bytes) -> list[Answer]:
        """Say several lines in one segment and read a reply for each."""
        self.send(b"".join(line + b"\r\n" for line in lines))
        return [self.read() for _ in lines]

    def expect(self, line: bytes, code: int) -> Answer:
        """Say a line and insist on the code of its reply."""
        answer = self.command(line)
        if answer.code != code:
            raise DialogueError(f"expected {code}, got {answer}\n{self.dialogue()}")
        return answer

    def envelope(self, mail_from: bytes, *rcpt_to: bytes, parameters: bytes = b"") -> None:
        """EHLO, MAIL, RCPT..., all of which must be accepted."""
        self.expect(b"EHLO client.example", 250)
        self.expect(b"MAIL FROM:<%s>%s" % (mail_from, parameters), 250)
        for address in rcpt_to:
            self.expect(b"RCPT TO:<%s>" % address, 250)

    def data(self, stream: bytes) -> Answer:
        """DATA, these bytes as they are, and CRLF.CRLF after them; the reply to the dot."""
        self.expect(b"DATA", 354)
        self.send(stream + b"\r\n.\r\n")
        return self.read()

    def capabilities(self) -> dict[str, str]:
        """What EHLO offers: keyword -> its arguments."""
        answer = self.expect(b"EHLO client.example", 250)
        words = (line.partition(" ") for line in answer.lines[1:])
        return {keyword.upper(): rest for keyword, _, rest in words}

    def start_tls(self, context: ssl.SSLContext, name: str, *, injected: bytes = b"") -> None:
        """STARTTLS with `injected` bytes in clear in the same segment, then the handshake."""
        self.send(b"STARTTLS\r\n" + injected)
        answer = self.read()
        if answer.code != 220:
            raise DialogueError(f"no TLS: {answer}\n{self.dialogue()}")
        self.transcript.append("-- TLS --")
        self.socket = context.wrap_socket(self.socket, server_hostname=name)

    def half_close(self) -> None:
        """Say that nothing more will come; go on listening."""
        self.socket.shutdown(socket.SHUT_WR)
        self.transcript.append("C: <end>")

    def reset(self) -> None:
        """Hang up with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.socket.close()
        self.transcript.append("C: <reset>")

    def is_closed(self) -> bool:
        """Wait for the server to hang up; False when it says something more, or nothing in time."""
        try:
            return not self._buffer and self.socket.recv(1) == b""
        except ConnectionError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        """Hang up."""
        self.socket.close()
