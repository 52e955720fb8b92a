"""What each kind of worker gives up, and when.

    profile = oracle(parent, memory=1 << 30, seconds=60)
    confinement = profile.confinement()
    confinement.apply(profile.early)    # before numpy and wasmtime are imported: what they start would not be held
    ...                                 # every import, a first job where something is loaded at first use
    confinement.apply(profile.seal)     # nothing is opened from here on
    confinement.report()                # goes to the host before the first text comes from it

A process that has applied `early` may fork others that apply `(DiesWithParent(the first's number), *profile.seal)`. `DiesWithParent` wants
a parent that starts its children from a thread that lasts: `Launcher`. The host of a warm process calls `renew_cpu_time` before a job. A
sealed process talks by `read` and `write` on descriptors that it has: a socket is made a file by `os.fdopen`, not by `makefile`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

from portalis.translator.work.confine.calls import Sealed, judge_rules, oracle_rules
from portalis.translator.work.confine.files import libraries
from portalis.translator.work.confine.limits import CpuTime, Descriptors, Memory, NoCore, NoProcesses
from portalis.translator.work.confine.process import (
    DiesWithParent,
    EmptyEnvironment,
    NoCapabilities,
    NoNewPrivileges,
    NotDumpable,
    OwnSession,
)
from portalis.translator.work.confine.protections import Absent, Confinement, Protection

_DESCRIPTORS = 256


@dataclass(frozen=True)
class Profile:
    """`early` is applied before a thread is started and before what is heavy is imported, `seal` after every import, before any job."""

    name: str
    early: tuple[Protection, ...]
    seal: tuple[Protection, ...]

    def confinement(self) -> Confinement:
        return Confinement(self.name)

    def prepare(self) -> None:
        """Compute ahead what processes that are forked from this one need for the seal: less is left to do, and to copy, in each."""
        for protection in self.seal:
            if isinstance(protection, Sealed):
                with contextlib.suppress(Absent):
                    protection.code(os.getpid())


def oracle(parent: int, memory: int, seconds: int, private: Iterable[str] = ()) -> Profile:
    """For the process that runs user text: after the seal it computes, reads its request and writes its answer, and nothing else.

    `parent` is its host's process number, `memory` is in bytes, `seconds` of processor time are a job's, `private` places are never read.
    """
    early = (*_handed_on(memory, private), DiesWithParent(parent))
    # Its time is counted from the seal on, so that what it was forked from may live longer.
    return Profile("oracle", early, (CpuTime(seconds), Descriptors(0), NoProcesses(), Sealed(oracle_rules)))


def nursery(memory: int, private: Iterable[str] = ()) -> Profile:
    """For the process that forks oracles: what of their profile they get from it."""
    return Profile("oracle", _handed_on(memory, private), ())


def forked_oracle(parent: int, seconds: int) -> Profile:
    """For an oracle that the nursery with the number `parent` has forked: the rest of its profile."""
    return Profile("oracle", (DiesWithParent(parent),), (CpuTime(seconds), Descriptors(0), NoProcesses(), Sealed(oracle_rules)))


def judge(parent: int, memory: int, seconds: int, private: Iterable[str] = ()) -> Profile:
    """For the process that compiles, runs modules and compares: the oracle's, with threads and memory that becomes executable."""
    return Profile("judge", (*_handed_on(memory, private), DiesWithParent(parent)), (CpuTime(seconds), Sealed(judge_rules)))


def _handed_on(memory: int, private: Iterable[str]) -> tuple[Protection, ...]:
    """List what a process that is forked has from the one that forked it."""
    return (
        Memory(memory),
        NoCore(),
        Descriptors(_DESCRIPTORS),
        EmptyEnvironment(),
        OwnSession(),
        NoCapabilities(),
        NoNewPrivileges(),
        NotDumpable(),
        libraries(private),
    )
