"""Proof (DESIGN §6): whether a message is authenticated as somebody. Pure; asks nothing.

*Yes*: SPF or DKIM passed for a domain of X, aligned with the author (DMARC's relaxed alignment, or what the domain's
DMARC record says), or a trusted ARC chain recorded it. *No*: nothing in the message names a domain of X in a way that
could ever prove it. *Unknown*: something does, and its check could not be made.
"""

from dataclasses import dataclass, replace

from gateway.content.directory_index import INTERNAL_SERVICE, DirectoryIndex, in_domains
from gateway.content.registrable import registrable_domain
from gateway.model.auth_facts import AuthFacts, DkimStatus, SpfStatus
from gateway.model.content_facts import ContentFacts, Proof, SenderFlag
from gateway.model.directory import ORGANISATION
from gateway.model.domain import DomainName
from gateway.model.envelope import Envelope


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Domains that proved something, and domains that might have, had their check been made."""

    proved: tuple[DomainName, ...]  # aligned with the author
    proved_any: tuple[DomainName, ...]  # aligned or not
    open: tuple[DomainName, ...]  # aligned, not checked
    open_any: tuple[DomainName, ...]


def add_proof(facts: ContentFacts, auth: AuthFacts, envelope: Envelope, index: DirectoryIndex) -> ContentFacts:
    """The same facts with `sender.proof` (one entry per identity claimed, spoken for or named), `author_proved` and
    OWN_DOMAIN_FORGED filled in."""
    sender = facts.sender
    author = sender.author_domain
    evidence = _collect(auth, author, envelope)
    identities = {c.identity for c in facts.claims} | set(sender.lookalike_of)
    named = [author, envelope.mail_from.domain if envelope.mail_from else None]
    named += [*auth.claimed_dkim_domains, *(d.domain for d in auth.dkim), *auth.arc.recorded_dmarc_pass]
    for domain in named:
        if domain is not None:
            identities.update(index.speaks_for(domain))
    if author is not None and index.is_own(author):
        identities.add(ORGANISATION)
    proof = tuple((i, _prove(i, author, auth, evidence, index)) for i in sorted(identities))
    flags = sender.flags
    if author is None:
        if SenderFlag.OWN_DOMAIN_AUTHOR in flags and not _may_be_ours(evidence, auth, index):
            flags |= {SenderFlag.OWN_DOMAIN_FORGED}
    elif dict(proof).get(ORGANISATION, Proof.NO) is Proof.NO:
        if SenderFlag.OWN_DOMAIN_AUTHOR in flags and SenderFlag.WEB_FORM not in flags:
            flags |= {SenderFlag.OWN_DOMAIN_FORGED}
        elif in_domains(author, index.directory.own_services):
            flags |= {SenderFlag.OWN_SERVICE_FORGED}
    return replace(
        facts,
        sender=replace(sender, proof=proof, author_proved=_prove_author(author, auth, evidence), flags=flags),
    )


def _collect(auth: AuthFacts, author: DomainName | None, envelope: Envelope) -> _Evidence:
    proved: list[DomainName] = []
    open_: list[DomainName] = []
    if auth.known:
        proved += [d.domain for d in auth.dkim if d.is_proof and d.domain]
        open_ += [d.domain for d in auth.dkim if d.status is DkimStatus.TEMPERROR and d.domain]
        spf = auth.spf
        if spf.domain is not None:  # HELO's when the path is null (RFC 7208 §2.4)
            if spf.status is SpfStatus.PASS:
                proved.append(spf.domain)
            elif spf.status is SpfStatus.TEMPERROR:
                open_.append(spf.domain)
        if any(reason.startswith(("dkim:", "dkim ")) for reason in auth.skipped):
            checked = {d.domain for d in auth.dkim}
            open_ += [d for d in auth.claimed_dkim_domains if d not in checked]
    else:
        open_ += auth.claimed_dkim_domains
    if not auth.known or (envelope.client.address is None and auth.spf.status is SpfStatus.NONE):  # SPF was not asked
        spf_domain = envelope.mail_from.domain if envelope.mail_from is not None else author
        if spf_domain is not None:
            open_.append(spf_domain)
    return _Evidence(
        proved=tuple(d for d in proved if _aligned(d, author, auth)),
        proved_any=tuple(proved),
        open=tuple(d for d in open_ if _aligned(d, author, auth)),
        open_any=tuple(open_),
    )


def _aligned(domain: DomainName, author: DomainName | None, auth: AuthFacts) -> bool:
    """Whether a domain that passed speaks for the author: by DMARC where it was computed, else relaxed alignment."""
    if author is None:
        return False
    if domain == author:
        return True
    if auth.dmarc.policy is not None:
        if domain in auth.dmarc.aligned_dkim:
            return True
        if auth.dmarc.aligned_spf and domain == auth.spf.domain:
            return True
        if (
            auth.known
            and not any(d.status is DkimStatus.TEMPERROR and d.domain == domain for d in auth.dkim)
            and not (auth.spf.status is SpfStatus.TEMPERROR and auth.spf.domain == domain)
        ):
            return False
    own = registrable_domain(author)
    return own is not None and own == registrable_domain(domain)


def _prove(
    identity: str, author: DomainName | None, auth: AuthFacts, evidence: _Evidence, index: DirectoryIndex
) -> Proof:
    def speaks(domain: DomainName | None) -> bool:
        return domain is not None and identity in index.speaks_for(domain)

    if any(speaks(d) for d in auth.arc.recorded_dmarc_pass) and auth.arc.trusted:
        return Proof.YES
    author_speaks = speaks(author)
    if any(author_speaks or speaks(d) for d in evidence.proved):
        return Proof.YES
    inside = identity in (ORGANISATION, INTERNAL_SERVICE) and author is not None and index.is_own(author)
    services = index.directory.own_services
    if inside and any(in_domains(d, services) for d in evidence.proved_any):
        return Proof.YES  # a service that may write in our name, under our address
    if any(author_speaks or speaks(d) for d in evidence.open):
        return Proof.UNKNOWN
    if inside and any(in_domains(d, services) for d in evidence.open_any):
        return Proof.UNKNOWN
    if author_speaks and not auth.known:
        return Proof.UNKNOWN
    return Proof.NO


def _may_be_ours(evidence: _Evidence, auth: AuthFacts, index: DirectoryIndex) -> bool:
    """Whether a From that gives no one author, and shows us among others, was signed or sent by us, or could not be
    checked."""
    if not auth.known:
        return True
    domains = (*evidence.proved_any, *evidence.open_any, *auth.arc.recorded_dmarc_pass)
    return any(index.is_own(d) or in_domains(d, index.directory.own_services) for d in domains)


def _prove_author(author: DomainName | None, auth: AuthFacts, evidence: _Evidence) -> Proof:
    if author is None:
        return Proof.NO
    if evidence.proved or (auth.arc.trusted and author in auth.arc.recorded_dmarc_pass):
        return Proof.YES
    if evidence.open or not auth.known:
        return Proof.UNKNOWN
    return Proof.NO
