"""Mistakes in what confines processes, and in what is between a host, its judge and its oracles."""

from __future__ import annotations

import signal
import sys

from .checks import Check, test
from .mutants import Mutant, mutant
from .planting import InChildren, Rewrite


def _confining() -> tuple[Mutant, ...]:
    import resource

    from tests.work import test_confined, test_payloads, test_report
    from tests.work.harness import PREREQUISITE
    from tests.work.kernel import require
    from tests.work.processes import Confined
    from tests.work.rows import attacked

    def hold_row(name: str, profile: str = "oracle") -> None:
        """Try every payload under one protection alone, as `tests/work/test_payloads.py` does under each."""
        table = test_payloads.ALONE_AS_ROOT if test_payloads.ROOT_USER else test_payloads.ALONE
        stopped = table[name] - (test_payloads.LEFT_TO_THE_JUDGE if profile == "judge" else set())
        bare, alone = attacked([(profile, []), (profile, [PREREQUISITE, name])], None)
        require(alone.report, name)
        assert stopped and not stopped & bare.worked & alone.worked

    def row(name: str, profile: str = "oracle") -> Check:
        return Check(f"payloads under `{name}` of the {profile} alone", lambda: hold_row(name, profile))

    def hold_standing() -> None:
        # Where this process writes no core files either, their absence says nothing.
        own = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (own[1], own[1]))
        try:
            with Confined("oracle", seconds=77) as process:
                stands = {name: value[0] for name, value in process.limits.items()}
        finally:
            resource.setrlimit(resource.RLIMIT_CORE, own)
        flags = {"traceable": 0, "held": 1, "ends with its host": signal.SIGKILL, "CORE": 0, "CPU": 77, "NOFILE": 0}
        assert {name: stands[name] for name in flags} == flags

    standing = Check("what stands in a sealed process", hold_standing)
    limits, process, calls, files, filters = (f"work.confine.{name}" for name in ("limits", "process", "calls", "files", "filters"))
    found = [
        mutant("memory has no limit", InChildren(limits, '_limit("RLIMIT_DATA", self.size, self.size)', "pass"), row("memory")),
        mutant("processor time has no limit", InChildren(limits, '_limit("RLIMIT_CPU", self.seconds, -1)', "pass"), standing),
        mutant(
            "descriptors have no limit", InChildren(limits, '_limit("RLIMIT_NOFILE", self.count, self.count)', "pass"), row("descriptors")
        ),
        mutant("a program may give more rights", InChildren(process, 'call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)', "pass"), standing),
        mutant("it may be traced", InChildren(process, 'call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)', "pass"), standing),
        mutant(
            "it outlives its host", InChildren(process, 'call("prctl", _PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)', "pass"), standing
        ),
        mutant("it keeps its terminal", InChildren(process, "os.setsid()", "pass"), row("own session")),
        mutant(
            "it keeps its host's environment",
            Rewrite("work.confine.launching:minimal_environment", 'if name in ENVIRONMENT and not name.startswith("PYTHON")', ""),
            test(test_report.test_a_minimal_environment_holds_nothing_of_the_hosts),
        ),
        mutant(
            "a variable of its host is not reported",
            InChildren(process, "extra = sorted(os.environ.keys() - ENVIRONMENT)", "extra = []"),
            test(test_confined.test_a_variable_of_the_host_is_reported),
        ),
        mutant(
            "Landlock is prepared and not put in force",
            InChildren(files, 'call("landlock_restrict_self", ruleset, 0)', "pass"),
            row("Landlock"),
        ),
        mutant(
            "Landlock allows every folder",
            InChildren(files, "            for path in self.readable:", '            for path in ("/", *self.readable):'),
            row("Landlock"),
        ),
        mutant(
            "no system call is filtered",
            InChildren(calls, 'unwilling = call("seccomp", ', 'unwilling = (lambda *_: 0)("seccomp", '),
            row("system calls"),
        ),
        mutant(
            "what is not listed is allowed",
            InChildren(filters, "program.append((_RETURN, 0, 0, _ERROR | denied))", "program.append((_RETURN, 0, 0, _ALLOW))"),
            row("system calls"),
        ),
        mutant("conditions are not looked at", InChildren(filters, "enumerate(rule.conditions)", "enumerate(())"), row("system calls")),
        mutant(
            "the oracle's memory may become executable",
            InChildren(calls, "Rule(name, (without(2, _PROT_EXEC),))", "Rule(name)"),
            row("system calls"),
        ),
        mutant(
            "the judge may start processes",
            InChildren(calls, 'Rule("clone", (with_all(0, _CLONE_THREAD),))', 'Rule("clone")'),
            row("system calls", "judge"),
        ),
        mutant(
            "the judge may signal others",
            InChildren(calls, 'Rule("tgkill", (equals(0, process_id),))', 'Rule("tgkill")'),
            row("system calls", "judge"),
        ),
    ]
    if test_payloads.ROOT_USER:
        found.append(
            mutant(
                "root keeps its rights",
                InChildren(process, 'call("capset", ctypes.byref(header), ctypes.byref(sets))', "pass"),
                row("capabilities"),
            )
        )
    else:
        found.append(mutant("processes have no limit", InChildren(limits, '_limit("RLIMIT_NPROC", 0, 0)', "pass"), row("processes")))
    if resource.getrlimit(resource.RLIMIT_CORE)[1]:
        found.append(mutant("core files are written", InChildren(limits, '_limit("RLIMIT_CORE", 0, 0)', "pass"), standing))
    if test_confined.X86:
        door = InChildren(filters, "(_RETURN, 0, 0, _KILL_PROCESS)", "(_RETURN, 0, 0, _ALLOW)")
        found.append(mutant("another numbering of calls is open", door, test(test_confined.test_other_numberings_of_system_calls_are_shut)))
    return tuple(found)


# Payloads are tried on Linux.
MUTANTS: tuple[Mutant, ...] = _confining() if sys.platform == "linux" else ()
