"""Who may speak for whom: the entries of `rules/lists/` and of the settings, as nouns."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.model.content_facts import AskKind
from gateway.model.domain import DomainName

ORGANISATION = "organisation"  # the identity of the operator's own organisation


class IdentityKind(StrEnum):
    """What an identity is; rules may speak of a whole kind."""

    HEALTH_INSURANCE = "health_insurance"  # Assurance Maladie and its services
    HEALTH_OPERATOR = "health_operator"  # tiers payant, networks, exchange operators
    MUTUELLE = "mutuelle"
    ADMINISTRATION = "administration"
    CARRIER = "carrier"
    BANK = "bank"
    SAAS = "saas"
    PROFESSIONAL_ORDER = "professional_order"
    PARTNER = "partner"  # from the settings
    ORGANISATION = "organisation"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody whom mail may claim to come from."""

    id: str
    name: str
    kind: IdentityKind
    aliases: tuple[str, ...] = ()  # as people write them; folded by who matches them
    weak_aliases: tuple[str, ...] = ()  # only a claim in a display name, a host or beside another claim
    domains: tuple[DomainName, ...] = ()  # may speak for it, subdomains included
    confirmed: bool = False  # whether the domains were confirmed with a source
    never_asks: frozenset[AskKind] = frozenset()
    source: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedPerson:
    """Somebody whose name is worth forging."""

    name: str
    role: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Everything content facts are held against. Built once per load of the settings."""

    identities: tuple[Identity, ...] = ()
    people: tuple[ProtectedPerson, ...] = ()
    own_domains: tuple[DomainName, ...] = ()
    own_services: tuple[DomainName, ...] = ()
    report_mailboxes: frozenset[str] = frozenset()
    benefits_mailboxes: frozenset[str] = frozenset()
    free_mail: frozenset[DomainName] = frozenset()
    shorteners: frozenset[DomainName] = frozenset()
    shared_hosting: frozenset[DomainName] = frozenset()  # suffix match
    hosted_forms: frozenset[DomainName] = frozenset()
    redirectors: frozenset[DomainName] = frozenset()  # rewriting gateways and mailers' trackers
