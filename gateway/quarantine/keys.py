"""Keys of the quarantine: a master key of the operator, and a key pair a day sealed to it (DESIGN §7).

`keys/2026-11-25.pub` is the day's public half: all that a worker reads. `keys/2026-11-25.key` is the private half,
sealed with AES-256-GCM to a key derived from the master key. Who destroys a day's `.key` destroys that day's entries,
wherever copies of them lie.
"""

import os
import secrets
from datetime import date, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gateway.model.errors import QuarantineUnavailable, Unavailable
from gateway.quarantine.durable import make_folder, write_durably
from gateway.settings.schema import QuarantineSettings

_NONCE = 12


class KeyLost(Exception):
    """A day's key is gone, or the master key is not the one it was sealed to."""


class DayKeys:
    """The key folder of one quarantine."""

    def __init__(self, settings: QuarantineSettings) -> None:
        self.folder = settings.folder / "keys"
        self.master_file = settings.key_file or settings.folder / "master.key"
        self._made_here = settings.key_file is None

    def make_master_if_missing(self) -> bool:
        """Make the folders, and a master key where the settings name none; True when one was made."""
        try:
            make_folder(self.folder.parent)
            make_folder(self.folder)
            if self._made_here and not self.master_file.exists():
                write_durably(self.master_file, secrets.token_hex(32).encode() + b"\n", mode=0o600)
                return True
        except OSError as error:
            raise Unavailable(f"{self.folder.parent}: the quarantine cannot be written: {error.strerror}") from error
        return False

    def make_pairs(self, today: date) -> None:
        """Make today's and tomorrow's pairs, so that midnight finds its key. Raises Unavailable, KeyLost."""
        for day in (today, today + timedelta(days=1)):
            if not self._public_file(day).exists():
                self._make_pair(day)

    def _make_pair(self, day: date) -> None:
        private = X25519PrivateKey.generate()
        nonce = os.urandom(_NONCE)
        sealed = nonce + AESGCM(self._derive("day keys")).encrypt(nonce, private.private_bytes_raw(), _bound(day))
        try:
            write_durably(self._private_file(day), sealed, mode=0o600)
            write_durably(self._public_file(day), private.public_key().public_bytes_raw(), mode=0o600)
        except OSError as error:
            raise Unavailable(f"{self.folder}: cannot be written: {error.strerror}") from error

    def public(self, day: date) -> X25519PublicKey:
        """The public half of a day. Raises QuarantineUnavailable when there is none."""
        try:
            return X25519PublicKey.from_public_bytes(self._public_file(day).read_bytes())
        except (OSError, ValueError) as error:
            raise QuarantineUnavailable(f"no quarantine key for {day}") from error

    def private(self, day: date) -> X25519PrivateKey:
        """The private half of a day; needs the master key. Raises KeyLost."""
        try:
            sealed = self._private_file(day).read_bytes()
        except OSError:
            raise KeyLost(f"the key of {day} is gone: what was held that day can't be read any more") from None
        try:
            plain = AESGCM(self._derive("day keys")).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(day))
        except InvalidTag:
            raise KeyLost(f"the key of {day} was sealed to another master key than {self.master_file}") from None
        return X25519PrivateKey.from_private_bytes(plain)

    def release_key(self) -> bytes:
        """The key of release marks: derived, so that who holds it learns nothing of the quarantine."""
        return self._derive("release marks")

    def days(self) -> list[date]:
        """The days that still have a private key."""
        return sorted(date.fromisoformat(file.stem) for file in self.folder.glob("????-??-??.key"))

    def destroy(self, day: date) -> None:
        """Destroy a day's private key: its entries are dead from here on."""
        file = self._private_file(day)
        try:
            with file.open("r+b", buffering=0) as handle:
                handle.write(secrets.token_bytes(file.stat().st_size))
                os.fsync(handle.fileno())
        except FileNotFoundError:
            pass
        file.unlink(missing_ok=True)
        self._public_file(day).unlink(missing_ok=True)

    def _derive(self, purpose: str) -> bytes:
        try:
            master = self.master_file.read_bytes().strip()
        except OSError as error:
            raise KeyLost(f"{self.master_file}: cannot be read: {error.strerror}") from None
        info = f"vitalgate quarantine {purpose}".encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)

    def _public_file(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.pub"

    def _private_file(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.key"


def _bound(day: date) -> bytes:
    return day.isoformat().encode()
