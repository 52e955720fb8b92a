"""What running a part of a program may do, found from its nodes' own facts: end the call, change something, never come back.

Invariant: a function outside `may_raise` returns normally on every argument for which it terminates, so that a caller need not look at the
error word after calling it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from portalis.translator.ir.nodes import Assign, Call, ForRange, Function, If, Node, Program, Stmt, Store, place_root, walk, walk_function


def ends_call(node: Node) -> bool:
    """Tell whether a node, apart from its children and callees, may end the call."""
    ending = node.ending()
    return ending is not None and ending.kind != "call"


def is_quiet(node: Node) -> bool:
    """Tell whether a node, apart from its children, does nothing but give its value."""
    return node.writes == "nothing" and node.leads == "on" and node.ending() is None


def may_write(functions: Mapping[str, Function], node: Node) -> bool:
    """Tell whether running a node could change a local or a place."""
    return any(part.writes != "nothing" and not (isinstance(part, Call) and takes_values(functions, part)) for part in walk(node))


def takes_values(functions: Mapping[str, Function], call: Call) -> bool:
    """Tell whether a call changes none of its arguments."""
    return not any(parameter.by_ref for parameter in functions[call.function].params)


def written_locals(functions: Mapping[str, Function], node: Node) -> tuple[str, ...]:
    """Return the locals that a node, apart from its children, changes wholly or in part."""
    match node.writes:
        case "nothing":
            return ()
        case "local":
            assert isinstance(node, Assign | ForRange)
            return (node.target,)
        case "place":
            assert isinstance(node, Store)
            return (place_root(node.place),)
        case "callee":
            assert isinstance(node, Call)
            pairs = zip(node.args, functions[node.function].params, strict=True)
            return tuple([place_root(argument) for argument, parameter in pairs if parameter.by_ref])


def always_leaves(body: tuple[Stmt, ...]) -> bool:
    """Tell whether no path goes on after some statements."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, If):
        return always_leaves(last.then) and always_leaves(last.otherwise)
    return last.leads == "away"


@lru_cache(maxsize=1024)
def _own_effects(function: Function) -> tuple[bool, tuple[Call, ...]]:
    """Tell whether a function ends the call by a node of its own, and list its calls."""
    raises, calls = False, []
    for node in walk_function(function):
        if isinstance(node, Call):
            calls.append(node)
        elif ends_call(node):
            raises = True
    return raises, tuple(calls)


def callees(function: Function, leave_out: Callable[[Call], bool] | None = None) -> frozenset[str]:
    """Return the names of the functions that a function calls itself, by other calls than those left out."""
    return frozenset([call.function for call in _own_effects(function)[1] if leave_out is None or not leave_out(call)])


def may_raise(program: Program, leave_out: Callable[[Call], bool] | None = None) -> frozenset[str]:
    """Return the names of the functions that may raise or stop with a guard, by themselves or through what they call."""
    names = [function.name for function in program.functions if function.recursive or _own_effects(function)[0]]
    return with_callers(program, names, leave_out)


def with_callers(program: Program, names: Iterable[str], leave_out: Callable[[Call], bool] | None = None) -> frozenset[str]:
    """Return the functions named and all those that reach one of them by calls; calls that are left out do not count."""
    callers: dict[str, set[str]] = {}
    for function in program.functions:
        for callee in callees(function, leave_out):
            callers.setdefault(callee, set()).add(function.name)
    found = set(names)
    pending = list(found)
    while pending:
        reached = callers.get(pending.pop(), set()) - found
        found |= reached
        pending += reached
    return frozenset(found)
