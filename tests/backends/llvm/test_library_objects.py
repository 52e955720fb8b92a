"""Library functions that are objects of their own, the linker, and the real library through the front-end."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pickle import dumps, loads

import pytest

from portalis.translator.backends.llvm import BuildOptions, InternalCompilerError, build_scalar, repage
from portalis.translator.backends.llvm.library import runtime_object
from portalis.translator.backends.llvm.link import Input, UnresolvedImport, link
from portalis.translator.backends.llvm.machine import compile_text
from portalis.translator.backends.llvm.objects import read_object
from portalis.translator.backends.llvm.wasm import FUNCTION, IMPORT, read_sections
from portalis.translator.frontend import lower
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.ir.types import BOOL, FLOAT, INT, ListType, TupleType
from portalis.translator.source import SourceFile
from tests.backends.llvm.guest import VARIANTS, Guest, check, pack
from tests.ir.builders import (
    add,
    assign,
    b,
    bound,
    call,
    compare,
    const,
    element,
    f,
    for_,
    function,
    i,
    if_,
    local,
    make,
    prim,
    program,
    raise_,
    return_,
    store,
)

ROW = ListType(FLOAT, 4)


def _large(name: str = "large") -> Function:
    """A library function of some 400 nodes: aggregates in and out, one changed in place, a table, and three ways to fail."""
    a, table = local("a", ROW), make(TupleType((FLOAT,) * 3), const(0.5), const(1.5), const(-2.5))
    total = f("x")
    for factor in range(90):
        total = prim("float.add", prim("float.mul", total, const(0.5)), const(float(factor)))
    body = [
        if_(b("fail"), [raise_("ValueError", "large")]),
        store(element(a, bound(i("k"), 4)), total),
        assign("n", add(i("k"), const(2**63 - 3))),
        return_(make(ROW, element(a, 0), element(table, bound(i("k"), 3)), element(a, 2), prim("int.to_float", i("n")))),
    ]
    params = {"x": FLOAT, "k": INT, "fail": BOOL, "a": ROW}
    return function(name, params, ROW, body, {"n": INT}, by_ref=("a",), library=True)


def _callers(library: Function, before: int) -> Program:
    """A program that calls it twice, behind `before` error sites of its own."""
    a = local("a", ROW)
    body = [if_(compare("eq", i("k"), const(-1000 - number)), [raise_("KeyError", str(number))]) for number in range(before)]
    first = call(library, f("x"), i("k"), compare("gt", i("k"), const(50)), a)
    body += [assign("r", first), assign("r", call(library, element(local("r", ROW), 1), const(1), b("fail"), local("r", ROW)))]
    body.append(return_(local("r", ROW)))
    params = {"x": FLOAT, "k": INT, "fail": BOOL, "a": ROW}
    return program(library, function("main", params, ROW, body, {"r": ROW}, by_ref=("a",)))


@pytest.mark.parametrize("before", [0, 3])
def test_sites_of_a_linked_function_have_the_programs_numbers(before: int) -> None:
    library = _large()
    row = [1.0, 2.0, 3.0, 4.0]
    cases = [[0.25, k, fail, row] for k in (-5, -4, -1, 0, 1, 2, 3, 4, 51, -1000, -1002) for fail in (False, True)]
    # The same function, so the same object, in programs that number their sites differently.
    check(_callers(library, before), cases)


def test_linked_functions_are_linked() -> None:
    built = build_scalar(_callers(_large("large.twice"), 1))
    assert 'declare void @"py.large.twice"(' in built.llvm
    numbers = [item.number for item in read_sections(built.wasm)]
    assert IMPORT not in numbers and FUNCTION in numbers


def test_an_equal_function_gives_equal_bytes() -> None:
    # Out of a pickle the library's functions are equal but others, so nothing may depend on which came first.
    source = _callers(_large(), 2)
    assert build_scalar(source).wasm == build_scalar(loads(dumps(source))).wasm


def _product_of_wide_numbers() -> str:
    return """\
target triple = "wasm32-unknown-unknown"
define i64 @"entry.call"(i64 %a, i64 %b) #0 {
  %x = sext i64 %a to i128
  %y = sext i64 %b to i128
  %p = mul i128 %x, %y
  %h = lshr i128 %p, 64
  %t = trunc i128 %h to i64
  ret i64 %t
}
attributes #0 = { nounwind "no-builtins" "wasm-export-name"="call" }
"""


def test_the_supplied_128_bit_product() -> None:
    main = Input(read_object(compile_text(_product_of_wide_numbers(), 3, True)))
    with pytest.raises(UnresolvedImport, match="__multi3") as caught:
        link([main], 65536, 65536)
    guest = Guest(link([main, Input(runtime_object(caught.value.name, True))], 65536, 65536))
    random_ = random.Random(1)
    edges = [0, 1, -1, 2**63 - 1, -(2**63), 2**32, -(2**32)]
    pairs = [(x, y) for x in edges for y in edges] + [
        (random_.randrange(-(2**63), 2**63), random_.randrange(-(2**63), 2**63)) for _ in range(500)
    ]
    for x, y in pairs:
        assert guest.exports["call"](guest.store, x, y) == x * y >> 64


def test_an_import_that_nobody_supplies_is_named() -> None:
    body = "define double @f(double %x) {\n  %y = call double @sin(double %x)\n  ret double %y\n}\n"
    text = f'target triple = "wasm32-unknown-unknown"\ndeclare double @sin(double)\n{body}'
    with pytest.raises(UnresolvedImport, match="the module would import the function sin"):
        link([Input(read_object(compile_text(text, 3, True)))], 0, 65536)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("define void @f(ptr %p) {\n  call void %p()\n  ret void\n}\n", "__indirect_function_table"),
        ("@t = thread_local global i32 1\n@p = global ptr @t\n", "section|relocation|symbol"),
        ("@x = external global i32\ndefine i32 @f() {\n  %v = load i32, ptr @x\n  ret i32 %v\n}\n", "no object defines x"),
        ("define i32 @f() {\n  ret i64 0\n}\n", "LLVM refuses"),
    ],
)
def test_what_the_linker_does_not_know_is_refused(text: str, message: str) -> None:
    with pytest.raises(InternalCompilerError, match=message):
        link([Input(read_object(compile_text('target triple = "wasm32-unknown-unknown"\n' + text, 0, True)))], 0, 65536)


SOURCE = """
import math

def f(a: float, b: float, n: int) -> float:
    total = 0.0
    for k in range(n):
        total += math.sin(a * k) * math.pow(2.0, b) - math.log(a) + b ** k // 3.0 % 2.0 + (n * k) // 7 % 5
    return total + math.atan2(a, b)
"""


def test_the_real_library_on_all_variants() -> None:
    source = lower(SourceFile("t.py", SOURCE)).program
    values = [0.0, -0.5, 1.0, 3.7, -1e300, 1e300, math.inf, 5e-324]
    cases = [[a, b, n] for a in values for b in (-1.5, 0.0, 2.0, 1e5) for n in (0, 3)]
    check(source, cases)


def test_builds_on_several_threads() -> None:
    def build(number: int) -> bytes:
        body = [assign("s", const(number)), for_("k", 0, i("n"), [assign("s", add(i("s"), i("k")))]), return_(i("s"))]
        return build_scalar(program(function("main", {"n": INT}, INT, body, {"s": INT, "k": INT}))).wasm

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(build, range(12)))
    assert together == [build(number) for number in range(12)]


@pytest.mark.parametrize("options", VARIANTS)
def test_memory_is_fixed_and_self_contained(options: BuildOptions) -> None:
    wasm = repage(build_scalar(_callers(_large(), 0), options).wasm, 3 * 65536)
    guest = Guest(wasm)
    limits = guest.memory.type(guest.store).limits
    assert limits.min == limits.max
    assert limits.min * 65536 >= guest.heap_base + 3 * 65536
    assert guest.heap_base >= options.stack_bytes
    assert guest.call("call", pack(iter([1.0, 1, 0, 1.0, 2.0, 3.0, 4.0])), 8 * 8)[0] == 0


def test_a_very_long_chain_of_functions_compiles() -> None:
    previous: Function | None = None
    functions = []
    for number in range(60):
        value = prim("float.mul", f("x"), const(0.75)) if previous is None else call(previous, prim("float.add", f("x"), const(1.0)))
        body = [if_(compare("lt", f("x"), const(-1e9)), [raise_(message=str(number))])]
        body += [assign("x", prim("float.add", value, prim("float.mul", f("x"), const(float(k))))) for k in range(1)]
        previous = function(f"f{number}", {"x": FLOAT}, FLOAT, [*body, return_(f("x"))])
        functions.append(previous)
    check(program(*functions), [[1.0], [-2e9], [math.nan]], (BuildOptions(),))


@pytest.mark.parametrize("make_text", [_product_of_wide_numbers])
def test_compiling_is_deterministic(make_text: Callable[[], str]) -> None:
    assert compile_text(make_text(), 3, True) == compile_text(make_text(), 3, True)
