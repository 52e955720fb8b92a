"""Random small programs for property tests, and how to compare what two programs do.

A generated program keeps the contract of the IR, uses every kind of node, and ends (its loops are short, or the interpreter's fuel is).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st

from portalis.translator.ir.nodes import Break, Continue, Expr, Function, Program, Stmt
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.run.interpreter import GuardStop, Interpreter, OutOfFuel, PythonRaised
from portalis.translator.ir.types import AGGREGATES, BOOL, FLOAT, INT, ListType, RecordType, TupleType, Type, VecType
from tests.ir.builders import (
    assign,
    at,
    both,
    bound,
    call,
    choose,
    compare,
    const,
    either,
    element,
    evaluate,
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
    while_,
)
from tests.ir.builders import (
    field as record_field,
)

LIST = ListType(INT, 3)
VEC = VecType(2, "d")
STATE = RecordType("State", (("x", FLOAT), ("items", LIST), ("on", BOOL)))
OUTPUTS = TupleType((INT, FLOAT, BOOL, LIST))
PARAMS: dict[str, Type] = {"a": INT, "b": INT, "x": FLOAT, "y": FLOAT, "p": BOOL, "items": LIST, "vec": VEC, "self": STATE}
LOCALS: dict[str, Type] = {"i": INT, "j": INT, "u": FLOAT, "w": FLOAT, "q": BOOL, "row": LIST, "pair": VEC, "state": STATE}
INTS = (0, 1, -1, 2, 3, 7, -8, 63, 2**31, -(2**31), 2**32 + 1, 2**62, INT_MAX, INT_MIN, INT_MAX - 1)
FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 3.0, 1e300, -1e-300, 2.0**63, -(2.0**63), math.inf, -math.inf, math.nan)


@dataclass
class Maker:
    """Makes one function; `callees` are those that it may call."""

    random: Random
    callees: list[Function] = field(default_factory=list)
    counters: int = 0
    loops: int = 0

    def literal(self, type_: Type) -> Expr:
        if type_ == INT:
            return const(self.random.choice(INTS[:8] if self.random.random() < 0.7 else INTS))
        if type_ == FLOAT:
            return const(self.random.choice(FLOATS[:-1]))
        return const(self.random.random() < 0.5)

    def name(self, type_: Type) -> str:
        return self.random.choice([name for name, one in (PARAMS | LOCALS).items() if one == type_])

    def expr(self, type_: Type, depth: int) -> Expr:
        if isinstance(type_, AGGREGATES):
            if type_ in (PARAMS | LOCALS).values() and (depth <= 0 or self.random.random() < 0.5):
                return local(self.name(type_), type_)
            return make(type_, *(self.expr(item, depth - 1) for item in type_.elements))
        if depth <= 0 or self.random.random() < 0.2:
            return self.literal(type_) if self.random.random() < 0.4 else local(self.name(type_), type_)
        options: list[Callable[[int], Expr]] = [*self.scalars[type_], lambda deep: self.common(type_, deep)]
        return self.random.choice(options)(depth - 1)

    @property
    def scalars(self) -> dict[Type, list[Callable[[int], Expr]]]:
        pick, expr = self.random.choice, self.expr
        checked = ("int.add", "int.sub", "int.mul")
        bitwise = ("int.and", "int.or", "int.xor", "int.wrapping_add", "int.wrapping_sub", "int.wrapping_mul", "int.multiply_high_unsigned")
        shifts = ("int.shift_left", "int.shift_right", "int.shift_right_logical")
        divisions = ("int.divide_truncating", "int.remainder_truncating")
        halves = ("float.neg", "float.abs", "float.sqrt", "float.floor", "float.ceil", "float.trunc", "float.rint", "float.round_to_single")
        return {
            INT: [
                lambda d: prim(pick(checked), expr(INT, d), expr(INT, d)),
                lambda d: prim(pick(checked), expr(INT, d), expr(INT, d)),
                lambda d: prim(pick(bitwise), expr(INT, d), expr(INT, d)),
                lambda d: prim(pick(("int.neg", "int.invert", "int.count_leading_zeros")), expr(INT, d)),
                lambda d: prim(pick(shifts), expr(INT, d), prim("int.and", expr(INT, d), const(63))),
                lambda d: prim(pick(divisions), expr(INT, d), const(pick((2, 3, -7, 2**40)))),
                lambda d: prim("int.and", expr(INT, d), const(pick((1, 7, 255)))),
                lambda d: prim("bool.to_int", expr(BOOL, d)),
                lambda d: self.guarded_to_int(d),
                lambda d: element(local(self.name(LIST), LIST), bound(expr(INT, d), 3)),
                lambda d: element(local(self.name(LIST), LIST), pick((0, 1, 2))),
                lambda d: bound(expr(INT, d), pick((3, 20))),
                lambda d: self.divided(pick(divisions), d),
            ],
            FLOAT: [
                lambda d: prim(pick(("float.add", "float.sub", "float.mul", "float.div")), expr(FLOAT, d), expr(FLOAT, d)),
                lambda d: prim(pick(("float.add", "float.sub", "float.mul", "float.div")), expr(FLOAT, d), expr(FLOAT, d)),
                lambda d: prim(pick(halves), expr(FLOAT, d)),
                lambda d: prim("int.to_float", expr(INT, d)),
                lambda d: element(local(self.name(VEC), VEC), pick((0, 1))),
                lambda d: record_field(local(self.name(STATE), STATE), "x"),
            ],
            BOOL: [
                lambda d: compare(pick(("lt", "le", "gt", "ge", "eq", "ne")), expr(INT, d), expr(INT, d)),
                lambda d: compare(pick(("lt", "le", "gt", "ge", "eq", "ne")), expr(FLOAT, d), expr(FLOAT, d)),
                lambda d: pick((both, either))(expr(BOOL, d), expr(BOOL, d)),
                lambda d: prim(pick(("bool.and", "bool.or")), expr(BOOL, d), expr(BOOL, d)),
                lambda d: prim("bool.not", expr(BOOL, d)),
                lambda d: prim("int.less_unsigned", expr(INT, d), expr(INT, d)),
                lambda d: record_field(local(self.name(STATE), STATE), "on"),
            ],
        }

    def common(self, type_: Type, depth: int) -> Expr:
        kind = self.random.randrange(5)
        if kind == 0:
            return choose(self.expr(BOOL, depth), self.expr(type_, depth), self.expr(type_, depth))
        if kind == 1:
            return prim("select", self.expr(BOOL, depth), self.expr(type_, depth), self.expr(type_, depth))
        if kind == 2:
            return sequence([self.assignment(depth)], self.expr(type_, depth))
        fitting = [callee for callee in self.callees if callee.result == type_]
        if kind == 3 and fitting:
            return self.calling(self.random.choice(fitting), depth)
        return self.expr(type_, depth)

    def guarded_to_int(self, depth: int) -> Expr:
        value = local(self.name(FLOAT), FLOAT)
        inside = compare("lt", prim("float.abs", value), const(2.0**62))
        return choose(inside, prim("float.to_int", value), self.expr(INT, depth))

    def divided(self, op: str, depth: int) -> Expr:
        divisor = local(self.name(INT), INT)
        # Nothing between the test and the division assigns, or the division would have no meaning.
        return choose(compare("gt", divisor, const(0)), prim(op, self.expr(INT, 0), divisor), self.expr(INT, depth))

    def calling(self, callee: Function, depth: int) -> Expr:
        # The place comes first and nothing after it assigns: `local` names are drawn without Sequences.
        args = [
            local(self.name(param.type), param.type) if param.by_ref else self.expr(param.type, 0 if callee_changes(callee) else depth)
            for param in callee.params
        ]
        return call(callee, *args)

    def assignment(self, depth: int) -> Stmt:
        type_ = self.random.choice((INT, INT, FLOAT, BOOL, LIST, VEC, STATE))
        return assign(self.name(type_), self.expr(type_, depth))

    def storing(self, depth: int) -> Stmt:
        state = local(self.name(STATE), STATE)
        kind = self.random.randrange(4)
        if kind == 0:
            return store(record_field(state, "x"), self.expr(FLOAT, depth))
        items = record_field(state, "items") if kind == 1 else local(self.name(LIST), LIST)
        index = bound(self.expr(INT, 1), 3) if self.random.random() < 0.5 else const(self.random.randrange(3))
        return store(element(items, index), self.expr(INT, depth))

    def statement(self, depth: int, loop: bool) -> Stmt:
        kind = self.random.randrange(14)
        if depth > 0 and kind < 4:
            return if_(self.expr(BOOL, 2), self.block(depth - 1, loop), self.block(depth - 1, loop) if kind < 2 else [])
        if depth > 0 and kind < 6 and self.loops < 3:
            return self.loop(depth)
        if kind == 6:
            return self.storing(2)
        if kind == 7 and self.random.random() < 0.4:
            return self.random.choice((raise_, guard))()
        if kind == 8 and loop:
            return self.random.choice((Break, Continue))(at())
        if kind == 9 and self.random.random() < 0.6:
            return return_(self.result(1))
        if kind == 10 and self.callees:
            return evaluate(self.calling(self.random.choice(self.callees), 1))
        return self.assignment(3)

    def loop(self, depth: int) -> Stmt:
        self.loops += 1
        if self.random.random() < 0.15:
            return while_(self.expr(BOOL, 2), self.block(depth - 1, True), self.block(0, False))
        self.counters += 1
        if self.random.random() < 0.75:
            stop: Expr = const(self.random.choice((0, 1, 2, 3, 5)))
        else:
            stop = prim("int.and", self.expr(INT, 1), const(7))
        step = self.random.choice((1, 1, 1, 2, -1))
        otherwise = self.block(0, False) if self.random.random() < 0.3 else []
        return for_(f"k{self.counters}", self.random.choice((0, 0, 1, 4)), stop, self.loop_body(depth), otherwise, step)

    def loop_body(self, depth: int) -> list[Stmt]:
        use = assign(self.name(INT), local(f"k{self.counters}", INT))
        return [use, *self.block(depth - 1, True)]

    def block(self, depth: int, loop: bool) -> list[Stmt]:
        return [self.statement(depth, loop) for _ in range(self.random.randrange(1, 4))]

    def result(self, depth: int) -> Expr:
        return self.expr(self.returns, depth)

    def build(self, name: str, returns: Type, by_ref: tuple[str, ...], library: bool) -> Function:
        self.returns = returns
        start = [assign(key, local(self.as_param(type_), type_)) for key, type_ in LOCALS.items()]
        body: list[Stmt] = [*start, *self.block(2, False), *self.block(2, False), return_(self.result(2))]
        locals_ = LOCALS | {f"k{index + 1}": INT for index in range(self.counters)}
        return function(name, PARAMS, returns, body, locals_, by_ref=by_ref, library=library)

    @staticmethod
    def as_param(type_: Type) -> str:
        return next(name for name, one in PARAMS.items() if one == type_)


def callee_changes(callee: Function) -> bool:
    return any(param.by_ref for param in callee.params)


def make_program(random: Random) -> Program:
    """A program of one to three functions, the last one the entry; a callee may change its list or state in place."""
    functions: list[Function] = []
    for index in range(random.randrange(3)):
        library = random.random() < 0.5 and all(callee.library for callee in functions)
        by_ref = random.choice(((), (), ("items",), ("items", "self")))
        functions.append(Maker(random, list(functions)).build(f"callee{index}", random.choice((INT, FLOAT, BOOL)), by_ref, library))
    by_ref = random.choice(((), ("self",)))
    return program(*functions, Maker(random, functions).build("main", OUTPUTS, by_ref, False))


def make_args(random: Random) -> list[Any]:
    """Arguments for a function of a generated program."""
    return [make_value(random, type_) for type_ in PARAMS.values()]


def make_value(random: Random, type_: Type) -> Any:
    """A value of a type, edges included."""
    if isinstance(type_, AGGREGATES):
        return [make_value(random, item) for item in type_.elements]
    if type_ == INT:
        return random.choice(INTS) if random.random() < 0.5 else random.randrange(-20, 20)
    if type_ == FLOAT:
        return random.choice(FLOATS) if random.random() < 0.5 else random.uniform(-10, 10)
    return random.random() < 0.5


def bits(value: Any) -> Any:
    """A value as something that compares equal exactly where values are the same bit for bit; a NaN is any NaN."""
    if isinstance(value, list | tuple):
        return [bits(item) for item in value]
    if isinstance(value, float):
        return "nan" if math.isnan(value) else struct.pack("<d", value)
    return (type(value).__name__, value)


def outcome(executor: Interpreter, name: str, args: list[Any]) -> Any:
    """What calling a function gives: its result or the site at which it ends, and its by-reference parameters; None if too slow."""
    try:
        result, finals = executor.call(name, args)
    except OutOfFuel:
        return None
    except (PythonRaised, GuardStop) as stop:
        return ("stopped", stop.site.key, stop.call and stop.call.span, bits(stop.finals))
    return ("returned", bits(result), bits(finals))


def executor_of(target: Program) -> Interpreter:
    """An interpreter that gives up on what takes too long for a test."""
    return Interpreter(target, fuel=3000)


seeds = st.integers(0, 2**40)
