"""Every SMTP reply of ours, in one table (RFC 5321 §4.2, RFC 3463, RFC 2034). `docs/OPERATE.md` explains each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """One SMTP reply, one line. `enhanced` is "" where RFC 2034 §4 has none (greeting, HELO, EHLO, 354)."""

    code: int
    enhanced: str
    text: str

    def __post_init__(self) -> None:
        if not 200 <= self.code <= 559:
            raise ValueError(f"{self.code} is no SMTP reply code")
        if self.enhanced and str(self.code)[0] != self.enhanced[0]:
            raise ValueError(f"{self.code} and {self.enhanced} disagree on whether to retry")
        if not (self.text.isascii() and self.text.isprintable()):
            raise ValueError("reply text is printable ASCII on one line")

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.code), self.enhanced, self.text) if part)

    def encode(self) -> bytes:
        """The line as it goes out."""
        return f"{self}\r\n".encode("ascii")

    @property
    def positive(self) -> bool:
        """A 2xx."""
        return self.code < 300

    @property
    def temporary(self) -> bool:
        """A 4xx: try again."""
        return 400 <= self.code < 500


# Session
OK = Reply(250, "2.0.0", "Ok")
MAIL_OK = Reply(250, "2.1.0", "Ok")
RCPT_OK = Reply(250, "2.1.5", "Ok")
BYE = Reply(221, "2.0.0", "Bye")
START_DATA = Reply(354, "", "End data with <CR><LF>.<CR><LF>")
READY_FOR_TLS = Reply(220, "2.0.0", "Ready to start TLS")
CANNOT_VRFY = Reply(252, "2.5.0", "Cannot VRFY user, but will accept message and attempt delivery")
HELP = Reply(214, "2.0.0", "See RFC 5321")
SHUTTING_DOWN = Reply(421, "4.3.2", "Service shutting down, please try again")
TOO_MANY_CONNECTIONS = Reply(421, "4.7.0", "Too many connections, please try again later")
OVERLOADED = Reply(421, "4.3.2", "Too busy, please try again later")
IDLE_TIMEOUT = Reply(421, "4.4.2", "Timeout, closing connection")
SESSION_TIMEOUT = Reply(421, "4.4.2", "Session took too long, closing connection")
TOO_MANY_ERRORS = Reply(421, "4.7.0", "Too many errors, closing connection")
TOO_MANY_COMMANDS = Reply(421, "4.7.0", "Too many commands without mail, closing connection")
# Syntax and sequence
UNKNOWN_COMMAND = Reply(500, "5.5.2", "Command not recognized")
LINE_TOO_LONG = Reply(500, "5.5.2", "Command line too long")
BAD_CHARACTERS = Reply(500, "5.5.2", "Command line holds forbidden characters")
BAD_ARGUMENTS = Reply(501, "5.5.4", "Syntax error in arguments")
BAD_HELO = Reply(501, "5.5.4", "Host name expected")
BAD_REVERSE_PATH = Reply(501, "5.1.7", "Bad sender address syntax")
BAD_FORWARD_PATH = Reply(501, "5.1.3", "Bad recipient address syntax")
BAD_PARAMETER_VALUE = Reply(501, "5.5.4", "Bad value of a parameter")
UNKNOWN_PARAMETER = Reply(555, "5.5.4", "Parameter not recognized or not supported")  # RFC 5321 §4.1.1.11
NOT_IMPLEMENTED = Reply(502, "5.5.1", "Command not implemented")
BAD_SEQUENCE = Reply(503, "5.5.1", "Bad sequence of commands")
NEED_EHLO = Reply(503, "5.5.1", "Send EHLO first")
NEED_MAIL = Reply(503, "5.5.1", "Need MAIL command")
NESTED_MAIL = Reply(503, "5.5.1", "Nested MAIL command")
NEED_RCPT = Reply(503, "5.5.1", "Need RCPT command")
NO_VALID_RECIPIENTS = Reply(554, "5.5.1", "No valid recipients")
NO_RECIPIENT_YET = Reply(451, "4.5.1", "No recipient accepted for now, please try again")
TLS_REQUIRED = Reply(530, "5.7.0", "Must issue a STARTTLS command first")
TLS_UNAVAILABLE = Reply(454, "4.7.0", "TLS not available")
PROXY_HEADER_EXPECTED = Reply(421, "4.7.0", "PROXY header expected, closing connection")
NOT_A_TRUSTED_CLIENT = Reply(550, "5.7.0", "Not authorized")
# Limits
TOO_MANY_RECIPIENTS = Reply(452, "4.5.3", "Too many recipients")
OTHER_ROUTE = Reply(452, "4.5.3", "Recipient goes another way, send it in another transaction")
MESSAGE_TOO_BIG = Reply(552, "5.3.4", "Message exceeds the size limit")
BYTES_IN_FLIGHT = Reply(452, "4.3.1", "Too many messages in progress, please try again later")
DATA_TIMEOUT = Reply(421, "4.4.2", "Timeout while receiving the message")
# Message content
BARE_NEWLINE = Reply(550, "5.6.11", "Bare CR, bare LF or NUL in the message")
NON_ASCII_ADDRESS = Reply(553, "5.6.7", "Address is not ASCII, and SMTPUTF8 was not asked for")  # RFC 6531 §3.5
NEEDS_SMTPUTF8 = Reply(550, "5.6.7", "The next system does not support SMTPUTF8")
LOOP = Reply(554, "5.4.6", "Too many hops, mail loop")
# Relaying
RELAY_DENIED = Reply(550, "5.7.1", "Relay access denied")
REJECTED = Reply(550, "5.7.1", "Message refused by the recipient's policy")
DMARC_REJECTED = Reply(550, "5.7.1", "Message refused by the DMARC policy of the author's domain")
BLOCKED = Reply(550, "5.7.1", "Sender not accepted here")
DEFERRED_UNAUTHENTICATED = Reply(451, "4.7.24", "Sender could not be checked, please try again later")
# Faults: always "try again"
LOCAL_PROBLEM = Reply(451, "4.3.0", "Temporary local problem, please try again")
NO_SPACE = Reply(452, "4.3.1", "Insufficient system storage")
NEXT_HOP_UNREACHABLE = Reply(451, "4.4.1", "Next system cannot be reached, please try again")
NEXT_HOP_LOST = Reply(451, "4.4.2", "Connection to the next system lost, please try again")
NEXT_HOP_CHANGED_ITS_MIND = Reply(451, "4.3.0", "Next system answered differently, please try again")
