"""Which functions may end a call early: with an exception, a guard or a RecursionError.

Invariant: a function outside the result returns normally on every argument for which it terminates, so that a caller need not look at the
error word after calling it.
"""

from __future__ import annotations

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
    raises, callees = False, set()
    for node in walk_function(function):
        if isinstance(node, Call):
            callees.add(node.function)
        elif ends_call(node):
            raises = True
    return raises, frozenset(callees)


def callees(function: Function) -> frozenset[str]:
    """Return the names of the functions that a function calls itself."""
    return _effects(function)[1]


def may_raise(program: Program) -> frozenset[str]:
    """Return the names of the functions that may raise or stop with a guard, by themselves or through what they call."""
    raising: set[str] = set()
    callers: dict[str, set[str]] = {}
    for function in program.functions:
        raises, callees = _library_facts(function) if function.library else _facts(function)
        if raises:
            raising.add(function.name)
        for callee in callees:
            callers.setdefault(callee, set()).add(function.name)
    pending = list(raising)
    while pending:
        reached = callers.get(pending.pop(), set()) - raising
        raising |= reached
        pending += reached
    return frozenset(raising)


def _facts(function: Function) -> tuple[bool, frozenset[str]]:
    """Tell whether a function raises by itself, and name the functions that it calls."""
    raises, callees = function.recursive, set()
    for node in walk_function(function):
        if isinstance(node, Call):
            callees.add(node.function)
        elif ends_call(node):
            raises = True
    return raises, frozenset(callees)


# Functions of the library live as long as the process and come with program after program.
_library_facts = lru_cache(maxsize=1024)(_facts)
