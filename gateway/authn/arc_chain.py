"""The ARC sets of one message, read and checked for structure (RFC 8617 §4, §5.2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from gateway.authn.canonical_header import Canon
from gateway.authn.dkim import Workbench
from gateway.authn.dkim_signature import ALGORITHMS, MAX_FIELD, MAX_SIGNATURE, Signature, read_signature
from gateway.authn.tag_list import TagListError, decode_base64, decode_number, parse_tag_list, without_signature
from gateway.model.domain import parse_domain
from gateway.model.message import HeaderField

T = TypeVar("T")
MAX_SETS = 50  # RFC 8617 §4.2.1
RESULTS, SIGNATURE, SEAL = "arc-authentication-results", "arc-message-signature", "arc-seal"
_RESULTS_INSTANCE = re.compile(rb"[ \t\r\n]*i[ \t\r\n]*=[ \t\r\n]*([1-9][0-9]?)[ \t\r\n]*;")


@dataclass(frozen=True, slots=True)
class ArcSet:
    """One instance: its three fields, its signature and its seal."""

    instance: int
    results_field: HeaderField
    signature_field: HeaderField
    seal_field: HeaderField
    signature: Signature
    seal: Signature  # domain, selector, algorithm and signature of the seal; relaxed, no h=
    validation: str  # cv=


@dataclass(frozen=True, slots=True)
class Chain:
    """The sets in order, i=1 first. `problem` tells why they are no chain; `found` counts what was seen of it."""

    sets: tuple[ArcSet, ...] = ()
    problem: str = ""
    found: int = 0


def _instance(tags: dict[bytes, bytes]) -> int:
    number = decode_number(tags.get(b"i", b""))
    if not 1 <= number <= MAX_SETS:
        raise TagListError("instance out of range")
    return number


def _read_seal(value: bytes) -> tuple[int, Signature, str]:
    """Instance, signature and cv= of an ARC-Seal (RFC 8617 §4.1.3). Raises TagListError."""
    tags = parse_tag_list(value)
    instance = _instance(tags)
    if not all(name in tags for name in (b"a", b"b", b"cv", b"d", b"s")):
        raise TagListError("a required tag of the seal is missing")
    if b"h" in tags:
        raise TagListError("a seal has no h=")
    domain = parse_domain(tags[b"d"].decode("utf-8", "replace"))
    selector = parse_domain(tags[b"s"].decode("utf-8", "replace"))
    if domain is None or selector is None:
        raise TagListError("d= or s= of the seal is no name")
    if tags[b"a"].decode("ascii", "replace") not in ALGORITHMS:
        raise TagListError("unknown algorithm of the seal")
    if b"t" in tags:
        decode_number(tags[b"t"])
    validation = tags[b"cv"].decode("ascii", "replace")
    if validation not in ("none", "pass", "fail"):
        raise TagListError("unknown cv=")
    signature = decode_base64(tags[b"b"])
    if not 0 < len(signature) <= MAX_SIGNATURE:
        raise TagListError("the seal's signature has no proper length")
    return (
        instance,
        Signature(
            domain=domain,
            selector=selector,
            algorithm=tags[b"a"].decode("ascii"),
            signature=signature,
            header_canon=Canon.RELAXED,
            value_without_signature=without_signature(value),
        ),
        validation,
    )


def _read_message_signature(value: bytes) -> tuple[int, Signature]:
    """Instance and signature of an ARC-Message-Signature (RFC 8617 §4.1.2). Raises TagListError."""
    instance = _instance(parse_tag_list(value))
    signature = read_signature(value, arc=True)
    if signature.problem:
        raise TagListError(signature.problem)
    if signature.algorithm not in ALGORITHMS:
        raise TagListError("unknown algorithm")
    if SEAL in signature.names:
        raise TagListError("a message signature does not cover seals")
    return instance, signature


def _read_results(value: bytes) -> int:
    """Instance of an ARC-Authentication-Results field, which stands first (RFC 8617 §4.1.1). Raises TagListError."""
    match = _RESULTS_INSTANCE.match(value[:200])
    if match is None or int(match[1]) > MAX_SETS:
        raise TagListError("results without an instance")
    return int(match[1])


def read_chain(bench: Workbench) -> Chain:
    """All ARC fields of the message, put together into sets. Never raises."""
    fields = {name: bench.message.all(name) for name in (RESULTS, SIGNATURE, SEAL)}
    most = max(len(found) for found in fields.values())
    if not most:
        return Chain()
    if most > MAX_SETS:
        return Chain(problem="more than 50 sets", found=most)
    if any(field.end - field.start > MAX_FIELD for name in (SIGNATURE, SEAL) for field in fields[name]):
        return Chain(problem="a field is too large", found=most)
    try:
        sets = _assemble(fields, bench)
    except TagListError as error:
        return Chain(problem=str(error), found=most)
    return Chain(sets, found=most)


def _by_instance(pairs: Iterable[tuple[int, T]]) -> dict[int, T]:
    """Values by instance. Raises TagListError on an instance that stands twice."""
    found: dict[int, T] = {}
    for instance, value in pairs:
        if instance in found:
            raise TagListError("an instance stands twice")
        found[instance] = value
    return found


def _assemble(fields: dict[str, tuple[HeaderField, ...]], bench: Workbench) -> tuple[ArcSet, ...]:
    """Exactly one field of each kind for each instance from 1 up. Raises TagListError."""
    results = _by_instance([(_read_results(f.value), f) for f in fields[RESULTS]])
    signatures: dict[int, tuple[HeaderField, Signature]] = _by_instance(
        [(i, (f, s)) for f in fields[SIGNATURE] for i, s in [_read_message_signature(bench.header.split(f)[1])]]
    )
    seals = _by_instance([(i, (f, s, cv)) for f in fields[SEAL] for i, s, cv in [_read_seal(bench.header.split(f)[1])]])
    count = len(seals)
    if not set(results) == set(signatures) == set(seals) == set(range(1, count + 1)):
        raise TagListError("sets are incomplete")
    return tuple(
        ArcSet(i, results[i], signatures[i][0], seals[i][0], signatures[i][1], seals[i][1], seals[i][2])
        for i in range(1, count + 1)
    )
