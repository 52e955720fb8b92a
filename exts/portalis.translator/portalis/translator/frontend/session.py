"""Specialisation on demand: each function once for each combination of argument types, recursion by fixpoint."""

from __future__ import annotations

import ast
import functools
import importlib.util
import threading
from dataclasses import replace
from pathlib import Path

from portalis.translator.diagnostics import TranslationError, render
from portalis.translator.frontend.calls import MissingLibraryFunction
from portalis.translator.frontend.functions import Request, lower_function, parameters_of
from portalis.translator.frontend.read.annotations import OpenList, OpenTuple, read_annotation
from portalis.translator.frontend.read.module_scope import LIBRARY, ModuleScope, collect
from portalis.translator.frontend.read.parse import parse
from portalis.translator.frontend.read.report import Found, Report
from portalis.translator.frontend.specialised import Key, Signature, Specialised, Summary
from portalis.translator.ir.types import NONE, RecordType, TupleType, Type
from portalis.translator.source import SourceFile

MAX_ROUNDS = 8
MAX_SPECIALISATIONS = 200


class LibraryRefused(Exception):
    """The front-end refuses the library's own source: a defect of ours, which must never pass for a translation."""


class Session:
    """All specialisations that one program (or the library) needs."""

    def __init__(self, target: tuple[int, int], library: Session | None) -> None:
        self._target = target
        self._library = library
        self.done: dict[Key, Specialised] = {}
        self.by_name: dict[str, Specialised] = {}
        self._refused: dict[Key, Found] = {}
        self._assumed: dict[Key, Signature] = {}
        self._used: list[set[Key]] = []
        self._names: set[str] = set()

    @property
    def target(self) -> tuple[int, int]:
        return self._target

    def library(self, module: str) -> ModuleScope:
        """Return the scope of a library module, parsed once per process."""
        return library_scope(module)

    def signature(self, scope: ModuleScope, function: str, types: tuple[Type, ...]) -> Signature:
        """Return the signature of a specialisation, lowering it where that has not been done."""
        if scope.library and self._library is not None:
            with _LOCK:
                return self._library.signature(scope, function, types)
        key = (scope.name, function, types)
        if key in self.done:
            # The first caller may have been lowered again since, and what was told then been forgotten.
            scope.report.add(self._refused[key])
            return self.done[key].signature
        if key in self._assumed:
            for used in self._used:
                used.add(key)
            return self._assumed[key]
        if len(self.done) > MAX_SPECIALISATIONS and not scope.library:
            scope.report.refuse(
                "P0316",
                scope.definition(function),
                "this function is needed for too many combinations of types",
                "call it with fewer types",
            )
            return Signature(function, None, frozenset(), Summary(), failed=True)
        return self._specialise(scope, function, key)

    def _specialise(self, scope: ModuleScope, function: str, key: Key) -> Signature:
        definition = scope.definition(function)
        name = self._name(scope, function, key)
        request = Request(scope, definition, function.rpartition(".")[2], name, key[2])
        self._assumed[key] = Signature(name, annotated_result(scope, definition), frozenset(), Summary())
        # From nothing, so that what is found is all that stands against this function, whatever was told of its callees before.
        before = scope.report.mark()
        scope.report.rewind({})
        depth = len(self._used)
        try:
            specialised = self._complete(request, key)
        finally:
            # Also when lowering is abandoned: the library's session outlives this program.
            del self._assumed[key], self._used[depth:]
            self._refused[key] = scope.report.mark()
            scope.report.rewind(before)
            scope.report.add(self._refused[key])
        if scope.library and self._refused[key]:
            raise LibraryRefused("\n".join(render(found, scope.report.source) for found in self._refused[key].values()))
        self.done[key] = specialised
        self.by_name[name] = specialised
        return specialised.signature

    def _complete(self, request: Request, key: Key) -> Specialised:
        """Lower a function, and refuse it where the type of its result cannot be found."""
        specialised = self._settle(request, key)
        if specialised.signature.result is None and not specialised.signature.failed:
            request.scope.report.refuse(
                "P0316",
                request.definition,
                f"the type of what `{request.display}` returns cannot be found: it calls itself on every path, or returns ever other types",
                "give it a path that returns a value without calling itself",
            )
            specialised = replace(specialised, signature=replace(specialised.signature, failed=True))
        return specialised

    def _settle(self, request: Request, key: Key) -> Specialised:
        """Lower a function until what it turns out to be is what its own calls assumed."""
        mark = request.scope.report.mark()
        for _ in range(MAX_ROUNDS):
            before = set(self.done)
            request.scope.report.rewind(mark)
            self._used.append(set())
            specialised = lower_function(request, self)
            if key not in self._used.pop() or specialised.signature == self._assumed[key]:
                return specialised
            # What was lowered on a wrong assumption about this function is lowered again.
            for other in set(self.done) - before:
                stale = self.done.pop(other).function.name
                self.by_name.pop(stale, None)
                self._names.discard(stale)
            self._assumed[key] = specialised.signature
        return replace(specialised, signature=replace(specialised.signature, result=None))

    def _name(self, scope: ModuleScope, function: str, key: Key) -> str:
        if scope.library:
            # The library is lowered once per process: its names must not depend on which program came first.
            generic = any(parameter.annotation is None for parameter in scope.functions[function].args.args)
            base = f"{scope.name}.{function}"
            return ".".join([base, *map(_mangle, key[2])]) if generic else base
        name, number = function, 1
        while name in self._names:
            number += 1
            name = f"{function}.{number}"
        if key not in self._assumed:
            self._names.add(name)
        return name

    def find(self, name: str) -> Specialised:
        """Return the specialisation with this name, of the program or of the library."""
        found = self.by_name.get(name)
        if found is None and self._library is not None:
            found = self._library.by_name.get(name)
        assert found is not None, name
        return found


def diagnose(scope: ModuleScope, session: Session, definition: ast.FunctionDef, record: RecordType | None = None) -> None:
    """Find what else is wrong with an entry whose parameters were refused: nothing is known of their values."""
    types: tuple[Type, ...] = (NONE,) * len(parameters_of(definition))
    if record is not None:
        types = (record, *types[1:])
    lower_function(Request(scope, definition, definition.name, definition.name, types, poisoned=True), session)


def annotated_result(scope: ModuleScope, definition: ast.FunctionDef) -> Type | None:
    """Return the result type that a recursive function is first assumed to have; what it turns out to return decides."""
    if definition.returns is None:
        return None
    mark = scope.report.mark()
    annotated = read_annotation(definition.returns, scope)
    scope.report.rewind(mark)
    return None if isinstance(annotated, OpenList | OpenTuple) else annotated


def _mangle(type_: Type) -> str:
    if isinstance(type_, TupleType):
        return "_".join(["tuple", *map(_mangle, type_.items)])
    return str(type_).removeprefix("Gf.").replace("[", "_").replace("]", "").replace(", ", "_")


_LOCK = threading.RLock()


@functools.cache
def library_session(target: tuple[int, int]) -> Session:
    """Return the session that holds the library's specialisations, which live as long as the process."""
    return Session(target, None)


@functools.cache
def library_scope(module: str) -> ModuleScope:
    """Parse a library module once; MissingLibraryFunction where there is none."""
    specification = importlib.util.find_spec(f"{LIBRARY}.{module}") if module.isidentifier() else None
    if specification is None or specification.origin is None:
        raise MissingLibraryFunction(f"library/{module}.py does not exist")
    source = SourceFile(f"library/{module}.py", Path(specification.origin).read_text("utf-8"))
    report = Report(source)
    tree = parse(source, report)
    if tree is None:
        raise TranslationError(report.found, source)
    scope = collect(tree, source, module, report, library=True)
    report.raise_if_any()
    return scope
