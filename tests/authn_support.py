"""What the tests of sender authentication share: a zone for a resolver, a small reader of messages, the suites."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from gateway.model.address import Mailbox
from gateway.model.auth_facts import Author, AuthorProblem
from gateway.model.dns_answer import NO_DATA, NO_NAME, DnsAnswer, FailureCause, RecordType, failed, found
from gateway.model.domain import parse_domain
from gateway.model.message import HeaderField, Message

P = ParamSpec("P")
T = TypeVar("T")
SUITES = Path(__file__).resolve().parents[2] / "shared" / "conformance"

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:((?:[^\n]|\n[ \t])*)\n")
_ADDRESS = re.compile(rb"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")

Zone = Mapping[str, Mapping[str, Sequence[str] | FailureCause] | FailureCause]


class FakeResolver:
    """Answers from a zone: name -> type -> values, or a cause of failure, for a type or for all. Counts its questions."""

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


def read_fields(raw: bytes) -> tuple[tuple[HeaderField, ...], int]:
    """Header fields and the start of the body, by a short reading; lines that are no field are left out."""
    fields: list[HeaderField] = []
    at = 0
    while at < len(raw):
        if raw.startswith(b"\r\n", at):
            return tuple(fields), at + 2
        end = at
        while True:
            stop = raw.find(b"\n", end)
            end = len(raw) if stop < 0 else stop + 1
            if raw[end : end + 1] not in (b" ", b"\t"):
                break
        line = raw[at:end]
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t")
        if colon and name and name.isascii() and not re.search(rb"[\x00-\x20\x7f]", name):
            fields.append(HeaderField(name.decode().lower(), value.removesuffix(b"\r\n"), at, end))
        at = end
    return tuple(fields), len(raw)


def read_author(fields: tuple[HeaderField, ...]) -> Author:
    """The author by a short reading of From."""
    froms = [f for f in fields if f.name == "from"]
    if not froms:
        return Author(mailbox=None, problem=AuthorProblem.MISSING)
    if len(froms) > 1:
        return Author(mailbox=None, problem=AuthorProblem.SEVERAL_FIELDS)
    angled = re.findall(rb"<([^<>]*@[^<>]*)>", froms[0].value)
    mailboxes = []
    for address in angled or _ADDRESS.findall(froms[0].value):
        local, _, domain = address.decode("utf-8", "replace").strip().rpartition("@")
        mailboxes.append(Mailbox(local, parse_domain(domain)))
    if not mailboxes:
        return Author(mailbox=None, problem=AuthorProblem.UNREADABLE)
    if len(mailboxes) > 1:
        return Author(mailbox=None, problem=AuthorProblem.SEVERAL_ADDRESSES, candidates=tuple(mailboxes))
    return Author(mailbox=mailboxes[0])


def read_message(raw: bytes) -> Message:
    """A Message good enough to authenticate."""
    fields, body_start = read_fields(raw)
    return Message(raw=raw, fields=fields, body_start=body_start, author=read_author(fields))


def suite(name: str) -> Path:
    """A file of the published suites, which lie beside the checkout; skips where they are absent."""
    path = SUITES / name
    if not path.exists():
        pytest.skip(f"the published suites are not beside this checkout ({name})")
    return path
