"""Keys made for the tests of sender authentication, once per run, and signing with them by dkimpy."""

import base64
from functools import lru_cache

import dkim
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

DOMAIN, SELECTOR = "signer.example", "sel"
KEY_NAME = f"{SELECTOR}._domainkey.{DOMAIN}"


@lru_cache
def _rsa_key(bits: int) -> RSAPrivateKey:
    return generate_private_key(65537, bits)


def rsa_key(bits: int = 2048) -> RSAPrivateKey:
    """The RSA key of this size."""
    return _rsa_key(bits)


@lru_cache
def ed25519_key() -> Ed25519PrivateKey:
    """An Ed25519 key."""
    return Ed25519PrivateKey.generate()


def pem(key: RSAPrivateKey | Ed25519PrivateKey) -> bytes:
    """The private key as files hold it."""
    return key.private_bytes(
        Encoding.PEM,
        PrivateFormat.TraditionalOpenSSL if isinstance(key, RSAPrivateKey) else PrivateFormat.PKCS8,
        NoEncryption(),
    )


def record(key: RSAPrivateKey | Ed25519PrivateKey, tags: str = "v=DKIM1; ") -> str:
    """The key record for DNS."""
    public = key.public_key()
    if isinstance(key, Ed25519PrivateKey):
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return f"{tags}k=ed25519; p={base64.b64encode(raw).decode()}"
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"{tags}k=rsa; p={base64.b64encode(der).decode()}"


def signed(
    raw: bytes,
    *,
    domain: str = DOMAIN,
    selector: str = SELECTOR,
    bits: int = 2048,
    canon: tuple[bytes, bytes] = (b"relaxed", b"relaxed"),
    names: tuple[bytes, ...] = (b"from", b"to", b"subject", b"date", b"message-id"),
    length: bool = False,
    ed25519: bool = False,
) -> bytes:
    """`raw` with a DKIM-Signature of dkimpy's on top."""
    if ed25519:
        seed = ed25519_key().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        private = base64.b64encode(seed)
    else:
        private = pem(rsa_key(bits))
    field: bytes = dkim.sign(
        raw,
        selector.encode(),
        domain.encode(),
        private,
        canonicalize=canon,
        include_headers=list(names),
        length=length,
        signature_algorithm=b"ed25519-sha256" if ed25519 else b"rsa-sha256",
    )
    return field + raw
