"""The settings as frozen, typed sections. `config/vitalgate.yml` shows every one with its default and unit.

Values are checked here; files, lines and everything an administrator reads about a fault are `load.py`'s.
"""

import re
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from gateway.model.domain import DomainName, parse_domain


class Section(BaseModel):
    """Base of every section: unknown keys are faults, values never change, nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


def _domain(text: str) -> DomainName:
    domain = parse_domain(text)
    if domain is None:
        raise ValueError("must be a domain name")
    return domain


def _endpoint(text: str) -> str:
    split_endpoint(text)
    return text


def split_endpoint(text: str) -> tuple[str, int]:
    """Read `HOST:PORT` or `[IPV6]:PORT`; raises ValueError."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or not 0 <= int(port) <= 65535 or not host:
        raise ValueError("must be ADDRESS:PORT, such as 127.0.0.1:10025 or [::1]:10025")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise ValueError("an IPv6 address stands in brackets: [::1]:10025")
    return host, int(port)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise ValueError("must be a network or an address, such as 192.0.2.0/24") from None


def _nameserver(text: str) -> str:
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        try:
            ip_address(split_endpoint(text)[0])
        except ValueError:
            raise ValueError("must be ADDRESS or ADDRESS:PORT, with an IP address, such as 127.0.0.1:5335") from None
    return text


def _address(text: str) -> str:
    local, at, domain = text.strip().rpartition("@")
    if not at or not local or parse_domain(domain) is None:
        raise ValueError("must be a mail address")
    return f"{local}@{parse_domain(domain)}".lower()


def _history_url(text: str) -> str:
    if not re.match(r"(sqlite:///.|postgres(ql)?://)", text):
        raise ValueError("must be sqlite:///FILE or postgresql://USER@HOST/DATABASE")
    return text


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _as_date(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("must be a date, such as 2027-01-31") from None
    return value


def _as_path(value: object) -> object:
    return Path(value) if isinstance(value, str) else value


Domain = Annotated[str, AfterValidator(_domain)]
Address = Annotated[str, AfterValidator(_address)]
Endpoint = Annotated[str, AfterValidator(_endpoint)]
Nameserver = Annotated[str, AfterValidator(_nameserver)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(lambda v: _network(v) if isinstance(v, str) else v)]
File = Annotated[Path, BeforeValidator(_as_path)]
Day = Annotated[date, BeforeValidator(_as_date)]
Domains = Annotated[tuple[Domain, ...], BeforeValidator(_as_tuple)]
Addresses = Annotated[tuple[Address, ...], BeforeValidator(_as_tuple)]
Networks = Annotated[tuple[Network, ...], BeforeValidator(_as_tuple)]
Nameservers = Annotated[tuple[Nameserver, ...], BeforeValidator(_as_tuple)]
Strings = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Seconds = Annotated[float, BeforeValidator(lambda v: float(v) if type(v) is int else v), Field(gt=0)]
Points = Annotated[float, BeforeValidator(lambda v: float(v) if type(v) is int else v)]


class ListenTls(Section):
    """TLS on a listener; STARTTLS is offered when a certificate is set."""

    certificate: File | None = None  # PEM, chain included
    key: File | None = None
    require: bool = False  # refuse MAIL before STARTTLS

    @model_validator(mode="after")
    def _both(self) -> "ListenTls":
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key are set together")
        if self.require and self.certificate is None:
            raise ValueError("require needs a certificate")
        return self


class Listen(Section):
    """One listening address."""

    address: Endpoint = "127.0.0.1:10025"
    hostname: str = "mx.mutuelle.example"
    tls: ListenTls = ListenTls()
    trusted_clients: Networks = ()  # may announce the real client by XFORWARD or XCLIENT
    proxy_protocol: bool = False
    bare_newline: Literal["refuse", "normalize"] = "refuse"
    chunking: bool = False  # offer CHUNKING (BDAT)

    @model_validator(mode="after")
    def _not_everybody(self) -> "Listen":
        if any(network.prefixlen == 0 for network in self.trusted_clients):
            raise ValueError("trusted_clients must not hold the whole Internet (0.0.0.0/0 or ::/0)")
        return self


class NextHop(Section):
    """Where relayed mail goes: an SMTP server, or a Maildir for trying out."""

    address: Endpoint | Annotated[tuple[Endpoint, ...], BeforeValidator(_as_tuple)] = "127.0.0.1:10026"
    maildir: File | None = None
    tls: Literal["never", "opportunistic", "require"] = "opportunistic"
    client_certificate: File | None = None
    client_key: File | None = None
    ca: File | None = None  # PEM; None = the system's
    server_name: str | None = None  # name in the certificate; None = the host of `address`
    connect_timeout_s: Seconds = 10.0
    reply_timeout_s: Seconds = 60.0
    connections: Annotated[int, Field(ge=1, le=1000)] = 20  # pooled, per worker

    @property
    def addresses(self) -> tuple[str, ...]:
        """The SMTP addresses in order of preference."""
        return (self.address,) if isinstance(self.address, str) else self.address


class Person(Section):
    """Somebody whose name is worth forging."""

    name: str
    role: str = ""
    addresses: Addresses = ()


class Partner(Section):
    """An organisation the operator works with: who may write in its name."""

    name: str
    aliases: Strings = ()
    domains: Domains
    never_asks: Strings = ()  # kinds of asks, as in docs/RULES.md


class Organisation(Section):
    """Whom the gateway protects."""

    name: str = "Mutuelle Exemple"
    aliases: Strings = ()
    domains: Domains = ("mutuelle.example",)
    services: Domains = ("paie.example",)  # others who may write in our name
    people: Annotated[tuple[Person, ...], BeforeValidator(_as_tuple)] = (
        Person(name="Jeanne Martin", role="directrice générale", addresses=("jeanne.martin@mutuelle.example",)),
    )
    report_mailboxes: Addresses = ("abuse@mutuelle.example",)
    benefits_mailboxes: Addresses = ("prestations@mutuelle.example",)
    partners: Annotated[tuple[Partner, ...], BeforeValidator(_as_tuple)] = ()


class Dns(Section):
    """How DNS is asked."""

    nameservers: Nameservers = ()  # () = the system's
    timeout_s: Seconds = 5.0  # per message
    lookups: Annotated[int, Field(ge=10, le=1000)] = 80  # per message
    cache_entries: Annotated[int, Field(ge=0, le=10_000_000)] = 50_000
    zone: File | None = None  # JSON zone file instead of DNS, for trying out


class Authentication(Section):
    """What follows from sender authentication."""

    authserv_id: Domain = "mx.mutuelle.example"
    trusted_arc_sealers: Domains = ()
    dmarc: Literal["honour", "reject", "score", "ignore"] = "honour"
    on_temperror: Literal["mark", "tag", "defer"] = "mark"


class Arc(Section):
    """Sealing of what we relay; all three or none."""

    domain: Domain | None = None
    selector: str | None = None
    key_file: File | None = None

    @model_validator(mode="after")
    def _all(self) -> "Arc":
        if len({self.domain is None, self.selector is None, self.key_file is None}) == 2:
            raise ValueError("domain, selector and key_file are set together")
        return self


class RuleOverride(Section):
    """What the operator changes of one rule."""

    mode: Literal["enforce", "shadow", "off"] | None = None
    points: (
        Annotated[float, BeforeValidator(lambda v: float(v) if type(v) is int else v), Field(ge=-20, le=20)] | None
    ) = None
    needs_approval: bool | None = None  # release from quarantine takes a second person


class Rules(Section):
    """Which rules are read, and what the operator changes of them."""

    folders: Strings = ("builtin",)
    overrides: dict[str, RuleOverride] = {}


class PolicyFor(Section):
    """Another policy for some recipients: pilot groups, several mutuelles. The first entry that matches counts."""

    recipients: Addresses = ()
    domains: Domains = ()
    mode: Literal["watch", "tag", "enforce"] | None = None
    tag_at: Points | None = None
    quarantine_at: Points | None = None
    reject_at: Points | None = None

    @model_validator(mode="after")
    def _somebody(self) -> "PolicyFor":
        if not self.recipients and not self.domains:
            raise ValueError("needs recipients or domains")
        return self


class Allow(Section):
    """An allow entry: works only when the message is authenticated as `authenticated`."""

    domain: Domain | None = None
    address: Address | None = None
    authenticated: Domain
    reason: str
    until: Day | None = None

    @model_validator(mode="after")
    def _one(self) -> "Allow":
        if (self.domain is None) == (self.address is None):
            raise ValueError("needs either domain or address")
        return self


class Block(Section):
    """A block entry."""

    domain: Domain | None = None
    address: Address | None = None
    network: Network | None = None
    reason: str
    until: Day | None = None

    @model_validator(mode="after")
    def _one(self) -> "Block":
        if [self.domain, self.address, self.network].count(None) != 2:
            raise ValueError("needs exactly one of domain, address, network")
        return self


class Policy(Section):
    """From score to action."""

    mode: Literal["watch", "tag", "enforce"] = "enforce"
    tag_at: Points = 4.0
    quarantine_at: Points = 8.0
    reject_at: Points | None = None
    subject_tag: str = "[SUSPECT] "
    for_: Annotated[tuple[PolicyFor, ...], BeforeValidator(_as_tuple)] = Field(default=(), alias="for")
    allow: Annotated[tuple[Allow, ...], BeforeValidator(_as_tuple)] = ()
    block: Annotated[tuple[Block, ...], BeforeValidator(_as_tuple)] = ()
    on_unscanned: Literal["tempfail", "tag"] = "tempfail"  # an analysis that crashed or ran out of time
    unscanned_tempfails: Annotated[int, Field(ge=0, le=100)] = 3  # then tagged and relayed

    @model_validator(mode="after")
    def _order(self) -> "Policy":
        if not 0 < self.tag_at <= self.quarantine_at:
            raise ValueError("tag_at must be above 0 and not above quarantine_at")
        if self.reject_at is not None and self.reject_at < self.quarantine_at:
            raise ValueError("reject_at must not be below quarantine_at")
        if not (self.subject_tag.isascii() and self.subject_tag.isprintable() and len(self.subject_tag) <= 40):
            raise ValueError("subject_tag is printable ASCII of at most 40 characters")
        return self


class QuarantineSettings(Section):
    """Where held mail lies."""

    folder: File = Path("var/quarantine")
    key_file: File | None = None
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    reviewers: Addresses = ()  # who gets the digest
    minimum_free_bytes: Annotated[int, Field(ge=0)] = 268_435_456


class History(Section):
    """What is remembered of messages, without content."""

    url: Annotated[str, AfterValidator(_history_url)] = "sqlite:///var/history.db"
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 180
    gateway: str | None = None  # this gateway's name in a shared history; None = the machine's name


class Limits(Section):
    """Every bound an operator may move."""

    message_bytes: Annotated[int, Field(ge=1024)] = 36_700_160
    recipients: Annotated[int, Field(ge=1)] = 1000
    connections: Annotated[int, Field(ge=1)] = 500
    connections_per_client: Annotated[int, Field(ge=1)] = 60
    errors: Annotated[int, Field(ge=1)] = 20
    commands_without_mail: Annotated[int, Field(ge=10)] = 200
    command_line_bytes: Annotated[int, Field(ge=512)] = 4096
    bytes_in_flight: Annotated[int, Field(ge=1024)] = 268_435_456
    idle_command_s: Seconds = 300.0
    data_idle_s: Seconds = 60.0
    data_total_s: Seconds = 900.0  # at most; a message has 120 s, and a second more for every 2000 octets that came
    session_s: Seconds = 3600.0
    drain_s: Seconds = 30.0
    judge_s: Seconds = 20.0  # whole verdict of one message
    text_bytes: Annotated[int, Field(ge=16384)] = 262_144  # folded text given to the rules: 3/4 head, 1/4 tail
    decoded_bytes: Annotated[int, Field(ge=65536)] = 4_194_304  # decoded text read per message


class Inspection(Section):
    """Reading attachments, in processes that may die."""

    enabled: bool = True
    processes: Annotated[int, Field(ge=1, le=64)] = 1
    deadline_s: Seconds = 8.0
    memory_bytes: Annotated[int, Field(ge=67_108_864)] = 536_870_912
    requests: Annotated[int, Field(ge=1)] = 500  # then the process is replaced
    part_bytes: Annotated[int, Field(ge=1024)] = 26_214_400  # larger parts are unchecked
    parts: Annotated[int, Field(ge=1)] = 20
    pdf_pages: Annotated[int, Field(ge=1)] = 20
    pixels: Annotated[int, Field(ge=1024)] = 25_000_000
    archive_members: Annotated[int, Field(ge=1)] = 1000
    archive_ratio: Annotated[int, Field(ge=2)] = 100
    archive_depth: Annotated[int, Field(ge=1, le=5)] = 2
    unpacked_bytes: Annotated[int, Field(ge=65536)] = 10_485_760
    on_unchecked: Literal["mark", "tag"] = "mark"


class Log(Section):
    """The log."""

    level: Literal["info", "warning", "error"] = "info"
    addresses: Literal["clear", "hashed"] = "clear"
    key_file: File | None = None  # for hashed addresses; None: a key of this run


class Metrics(Section):
    """The monitoring endpoint."""

    address: Endpoint | None = "127.0.0.1:9643"


class Settings(Section):
    """Everything."""

    listen: Annotated[tuple[Listen, ...], BeforeValidator(_as_tuple), Field(min_length=1)] = (Listen(),)
    next_hop: NextHop = NextHop()
    routes: dict[Domain, NextHop] = {}
    relay_domains: Domains = ("mutuelle.example",)  # () refuses everything
    organisation: Organisation = Organisation()
    dns: Dns = Dns()
    authentication: Authentication = Authentication()
    arc: Arc = Arc()
    rules: Rules = Rules()
    policy: Policy = Policy()
    quarantine: QuarantineSettings = QuarantineSettings()
    history: History = History()
    limits: Limits = Limits()
    inspection: Inspection = Inspection()
    log: Log = Log()
    metrics: Metrics = Metrics()
    workers: Literal["auto"] | Annotated[int, Field(ge=1, le=64)] = "auto"

    @field_validator("listen")
    @classmethod
    def _each_address_once(cls, listen: tuple[Listen, ...]) -> tuple[Listen, ...]:
        addresses = [entry.address for entry in listen]
        for address in addresses:
            if addresses.count(address) > 1:
                raise ValueError(f"{address} stands twice: each entry needs an address of its own")
        return listen
