"""DNS messages: the question written by hand, the answer read by dnspython (RFC 1035 §4, RFC 6891)."""

import struct
from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from gateway.model.dns_answer import NO_NAME, DnsAnswer, FailureCause, RecordType, failed, found

MAX_ANSWER = 16_384  # octets; honest TXT sets stay under 8 KB, and every record costs time to read
MAX_VALUES = 500
UDP_PAYLOAD = 1232  # the flag-day size: no fragments, which could be forged

_OPT = struct.pack("!BHHIH", 0, 41, UDP_PAYLOAD, 0, 0)
_HEADER = struct.Struct("!HHHHHH")
_NUMBERS = {rtype: int(dns.rdatatype.from_text(rtype.value)) for rtype in RecordType}
_RECURSION_DESIRED = 0x0100
_RESPONSE, _TRUNCATED = 0x8000, 0x0200


@dataclass(frozen=True, slots=True)
class Reading:
    """What one DNS message says: an answer with its TTL (s; None: a negative one without SOA), or where to ask on."""

    answer: DnsAnswer
    ttl_s: float | None = None
    alias: str | None = None  # the end of a CNAME chain whose target the message does not tell
    retry: bool = False  # this server can't answer: another one might


def question_of(name: str, rtype: RecordType) -> bytes:
    """The question section for a canonical name."""
    labels = b"".join(bytes((len(label),)) + label.encode("ascii") for label in name.split("."))
    return labels + struct.pack("!BHH", 0, _NUMBERS[rtype], 1)


def query_of(identifier: int, question: bytes) -> bytes:
    """A whole query: recursion desired, EDNS."""
    return _HEADER.pack(identifier, _RECURSION_DESIRED, 1, 0, 0, 1) + question + _OPT


def is_answer_to(wire: bytes, identifier: int, question: bytes) -> bool:
    """Whether a datagram answers our question: its id, and the question repeated (case aside). Others are forgeries."""
    if len(wire) < 12:
        return False
    got, flags, questions, *_ = _HEADER.unpack_from(wire)
    if got != identifier or not flags & _RESPONSE:
        return False
    if questions == 0:
        return bool(flags & 0xF) and len(wire) <= 12 + len(_OPT)  # a bare error, as some servers send FORMERR
    return questions == 1 and wire[12 : 12 + len(question)].lower() == question.lower()


def is_truncated(wire: bytes) -> bool:
    """Whether the answer wants TCP."""
    return bool(_HEADER.unpack_from(wire)[1] & _TRUNCATED)


def read_answer(wire: bytes, rtype: RecordType) -> Reading:
    """Read what came back. Never raises: what isn't DNS is FAILED/MALFORMED."""
    if len(wire) > MAX_ANSWER:
        return Reading(failed(FailureCause.OVERSIZED))
    rcode = _HEADER.unpack_from(wire)[1] & 0xF
    if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        cause = FailureCause.REFUSED if rcode == dns.rcode.REFUSED else FailureCause.SERVFAIL
        return Reading(failed(cause), retry=True)
    try:
        return _read_message(dns.message.from_wire(wire, ignore_trailing=True), rtype)
    except (dns.exception.DNSException, ValueError, IndexError, KeyError, TypeError, AttributeError, struct.error):
        return Reading(failed(FailureCause.MALFORMED), retry=True)


def _read_message(message: dns.message.Message, rtype: RecordType) -> Reading:
    if not isinstance(message, dns.message.QueryMessage):
        return Reading(failed(FailureCause.MALFORMED), retry=True)
    if message.rcode() == dns.rcode.NXDOMAIN:
        return Reading(NO_NAME, _negative_ttl(message))
    chain = message.resolve_chaining()
    if chain.answer is not None:
        if len(chain.answer) > MAX_VALUES:
            return Reading(failed(FailureCause.OVERSIZED))
        return Reading(found(_values(chain.answer, rtype)), float(chain.minimum_ttl))
    ttl_s = _negative_ttl(message)
    if chain.cnames and ttl_s is None:
        return Reading(found(()), float(chain.minimum_ttl), _text(chain.canonical_name))
    return Reading(found(()), ttl_s)


def _negative_ttl(message: dns.message.Message) -> float | None:
    """RFC 2308 §5: the smaller of the SOA's TTL and its minimum."""
    for rrset in message.authority:
        if rrset.rdtype == dns.rdatatype.SOA and len(rrset):
            return float(min(rrset.ttl, rrset[0].minimum))
    return None


def _text(name: dns.name.Name) -> str:
    return str(name.to_text(omit_final_dot=True)).lower()


def _values(rrset: dns.rrset.RRset, rtype: RecordType) -> tuple[str, ...]:
    if rtype is RecordType.TXT:
        return tuple(b"".join(record.strings).decode("latin-1") for record in rrset)
    if rtype is RecordType.MX:
        by_preference = sorted(rrset, key=lambda record: record.preference)
        return tuple(_text(record.exchange).removesuffix(".") for record in by_preference)
    if rtype is RecordType.PTR:
        return tuple(_text(record.target).removesuffix(".") for record in rrset)
    return tuple(record.address for record in rrset)
