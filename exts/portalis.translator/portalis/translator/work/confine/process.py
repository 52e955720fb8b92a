"""What a process may become, who may look into it, and when it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from dataclasses import dataclass
from typing import ClassVar

from portalis.translator.work.confine.protections import Absent
from portalis.translator.work.confine.system import call

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CAPABILITY_VERSION = 0x20080522
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
# What CPython needs to start: where its modules and its libraries are, the seed of hashes, the locale that it sets for itself; and how
# wasmtime traps.
ENVIRONMENT = frozenset({"PYTHONPATH", "PYTHONHASHSEED", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT"}) | {
    "PORTALIS_SIGNALS_BASED_TRAPS"
}


@dataclass(frozen=True)
class NoNewPrivileges:
    """No program that it could start gives it rights that it has not; the kernel asks for this before Landlock and filters."""

    name: ClassVar[str] = "no new privileges"

    def apply(self) -> str:
        call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return "no program gives it more rights"


@dataclass(frozen=True)
class DiesWithParent:
    """The kernel kills it when the thread that started it ends, also in the middle of one long C call.

    That is why `Launcher` starts processes from a thread that lasts. `parent` is the number of the process that started it. It is not
    inherited: a process that was forked by one that is confined applies it again.
    """

    parent: int
    name: ClassVar[str] = "dies with its host"

    def apply(self) -> str:
        call("prctl", _PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        # A parent that ended before the call above sends no signal. Its pipe is closed then, which ends the process as well.
        if os.getppid() != self.parent:
            raise Absent("another program stands between it and its host, or the host is gone")
        return "killed when its host ends"


@dataclass(frozen=True)
class NotDumpable:
    """No process of the same user may attach to it or read its memory, and /proc/PID belongs to root."""

    name: ClassVar[str] = "not traceable"

    def apply(self) -> str:
        call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)
        return "no process of this user attaches to it"


@dataclass(frozen=True)
class OwnSession:
    """A session without a terminal: nothing typed into one, and no signal from one's keys."""

    name: ClassVar[str] = "own session"

    def apply(self) -> str:
        if sys.platform == "win32":
            raise Absent("Windows has no sessions of terminals")
        if os.getsid(0) != os.getpid():
            os.setsid()
        try:
            terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
        except OSError:
            return "no terminal"
        os.close(terminal)
        raise Absent("a terminal controls it")


@dataclass(frozen=True)
class EmptyEnvironment:
    """None of its host's environment variables, which often hold keys. They are left behind at the start: here they are only looked for."""

    name: ClassVar[str] = "environment"

    def apply(self) -> str:
        extra = sorted(os.environ.keys() - ENVIRONMENT)
        if extra:
            raise Absent(f"it was started with {', '.join(extra)}")
        return "nothing of its host's"


@dataclass(frozen=True)
class NoCapabilities:
    """Root's special rights are given up for good, but the right to read files, without which another user's libraries are out of reach.

    Which files those are, Landlock says. Containers often lack the right to read all files and have the wider one to override modes.
    """

    name: ClassVar[str] = "capabilities"

    def apply(self) -> str:
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
        # effective, permitted, inheritable: of capabilities 0 to 31, then of 32 to 63.
        sets = (ctypes.c_uint32 * 6)()
        call("capget", ctypes.byref(header), ctypes.byref(sets))
        kept = next((1 << right for right in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE) if sets[0] >> right & 1), 0)
        sets[:] = [kept, kept, 0, 0, 0, 0]
        call("capset", ctypes.byref(header), ctypes.byref(sets))
        return "none but reading files" if kept else "none"
