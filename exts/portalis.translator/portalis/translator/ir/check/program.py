"""The executable contract of the IR: every rule of nodes.py, ops.py and types.py that a machine can check.

This module has the rules about programs and functions; the nodes' are in expressions.py and statements.py.
"""

from __future__ import annotations

from portalis.translator.ir.check.expressions import IRError, Path, RuleScope, check_expr, fail
from portalis.translator.ir.check.statements import Flow, check_block, check_sequence
from portalis.translator.ir.nodes import (
    Behaviour,
    Call,
    Const,
    Entry,
    Function,
    Make,
    Node,
    Program,
    changed_fields,
    walk,
    walk_function,
)
from portalis.translator.ir.types import NONE, RecordType, TupleType, Type

__all__ = ["IRError", "check", "check_function"]


def check(program: Program) -> None:
    """Raise IRError, with the path to the node at fault, unless the program keeps the contract of the IR."""
    functions = {function.name: function for function in program.functions}
    if len(functions) != len(program.functions):
        fail((), "two functions have one name")
    if list(program.strings) != sorted(set(program.strings)):
        fail((), "the strings are not sorted or not unique")
    _check_entries(program, functions)
    strings = frozenset(program.strings)
    for function in program.functions:
        check_function(function, functions, strings, frozenset(name for name, _ in program.exceptions))
    _check_call_order(program)
    if program.behaviour is not None:
        _check_behaviour(program.behaviour, functions, strings)


def check_function(
    function: Function, functions: dict[str, Function], strings: frozenset[str], exceptions: frozenset[str] = frozenset()
) -> None:
    """Check one function among those that it may call; `strings` are the program's constants, `exceptions` its own classes of these."""
    path: Path = (f"function {function.name}",)
    names: dict[str, Type] = {}
    for name, type_ in [*((param.name, param.type) for param in function.params), *function.locals]:
        if name in names:
            fail(path, f"the name {name!r} is declared twice")
        names[name] = type_
    for param in function.params:
        if param.by_ref and not param.type.mutable:
            fail(path, f"{param.name!r} is passed by reference, but {param.type} does not change")
    scope = RuleScope(function, names, functions, strings, exceptions, check_sequence)
    end = check_block(scope, function.body, frozenset(param.name for param in function.params), Flow(None, True), "body", path)
    if end is not None and function.result != NONE:
        fail(path, f"a path ends without returning a {function.result}")


def _check_entries(program: Program, functions: dict[str, Function]) -> None:
    for entry in program.entries:
        if entry.function not in functions:
            fail((), f"the entry {entry.function!r} does not exist")
        if functions[entry.function].library:
            fail((), f"the entry {entry.function!r} is a library function")
        _check_identity(entry, functions[entry.function])
    types = [tuple(param.type for param in functions[entry.function].params) for entry in program.entries]
    if len(set(types)) != len(types):
        fail((), "two entries take arguments of the same types")


def _check_identity(told: Entry, entry: Function) -> None:
    for steps, name in told.identity:
        type_: Type = entry.result
        for step in steps:
            if not isinstance(type_, TupleType) or not 0 <= step < len(type_.items):
                fail((), f"identity: the result has no part {list(steps)}")
            type_ = type_.items[step]
        if type_ not in [param.type for param in entry.params if param.name == name]:
            fail((), f"identity: no parameter {name!r} of type {type_}")


def _calls(function: Function) -> set[str]:
    return {node.function for node in walk_function(function) if isinstance(node, Call)}


def _check_call_order(program: Program) -> None:
    calls = {function.name: _calls(function) for function in program.functions}
    order = {name: index for index, name in enumerate(calls)}
    for function in program.functions:
        is_cyclic = function.name in _reachable(calls, calls[function.name])
        if is_cyclic and not function.recursive:
            fail((f"function {function.name}",), "it can call itself, but is not marked recursive")
        for callee in calls[function.name]:
            if order[callee] > order[function.name] and function.name not in _reachable(calls, {callee}):
                fail((f"function {function.name}",), f"its callee {callee!r} comes after it")


def _reachable(calls: dict[str, set[str]], start: set[str]) -> set[str]:
    seen, pending = set(start), list(start)
    while pending:
        new = calls[pending.pop()] - seen
        seen |= new
        pending += new
    return seen


def _check_behaviour(behaviour: Behaviour, functions: dict[str, Function], strings: frozenset[str]) -> None:
    path = (f"behaviour {behaviour.name}",)
    for entry, name in behaviour.entries:
        function = functions.get(name)
        if function is None:
            fail(path, f"the entry {entry!r} is {name!r}, which does not exist")
        if behaviour.state is None:
            outputs = tuple(type_ for _, type_ in behaviour.outputs)
            nothing = function.result == NONE and not outputs
            if not nothing and function.result not in (TupleType(outputs), *outputs[: len(outputs) == 1]):
                fail(path, f"{name!r} gives {function.result}, not its outputs")
        elif not function.params or (function.params[0].type, function.params[0].by_ref) != (behaviour.state, True):
            fail(path, f"{name!r} does not take the state by reference")
        elif function.result != NONE:
            fail(path, f"{name!r} gives {function.result}, not None")
    if behaviour.state is not None:
        if not set(changed_fields([*functions.values()], behaviour.state)) <= set(behaviour.outputs) <= set(behaviour.state.fields):
            fail(path, "its outputs are not the fields of the state that change")
        _check_initial(
            behaviour, behaviour.state, RuleScope(next(iter(functions.values())), {}, functions, strings, frozenset(), check_sequence), path
        )


def _check_initial(behaviour: Behaviour, state: RecordType, scope: RuleScope, path: Path) -> None:
    if [value.type for value in behaviour.initial] != [type_ for _, type_ in state.fields]:
        fail(path, "the initial values do not match the fields of the state")
    nodes: list[Node] = [node for value in behaviour.initial for node in walk(value)]
    if not all(isinstance(node, Const | Make) for node in nodes):
        fail(path, "an initial value is not a constant")
    for index, value in enumerate(behaviour.initial):
        check_expr(scope, value, frozenset(), (*path, f"initial[{index}]"))
