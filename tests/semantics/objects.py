"""Programs with objects on every executor: modules that take messages, and the interpreter, whose objects are others than Python's."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portalis.translator.backends.llvm import SCALAR, BuildOptions, build_scalar
from portalis.translator.bridge import Budget, ScalarModule
from portalis.translator.calling.classes import empty
from portalis.translator.calling.executable import Executable
from portalis.translator.calling.tables import recipe
from portalis.translator.calling.values import member_of, parts, tuple_of
from portalis.translator.calling.wire import MAX_MESSAGE, MessageReader, MessageWriter
from portalis.translator.calling.wired import WiredExecutable
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.errors import error_sites
from portalis.translator.ir.hashing import hash_varies
from portalis.translator.ir.nodes import Program
from portalis.translator.ir.run.interpreter import GuardStop, Interpreter, PythonRaised
from portalis.translator.ir.types import (
    AGGREGATES,
    TEXT,
    ComplexType,
    DictRef,
    LibraryRef,
    ListRef,
    SetRef,
    TextType,
    TupleType,
    Type,
    UnionType,
)
from portalis.translator.ir.wire import crosses_by_wire
from tests.semantics.executors import checked, interpreted, optimised

Runnable = Executable | WiredExecutable


@dataclass
class _Twins:
    """The interpreter's objects beside Python's, each one of the others. Records are lists of their fields, tuples are lists."""

    pairs: list[tuple[Any, Any, Type]] = field(default_factory=list)

    def inward(self, value: Any, type_: Type) -> Any:
        """Return the interpreter's value for one of Python's."""
        match type_:
            case ListRef(item, frozen=True):
                return [self.inward(element, item) for element in value]
            case SetRef(frozen=True):
                return self._content(value, type_)
            case ListRef() | DictRef() | SetRef() | LibraryRef():
                for python, inner, _ in self.pairs:
                    if python is value:
                        return inner
                inner = []
                self.pairs.append((value, inner, type_))
                inner += self._content(value, type_)
                return inner
            case UnionType(members):
                member = member_of(value, type_)
                assert member is not None
                return members.index(member), self.inward(value, member)
            case TextType(octets=True):
                return value.decode("latin-1")
            case ComplexType():
                return [value.real, value.imag]
            case _ if isinstance(type_, AGGREGATES):
                return [self.inward(element, item) for element, item in zip(parts(value, type_), type_.elements, strict=True)]
            case _:
                return value

    def _content(self, value: Any, type_: ListRef | DictRef | SetRef | LibraryRef) -> list[Any]:
        match type_:
            case LibraryRef():
                return [list(value)]
            case ListRef(item):
                return [self.inward(element, item) for element in value]
            case DictRef(key, item):
                keys, values = [self.inward(one, key) for one in value], [self.inward(one, item) for one in value.values()]
                return [keys, values, [0] * len(value), [], len(value)]
            case SetRef(item):
                elements = [self.inward(element, item) for element in value]
                return [elements, [0] * len(value), [1] * len(value), len(value), -1, 0]

    def outward(self, value: Any, type_: Type) -> Any:
        """Return Python's value for one of the interpreter's."""
        match type_:
            case ListRef(item, frozen=True):
                return tuple([self.outward(element, item) for element in value])
            case SetRef(frozen=True):
                filled: set[Any] = set()
                self._fill(filled, value, type_)
                return next((one for one in (frozenset(list(filled)), frozenset(filled)) if list(one) == list(filled)), frozenset(filled))
            case ListRef() | DictRef() | SetRef() | LibraryRef():
                for python, inner, _ in self.pairs:
                    if inner is value:
                        return python
                python = empty(type_)
                self.pairs.append((python, value, type_))
                self._fill(python, value, type_)
                return python
            case UnionType(members):
                tag, inner = value
                return self.outward(inner, members[tag])
            case TextType(octets=True):
                return value.encode("latin-1")
            case ComplexType():
                return complex(*value)
            case TupleType(items):
                return tuple_of([self.outward(element, item) for element, item in zip(value, items, strict=True)], type_)
            case _:
                return value

    def settle(self) -> None:
        """Give all objects that there are what their twins hold."""
        for python, inner, type_ in list(self.pairs):
            python.clear()
            self._fill(python, inner, type_)

    def _fill(self, python: Any, inner: Any, type_: Type) -> None:
        match type_:
            case LibraryRef():
                python += bytes(inner[0])
            case ListRef(item):
                python += [self.outward(element, item) for element in inner]
            case DictRef(key, item):
                keys, values, hashes, _, _ = inner
                for index, (one, other) in enumerate(zip(keys, values, strict=True)):
                    if hashes[index] != -1:
                        python[self.outward(one, key)] = self.outward(other, item)
            case SetRef(item):
                items, _, states, _, _, _ = inner
                found = [self.outward(element, item) for element, state in zip(items, states, strict=True) if state == 1]
                fill = None if hash_varies(item) else recipe(found)
                python.update(found) if fill is None else fill(python)


def interpreted_objects(program: Program) -> Runnable:
    """Run an entry in the IR's interpreter."""
    function = program.function(program.entry)
    if not crosses_by_wire(function):
        return interpreted(program, program.entry)
    interpreter, types = Interpreter(program, fuel=5_000_000), [parameter.type for parameter in function.params]

    def raw(message: bytes) -> tuple[int, bytes]:
        reader, twins = MessageReader(message), _Twins()
        arguments = [reader.read(type_) for type_ in types]
        inner = [twins.inward(value, type_) for value, type_ in zip(arguments, types, strict=True)]
        word, result, told = 0, None, None
        try:
            result, _ = interpreter.call(program.entry, inner)
        except (PythonRaised, GuardStop) as stop:
            word, told = stop.word, stop.text
        twins.settle()
        writer = MessageWriter(MAX_MESSAGE, reader.objects)
        if not word:
            writer.write(twins.outward(result, function.result), function.result)
        if told is not None:
            writer.write(told, TEXT)
        for value, type_ in zip(inner, types, strict=True):
            writer.write(twins.outward(value, type_), type_)
        if function.prints:
            writer.write(interpreter.printed, TEXT)
        return word, writer.message()

    return WiredExecutable(program, function, error_sites(program), raw, MAX_MESSAGE)


def compiled_objects(program: Program, options: BuildOptions) -> Runnable:
    """Compile with LLVM and run in wasmtime."""
    built, function = build_scalar(program, options), program.function(program.entry)
    module = ScalarModule(built.wasm, Budget())
    if not crosses_by_wire(function):
        return Executable(program, function, built.sites, functools.partial(module.call, "call"))
    return WiredExecutable(program, function, built.sites, functools.partial(module.call_wire, "call"), module.room_for_message())


EXECUTORS: dict[str, Callable[[Lowered], Runnable]] = {
    "interpreter": lambda lowered: interpreted_objects(checked(lowered.program)),
    "interpreter after passes": lambda lowered: interpreted_objects(optimised(lowered.program)),
    "llvm small": lambda lowered: compiled_objects(optimised(lowered.program), SCALAR),
}
# Levels at which nobody's programs with objects are built: what is undefined in what we print shows elsewhere at each, so that a few tests
# hold these beside the others.
OTHER_LEVELS: dict[str, Callable[[Lowered], Runnable]] = {
    "llvm O3": lambda lowered: compiled_objects(optimised(lowered.program), BuildOptions()),
    "llvm O0": lambda lowered: compiled_objects(lowered.program, BuildOptions(opt=0, simd=False)),
}
