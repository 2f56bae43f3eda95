"""Forward-confirmed reverse DNS of the client (RFC 8601 §3)."""

from ipaddress import ip_address

from gateway.authn.spf_reverse import reverse_name
from gateway.model.auth_facts import IprevResult, IprevStatus
from gateway.model.dns_answer import RecordType
from gateway.model.domain import parse_domain
from gateway.model.envelope import IpAddress
from gateway.model.ports import Resolver

MAX_NAMES = 10


async def check_iprev(address: IpAddress, resolver: Resolver) -> IprevResult:
    """The first host name of the client that leads back to it, among at most ten. Never raises.

    No name at all is permerror (RFC 8601 §2.7.3), names that lead elsewhere are fail; "could not look" is temperror,
    unless another name is confirmed.
    """
    mapped = address.ipv4_mapped if address.version == 6 else None
    client = mapped or address
    pointers = await resolver.query(reverse_name(client), RecordType.PTR)
    if pointers.failed:
        return IprevResult(status=IprevStatus.TEMPERROR)
    if not pointers.values:
        return IprevResult(status=IprevStatus.PERMERROR)
    rtype = RecordType.A if client.version == 4 else RecordType.AAAA
    status = IprevStatus.FAIL
    for text in pointers.values[:MAX_NAMES]:
        name = parse_domain(text)
        if name is None:
            continue
        answer = await resolver.query(name, rtype)
        if answer.failed:
            status = IprevStatus.TEMPERROR
        elif any(ip_address(value) == client for value in answer.values):
            return IprevResult(status=IprevStatus.PASS, name=name)
    return IprevResult(status=status)
