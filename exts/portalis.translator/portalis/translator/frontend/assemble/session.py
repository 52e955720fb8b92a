"""Specialisation on demand: each function once for each combination of argument types, recursion by fixpoint."""

from __future__ import annotations

import ast
import functools
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from portalis.translator.diagnostics import render
from portalis.translator.frontend.calls.binder import names_of
from portalis.translator.frontend.calls.library import LibraryRefused
from portalis.translator.frontend.facts.growing import grown
from portalis.translator.frontend.facts.model import Fact
from portalis.translator.frontend.facts.sites import Sites
from portalis.translator.frontend.infer.functions import Outcome, infer_function
from portalis.translator.frontend.infer.specialised import Inferred, Key, Request, Signature, Summary
from portalis.translator.frontend.lowering.functions import lower_function
from portalis.translator.frontend.read.annotations import OpenList, OpenTuple, read_annotation
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.report import Found, Report
from portalis.translator.frontend.read.tree import makes_generators, walk
from portalis.translator.frontend.represent.deciding import refuse_references, represent
from portalis.translator.frontend.types.mangling import mangled
from portalis.translator.ir.instances import asks_a_class
from portalis.translator.ir.nodes import Function
from portalis.translator.ir.types import (
    INT,
    NEVER,
    NONE,
    TEXT,
    ListRef,
    RecordType,
    Type,
)
from portalis.translator.source import Span

MAX_ROUNDS = 8
# How often a function is inferred because its objects hold more than was known.
MAX_GROWTHS = 24
UPDATES_AT_LEAST = 64
UPDATES_A_NODE = 8
MAX_SPECIALISATIONS = 200


@dataclass(frozen=True, slots=True)
class Specialised:
    """A finished specialisation as IR, with the names of the functions that it calls."""

    function: Function
    signature: Signature
    calls: frozenset[str]
    params: tuple[tuple[str, Type], ...]


class Session:
    """All specialisations that one program needs, or (without a `library`) the library itself.

    The work of inference is counted, never timed: `visited` are the nodes that it has looked at, of the `nodes` that the module has, and it
    makes at most `UPDATES_AT_LEAST` + `UPDATES_A_NODE` updates for each of them (rounds of loops and of recursion, specialisations). Nodes
    that inference makes itself, which it makes anew in every round, count no more than those.
    """

    def __init__(
        self,
        target: tuple[int, int],
        library: Session | None,
        visited: Collection[int] = (),
        nodes: int = 0,
        mixes: bool = True,
        tolerant: bool = False,
        module: ModuleScope | None = None,
    ) -> None:
        self._target = target
        self._tolerant = tolerant
        self._library = library
        self.module = module
        self._visited = visited
        self._nodes = nodes
        self._updates = 0
        self._constants: dict[str, dict[str, Fact]] = {}
        self.sites = Sites(mixes)
        self.done: dict[Key, Inferred] = {}
        self.by_name: dict[str, Inferred] = {}
        self._lowered: dict[str, Specialised] = {}
        self._refused: dict[Key, tuple[tuple[Report, Found], ...]] = {}
        self._explored: dict[int, Found] = {}
        self._assumed: dict[Key, Signature] = {}
        self._used: list[set[Key]] = []
        self._names: set[str] = set()

    @property
    def target(self) -> tuple[int, int]:
        return self._target

    @property
    def tolerant(self) -> bool:
        return self._tolerant

    def spend(self) -> bool:
        self._updates += 1
        return self._library is None or self._updates <= UPDATES_AT_LEAST + UPDATES_A_NODE * min(len(self._visited), self._nodes)

    def constants(self, scope: ModuleScope) -> dict[str, Fact]:
        if scope.library and self._library is not None:
            return self._library.constants(scope)
        return self._constants.setdefault(scope.name, {})

    def signature(
        self, scope: ModuleScope, function: str, types: tuple[Type, ...], wanted: Type | None = None, at: Span | None = None
    ) -> Signature:
        """Return the signature of a specialisation, inferring it where that has not been done."""
        if scope.library and self._library is not None and scope.name != _CATCHES and not any(map(asks_a_class, types)):
            with _LOCK:
                return self._library.signature(scope, function, types, wanted)
        key = (scope.name, function, types, wanted)
        if key in self.done:
            # The first caller may have been inferred again since, and what was told then been forgotten.
            for report, refused in self._refused[key]:
                report.add(refused)
            return self.done[key].signature
        if key in self._assumed:
            for used in self._used:
                used.add(key)
            return self._assumed[key]
        if scope.library and self._library is None and key in self._refused:
            raise LibraryRefused("it was before")
        if (len(self.done) > MAX_SPECIALISATIONS and not scope.library) or not self.spend():
            scope.report.refuse(
                "P0316",
                scope.definition(function),
                "this function is needed for too many combinations of types",
                "call it with fewer types",
            )
            return Signature(function, None, frozenset(), Summary(), failed=True)
        return self._specialise(scope, function, key, at if scope.library and self._library is not None else None)

    def grown(self, scope: ModuleScope, function: str, types: tuple[Type, ...]) -> tuple[Type, ...]:
        """Return the types for which a function is inferred that may call itself."""
        return grown(
            self.sites, types, [key[2] for key in self._assumed if key[:2] == (scope.name, function) and len(key[2]) == len(types)]
        )

    def owns(self, name: str) -> bool:
        return self._library is None or name not in self._library.by_name

    def of_library(self, name: str) -> bool:
        """Tell whether a specialisation is of a function of the library."""
        found = self.by_name.get(name)
        return found.request.scope.library if found is not None else not self.owns(name)

    def begin_round(self, settled: bool) -> None:
        """Forget the specialisations, but not what instances and containers turned out to hold; of a `settled` round that is all."""
        for known in (self.done, self.by_name, self._lowered, self._refused, self._explored, self._names):
            known.clear()
        self.sites.begin_round(settled)

    def explore(self, scope: ModuleScope, function: str, receiver: RecordType | None) -> None:
        """Look for refusals in a function that is called with arguments of which nothing is known."""
        definition = scope.definition(function)
        if id(definition) not in self._explored:
            if id(definition) in scope.visited:
                return  # What is wrong with it for known types is told.
            self._explored[id(definition)] = {}
            before = scope.report.mark()
            scope.report.rewind({})
            diagnose(scope, self, definition, receiver)
            self._explored[id(definition)] = scope.report.mark()
            scope.report.rewind(before)
        # The caller may be inferred again, and what is told in the round before it be forgotten.
        scope.report.add(self._explored[id(definition)])

    def _specialise(self, scope: ModuleScope, function: str, key: Key, at: Span | None) -> Signature:
        definition = scope.definition(function)
        name = self._name(scope, function, key)
        request = Request(scope, definition, function.rpartition(".")[2], name, key[2], wanted=key[3], at=at)
        assumed = key[3] if key[3] is not None else annotated_result(scope, definition)
        self._assumed[key] = Signature(name, assumed, frozenset(), Summary(), parameters=key[2])
        # From nothing, so that what is found is all that stands against this function, whatever was told of its callees before.
        # What asks the program's classes is of the library, and what it asks is refused in the program's report.
        reports = [scope.report, *([self.module.report] if self.module and self.module.report is not scope.report else [])]
        before = [report.mark() for report in reports]
        for report in reports:
            report.rewind({})
        depth = len(self._used)
        try:
            inferred = self._complete(request, key)
        finally:
            # Also when inference is abandoned: the library's session outlives this program.
            del self._assumed[key], self._used[depth:]
            refused = tuple([(report, report.mark()) for report in reports])
            for (report, told), mark in zip(refused, before, strict=True):
                report.rewind(mark)
                report.add(told)
        # Not where inference was abandoned: what is deep in one program is no refusal of a function of the library for all others.
        self._refused[key] = refused
        own = refused[0][1]
        if scope.library and own:
            raise LibraryRefused("\n".join(render(found, scope.report.source) for found in own.values()))
        self.done[key] = inferred
        self.by_name[name] = inferred
        return inferred.signature

    def _complete(self, request: Request, key: Key) -> Inferred:
        """Infer a function, and refuse it where the type of its result cannot be found."""
        mark, before = request.scope.report.mark(), set(self.done)
        inferred = self._settle(request, key)
        unknown = inferred.signature.result is None and not inferred.signature.failed
        for guess in likely_results(request.definition) if unknown and request.scope.references else ():
            # What it turns out to return decides, as where an annotation tells what to begin with; what fails does so for the guess.
            self._forget(before)
            request.scope.report.rewind(mark)
            self._assumed[key] = Signature(request.name, guess, frozenset(), Summary(), parameters=key[2])
            guessed = self._settle(request, key)
            if not guessed.signature.failed:
                inferred = guessed
                break
            self._forget(before)
            request.scope.report.rewind(mark)
        if inferred.signature.result is None and not inferred.signature.failed:
            request.scope.report.refuse(
                "P0316",
                request.definition,
                f"the type of what `{request.display}` returns cannot be found: it calls itself on every path, or returns ever other types",
                "give it a path that returns a value without calling itself",
            )
            inferred = replace(inferred, signature=replace(inferred.signature, failed=True))
        return inferred

    def _settle(self, request: Request, key: Key) -> Inferred:
        """Infer a function until what it turns out to be is what its own calls assumed."""
        report = request.scope.report
        mark = told = report.mark()
        for _ in range(MAX_ROUNDS):
            before = set(self.done)
            report.rewind(mark)
            self._used.append(set())
            inferred = infer_values(request, self)
            if key not in self._used.pop() or inferred.signature == self._assumed[key]:
                if inferred.signature.failed and report.mark() == mark:
                    # Its own calls of what failed tell nothing more.
                    report.add(told)
                return inferred
            told = report.mark()
            # What was inferred on a wrong assumption about this function is inferred again.
            self._forget(before)
            self._assumed[key] = inferred.signature
            if not self.spend():
                break
        return replace(inferred, signature=replace(inferred.signature, result=None))

    def _forget(self, known: set[Key]) -> None:
        """Forget the specialisations but for those that were known before."""
        for other in set(self.done) - known:
            stale = self.done.pop(other).request.name
            self.by_name.pop(stale, None)
            self._names.discard(stale)

    def _name(self, scope: ModuleScope, function: str, key: Key) -> str:
        if scope.library:
            # The library is inferred once per process: its names must not depend on which program came first.
            generic = any(parameter.annotation is None for parameter in scope.functions[function].args.args)
            # A list into which nothing was put by then is none of ints, whatever is annotated, and neither is what is taken from it.
            generic = generic or any(NEVER in (type_, getattr(type_, "item", None)) for type_ in key[2])
            base = f"{scope.name}.{function}"
            base = ".".join([base, *map(mangled, key[2])]) if generic else base
            return base if key[3] is None else f"{base}.to.{mangled(key[3])}"
        name, number = function, 1
        while name in self._names:
            number += 1
            name = f"{function}.{number}"
        if key not in self._assumed:
            self._names.add(name)
        return name

    def find(self, name: str) -> Specialised:
        """Return the specialisation with this name as IR, of the program or of the library."""
        found = self._lowered.get(name)
        if found is not None:
            return found
        inferred = self.by_name.get(name)
        if inferred is None:
            assert self._library is not None, name
            with _LOCK:
                return self._library.find(name)
        assert not inferred.signature.failed, name
        found = Specialised(lower_function(inferred), inferred.signature, inferred.calls, tuple(inferred.params.items()))
        self._lowered[name] = found
        return found


def infer_values(request: Request, session: Session) -> Inferred:
    """Infer a function and decide how its objects are represented; where one would be a reference, the signature says `failed`."""
    outcome = _grown(request, session)
    if not outcome.observations:
        return outcome.inferred
    refuse_references(request.scope.report, outcome, represent(outcome))
    return replace(outcome.inferred, signature=replace(outcome.inferred.signature, failed=True))


def _grown(request: Request, session: Session) -> Outcome:
    """Infer a function until nothing more is put into the objects that it makes than their types say from the start."""
    mark = request.scope.report.mark()
    for left in reversed(range(MAX_GROWTHS)):
        session.sites.forget(request.owner)
        outcome = infer_function(request, session)
        if request.owner not in session.sites.dirty:
            break
        # The library's functions have no updates to spend: they settle, but for types that are deeper each time.
        if not (left and session.spend()):
            return outcome if outcome.inferred.signature.failed else replace(outcome, inferred=_unsettled(request, outcome.inferred))
        request.scope.report.rewind(mark)
    return outcome


def _unsettled(request: Request, inferred: Inferred) -> Inferred:
    """Refuse a function whose objects hold ever other types."""
    request.scope.report.refuse(
        "P0316",
        request.definition,
        f"the types of what the containers in `{request.display}` hold do not settle",
        "annotate the containers, or put values of one type into each",
    )
    return replace(inferred, signature=replace(inferred.signature, failed=True))


def diagnose(scope: ModuleScope, session: Session, definition: ast.FunctionDef, record: RecordType | None = None) -> None:
    """Find what else is wrong with an entry whose parameters were refused: nothing is known of their values."""
    types: tuple[Type, ...] = (NONE,) * len(names_of(definition))
    if record is not None:
        types = (record, *types[1:])
    infer_values(Request(scope, definition, definition.name, definition.name, types, unknown=True), session)


def annotated_result(scope: ModuleScope, definition: ast.FunctionDef) -> Type | None:
    """Return the result type that a recursive function is first assumed to have; what it turns out to return decides."""
    if definition.returns is None:
        return None
    mark = scope.report.mark()
    annotated = read_annotation(definition.returns, scope)
    scope.report.rewind(mark)
    return None if isinstance(annotated, OpenList | OpenTuple) else annotated


def likely_results(definition: ast.FunctionDef) -> Iterator[Type]:
    """Yield what a function that calls itself on every path may return first: `1 + sum(f(one) for one in node)` an int.

    Only where it goes over something, of which there may be nothing; its last return statement tells what that gives.
    """
    returned = [node.value for node in walk(definition) if isinstance(node, ast.Return) and node.value is not None]
    ends = any(isinstance(node, _GOING_OVER) or (isinstance(node, ast.Name) and node.id == "map") for node in walk(definition))
    if not returned or not ends or makes_generators(definition):
        return
    match returned[-1]:
        case ast.BinOp(left=ast.List()) | ast.BinOp(right=ast.List()) | ast.List() | ast.ListComp():
            yield ListRef(NEVER)
        case ast.Call(func=ast.Name(id="sorted" | "list")):
            yield ListRef(NEVER)
        case last if any(isinstance(node, ast.Constant) and isinstance(node.value, str) for node in ast.walk(last)):
            yield TEXT
        case _:
            yield INT


_GOING_OVER = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# What the library has of `try` belongs to the program, whose exceptions it meets.
_CATCHES = "asked_order"
_LOCK = threading.RLock()


@functools.cache
def library_session(target: tuple[int, int]) -> Session:
    """Return the session that holds the library's specialisations, which live as long as the process."""
    return Session(target, None)
