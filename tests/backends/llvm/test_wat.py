"""The text form of finished modules, read back by wasmtime's assembler."""

from __future__ import annotations

import pytest
import wasmtime

from portalis.translator.backends.llvm import BuildOptions, build_scalar, disassemble
from portalis.translator.backends.llvm.opcodes import bulk_instructions, plain_instructions, vector_instructions
from portalis.translator.ir.nodes import Program
from portalis.translator.ir.types import FLOAT, INT, ListType, TupleType
from tests.backends.llvm.guest import Guest, expected, flatten, pack
from tests.backends.llvm.kernels import integrate_lanes
from tests.ir.builders import (
    add,
    assign,
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

# What an instruction needs after its name for the assembler to take it.
_OPERANDS = {
    "br": "0",
    "br_if": "0",
    "br_table": "0 0",
    "call": "0",
    "local.get": "0",
    "local.set": "0",
    "local.tee": "0",
    "global.get": "0",
    "global.set": "0",
    "i32.const": "-5",
    "i64.const": "-9223372036854775808",
    "f32.const": "-0x1.8p-3",
    "f64.const": "nan:0x8000000000000",
    "v128.const": "i64x2 0x0000000000000001 0xffffffffffffffff",
    "i8x16.shuffle": "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31",
}
_STRUCTURE = ("block", "loop", "if", "else", "end")


@pytest.mark.parametrize("table", [plain_instructions, bulk_instructions, vector_instructions])
def test_every_instruction_reads_back(table: object) -> None:
    names = [name for name in table().values() if name not in _STRUCTURE]  # type: ignore[operator]
    lines = [f"{name} {_OPERANDS.get(name, '0' if '_lane' in name else '')}".strip() for name in names]
    accesses = [line.split(" ")[0] for line in lines if ".load" in line or ".store" in line]
    lines += [f"{name} offset=70000 align=1 {'0' if '_lane' in name else ''}".strip() for name in accesses]
    body = "\n".join(lines)
    text = f'(module (memory 1 1) (global (mut i32) (i32.const 0)) (func (export "f") (local i32)\n{body}))'
    printed = disassemble(bytes(wasmtime.wat2wasm(text)))
    assert [line.strip().rstrip(")") for line in printed.splitlines()[6:]] == [_normal(line) for line in lines]


def _normal(line: str) -> str:
    """How the printer writes an operand: floats as Python's hexadecimal, the natural alignment not at all."""
    line = line.replace("-0x1.8p-3", "-0x1.8000000000000p-3")
    one_byte = ("load8_s", "load8_u", "store8", "load8_splat", "load8_lane", "store8_lane")
    return line.replace(" align=1", "") if line.split(" ")[0].split(".")[-1] in one_byte else line


def test_structure_reads_back() -> None:
    text = """(module
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func (param i32 i32) (result i32)))
  (memory (;0;) (export "memory") 2 2)
  (global (;0;) (export "__heap_base") i32 (i32.const 1024))
  (func (;0;) (export "f\\22") (type 0) (param i32) (result i32)
    (local i64 i64 f64)
    block (result i32)
      local.get 0
      if (result i32)
        i32.const 1
      else
        i32.const 2
      end
      local.get 0
      i32.const 7
      i32.const 8
      local.get 0
      select (result i32)
      loop (type 1) (param i32 i32) (result i32)
        br_table 0 1
      end
    end)
  (data (i32.const 65536) "\\00\\22ab\\5c"))
"""
    assert disassemble(bytes(wasmtime.wat2wasm(text))) == text


def _program() -> Program:
    """A program with calls, errors, constants, a stack frame and loops."""
    row = ListType(FLOAT, 6)
    a = local("a", row)
    table = make(TupleType((FLOAT,) * 6), *[const(value) for value in (1.5, -0.0, 1e300, 5e-324, 0.1, 3.0)])
    sub = function(
        "root",
        {"x": FLOAT},
        FLOAT,
        [if_(compare("lt", f("x"), const(0.0)), [raise_()]), return_(prim("float.sqrt", f("x")))],
        library=True,
    )
    body = [
        assign("a", make(row, *[const(1.0)] * 6)),
        for_("k", 0, i("n"), [store(element(a, bound(i("k"), 6)), call(sub, element(table, bound(add(i("k"), const(1)), 6))))]),
        return_(a),
    ]
    return program(sub, function("naïve (1)", {"n": INT}, row, body, {"a": row, "k": INT}))


@pytest.mark.parametrize("options", [BuildOptions(), BuildOptions(opt=0), BuildOptions(simd=False)])
def test_a_module_read_back_behaves_the_same(options: BuildOptions) -> None:
    source = _program()
    wasm = build_scalar(source, options).wasm
    text = disassemble(wasm)
    again = bytes(wasmtime.wat2wasm(text))
    assert disassemble(again) == text
    main = source.functions[-1]
    for guest in (Guest(wasm), Guest(again)):
        for n in range(8):
            word, data = guest.call("call", pack(flatten(n, INT, ())), 48)
            wanted_word, wanted = expected(source, main, [n])
            assert word == wanted_word
            assert word or data == wanted


def test_a_lane_module_reads_back() -> None:
    text = disassemble(integrate_lanes(BuildOptions()).wasm)
    assert "f64x2.mul" in text and "v128.store" in text
    assert disassemble(bytes(wasmtime.wat2wasm(text))) == text
    assert "v128" not in disassemble(integrate_lanes(BuildOptions(simd=False)).wasm)
