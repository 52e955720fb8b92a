"""Random programs over every node, for comparing executors; they terminate, and keep to the IR's contract."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from portalis.translator.ir.nodes import Behaviour, Break, Continue, Expr, Function, Program, Stmt
from portalis.translator.ir.ops import INT_MAX, INT_MIN, OPS
from portalis.translator.ir.types import AGGREGATES, BOOL, FLOAT, INT, STR, ListType, RecordType, TupleType, Type, VecType
from tests.ir.builders import (
    assign,
    at,
    bound,
    call,
    choose,
    compare,
    const,
    element,
    evaluate,
    field,
    for_,
    function,
    guard,
    if_,
    local,
    make,
    prim,
    program,
    raise_,
    return_,
    sequence,
    store,
)
from tests.ir.builders import both as both_
from tests.ir.builders import either as either_

STRINGS = ("", "a", "b")
ROW = ListType(INT, 3)
VECTOR = VecType(2, "d")
PAIR = TupleType((FLOAT, BOOL))
GRID = ListType(ROW, 2)
RECORD = RecordType("State", (("count", INT), ("on", BOOL), ("v", VECTOR), ("row", ROW)))
TYPES: tuple[Type, ...] = (INT, FLOAT, BOOL, STR, ROW, VECTOR, PAIR, GRID, RECORD)
SCALARS: tuple[Type, ...] = (INT, FLOAT, BOOL, STR)
INTS = (0, 1, -1, 2, 7, -13, 2**31, -(2**33), 2**62, INT_MAX, INT_MIN)
FLOATS = (0.0, -0.0, 1.0, -2.5, 1e308, 5e-324, float("inf"), float("nan"), 0.1)
# NaN's sign and payload are open, float.to_int's range is not checked, and divisors need care of their own.
_LEFT_OUT = ("float.to_bits", "float.copysign", "float.to_int", "int.divide_truncating", "int.remainder_truncating")


def random_value(random_: random.Random, type_: Type) -> Any:
    """A random value of a type, as the interpreter takes it."""
    if isinstance(type_, AGGREGATES):
        return [random_value(random_, item) for item in type_.elements]
    choices: dict[Type, tuple[Any, ...]] = {INT: INTS, FLOAT: FLOATS, BOOL: (True, False), STR: STRINGS}
    return random_.choice(choices[type_])


class Writer:
    """Writes one function; `callees` are those it may call."""

    def __init__(self, random_: random.Random, callees: list[Function]) -> None:
        self.random = random_
        self.callees = callees
        self.names: dict[str, Type] = {}
        self.loop_counters: set[str] = set()
        self.depth = 0

    def function(self, name: str, library: bool = False, changing: bool = True) -> Function:
        """A function of two to four parameters, some of them by reference if `changing`, and a random result."""
        params = {f"p{index}": self.random.choice(TYPES) for index in range(self.random.randint(2, 4))}
        self.names |= params
        by_ref = tuple(
            key for key, type_ in params.items() if changing and isinstance(type_, ListType | RecordType) and self.random.random() < 0.4
        )
        result = self.random.choice(TYPES)
        body: list[Stmt] = []
        for index in range(3):
            type_ = self.random.choice(TYPES)
            body.append(assign(f"v{index}", self.expression(type_, 2)))
            self.names[f"v{index}"] = type_
        body += self.block(3, in_loop=False)
        body.append(return_(self.expression(result, 3)))
        body[:0] = [assign(counter, const(0)) for counter in sorted(self.loop_counters)]
        locals_ = {key: type_ for key, type_ in self.names.items() if key not in params}
        return function(name, params, result, body, locals_, by_ref=by_ref, library=library)

    # ------------------------------------------------------------------------------------------------------- statements
    def block(self, size: int, in_loop: bool) -> list[Stmt]:
        """A few statements."""
        self.depth += 1
        body = [self.statement(in_loop) for _ in range(self.random.randint(1, size))]
        self.depth -= 1
        return body

    def statement(self, in_loop: bool) -> Stmt:
        """A statement; nested ones become rarer with depth."""
        kind = self.random.random()
        if kind < 0.2 and self.depth < 4:
            return if_(self.expression(BOOL, 2), self.block(3, in_loop), self.block(2, in_loop) if self.random.random() < 0.5 else None)
        if kind < 0.32 and self.depth < 3:
            return self.loop()
        if kind < 0.36:
            return if_(self.expression(BOOL, 3), [raise_(message=None) if self.random.random() < 0.5 else guard()])
        if kind < 0.42 and in_loop:
            return if_(self.expression(BOOL, 2), [Break(at()) if self.random.random() < 0.5 else Continue(at())])
        if kind < 0.6:
            places = [place for name in self.assignable() for place in self.parts(local(name, self.names[name]), 2, changing=True)]
            if places:
                place = self.random.choice(places)
                return store(place, self.expression(place.type, 2))
        if kind < 0.65:
            return evaluate(self.expression(self.random.choice(TYPES), 2))
        name = self.random.choice(self.assignable())
        return assign(name, self.expression(self.names[name], 3))

    def loop(self) -> Stmt:
        """A loop of a few iterations."""
        counter = f"k{len(self.names)}"
        start, stop = self.random.randint(-2, 2), self.random.randint(-2, 5)
        step = self.random.choice((1, 1, -1, 2, 3, -2))
        self.names[counter] = INT
        self.loop_counters.add(counter)
        body = self.block(3, in_loop=True)
        otherwise = self.block(1, in_loop=False) if self.random.random() < 0.3 else None
        computed = sequence([assign(counter, const(1))], const(step))
        return for_(counter, start, stop, body, otherwise, step if self.random.random() < 0.7 else computed)

    def assignable(self) -> list[str]:
        """Names whose assignment cannot keep a loop from ending."""
        return [name for name in self.names if name not in self.loop_counters]

    def parts(self, place: Expr, depth: int, changing: bool = False) -> list[Expr]:
        """The parts of a place: fields, elements at constant and at checked positions, and their parts; no tuple's if it is to change."""
        if depth == 0 or not isinstance(place.type, AGGREGATES) or (changing and isinstance(place.type, TupleType)):
            return []
        found: list[Expr] = []
        if isinstance(place.type, RecordType):
            found = [field(place, name) for name, _ in place.type.fields]
        else:
            count = len(place.type.elements)
            found = [element(place, index) for index in range(count)]
            if not isinstance(place.type, TupleType):
                found.append(element(place, bound(self.expression(INT, 0), count)))
        return found + [part for item in found for part in self.parts(item, depth - 1, changing)]

    # ------------------------------------------------------------------------------------------------------ expressions
    def expression(self, type_: Type, depth: int) -> Expr:
        """A random expression of a type."""
        names = [name for name, known in self.names.items() if (known == type_ and name not in self.loop_counters) or known == type_ == INT]
        kind = self.random.random()
        if depth == 0 or kind < 0.2:
            return local(self.random.choice(names), type_) if names and self.random.random() < 0.8 else self.constant(type_)
        if kind < 0.3:
            fitting = [part for name, known in self.names.items() for part in self.parts(local(name, known), 2) if part.type == type_]
            if fitting:
                return self.random.choice(fitting)
        if kind < 0.38:
            return choose(self.expression(BOOL, depth - 1), self.expression(type_, depth - 1), self.expression(type_, depth - 1))
        if kind < 0.46:
            fitting_callees = [callee for callee in self.callees if callee.result == type_]
            if fitting_callees:
                found = self.called(self.random.choice(fitting_callees), depth)
                if found is not None:
                    return found
        if kind < 0.5 and self.assignable():
            name = self.random.choice(self.assignable())
            return sequence([assign(name, self.expression(self.names[name], depth - 1))], self.expression(type_, depth - 1))
        if isinstance(type_, AGGREGATES):
            return make(type_, *[self.expression(item, depth - 1) for item in type_.elements])
        return self.scalar(type_, depth - 1)

    def constant(self, type_: Type) -> Expr:
        """A constant, or an aggregate of constants."""
        if isinstance(type_, AGGREGATES):
            return make(type_, *[self.constant(item) for item in type_.elements])
        return const(random_value(self.random, type_))

    def called(self, callee: Function, depth: int) -> Expr | None:
        """A call whose by-reference arguments are different locals; None where there are none that fit."""
        args: list[Expr] = []
        taken: set[str] = set()
        for param in callee.params:
            if not param.by_ref:
                args.append(self.expression(param.type, max(0, depth - 2)))
                continue
            fitting = [name for name in self.assignable() if self.names[name] == param.type and name not in taken]
            if not fitting:
                return None
            taken.add(fitting[0])
            args.append(local(fitting[0], param.type))
        return call(callee, *args)

    def scalar(self, type_: Type, depth: int) -> Expr:
        """An operation with a scalar result."""
        if type_ == STR:
            return choose(self.expression(BOOL, depth), self.constant(STR), self.constant(STR))
        if type_ == BOOL and self.random.random() < 0.7:
            if self.random.random() < 0.4:
                return self.random.choice((both_, either_))(self.expression(BOOL, depth), self.expression(BOOL, depth))
            operand = self.random.choice(SCALARS)
            op = self.random.choice(("lt", "le", "gt", "ge", "eq", "ne"))
            return compare(op, self.expression(operand, depth), self.expression(operand, depth))  # type: ignore[arg-type]
        if self.random.random() < 0.1:
            return prim("select", self.expression(BOOL, depth), self.expression(type_, depth), self.expression(type_, depth))
        names = [name for name, op in OPS.items() if op.result == type_ and name not in _LEFT_OUT]
        name = self.random.choice(names)
        args = [self.expression(item, depth) for item in OPS[name].args]
        if "shift" in name:
            args[1] = prim("int.and", args[1], const(63))
        return prim(name, *args)


def random_program(seed: int) -> Program:
    """A program of three functions; the first belongs to the library."""
    random_ = random.Random(seed)
    functions: list[Function] = []
    for index, name in enumerate(("helper", "middle", "main")):
        functions.append(Writer(random_, list(functions)).function(name, library=index == 0))
    return program(*functions, strings=STRINGS)


def random_behaviour(seed: int) -> Program:
    """A behaviour with one output, whose function calls another."""
    random_ = random.Random(seed)
    helper = Writer(random_, []).function("helper", library=True)
    main = Writer(random_, [helper]).function("main", changing=False)
    behaviour = Behaviour("main", (("update", "main"),), (("result", main.result),))
    return replace(program(helper, main, strings=STRINGS), behaviour=behaviour)
