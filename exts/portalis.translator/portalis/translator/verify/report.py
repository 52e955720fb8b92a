"""What verification found: the claim that travels with a translation, and the proof that it was made here."""

from __future__ import annotations

import dataclasses
import functools
import math
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from portalis.translator.installed import version
from portalis.translator.work.confine import Protections

# Where a report is part of a message from a network, a field that it does not have is an error.
_STRICT = {"extra": "forbid"}

# What is told of an artefact that makes no state of the module.
STOPPED = "it is stopped, or raises"


@dataclass(frozen=True)
class Mismatch:
    """One case in which an artefact and CPython disagree."""

    artefact: str
    call: str
    cpython: str
    artefact_gave: str
    what: str

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Artefact:
    """One artefact's own verdict. `sha256` is of the very bytes that were run; `why` says why it is not verified, or weakly.

    Of `cases`, `agreed` gave what CPython gave (`raised` of them an exception, class and message alike), `guarded` stopped with a named
    reason instead of an answer, `over_budget` took too much fuel or too many steps to be compared, and of `dropped` CPython did not come
    back in time, or had no memory for them.
    """

    name: Literal["wasm", "rust"]
    status: Literal["verified", "weakly verified", "not verified", "wrong"]
    sha256: str = ""
    cases: int = 0
    agreed: int = 0
    raised: int = 0
    guarded: int = 0
    over_budget: int = 0
    dropped: int = 0
    why: str = ""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    @property
    def usable(self) -> bool:
        """Whether it agreed with CPython wherever the two were compared, and they were."""
        return self.status in ("verified", "weakly verified")


@dataclass(frozen=True)
class Drift:
    """How far CPython with the platform's libm is from the same source with ours.

    `flipped` are cases in which the outcome changed kind: another exception, another int, bool or str.
    """

    cases: int = 0
    largest_ulp: float = 0.0
    worst_call: str = ""
    flipped: int = 0

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class Branches:
    """Branch coverage of the user's code over all compared cases, each branch as `line:column taken` or `line:column not taken`."""

    total: int = 0
    unexercised: tuple[str, ...] = ()

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True)
class SignatureCases:
    """One of several signatures: the cases tried for it, and how many of them gave what CPython gave, on every artefact."""

    signature: str
    cases: int
    agreed: int

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT


@dataclass(frozen=True, kw_only=True)
class Report:
    """A translation's verification report.

    `signatures` tells the cases of each where there are several, `refused` of further signatures why they are not in the module.

    `protections` says for each process that took part what was in force when it was given its work; it is empty where a host had no Python
    to start processes with, and everything was done within it.
    """

    signature: str
    artefacts: tuple[Artefact, ...]
    mismatches: tuple[Mismatch, ...] = ()
    branches: Branches = Branches()
    drift: Drift = Drift()
    signatures: tuple[SignatureCases, ...] = ()
    refused: tuple[str, ...] = ()
    protections: tuple[Protections, ...] = ()
    seed: int
    versions: dict[str, str]
    seconds: float

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    @property
    def cases(self) -> int:
        """Cases tried on the artefact that runs."""
        return self.artefacts[0].cases

    @property
    def guarded(self) -> int:
        """Cases that stopped with a named reason."""
        return self.artefacts[0].guarded

    @property
    def unexercised(self) -> tuple[str, ...]:
        """Branches that no case took."""
        return self.branches.unexercised

    def artefact(self, name: str) -> Artefact:
        """Return the verdict on one artefact; KeyError where it was not asked for."""
        for artefact in self.artefacts:
            if artefact.name == name:
                return artefact
        raise KeyError(name)

    @property
    def confinement(self) -> str:
        """What confined the processes that took part, in a line."""
        if not self.protections:
            return "confined: nothing, it ran in this process"
        shown = []
        for item in self.protections:
            absent = f", not {', '.join(entry.name for entry in item.absent)}" if item.absent else ""
            shown.append(f"{item.profile} by {len(item.in_force)} protections{absent}")
        return f"confined: {'; '.join(shown)}"

    def with_artefact(self, artefact: Artefact) -> Report:
        """Return the report with a verdict more."""
        return dataclasses.replace(self, artefacts=(*self.artefacts, artefact))

    def with_protections(self, protections: Iterable[Protections]) -> Report:
        """Return the report with what its host knows of the processes that took part."""
        return dataclasses.replace(self, protections=tuple(protections))

    def document(self) -> dict[str, Any]:
        """Return the report as what JSON can hold: a distance without end is null."""
        found = dataclasses.asdict(self)
        if not math.isfinite(self.drift.largest_ulp):
            found["drift"]["largest_ulp"] = None
        return found


@functools.cache
def _versions() -> dict[str, str]:
    found = {"cpython": platform.python_version(), "machine": platform.machine()}
    for label, package in (
        ("portalis", "portalis-translator"),
        ("openusd", "usd-core"),
        ("llvmlite", "llvmlite"),
        ("wasmtime", "wasmtime"),
    ):
        found[label] = version(package) or "not installed"
    return found


def versions() -> dict[str, str]:
    """Name everything whose version a report depends on."""
    return dict(_versions())
