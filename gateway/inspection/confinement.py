"""What an inspector gives up before it opens a stranger's file. Linux; what the system refuses is gone without.

The order matters: the user and network namespace first (later calls forbid it), the system call filter last.
"""

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys

from gateway.inspection.file_access import allow_reading_libraries

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 4, 38, 22
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000
_SECCOMP_MODE_FILTER = 2
_RET_ALLOW, _RET_EPERM, _RET_KILL = 0x7FFF0000, 0x00050001, 0x80000000
_AUDIT_X86_64, _AUDIT_AARCH64 = 0xC000003E, 0xC00000B7

# System calls that reading bytes already at hand never needs: new connections, programs, processes, other processes'
# memory, writing to the file system, mounts, kernel doors. Opening files stays (libraries are loaded lazily).
_FORBIDDEN_X86_64 = (
    41, 42, 43, 49, 50, 53, 288,  # socket connect accept bind listen socketpair accept4
    56, 57, 58, 59, 322, 435,  # clone fork vfork execve execveat clone3
    62, 200, 101, 310, 311, 434, 438,  # kill tkill tgkill ptrace process_vm_* pidfd_open pidfd_getfd
    82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 133, 264, 265, 266, 316, 258, 259, 263, 260, 268,  # rename..mknod
    161, 155, 165, 166, 428, 429, 430, 442, 272, 308,  # chroot pivot_root mount* unshare setns
    298, 321, 323, 425, 426, 427, 246, 320, 175, 176, 313, 248, 249, 250,  # perf bpf io_uring kexec modules keys
    29, 64, 68, 240,  # shmget semget msgget mq_open
)  # fmt: skip
_FORBIDDEN_AARCH64 = (
    198, 199, 200, 201, 202, 203, 242,
    220, 221, 281, 435,
    129, 130, 117, 270, 271, 434, 438,
    33, 34, 35, 36, 37, 38, 276, 52, 53, 54, 55, 45, 46,
    51, 41, 40, 39, 428, 429, 430, 442, 97, 268,
    241, 280, 282, 425, 426, 427, 104, 294, 105, 106, 273, 217, 218, 219,
    194, 190, 186, 180,
)  # fmt: skip


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_char_p)]


def confine(memory_bytes: int, parent: int) -> None:
    """Give up what reading does not need. `parent` is the process id that must be ours: else it died before we knew."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)
    libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC)  # refused in some containers: the filter below stands
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    allow_reading_libraries(libc)
    for what, amount in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_STACK, 8 * 1024 * 1024),
    ):
        _, hard = resource.getrlimit(what)
        allowed = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        with contextlib.suppress(OSError, ValueError):  # a system call filter around us may forbid it
            resource.setrlimit(what, (allowed, allowed))
    _filter_calls(libc)


def allow_cpu(seconds: int) -> None:
    """CPU seconds from now on until the kernel ends this process (SIGXCPU): should the worker fail to kill it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds + 1
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _filter_calls(libc: ctypes.CDLL) -> None:
    """Install a seccomp filter: forbidden calls fail with EPERM, another architecture's calls end the process."""
    machine = platform.machine()
    if machine == "x86_64":
        architecture, alien_from = _AUDIT_X86_64, 0x40000000
        forbidden: tuple[int, ...] = _FORBIDDEN_X86_64
    elif machine == "aarch64":
        architecture, forbidden, alien_from = _AUDIT_AARCH64, _FORBIDDEN_AARCH64, 0
    else:
        return
    code = [_load(4), _equal(architecture, 1, 0), _ret(_RET_KILL), _load(0)]
    if alien_from:
        code += [_at_least(alien_from, 0, 1), _ret(_RET_EPERM)]
    for number in forbidden:
        code += [_equal(number, 0, 1), _ret(_RET_EPERM)]
    code.append(_ret(_RET_ALLOW))
    program = _Filter(len(code), b"".join(code))
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0)


def _instruction(code: int, true: int, false: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, true, false, value)


def _load(offset: int) -> bytes:
    return _instruction(0x20, 0, 0, offset)


def _equal(value: int, true: int, false: int) -> bytes:
    return _instruction(0x15, true, false, value)


def _at_least(value: int, true: int, false: int) -> bytes:
    return _instruction(0x35, true, false, value)


def _ret(value: int) -> bytes:
    return _instruction(0x06, 0, 0, value)
