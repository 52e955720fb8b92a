"""Behaviours by hand: their exact functions and their fast bodies."""

from __future__ import annotations

from dataclasses import dataclass

from portalis.translator.backends.llvm import BuildOptions, Built, build_lanes
from portalis.translator.ir.abi import EntrySignature, lane_signature
from portalis.translator.ir.nodes import Behaviour, Expr, Function, Program, Stmt
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, RecordType, TupleType, Type, VecType
from tests.ir.builders import (
    add,
    assign,
    b,
    compare,
    const,
    element,
    evaluate,
    f,
    field,
    function,
    i,
    if_,
    local,
    make,
    prim,
    raise_,
    return_,
    store,
    while_,
)

HEAP_BYTES = 1 << 20
VEC = VecType(3, "d")


@dataclass(frozen=True)
class Kernel:
    """A behaviour's program, the entry's signature, and the total body (None: there is none)."""

    program: Program
    signature: EntrySignature
    fast: Function | None

    def build(self, options: BuildOptions, speculate: bool = True) -> Built:
        """Compile the lane entry."""
        fast = self.fast if speculate else None
        return build_lanes(self.program, self.signature.name, self.signature, fast, HEAP_BYTES, options)


def _function_kernel(exact: Function, outputs: tuple[tuple[str, Type], ...], fast: Function | None, uniform: frozenset[str]) -> Kernel:
    source = Program((exact,), exact.name, (), (3, 11), Behaviour(exact.name, (("update", exact.name),), outputs))
    return Kernel(source, lane_signature(source, "update", uniform), fast)


def _sum(left: Expr, right: Expr) -> Expr:
    return prim("float.add", left, right)


def _product(left: Expr, right: Expr) -> Expr:
    return prim("float.mul", left, right)


def integrate() -> Kernel:
    """position + velocity * dt: never fails."""
    moved = make(VEC, *[_sum(element(local("p", VEC), k), _product(element(local("v", VEC), k), f("dt"))) for k in range(3)])
    params: dict[str, Type] = {"p": VEC, "v": VEC, "dt": FLOAT}
    exact = function("integrate", params, VEC, [return_(moved)])
    total = TupleType((VEC, BOOL))
    fast = function("integrate.fast", params, total, [return_(make(total, moved, const(False)))])
    return _function_kernel(exact, (("p", VEC),), fast, frozenset({"dt"}))


def integrate_lanes(options: BuildOptions) -> Built:
    """The module of `integrate`."""
    return integrate().build(options)


def divide() -> Kernel:
    """a / b with every kind of slot: raises where b is 0, stops where n + 1 overflows, loops for ever where n is -7."""
    single = VecType(2, "f")
    s = local("s", single)
    params: dict[str, Type] = {"a": FLOAT, "b": FLOAT, "n": INT, "flag": BOOL, "s": single, "scale": FLOAT}
    outputs: tuple[tuple[str, Type], ...] = (("q", FLOAT), ("m", INT), ("off", BOOL), ("t", single))
    quotient = _product(prim("float.div", f("a"), f("b")), f("scale"))
    shrunk = make(single, prim("float.round_to_single", _product(element(s, 0), f("scale"))), element(s, 1))
    result = TupleType(tuple(type_ for _, type_ in outputs))
    body: list[Stmt] = [
        while_(compare("eq", i("n"), const(-7)), []),
        if_(compare("eq", f("b"), const(0.0)), [raise_("ZeroDivisionError", "float division by zero")]),
        return_(make(result, quotient, add(i("n"), const(1)), prim("bool.not", b("flag")), shrunk)),
    ]
    total = TupleType((*result.items, BOOL))
    bail = prim(
        "bool.or",
        prim("bool.or", compare("eq", f("b"), const(0.0)), compare("eq", i("n"), const(-7))),
        compare("eq", i("n"), const(2**63 - 1)),
    )
    values = (quotient, prim("int.wrapping_add", i("n"), const(1)), prim("bool.not", b("flag")), shrunk)
    fast = function("divide.fast", params, total, [return_(make(total, *values, bail))])
    return _function_kernel(function("divide", params, result, body), outputs, fast, frozenset({"scale"}))


def counter_class() -> Kernel:
    """A class whose state is a record of all slots; the step is added, and an odd count is refused."""
    record = RecordType("Counter", (("n", INT), ("v", VecType(2, "d")), ("on", BOOL)))
    s = local("self", record)
    odd = compare("eq", prim("int.and", field(s, "n"), const(1)), const(1))
    body: list[Stmt] = [
        store(field(s, "n"), add(field(s, "n"), i("step"))),
        store(element(field(s, "v"), 0), _sum(element(field(s, "v"), 0), f("delta_time"))),
        if_(odd, [raise_("ValueError", "odd")]),
        store(field(s, "on"), prim("bool.not", field(s, "on"))),
    ]
    params: dict[str, Type] = {"self": record, "step": INT, "delta_time": FLOAT}
    exact = function("Counter.on_update", params, NONE, body, by_ref=("self",))
    behaviour = Behaviour("Counter", (("on_update", exact.name),), record.fields, record, (const(0), const(0.0), const(False)))
    source = Program((exact,), exact.name, (), (3, 11), behaviour)
    total = TupleType((INT, VecType(2, "d"), BOOL, BOOL))
    sum_ = prim("int.wrapping_add", field(s, "n"), i("step"))
    moved = make(VecType(2, "d"), _sum(element(field(s, "v"), 0), f("delta_time")), element(field(s, "v"), 1))
    bail = prim("bool.or", compare("eq", prim("int.and", i("m"), const(1)), const(1)), compare("gt", field(s, "n"), const(2**62)))
    fast_body: list[Stmt] = [
        assign("m", sum_),
        evaluate(const(None)),
        return_(make(total, i("m"), moved, prim("bool.not", field(s, "on")), bail)),
    ]
    fast = function("Counter.fast", params, total, fast_body, {"m": INT})
    return Kernel(source, lane_signature(source, "on_update", frozenset({"delta_time"})), fast)
