"""When two outcomes are the same, as slots: value to the bit, sign of zero, exception class and message, changed arguments, identity."""

from __future__ import annotations

from collections.abc import Sequence

from portalis.translator.calling.values import SlotValue
from portalis.translator.ir.types import Slot
from portalis.translator.verify.comparison import same_exception, same_float, ulp_distance
from portalis.translator.verify.oracle.answers import Told

# A step of a single is 2**29 steps of the double that holds it.
_SINGLE_STEP = 2.0**-29


def same_slots(left: Sequence[SlotValue], right: Sequence[SlotValue]) -> bool:
    """Tell whether two lists of slots are the same to the bit, any NaN being the same as any other."""
    return len(left) == len(right) and all(map(_same_slot, left, right))


def _same_slot(left: SlotValue, right: SlotValue) -> bool:
    if type(left) is float and type(right) is float:
        return same_float(left, right)
    return type(left) is not float and type(right) is not float and left == right


def difference(expected: Told, given: Told) -> str | None:
    """Say how an artefact's outcome differs from the oracle's, or None where it does not."""
    if expected.kind == "misfit":
        return expected.texts[0]
    if "raised" in (expected.kind, given.kind):
        if expected.kind != given.kind or not same_exception(expected.texts, given.texts):
            return "outcome"
    elif not same_slots(expected.result, given.result):
        return "value"
    elif expected.identity != given.identity:
        return "which results are the caller's own arguments"
    if not same_slots(expected.finals, given.finals):
        return "arguments after the call"
    return None


def farthest(left: Sequence[SlotValue], right: Sequence[SlotValue], slots: Sequence[Slot]) -> float:
    """Return the largest distance between floats in units of the precision that each is held in."""
    scales = {"f64": 1.0, "f32": _SINGLE_STEP}
    pairs = ((a, b, scales[slot]) for a, b, slot in zip(left, right, slots, strict=True) if slot in scales)
    return max((ulp_distance(float(a), float(b)) * scale for a, b, scale in pairs), default=0.0)
