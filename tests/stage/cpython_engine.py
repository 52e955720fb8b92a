"""An engine that runs behaviours lane by lane in CPython: what the frame loop must agree with, whoever else runs the lanes."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Gf

from portalis.translator.ir.types import BOOL, FLOAT, INT, STR, MatrixType, QuatType, Type, VecType
from portalis.translator.source import SourceFile, Span
from portalis.translator.stage.executor import Columns, Fault, LaneResult
from portalis.translator.stage.interface import BehaviourInterface, Entry, Parameter
from portalis.translator.stage.values import empty_columns
from portalis.translator.verify.values import build, flatten

_TYPES: dict[Any, Type] = {float: FLOAT, int: INT, bool: BOOL, str: STR}
_TYPES |= {getattr(Gf, f"Vec{n}{s}"): VecType(n, s) for n in (2, 3, 4) for s in "df"}
_TYPES |= {getattr(Gf, f"Quat{s}"): QuatType(s) for s in "df"} | {Gf.Matrix3d: MatrixType(3), Gf.Matrix4d: MatrixType(4)}


class CPythonEngine:
    """Takes the types from annotations alone; a result is named by the `return` at the end, and typed like the parameter of its name."""

    def interface(self, source: SourceFile, function: str) -> BehaviourInterface:
        namespace = _run(source)
        tree = ast.parse(source.text)
        names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        name = function or names[0]
        node = next(node for node in tree.body if getattr(node, "name", "") == name)
        strings = tuple(sorted({c.value for c in ast.walk(tree) if isinstance(c, ast.Constant) and isinstance(c.value, str)}))
        if isinstance(node, ast.ClassDef):
            fields = tuple((field, _TYPES[type_]) for field, type_ in namespace[name].__annotations__.items())
            methods = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name.startswith("on_")]
            entries = tuple((item.name, _parameters(getattr(namespace[name], item.name))) for item in methods)
            return BehaviourInterface(name, "class", entries, fields, fields, strings)
        assert isinstance(node, ast.FunctionDef)
        parameters = _parameters(namespace[name])
        returned = node.body[-1]
        assert isinstance(returned, ast.Return)
        values = returned.value.elts if isinstance(returned.value, ast.Tuple) else [returned.value]
        types = {p.name: p.type for p in parameters} | _annotated_locals(node, namespace)
        outputs = tuple((value.id, types[value.id]) for value in values if isinstance(value, ast.Name))
        return BehaviourInterface(name, "function", (("update", parameters),), (), outputs, strings)

    def compile(self, source: SourceFile, function: str) -> CPythonBehaviour:
        return CPythonBehaviour(self.interface(source, function), source, _run(source))


@dataclass
class CPythonBehaviour:
    interface: BehaviourInterface
    source: SourceFile
    namespace: dict[str, Any]

    def initial(self) -> Mapping[str, tuple[Any, ...]]:
        class_ = self.namespace[self.interface.name]
        strings = self.interface.strings
        return {name: tuple(flatten(getattr(class_, name), type_, strings)) for name, type_ in self.interface.fields}

    def executor(self, entry: Entry, uniform: frozenset[str], capacity: int) -> CPythonExecutor:
        return CPythonExecutor(self, entry, uniform, capacity)


class CPythonExecutor:
    def __init__(self, behaviour: CPythonBehaviour, entry: Entry, uniform: frozenset[str], capacity: int) -> None:
        self.capacity = capacity
        self._behaviour = behaviour
        self._entry = entry
        interface = behaviour.interface
        parameters = [(p.name, p.type) for p in dict(interface.entries)[entry]]
        self._parameters = parameters
        ports = [*interface.fields, *parameters]
        self._inputs = {name: empty_columns(type_, 1 if name in uniform else capacity) for name, type_ in ports}
        self._outputs = {name: empty_columns(type_, capacity) for name, type_ in interface.outputs}
        self._faults: list[Fault] = []

    def inputs(self) -> Mapping[str, Columns]:
        return self._inputs

    def outputs(self) -> Mapping[str, Columns]:
        return self._outputs

    def run(self, active: NDArray[np.uint8]) -> LaneResult:
        self._faults = []
        errors = np.zeros(len(active), np.int32)
        for lane in np.flatnonzero(active).tolist():
            try:
                results = self._call(lane)
            except TimeoutError as error:
                return LaneResult(errors, Fault("limit", "fuel", str(error), self._span(error)), lane)
            except Exception as error:
                self._faults.append(Fault("exception", type(error).__name__, str(error), self._span(error)))
                errors[lane] = len(self._faults)
                continue
            for (name, type_), value in zip(self._behaviour.interface.outputs, results, strict=True):
                for column, slot in zip(self._outputs[name], flatten(value, type_, self._behaviour.interface.strings), strict=True):
                    column[lane] = slot
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
        return tuple(getattr(instance, name) for name, _ in interface.fields)

    def _span(self, error: BaseException) -> Span:
        trace, line = error.__traceback__, 0
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self._behaviour.source.path:
                line = trace.tb_lineno
            trace = trace.tb_next
        return Span(self._behaviour.source.path, line, 1, line, 2)


def _run(source: SourceFile) -> dict[str, Any]:
    namespace: dict[str, Any] = {"math": math, "Gf": Gf}
    exec(compile(source.text, source.path, "exec", dont_inherit=True), namespace)
    return namespace


def _parameters(function: Any) -> tuple[Parameter, ...]:
    names = [name for name in function.__code__.co_varnames[: function.__code__.co_argcount] if name != "self"]
    defaults = dict(zip(reversed(names), reversed(function.__defaults__ or ()), strict=False))
    return tuple(Parameter(name, _TYPES[function.__annotations__[name]], name in defaults, defaults.get(name)) for name in names)


def _annotated_locals(node: ast.FunctionDef, namespace: dict[str, Any]) -> dict[str, Type]:
    found = [item for item in ast.walk(node) if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
    return {item.target.id: _TYPES[eval(ast.unparse(item.annotation), namespace)] for item in found if isinstance(item.target, ast.Name)}
