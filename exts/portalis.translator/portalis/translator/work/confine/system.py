"""System calls through ctypes: the numbers of the two processors that are served, and the C library, loaded when first needed."""

from __future__ import annotations

import ctypes
import functools
import os
import sys

from portalis.translator.work.confine.protections import Absent

# Name -> number on x86-64, number on aarch64 (asm/unistd_64.h, asm-generic/unistd.h).
_NUMBERS: dict[str, tuple[int, int]] = {
    "brk": (12, 214),
    "capget": (125, 90),
    "capset": (126, 91),
    "clock_getres": (229, 114),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "clone": (56, 220),
    "clone3": (435, 435),
    "close": (3, 57),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "fcntl": (72, 25),
    "fstat": (5, 80),
    "ftruncate": (77, 46),
    "futex": (202, 98),
    "getcpu": (309, 168),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "getrandom": (318, 278),
    "getrusage": (98, 165),
    "gettid": (186, 178),
    "gettimeofday": (96, 169),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "lseek": (8, 62),
    "madvise": (28, 233),
    "membarrier": (324, 283),
    "memfd_create": (319, 279),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "nanosleep": (35, 101),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "read": (0, 63),
    "restart_syscall": (219, 128),
    "rseq": (334, 293),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_getaffinity": (204, 123),
    "sched_yield": (24, 124),
    "seccomp": (317, 277),
    "set_robust_list": (273, 99),
    "sigaltstack": (131, 132),
    "tgkill": (234, 131),
    "times": (100, 153),
    "write": (1, 64),
}
_COLUMNS = {"x86_64": 0, "aarch64": 1}
_SYSTEMS = {"win32": "Windows", "darwin": "macOS"}
# What linux/audit.h calls the processors, as a filter sees them.
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def number(name: str) -> int:
    """The number of a system call on this machine; raise Absent where its numbers are not known."""
    return _NUMBERS[name][_COLUMNS[processor()]]


def audit_architecture() -> int:
    """How the kernel names this processor to a filter of system calls."""
    return _AUDIT[processor()]


def processor() -> str:
    """`x86_64` or `aarch64`; raise Absent on another system, another processor, or a 32-bit Python on one of these."""
    if sys.platform != "linux":
        raise Absent(f"{_SYSTEMS.get(sys.platform, sys.platform)} has no such protection that Python can ask for")
    machine = os.uname().machine
    if machine not in _COLUMNS or sys.maxsize < 1 << 32:
        raise Absent(f"the system calls of a {machine} processor are not known here")
    return machine


def call(name: str, *arguments: object) -> int:
    """Make a system call; ints are passed as 64-bit words, ctypes objects as they are. Raise OSError where it fails."""
    words = [ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments]
    result = int(_library().syscall(ctypes.c_long(number(name)), *words))
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def fork_alone() -> int:
    """Fork a process of one thread and return as `os.fork` does; raise OSError where it cannot be done.

    Without what Python does after a fork: it makes locks anew that no other thread can hold, and seeds generators that nobody asks. What it
    writes for that is memory that the two processes no longer share.
    """
    pid = int(_locked_library().fork())
    if pid < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return pid


@functools.cache
def _locked_library() -> ctypes.PyDLL:
    """Return the C library as one that is called without letting go of the interpreter's lock."""
    return ctypes.PyDLL(None, use_errno=True)


@functools.cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library
