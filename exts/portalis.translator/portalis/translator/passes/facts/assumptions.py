"""What is known about the int locals at one point of a function, and what the outcome of a test adds to it."""

from __future__ import annotations

from typing import TypeAlias

from portalis.translator.ir.nodes import BoolOp, Compare, Const, Expr, Local, Prim, Sequence, walk
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import INT
from portalis.translator.passes.facts.intervals import FULL, NEGATED, SWAPPED, TRANSFER, Interval, fits, hull, intersect, where

# The interval of each local about which something is known. None: no path leads to this point.
Facts: TypeAlias = "dict[str, Interval] | None"


def meet(left: Facts, right: Facts) -> Facts:
    """Return what is known where two paths meet."""
    if left is None or right is None:
        return right if left is None else left
    return {name: hull(interval, right[name]) for name, interval in left.items() if name in right}


def widen(before: dict[str, Interval], after: dict[str, Interval]) -> dict[str, Interval]:
    """Return facts that no further iteration will exceed at an end at which this one did exceed `before`."""
    return {
        name: (low if after[name][0] >= low else INT_MIN, high if after[name][1] <= high else INT_MAX)
        for name, (low, high) in before.items()
        if name in after
    }


def interval_of(expr: Expr, facts: dict[str, Interval]) -> Interval:
    """Return the interval of a simple int expression: a constant, a local, or an operation on such."""
    match expr:
        case Const(_, _, int() as value):
            return value, value
        case Local(_, _, name):
            return facts.get(name, FULL)
        case Prim(_, _, op, args) if op in TRANSFER:
            result = TRANSFER[op](*(interval_of(item, facts) for item in args))
            return result if fits(result) else FULL
        case _:
            return FULL


def assume(test: Expr, holds: bool, facts: Facts) -> Facts:
    """Return what is known once a test has come out as `holds`; a test with statements inside adds nothing."""
    return facts if any(isinstance(node, Sequence) for node in walk(test)) else _assume(test, holds, facts)


def _assume(test: Expr, holds: bool, facts: Facts) -> Facts:
    if facts is None:
        return None
    match test:
        case Const(_, _, value):
            return facts if value is holds else None
        case Prim(_, _, "bool.not", (inner,)):
            return _assume(inner, not holds, facts)
        case BoolOp(_, _, op, left, right):
            if (op == "and") is holds:
                return _assume(right, holds, _assume(left, holds, facts))
            return meet(_assume(left, holds, facts), _assume(right, holds, _assume(left, not holds, facts)))
        case Compare(_, _, op, left, right) if left.type == INT:
            known = op if holds else NEGATED[op]
            facts = _narrow(left, where(known, interval_of(left, facts), interval_of(right, facts)), facts)
            return _narrow(right, where(SWAPPED[known], interval_of(right, facts), interval_of(left, facts)), facts)
        case _:
            return facts


def _narrow(expr: Expr, interval: Interval, facts: dict[str, Interval]) -> dict[str, Interval]:
    match expr:
        case Local(_, _, name):
            return facts | {name: intersect(facts.get(name, FULL), interval)}
        case Prim(_, _, "int.xor", (left, right)) if interval[1] < 0 or interval[0] >= 0:
            # The signs differ where the result is negative; one that is known tells the other.
            for one, other in ((left, right), (right, left)):
                low, high = interval_of(one, facts)
                if low >= 0 or high < 0:
                    is_negative = (high < 0) != (interval[1] < 0)
                    facts = _narrow(other, (INT_MIN, -1) if is_negative else (0, INT_MAX), facts)
            return facts
        case _:
            return facts
