"""What sender authentication found: results spelt as Authentication-Results spells them (RFC 8601 §2.7)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.model.address import Mailbox
from gateway.model.domain import DomainName


class SpfStatus(StrEnum):
    """Results of check_host() (RFC 7208 §2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class SpfIdentity(StrEnum):
    """Which identity was checked (RFC 7208 §2.3, §2.4)."""

    MAIL_FROM = "mailfrom"
    HELO = "helo"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfResult:
    """What SPF says of one client for one identity."""

    status: SpfStatus
    identity: SpfIdentity
    domain: DomainName | None
    reason: str = ""  # ours, for the log: never text of the sender's
    explanation: str = ""  # written by the sender's DNS: hostile, never put in a reply


class DkimStatus(StrEnum):
    """Results of one DKIM signature (RFC 8601 §2.7.1)."""

    NONE = "none"
    PASS = "pass"
    FAIL = "fail"
    POLICY = "policy"
    NEUTRAL = "neutral"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimResult:
    """One DKIM-Signature field, top down."""

    status: DkimStatus
    domain: DomainName | None  # d=
    selector: str = ""  # s=, printable ASCII
    identity: str = ""  # i=, printable
    algorithm: str = ""  # a=
    signature_start: str = ""  # first 8+ characters of b=, for header.b (RFC 6008)
    reason: str = ""  # ours: "bad signature", "body has changed", "key is revoked"...
    key_bits: int = 0
    testing: bool = False  # t=y in the key
    partial_body: bool = False  # l= shorter than the body
    unsigned_duplicates: tuple[str, ...] = ()  # field names (lower case) that occur more often than they are signed
    signed_fields: tuple[str, ...] = ()  # h=, lower case

    @property
    def is_proof(self) -> bool:
        """Whether trust may rest on it: passed, over the whole body, without fields slipped in beside signed ones."""
        return (
            self.status is DkimStatus.PASS
            and not self.partial_body
            and not self.unsigned_duplicates
            and not self.testing
        )


class DmarcStatus(StrEnum):
    """Results of DMARC (RFC 9989; RFC 8601 §2.7.5)."""

    NONE = "none"
    PASS = "pass"
    FAIL = "fail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class DmarcPolicy(StrEnum):
    """p=, sp= or np= as it applies to this author domain, after t=y has softened it."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcResult:
    """What DMARC says of the author's domain."""

    status: DmarcStatus
    domain: DomainName | None = None  # the author domain
    # None: no record, or it could not be asked. With permerror: of a domain a reader may show, which nothing speaks for
    policy: DmarcPolicy | None = None
    organizational_domain: DomainName | None = None
    record_domain: DomainName | None = None  # where the record was found
    record: str = ""  # the record's text, for reports: hostile
    aligned_spf: bool = False
    aligned_dkim: tuple[DomainName, ...] = ()
    testing: bool = False
    reason: str = ""


class ArcStatus(StrEnum):
    """Chain validation status (RFC 8617 §4.4)."""

    NONE = "none"
    PASS = "pass"
    FAIL = "fail"
    TEMPERROR = "temperror"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcResult:
    """What the ARC chain says."""

    status: ArcStatus
    sets: int = 0
    sealer: DomainName | None = None  # d= of the newest seal
    sealers: tuple[DomainName, ...] = ()  # i=1 first
    oldest_pass: int = 0
    reason: str = ""
    trusted: bool = False  # chain passes and its newest sealer is one of `trusted_arc_sealers`
    recorded_dmarc_pass: tuple[DomainName, ...] = ()  # author domains that a trusted chain's first set recorded as pass


class IprevStatus(StrEnum):
    """Forward-confirmed reverse DNS of the client (RFC 8601 §2.7.3)."""

    PASS = "pass"
    FAIL = "fail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True, kw_only=True)
class IprevResult:
    """The client's confirmed host name, if it has one."""

    status: IprevStatus
    name: DomainName | None = None


class AuthorProblem(StrEnum):
    """Why the From field does not give exactly one author (RFC 5322 §3.6.2, RFC 9989 §5.3.1)."""

    MISSING = "missing"
    SEVERAL_FIELDS = "several_fields"
    SEVERAL_ADDRESSES = "several_addresses"
    UNREADABLE = "unreadable"  # no strict reading gives one mailbox
    DISAGREEMENT = "disagreement"  # lenient readers would show another address than a strict one


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The author address by one strict reading of the raw From field, or why there is none."""

    mailbox: Mailbox | None
    display_name: str = ""  # decoded, not folded
    problem: AuthorProblem | None = None
    candidates: tuple[Mailbox, ...] = ()  # every address that some reader might show


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthFacts:
    """All of it, for one message. `known` is False when no question was asked (`scan --no-authentication`)."""

    known: bool = True
    spf: SpfResult = field(
        default_factory=lambda: SpfResult(status=SpfStatus.NONE, identity=SpfIdentity.MAIL_FROM, domain=None)
    )
    spf_helo: SpfResult | None = None
    dkim: tuple[DkimResult, ...] = ()
    dmarc: DmarcResult = field(default_factory=lambda: DmarcResult(status=DmarcStatus.NONE))
    arc: ArcResult = field(default_factory=lambda: ArcResult(status=ArcStatus.NONE))
    iprev: IprevResult | None = None
    checked_at: datetime | None = None
    skipped: tuple[str, ...] = ()  # checks not made, "check:cause", for `unchecked`
    # d= of every DKIM-Signature field as written, checked or not: what `authenticated_as` needs to say "no" without DNS
    claimed_dkim_domains: tuple[DomainName, ...] = ()
