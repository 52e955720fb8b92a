"""How far CPython with the platform's own libm is from the same source with our library. It is told, and decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portalis.translator.ir.nodes import Program
from portalis.translator.library.gf_signatures import DRIFTING
from portalis.translator.verify import wire_comparison
from portalis.translator.verify.oracle.answers import AnswerShape, Reply, SlotShape, Told, WireShape
from portalis.translator.verify.oracle.messages import slots_of
from portalis.translator.verify.report import Drift
from portalis.translator.verify.slot_comparison import difference, farthest

EXACT_FUNCTIONS = frozenset(
    ("sqrt", "fabs", "floor", "ceil", "trunc", "copysign", "fmod", "modf", "frexp", "ldexp", "isnan", "isinf", "isfinite", "isclose")
)


def uses_libm(program: Program) -> bool:
    """Tell whether a program calls library functions whose last bit the platform's libm may round differently."""
    names = (function.name for function in program.functions if function.library)
    return any(_rounds(name) for name in names)


def _rounds(name: str) -> bool:
    module, _, function = name.partition(".")
    function = function.partition(".")[0]
    return function in ("float_pow", "complex_power", *DRIFTING.values()) or (module == "math" and function not in EXACT_FUNCTIONS)


@dataclass
class DriftTally:
    """Counts while cases are compared."""

    cases: int = 0
    largest: float = 0.0
    worst: str = ""
    flipped: int = 0

    def add(self, reply: Reply, shape: AnswerShape, case: bytes, write_call: Callable[[], str]) -> None:
        """Count one answer that has both outcomes; `case` are its packed arguments, `write_call` tells how it is written."""
        if reply.without_drift:
            self.cases += 1
            return
        exact, drifted = reply.told, reply.drift
        if drifted is None:
            return
        self.cases += 1
        if "raised" in (exact.kind, drifted.kind):
            self.flipped += exact.texts != drifted.texts
            return
        distance, differs = _distance(exact, drifted, shape, case)
        if distance > self.largest:
            self.largest, self.worst = distance, write_call()
        elif distance == 0.0:
            self.flipped += differs

    def result(self) -> Drift:
        """Summarise for the report."""
        return Drift(cases=self.cases, largest_ulp=self.largest, worst_call=self.worst, flipped=self.flipped)


def _distance(exact: Told, drifted: Told, shape: AnswerShape, case: bytes) -> tuple[float, bool]:
    """Return how far floats are from one another at most, and whether anything differs at all."""
    if isinstance(shape, WireShape):
        if exact.answer == drifted.answer:
            return 0.0, False
        found = wire_comparison.farthest(shape, case, exact, drifted)
        return found or 0.0, True
    assert isinstance(shape, SlotShape)
    distance = farthest(exact.result, drifted.result, shape.result.slots)
    return max(distance, farthest(exact.finals, drifted.finals, slots_of(shape.mutable))), difference(exact, drifted) is not None
