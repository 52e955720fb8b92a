"""Constructors: an `__init__` that is called on nothing but new instances becomes a function that gives one.

`made = { instance = frame.of(); C.__init__(instance, 1) => instance }` becomes `made = C.__init__(1)`, whose body makes the instance where
it first speaks of it. An `__init__` that is also called on instances that are there already, as by `super()`, stays what it is.

Invariant: what a constructor does before it fails, and in which order, is what the `__init__` did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from portalis.translator.backends.rust.frames import is_frame
from portalis.translator.backends.rust.names import snake_case
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.nodes import (
    Assign,
    Call,
    Const,
    Evaluate,
    Expr,
    Function,
    Local,
    Node,
    ObjectOp,
    Program,
    Return,
    Sequence,
    Stmt,
    walk,
    walk_function,
)
from portalis.translator.ir.types import NONE, Type
from portalis.translator.passes.facts.effects import always_leaves, written_locals
from portalis.translator.passes.rewriter import Rewriter, with_functions


def with_constructors(program: Program) -> Program:
    """Return the program with constructors instead of what sets the fields of new instances."""
    functions = {function.name: function for function in program.functions}
    making: dict[str, ObjectOp] = {}
    # How often each is called, but for calls on new instances.
    others: Counter[str] = Counter()
    for node in (node for function in program.functions for node in walk_function(function)):
        if isinstance(node, Call):
            others[node.function] += 1
        elif isinstance(node, Sequence) and (found := _made(node)) is not None:
            others[found[1].function] -= 1
            making[found[1].function] = found[0]
    constructors = {
        name: _constructor(function, making[name])
        for name, function in functions.items()
        if name in making and not others[name] and _is_initialiser(functions, function)
    }
    rewriter = _Making(constructors)
    return with_functions(program, tuple([rewriter.function(constructors.get(name, function)) for name, function in functions.items()]))


def is_constructor(function: Function) -> bool:
    """Tell whether a function gives a new instance of a class."""
    return _is_called_init(function) and is_instance(function.result)


def stored_params(function: Function) -> frozenset[str]:
    """Return the parameters whose own values a function keeps, or gives another name."""
    nodes = list(walk_function(function))
    kept = [node.value for node in nodes if isinstance(node, Assign)]
    kept += [argument for node in nodes if isinstance(node, ObjectOp) and node.writes == "heap" for argument in node.args[1:]]
    return frozenset(value.name for value in kept if isinstance(value, Local))


def _is_called_init(function: Function) -> bool:
    return not function.library and function.display.rpartition(".")[2] == "__init__"


def _is_initialiser(functions: Mapping[str, Function], function: Function) -> bool:
    if not _is_called_init(function) or not function.params or function.result != NONE:
        return False
    self = function.params[0]
    return (
        is_instance(self.type)
        and is_frame(self.type)
        and not self.by_ref
        and not any(self.name in written_locals(functions, node) for node in walk_function(function))
    )


def _made(node: Sequence) -> tuple[ObjectOp, Call] | None:
    """Return what makes an instance and what sets its fields, where a sequence does only that and gives the instance."""
    if len(node.body) < 2 or not isinstance(node.value, Local):
        return None
    (first, *between, last), made = node.body, node.value.name
    match first, last:
        case Assign(_, target, ObjectOp(_, _, "frame.of") as empty), Evaluate(_, Call(_, _, _, (Local(_, _, given), *rest)) as call):
            if target == given == made and not any(_mentions(part, made) for part in (*between, *rest)):
                return empty, call
    return None


def _mentions(node: Node, name: str) -> bool:
    return any(isinstance(part, Local) and part.name == name for part in walk(node))


def _constructor(function: Function, making: ObjectOp) -> Function:
    self, *params = function.params
    name, number = f"{snake_case(self.type.python_class)}.0", 0
    while name in dict(function.locals) or any(name == param.name for param in params):
        number += 1
        name = f"{snake_case(self.type.python_class)}_{number}.0"
    span = function.span
    place = next((place for place, part in enumerate(function.body) if _mentions(part, self.name) or _returns(part)), len(function.body))
    body = _Giving(self.name, name, self.type).block(function.body[place:])
    given: tuple[Stmt, ...] = () if body and always_leaves(body) else (Return(span, Local(span, self.type, name)),)
    return replace(
        function,
        params=tuple(params),
        result=self.type,
        locals=(*function.locals, (name, self.type)),
        body=(*function.body[:place], Assign(span, name, replace(making, span=span)), *body, *given),
    )


def _returns(node: Node) -> bool:
    return any(isinstance(part, Return) for part in walk(node))


class _Giving(Rewriter):
    """Has a body speak of an instance by another name, and give it where it gave None."""

    def __init__(self, before: str, after: str, type_: Type) -> None:
        self.before, self.after, self.type = before, after, type_

    def expr(self, node: Expr) -> Expr:
        if isinstance(node, Local):
            return replace(node, name=self.after) if node.name == self.before else node
        return self.rebuilt(node)

    def statement(self, node: Stmt) -> tuple[Stmt, ...]:
        node = self.rebuilt(node)
        if not isinstance(node, Return):
            return (node,)
        # What gives None may do something all the same.
        done = () if isinstance(node.value, Const) else (Evaluate(node.span, node.value),)
        return (*done, Return(node.span, Local(node.span, self.type, self.after)))


class _Making(Rewriter):
    """Calls constructors instead of what sets the fields of new instances."""

    def __init__(self, constructors: Mapping[str, Function]) -> None:
        self.constructors = constructors

    def expr(self, node: Expr) -> Expr:
        new = self.rebuilt(node)
        if not isinstance(new, Sequence) or (found := _made(new)) is None or (to := self.constructors.get(found[1].function)) is None:
            return new
        call = replace(found[1], type=to.result, args=found[1].args[1:])
        return replace(new, body=new.body[1:-1], value=call) if new.body[1:-1] else call
