"""The tests of a crate: calls and what CPython gives."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.callees import Callee
from portalis.translator.backends.rust.frames import is_nothing
from portalis.translator.backends.rust.layout import Layout
from portalis.translator.backends.rust.literals import float_literal, int_literal, string_literal
from portalis.translator.backends.rust.names import Scope, identifier, snake_case
from portalis.translator.backends.rust.object_operations import union_value
from portalis.translator.backends.rust.shapes import STEP
from portalis.translator.backends.rust.tree import Expr
from portalis.translator.backends.rust.type_names import is_array
from portalis.translator.backends.rust.world import World
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
from portalis.translator.ir.wide import words_of

# What a case shows at most, in characters.
_LONGEST = 600
_LAYOUT = Layout(lambda block, indent: [])


@dataclass(frozen=True)
class KnownCase:
    """A call with Python's values: the arguments before and after, and the value, or the class and message of the exception."""

    before: tuple[Any, ...]
    after: tuple[Any, ...]
    value: Any = None
    error: tuple[str, str] | None = None


class _Unwritten(Exception):
    """A value that no crate's test holds: a lone surrogate, a NaN, an instance."""


def print_cases(world: World, crate_name: str, member: Callable[[Any, UnionType], Type | None], cases: Sequence[KnownCase]) -> str:
    """Return tests/cpython.rs, or nothing where no case can be written; `member` tells of which member of a union a value is.

    Calls of a module that keeps something from call to call were made in turn, and are one test.
    """
    callee = world.callees[world.program.entry]
    writer = _Writer(world, member)
    if callee.owner is not None:
        return ""
    tests = writer.in_turn(callee, cases) if world.kept else writer.each(callee, cases)
    if not tests:
        return ""
    used = sorted({callee.name, *writer.names}, key=lambda name: (name[:1].isupper(), name))
    listed = used[0] if len(used) == 1 else f"{{{', '.join(used)}}}"
    header = "//! Calls and what CPython gives: some of the cases on which the translation was verified.\n"
    return "\n".join([header, f"use {crate_name}::{listed};\n", *tests])


@dataclass
class _Writer:
    world: World
    member: Callable[[Any, UnionType], Type | None]

    def __post_init__(self) -> None:
        self.names: set[str] = set()

    def each(self, callee: Callee, cases: Sequence[KnownCase]) -> list[str]:
        """Return a test for each case that can be written."""
        tests: list[str] = []
        for case in cases:
            try:
                lines = self.call(callee, case, {})
            except _Unwritten:
                continue
            if sum(map(len, lines)) <= _LONGEST:
                tests.append(_test(f"case_{len(tests) + 1}", lines))
        return tests

    def in_turn(self, callee: Callee, cases: Sequence[KnownCase]) -> list[str]:
        """Return one test of the calls up to the first that cannot be written: each finds what the ones before it left."""
        initial = self.world.callees[self.world.program.initial]
        scope = Scope(frozenset({callee.name, initial.name}))
        kept = {param.name: scope.take(_variable(param.name.rpartition(".")[0])) for param in initial.function.params}
        calls: list[str] = []
        for case in cases:
            try:
                lines = self.call(callee, case, kept)
            except _Unwritten:
                break
            calls += lines
        if not calls:
            return []
        self.names.add(initial.name)
        made = [
            self.let(f"let {kept[param.name]} = ", self.made("List", ()), self.world.types.name_of(param.type))
            for param in initial.function.params
        ]
        passed = tuple(_handed(initial, param.name, tree.Var(kept[param.name])) for param in initial.function.params)
        call: Expr = tree.Call(initial.name, passed)
        made.append(_asserted(call, tree.Call("Ok", (tree.UNIT,))) if initial.fallible else f"{_LAYOUT.text(call, STEP, STEP, 1)};")
        return ["/// Each call finds what the ones before it left.\n" + _test("calls_in_turn", [*made, *calls])]

    def call(self, callee: Callee, case: KnownCase, kept: Mapping[str, str]) -> list[str]:
        """Return the statements that make a call and look at what comes of it; `kept` are the variables of what the module keeps."""
        scope = Scope(frozenset({callee.name, "error", *kept.values()}))
        lines: list[str] = []
        passed: list[Expr] = []
        checks: list[str] = []
        own = [param for param in callee.function.params if param.name not in kept]
        for param, before, after in zip(own, case.before, case.after, strict=True):
            value = self.value(before, param.type)
            is_plain = param.type.duplicable and not param.by_ref
            if is_plain or is_nothing(param.type):
                passed.append(value)
                continue
            name = scope.take(_variable(param.name))
            lines.append(self.let(f"let {'mut ' if param.by_ref else ''}{name} = ", value, self.world.types.name_of(param.type)))
            changed = repr(before) != repr(after)
            held = tree.Var(name)
            if param.by_ref:
                passed.append(tree.Borrow(held))
            else:
                passed.append(_handed(callee, param.name, held) if changed or param.name in callee.borrowed else held)
            if changed:
                checks.append(_asserted(held, self.value(after, param.type)))
        passed += [_handed(callee, name, tree.Var(variable)) for name, variable in kept.items()]
        return [*lines, *self.outcome(callee, case, tree.Call(callee.name, tuple(passed))), *checks]

    def outcome(self, callee: Callee, case: KnownCase, call: Expr) -> list[str]:
        """Return the statements that make a call and look at its value or its exception."""
        if case.error is None:
            wanted = self.value(case.value, callee.function.result)
            wanted = tree.Call("Ok", (wanted,)) if callee.fallible else wanted
            return [_asserted(call, wanted)]
        kind, message = case.error
        if not callee.fallible or kind not in self.world.kinds.variants:
            raise _Unwritten
        self.names.add("Kind")
        return [
            self.let("let error = ", tree.Method(call, "unwrap_err", ()), ""),
            _asserted(tree.Method(tree.Var("error"), "kind", ()), tree.Path(self.world.kinds.path(kind))),
            _asserted(tree.Method(tree.Var("error"), "message", ()), _text(message)),
        ]

    def let(self, head: str, value: Expr, type_: str) -> str:
        if isinstance(value, tree.Call) and value.function.endswith("::new"):
            # Nothing else may tell what an empty one is of.
            head = head.replace(" =", f": {type_} =")
            self.names |= set(re.findall(r"\w+", type_)) & set(self.world.types.used)
        return f"{head}{_LAYOUT.text(value, STEP, STEP + len(head), 1)};"

    def value(self, value: Any, type_: Type) -> Expr:
        """Return one of Python's values in Rust."""
        if is_nothing(type_):
            return tree.UNIT
        match type_:
            case BoolType():
                return tree.Literal("true" if value else "false", "other")
            case IntType():
                return int_literal(value)
            case FloatType():
                if math.isnan(value):
                    raise _Unwritten
                return float_literal(value)
            case StrType():
                return _text(value)
            case TextType():
                self.names.add("Text")
                # Bytes are held as the text of the same numbers.
                return tree.Call("Text::from", (_text(value.decode("latin-1") if isinstance(value, bytes) else value),))
            case WideType():
                return self.wide(value)
            case ListRef(item):
                return self.made("List", [self.value(one, item) for one in value])
            case SetRef(item):
                return self.made("Set", [self.value(one, item) for one in value])
            case DictRef(key, item):
                pairs = [tree.Tuple((self.value(one, key), self.value(other, item))) for one, other in value.items()]
                return self.made("Dict", pairs)
            case UnionType():
                found = self.member(value, type_)
                assert found is not None, "the value is of the union"
                made = union_value(self.world, type_, found, self.value(value, found))
                if isinstance(made, tree.Call | tree.Path) and "::" in (made.text if isinstance(made, tree.Path) else made.function):
                    self.names.add(self.world.types.name_of(type_))
                return made
            case TupleType(items):
                values = tuple(self.value(one, item) for one, item in zip(value, items, strict=True))
                return tree.Array(values) if is_array(type_) else tree.Tuple(values)
            case ListType(item):
                return tree.Array(tuple(self.value(one, item) for one in value))
            case VecType() | QuatType() | MatrixType() | RecordType() | LibraryRef():
                raise _Unwritten
            case NoneType() | NeverType():
                return tree.UNIT
            case _:
                assert_never(type_)

    def wide(self, value: int) -> Expr:
        self.names.add("Int")
        words = words_of(value)
        if len(words) == 1:
            return tree.Call("Int::new", (int_literal(value),))
        self.names.add("List")
        return tree.Call("Int::Large", (tree.Call("List::from", (tree.Array(tuple(map(int_literal, words))),)),))

    def made(self, name: str, items: Sequence[Expr]) -> Expr:
        self.names.add(name)
        return tree.Call(f"{name}::from", (tree.Array(tuple(items)),)) if items else tree.Call(f"{name}::new", ())


def _test(name: str, lines: Sequence[str]) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"#[test]\nfn {name}() {{\n{body}}}\n"


def _variable(name: str) -> str:
    """Return what a test calls an argument: after its parameter, as rustc's lints have it."""
    return snake_case(identifier(name)) if name.isascii() else "value"


def _handed(callee: Callee, param: str, held: tree.Var) -> Expr:
    """Return how a variable that is wanted again is handed to a parameter."""
    return tree.Unary("&", held) if param in callee.borrowed else tree.Method(held, "clone", ())


def _text(value: str) -> Expr:
    if any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        raise _Unwritten
    return tree.Literal(string_literal(value), "other")


def _asserted(found: Expr, wanted: Expr) -> str:
    if wanted in (tree.Literal("true", "other"), tree.Literal("false", "other")):
        found = found if wanted.text == "true" else tree.Unary("!", found)
        return _LAYOUT.text(tree.Call("assert!", (found,)), STEP, STEP, 1) + ";"
    return _LAYOUT.text(tree.Call("assert_eq!", (found, wanted)), STEP, STEP, 1) + ";"
