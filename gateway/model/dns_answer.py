"""What DNS said: four kinds that no caller may confuse. "Could not look" is not "not there"."""

from dataclasses import dataclass
from enum import StrEnum


class RecordType(StrEnum):
    """The record types the gateway asks for."""

    A = "A"
    AAAA = "AAAA"
    MX = "MX"
    TXT = "TXT"
    PTR = "PTR"


class AnswerKind(StrEnum):
    """The outcome of one question."""

    FOUND = "found"
    NO_DATA = "no_data"  # the name exists, without this type
    NO_NAME = "no_name"  # NXDOMAIN
    FAILED = "failed"  # could not look: `cause` says why


class FailureCause(StrEnum):
    """Why a question could not be answered."""

    TIMEOUT = "timeout"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    MALFORMED = "malformed"  # the answer, or the name asked for, isn't DNS
    BUDGET = "budget"  # the message has used up its lookups or its time
    OVERSIZED = "oversized"


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """One answer. `values` is empty unless FOUND; TXT values are the joined strings of each record, as bytes would be
    read in latin-1; MX values are host names in order of preference; A and AAAA are address texts; PTR host names."""

    kind: AnswerKind
    values: tuple[str, ...] = ()
    cause: FailureCause | None = None

    def __post_init__(self) -> None:
        if (self.kind is AnswerKind.FAILED) != (self.cause is not None):
            raise ValueError("a failed answer, and only that, has a cause")
        if (self.kind is AnswerKind.FOUND) != bool(self.values):
            raise ValueError("a found answer, and only that, has values")

    @property
    def failed(self) -> bool:
        """Whether DNS could not be asked."""
        return self.kind is AnswerKind.FAILED


NO_DATA = DnsAnswer(AnswerKind.NO_DATA)
NO_NAME = DnsAnswer(AnswerKind.NO_NAME)


def failed(cause: FailureCause) -> DnsAnswer:
    """An answer that could not be had."""
    return DnsAnswer(AnswerKind.FAILED, (), cause)


def found(values: tuple[str, ...]) -> DnsAnswer:
    """An answer with records; an empty tuple is NO_DATA."""
    return DnsAnswer(AnswerKind.FOUND, values) if values else NO_DATA
