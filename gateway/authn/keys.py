"""Public keys as published in DNS (RFC 6376 §3.6.1, RFC 8301, RFC 8463). Parsed once per record text."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from gateway.authn.tag_list import TagListError, decode_base64, parse_tag_list, split_colons

MAX_RECORD = 4096  # characters; an RSA key of 4096 bits takes 736
MAX_DER = 1100  # bytes: 4096 bits of modulus and as many of exponent; more is never a key that we take
MIN_RSA_BITS = 1024  # RFC 8301 §3.2
MAX_RSA_BITS = 4096
MAX_EXPONENT = 1 << 32  # verification time grows with the exponent: 7 s at 16384 bits
_SHA256, _PKCS1 = SHA256(), PKCS1v15()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """One key record. `problem` says why it can't be used, "" when it can."""

    key: RSAPublicKey | Ed25519PublicKey | None = None
    bits: int = 0
    testing: bool = False  # t=y
    strict: bool = False  # t=s: i= must be of d= itself
    problem: str = ""

    @property
    def algorithm(self) -> str:
        """The a= that this key can have signed with."""
        return "ed25519-sha256" if isinstance(self.key, Ed25519PublicKey) else "rsa-sha256"

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Whether `signature` is this key's over SHA-256 of `data` (RFC 8463 §3: Ed25519 signs the hash)."""
        try:
            if isinstance(self.key, RSAPublicKey):
                self.key.verify(signature, data, _PKCS1, _SHA256)
                return True
            if isinstance(self.key, Ed25519PublicKey):
                self.key.verify(signature, hashlib.sha256(data).digest())
                return True
        except (InvalidSignature, ValueError):
            pass
        return False


def _rsa(der: bytes) -> PublicKey:
    """SubjectPublicKeyInfo or bare PKCS#1; sizes that make a verification dear or weak are refused."""
    if len(der) > MAX_DER:
        return PublicKey(problem="key is too large")
    try:
        key = load_der_public_key(der)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return PublicKey(problem="key can't be read")
    if not isinstance(key, RSAPublicKey):
        return PublicKey(problem="key is of another type than its record says")
    if key.key_size < MIN_RSA_BITS:
        return PublicKey(problem="key is too small", bits=key.key_size)
    if key.key_size > MAX_RSA_BITS:
        return PublicKey(problem="key is too large", bits=key.key_size)
    exponent = key.public_numbers().e
    if not 1 < exponent <= MAX_EXPONENT or exponent % 2 == 0:
        return PublicKey(problem="key has an unreasonable exponent", bits=key.key_size)
    return PublicKey(key=key, bits=key.key_size)


def _ed25519(raw: bytes) -> PublicKey:
    """The 32 bytes of RFC 8463 §3."""
    try:
        return PublicKey(key=Ed25519PublicKey.from_public_bytes(raw), bits=256)
    except ValueError:
        return PublicKey(problem="key can't be read")


_NO_KEY = "key record has no key"
_TOO_LARGE = PublicKey(problem="key record is too large")


@lru_cache(maxsize=2048)
def parse_key(record: str) -> PublicKey:
    """Read one TXT record. Never raises: what can't be used is a key with a problem."""
    try:
        tags = parse_tag_list(record.encode("latin-1", "replace"), forgiving=True)
    except TagListError:
        return PublicKey(problem="key record is malformed")
    if tags.get(b"v", b"DKIM1") != b"DKIM1":
        return PublicKey(problem="key record has another version")
    if b"p" not in tags:
        return PublicKey(problem=_NO_KEY)
    if not tags[b"p"]:
        return PublicKey(problem="key is revoked")
    if b"h" in tags and b"sha256" not in split_colons(tags[b"h"].lower()):
        return PublicKey(problem="key does not allow sha256")
    services = split_colons(tags.get(b"s", b"*").lower())
    if b"*" not in services and b"email" not in services:
        return PublicKey(problem="key is not for mail")
    read = {b"rsa": _rsa, b"ed25519": _ed25519}.get(tags.get(b"k", b"rsa").lower())
    if read is None:
        return PublicKey(problem="key is of an unknown type")
    try:
        key = read(decode_base64(tags[b"p"]))
    except TagListError:
        return PublicKey(problem="key can't be read")
    flags = split_colons(tags.get(b"t", b"").lower())
    return PublicKey(key=key.key, bits=key.bits, problem=key.problem, testing=b"y" in flags, strict=b"s" in flags)


def choose_keys(records: tuple[str, ...]) -> tuple[PublicKey, ...]:
    """The usable keys among a name's TXT records, at most 3; when there is none, the one whose problem says most.

    A name should hold one record (RFC 6376 §3.6.2.2); stray ones beside it are common and don't stand in the way.
    """
    keys = [parse_key(record) if len(record) <= MAX_RECORD else _TOO_LARGE for record in records[:10]]
    usable = [key for key in keys if not key.problem][:3]
    if usable:
        return tuple(usable)
    telling = [key for key in keys if key.problem != _NO_KEY]
    return tuple((telling or keys)[:1])
