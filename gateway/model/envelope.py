"""Who handed the message over, from whom and to whom it is said to be: the SMTP facts."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

from gateway.model.address import NULL_PATH, Path

IpAddress = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who connected: the real client, as announced by a trusted front (XFORWARD, XCLIENT, PROXY) where there is one."""

    address: IpAddress | None  # None: not known (scan without --ip); IPv4-mapped addresses are already IPv4
    port: int | None = None
    name: str = ""  # announced or looked-up host name, "" when unknown: hostile text
    helo: str = ""  # as given; hostile text
    extended: bool = True  # EHLO, not HELO
    tls: str = ""  # protocol and cipher of this hop, "" in clear
    announced_by: str = ""  # peer address of the trusted front that told us all this; "" when the client is the peer


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One accepted RCPT. `parameters` are kept byte for byte, in order (`NOTIFY=NEVER`, `ORCPT=rfc822;...`)."""

    path: Path
    parameters: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The SMTP envelope of one message."""

    client: Client
    mail_from: Path | None = NULL_PATH  # None: not known (scan without --mail-from), which is not the null path
    mail_parameters: tuple[bytes, ...] = ()
    recipients: tuple[Recipient, ...] = ()

    @property
    def smtputf8(self) -> bool:
        """Whether MAIL carried SMTPUTF8 (RFC 6531 §3.4)."""
        return any(p.upper() == b"SMTPUTF8" for p in self.mail_parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A whole message as handed over: everything the pipeline starts from."""

    id: str  # our own id: letters and digits only, safe as a file name and in every header
    envelope: Envelope
    raw: bytes  # CRLF line ends, dot-unstuffed, without the final dot
    received_at: datetime  # aware; "now" for everything judged about this message
    deadline: float = float("inf")  # loop time (s) by which the verdict must stand
    listener_hostname: str = ""  # what this listener calls itself, for Received
