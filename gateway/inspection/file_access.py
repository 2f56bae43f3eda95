"""Landlock: the file system of an inspector is its own libraries, to read, and nothing else (kernel 5.13 and later).

The spool, the keys and the settings belong to the same user; a file that breaks into its reader must not reach them.
"""

import ctypes
import os
import struct
import sys

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_ALL = (1 << 13) - 1  # every right of the first version: run, write, read, remove, make
_SYSTEM = ("/usr", "/lib", "/lib64", "/opt/python", "/etc/ld.so.cache", "/proc/self", "/dev/null", "/dev/urandom")


def allow_reading_libraries(libc: ctypes.CDLL) -> bool:
    """Close everything but the interpreter, its libraries and the system's. Whether the kernel took it; needs
    no_new_privs."""
    if libc.syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG) < 1:
        return False
    handled = ctypes.create_string_buffer(struct.pack("=Q", _ALL), 8)
    ruleset = libc.syscall(_CREATE_RULESET, handled, 8, 0)
    if ruleset < 0:
        return False
    try:
        for path in dict.fromkeys((*_SYSTEM, sys.prefix, sys.base_prefix, *sys.path)):
            _allow(libc, ruleset, path)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str) -> None:
    try:
        place = os.open(path or "/nonexistent", os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = _READ_FILE | (_READ_FOLDER if os.path.isdir(path) else 0)
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, place), 12)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(place)
