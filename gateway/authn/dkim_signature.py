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

    def read(self) -> Signature:
        tags = self._tags
        domain = parse_domain(tags.get(b"d", b"").decode("utf-8", "replace"))
        selector = tags.get(b"s", b"")
        identity = b"" if self._arc else _unquote(tags.get(b"i", b""))
        text = tags.get(b"b", b"").translate(None, b" \t\r\n")
        known = Signature(
            domain=domain,
            selector=printable(selector, 253),
            identity=printable(identity, 320),
            algorithm=printable(tags.get(b"a", b""), 32),
            signature_text=printable(text, 2048),
            names=tuple(name.decode("ascii", "replace").lower() for name in split_colons(tags.get(b"h", b""))),
        )
        try:
            return self._complete(known, identity)
        except TagListError as error:
            return _with_problem(known, str(error))

    def _complete(self, known: Signature, identity: bytes) -> Signature:
        tags = self._tags
        self._check_form(known)
        header, body = self._canons()
        return Signature(
            domain=known.domain,
            selector=str(parse_domain(known.selector)),
            identity=known.identity,
            identity_domain=self._identity_domain(known, identity),
            algorithm=known.algorithm,
            signature=self._decoded(b"b", MAX_SIGNATURE),
            signature_text=known.signature_text,
            body_hash=self._decoded(b"bh", 64),
            header_canon=header,
            body_canon=body,
            length=decode_number(tags[b"l"]) if b"l" in tags else None,
            names=known.names,
            signed_at=decode_number(tags[b"t"]) if b"t" in tags else None,
            expires_at=self._expiry(),
            value_without_signature=without_signature(self._value),
        )

    def _check_form(self, known: Signature) -> None:
        tags = self._tags
        required = (b"a", b"b", b"bh", b"d", b"h", b"s") if self._arc else (b"v", b"a", b"b", b"bh", b"d", b"h", b"s")
        if not all(name in tags for name in required):
            raise TagListError("a required tag is missing")
        if not self._arc and tags[b"v"] != b"1":
            raise TagListError("unknown version of the signature")
        if known.domain is None:
            raise TagListError("d= is no domain")
        if parse_domain(known.selector) is None:
            raise TagListError("s= is no selector")
        if known.algorithm not in ALGORITHMS and known.algorithm != HISTORIC:
            raise TagListError("unknown algorithm")
        if len(known.names) > MAX_SIGNED_NAMES:
            raise TagListError("h= names too many fields")
        if not self._arc and "from" not in known.names:
            raise TagListError("h= does not name From")
        if b"q" in tags and b"dns/txt" not in split_colons(tags[b"q"]):
            raise TagListError("unknown query method")

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

    def _identity_domain(self, known: Signature, identity: bytes) -> DomainName | None:
        if not identity or known.domain is None:
            return known.domain
        domain = parse_domain(identity.rpartition(b"@")[2].decode("utf-8", "replace"))
        if b"@" not in identity or domain is None or not is_same_or_below(domain, known.domain):
            raise TagListError("i= is not within d=")
        return domain


def _unquote(value: bytes) -> bytes:
    """DKIM's quoted-printable (RFC 6376 §2.11)."""
    if b"=" not in value:
        return value
    return _QUOTED.sub(lambda match: bytes([int(match[1], 16)]), value.translate(None, b" \t\r\n"))


def _with_problem(known: Signature, problem: str) -> Signature:
    return Signature(
        domain=known.domain,
        selector=known.selector,
        identity=known.identity,
        algorithm=known.algorithm,
        signature_text=known.signature_text,
        names=known.names,
        problem=problem,
    )
