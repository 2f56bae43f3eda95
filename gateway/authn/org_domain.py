"""Registrable domains by the public suffix list: the fallback where DNS can't tell an organizational domain."""

from functools import lru_cache

from gateway.model.domain import DomainName, parse_domain
from gateway.model.public_suffix import ALL, REGISTRIES


@lru_cache(maxsize=8192)
def is_icann_suffix(name: DomainName) -> bool:
    """Whether a registry sells names directly below `name`: com, co.uk, asso.fr."""
    return REGISTRIES.privatesuffix(name) is None


@lru_cache(maxsize=8192)
def registrable_domain(name: DomainName) -> DomainName | None:
    """The public suffix of `name` and one label more; None when `name` is itself a public suffix."""
    found = ALL.privatesuffix(name)
    return DomainName(found) if found else None


def registrable_text(text: str) -> str | None:
    """The same for a domain as somebody wrote it: the answer keeps the spelling (U-labels), lower-cased."""
    name = parse_domain(text)
    if name is None:
        return None
    found = registrable_domain(name)
    if found is None:
        return None
    labels = text.lower().removesuffix(".").split(".")
    return ".".join(labels[-(found.count(".") + 1) :])


def organizational_fallback(name: DomainName) -> DomainName:
    """The registrable domain, or the name itself where there is none."""
    return registrable_domain(name) or name


def common_ancestor(one: DomainName, other: DomainName) -> DomainName | None:
    """The longest domain that both lie in, None when they share no label."""
    shared = []
    for mine, theirs in zip(reversed(one.split(".")), reversed(other.split(".")), strict=False):
        if mine != theirs:
            break
        shared.append(mine)
    return DomainName(".".join(reversed(shared))) if shared else None
