"""The format of a quarantine entry: one file, sealed to the key pair of its day.

    8 bytes   "VGENTRY1"
    10 bytes  the day whose public key it is sealed to, "2026-11-25"
    4 bytes   length of the sealed header, big-endian
    ...       sealed header: zstd of JSON (envelope, verdict, times)
    ...       sealed message: zstd of the received bytes

Both are sealed by HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM), apart, so that a listing reads no message. The id
of the entry and which of the two it is are bound in, so that parts of two entries can't be put together.
"""

import json
import struct
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from gateway.model.ports import HeldMessage

MAGIC = b"VGENTRY1"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PREFIX = struct.Struct(">8s10sI")
_MAX_HEADER = 4_194_304
_MAX_MESSAGE = 1_073_741_824


class BrokenEntry(Exception):
    """The file is no entry, or can't be opened with this key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHeader:
    """What an entry says of itself."""

    id: str
    received_at: datetime
    mail_from: bytes
    mail_parameters: tuple[bytes, ...]
    recipients: tuple[tuple[bytes, tuple[bytes, ...]], ...]  # path, parameters
    client: str
    helo: str
    size: int
    sha256: str
    verdict: dict[str, Any]


def seal_entry(held: HeldMessage, sha256: str, day: date, public_key: X25519PublicKey) -> list[bytes]:
    """The file's content, in pieces to be written one after the other."""
    submission = held.submission
    envelope = submission.envelope
    mail_from = envelope.mail_from
    header = {
        "id": submission.id,
        "received_at": submission.received_at.isoformat(),
        "mail_from": mail_from.raw.decode("latin-1") if mail_from is not None else "",
        "mail_parameters": [p.decode("latin-1") for p in envelope.mail_parameters],
        "recipients": [
            [r.path.raw.decode("latin-1"), [p.decode("latin-1") for p in r.parameters]] for r in held.recipients
        ],
        "client": str(envelope.client.address or ""),
        "helo": envelope.client.helo,
        "size": len(submission.raw),
        "sha256": sha256,
        "verdict": held.verdict,
    }
    compressor = zstandard.ZstdCompressor(level=3)
    sealed_header = _SUITE.encrypt(
        compressor.compress(json.dumps(header).encode()), public_key, _info("header", submission.id)
    )
    message = _SUITE.encrypt(compressor.compress(submission.raw), public_key, _info("message", submission.id))
    return [_PREFIX.pack(MAGIC, day.isoformat().encode(), len(sealed_header)), sealed_header, message]


def day_of(data: bytes) -> date:
    """The day whose key opens an entry that begins with `data`. Raises BrokenEntry."""
    return _prefix(data)[0]


def _prefix(data: bytes) -> tuple[date, int]:
    if len(data) < _PREFIX.size:
        raise BrokenEntry("too short")
    magic, day, length = _PREFIX.unpack_from(data)
    if magic != MAGIC or length > _MAX_HEADER:
        raise BrokenEntry("not a quarantine entry")
    try:
        return date.fromisoformat(day.decode("ascii")), length
    except ValueError:
        raise BrokenEntry("not a quarantine entry") from None


def header_bytes_needed(data: bytes) -> int:
    """How many bytes from the start of the file hold the sealed header. Raises BrokenEntry."""
    return _PREFIX.size + _prefix(data)[1]


def open_header(data: bytes, entry_id: str, key: X25519PrivateKey) -> EntryHeader:
    """Read the header. Raises BrokenEntry."""
    _day, length = _prefix(data)
    plain = _open(data[_PREFIX.size : _PREFIX.size + length], key, _info("header", entry_id), _MAX_HEADER * 8)
    try:
        fields = json.loads(plain)
        return EntryHeader(
            id=fields["id"],
            received_at=datetime.fromisoformat(fields["received_at"]),
            mail_from=fields["mail_from"].encode("latin-1"),
            mail_parameters=tuple(p.encode("latin-1") for p in fields["mail_parameters"]),
            recipients=tuple(
                (path.encode("latin-1"), tuple(p.encode("latin-1") for p in parameters))
                for path, parameters in fields["recipients"]
            ),
            client=fields["client"],
            helo=fields["helo"],
            size=fields["size"],
            sha256=fields["sha256"],
            verdict=fields["verdict"],
        )
    except (KeyError, TypeError, ValueError):
        raise BrokenEntry("its header is damaged") from None


def open_message(data: bytes, entry_id: str, key: X25519PrivateKey) -> bytes:
    """Read the message as it was received. Raises BrokenEntry."""
    _day, length = _prefix(data)
    return _open(data[_PREFIX.size + length :], key, _info("message", entry_id), _MAX_MESSAGE)


def _info(part: str, entry_id: str) -> bytes:
    return f"vitalgate quarantine {part} {entry_id}".encode()


def _open(sealed: bytes, key: X25519PrivateKey, info: bytes, most: int) -> bytes:
    try:
        compressed = _SUITE.decrypt(sealed, key, info)
        return zstandard.ZstdDecompressor().decompress(compressed, max_output_size=most)
    except (InvalidTag, ValueError, zstandard.ZstdError):
        raise BrokenEntry("it cannot be opened: damaged, or another key") from None
