"""Registrable domains: what somebody had to register to own a host (Public Suffix List, private part included).

`alice.github.io` and `bob.github.io` are two owners; `info.ameli.fr` and `ameli.fr` are one.
"""

from functools import lru_cache

from gateway.model.domain import DomainName
from gateway.model.public_suffix import ALL, KNOWN

_NOBODYS = frozenset(("example.com", "example.net", "example.org"))  # RFC 2606, section 3


@lru_cache(maxsize=32768)
def registrable_domain(host: str) -> DomainName | None:
    """The registrable domain of a host (A-labels); None for an address, a public suffix or one label."""
    last = host.rpartition(".")[2]
    if last.isdigit() or not last:
        return None
    found: str | None = ALL.privatesuffix(host)
    return DomainName(found) if found and "." in found else None


@lru_cache(maxsize=32768)
def registered_label(host: str) -> str:
    """The label that its owner chose: `ameli` of `info.ameli.fr`; "" where there is no registrable domain."""
    domain = registrable_domain(host)
    return domain.partition(".")[0] if domain else ""


def own_label(host: str) -> str:
    """The label by which the operator's own domain is known: the registered one; below a name that RFC 2606 sets aside
    for examples, which nobody owns, the one before it (`insurer` of `insurer.example.org`)."""
    domain = registrable_domain(host)
    if domain in _NOBODYS:
        return host[: -len(domain)].rstrip(".").rpartition(".")[2]
    return registered_label(host)


@lru_cache(maxsize=4096)
def is_top_level(label: str) -> bool:
    """Whether the list knows this label as a top-level domain."""
    return bool(label) and KNOWN.publicsuffix(label) == label


def same_owner(one: str, other: str) -> bool:
    """Whether two hosts belong to one registrable domain."""
    if one == other:
        return True
    domain = registrable_domain(one)
    return domain is not None and domain == registrable_domain(other)
