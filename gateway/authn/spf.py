"""Whether a client may send for a domain: check_host() of RFC 7208 §4, asked through the Resolver port."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from gateway.authn.spf_macros import MacroString, MacroValues, expand, expand_name, parse_macro_string
from gateway.authn.spf_record import Directive, Kind, SpfRecord, SpfSyntaxError, parse_record, select_record
from gateway.authn.spf_reverse import reverse_name
from gateway.model.auth_facts import SpfIdentity, SpfResult, SpfStatus
from gateway.model.dns_answer import AnswerKind, DnsAnswer, RecordType
from gateway.model.domain import DomainName, parse_domain
from gateway.model.envelope import Envelope, IpAddress
from gateway.model.ports import Resolver

MAX_LOOKUPS = 10  # terms that ask DNS (§4.6.4)
MAX_VOIDS = 2  # questions of theirs that find nothing
MAX_NAMES = 10  # hosts of one mx, names of one ptr
MAX_LOCAL_PART = 256
MAX_EXPLANATION = 500


class _End(Exception):
    """The evaluation ends with an error, whatever the records around it say."""

    def __init__(self, status: SpfStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class _Evaluation:
    """One check_host() with everything below it: the limits are shared by includes and redirects."""

    __slots__ = ("_explains", "_is_ipv4", "_number", "_resolver", "_validated", "_values", "_voids", "lookups", "text")

    def __init__(self, values: MacroValues, resolver: Resolver, explains: bool) -> None:
        self._values = values
        self._resolver = resolver
        self._explains = explains
        self._number = int(values.address)
        self._is_ipv4 = values.address.version == 4
        self._validated: tuple[str, ...] | None = None
        self._voids = 0
        self.lookups = 0
        self.text = ""  # the explanation of a fail, when wanted

    async def check(self, domain: str, *, is_included: bool = False) -> SpfStatus:
        """The result for one domain. Raises _End for temperror and permerror."""
        record = await self._record(domain)
        if record is None:
            return SpfStatus.NONE
        while True:
            status = await self._first_match(record, domain)
            if status is SpfStatus.FAIL and self._explains and not is_included and record.explanation is not None:
                self.text = await self._explain(record.explanation, domain)
            if status is not None:
                return status
            if record.redirect is None:
                return SpfStatus.NEUTRAL
            self._count_lookup()
            domain = await self._target(record.redirect, domain)
            redirected = await self._record(domain) if _is_askable(domain) else None
            if redirected is None:
                raise _End(SpfStatus.PERMERROR, "redirect without a record")
            record = redirected

    async def _record(self, domain: str) -> SpfRecord | None:
        answer = await self._resolver.query(domain, RecordType.TXT)
        if answer.kind is not AnswerKind.FOUND:
            if answer.failed:
                raise _End(SpfStatus.TEMPERROR, "DNS could not be asked")
            return None
        try:
            text = select_record(answer.values)
            return None if text is None else parse_record(text)
        except SpfSyntaxError as error:
            raise _End(SpfStatus.PERMERROR, str(error)) from None

    async def _first_match(self, record: SpfRecord, domain: str) -> SpfStatus | None:
        number, is_ipv4 = self._number, self._is_ipv4
        for directive in record.directives:
            kind = directive.kind
            if kind is Kind.IP4:
                if is_ipv4 and number & directive.mask4 == directive.network:
                    return directive.status
            elif kind is Kind.IP6:
                if not is_ipv4 and number & directive.mask6 == directive.network:
                    return directive.status
            elif kind is Kind.ALL or await self._matches(directive, domain):
                return directive.status
        return None

    async def _matches(self, directive: Directive, domain: str) -> bool:
        self._count_lookup()
        target = domain if directive.domain is None else await self._target(directive.domain, domain)
        match directive.kind:
            case Kind.INCLUDE:
                return await self._include(target)
            case Kind.A:
                return _is_askable(target) and await self._has_address(target, directive)
            case Kind.MX:
                return _is_askable(target) and await self._mx(target, directive)
            case Kind.EXISTS:
                return _is_askable(target) and bool((await self._ask(target, RecordType.A)).values)
            case _:
                return await self._ptr(target)

    async def _include(self, target: str) -> bool:
        status = await self.check(target, is_included=True) if _is_askable(target) else SpfStatus.NONE
        if status is SpfStatus.NONE:
            raise _End(SpfStatus.PERMERROR, "include without a record")
        return status is SpfStatus.PASS

    async def _has_address(self, host: str, directive: Directive) -> bool:
        answer = await self._ask(host, RecordType.A if self._is_ipv4 else RecordType.AAAA)
        mask = directive.mask4 if self._is_ipv4 else directive.mask6
        masked = self._number & mask
        return any(_number_of(value) & mask == masked for value in answer.values)

    async def _mx(self, target: str, directive: Directive) -> bool:
        hosts = (await self._ask(target, RecordType.MX)).values
        if len(hosts) > MAX_NAMES:
            raise _End(SpfStatus.PERMERROR, "too many mx hosts")
        for host in hosts:
            if _is_askable(host) and await self._has_address(host, directive):
                return True
        return False

    async def _ptr(self, target: str) -> bool:
        target = target.lower()
        below = "." + target
        return any(name == target or name.endswith(below) for name in await self._validated_names())

    async def _validated_names(self) -> tuple[str, ...]:
        """The client's confirmed host names (§5.5): asked once; whatever DNS fails to say is no name."""
        if self._validated is None:
            address = self._values.address
            rtype = RecordType.A if self._is_ipv4 else RecordType.AAAA
            names: list[str] = []
            pointers = await self._resolver.query(reverse_name(address), RecordType.PTR)
            self._count_void(pointers)
            for name in pointers.values[:MAX_NAMES]:
                if not _is_askable(name):
                    continue
                answer = await self._resolver.query(name, rtype)
                self._count_void(answer)
                if any(_number_of(value) == self._number for value in answer.values):
                    names.append(name.lower())
            self._validated = tuple(names)
        return self._validated

    async def _target(self, spec: MacroString, domain: str) -> str:
        if spec.literal is not None:
            return expand_name(spec, self._values, domain, "")
        return expand_name(spec, self._values, domain, await self._p(domain) if spec.needs_p else "")

    async def _p(self, domain: str) -> str:
        names = await self._validated_names()
        for name in names:
            if name == domain:
                return name
        for name in names:
            if name.endswith("." + domain):
                return name
        return names[0] if names else "unknown"

    async def _ask(self, name: str, rtype: RecordType) -> DnsAnswer:
        answer = await self._resolver.query(name, rtype)
        if answer.kind is not AnswerKind.FOUND:
            if answer.failed:
                raise _End(SpfStatus.TEMPERROR, "DNS could not be asked")
            self._count_void(answer)
        return answer

    def _count_void(self, answer: DnsAnswer) -> None:
        if answer.kind is AnswerKind.NO_NAME or answer.kind is AnswerKind.NO_DATA:
            self._voids += 1
            if self._voids > MAX_VOIDS:
                raise _End(SpfStatus.PERMERROR, "too many void lookups")

    def _count_lookup(self) -> None:
        self.lookups += 1
        if self.lookups > MAX_LOOKUPS:
            raise _End(SpfStatus.PERMERROR, "too many lookups")

    async def _explain(self, spec: MacroString, domain: str) -> str:
        """§6.2: any trouble on the way leaves it empty."""
        try:
            answer = await self._resolver.query(await self._target(spec, domain), RecordType.TXT)
            if len(answer.values) != 1 or not answer.values[0].isascii():
                return ""
            string = parse_macro_string(answer.values[0], explanation=True)
            if string is None:
                return ""
            text = expand(string, self._values, domain, await self._p(domain) if string.needs_p else "")
        except _End:
            return ""
        return text[:MAX_EXPLANATION] if text.isascii() and text.isprintable() else ""


def _is_askable(name: str) -> bool:
    """Whether a name that records or macros gave can be in DNS (§4.3); those that can't match nothing."""
    if not 0 < len(name) <= 253 or not name.isascii() or not name.isprintable():
        return False
    return all(0 < len(label) <= 63 for label in name.removesuffix(".").split("."))


@lru_cache(maxsize=65_536)
def _number_of(address: str) -> int:
    try:
        return int(ip_address(address))
    except ValueError:
        return -1


def _plain(address: IpAddress) -> IPv4Address | IPv6Address:
    """IPv4-mapped addresses are IPv4 (§5)."""
    mapped = address.ipv4_mapped if address.version == 6 else None
    return mapped or address


def _checked_domain(text: str) -> str | None:
    """§4.3: a domain worth asking has at least two labels, each of 1 to 63 octets; None for any other."""
    name = text.removesuffix(".").lower()
    if not name.isascii():
        name = parse_domain(name) or ""
    if "." not in name or name.startswith("[") or not _is_askable(name):
        return None
    return name


async def check_host(
    address: IpAddress,
    domain: str,
    mail_from_text: str,
    helo: str,
    resolver: Resolver,
    *,
    identity: SpfIdentity = SpfIdentity.MAIL_FROM,
    receiver: str = "unknown",
    explains: bool = False,
) -> SpfResult:
    """check_host() (RFC 7208 §4): what `domain` says of the client at `address`.

    `mail_from_text` is LOCAL@DOMAIN ("" local part: postmaster). Only with `explains` is exp= asked for. Never raises.
    """
    name = _checked_domain(domain)
    if name is None:
        return SpfResult(status=SpfStatus.NONE, identity=identity, domain=parse_domain(domain), reason="no domain")
    local, _, sender_domain = mail_from_text.rpartition("@")
    values = MacroValues(
        local=local[:MAX_LOCAL_PART] or "postmaster",
        sender_domain=sender_domain or name,
        address=_plain(address),
        helo=helo[:MAX_LOCAL_PART],
        receiver=receiver,
    )
    evaluation = _Evaluation(values, resolver, explains)
    try:
        status, reason = await evaluation.check(name), ""
    except _End as end:
        status, reason = end.status, end.reason
    return SpfResult(
        status=status, identity=identity, domain=parse_domain(name), reason=reason, explanation=evaluation.text
    )


def _nothing(identity: SpfIdentity, domain: DomainName | None, reason: str) -> SpfResult:
    return SpfResult(status=SpfStatus.NONE, identity=identity, domain=domain, reason=reason)


async def check_spf(envelope: Envelope, resolver: Resolver, receiver: DomainName) -> tuple[SpfResult, SpfResult | None]:
    """The result that counts (MAIL FROM's; HELO's for the null path, §2.4), and HELO's own where both were asked.

    What is not known (no client address, no reverse-path) is `none`, never a failure. Never raises.
    """
    client, path = envelope.client, envelope.mail_from
    if path is None or client.address is None:
        domain = path.domain if path is not None else None
        return _nothing(SpfIdentity.MAIL_FROM, domain, "client or reverse-path not known"), None
    helo = client.helo
    if path.is_null:
        return await check_host(
            client.address, helo, f"postmaster@{helo}", helo, resolver, identity=SpfIdentity.HELO, receiver=receiver
        ), None
    domain = path.domain
    if domain is None:
        first = _nothing(SpfIdentity.MAIL_FROM, None, "no domain")
    else:
        local = path.mailbox.local if path.mailbox is not None else ""
        first = await check_host(client.address, domain, f"{local}@{domain}", helo, resolver, receiver=receiver)
    if _checked_domain(helo) is None:
        return first, None
    second = await check_host(
        client.address, helo, f"postmaster@{helo}", helo, resolver, identity=SpfIdentity.HELO, receiver=receiver
    )
    return first, second
