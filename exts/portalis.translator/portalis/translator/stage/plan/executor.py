"""What the frame loop needs of a translated behaviour: columns in the sandbox, and a call over all lanes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from portalis.translator.source import SourceFile, Span
from portalis.translator.stage.plan.interface import BehaviourInterface, EntryName

Columns: TypeAlias = tuple[NDArray[Any], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a lane has no result: `name` is an exception's class, a guard's reason, a limit, or what is wrong with a value.

    `span` is in the user's source; a value that does not cross between stage and columns has none.
    """

    kind: Literal["exception", "guard", "limit", "value"]
    name: str
    message: str = ""
    span: Span | None = None

    def __str__(self) -> str:
        what = f"{self.name}: {self.message}" if self.message else self.name
        return f"{self.span}: {what}" if self.span else what


MISSING_INPUT = Fault(
    "value",
    "an input has no value",
    "its attribute is empty, of another length, unknown text, or no int of 64 bits, or its transform has shear or an op that is none",
)
UNFIT_OUTPUT = Fault("value", "a result does not fit its attribute", "it is out of range, not finite, or not an allowed token")


class ExecutorFailure(Exception):
    """The sandbox itself refused: no lane ran, and none is to blame. `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a stage allows one call: each may only lower the host's own budget, and 0 keeps that."""

    fuel: int = 0
    memory_bytes: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class LaneResult:
    """What one call over lanes did: an error word for each lane; or why the call was stopped, and at which lane, if that is known."""

    errors: NDArray[np.int32]
    stop: Fault | None = None
    stopped_lane: int | None = None
    # It is known that no lane has an error.
    clean: bool = False
    # Instructions used, and bytes that the sandbox holds; 0 where what ran counts neither.
    fuel: int = 0
    memory_bytes: int = 0


class LaneExecutor(Protocol):
    """One entry of a behaviour over at most `capacity` lanes.

    Column views are valid until `close`, those of ports that are fed back until `advance`; a uniform column has one element.
    """

    capacity: int

    def inputs(self) -> Mapping[str, Columns]:
        """Return the input columns, one for each slot of each port; those that are fed back or kept are for reading alone."""

    def feed(self, name: str, columns: Columns) -> None:
        """Overwrite the first elements of an input that is fed back or kept; what the last run computed can then no longer be taken."""

    def advance(self, taken: NDArray[np.bool_] | None = None) -> None:
        """Make the last run's results the inputs that are fed back, for the lanes of `taken` (None: all) that have one."""

    def outputs(self) -> Mapping[str, Columns]:
        """Return the output columns; they mean nothing for a lane that is inactive or has an error."""

    def run(self, active: NDArray[np.uint8]) -> LaneResult:
        """Run lane i for every i where `active[i]` is not 0. After a stop no output means anything; ExecutorFailure where nothing ran."""

    def fault(self, word: int) -> Fault:
        """Explain an error word."""

    def close(self) -> None:
        """Give the sandbox back."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found of code that may run: "verified", "weakly verified" or "not verified", and why it is no more."""

    status: str = "verified"
    why: str = ""


class CompiledBehaviour(Protocol):
    """A behaviour that was translated and verified."""

    interface: BehaviourInterface

    @property
    def verdict(self) -> Verdict:
        """How well it was verified."""

    def initial(self) -> Mapping[str, tuple[int | float | bool, ...]]:
        """Return the slots of each field's initial value."""

    def build(self, entry: EntryName, uniform: frozenset[str]) -> None:
        """Build and verify what `executor` needs; TranslationError where the lanes disagree with the behaviour."""

    def executor(
        self,
        entry: EntryName,
        uniform: frozenset[str],
        capacity: int,
        limits: Limits,
        feedback: frozenset[str] = frozenset(),
        kept: frozenset[str] = frozenset(),
    ) -> LaneExecutor:
        """Make an executor of `entry` with room for `capacity` lanes; inputs in `uniform` have one value for all.

        Ports in `feedback`, inputs and outputs both, are fed back: `advance` makes results inputs without copying them. Inputs in
        `kept` stay as they are until `feed`. ExecutorFailure
        where the limits leave too little.
        """


class BehaviourEngine(Protocol):
    """Whoever translates."""

    def compile(self, source: SourceFile, function: str) -> CompiledBehaviour:
        """Translate and verify; TranslationError where the source is refused. An empty name means the only one."""

    def interface(self, source: SourceFile, function: str) -> BehaviourInterface:
        """Return only the ports, which takes no verification; TranslationError where the source is refused."""
