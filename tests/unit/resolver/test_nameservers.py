"""Which servers the settings name."""

import pytest

from gateway.resolver.nameservers import nameservers_of


@pytest.mark.parametrize(
    ("entry", "server"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("2001:db8::53", ("2001:db8::53", 53)),
        ("[2001:db8::53]", ("2001:db8::53", 53)),
        ("[::1]:5353", ("::1", 5353)),
    ],
)
def test_addresses_and_ports(entry: str, server: tuple[str, int]) -> None:
    assert nameservers_of([entry, entry]) == (server, server)


def test_none_means_the_systems() -> None:
    assert all(port == 53 for _, port in nameservers_of(()))
    assert nameservers_of(())
