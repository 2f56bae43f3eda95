"""What the tests of sender authentication share: a zone for a resolver, the suites."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from gateway.model.dns_answer import NO_DATA, NO_NAME, DnsAnswer, FailureCause, RecordType, failed, found

P = ParamSpec("P")
T = TypeVar("T")
SUITES = Path(__file__).resolve().parents[2] / "shared" / "conformance"

Zone = Mapping[str, Mapping[str, Sequence[str] | FailureCause] | FailureCause]


class FakeResolver:
    """Answers from a zone: name -> type -> values, or a cause of failure, for a type or all. Counts its questions."""

    def __init__(self, zone: Zone, delay_s: float = 0.0) -> None:
        self.zone = {name.lower().rstrip("."): records for name, records in zone.items()}
        self.asked: list[tuple[str, RecordType]] = []
        self._delay_s = delay_s

    async def query(self, name: str, rtype: RecordType) -> DnsAnswer:
        """One answer."""
        self.asked.append((name, rtype))
        if self._delay_s:
            await asyncio.sleep(self._delay_s)
        records = self.zone.get(name.lower().rstrip("."))
        if records is None:
            return NO_NAME
        if isinstance(records, FailureCause):
            return failed(records)
        values = records.get(rtype.value, ())
        if isinstance(values, FailureCause):
            return failed(values)
        return found(tuple(values)) if values else NO_DATA


def txt_zone(records: Mapping[str, str | Sequence[str]]) -> Zone:
    """A zone of TXT records only."""
    return {name: {"TXT": [value] if isinstance(value, str) else list(value)} for name, value in records.items()}


async def inline_cpu(_size: int, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs everything at once."""
    return function(*args, **kwargs)


def with_crlf(raw: bytes) -> bytes:
    """LF line ends made CRLF."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def suite(name: str) -> Path:
    """A file of the published suites, which lie beside the checkout; skips where they are absent."""
    path = SUITES / name
    if not path.exists():
        pytest.skip(f"the published suites are not beside this checkout ({name})")
    return path
