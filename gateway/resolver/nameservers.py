"""Which servers are asked: the settings', or the system's."""

from collections.abc import Sequence

import dns.exception
import dns.resolver

from gateway.resolver.exchange import Server

PORT = 53


def nameservers_of(entries: Sequence[str]) -> tuple[Server, ...]:
    """`ADDRESS`, `ADDRESS:PORT`, `[ADDRESS]:PORT` as (address, port); none at all means /etc/resolv.conf's, and this
    host where it names none (as the C library does)."""
    if entries:
        return tuple(map(_read, entries))
    system = dns.resolver.Resolver(configure=False)
    try:
        system.read_resolv_conf("/etc/resolv.conf")
    except dns.exception.DNSException:
        return (("127.0.0.1", PORT),)
    return tuple((str(address), PORT) for address in system.nameservers) or (("127.0.0.1", PORT),)


def _read(entry: str) -> Server:
    if entry.startswith("["):
        address, _, port = entry[1:].partition("]")
        return address, int(port[1:] or PORT)
    if entry.count(":") == 1:
        address, _, port = entry.partition(":")
        return address, int(port)
    return entry, PORT
