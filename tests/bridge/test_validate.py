"""What is refused before anything is compiled: attacks by the module's bytes, imports, memory, tables and cost of compiling."""

from __future__ import annotations

import gzip

import pytest
import wasmtime

from portalis.translator.bridge import InvalidModule, ScalarModule, validate_module
from portalis.translator.bridge.sections import MAX_MODULE_BYTES
from tests.bridge.modules import (
    ADD,
    BARE,
    HEAP,
    HEAP_BASE,
    MAGIC,
    MEMORY,
    compile_text,
    lanes,
    module,
    number,
    one_function,
    scalar,
    section,
    sized,
)

GOOD = module(ADD)
RETURN_0 = b"\x41\x00\x0b"
NOTHING = "(i32.const 0)"


def with_memory(declaration: str) -> bytes:
    return compile_text(f'(module {declaration} (export "memory" (memory 0)) {HEAP})')


BYTES = {
    "empty": (b"", "empty"),
    "text": (b"(module)", "text, or damaged"),
    "component": (b"\0asm\x0d\0\x01\0", "component"),
    "future version": (b"\0asm\x02\0\0\0", "another version"),
    "zip": (b"PK\x03\x04" + GOOD, "zip"),
    "gzip": (gzip.compress(GOOD), "gzip"),
    "compiled code": (b"\x7fELF" + GOOD, "compiled"),
    "only a magic number": (MAGIC, "memory"),
    "too many bytes": (GOOD + section(0, sized(b"x") + bytes(MAX_MODULE_BYTES)), "bytes, more than"),
    "section past the end": (GOOD + b"\x0b\xff\x01", "ends too early"),
    "section twice": (GOOD + section(7, b"\x00"), "twice, out of order"),
    "section unknown": (GOOD + section(99, b""), "does not know"),
    "overlong number": (MAGIC + b"\x01\x80\x80\x80\x80\x80\x00", "overlong"),
    "too large a number": (MAGIC + b"\x01\xff\xff\xff\xff\x7f", "does not fit 32 bits"),
    "bytes after a section": (MAGIC + section(1, b"\x00\x00"), "bytes too many"),
    "many sections": (GOOD + section(0, sized(b"x")) * 300, "sections allowed"),
    "a million types": (MAGIC + section(1, number(10**6)), "1000000 types"),
    "a million functions": (MAGIC + section(1, b"\x00") + section(3, number(10**6)), "1000000 functions"),
    "a million exports": (MAGIC + section(7, number(10**6)), "1000000 exports"),
    "a function of no type": (MAGIC + section(1, b"\x00") + section(3, b"\x01\x05"), "type 5, which does not exist"),
    "a body missing": (GOOD[: GOOD.rindex(b"\x0a")], "without a body"),
    "a name not UTF-8": (MAGIC + section(7, b"\x01" + sized(b"\xff\xfe") + b"\x00\x00"), "UTF-8"),
    "a long name": (MAGIC + section(7, b"\x01" + sized(b"a" * 10_000) + b"\x00\x00"), "bytes in a name"),
    "a struct type": (MAGIC + section(1, b"\x01\x5f\x00"), "not a function's"),
    "an object file": (GOOD + section(0, sized(b"linking") + b"\x02"), "not linked"),
    "relocations": (GOOD + section(0, sized(b"reloc.CODE") + b"\x02"), "not linked"),
    "a custom section that is only a length": (GOOD + section(0, b"\x7f"), "ends too early"),
    "a data count that is wrong": (one_function(b"\x00" + RETURN_0).replace(b"\x0a\x06", b"\x0c\x01\x05\x0a\x06"), "data segments"),
    "a million globals": (MAGIC + section(6, number(10**6)), "1000000 globals"),
    "a million segments of data": (MAGIC + section(11, number(10**6)), "1000000 segments"),
    "an overlong signed number": (MAGIC + section(6, b"\x01\x7f\x00\x41\x80\x80\x80\x80\x80\x00\x0b"), "overlong"),
    "too large a signed number": (MAGIC + section(6, b"\x01\x7f\x00\x41\xff\xff\xff\xff\x0f\x0b"), "does not fit 32 bits"),
    "more bodies than functions": (MAGIC + section(1, b"\x00") + section(10, b"\x01\x02\x00\x0b"), "not one body for each function"),
    "a custom section that a terminal would obey": (GOOD + section(0, sized(b"reloc.\x1b[31m")), r"'reloc.\x1b[31m'"),
    "two results": (MAGIC + section(1, b"\x01\x60\x00\x02\x7f\x7f"), "2 results"),
    "300 parameters": (MAGIC + section(1, b"\x01\x60" + sized(b"\x7f" * 300) + b"\x00"), "300 parameters"),
}
EXPORTS = {
    "unknown function": (module(scalar(NOTHING, "main")), "'main', which is not part of the ABI"),
    "look-alike": (module(scalar(NOTHING, "cаll")), r"'c\u0430ll'"),
    "terminal escape": (module(scalar(NOTHING, r"call\1b[31m")), r"'call\x1b[31m'"),
    "scalar of another type": (module('(func (export "call") (param i64 i32) (result i32) (i32.const 0))'), "with the type (i64, i32)"),
    "scalar without result": (module('(func (export "call") (param i32 i32))'), "with the type"),
    "lanes with too few parameters": (module('(func (export "lanes.x") (param i32) (result i32) (i32.const 0))'), "with the type (i32)"),
    "another global": (module('(global (export "secret") i32 (i32.const 0))'), "global 'secret'"),
    "a table": (module('(table (export "t") 1 1 funcref)'), "table 't'"),
    "no heap base": (compile_text(f"(module {MEMORY})"), "__heap_base"),
    "mutable heap base": (compile_text(f'(module {MEMORY} (global (export "__heap_base") (mut i32) (i32.const 8)))'), "immutable"),
    "heap base of i64": (compile_text(f'(module {MEMORY} (global (export "__heap_base") i64 (i64.const 8)))'), "immutable i32"),
    "heap base outside": (compile_text(f'(module {MEMORY} (global (export "__heap_base") i32 (i32.const -8)))'), "outside its memory"),
    "heap base in data": (module(f'(data (i32.const {HEAP_BASE - 1}) "ab")'), "inside its data"),
    "no memory exported": (compile_text(f"(module (memory 1 1) {HEAP})"), "does not export its memory"),
    "a function that does not exist": (GOOD.replace(b"\x04call\x00\x00", b"\x04call\x00\x07"), "'call', a function that does not exist"),
    "twice": (MAGIC + section(7, b"\x02" + (sized(b"call") + b"\x00\x00") * 2), "'call' twice"),
}
IMPORTS = {
    "a function": ('(import "env" "sin" (func (param f64) (result f64)))', "function 'env.sin'"),
    "WASI": ('(import "wasi_snapshot_preview1" "fd_write" (func))', "wasi_snapshot_preview1.fd_write"),
    "a memory": ('(import "env" "memory" (memory 1))', "memory 'env.memory'"),
    "a mutable global": ('(import "env" "g" (global (mut i32)))', "global 'env.g'"),
    "a table": ('(import "env" "t" (table 1 funcref))', "table 'env.t'"),
    "one that looks like ours": ('(import "portalis" "call" (func (param i32)))', "function 'portalis.call'"),
}
MEMORIES = {
    "without maximum": (with_memory("(memory 1)"), "can grow"),
    "that can grow": (with_memory("(memory 1 2)"), "can grow"),
    "of 4 GiB": (with_memory("(memory 65536 65536)"), "4294967296 bytes"),
    "64-bit": (with_memory("(memory i64 1 1)"), "64-bit"),
    "shared": (with_memory("(memory 1 1 shared)"), "shared"),
    "two": (module("(memory 1 1)"), "2 memories"),
    "data outside": (module('(data (i32.const 262143) "ab")'), "outside the memory"),
    "data at a negative offset": (module('(data (i32.const -1) "a")'), "outside the memory"),
    "passive data": (module('(data "a")'), "not active"),
    "data at a computed offset": (module('(data (i32.add (i32.const 0) (i32.const 1)) "a")'), "single constant"),
}
TABLES = {
    "a hundred million elements": (module("(table 100000000 100000000 funcref)"), "100000000 elements"),
    "that can grow": (module("(table 1 2 funcref)"), "can grow"),
    "of externals": (module("(table 1 1 externref)"), "something other than functions"),
    "two": (module("(table 1 1 funcref) (table 1 1 funcref)"), "2 tables"),
    "segment outside": (module("(table 1 1 funcref) (func $f) (elem (i32.const 1) $f)"), "outside its table"),
    "segment of a function that does not exist": (
        module("(table 1 1 funcref) (func $f) (elem (i32.const 0) $f)").replace(
            b"\x09\x07\x01\x00\x41\x00\x0b\x01\x00", b"\x09\x07\x01\x00\x41\x00\x0b\x01\x09"
        ),
        "a function that does not exist",
    ),
    "passive segment": (module("(table 1 1 funcref) (func $f) (elem func $f)"), "not active"),
    "start function": (module("(func $f) (start $f)"), "start function"),
    "tag": (module("(tag $t)"), "exceptions"),
}
INSTRUCTIONS = {
    "memory.grow": (scalar("(memory.grow (i32.const 1))"), "memory.grow"),
    "memory.init": (scalar("(data.drop 0) (i32.const 0)") + '(data (i32.const 0) "a")', "bulk instruction"),
    "table.grow": (scalar("(table.grow 0 (ref.null func) (i32.const 1))") + "(table 1 1 funcref)", "references"),
    "table.get": (scalar("(drop (table.get 0 (i32.const 0))) (i32.const 0)") + "(table 1 1 funcref)", "table access"),
    "tail call": (scalar("(return_call 0 (local.get 0) (local.get 1))"), "tail calls"),
    "atomics": (scalar("(i32.atomic.load (i32.const 0))"), "threads"),
    "relaxed vectors": (
        scalar("(i32x4.extract_lane 0 (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0)))"),
        "relaxed",
    ),
    "throw": (scalar("(try_table (nop)) (i32.const 0)"), "exceptions"),
    "references": (scalar("(ref.is_null (ref.null func))"), "references"),
}


def nested(count: int, opening: bytes) -> bytes:
    return one_function(b"\x00" + opening * count + b"\x0b" * count + RETURN_0)


def expensive(locals_: int, depth: int, repeats: int) -> bytes:
    """A body that touches every local in nested loops: small, and minutes of work for a compiler."""
    touch = b"".join(b"\x20" + number(i) + b"\x41\x01\x6a\x21" + number(i) for i in range(2, locals_))
    loops = (b"\x03\x40" * depth + touch + b"\x20\x00\x0d\x00\x0b" * depth) * repeats
    return one_function(b"\x01" + number(locals_) + b"\x7f" + loops + RETURN_0)


COSTS = {
    "50,000 locals": (one_function(b"\x01" + number(50_000) + b"\x7f" + RETURN_0), "50000 locals"),
    "locals in many groups": (one_function(number(9_000) + b"\x02\x7f" * 9_000 + RETURN_0), "locals allowed"),
    "locals that are references": (one_function(b"\x01\x01\x70" + RETURN_0), "local of type 0x70"),
    "blocks 20,000 deep": (nested(20_000, b"\x02\x40"), "too deeply"),
    "loops 100 deep": (nested(100, b"\x03\x40"), "too deeply"),
    "a branch table of 100,000": (one_function(b"\x00\x41\x00\x0e" + number(100_000) + b"\x00" * 100_001 + RETURN_0), "branch targets"),
    "many locals in loops": (expensive(2_000, 50, 1), "too expensive"),
    "many loops": (expensive(300, 30, 15), "too expensive"),
    "a body that is too long": (one_function(b"\x00" + b"\x01" * 2**18 + RETURN_0), "bytes in a body"),
    "an unknown instruction": (one_function(b"\x00\xff\x0b"), "0xff"),
    "code after the end": (one_function(b"\x00\x41\x00\x0b\x0b"), "bytes too many"),
    "code without an end": (one_function(b"\x00\x41\x00"), "ends too early"),
}


@pytest.mark.parametrize(
    ("wasm", "reason"),
    [
        pytest.param(*case, id=f"{kind}: {name}")
        for kind, cases in (
            ("bytes", BYTES),
            ("exports", EXPORTS),
            ("imports", {name: (compile_text(f"(module {text} {HEAP})"), reason) for name, (text, reason) in IMPORTS.items()}),
            ("imports", {"of no kind": (MAGIC + section(2, b"\x01" + sized(b"env") + sized(b"x") + b"\x09"), "something 'env.x'")}),
            ("memory", MEMORIES),
            ("table", TABLES),
            ("instruction", {name: (module(text), reason) for name, (text, reason) in INSTRUCTIONS.items()}),
            ("cost", COSTS),
        )
        for name, case in cases.items()
    ],
)
def test_hostile_module_is_refused_with_its_reason(wasm: bytes, reason: str) -> None:
    with pytest.raises(InvalidModule) as caught:
        validate_module(wasm, "crate of oranges")
    assert reason in caught.value.cause
    assert str(caught.value).startswith("crate of oranges: ")
    assert caught.value.cause.isprintable(), "a message must not carry control characters of the module's names"


@pytest.mark.parametrize("wasm", [GOOD, lanes()], ids=["scalar", "lanes"])
def test_module_cut_off_anywhere_is_refused(wasm: bytes) -> None:
    end = wasm.index(b"\x04name") - 2  # without the optional section of names, the module is whole
    for length in range(end):
        with pytest.raises(InvalidModule):
            validate_module(wasm[:length])
    assert validate_module(wasm[:end]).entries


def test_information_about_a_good_module() -> None:
    info = validate_module(module(ADD, scalar(NOTHING, "call.on_update"), "(table 3 3 funcref)", '(data (i32.const 16) "abc")'))
    assert (info.memory_bytes, info.heap_base, info.table_elements, info.functions) == (4 * 65536, HEAP_BASE, 3, 2)
    assert info.heap_bytes == 4 * 65536 - HEAP_BASE
    assert sorted(info.entries) == ["call", "call.on_update"]
    assert info.entries["call"].parameters == ("i32", "i32")


def test_custom_sections_are_skipped() -> None:
    assert validate_module(GOOD + section(0, sized("namé".encode()) + b"\xff" * 10)) == validate_module(GOOD)


def test_every_instruction_of_the_numeric_and_vector_sets_is_known() -> None:
    # The scan does not look at types, so that the operands need not fit.
    plain = bytes(range(0x45, 0xC5))
    saturating = b"".join(bytes([0xFC, sub]) for sub in range(8))
    arithmetic = b"".join(b"\xfd" + number(sub) for sub in (*range(0x0E, 0x15), *range(0x23, 0x54), *range(0x5E, 0x100)))
    validate_module(one_function(b"\x00" + plain + saturating + arithmetic + RETURN_0))


def test_immediates_are_skipped_whole() -> None:
    # An immediate that looks like an instruction must not be read as one: 0x40 is memory.grow, 0x0b ends a block.
    constants = b"\x43\x40\x0b\x40\x0b\x44" + b"\x40\x0b" * 4 + b"\xfd\x0c" + b"\x40\x0b" * 8 + b"\xfd\x0d" + b"\x0b" * 16
    memory = b"\x28\x02\xc0\x80\x80\x80\x00" + b"\xfd\x00\x04\x40" + b"\xfd\x54\x00\x0b\x0b"
    validate_module(one_function(b"\x00" + constants + memory + b"\x42" + b"\x80" * 9 + b"\x00" + RETURN_0))


def test_what_only_the_engine_can_see_is_an_invalid_module_too() -> None:
    ill_typed = one_function(b"\x00" + b"\x44" + b"\x00" * 8 + b"\x0b")  # a float where an i32 is returned
    validate_module(ill_typed)
    with pytest.raises(InvalidModule, match="the engine refuses it"):
        ScalarModule(ill_typed)


def test_text_is_refused_although_the_binding_takes_it() -> None:
    text = f"(module {BARE} {ADD})".encode()
    assert wasmtime.Module(wasmtime.Engine(), text).exports
    with pytest.raises(InvalidModule, match="text"):
        ScalarModule(text)


def test_only_bytes_are_a_module() -> None:
    with pytest.raises(TypeError, match="str"):
        validate_module("(module)")  # type: ignore[arg-type]
