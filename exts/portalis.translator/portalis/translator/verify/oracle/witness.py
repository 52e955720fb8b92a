"""An oracle at work: it loads one module after another and tells how calls of it end, as bytes in and bytes out.

What goes wrong with CPython itself is no outcome of the user's: an OSError, ImportError or SystemError, which no translated program can
raise, ends the work (`OracleFailure`), and memory that ran out leaves the call unknown.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portalis.translator.calling.outcome import Outcome
from portalis.translator.calling.values import build, flatten, mismatch
from portalis.translator.ir.types import RecordType, Type
from portalis.translator.syntax import AcceptedCall, NotAccepted, read
from portalis.translator.verify.oracle.answers import CallAnswer, Shape, Told, bounded
from portalis.translator.verify.oracle.messages import (
    EntryRequest,
    ImportFailure,
    Known,
    LoadAnswer,
    Loaded,
    LoadedEntry,
    LoadRequest,
    pack_slots,
    slot_format,
    slots_of,
)
from portalis.translator.verify.oracle.namespace import BeyondReach, Library
from portalis.translator.verify.oracle.observing import by_name
from portalis.translator.verify.oracle.program import ModuleFailure, Oracle, OutOfSteps, Trapped
from portalis.translator.work.codec import decode, encode
from portalis.translator.work.link import OracleFailure, Run

# What a program cannot raise, so that it can only be this process that failed.
_OWN_FAILURES = (OSError, ImportError, SystemError, Trapped)


class Witness:
    """One process's oracle; what it loaded last is what it is asked about."""

    def __init__(self) -> None:
        self._program: _Program | None = None

    def load(self, request: bytes) -> bytes:
        """Load a `LoadRequest`; return a `LoadAnswer`."""
        self._program = None
        wanted = decode(LoadRequest, request)
        try:
            self._program = _Program.load(wanted)
        except NotAccepted as error:
            raise OracleFailure(f"what it was to load cannot be read: {error}") from None
        except ModuleFailure as failure:
            _require_own(failure.error)
            return encode(LoadAnswer, LoadAnswer(ImportFailure(failure.line, bounded(str(failure)))))
        return encode(LoadAnswer, LoadAnswer(self._program.describe()))

    def run(self, entry: int, case: int, steps: int) -> bytes:
        """Call an entry with one of its cases; return a `CallAnswer` in that entry's shape."""
        if self._program is None:
            raise OracleFailure("nothing is loaded")
        return self._program.entries[entry].run(case, steps)


def _require_own(error: BaseException) -> None:
    """Raise OracleFailure where an exception is this process's and not the program's."""
    if isinstance(error, _OWN_FAILURES):
        raise OracleFailure(f"{type(error).__name__}: {bounded(str(error))}") from error


@dataclass(frozen=True)
class _Program:
    """A loaded module: with our library, and where it was asked for with the platform's."""

    request: LoadRequest
    exact: Oracle
    entries: tuple[_Entry, ...]

    @classmethod
    def load(cls, request: LoadRequest) -> _Program:
        accepted = read(request.accepted)

        def oracle(library: Library, tree: ast.Module) -> Oracle:
            places = request.decisions if library == "exact" else ()
            return Oracle.execute(tree, request.path, request.name, (), library, request.recursive, places)

        raises = _raise_lines(accepted.module)
        # Read again, since executing a tree changes it.
        drift = oracle("drift", read(request.accepted).module) if request.drift else None
        exact = oracle("exact", accepted.module)
        entries = (_Entry(request, entry, accepted.examples, exact, drift, raises) for entry in request.entries)
        return cls(request, exact, tuple(entries))

    def describe(self) -> Loaded:
        """Tell what is known before anything is called."""
        namespace = vars(self.exact.namespace[self.request.name]) if self.request.fields else {}
        initial = (self._known(namespace.get(name), type_) for name, type_ in self.request.fields)
        return Loaded(tuple(initial), tuple(entry.describe() for entry in self.entries), tuple(sorted(self.exact.decisions)))

    def _known(self, value: Any, type_: Type) -> Known:
        return _known((value,), (type_,), self.request.strings)


def _known(values: Sequence[Any], types_: Sequence[Type], strings: tuple[str, ...]) -> Known:
    reasons = (mismatch(value, type_, strings) for value, type_ in zip(values, types_, strict=True))
    why_not = next((reason for reason in reasons if reason), "")
    return Known(b"" if why_not else pack_slots(slots_of(types_), _slots(values, types_, strings)), bounded(why_not))


def _slots(values: Sequence[Any], types_: Sequence[Type], strings: tuple[str, ...]) -> list[int | float]:
    return [slot for value, type_ in zip(values, types_, strict=True) for slot in flatten(value, type_, strings)]


class _Entry:
    """One function or method and its cases."""

    def __init__(
        self,
        request: LoadRequest,
        entry: EntryRequest,
        examples: Sequence[AcceptedCall],
        exact: Oracle,
        drift: Oracle | None,
        raises: frozenset[int],
    ) -> None:
        self._request = request
        self._entry = entry
        self._exact, self._drift = exact, drift
        self._examples = examples if entry.has_examples else ()
        self._raises = raises
        self._mutable = tuple(index for index, type_ in enumerate(entry.parameters) if type_.mutable)
        mutable = tuple(entry.parameters[index] for index in self._mutable)
        self._mutable_types = mutable
        self._shape = Shape(entry.result, mutable, len(request.strings), len(entry.parameters))
        self._layout = slot_format(slots_of(entry.parameters))

    def describe(self) -> LoadedEntry:
        """Tell the arguments of examples, and the defaults of parameters."""
        examples = tuple(self._example(number) for number in range(len(self._examples)))
        defaults = self._defaults()
        known = (
            None if position not in defaults else _known((defaults[position],), (type_,), self._request.strings)
            for position, type_ in enumerate(self._entry.parameters)
        )
        return LoadedEntry(examples, tuple(known))

    def run(self, case: int, steps: int) -> bytes:
        """Call with a case's arguments, once for each library."""
        taken = self._exact.taken
        taken.clear()
        told = self._tell(self._exact, case, steps)
        ways = tuple(sorted(taken))
        drift = self._tell(self._drift, case, steps) if self._drift and told.kind in ("value", "raised") else None
        return self._shape.write(CallAnswer(told, ways, drift if drift and drift.kind in ("value", "raised") else None))

    def _tell(self, oracle: Oracle, case: int, steps: int) -> Told:
        arguments = self._arguments(oracle, case)
        try:
            outcome = oracle.observe(self._function(oracle), arguments, self._entry.parameters, steps)
        except OutOfSteps:
            return Told("steps")
        except BeyondReach:
            return Told("unknown")
        except Trapped as trapped:
            raise OracleFailure(str(trapped)) from None
        if outcome.error is not None:
            _require_own(outcome.error)
            if isinstance(outcome.error, MemoryError) and not self._raised_by_program(outcome.error):
                return Told("unknown")
        return self._as_slots(outcome)

    def _as_slots(self, outcome: Outcome) -> Told:
        strings = self._request.strings
        finals = [outcome.arguments[index] for index in self._mutable]
        for value, type_ in zip(finals, self._mutable_types, strict=True):
            if reason := mismatch(value, type_, strings):
                return Told("misfit", texts=("arguments after the call", bounded(reason)))
        slots = tuple(_slots(finals, self._mutable_types, strings))
        if outcome.exception:
            name, message = outcome.exception
            return Told("raised", (), slots, (bounded(name), bounded(message)))
        if reason := mismatch(outcome.value, self._entry.result, strings):
            return Told("misfit", texts=("value", bounded(reason)))
        return Told("value", tuple(flatten(outcome.value, self._entry.result, strings)), slots, identity=outcome.identity)

    def _function(self, oracle: Oracle) -> Callable[..., Any]:
        found = oracle.namespace[self._request.name]
        function: Callable[..., Any] = getattr(found, self._entry.method) if self._entry.method else found
        return function

    def _arguments(self, oracle: Oracle, case: int) -> list[Any]:
        """Make a case's arguments, fresh and equal each time."""
        entry = self._entry
        if case < len(self._examples):
            return self._example_arguments(case)
        plain = case - len(self._examples)
        aliased = plain >= entry.count
        number = plain - entry.count if aliased else plain
        supply = iter(self._layout.unpack_from(entry.cases, number * self._layout.size))
        arguments = [self._object(oracle, build(type_, supply, self._request.strings), type_) for type_ in entry.parameters]
        if aliased and entry.twin:
            first, second = entry.twin
            arguments[second] = arguments[first]
        return arguments

    def _object(self, oracle: Oracle, value: Any, type_: Type) -> Any:
        """Return a record as an object of the user's own class with this state."""
        if not isinstance(type_, RecordType):
            return value
        user_class = oracle.namespace[self._request.name]
        state = user_class.__new__(user_class)
        for name, item in value.items():
            setattr(state, name, item)
        return state

    def _example(self, number: int) -> Known | None:
        try:
            arguments = self._example_arguments(number)
        except (Exception, OutOfSteps, BeyondReach, Trapped) as error:
            _require_own(error)
            return None
        return _known(arguments, self._entry.parameters, self._request.strings)

    def _example_arguments(self, number: int) -> list[Any]:
        example, function = self._examples[number], self._function(self._exact)
        code = inspect.unwrap(function).__code__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        given = dict(zip(names, example.args, strict=False)) | dict(example.kwargs)
        defaults = self._defaults()
        return [self._exact.evaluate(given[name]) if name in given else defaults[index] for index, name in enumerate(names)]

    def _defaults(self) -> dict[int, Any]:
        """Return the defaults of the entry by the position of their parameters."""
        function: Any = inspect.unwrap(self._function(self._exact))
        count = function.__code__.co_argcount
        values = function.__defaults__ or ()
        found = dict(zip(range(count - len(values), count), values, strict=True))
        named = function.__kwdefaults__ or {}
        return found | {count + index: named[name] for index, name in enumerate(by_name(function)) if name in named}

    def _raised_by_program(self, error: BaseException) -> bool:
        """Tell whether a `raise` of the program's own is where an exception comes from."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        return trace is not None and trace.tb_frame.f_code.co_filename == self._request.path and trace.tb_lineno in self._raises


def _raise_lines(tree: ast.Module) -> frozenset[int]:
    return frozenset(
        line for node in ast.walk(tree) if isinstance(node, ast.Raise) for line in range(node.lineno, (node.end_lineno or 0) + 1)
    )


class LocalOracle:
    """An oracle in the judge's own process, for hosts that have no Python to start another with. Nothing bounds it but its steps."""

    def __init__(self) -> None:
        self._witness = Witness()
        self._answer = b""

    def load(self, request: bytes, answer_limit: int) -> None:
        """Load at once."""
        self._answer = self._witness.load(request)

    def loaded(self) -> bytes:
        """Return what loading gave."""
        return self._answer

    def run(self, runs: Sequence[Run]) -> list[bytes | None]:
        """Make calls; none is dropped."""
        return [self._witness.run(run.entry, run.case, run.steps) for run in runs]
