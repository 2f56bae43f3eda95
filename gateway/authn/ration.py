"""A share of a message's DNS budget: no check that an attacker feeds may use up the questions of the others.

Without it, a chain of 50 seals or an SPF record of a hundred names would leave nothing for the author domain's policy,
and "could not look" is a milder word than "fail".
"""

from gateway.model.dns_answer import DnsAnswer, FailureCause, RecordType, failed
from gateway.model.ports import Resolver

SPF_LOOKUPS = 40  # MAIL FROM first, then HELO; an honest record takes 10, and 10 more for a few mx
ARC_LOOKUPS = 16  # key names; real chains have up to 6 sets and mostly one key for both fields of a set
_SPENT = failed(FailureCause.BUDGET)


class Ration:
    """A resolver that answers so many questions and then fails with BUDGET."""

    def __init__(self, resolver: Resolver, lookups: int) -> None:
        self._resolver = resolver
        self._left = lookups

    async def query(self, name: str, rtype: RecordType) -> DnsAnswer:
        """One answer, while there is any left."""
        if self._left <= 0:
            return _SPENT
        self._left -= 1
        return await self._resolver.query(name, rtype)
