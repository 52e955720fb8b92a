"""The seal: the system calls that are left to a process once every module is imported.

A call that is not listed returns EPERM. It does not kill: libraries probe for calls that they can do without, other versions of them
probe for others, and a process killed for a probe would look like a crash of the user's text. Nothing is lost by it, since an OSError
in a worker is never taken for an outcome.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from portalis.translator.work.confine.filters import Rule, assemble, equals, is_null, with_all, without
from portalis.translator.work.confine.protections import Absent
from portalis.translator.work.confine.system import audit_architecture, call, number

_SET_MODE_FILTER = 1
_FLAG_TSYNC = 1
_PROT_EXEC = 0x4
_CLONE_THREAD = 0x10000
_F_GETFD, _F_GETFL, _F_ADD_SEALS = 1, 3, 1033
_PR_SET_NAME = 15

# What CPython does between two jobs and within one: locks, time, memory, the pipes that are open, its own end. `close` is for pipes.
_PLAIN = (
    "futex",
    "read",
    "write",
    "munmap",
    "mremap",
    "madvise",
    "brk",
    "clock_gettime",
    "clock_getres",
    "clock_nanosleep",
    "nanosleep",
    "gettimeofday",
    "times",
    "getrusage",
    "getrandom",
    "getpid",
    "getppid",
    "gettid",
    "getcpu",
    "fstat",
    "lseek",
    "close",
    "sched_yield",
    "restart_syscall",
    "rt_sigreturn",
    "exit",
    "exit_group",
)
# What LLVM, wasmtime and threads need besides: signals for traps, the barrier after new code, images of memories.
_COMPILING = (
    "mprotect",
    "memfd_create",
    "ftruncate",
    "membarrier",
    "rt_sigaction",
    "rt_sigprocmask",
    "sigaltstack",
    "rseq",
    "set_robust_list",
    "sched_getaffinity",
)


def _common(process_id: int) -> tuple[Rule, ...]:
    return (
        # `abort` ends the process itself; no other process gets a signal.
        Rule("tgkill", (equals(0, process_id),)),
        # Not F_SETOWN and F_SETSIG, by which the kernel sends signals to another process.
        Rule("fcntl", (equals(1, _F_GETFD),)),
        Rule("fcntl", (equals(1, _F_GETFL),)),
    )


def oracle_rules(process_id: int) -> tuple[Rule, ...]:
    """For what runs user text: no descriptor, no executable memory, no thread."""
    memory = tuple(Rule(name, (without(2, _PROT_EXEC),)) for name in ("mmap", "mprotect"))
    return (*map(Rule, _PLAIN), *memory, *_common(process_id))


def judge_rules(process_id: int) -> tuple[Rule, ...]:
    """For what compiles and runs modules: besides, threads, memory that becomes executable, and unnamed files for memory images."""
    return (
        *map(Rule, _PLAIN + _COMPILING),
        Rule("mmap", (without(2, _PROT_EXEC),)),
        *_common(process_id),
        Rule("fcntl", (equals(1, _F_ADD_SEALS),)),
        Rule("clone", (with_all(0, _CLONE_THREAD),)),
        # Its flags lie in memory, where no filter sees them; with ENOSYS the C library falls back to `clone`.
        Rule("clone3", error=errno.ENOSYS),
        Rule("prctl", (equals(0, _PR_SET_NAME),)),
        # Reading a limit of its own, for the size of a stack: no process number, no new limit.
        Rule("prlimit64", (equals(0, 0), *is_null(2))),
    )


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


# Stands for the number of a process: no process has so large a one, and nothing else in a filter is it.
_ANY_PROCESS = 0x7FFFFFFE
_WORD = struct.Struct("=I")


@dataclass(frozen=True)
class Sealed:
    """Only listed system calls, for every thread of the process, for good. `rules` are asked for with the process's own number."""

    rules: Callable[[int], tuple[Rule, ...]]
    name: ClassVar[str] = "system calls"

    def code(self, process_id: int) -> bytes:
        """Return the filter of a process as the kernel takes it; Absent where it has none for this system."""
        return _filter(self.rules)[0].replace(_WORD.pack(_ANY_PROCESS), _WORD.pack(process_id))

    def apply(self) -> str:
        code = self.code(os.getpid())
        program = _Program(len(code) // 8, code)
        unwilling = call("seccomp", _SET_MODE_FILTER, _FLAG_TSYNC, ctypes.byref(program))
        if unwilling:
            raise Absent(f"thread {unwilling} has a filter of its own")
        return f"{_filter(self.rules)[1]} of them left"


@functools.cache
def _filter(rules: Callable[[int], tuple[Rule, ...]]) -> tuple[bytes, int]:
    """Return the filter of any process as the kernel takes it, but for its number, and how many calls it leaves.

    Absent where the kernel has none for this system.
    """
    listed = rules(_ANY_PROCESS)
    code = assemble([(number(rule.call), rule) for rule in listed], audit_architecture(), errno.EPERM)
    assert code.count(_WORD.pack(_ANY_PROCESS)) <= 1
    return code, len({rule.call for rule in listed})
