"""The same bits in Node's V8 as in wasmtime."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator.backends.llvm import BuildOptions, build_scalar
from portalis.translator.ir.nodes import Program
from portalis.translator.ir.ops import OPS
from portalis.translator.ir.types import BOOL, FLOAT, INT, TupleType, Type
from tests.backends.llvm.guest import NODE, VARIANTS, Guest, NodeCall, flatten, node_call, node_scalar_call, pack
from tests.backends.llvm.kernels import Kernel
from tests.backends.llvm.test_lanes import KERNELS, Lanes
from tests.backends.llvm.test_scalar import FLOATS, INTS
from tests.ir.builders import call, compare, const, f, function, i, if_, make, prim, program, raise_, return_

pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")


def _every_operation() -> Program:
    """All operations on two ints and two floats; divisors and counts are made safe."""
    operands: dict[Type, list[object]] = {INT: [i("m"), prim("int.and", i("n"), const(31))], FLOAT: [f("x"), f("y")]}
    operands[BOOL] = [compare("lt", f("x"), f("y")), compare("lt", i("m"), i("n"))]
    values = []
    for name, op in OPS.items():
        # What NaN leaves open (its sign, its payload) and what leaves an operation's range is not asked for.
        if op.may_overflow or name in ("float.to_bits", "float.to_int", "float.copysign"):
            continue
        args = [operands[type_][position] for position, type_ in enumerate(op.args)]
        if "divide" in name or "remainder" in name:
            args[1] = prim("int.or", args[1], const(1))
        values.append(prim(name, *args))  # type: ignore[arg-type]
    fails = function("fails", {"x": FLOAT}, FLOAT, [if_(compare("eq", f("x"), const(1.0)), [raise_()]), return_(f("x"))], library=True)
    result = TupleType((*(value.type for value in values), FLOAT))
    body = [return_(make(result, *values, call(fails, f("x"))))]
    return program(fails, function("main", {"m": INT, "n": INT, "x": FLOAT, "y": FLOAT}, result, body))


@pytest.mark.parametrize("options", VARIANTS)
def test_node_agrees(options: BuildOptions) -> None:
    source = _every_operation()
    wasm = build_scalar(source, options).wasm
    main = source.functions[-1]
    size = 8 * len(main.result.items)  # type: ignore[union-attr]
    cases = [[m, INTS[-index], x, FLOATS[-index]] for index, (m, x) in enumerate(zip(INTS, FLOATS, strict=True))]
    types = [param.type for param in main.params]
    given = [b"".join(pack(flatten(value, type_, ())) for value, type_ in zip(case, types, strict=True)) for case in cases]
    guest = Guest(wasm)
    here = [guest.call("call", data, size) for data in given]
    there = [(word, reads[0]) for word, reads in node_call(wasm, [node_scalar_call(guest, "call", data, size) for data in given])]
    assert [word for word, _ in here].count(0) == len(cases) - 1
    for case, mine, theirs in zip(cases, here, there, strict=True):
        assert mine[0] == theirs[0], case
        assert mine[0] or mine[1].hex(" ", 8) == theirs[1].hex(" ", 8), case


@pytest.mark.parametrize("options", VARIANTS)
@pytest.mark.parametrize(("make_kernel", "make_lane"), KERNELS)
def test_node_agrees_on_lanes(
    options: BuildOptions, make_kernel: Callable[[], Kernel], make_lane: Callable[[random.Random], list[Any]]
) -> None:
    random_ = random.Random(6)
    kernel = make_kernel()
    wasm = kernel.build(options).wasm
    lanes = Lanes(wasm, kernel.signature, [make_lane(random_) for _ in range(300)], [number % 7 != 3 for number in range(300)])
    heap = (lanes.guest.heap_base, lanes.end - lanes.guest.heap_base)
    arguments = lanes.arguments
    call = NodeCall(f"lanes.{kernel.signature.name}", arguments, [(heap[0], lanes.read(*heap))], [heap])
    ((result, (memory,)),) = node_call(wasm, [call])
    assert result == lanes.run()
    assert memory.hex(" ", 16) == lanes.read(*heap).hex(" ", 16)
