"""One DKIM-Signature or ARC-Message-Signature, read and checked for form (RFC 6376 §3.5, §6.1.1; RFC 8617 §4.1.2)."""

import re
from dataclasses import dataclass
from datetime import datetime

from gateway.authn.canonical_header import Canon
from gateway.authn.tag_list import (
    TagListError,
    decode_base64,
    decode_number,
    parse_tag_list,
    printable,
    split_colons,
    without_signature,
)
from gateway.model.domain import DomainName, is_same_or_below, parse_domain

MAX_FIELD = 16_384  # bytes of one signature field; real ones stay under 4 KiB
MAX_SIGNATURE = 1024  # bytes of b=, decoded: RSA-4096 has 512
MAX_SIGNED_NAMES = 500
CLOCK_SKEW_S = 36_000  # how far in the future t= may lie: clocks of honest senders are wrong by a time zone
ALGORITHMS = ("rsa-sha256", "ed25519-sha256")
HISTORIC = "rsa-sha1"
_CANONS = {kind.value.encode(): kind for kind in Canon}
_REQUIRED = frozenset({b"v", b"a", b"b", b"bh", b"d", b"h", b"s"})
_REQUIRED_ARC = _REQUIRED - {b"v"}
_QUOTED = re.compile(rb"=([0-9A-F]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature field as read. `problem` says why it can't verify, "" when it may; fields are what could be read."""

    domain: DomainName | None = None
    selector: str = ""
    identity: str = ""  # i=, printable
    identity_domain: DomainName | None = None
    algorithm: str = ""
    signature: bytes = b""
    signature_text: str = ""  # b= without folding
    body_hash: bytes = b""
    header_canon: Canon = Canon.SIMPLE
    body_canon: Canon = Canon.SIMPLE
    length: int | None = None  # l=
    names: tuple[str, ...] = ()  # h=, lower case
    signed_at: int | None = None
    expires_at: int | None = None
    value_without_signature: bytes = b""
    problem: str = ""

    @property
    def key_name(self) -> str:
        """The DNS name of its key record."""
        return f"{self.selector}._domainkey.{self.domain}"


def untimely(signature: Signature, now: datetime) -> str:
    """Why the signature doesn't count at `now`, "" when it does (RFC 6376 §3.5, t= and x=)."""
    moment = now.timestamp()
    if signature.signed_at is not None and signature.signed_at > moment + CLOCK_SKEW_S:
        return "signed in the future"
    if signature.expires_at is not None and signature.expires_at < moment:
        return "signature has expired"
    return ""


def read_signature(value: bytes, *, arc: bool = False) -> Signature:
    """Read a field's raw value. Never raises."""
    if len(value) > MAX_FIELD:
        return Signature(problem="signature field is too large")
    try:
        tags = parse_tag_list(value)
    except TagListError as error:
        return Signature(problem=str(error))
    return _Reader(tags, value, arc).read()


class _Reader:
    """Turns tags into a Signature: what can be told of a broken one is kept for the report."""

    def __init__(self, tags: dict[bytes, bytes], value: bytes, arc: bool) -> None:
        self._tags = tags
        self._value = value
        self._arc = arc
        self._domain = parse_domain(tags.get(b"d", b"").decode("utf-8", "replace"))
        self._selector = printable(tags.get(b"s", b""), 253)
        self._identity = b"" if arc else _unquote(tags.get(b"i", b""))
        self._algorithm = printable(tags.get(b"a", b""), 32)
        named = tags.get(b"h", b"").decode("ascii", "replace").lower().split(":")
        self._names = tuple([name.strip(" \t\r\n") for name in named])

    def read(self) -> Signature:
        """The signature, or what is known of it with the problem."""
        text = printable(self._tags.get(b"b", b"").translate(None, b" \t\r\n"), 2048)
        try:
            return self._complete(text)
        except TagListError as error:
            return Signature(
                domain=self._domain,
                selector=self._selector,
                identity=printable(self._identity, 320),
                algorithm=self._algorithm,
                signature_text=text,
                names=self._names,
                problem=str(error),
            )

    def _complete(self, text: str) -> Signature:
        tags = self._tags
        selector = self._checked_selector()
        header, body = self._canons()
        return Signature(
            domain=self._domain,
            selector=selector,
            identity=printable(self._identity, 320),
            identity_domain=self._identity_domain(),
            algorithm=self._algorithm,
            signature=self._decoded(b"b", MAX_SIGNATURE),
            signature_text=text,
            body_hash=self._decoded(b"bh", 64),
            header_canon=header,
            body_canon=body,
            length=decode_number(tags[b"l"]) if b"l" in tags else None,
            names=self._names,
            signed_at=decode_number(tags[b"t"]) if b"t" in tags else None,
            expires_at=self._expiry(),
            value_without_signature=without_signature(self._value),
        )

    def _checked_selector(self) -> str:
        """The selector, once the tags that need no decoding are what they must be."""
        tags = self._tags
        if not (_REQUIRED_ARC if self._arc else _REQUIRED) <= tags.keys():
            raise TagListError("a required tag is missing")
        if not self._arc and tags[b"v"] != b"1":
            raise TagListError("unknown version of the signature")
        if self._domain is None:
            raise TagListError("d= is no domain")
        selector = parse_domain(self._selector)
        if selector is None:
            raise TagListError("s= is no selector")
        if parse_domain(f"{selector}._domainkey.{self._domain}") is None:
            # no resolver can ask for it: were that "could not look", a forger would have made an aligned check pending
            raise TagListError("name of the key is too long")
        if self._algorithm not in ALGORITHMS and self._algorithm != HISTORIC:
            raise TagListError("unknown algorithm")
        if len(self._names) > MAX_SIGNED_NAMES:
            raise TagListError("h= names too many fields")
        if not self._arc and "from" not in self._names:
            raise TagListError("h= does not name From")
        if b"q" in tags and b"dns/txt" not in split_colons(tags[b"q"]):
            raise TagListError("unknown query method")
        return selector

    def _canons(self) -> tuple[Canon, Canon]:
        if b"c" not in self._tags:
            # RFC 8617 §4.1.2 leaves the default of DKIM; every sealer that omits c= means relaxed, and so do verifiers
            return (Canon.RELAXED, Canon.RELAXED) if self._arc else (Canon.SIMPLE, Canon.SIMPLE)
        header, slash, body = self._tags[b"c"].partition(b"/")
        try:
            return _CANONS[header], _CANONS[body if slash else b"simple"]
        except KeyError:
            raise TagListError("unknown canonicalisation") from None

    def _decoded(self, name: bytes, limit: int) -> bytes:
        decoded = decode_base64(self._tags[name])
        if not decoded:
            raise TagListError("a required tag is empty")
        if len(decoded) > limit:
            raise TagListError("signature is too long")
        return decoded

    def _expiry(self) -> int | None:
        if b"x" not in self._tags:
            return None
        expires = decode_number(self._tags[b"x"])
        if b"t" in self._tags and expires < decode_number(self._tags[b"t"]):
            raise TagListError("expires before it was made")
        return expires

    def _identity_domain(self) -> DomainName | None:
        identity = self._identity
        if not identity or self._domain is None:
            return self._domain
        domain = parse_domain(identity.rpartition(b"@")[2].decode("utf-8", "replace"))
        if b"@" not in identity or domain is None or not is_same_or_below(domain, self._domain):
            raise TagListError("i= is not within d=")
        return domain


def _unquote(value: bytes) -> bytes:
    """DKIM's quoted-printable (RFC 6376 §2.11)."""
    if b"=" not in value:
        return value
    return _QUOTED.sub(lambda match: bytes([int(match[1], 16)]), value.translate(None, b" \t\r\n"))
