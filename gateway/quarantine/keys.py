"""Keys of the quarantine: a master key of the operator, and a key pair a day sealed to it (DESIGN §7).

    keys/2026-11-25.pub      the day's public half: all that a worker reads
    keys/2026-11-25.key      its private half, sealed with AES-256-GCM to a key derived from the master key
    keys/release.key         the key of release marks, sealed in the same way
    keys/*.key.new           the same key sealed to the next master key, while that is being changed (rotation.py)

Who destroys a day's `.key` destroys that day's entries, wherever copies of them lie. A sealed file is tried before its
`.new` twin, so either master key opens everything while a change of it is under way.
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
from gateway.quarantine.durable import locked, make_folder, sync_folder, write_all, write_durably
from gateway.settings.schema import QuarantineSettings

RELEASE = "release"
_NONCE = 12
_TWIN = ".new"


class KeyLost(Exception):
    """A day's key is gone, or the master key is not the one it was sealed to."""


class DayKeys:
    """The key folder of one quarantine."""

    def __init__(self, settings: QuarantineSettings) -> None:
        self.folder = settings.folder / "keys"
        self.master_file = settings.key_file or settings.folder / "master.key"
        self.lock_file = self.folder / ".lock"
        self.made_here = settings.key_file is None

    # -- making --------------------------------------------------------------------------------------------------

    def make_master_if_missing(self) -> bool:
        """Make the folders, and a master key where the settings name none; True when one was made."""
        try:
            make_folder(self.folder.parent)
            make_folder(self.folder)
            if self.made_here and not self.master_file.exists():
                write_durably(self.master_file, new_master(), mode=0o600)
                return True
        except OSError as error:
            raise Unavailable(f"{self.folder.parent}: the quarantine cannot be written: {error.strerror}") from error
        return False

    def make_pairs(self, today: date, days: int = 2) -> None:
        """Make the pairs of today and the next days, so that midnight finds its key. Raises Unavailable, KeyLost."""
        wanted = [today + timedelta(days=number) for number in range(days)]
        missing = [day for day in wanted if not self._is_whole(day)]
        if not missing and self.sealed_file(RELEASE).exists():
            return
        try:
            with locked(self.lock_file):
                for day in missing:
                    if not self._is_whole(day):
                        self._make_pair(day)
                if not self.sealed_file(RELEASE).exists():
                    sealed = self.seal(RELEASE, secrets.token_bytes(32), self.master())
                    write_durably(self.sealed_file(RELEASE), sealed, mode=0o600)
        except OSError as error:
            raise Unavailable(f"{self.folder}: cannot be written: {error.strerror}") from error

    def _is_whole(self, day: date) -> bool:
        return self._public_file(day).exists() and self.sealed_file(day.isoformat()).exists()

    def _make_pair(self, day: date) -> None:
        """The private half first: an entry must never be sealed to a key that nobody has."""
        private = X25519PrivateKey.generate()
        sealed = self.seal(day.isoformat(), private.private_bytes_raw(), self.master())
        write_durably(self.sealed_file(day.isoformat()), sealed, mode=0o600)
        write_durably(self._public_file(day), private.public_key().public_bytes_raw(), mode=0o600)

    # -- reading -------------------------------------------------------------------------------------------------

    def public(self, day: date) -> X25519PublicKey:
        """The public half of a day. Raises QuarantineUnavailable when there is none."""
        try:
            return X25519PublicKey.from_public_bytes(self._public_file(day).read_bytes())
        except (OSError, ValueError) as error:
            raise QuarantineUnavailable(f"no quarantine key for {day}") from error

    def private(self, day: date) -> X25519PrivateKey:
        """The private half of a day; needs the master key. Raises KeyLost."""
        return X25519PrivateKey.from_private_bytes(self.opened(day.isoformat(), self.master()))

    def release_key(self) -> bytes:
        """The key of release marks: who holds it learns nothing of the quarantine. Raises KeyLost."""
        return self.opened(RELEASE, self.master())

    def master(self) -> bytes:
        """The master key. Raises KeyLost when it can't be read."""
        return read_master(self.master_file)

    def days(self) -> list[date]:
        """The days of which there is still a file."""
        return sorted({date.fromisoformat(file.name[:10]) for file in self.folder.glob("????-??-??.*")})

    def names(self) -> list[str]:
        """What there are sealed files of: days, and the release key."""
        return sorted(file.stem for file in self.folder.glob("*.key"))

    # -- sealing -------------------------------------------------------------------------------------------------

    @staticmethod
    def seal(name: str, plain: bytes, master: bytes) -> bytes:
        """The content of a sealed file."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(_derived(master)).encrypt(nonce, plain, name.encode())

    @staticmethod
    def unseal(name: str, sealed: bytes, master: bytes) -> bytes:
        """What `seal` sealed. Raises KeyLost."""
        try:
            return AESGCM(_derived(master)).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
        except (InvalidTag, ValueError):
            raise KeyLost(f"the key of {name} was sealed to another master key") from None

    def opened(self, name: str, master: bytes) -> bytes:
        """What a sealed file, or its twin, holds. Raises KeyLost."""
        found = False
        for file in (self.sealed_file(name), self.twin_file(name)):
            try:
                sealed = file.read_bytes()
            except OSError:
                continue
            found = True
            try:
                return self.unseal(name, sealed, master)
            except KeyLost:
                continue
        if not found:
            raise KeyLost(f"the key of {name} is gone: what was held that day can't be read any more")
        raise KeyLost(f"the key of {name} was sealed to another master key than {self.master_file}")

    def sealed_file(self, name: str) -> Path:
        """Where the sealed key of a day, or the release key, lies."""
        return self.folder / f"{name}.key"

    def twin_file(self, name: str) -> Path:
        """Where the same key lies, sealed to the next master key."""
        return self.folder / f"{name}.key{_TWIN}"

    def _public_file(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.pub"

    # -- destroying ----------------------------------------------------------------------------------------------

    def destroy(self, day: date) -> None:
        """Destroy a day's private key: its entries are dead from here on. Raises OSError."""
        for remnant in self.folder.glob(f".{day.isoformat()}.key*"):  # of a write that a crash cut short
            overwrite(remnant)
        for file in (self.twin_file(day.isoformat()), self.sealed_file(day.isoformat())):
            overwrite(file)
        self._public_file(day).unlink(missing_ok=True)
        sync_folder(self.folder)


def overwrite(file: Path) -> None:
    """Write noise over a file, then remove it; fine when it is not there. Raises OSError."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        write_all(handle, secrets.token_bytes(os.fstat(handle).st_size))
        os.fsync(handle)
    finally:
        os.close(handle)
    os.unlink(file)


def new_master() -> bytes:
    """The content of a new master key file."""
    return secrets.token_hex(32).encode() + b"\n"


def read_master(file: Path) -> bytes:
    """The master key that a file holds. Raises KeyLost."""
    try:
        master = file.read_bytes().strip()
    except OSError as error:
        raise KeyLost(f"{file}: cannot be read: {error.strerror}") from None
    if len(master) < 16:
        raise KeyLost(f"{file}: holds no key of at least 16 bytes; make one with `openssl rand -hex 32`")
    return master


def _derived(master: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"vitalgate quarantine day keys").derive(master)
