"""What verification found: the claim that travels with a translation, and the proof that it was made here."""

from __future__ import annotations

import functools
import platform
from importlib import metadata
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mismatch(_Model):
    """One case in which an artefact and CPython disagree."""

    artefact: str
    call: str
    cpython: str
    artefact_gave: str
    what: str


class Artefact(_Model):
    """One artefact's own verdict. `sha256` is of the very bytes that were run."""

    name: Literal["wasm", "rust"]
    status: Literal["verified", "not verified", "wrong"]
    sha256: str = ""
    cases: int = 0
    agreed: int = 0
    raised: int = Field(default=0, description="of the agreed: CPython raised, and so did the artefact, class and message alike")
    guarded: int = Field(default=0, description="stopped with a named reason instead of an answer")
    over_budget: int = Field(default=0, description="stopped by fuel; not compared")
    why: str = Field(default="", description="why it is not verified")


class Drift(_Model):
    """How far CPython with the platform's libm is from the same source with ours."""

    cases: int = 0
    largest_ulp: float = 0.0
    worst_call: str = ""
    flipped: int = Field(default=0, description="cases in which the outcome changed kind: another exception, another int, bool or str")


class Branches(_Model):
    """Branch coverage of the user's code over all cases, each branch as `line:column taken` or `line:column not taken`."""

    total: int = 0
    unexercised: tuple[str, ...] = ()


class Report(_Model):
    """A translation's verification report."""

    signature: str
    artefacts: tuple[Artefact, ...]
    mismatches: tuple[Mismatch, ...] = ()
    branches: Branches = Branches()
    drift: Drift = Drift()
    seed: int
    versions: dict[str, str]
    seconds: float

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


@functools.cache
def _versions() -> dict[str, str]:
    found = {"cpython": platform.python_version(), "machine": platform.machine()}
    for label, package in (
        ("portalis", "portalis-translator"),
        ("openusd", "usd-core"),
        ("llvmlite", "llvmlite"),
        ("wasmtime", "wasmtime"),
    ):
        try:
            found[label] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[label] = "not installed"
    return found


def versions() -> dict[str, str]:
    """Name everything whose version a report depends on."""
    return dict(_versions())
