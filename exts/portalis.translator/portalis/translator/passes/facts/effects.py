"""What running a part of a program may do, found from its nodes' own facts: end the call, change something, never come back.

Invariant: a function outside `may_raise` returns normally on every argument for which it terminates, so that a caller need not look at the
error word after calling it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from portalis.translator.ir.nodes import (
    EXPRESSIONS,
    Assign,
    Call,
    ForRange,
    Function,
    If,
    Node,
    Program,
    Stmt,
    Store,
    Try,
    Writes,
    place_root,
    walk,
    walk_function,
)

# What changes locals, parts of them, and arguments by reference, and nothing else. Any other kind of writing may change anything.
_OF_LOCALS: frozenset[Writes] = frozenset(("nothing", "local", "place", "callee"))


def ends_call(node: Node) -> bool:
    """Tell whether a node, apart from its children and callees, may end the call."""
    ending = node.ending()
    return ending is not None and ending.kind != "call"


def is_quiet(node: Node) -> bool:
    """Tell whether a node, apart from its children, does nothing but give its value."""
    return node.writes == "nothing" and node.leads == "on" and node.ending() is None


def may_write(node: Node, changes: Callable[[Call], bool]) -> bool:
    """Tell whether running a node could change a local or a place; `changes` tells that of a call."""
    return any(changes(part) if isinstance(part, Call) else part.writes != "nothing" for part in walk(node))


def deal_in_values(program: Program) -> frozenset[str]:
    """Name the functions that reach nothing but values: what these and all that they call write is their own, or an argument by reference.

    A type whose values cannot be read twice refers to something that others may see; a node may write what is no local's.
    """
    others = [function.name for function in program.functions if not _is_of_values(function)]
    return frozenset(function.name for function in program.functions) - with_callers(program, others)


@lru_cache(maxsize=1024)
def _is_of_values(function: Function) -> bool:
    types = (function.result, *(item.type for item in function.params), *(type_ for _, type_ in function.locals))
    return all(type_.duplicable for type_ in types) and all(map(_is_about_values, walk_function(function)))


def _is_about_values(node: Node) -> bool:
    return node.writes in _OF_LOCALS and (not isinstance(node, EXPRESSIONS) or node.type.duplicable)


def uses_objects(program: Program) -> bool:
    """Tell whether a program has objects that references stand for."""
    return not all(map(_is_of_values, program.functions))


def written_locals(functions: Mapping[str, Function], node: Node) -> tuple[str, ...]:
    """Return the locals that a node, apart from its children, changes wholly or in part."""
    match node.writes:
        case "nothing" | "heap":
            return ()
        case "local":
            assert isinstance(node, Assign | ForRange | Try)
            return (node.word if isinstance(node, Try) else node.target,)
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
