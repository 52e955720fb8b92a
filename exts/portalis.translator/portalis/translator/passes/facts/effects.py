"""Which functions may end a call early: with an exception, a guard or a RecursionError.

Invariant: a function outside the result returns normally on every argument for which it terminates, so that a caller need not look at the
error word after calling it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from portalis.translator.ir.nodes import Bound, Call, Function, Guard, Node, Prim, Program, Raise, walk_function
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


@lru_cache(maxsize=1024)
def _effects(function: Function) -> tuple[bool, frozenset[str]]:
    """Tell whether a function ends the call by a node of its own, and name the functions that it calls."""
    raises, called = False, set()
    for node in walk_function(function):
        if isinstance(node, Call):
            called.add(node.function)
        elif ends_call(node):
            raises = True
    return raises, frozenset(called)


def callees(function: Function) -> frozenset[str]:
    """Return the names of the functions that a function calls itself."""
    return _effects(function)[1]


def may_raise(program: Program) -> frozenset[str]:
    """Return the names of the functions that may raise or stop with a guard, by themselves or through what they call."""
    return with_callers(program, {function.name for function in program.functions if function.recursive or _effects(function)[0]})


def with_callers(program: Program, names: Iterable[str]) -> frozenset[str]:
    """Return the functions named and all those that reach one of them by calls."""
    callers: dict[str, set[str]] = {}
    for function in program.functions:
        for callee in callees(function):
            callers.setdefault(callee, set()).add(function.name)
    found = set(names)
    pending = list(found)
    while pending:
        reached = callers.get(pending.pop(), set()) - found
        found |= reached
        pending += reached
    return frozenset(found)
