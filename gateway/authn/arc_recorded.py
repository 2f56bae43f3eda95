"""What a trusted chain's sealers recorded (RFC 8617 §4.1.1, §7.2): author domains whose DMARC passed where they stood.

A seal by a trusted sealer vouches for what that sealer saw itself, its own ARC-Authentication-Results, not for what an
unknown one wrote before it: an attacker may seal a forged i=1 and have it forwarded by an honest i=2. So the records
are read from the newest set downward, for as long as the sealer is trusted, and no further.
"""

from collections.abc import Collection, Sequence

from gateway.authn.arc_chain import ArcSet
from gateway.authn.results_text import MAX_TEXT, joined_pairs, read_statements
from gateway.model.domain import DomainName, parse_domain


def recorded_dmarc_pass(sets: Sequence[ArcSet], trusted: Collection[DomainName]) -> tuple[DomainName, ...]:
    """The author domains recorded as passing, by the unbroken run of trusted sealers that ends the chain."""
    domains: dict[DomainName, None] = {}
    for one in reversed(sets):
        if one.seal.domain not in trusted:
            break
        domain = _passing_author(one.results_field.value)
        if domain is not None:
            domains[domain] = None
    return tuple(domains)


def _passing_author(value: bytes) -> DomainName | None:
    """header.from of the one dmarc=pass; None when there is none, several or it can't be read."""
    if len(value) > MAX_TEXT:
        return None
    statements = read_statements(value.decode("utf-8", "replace"))
    if statements is None:
        return None
    found = [pairs for pairs in map(joined_pairs, statements[1:]) if pairs and _method(pairs[0]) == "dmarc"]
    if len(found) != 1 or found[0][0].partition("=")[2].lower() != "pass":
        return None
    named = [pair.partition("=")[2] for pair in found[0][1:] if pair.partition("=")[0].lower() == "header.from"]
    return parse_domain(named[0].rpartition("@")[2]) if len(named) == 1 else None


def _method(word: str) -> str:
    return word.partition("=")[0].partition("/")[0].lower()
