"""What each kind of worker gives up, and when."""

from __future__ import annotations

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
from portalis.translator.work.confine.protections import Confinement, Protection

_DESCRIPTORS = 256


@dataclass(frozen=True)
class Profile:
    """`early` is applied before a thread is started and before what is heavy is imported, `seal` after every import, before any job."""

    name: str
    early: tuple[Protection, ...]
    seal: tuple[Protection, ...]

    def confinement(self) -> Confinement:
        return Confinement(self.name)


def oracle(parent: int, memory: int, seconds: int, private: Iterable[str] = ()) -> Profile:
    """For the process that runs user text: after the seal it computes, reads its request and writes its answer, and nothing else.

    `parent` is its host's process number, `memory` is in bytes, `seconds` of processor time are a job's, `private` places are never read.
    """
    early = _early(parent, memory, seconds, private)
    return Profile("oracle", early, (Descriptors(0), NoProcesses(), Sealed(oracle_rules)))


def judge(parent: int, memory: int, seconds: int, private: Iterable[str] = ()) -> Profile:
    """For the process that compiles, runs modules and compares: the oracle's, with threads and memory that becomes executable."""
    return Profile("judge", _early(parent, memory, seconds, private), (Sealed(judge_rules),))


def _early(parent: int, memory: int, seconds: int, private: Iterable[str]) -> tuple[Protection, ...]:
    return (
        Memory(memory),
        NoCore(),
        CpuTime(seconds),
        Descriptors(_DESCRIPTORS),
        EmptyEnvironment(),
        OwnSession(),
        NoCapabilities(),
        NoNewPrivileges(),
        NotDumpable(),
        DiesWithParent(parent),
        libraries(private),
    )
