"""DMARC (RFC 9989, which took the place of RFC 7489): policy of the author's domain, and whether it is met."""

import asyncio
from dataclasses import dataclass, replace

from gateway.authn.dmarc_record import DmarcRecord, Walk, ask_record, walk_tree, walk_up
from gateway.authn.org_domain import common_ancestor, is_icann_suffix, organizational_fallback
from gateway.model.auth_facts import (
    Author,
    AuthorProblem,
    DkimResult,
    DkimStatus,
    DmarcPolicy,
    DmarcResult,
    DmarcStatus,
    SpfResult,
    SpfStatus,
)
from gateway.model.dns_answer import AnswerKind, RecordType
from gateway.model.domain import DomainName
from gateway.model.ports import Resolver

_SOFTER = {
    DmarcPolicy.REJECT: DmarcPolicy.QUARANTINE,
    DmarcPolicy.QUARANTINE: DmarcPolicy.NONE,
    DmarcPolicy.NONE: DmarcPolicy.NONE,
}
_STRICTNESS = (None, DmarcPolicy.NONE, DmarcPolicy.QUARANTINE, DmarcPolicy.REJECT)
_NO_AUTHOR = frozenset({AuthorProblem.MISSING, AuthorProblem.SEVERAL_FIELDS, AuthorProblem.UNREADABLE})
MAX_SHOWN_DOMAINS = 3  # of a From that gives no one author: each costs up to nine questions of the message's budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What discovery found for an author domain."""

    domain: DomainName
    record: DmarcRecord | None = None
    record_domain: DomainName | None = None
    applied: DmarcPolicy | None = None
    walk: Walk | None = None  # of the author domain, when it was walked
    failed: bool = False


def author_domain(author: Author) -> DomainName | None:
    """The one domain that every reader of From would take for the author's; None when there is no such domain.

    Several addresses of one domain leave no doubt about the domain; anything else that does is None.
    """
    if author.problem in _NO_AUTHOR:
        return None
    mailboxes = (author.mailbox, *author.candidates) if author.problem else (author.mailbox,)
    domains = {mailbox.domain for mailbox in mailboxes if mailbox is not None}
    return domains.pop() if len(domains) == 1 else None


def shown_domains(author: Author) -> tuple[DomainName, ...]:
    """The domains a reader may show as the author's where From gives no one author; () where it does.

    A strict reading that gives one mailbox is what nearly every reader shows, whatever stands in a comment or a phrase
    beside it: then only its domain counts.
    """
    if author.problem is None:
        return ()
    shown = author.candidates
    if author.mailbox is not None:
        shown = (author.mailbox,) if author.problem is AuthorProblem.DISAGREEMENT else (author.mailbox, *shown)
    return tuple(dict.fromkeys(mailbox.domain for mailbox in shown if mailbox.domain is not None))


async def discover_policy(domain: DomainName, resolver: Resolver) -> Policy:
    """The record that applies to an author domain (RFC 9989 §4.10.1): its own, its organization's, the PSD's."""
    record, failed = await ask_record(domain, resolver)
    if failed:
        return Policy(domain=domain, failed=True)
    if record is not None:
        return Policy(domain=domain, record=record, record_domain=domain, applied=record.policy)
    walk = await walk_up(domain, None, resolver)
    if walk.failed:
        return Policy(domain=domain, failed=True, walk=walk)
    by_domain = dict(walk.records)
    organizational = walk.organizational_domain
    chosen = organizational if organizational in by_domain else next(reversed(by_domain), None)
    if chosen is None:
        return Policy(domain=domain, walk=walk)
    record = by_domain[chosen]
    applied = record.subdomain
    if record.non_existent is not record.subdomain:
        # RFC 9989 §3.2.13: the name doesn't exist when DNS says so of the name, whatever type is asked
        answer = await resolver.query(domain, RecordType.A)
        if answer.kind is AnswerKind.NO_NAME:
            applied = record.non_existent
    return Policy(domain=domain, record=record, record_domain=chosen, applied=applied, walk=walk)


class Alignment:
    """Tells whether a domain is aligned with the author's; walks the tree only where the answer hangs on it."""

    def __init__(self, policy: Policy, resolver: Resolver) -> None:
        self._author = policy.domain
        self._resolver = resolver
        self._walks: dict[DomainName, Walk] = {}
        if policy.walk is not None:
            self._walks[policy.domain] = policy.walk

    async def aligned(self, domain: DomainName, strict: bool) -> bool:
        """RFC 9989 §4.4. Where the tree is silent, the public suffix list speaks as in RFC 7489 §3.2."""
        if domain == self._author:
            return True
        ancestor = common_ancestor(domain, self._author)
        if strict or ancestor is None or is_icann_suffix(ancestor):
            # two domains that meet only in a registry's suffix belong to two organizations: no need to walk
            return False
        walk, author_walk = await self._walk(domain), await self._walk(self._author)
        if walk.failed or author_walk.failed or (not walk.records and not author_walk.decided):
            # DNS could not be asked; or nothing stands above the author's own record, by an owner who may never have
            # heard of the tree walk: most published records are older than it
            return organizational_fallback(domain) == organizational_fallback(self._author)
        return walk.organizational_domain == author_walk.organizational_domain

    async def _walk(self, domain: DomainName) -> Walk:
        walk = self._walks.get(domain)
        if walk is None:
            walk = self._walks[domain] = await walk_tree(domain, self._resolver)
        return walk

    def organizational_domain(self) -> DomainName:
        """The author's, for the report: by the tree where it was walked, else by the public suffix list."""
        walk = self._walks.get(self._author)
        return organizational_fallback(self._author) if walk is None or walk.failed else walk.organizational_domain


async def check_dmarc(author: Author, spf: SpfResult, dkim: tuple[DkimResult, ...], resolver: Resolver) -> DmarcResult:
    """What DMARC says of a message. `spf` is the result for MAIL FROM, HELO's for the null path. Never raises but
    `CancelledError`."""
    return await evaluate_dmarc(author, await discover_policies(author, resolver), spf, dkim, resolver)


async def discover_policies(author: Author, resolver: Resolver) -> tuple[Policy, ...]:
    """What the author domain publishes; where From names no such domain, each of those a reader may show, if few."""
    domain = author_domain(author)
    domains = shown_domains(author) if domain is None else (domain,)
    if len(domains) > MAX_SHOWN_DOMAINS:
        return ()
    if len(domains) == 1:
        return (await discover_policy(domains[0], resolver),)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(discover_policy(domain, resolver)) for domain in domains]
    return tuple(task.result() for task in tasks)


async def evaluate_dmarc(
    author: Author, policies: tuple[Policy, ...], spf: SpfResult, dkim: tuple[DkimResult, ...], resolver: Resolver
) -> DmarcResult:
    """The same with discovery done before, as it needs neither SPF nor DKIM."""
    domain = author_domain(author)
    if domain is None:
        return await _evaluate_doubtful(author, policies, spf, dkim, resolver)
    policy = policies[0]
    if author.mailbox is None and policy.record is not None:
        # all of one domain, but which of them a reader shows is not known: nobody is vouched for
        met = await _evaluate(policy, spf, dkim, resolver)
        unmet = met.policy if met.status is DmarcStatus.FAIL else None
        return DmarcResult(
            status=DmarcStatus.PERMERROR, domain=domain, policy=unmet, reason="From names several addresses"
        )
    return await _evaluate(policy, spf, dkim, resolver)


async def _evaluate_doubtful(
    author: Author, policies: tuple[Policy, ...], spf: SpfResult, dkim: tuple[DkimResult, ...], resolver: Resolver
) -> DmarcResult:
    """Permerror, with the strictest policy among the domains a reader may show that nothing speaks for.

    Otherwise a second From, a comment or a bracket would be the way round every p=reject (RFC 7489 §6.6.1).
    """
    none = DmarcResult(status=DmarcStatus.PERMERROR, reason="From does not name one author domain")
    if len(shown_domains(author)) > MAX_SHOWN_DOMAINS:
        # no honest mail does this, and the one that matters may be any of them
        return replace(none, policy=DmarcPolicy.QUARANTINE, reason="From names more domains than are looked at")
    results = [await _evaluate(policy, spf, dkim, resolver) for policy in policies]
    unmet = [result for result in results if result.status is DmarcStatus.FAIL]
    if unmet:
        strictest = max(unmet, key=lambda result: _STRICTNESS.index(result.policy))
        return replace(none, domain=strictest.domain, policy=strictest.policy)
    return next((result for result in results if result.status is DmarcStatus.TEMPERROR), none)


async def _evaluate(policy: Policy, spf: SpfResult, dkim: tuple[DkimResult, ...], resolver: Resolver) -> DmarcResult:
    domain = policy.domain
    if policy.failed:
        return DmarcResult(status=DmarcStatus.TEMPERROR, domain=domain, reason="policy could not be looked up")
    record = policy.record
    if record is None:
        return DmarcResult(status=DmarcStatus.NONE, domain=domain, reason="no policy is published")
    alignment = Alignment(policy, resolver)
    spf_aligned = await _spf_aligned(spf, record, alignment)
    dkim_aligned = await _aligned_domains(dkim, record, alignment, DkimStatus.PASS)
    result = DmarcResult(
        status=DmarcStatus.PASS,
        domain=domain,
        policy=_SOFTER[policy.applied] if record.testing and policy.applied else policy.applied,
        organizational_domain=alignment.organizational_domain(),
        record_domain=policy.record_domain,
        record=record.text,
        aligned_spf=spf_aligned and spf.status is SpfStatus.PASS,
        aligned_dkim=dkim_aligned,
        testing=record.testing or record.withheld,
    )
    if result.aligned_spf or result.aligned_dkim:
        return result
    pending = await _aligned_domains(dkim, record, alignment, DkimStatus.TEMPERROR)
    if pending or (spf_aligned and spf.status is SpfStatus.TEMPERROR):
        # the check that would have decided could not be made: not a failure (RFC 9989 §5.3)
        return replace(result, status=DmarcStatus.TEMPERROR, reason="an aligned check could not be made")
    softened = _SOFTER[result.policy] if record.withheld and result.policy else result.policy
    return replace(result, status=DmarcStatus.FAIL, policy=softened, reason="neither SPF nor DKIM is aligned")


async def _spf_aligned(spf: SpfResult, record: DmarcRecord, alignment: Alignment) -> bool:
    """Whether SPF's domain is aligned, asked only where its result can count."""
    if spf.domain is None or spf.status not in (SpfStatus.PASS, SpfStatus.TEMPERROR):
        return False
    return await alignment.aligned(spf.domain, record.strict_spf)


async def _aligned_domains(
    dkim: tuple[DkimResult, ...], record: DmarcRecord, alignment: Alignment, status: DkimStatus
) -> tuple[DomainName, ...]:
    """The aligned d= of the signatures with this status."""
    domains = dict.fromkeys(result.domain for result in dkim if result.status is status and result.domain)
    return tuple([domain for domain in domains if await alignment.aligned(domain, record.strict_dkim)])
