"""Which functions may end a call early: with an exception, a guard or a RecursionError.

Invariant: a function outside the result returns normally on every argument for which it terminates, so that a caller need not look at the
error word after calling it.
"""

from __future__ import annotations

from portalis.translator.ir.nodes import Bound, Call, Guard, Node, Prim, Program, Raise, walk_function
from portalis.translator.ir.ops import OPS


def ends_call(node: Node) -> bool:
    """Tell whether a node, apart from its children and callees, may end the call."""
    match node:
        case Raise() | Guard() | Bound():
            return True
        case Prim(_, _, op, _, overflow):
            return overflow == "checked" and op in OPS and OPS[op].may_overflow
        case _:
            return False


def may_raise(program: Program) -> frozenset[str]:
    """Return the names of the functions that may raise or stop with a guard, by themselves or through what they call."""
    raising: set[str] = set()
    callers: dict[str, set[str]] = {}
    for function in program.functions:
        if function.recursive:
            raising.add(function.name)
        for node in walk_function(function):
            if isinstance(node, Call):
                callers.setdefault(node.function, set()).add(function.name)
            elif ends_call(node):
                raising.add(function.name)
    pending = list(raising)
    while pending:
        reached = callers.get(pending.pop(), set()) - raising
        raising |= reached
        pending += reached
    return frozenset(raising)
