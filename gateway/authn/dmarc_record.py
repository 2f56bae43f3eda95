"""DMARC policy records (RFC 9989 §4.7, §4.8) and the walk up the tree that finds them (§4.10)."""

import asyncio
import re
from dataclasses import dataclass
from functools import lru_cache

from gateway.model.auth_facts import DmarcPolicy
from gateway.model.dns_answer import RecordType
from gateway.model.domain import MAX_NAME, DomainName
from gateway.model.ports import Resolver

MAX_QUERIES = 8  # of one walk
MAX_RECORD = 4096  # characters; what is longer is cut, as tags that matter stand in front
_VERSION = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s,;]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcRecord:
    """One policy record. `subdomain` and `non_existent` are what applies below it, sp= and np= with their defaults."""

    text: str
    policy: DmarcPolicy
    subdomain: DmarcPolicy
    non_existent: DmarcPolicy
    strict_dkim: bool = False
    strict_spf: bool = False
    testing: bool = False  # t=y
    withheld: bool = False  # pct=0 without t=: the old way to say t=y (RFC 9989 appendix A.6)
    public_suffix: bool | None = None  # psd=y True, psd=n False, else None


def _policy(value: str | None) -> DmarcPolicy | None:
    try:
        return DmarcPolicy(value.lower()) if value is not None else None
    except ValueError:
        return None


@lru_cache(maxsize=2048)
def parse_dmarc_record(text: str) -> DmarcRecord | None:
    """Read one TXT record; None when it is no DMARC record, or one that asks for nothing.

    Unknown tags and malformed ones are passed over (RFC 9989 §4.7). Where p= is missing or p=, sp= or np= is none of
    the three words, a record with a report address counts as p=none, one without counts for nothing (§4.10.1).
    """
    if _VERSION.match(text) is None:
        return None
    tags: dict[str, str] = {}
    for element in text.split(";")[:100]:
        name, equals, value = element.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), value.strip())
    policy = _policy(tags.get("p"))
    below = {name: _policy(tags.get(name)) for name in ("sp", "np")}
    if policy is None or any(below[name] is None for name in below if name in tags):
        if _URI.match(tags.get("rua", "")) is None:
            return None
        policy, below = DmarcPolicy.NONE, {"sp": None, "np": None}
    subdomain = below["sp"] or policy
    test = tags.get("t", "").lower()
    return DmarcRecord(
        text=text,
        policy=policy,
        subdomain=subdomain,
        non_existent=below["np"] or subdomain,
        strict_dkim=tags.get("adkim", "").lower() == "s",
        strict_spf=tags.get("aspf", "").lower() == "s",
        testing=test == "y",
        withheld=test not in ("y", "n") and tags.get("pct") == "0",
        public_suffix={"y": True, "n": False}.get(tags.get("psd", "").lower()),
    )


@dataclass(frozen=True, slots=True)
class Walk:
    """What was found on the way from a domain to the root of the tree: records by domain, longest name first."""

    start: DomainName
    records: tuple[tuple[DomainName, DmarcRecord], ...]
    failed: bool = False  # DNS could not be asked somewhere, so nothing certain can be said above

    @property
    def decided(self) -> bool:
        """Whether a record says by psd= where the organization begins."""
        return any(record.public_suffix is not None for _, record in self.records)

    @property
    def organizational_domain(self) -> DomainName:
        """RFC 9989 §4.10.2, on a walk that went to its end."""
        for domain, record in self.records:
            if record.public_suffix is False:
                return domain
            if record.public_suffix and domain != self.start:
                labels = self.start.split(".")
                return DomainName(".".join(labels[-(domain.count(".") + 2) :]))
        return self.records[-1][0] if self.records else self.start


def walk_names(domain: DomainName) -> list[DomainName]:
    """The domains that a walk asks, at most 8: the domain, then from seven labels at most to one (RFC 9989 §4.10)."""
    labels = domain.split(".")
    parents = range(max(1, len(labels) - MAX_QUERIES + 1), len(labels))
    return [domain, *(DomainName(".".join(labels[at:])) for at in parents)]


async def ask_record(domain: DomainName, resolver: Resolver) -> tuple[DmarcRecord | None, bool]:
    """The record of one domain, and whether DNS failed. Several records count as none."""
    name = f"_dmarc.{domain}"
    if len(name) > MAX_NAME:
        return None, False  # there can be none: were that "could not look", a long subdomain would shed its policy
    answer = await resolver.query(name, RecordType.TXT)
    if answer.failed:
        return None, True
    records = [text[:MAX_RECORD] for text in answer.values if _VERSION.match(text)]
    return (parse_dmarc_record(records[0]) if len(records) == 1 else None), False


async def walk_tree(domain: DomainName, resolver: Resolver) -> Walk:
    """The records from `domain` upward, until one says psd=y or psd=n, the tree ends, or DNS fails."""
    own, failed = await ask_record(domain, resolver)
    return Walk(domain, (), failed=True) if failed else await walk_up(domain, own, resolver)


async def walk_up(domain: DomainName, own: DmarcRecord | None, resolver: Resolver) -> Walk:
    """The same where the domain's own record is known.

    The domains above are asked at the same time: that is faster, and the message's budget of lookups can't be used up
    by other checks in between.
    """
    records = [(domain, own)] if own is not None else []
    if own is None or own.public_suffix is None:
        parents = walk_names(domain)[1:]
        for name, (record, failed) in zip(parents, await _ask_records(parents, resolver), strict=True):
            if failed:
                return Walk(domain, tuple(records), failed=True)
            if record is not None:
                records.append((name, record))
                if record.public_suffix is not None:
                    break
    return Walk(domain, tuple(records))


async def _ask_records(domains: list[DomainName], resolver: Resolver) -> list[tuple[DmarcRecord | None, bool]]:
    if len(domains) == 1:
        return [await ask_record(domains[0], resolver)]
    return list(await asyncio.gather(*(ask_record(domain, resolver) for domain in domains)))
