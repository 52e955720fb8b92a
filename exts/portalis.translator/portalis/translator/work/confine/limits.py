"""Limits on what a process may use: memory, processor time, descriptors, processes.

Not the size of files: wasmtime's memory images and a stderr that is a file are files too, and a limit of 0 ends the process by a signal.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import ClassVar

from portalis.translator.work.confine.protections import Absent


def _limit(name: str, soft: int, hard: int) -> None:
    """Set a limit of `resource`, never above a hard limit that stands."""
    if sys.platform == "win32":
        raise Absent("Windows has no limits that a process sets for itself")
    import resource

    kind = getattr(resource, name, None)
    if kind is None:
        raise Absent(f"this system has no {name}")
    ceiling = resource.getrlimit(kind)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), ceiling if hard == resource.RLIM_INFINITY else min(hard, ceiling)
    resource.setrlimit(kind, (soft, hard))


@dataclass(frozen=True)
class Memory:
    """At most so many bytes of data. Not of address space: wasmtime reserves gigabytes of it that it never touches."""

    size: int
    name: ClassVar[str] = "memory"

    def apply(self) -> str:
        _limit("RLIMIT_DATA", self.size, self.size)
        return f"at most {self.size >> 20} MiB"


@dataclass(frozen=True)
class NoCore:
    """No core file: it would hold the process's memory."""

    name: ClassVar[str] = "core files"

    def apply(self) -> str:
        _limit("RLIMIT_CORE", 0, 0)
        return "none"


@dataclass(frozen=True)
class CpuTime:
    """The kernel ends the process after so many seconds of processor time, also in the middle of one long C call.

    The hard limit stays: the host of a warm process renews the soft one with `renew_cpu_time` before a job. A sealed process can neither
    renew it nor ignore the signal.
    """

    seconds: int
    name: ClassVar[str] = "processor time"

    def apply(self) -> str:
        _limit("RLIMIT_CPU", self.seconds, -1)
        return f"{self.seconds} s a job"


@dataclass(frozen=True)
class Descriptors:
    """At most so many descriptors. With 0 none is opened any more, of whatever kind; those that are open stay."""

    count: int
    name: ClassVar[str] = "descriptors"

    def apply(self) -> str:
        _limit("RLIMIT_NOFILE", self.count, self.count)
        return f"at most {self.count}" if self.count else "none is opened any more"


@dataclass(frozen=True)
class NoProcesses:
    """No process and no thread is started any more. The kernel does not hold root to it."""

    name: ClassVar[str] = "processes"

    def apply(self) -> str:
        _limit("RLIMIT_NPROC", 0, 0)
        if os.getuid() == 0:
            raise Absent("the kernel does not hold root to it; the system calls are filtered")
        return "none is started any more"


def bounds_addresses() -> bool:
    """Tell whether a limit from elsewhere says how much address space this process may reserve."""
    if sys.platform == "win32":
        return False
    import resource

    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def renew_cpu_time(process_id: int, seconds: int) -> bool:
    """Give a confined process `seconds` more of processor time, counted from what it has used; False where the system cannot.

    Called by its host, before a job.
    """
    if sys.platform != "linux":
        return False
    import resource

    try:
        with open(f"/proc/{process_id}/stat", encoding="ascii", errors="replace") as file:
            # The second field is the program's name in parentheses, and may hold blanks; user and system time are the 14th and 15th.
            fields = file.read().rpartition(")")[2].split()
        used = (int(fields[11]) + int(fields[12])) // os.sysconf("SC_CLK_TCK")
        hard = resource.prlimit(process_id, resource.RLIMIT_CPU)[1]
        resource.prlimit(process_id, resource.RLIMIT_CPU, (used + 1 + seconds, hard))
    except (OSError, ValueError):
        return False
    return True
