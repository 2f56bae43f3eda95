"""The resolver with Debian's nsd and unbound, each on a port of its own on 127.0.0.1."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.model.dns_answer import NO_DATA, NO_NAME, DnsAnswer, FailureCause, RecordType, found
from gateway.resolver.resolver import DnsResolver
from gateway.settings.schema import Dns
from tests.fakes import FakeObserver

pytestmark = pytest.mark.integration
NSD = shutil.which("nsd") or shutil.which("nsd", path="/usr/sbin")
UNBOUND = shutil.which("unbound") or shutil.which("unbound", path="/usr/sbin")
BIG = " ".join(f'"{"y" * 200}"' for _ in range(20))  # no room for it in 1232 octets

ZONE = f"""$ORIGIN example.
$TTL 300
@ SOA ns.example. root.example. 1 3600 600 86400 60
@ NS ns.example.
ns A 127.0.0.1
@ TXT "v=spf1 " "mx -all"
@ MX 20 second
@ MX 10 first
first A 192.0.2.1
first AAAA 2001:db8::1
alias CNAME first
loop1 CNAME loop2
loop2 CNAME loop1
big TXT {BIG}
below.empty A 192.0.2.9
"""


def _free_port() -> int:
    """A port that is free for UDP and TCP."""
    while True:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        ):
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return int(tcp.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert process.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server does not listen")


def _serve(command: list[str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def nsd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """nsd's port."""
    if NSD is None:
        pytest.skip("nsd is not installed")
    folder, port = tmp_path_factory.mktemp("nsd"), _free_port()
    (folder / "example.zone").write_text(ZONE)
    config = folder / "nsd.conf"
    config.write_text(
        f"""server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/pid"
  xfrdfile: "{folder}/xfrd"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/zones"
remote-control:
  control-enable: no
zone:
  name: example.
  zonefile: example.zone
"""
    )
    yield from _serve([NSD, "-d", "-c", str(config)], port)


@pytest.fixture(scope="module")
def unbound(nsd: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of an unbound that asks nsd for `example.`, nobody for `dead.`, and knows no other server."""
    if UNBOUND is None:
        pytest.skip("unbound is not installed")
    folder, port = tmp_path_factory.mktemp("unbound"), _free_port()
    config = folder / "unbound.conf"
    config.write_text(_unbound_config(folder, port, nsd))
    yield from _serve([UNBOUND, "-d", "-p", "-c", str(config)], port)


def _unbound_config(folder: Path, port: int, nsd: int) -> str:
    return f"""server:
  interface: 127.0.0.1@{port}
  username: ""
  chroot: ""
  directory: "{folder}"
  use-syslog: no
  do-daemonize: no
  do-not-query-localhost: no
  module-config: "iterator"
  num-threads: 1
  local-zone: "example." nodefault
remote-control:
  control-enable: no
stub-zone:
  name: "example."
  stub-addr: 127.0.0.1@{nsd}
stub-zone:
  name: "dead."
  stub-addr: 127.0.0.1@1
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@1
"""


def _ask(port: int, *questions: tuple[str, str]) -> list[DnsAnswer]:
    async def main() -> list[DnsAnswer]:
        resolver = DnsResolver(Dns(nameservers=(f"127.0.0.1:{port}",)), FakeObserver())
        message = resolver.for_message(float("inf"))
        answers = await asyncio.gather(*(message.query(name, RecordType(rtype)) for name, rtype in questions))
        await resolver.close()
        return answers

    return asyncio.run(main())


QUESTIONS = (
    ("Example.", "TXT", found(("v=spf1 mx -all",))),
    ("example", "MX", found(("first.example", "second.example"))),
    ("FIRST.example", "A", found(("192.0.2.1",))),
    ("first.example", "AAAA", found(("2001:db8::1",))),
    ("alias.example", "A", found(("192.0.2.1",))),
    ("alias.example", "TXT", NO_DATA),
    ("first.example", "MX", NO_DATA),
    ("empty.example", "A", NO_DATA),
    ("none.example", "A", NO_NAME),
    ("big.example", "TXT", found(("y" * 4000,))),  # by TCP
)


def test_nsd(nsd: int) -> None:
    answers = _ask(nsd, *((name, rtype) for name, rtype, _ in QUESTIONS), ("loop1.example", "A"), ("other.test", "A"))
    assert answers[: len(QUESTIONS)] == [expected for _, _, expected in QUESTIONS]
    assert answers[-2].cause is FailureCause.MALFORMED
    assert answers[-1].cause is FailureCause.REFUSED


def test_unbound(unbound: int) -> None:
    answers = _ask(unbound, *((name, rtype) for name, rtype, _ in QUESTIONS), ("loop1.example", "A"), ("a.dead", "A"))
    assert answers[: len(QUESTIONS)] == [expected for _, _, expected in QUESTIONS]
    assert answers[-2].failed
    assert answers[-1].cause in (FailureCause.SERVFAIL, FailureCause.TIMEOUT)
