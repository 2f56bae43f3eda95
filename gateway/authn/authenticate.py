"""All of sender authentication for one message: SPF, DKIM, ARC, iprev, DMARC's record at the same time; then DMARC."""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from gateway.authn.arc import ArcCheck, run_arc
from gateway.authn.dkim import DkimCheck, Workbench, run_dkim
from gateway.authn.dmarc import Policy, author_domain, discover_policies, evaluate_dmarc
from gateway.authn.iprev import check_iprev
from gateway.authn.ration import ARC_LOOKUPS, SPF_LOOKUPS, Ration
from gateway.authn.spf import check_spf
from gateway.model.auth_facts import (
    ArcResult,
    ArcStatus,
    AuthFacts,
    DkimResult,
    DmarcResult,
    DmarcStatus,
    IprevResult,
    SpfIdentity,
    SpfResult,
    SpfStatus,
)
from gateway.model.domain import DomainName
from gateway.model.envelope import Envelope
from gateway.model.message import Message
from gateway.model.ports import Cpu, Resolver

T = TypeVar("T")
Step = Callable[[], Coroutine[Any, Any, T]]


class _Checks:
    """The checks of one message. One that breaks is a word in `skipped`, never a lost message."""

    def __init__(
        self, message: Message, envelope: Envelope, resolver: Resolver, cpu: Cpu, received_at: datetime
    ) -> None:
        self.skipped: list[str] = []
        self._message = message
        self._envelope = envelope
        self._resolver = resolver
        self._cpu = cpu
        self._now = received_at
        self._bench = Workbench(message)
        self.claimed: tuple[DomainName, ...] = ()

    async def guarded(self, name: str, step: Step[T], otherwise: T) -> T:
        """The step's result, or `otherwise` and a note in `skipped`."""
        try:
            return await step()
        except Exception:
            # A bug of ours, met by hostile input: the message is judged without this check, and policy sees `skipped`.
            self.skipped.append(f"{name}:error")
            return otherwise

    async def run(self, authserv_id: str, trusted: Collection[DomainName]) -> AuthFacts:
        """All of it."""
        no_spf: tuple[SpfResult, SpfResult | None] = (
            SpfResult(status=SpfStatus.TEMPERROR, identity=SpfIdentity.MAIL_FROM, domain=None, reason="check failed"),
            None,
        )
        no_dkim: tuple[DkimResult, ...] = ()
        # both are read before either computes: they share the hashes of the body
        dkim_check = await self.guarded("dkim", self._read_dkim, None)
        arc_check = await self.guarded("arc", lambda: self._read_arc(trusted), None)
        async with asyncio.TaskGroup() as group:
            spf_task = group.create_task(self.guarded("spf", lambda: self._spf(authserv_id), no_spf))
            policies_task = group.create_task(self.guarded("dmarc", self._policies, None))
            iprev_task = group.create_task(self.guarded("iprev", self._iprev, None))
            arc_task = None
            if arc_check is not None and arc_check.needed:
                check, arc_resolver = arc_check, Ration(self._resolver, ARC_LOOKUPS)
                broken = ArcResult(status=ArcStatus.TEMPERROR, sets=check.chain.found, reason="check failed")
                arc_task = group.create_task(
                    self.guarded("arc", lambda: run_arc(check, arc_resolver, self._cpu), broken)
                )
            dkim = await self.guarded("dkim", lambda: self._dkim(dkim_check), no_dkim)
        spf, spf_helo = spf_task.result()
        return AuthFacts(
            spf=spf,
            spf_helo=spf_helo,
            dkim=dkim,
            dmarc=await self._dmarc(policies_task.result(), spf, dkim),
            arc=arc_task.result() if arc_task else ArcResult(status=ArcStatus.NONE),
            iprev=iprev_task.result(),
            checked_at=self._now,
            skipped=tuple(dict.fromkeys(self.skipped)),
            claimed_dkim_domains=self.claimed,
        )

    async def _read_dkim(self) -> DkimCheck | None:
        check = DkimCheck(self._bench, self._now)
        self.claimed = tuple(dict.fromkeys(s.domain for s in check.signatures if s.domain))
        return check

    async def _read_arc(self, trusted: Collection[DomainName]) -> ArcCheck | None:
        return ArcCheck(self._bench, trusted)

    async def _spf(self, authserv_id: str) -> tuple[SpfResult, SpfResult | None]:
        return await check_spf(self._envelope, Ration(self._resolver, SPF_LOOKUPS), DomainName(authserv_id))

    async def _policies(self) -> tuple[Policy, ...] | None:
        return await discover_policies(self._message.author, self._resolver)

    async def _iprev(self) -> IprevResult | None:
        address = self._envelope.client.address
        return None if address is None else await check_iprev(address, self._resolver)

    async def _dkim(self, check: DkimCheck | None) -> tuple[DkimResult, ...]:
        return await run_dkim(check, self._resolver, self._cpu) if check else ()

    async def _dmarc(
        self, policies: tuple[Policy, ...] | None, spf: SpfResult, dkim: tuple[DkimResult, ...]
    ) -> DmarcResult:
        author = self._message.author
        failed = DmarcResult(status=DmarcStatus.TEMPERROR, domain=author_domain(author), reason="check failed")
        if policies is None:
            return failed
        return await self.guarded("dmarc", lambda: evaluate_dmarc(author, policies, spf, dkim, self._resolver), failed)


async def authenticate(
    message: Message,
    envelope: Envelope,
    resolver: Resolver,
    cpu: Cpu,
    received_at: datetime,
    authserv_id: str,
    trusted_arc_sealers: Collection[DomainName],
) -> AuthFacts:
    """Run every check. `received_at` (aware) judges t= and x=. Never raises but `CancelledError`."""
    checks = _Checks(message, envelope, resolver, cpu, received_at)
    return await checks.run(authserv_id, trusted_arc_sealers)
