"""An engine that runs behaviours lane by lane in CPython: what the sandbox must agree with, bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portalis.translator.calling.values import build, flatten
from portalis.translator.frontend import lower
from portalis.translator.ir.types import Type
from portalis.translator.source import SourceFile, Span
from portalis.translator.stage.plan.executor import Columns, Fault, LaneResult, Limits, Verdict
from portalis.translator.stage.plan.interface import BehaviourInterface, EntryName, interface_of
from portalis.translator.stage.values import empty_columns
from portalis.translator.verify.oracle.namespace import Library
from tests.executed import execute


@dataclass(frozen=True)
class CPythonEngine:
    """Runs the user's own source; `library` is "exact" (our `math`, which the sandbox has too) or "drift" (the platform's)."""

    library: Library = "exact"

    def interface(self, source: SourceFile, function: str) -> BehaviourInterface:
        interface = interface_of(lower(source, function or None, by_value=True))
        assert interface is not None
        return interface

    def compile(self, source: SourceFile, function: str) -> CPythonBehaviour:
        interface = self.interface(source, function)
        return CPythonBehaviour(interface, source, execute(source, interface.name, (), self.library).namespace)


@dataclass(frozen=True)
class CPythonBehaviour:
    interface: BehaviourInterface
    source: SourceFile
    namespace: dict[str, Any]
    verdict: Verdict = field(default_factory=Verdict)

    def initial(self) -> Mapping[str, tuple[Any, ...]]:
        class_ = self.namespace[self.interface.name]
        strings = self.interface.strings
        return {name: tuple(flatten(getattr(class_, name), type_, strings)) for name, type_ in self.interface.fields}

    def build(self, entry: EntryName, uniform: frozenset[str]) -> None:
        """There is nothing to build."""

    def executor(
        self,
        entry: EntryName,
        uniform: frozenset[str],
        capacity: int,
        limits: Limits,
        feedback: frozenset[str] = frozenset(),
        kept: frozenset[str] = frozenset(),
    ) -> CPythonExecutor:
        return CPythonExecutor(self, entry, uniform, capacity, feedback)


class CPythonExecutor:
    def __init__(
        self, behaviour: CPythonBehaviour, entry: EntryName, uniform: frozenset[str], capacity: int, feedback: frozenset[str]
    ) -> None:
        self.capacity = capacity
        self._feedback = feedback
        self._ok = np.zeros(capacity, np.bool_)
        self._behaviour = behaviour
        self._entry = entry
        interface = behaviour.interface
        self._parameters = [(p.name, p.type) for p in dict(interface.entries)[entry]]
        self._results = interface.outputs
        ports = [*interface.fields, *self._parameters]
        self._inputs = {name: empty_columns(type_, 1 if name in uniform else capacity) for name, type_ in ports}
        self._outputs = {name: empty_columns(type_, capacity) for name, type_ in self._results}
        self._faults: list[Fault] = []

    def inputs(self) -> Mapping[str, Columns]:
        return self._inputs

    def outputs(self) -> Mapping[str, Columns]:
        return self._outputs

    def feed(self, name: str, columns: Columns) -> None:
        for mine, values in zip(self._inputs[name], columns, strict=True):
            mine[: len(values)] = values

    def advance(self, taken: NDArray[np.bool_] | None = None) -> None:
        count = self.capacity if taken is None else len(taken)
        ok = self._ok[:count] if taken is None else self._ok[:count] & taken
        for name in self._feedback:
            for given, result in zip(self._inputs[name], self._outputs[name], strict=True):
                np.copyto(given[:count], result[:count], where=ok)

    def run(self, active: NDArray[np.uint8]) -> LaneResult:
        self._faults = []
        errors = np.zeros(len(active), np.int32)
        self._ok[:] = False
        for lane in np.flatnonzero(active).tolist():
            try:
                results = self._call(lane)
            except Exception as error:
                self._faults.append(Fault("exception", type(error).__name__, str(error), self._span(error)))
                errors[lane] = len(self._faults)
                continue
            for (name, type_), value in zip(self._results, results, strict=True):
                for column, slot in zip(self._outputs[name], flatten(value, type_, self._behaviour.interface.strings), strict=True):
                    column[lane] = slot
            self._ok[lane] = True
        return LaneResult(errors)

    def fault(self, word: int) -> Fault:
        return self._faults[word - 1]

    def close(self) -> None:
        self._inputs = self._outputs = {}

    def _value(self, name: str, type_: Type, lane: int) -> Any:
        columns = self._inputs[name]
        return build(type_, iter([column[min(lane, len(column) - 1)].item() for column in columns]), self._behaviour.interface.strings)

    def _call(self, lane: int) -> tuple[Any, ...]:
        interface, namespace = self._behaviour.interface, self._behaviour.namespace
        arguments = [self._value(name, type_, lane) for name, type_ in self._parameters]
        if interface.kind == "function":
            result = namespace[interface.name](*arguments)
            return result if len(interface.outputs) > 1 else (result,)
        instance = namespace[interface.name]()
        for name, type_ in interface.fields:
            setattr(instance, name, self._value(name, type_, lane))
        getattr(instance, self._entry)(*arguments)
        return tuple(getattr(instance, name) for name, _ in interface.outputs)

    def _span(self, error: BaseException) -> Span:
        trace, line = error.__traceback__, 0
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self._behaviour.source.path:
                line = trace.tb_lineno
            trace = trace.tb_next
        return Span(self._behaviour.source.path, line, 1, line, 2)
