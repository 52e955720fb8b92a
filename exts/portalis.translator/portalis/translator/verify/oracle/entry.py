"""One entry of a loaded module: its cases as arguments, and how calls of it end."""

from __future__ import annotations

import copy
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any, NamedTuple

from portalis.translator.calling.outcome import Identity, identity
from portalis.translator.calling.values import build, flatten, mismatch
from portalis.translator.calling.wire import MessageReader, MessageWriter, Misfit, Numbered, TooLong
from portalis.translator.ir.types import TEXT, BoolType, FloatType, IntType, RecordType, Type
from portalis.translator.verify.oracle.answers import AnswerShape, Kind, SlotShape, Told, WireShape, bounded
from portalis.translator.verify.oracle.messages import (
    WIRE_LIMIT,
    EntryRequest,
    LoadedEntry,
    LoadRequest,
    ModuleValue,
    pack_slots,
    slot_format,
    slots_of,
    split_messages,
)
from portalis.translator.verify.oracle.module_state import StateOfCall
from portalis.translator.verify.oracle.namespace import BeyondReach
from portalis.translator.verify.oracle.observing import ObservedFunction
from portalis.translator.verify.oracle.program import Oracle, OutOfSteps, Trapped
from portalis.translator.work.link import OracleFailure

# What a program cannot raise, so that it can only be this process that failed.
_OWN_FAILURES = (ImportError, SystemError, Trapped)
# Scalars whose slot is what CPython has already: the class that a value must have, and its slot after the letter of a value.
_SCALARS: dict[type[Any], tuple[type, struct.Struct]] = {
    FloatType: (float, struct.Struct("<Bd")),
    IntType: (int, struct.Struct("<Bq")),
    BoolType: (bool, struct.Struct("<Bq")),
}
_NO_IDENTITY = b"\0"
_NO_WAYS, _NO_DRIFT = b"\0\0", b"\0"


def require_own(error: BaseException) -> None:
    """Raise OracleFailure where an exception is this process's and not the program's: of an OSError only the system's has a number."""
    if isinstance(error, _OWN_FAILURES) or (isinstance(error, OSError) and error.errno is not None):
        raise OracleFailure(f"{type(error).__name__}: {bounded(str(error))}") from error


def known(values: Sequence[Any], types_: Sequence[Type], strings: tuple[str, ...]) -> ModuleValue:
    """Return values that the module gives without being called, as slots."""
    reasons = (mismatch(value, type_, strings) for value, type_ in zip(values, types_, strict=True))
    why_not = next((reason for reason in reasons if reason), "")
    return ModuleValue(b"" if why_not else pack_slots(slots_of(types_), _slots(values, types_, strings)), bounded(why_not))


def known_objects(values: Sequence[Any], types_: Sequence[Type], *, arguments: bool = False, most: int = WIRE_LIMIT) -> ModuleValue:
    """Return values that the module gives without being called, or the `arguments` of an example, as a message."""
    try:
        return ModuleValue(write_message(values, types_, arguments=arguments, most=most).message(), "")
    except Misfit as reason:
        return ModuleValue(b"", bounded(str(reason)))
    except TooLong:
        return ModuleValue(b"", "more than fits a message")


def write_message(
    values: Sequence[Any], types_: Sequence[Type], before: Sequence[Numbered] = (), *, arguments: bool = False, most: int = WIRE_LIMIT
) -> MessageWriter:
    """Write values where `before` are the objects that have their numbers already; raises as `MessageWriter.write` does."""
    writer = MessageWriter(most, before, arguments=arguments)
    for value, type_ in zip(values, types_, strict=True):
        writer.write(value, type_)
    return writer


def _slots(values: Sequence[Any], types_: Sequence[Type], strings: tuple[str, ...]) -> list[int | float]:
    return [slot for value, type_ in zip(values, types_, strict=True) for slot in flatten(value, type_, strings)]


class Example(NamedTuple):
    """The arguments of an example, as code."""

    args: tuple[CodeType, ...]
    kwargs: tuple[tuple[str, CodeType], ...]


@dataclass(frozen=True)
class _Side:
    """The entry under one library."""

    oracle: Oracle
    callee: ObservedFunction
    user_class: Any

    @classmethod
    def of(cls, oracle: Oracle, request: LoadRequest, entry: EntryRequest) -> _Side:
        found = oracle.namespace[request.name]
        return cls(oracle, ObservedFunction(getattr(found, entry.method) if entry.method else found), found)


class OracleEntry:
    """One function or method and its cases."""

    def __init__(
        self,
        request: LoadRequest,
        entry: EntryRequest,
        examples: Sequence[Example],
        exact: Oracle,
        drift: Oracle | None,
        raises: frozenset[int],
    ) -> None:
        self._strings = request.strings
        self._path = request.path
        self._entry = entry
        first, count = entry.examples
        self._examples = examples[first : first + count]
        self._raises = raises
        self._exact = _Side.of(exact, request, entry)
        self._drift = None if drift is None else _Side.of(drift, request, entry)
        self._mutable = tuple(index for index, type_ in enumerate(entry.parameters) if type_.mutable)
        self._mutable_types = tuple(entry.parameters[index] for index in self._mutable)
        self._shape = self._make_shape()
        self._layout = slot_format(slots_of(entry.parameters))
        self._plain = all(isinstance(type_, IntType | FloatType) for type_ in entry.parameters)
        self._scalar = None if self._mutable or entry.by_wire else _SCALARS.get(type(entry.result))

    def _make_shape(self) -> AnswerShape:
        return SlotShape(self._entry.result, self._mutable_types, len(self._strings), len(self._entry.parameters))

    def describe(self) -> LoadedEntry:
        """Tell the arguments of examples, and the defaults of parameters."""
        examples = tuple(self._example(number) for number in range(len(self._examples)))
        defaults = self._exact.callee.defaults
        told = (
            None if position not in defaults else self._known_default(defaults[position], type_)
            for position, type_ in enumerate(self._entry.parameters)
        )
        return LoadedEntry(examples, tuple(told))

    def _known_default(self, value: Any, type_: Type) -> ModuleValue:
        return known_objects((value,), (type_,)) if type_.refers else known((value,), (type_,), self._strings)

    def run(self, case: int, steps: int) -> bytes:
        """Call with a case's arguments, once for each library; tell the ways that no answered call went before."""
        oracle = self._exact.oracle
        oracle.taken.clear()
        told, answered = self._tell(self._exact, case, steps)
        ways = _NO_WAYS
        if answered and not oracle.taken.keys() <= oracle.told:
            ways = self._shape.write_ways(sorted(oracle.taken.keys() - oracle.told))
            oracle.told.update(oracle.taken)
        if self._drift is None or not answered:
            return told + ways + _NO_DRIFT
        drift, answered = self._tell(self._drift, case, steps)
        return told + ways + (b"\1" + drift if answered else _NO_DRIFT)

    def _tell(self, side: _Side, case: int, steps: int) -> tuple[bytes, bool]:
        """Make one call; return what came of it, and whether that is an answer to compare."""
        arguments = self._arguments(side, case)
        side.oracle.steps[0] = steps
        side.oracle.printed.clear()
        try:
            value = self._called(side, arguments)
        except OutOfSteps:
            return self._shape.write_told(Told("steps")), False
        except BeyondReach:
            return self._shape.write_told(Told("unknown")), False
        except (Exception, Trapped) as error:
            told = self._raised(side, error, arguments)
            return self._shape.write_told(told), told.kind == "raised"
        if self._scalar is not None and type(value) is self._scalar[0]:
            try:
                return self._scalar[1].pack(0, value) + _NO_IDENTITY, True
            except struct.error:
                pass  # An int beyond 64 bits is told like anything that does not fit.
        told = self._returned(side, value, arguments)
        return self._shape.write_told(told), told.kind == "value"

    def _called(self, side: _Side, arguments: Sequence[Any]) -> Any:
        """Call it; OutOfSteps also where something that cleans up has left while that was raised."""
        try:
            return side.callee.call(arguments)
        finally:
            if side.oracle.steps[0] <= 0:
                raise OutOfSteps

    def _raised(self, side: _Side, error: BaseException, arguments: Sequence[Any]) -> Told:
        require_own(error)
        if isinstance(error, MemoryError) and not self._raised_by_program(error):
            return Told("unknown")
        return self._after_raising(side, arguments, (bounded(type(error).__name__), bounded(str(error))))

    def _after_raising(self, side: _Side, arguments: Sequence[Any], texts: tuple[str, str]) -> Told:
        slots, misfit = self._finals(arguments)
        return misfit or Told("raised", (), slots, texts)

    def _returned(self, side: _Side, value: Any, arguments: Sequence[Any]) -> Told:
        slots, misfit = self._finals(arguments)
        if misfit is not None:
            return misfit
        if reason := mismatch(value, self._entry.result, self._strings):
            return Told("misfit", texts=("value", bounded(reason)))
        same: Identity = identity(value, arguments, self._entry.parameters) if self._entry.result.mutable else frozenset()
        return Told("value", tuple(flatten(value, self._entry.result, self._strings)), slots, identity=same)

    def _finals(self, arguments: Sequence[Any]) -> tuple[tuple[int | float, ...], Told | None]:
        """Return the slots of every argument that can have changed, or what does not have its type any more."""
        finals = [arguments[index] for index in self._mutable]
        for value, type_ in zip(finals, self._mutable_types, strict=True):
            if reason := mismatch(value, type_, self._strings):
                return (), Told("misfit", texts=("arguments after the call", bounded(reason)))
        return tuple(_slots(finals, self._mutable_types, self._strings)), None

    def _arguments(self, side: _Side, case: int) -> Sequence[Any]:
        """Make a case's arguments, fresh and equal each time."""
        entry = self._entry
        if case < len(self._examples):
            return self._example_arguments(case)
        plain = case - len(self._examples)
        aliased = plain >= entry.count
        slots = self._layout.unpack_from(entry.cases, (plain - entry.count if aliased else plain) * self._layout.size)
        if self._plain:
            return slots
        supply = iter(slots)
        arguments = [self._object(side, build(type_, supply, self._strings, side.oracle.namespace), type_) for type_ in entry.parameters]
        if aliased and entry.twin:
            first, second = entry.twin
            arguments[second] = arguments[first]
        return arguments

    @staticmethod
    def _object(side: _Side, value: Any, type_: Type) -> Any:
        """Return a record as an object of the user's own class with this state."""
        if not isinstance(type_, RecordType):
            return value
        state = side.user_class.__new__(side.user_class)
        for name, item in value.items():
            setattr(state, name, item)
        return state

    def _example(self, number: int) -> ModuleValue | None:
        try:
            arguments = self._example_arguments(number)
        except (Exception, OutOfSteps, BeyondReach, Trapped) as error:
            require_own(error)
            return None
        return self._known_arguments(arguments)

    def _known_arguments(self, arguments: Sequence[Any]) -> ModuleValue:
        return known(arguments, self._entry.parameters, self._strings)

    def _example_arguments(self, number: int) -> list[Any]:
        example, callee = self._examples[number], self._exact.callee
        given = callee.given(example.args, dict(example.kwargs))
        evaluate = self._exact.oracle.evaluate

        def argument(index: int, name: str) -> Any:
            if name not in given:
                return copy.deepcopy(callee.defaults[index])
            return tuple(map(evaluate, given[name])) if name == callee.rest else evaluate(given[name])

        return [argument(index, name) for index, name in enumerate(callee.names)]

    def _raised_by_program(self, error: BaseException) -> bool:
        """Tell whether a `raise` of the program's own is where an exception comes from."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        return trace is not None and trace.tb_frame.f_code.co_filename == self._path and trace.tb_lineno in self._raises


class WiredEntry(OracleEntry):
    """One that takes or gives objects by reference: cases and answers are messages, and an object in them is one object throughout."""

    def __init__(
        self,
        request: LoadRequest,
        entry: EntryRequest,
        examples: Sequence[Example],
        exact: Oracle,
        drift: Oracle | None,
        raises: frozenset[int],
        state: ModuleValue | None = None,
    ) -> None:
        super().__init__(request, entry, examples, exact, drift, raises)
        self._state = StateOfCall(request.state, state)
        self._name = request.name
        self._messages = split_messages(entry.cases)
        # Of the call at hand.
        self._objects: Sequence[Numbered] = ()

    def _example_arguments(self, number: int) -> list[Any]:
        example, callee = self._examples[number], self._exact.callee
        arguments, cells = super()._example_arguments(number), self._state.fresh()
        passed = {*callee.names[: len(example.args)], *(name for name, _ in example.kwargs)}
        for index, name in enumerate(callee.names):
            if name not in passed and (kept := self._state.default(self._name, name, cells)):
                arguments[index] = kept[0]
        return [*arguments, *cells]

    def _called(self, side: _Side, arguments: Sequence[Any]) -> Any:
        call = super()._called
        return self._state.called(side.oracle.namespace, arguments, lambda own: call(side, own))

    def _make_shape(self) -> AnswerShape:
        return WireShape(self._entry.result, self._entry.parameters, self._entry.prints, self._entry.most)

    def _known_arguments(self, arguments: Sequence[Any]) -> ModuleValue:
        return known_objects(arguments, self._entry.parameters, arguments=True, most=self._entry.most)

    def _arguments(self, side: _Side, case: int) -> Sequence[Any]:
        types = self._entry.parameters
        if case < len(self._examples):
            arguments = self._example_arguments(case)
            self._objects = write_message(arguments, types, most=self._entry.most).objects
            return arguments
        reader = MessageReader(self._messages[case - len(self._examples)], classes=side.oracle.namespace)
        arguments = [reader.read(type_) for type_ in types]
        reader.end()
        self._objects = reader.objects
        return arguments

    def _returned(self, side: _Side, value: Any, arguments: Sequence[Any]) -> Told:
        writer = MessageWriter(self._entry.most, self._objects)
        try:
            writer.write(value, self._entry.result)
        except Misfit as reason:
            return Told("misfit", texts=("value", bounded(str(reason))))
        except TooLong:
            return Told("unknown")
        return self._with_arguments(side, writer, arguments, "value")

    def _after_raising(self, side: _Side, arguments: Sequence[Any], texts: tuple[str, str]) -> Told:
        return self._with_arguments(side, MessageWriter(self._entry.most, self._objects), arguments, "raised", texts)

    def _with_arguments(
        self, side: _Side, writer: MessageWriter, arguments: Sequence[Any], kind: Kind, texts: tuple[str, str] = ("", "")
    ) -> Told:
        """Return an outcome with the arguments as the call left them, and what it printed, behind what the writer has written."""
        try:
            for argument, type_ in zip(arguments, self._entry.parameters, strict=True):
                writer.write(argument, type_)
            if self._entry.prints:
                writer.write(side.oracle.printed.text, TEXT)
        except Misfit as reason:
            return Told("misfit", texts=("arguments after the call", bounded(str(reason))))
        except TooLong:
            return Told("unknown")
        return Told(kind, texts=texts, answer=writer.message())


def make_entry(
    request: LoadRequest,
    entry: EntryRequest,
    examples: Sequence[Example],
    exact: Oracle,
    drift: Oracle | None,
    raises: frozenset[int],
    state: ModuleValue | None = None,
) -> OracleEntry:
    """Return an entry, whichever way it crosses."""
    if not entry.by_wire:
        return OracleEntry(request, entry, examples, exact, drift, raises)
    return WiredEntry(request, entry, examples, exact, drift, raises, state)
