"""Mailboxes and envelope paths (RFC 5321 §4.1.2, RFC 5322 §3.4)."""

from dataclasses import dataclass

from gateway.model.domain import DomainName


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address, parsed. `local` is unquoted; `domain` is None only for an address literal (`literal` holds it)."""

    local: str
    domain: DomainName | None
    literal: str = ""

    def __str__(self) -> str:
        return f"{self.local}@{self.domain or self.literal}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMailbox:
    """An address of a header field and the name beside it, decoded, not folded."""

    mailbox: Mailbox
    name: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A reverse- or forward-path. `raw` is what stood between the angle brackets, byte for byte, source route dropped:
    it is what goes to the next hop. The null reverse-path is `NULL_PATH`, the one value of its kind."""

    raw: bytes
    mailbox: Mailbox | None  # None for the null path, and for <postmaster>

    @property
    def is_null(self) -> bool:
        """Whether this is `<>`."""
        return self.raw == b""

    @property
    def text(self) -> str:
        """For logs and headers' comments: UTF-8 with escapes, never control characters."""
        return "".join(c if c.isprintable() else "?" for c in self.raw.decode("utf-8", "backslashreplace"))

    @property
    def domain(self) -> DomainName | None:
        """The domain of the mailbox, None for the null path, <postmaster> and address literals."""
        return self.mailbox.domain if self.mailbox else None


NULL_PATH = Path(b"", None)
