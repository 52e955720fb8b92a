"""The entries of `ir/abi.py` and `ir/wire.py`: the module's package, with heap.rs the only unsafe code of a crate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.callees import Callee
from portalis.translator.backends.rust.frames import is_nothing
from portalis.translator.backends.rust.layout import Layout
from portalis.translator.backends.rust.literals import string_literal
from portalis.translator.backends.rust.message import print_message
from portalis.translator.backends.rust.names import identifier, words_of
from portalis.translator.backends.rust.shapes import STEP
from portalis.translator.backends.rust.type_names import is_array
from portalis.translator.backends.rust.wire import print_nested, print_wire_entry
from portalis.translator.backends.rust.world import World
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.nodes import Function, Param
from portalis.translator.ir.types import (
    BoolType,
    DictRef,
    FloatType,
    IntType,
    LibraryRef,
    ListRef,
    ListType,
    MatrixType,
    NeverType,
    NoneType,
    QuatType,
    RecordType,
    SetRef,
    StrType,
    TextType,
    TupleType,
    Type,
    UnionType,
    VecType,
    WideType,
)
from portalis.translator.ir.wire import crosses_by_wire

_HEADER = """\
//! The entries of the WebAssembly module: every scalar that crosses takes eight bytes.
//!
//! Safety: the host passes the addresses of as many slots as the entry's signature has.

#![allow(unsafe_code)]
"""
_READER = """\
/// Reads arguments in order.
struct Reader(*const u64);

impl Reader {
    unsafe fn bits(&mut self) -> u64 {
        let bits = self.0.read();
        self.0 = self.0.add(1);
        bits
    }
"""
_READ = {
    "int": """\
    unsafe fn int(&mut self) -> i64 {
        self.bits() as i64
    }
""",
    "float": """\
    unsafe fn float(&mut self) -> f64 {
        f64::from_bits(self.bits())
    }
""",
    "single": """\
    unsafe fn single(&mut self) -> f32 {
        self.float() as f32
    }
""",
    "bool": """\
    unsafe fn bool(&mut self) -> bool {
        self.bits() != 0
    }
""",
    "string": """\
    unsafe fn string(&mut self) -> &'static str {
        STRINGS[self.bits() as usize]
    }
""",
}
_WRITER = """\
/// Writes results in order.
struct Writer(*mut u64);

impl Writer {
    unsafe fn bits(&mut self, bits: u64) {
        self.0.write(bits);
        self.0 = self.0.add(1);
    }
"""
_WRITE = {
    "int": """\
    unsafe fn int(&mut self, value: i64) {
        self.bits(value as u64);
    }
""",
    "float": """\
    /// Every NaN is written as the same one: which one arithmetic gives differs from engine to engine.
    unsafe fn float(&mut self, value: f64) {
        const NAN: u64 = 0x7ff8_0000_0000_0000;
        self.bits(if value.is_nan() { NAN } else { value.to_bits() });
    }
""",
    "bool": """\
    unsafe fn bool(&mut self, value: bool) {
        self.bits(u64::from(value));
    }
""",
    "string": """\
    unsafe fn string(&mut self, value: &'static str) {
        let index = STRINGS.partition_point(|&other| other < value);
        self.bits(index as u64);
    }
""",
    "skip": """\
    /// Leaves out slots that mean nothing.
    unsafe fn skip(&mut self, count: usize) {
        self.0 = self.0.add(count);
    }
""",
}
_LAYOUT = Layout(lambda block, indent: [])


class Abi:
    def __init__(self, world: World, root: str) -> None:
        self.world = world
        self.root = root
        self.reads: set[str] = set()
        self.writes: set[str] = set()
        self.names: set[str] = set()
        self.has_messages = False

    # ------------------------------------------------------------------------------------------------------------ reading
    def read(self, type_: Type) -> tree.Expr:
        """Return the expression that reads a value."""
        match type_:
            case NoneType() | NeverType():
                return tree.UNIT
            case IntType():
                return self._read("int")
            case FloatType():
                return self._read("float")
            case BoolType():
                return self._read("bool")
            case StrType():
                return self._read("string")
            case RecordType(_, fields):
                name = self.world.types.name_of(type_)
                self.names.add(name)
                return tree.Struct(name, tuple(identifier(field) for field, _ in fields), tuple(self.read(item) for _, item in fields))
            case TupleType(items) if not is_array(type_):
                return tree.Tuple(tuple(map(self.read, items)))
            case ListType() | TupleType():
                return tree.Array(tuple(map(self.read, type_.elements)))
            case VecType() | QuatType() | MatrixType():
                self.names.add(self.world.types.name_of(type_))
                kind = "single" if "f32" in type_.slots else "float"
                return tree.Call(self.world.types.name_of(type_), (tree.Array(tuple(self._read(kind) for _ in type_.elements)),))
            case TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
                raise AssertionError(f"no slot holds a {type_}")
            case _:
                assert_never(type_)

    def _read(self, kind: str) -> tree.Expr:
        self.reads |= {kind} | ({"float"} if kind == "single" else set())
        return tree.Method(tree.Var("args"), kind, ())

    # ------------------------------------------------------------------------------------------------------------ writing
    def write(self, type_: Type, place: str) -> list[str]:
        """Return the statements that write a value."""
        match type_:
            case NoneType() | NeverType():
                return []
            case IntType():
                return self._write("int", place)
            case FloatType():
                return self._write("float", place)
            case BoolType():
                return self._write("bool", place)
            case StrType():
                return self._write("string", place)
            case RecordType(_, fields):
                return [line for name, item in fields for line in self.write(item, f"{place}.{identifier(name)}")]
            case TupleType(items) if not is_array(type_):
                return [line for number, item in enumerate(items) for line in self.write(item, f"{place}.{number}")]
            case TupleType() | ListType():
                return [line for number, item in enumerate(type_.elements) for line in self.write(item, f"{place}[{number}]")]
            case VecType() | QuatType() | MatrixType():
                form = "f64::from({})" if "f32" in type_.slots else "{}"
                return [line for number in range(len(type_.elements)) for line in self._write("float", form.format(f"{place}[{number}]"))]
            case TextType() | WideType() | ListRef() | DictRef() | SetRef() | LibraryRef() | UnionType():
                raise AssertionError(f"no slot holds a {type_}")
            case _:
                assert_never(type_)

    def _write(self, kind: str, value: str) -> list[str]:
        self.writes.add(kind)
        return [f"out.{kind}({value});"]

    # ------------------------------------------------------------------------------------------------------------ entries
    def entry(self, export: str, callee: Callee) -> str:
        """Return the entry that calls one function."""
        function = callee.function
        names = [f"value_{number}" for number in range(len(function.params))]
        by_ref = [(name, param) for name, param in zip(names, function.params, strict=True) if param.by_ref]
        lines = [f"crate::heap::begin(results as usize + {_result_bytes(function)});"]
        lines += ["let mut args = Reader(args);"] if any(param.type.slots for param in function.params) else []
        lines += [
            self._let(f"let {'mut ' if param.by_ref else ''}{name} = ", self.read(param.type))
            for name, param in zip(names, function.params, strict=True)
            if not is_nothing(param.type)
        ]
        lines += self._results(callee, written_call(callee, names, self.root), by_ref)
        reads = any(param.type.slots for param in function.params)
        head = f"({'' if reads else '_'}args: *const u64, results: *mut u64) -> u32"
        body = "".join(f"    {line}\n" for line in lines)
        return f'#[export_name = "{export}"]\nunsafe extern "C" fn {_symbol(export)}{head} {{\n{body}}}\n'

    def wire_entry(self, export: str, callee: Callee) -> str:
        """Return the entry that calls one function with a message."""
        self.has_messages = True
        self.names |= {name for name, type_ in self.world.types.used.items()}
        names = [f"value_{number}" for number in range(len(callee.function.params))]
        return print_wire_entry(self.world, export, _symbol(export), callee, names, written_call(callee, names, self.root), self.root)

    @staticmethod
    def _let(head: str, value: tree.Expr) -> str:
        # Laid out as one line of a function; its other lines carry their whole indentation already.
        return f"{head}{_LAYOUT.text(value, STEP, STEP + len(head), 1)};"

    def _results(self, callee: Callee, call: str, by_ref: list[tuple[str, Param]]) -> list[str]:
        result = callee.function.result
        count = len(result.slots)
        after = [line for name, param in by_ref for line in self.write(param.type, name)]
        writer = ["let mut out = Writer(results);"] if count or after else []
        if not callee.fallible:
            if not count:
                return [*writer, f"{call};", *after, "0"]
            return [*writer, f"let result = {call};", *self.write(result, "result"), *after, "0"]
        if not count:
            run = [f"let outcome = {call};"]
            last = ["match outcome {", "    Ok(()) => 0,", "    Err(error) => error.word(),", "}"]
            return [*writer, *run, *after, *last]
        failed = [f"        out.skip({count});"] if after else []
        if after:
            self.writes.add("skip")
        match_ = [f"let error_word = match {call} {{", "    Ok(result) => {"]
        match_ += [f"        {line}" for line in self.write(result, "result")]
        match_ += ["        0", "    }"]
        match_ += (
            ["    Err(error) => {", *failed, "        error.word()", "    }", "};"] if failed else ["    Err(error) => error.word(),", "};"]
        )
        if not after:
            return [*writer, match_[0].removeprefix("let error_word = "), *match_[1:-1], "}"]
        return [*writer, *match_, *after, "error_word"]


def written_call(callee: Callee, names: Sequence[str], root: str) -> str:
    """Return the call of an entry's function with variables that hold its arguments."""
    passed = [_passed(callee, name, param) for name, param in zip(names, callee.function.params, strict=True)]
    if callee.owner is not None:
        return f"{names[0]}.{callee.name}({', '.join(passed[1:])})"
    return f"{root}::{callee.name}({', '.join(passed)})"


def _passed(callee: Callee, name: str, param: Param) -> str:
    if is_nothing(param.type):
        return "()"
    if param.by_ref:
        return f"&mut {name}"
    return f"&{name}" if param.name in callee.borrowed else name if param.type.duplicable else f"{name}.clone()"


def _result_bytes(function: Function) -> int:
    """Return where a guest's heap may begin, counted from the results (`ir/abi.py`)."""
    slots = function.result.slot_count + sum(param.type.slot_count for param in function.params if param.by_ref)
    return 8 * slots + 4096


def _symbol(export: str) -> str:
    return identifier(export.replace(".", "_"))


def print_abi(world: World, root: str, rename: Callable[[str], str] | None) -> str:
    """Return the module's entries, which call what lies under `root`; with `rename` they have other names, and share a heap."""
    abi = Abi(world, root)
    program = world.program
    entries = []
    for export, name in scalar_entries(program):
        callee = world.callees[name]
        shown = rename(export) if rename else export
        entries.append(abi.wire_entry(shown, callee) if crosses_by_wire(callee.function) else abi.entry(shown, callee))
    if nested := print_nested(world):
        entries.append(nested)
    parts = [_HEADER, *(["mod heap;\n"] if rename is None else [])]
    message = print_message(abi.names) if abi.has_messages else ""
    used = sorted(abi.names & words_of(message + "".join(entries)))
    if used:
        parts.append(f"use {root}::{used[0]};\n" if len(used) == 1 else f"use {root}::{{{', '.join(used)}}};\n")
    if message:
        parts.append(message)
    if "string" in abi.reads | abi.writes:
        items = tree.Array(tuple(tree.Literal(string_literal(text), "other") for text in program.strings))
        head = f"/// Every constant string, in order; a string crosses as its index.\nstatic STRINGS: [&str; {len(program.strings)}]"
        parts.append(f"{head} = {_LAYOUT.text(items, 0, len(head.split(chr(10))[-1]) + 3, 1)};\n")
    if abi.reads:
        parts.append("\n".join([_READER, *(text for kind, text in _READ.items() if kind in abi.reads)]) + "}\n")
    if abi.writes:
        parts.append("\n".join([_WRITER, *(text for kind, text in _WRITE.items() if kind in abi.writes)]) + "}\n")
    return "\n".join(parts + entries)
