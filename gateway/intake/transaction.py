"""One mail transaction: MAIL, its RCPTs, and what they are answered. No sockets: the next hop is a port."""

from dataclasses import dataclass, field

from gateway.intake.body import Body
from gateway.intake.parameters import read_mail_parameters, read_rcpt_parameters
from gateway.intake.paths import read_path, routed_domains
from gateway.model import reply as replies
from gateway.model.address import Path
from gateway.model.envelope import Client, Envelope, Recipient
from gateway.model.ports import FrontDesk, NextHopDialogue, NextHopOffer
from gateway.model.reply import Reply

RECIPIENT_OVERSHOOT = 1000  # RCPTs over the limit that get 452 (RFC 5321 §4.5.3.1.10) before they count as errors
MAX_ENVELOPE = 262_144  # octets of RCPT arguments kept: 1000 ordinary recipients twice over


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCommand:
    """A MAIL that is fit to be put to the next hop."""

    path: Path
    parameters: tuple[bytes, ...]
    size: int
    smtputf8: bool


def read_mail(argument: bytes, offer: NextHopOffer) -> MailCommand | Reply:
    """Read what follows `MAIL`; the reply when it can't be put on."""
    if argument[:5].upper() != b"FROM:":
        return replies.BAD_ARGUMENTS
    read = read_path(argument[5:].lstrip(b" "), null_allowed=True)
    if read is None:
        return replies.BAD_REVERSE_PATH
    parameters = read_mail_parameters(read.rest, dsn=offer.dsn)
    if isinstance(parameters, Reply):
        return parameters
    if parameters.smtputf8 and not offer.smtputf8:
        return replies.NEEDS_SMTPUTF8
    if not read.is_ascii and not parameters.smtputf8:
        return replies.NON_ASCII_ADDRESS
    return MailCommand(path=read.path, parameters=parameters.kept, size=parameters.size, smtputf8=parameters.smtputf8)


def read_rcpt(argument: bytes, *, dsn: bool, smtputf8: bool) -> Recipient | Reply:
    """Read what follows `RCPT`; the reply when it can't be put on."""
    if argument[:3].upper() != b"TO:":
        return replies.BAD_ARGUMENTS
    read = read_path(argument[3:].lstrip(b" "), null_allowed=False)
    if read is None:
        return replies.BAD_FORWARD_PATH
    parameters = read_rcpt_parameters(read.rest, dsn=dsn, smtputf8=smtputf8)
    if isinstance(parameters, Reply):
        return parameters
    if not read.is_ascii and not smtputf8:
        return replies.NON_ASCII_ADDRESS
    return Recipient(path=read.path, parameters=parameters)


def is_relayed(path: Path, desk: FrontDesk) -> bool:
    """Whether we relay to this recipient, and to everywhere its local part could be read as a route to."""
    if not desk.relays_for(path):
        return False
    return all(desk.relays_for(_somebody_at(domain)) for domain in routed_domains(path))


def _somebody_at(domain: str) -> Path:
    read = read_path(b"<postmaster@%s>" % domain.encode("ascii"), null_allowed=False)
    return read.path if read is not None else Path(b"", None)


@dataclass(slots=True, kw_only=True)
class Transaction:
    """What MAIL began."""

    client: Client
    dialogue: NextHopDialogue
    mail: MailCommand
    dsn: bool
    recipients: list[Recipient] = field(default_factory=list)
    asked: int = 0  # RCPTs, accepted or not
    put_off: bool = False  # one of them got a 4xx
    octets: int = 0  # of the accepted RCPTs
    body: Body | None = None  # BDAT has begun
    carry: bytes = b""  # a CR at the end of the last BDAT chunk

    @property
    def envelope(self) -> Envelope:
        """The envelope as it stands."""
        return Envelope(
            client=self.client,
            mail_from=self.mail.path,
            mail_parameters=self.mail.parameters,
            recipients=tuple(self.recipients),
        )

    def overshoots(self, limit: int) -> bool:
        """Whether more were asked for than an honest client tries when it is told that there are too many."""
        return self.asked > limit + RECIPIENT_OVERSHOOT

    async def rcpt(self, argument: bytes, desk: FrontDesk, limit: int) -> tuple[Reply, bool]:
        """Answer one RCPT; True beside it when the answer is the next hop's."""
        self.asked += 1
        recipient = read_rcpt(argument, dsn=self.dsn, smtputf8=self.mail.smtputf8)
        if isinstance(recipient, Reply):
            return recipient, False
        if len(self.recipients) >= limit or self.octets > MAX_ENVELOPE or self.overshoots(limit):
            return replies.TOO_MANY_RECIPIENTS, False
        if not is_relayed(recipient.path, desk):
            return replies.RELAY_DENIED, False
        reply = await self.dialogue.rcpt(recipient)
        if reply.positive:
            self.recipients.append(recipient)
            self.octets += len(argument)
        self.put_off |= reply.temporary
        return reply, True

    @property
    def without_recipients(self) -> Reply:
        """Why there can be no body: never a 5xx when a recipient was only put off."""
        if not self.asked:
            return replies.NEED_RCPT
        return replies.NO_RECIPIENT_YET if self.put_off else replies.NO_VALID_RECIPIENTS
