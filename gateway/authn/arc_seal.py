"""ARC sealing of what we relay (RFC 8617 §5.1): last of all, over the bytes that the next hop gets."""

import base64
import hashlib
import re
from collections import Counter
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway.authn.arc_chain import MAX_SETS, RESULTS, SEAL, SIGNATURE
from gateway.authn.canonical_body import BodyHasher
from gateway.authn.canonical_header import Canon, relaxed_field
from gateway.authn.dkim import WATCHED
from gateway.authn.keys import MAX_RSA_BITS, MIN_RSA_BITS
from gateway.authn.tag_list import TagListError, decode_number, parse_tag_list
from gateway.model.auth_facts import ArcResult, ArcStatus
from gateway.model.domain import DomainName

# What a reader is shown or what shapes the body, and what ties the message to its thread and its signatures. Not:
# Received, Return-Path, Authentication-Results and our X- fields, which the next systems may add to or take away.
SIGNED = (
    "from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references",
    "mime-version", "content-type", "content-transfer-encoding", "content-disposition", "dkim-signature",
    "list-id", "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
_FIELD_END = re.compile(rb"\r\n(?![ \t])")
_NAME = re.compile(rb"[!-9;-~]+[ \t]*")
_INSTANCE = re.compile(rb"[ \t\r\n]*i[ \t\r\n]*=[ \t\r\n]*([0-9]{1,3})[ \t\r\n]*(?:;|\Z)")
_MAX_FIELDS_SIGNED = 100  # of one name in h=


class Sealer:
    """Seals as `domain`/`selector` with one private key: RSA of 1024 to 4096 bits, or Ed25519."""

    def __init__(self, domain: DomainName, selector: str, private_key_pem: bytes) -> None:
        """Raises ValueError on a key that no verifier would take; the text holds nothing of the key."""
        try:
            key = load_pem_private_key(private_key_pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise ValueError("not an unencrypted private key in PEM") from None
        if isinstance(key, RSAPrivateKey):
            if not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
                raise ValueError(f"an RSA key of {key.key_size} bits: verifiers take {MIN_RSA_BITS} to {MAX_RSA_BITS}")
        elif not isinstance(key, Ed25519PrivateKey):
            raise ValueError("neither an RSA nor an Ed25519 key")
        self._key: RSAPrivateKey | Ed25519PrivateKey = key
        self._algorithm = "rsa-sha256" if isinstance(key, RSAPrivateKey) else "ed25519-sha256"
        self._domain = domain
        self._selector = selector

    def seal(
        self, head: bytes, body: memoryview, arc: ArcResult, authentication_results: bytes, now: datetime
    ) -> bytes:
        """The three fields to put on top of `head` (the header block as it will be relayed, empty line included).

        `arc` is the incoming chain's state, `authentication_results` our own field for this message. Empty where a
        chain must not be added to: one that was ended (cv=fail), has 50 sets, or could not be checked.
        """
        fields = _read_head(head)
        chain = [(name, raw) for name, raw in fields if name in (RESULTS, SIGNATURE, SEAL)]
        validation = _validation(arc, bool(chain))
        instance = _highest(chain) + 1
        if validation is None or instance > MAX_SETS:
            return b""
        results = self._results_field(instance, authentication_results)
        signature = self._message_signature(instance, fields, body, now)
        # RFC 8617 §5.1.2: a seal that reports a broken chain covers its own set only
        before = _ordered(chain) if validation == "pass" else b""
        covered = before + _relaxed(results) + _relaxed(signature)
        stamp = int(now.timestamp())
        unsigned = (
            f"ARC-Seal: i={instance}; a={self._algorithm}; cv={validation}; d={self._domain}; s={self._selector};\r\n"
            f"\tt={stamp}; b="
        ).encode("ascii")
        seal = unsigned + self._signed(covered + _relaxed(unsigned + b"\r\n")[:-2]) + b"\r\n"
        return seal + signature + results

    def _results_field(self, instance: int, authentication_results: bytes) -> bytes:
        value = authentication_results.partition(b":")[2].strip(b" \t\r\n")
        return b"ARC-Authentication-Results: i=%d; " % instance + value + b"\r\n"

    def _message_signature(
        self, instance: int, fields: list[tuple[str, bytes]], body: memoryview, now: datetime
    ) -> bytes:
        counts = Counter(name for name, _ in fields)
        names = [name for name in SIGNED for _ in range(min(counts[name], _MAX_FIELDS_SIGNED))]
        names += WATCHED  # once more than they stand, so that none can be slipped in beside them
        digest = base64.b64encode(BodyHasher(body).digest(Canon.RELAXED, None).digest)
        unsigned = (
            f"ARC-Message-Signature: i={instance}; a={self._algorithm}; c=relaxed/relaxed;\r\n"
            f"\td={self._domain}; s={self._selector}; t={int(now.timestamp())};\r\n"
            f"\th={_folded(names)};\r\n\tbh="
        ).encode("ascii")
        unsigned += digest + b";\r\n\tb="
        data = b"".join(_chosen(fields, names)) + _relaxed(unsigned + b"\r\n")[:-2]
        return unsigned + self._signed(data) + b"\r\n"

    def _signed(self, data: bytes) -> bytes:
        """b= over `data`, folded."""
        if isinstance(self._key, Ed25519PrivateKey):
            signature = self._key.sign(hashlib.sha256(data).digest())
        else:
            signature = self._key.sign(data, PKCS1v15(), SHA256())
        text = base64.b64encode(signature)
        return b"\r\n\t ".join(text[at : at + 72] for at in range(0, len(text), 72))


def _validation(arc: ArcResult, present: bool) -> str | None:
    """cv= of the new seal; None: no seal."""
    if not present:
        return "none"
    return {ArcStatus.PASS: "pass", ArcStatus.FAIL: "fail"}.get(arc.status)


def _read_head(head: bytes) -> list[tuple[str, bytes]]:
    """Names and whole fields, top down."""
    fields = []
    for field in _FIELD_END.split(head):
        name, colon, _ = field.partition(b":")
        if colon and _NAME.fullmatch(name):
            fields.append((name.rstrip(b" \t").decode("ascii").lower(), field + b"\r\n"))
    return fields


def _relaxed(field: bytes) -> bytes:
    name, _, value = field.removesuffix(b"\r\n").partition(b":")
    return relaxed_field(name, value) + b"\r\n"


def _instance_of(name: str, field: bytes) -> int:
    """i= of one of the three fields, 0 where it can't be read."""
    value = field.partition(b":")[2]
    if name == RESULTS:
        match = _INSTANCE.match(value[:200])
        return int(match[1]) if match else 0
    try:
        return decode_number(parse_tag_list(value).get(b"i", b""))
    except TagListError:
        return 0


def _highest(chain: list[tuple[str, bytes]]) -> int:
    """The highest instance that a set of ours may follow; wild numbers of a broken chain don't count."""
    return max((i for i in (_instance_of(*one) for one in chain) if i <= MAX_SETS), default=0)


def _ordered(chain: list[tuple[str, bytes]]) -> bytes:
    """A valid chain's fields as a seal covers them: by instance; results, signature, seal (RFC 8617 §5.1.1)."""
    order = {RESULTS: 0, SIGNATURE: 1, SEAL: 2}
    return b"".join(
        _relaxed(field) for name, field in sorted(chain, key=lambda one: (_instance_of(*one), order[one[0]]))
    )


def _chosen(fields: list[tuple[str, bytes]], names: list[str]) -> list[bytes]:
    """The fields that h= names, bottom up for a name that stands several times."""
    stacks: dict[str, list[bytes]] = {}
    for name, field in fields:
        stacks.setdefault(name, []).append(field)
    return [_relaxed(stacks[name].pop()) for name in names if stacks.get(name)]


def _folded(names: list[str]) -> str:
    """h= on lines of bearable length."""
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > 68:
            lines.append("")
        lines[-1] += name + ":"
    return "\r\n\t ".join(lines).removesuffix(":")
