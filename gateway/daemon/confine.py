"""What a worker may touch of the file system (Landlock, Linux 5.19 or later): who breaks into one reads no quarantine.

A worker meets every stranger's bytes first. It may read programs, libraries and what the settings name; it may write
new entries, and read none. The private halves of the quarantine's keys, the master key, the history and the audit log
are out of its reach, whatever its account may do. Its inspectors inherit this, and give up more
(inspection/confinement.py). Landlock allows by place and cannot forbid below an allowed one: where a secret lies below
an allowed folder, the folder's other children are allowed one by one.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import gateway
from gateway.quarantine.durable import make_folder
from gateway.settings.schema import Settings

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on x86_64 and aarch64
_VERSION, _PATH_BENEATH, _NO_NEW_PRIVS = 1, 1, 38
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_FILE, _MAKE_REG, _REFER, _TRUNCATE = (
    1 << bit for bit in (0, 1, 2, 3, 5, 8, 13, 14)
)
_ALL: Final = (1 << 14) - 1  # every right of version 2
_OF_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_READ: Final = _EXECUTE | _READ_FILE | _READ_DIR
_SPOOL: Final = _READ_DIR | _WRITE_FILE | _MAKE_REG | _REMOVE_FILE | _REFER | _TRUNCATE
_WRITE: Final = _SPOOL | _READ
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/sys", "/run", "/dev")
_WRITABLE_DEVICES = ("/dev/null",)
_DEEPEST = 12


def confine_worker(settings: Settings) -> bool:
    """Give up everything else, for good; False where the kernel can't. Call before any thread. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))
    if version < 2:  # 1 knows no renames between folders, which the spool lives by
        return False
    handled = _ALL | (_TRUNCATE if version >= 3 else 0)
    attributes = struct.pack("=Q", handled)
    ruleset = _checked(libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0)))
    try:
        for path, rights in _rules(settings):
            _allow(libc, ruleset, path, rights & handled)
        libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
        _checked(libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0))
        _checked(libc.syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0)))
    finally:
        os.close(ruleset)
    return True


def _rules(settings: Settings) -> Iterator[tuple[Path, int]]:
    quarantine = settings.quarantine.folder
    secrets = {path.resolve() for path in _secrets(settings)}
    code = {sys.prefix, sys.base_prefix, sys.exec_prefix, str(Path(sys.executable).parent), *sys.path}
    package = Path(gateway.__file__).parent
    for place in {*map(Path, _SYSTEM), *(Path(name) for name in code if name), package, *_named(settings)}:
        if place.resolve() in (package.parent, Path.cwd()):
            continue  # a checkout, which may hold settings and the quarantine: the package below it is enough
        for path in below(place.resolve(), secrets):
            yield path, _READ
    yield package.parent, _READ_DIR  # an inspector looks there for the package: names only
    for name in _WRITABLE_DEVICES:
        yield Path(name), _READ_FILE | _WRITE_FILE
    for name in ("entries", "pending", "released"):
        make_folder(quarantine / name)
        yield quarantine / name, _SPOOL
    for public in (quarantine / "keys").glob("*.pub"):
        yield public, _READ_FILE
    for hop in (settings.next_hop, *settings.routes.values()):
        if hop.maildir is not None:
            for name in ("tmp", "new", "cur"):
                make_folder(hop.maildir / name)
            yield hop.maildir, _WRITE


def _secrets(settings: Settings) -> Iterator[Path]:
    """What no worker reads, even where it lies below something that it does read."""
    yield settings.quarantine.folder
    if settings.quarantine.key_file is not None:
        yield settings.quarantine.key_file
    if credentials := os.environ.get("CREDENTIALS_DIRECTORY"):
        yield Path(credentials)
    if settings.history.url.startswith("sqlite:///"):
        yield Path(settings.history.url.removeprefix("sqlite:///"))


def _named(settings: Settings) -> Iterator[Path]:
    """Files of the settings that are opened again while serving."""
    for listen in settings.listen:
        yield from filter(None, (listen.tls.certificate, listen.tls.key))
    for hop in (settings.next_hop, *settings.routes.values()):
        yield from filter(None, (hop.ca, hop.client_certificate, hop.client_key))


def below(place: Path, secrets: Iterable[Path], depth: int = 0) -> Iterator[Path]:
    """`place`, or those of its children that hold no secret."""
    inside = [secret for secret in secrets if secret.is_relative_to(place)]
    if not inside:
        yield place
    elif place not in inside and depth < _DEEPEST:
        try:
            children = sorted(place.iterdir())
        except OSError:
            return
        for child in children:
            if not child.is_symlink():  # what it leads to is allowed where it lies, or not at all
                yield from below(child, inside, depth + 1)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not there: nothing to allow
        return
    try:
        if not path.is_dir():
            rights &= _OF_FILES
        rule = struct.pack("=Qi", rights, handle)
        _checked(libc.syscall(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint(0)))
    finally:
        os.close(handle)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
