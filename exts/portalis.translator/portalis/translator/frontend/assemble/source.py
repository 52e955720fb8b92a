"""The front-end's entry: a module's source and the name of a function or class in, a typed program out."""

from __future__ import annotations

import ast
import contextlib
import gc
import sys
import threading
from collections.abc import Iterator, Sequence

from portalis.translator.frontend.assemble.classes import lower_class
from portalis.translator.frontend.assemble.entry import check_result, choose_entry, entry_parameters
from portalis.translator.frontend.assemble.examples import read_examples
from portalis.translator.frontend.assemble.program import assemble
from portalis.translator.frontend.assemble.session import Session, diagnose, library_session
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.frontend.read.accepted import accepted_text, check_dead_code
from portalis.translator.frontend.read.at_import.module import ImportedModule, import_module
from portalis.translator.frontend.read.at_import.names import check_names
from portalis.translator.frontend.read.module_scope import ModuleScope, collect
from portalis.translator.frontend.read.parse import parse
from portalis.translator.frontend.read.python_version import running_version
from portalis.translator.frontend.read.report import Report
from portalis.translator.ir.nodes import Return, walk_function
from portalis.translator.source import SourceFile, Span

# Mostly calls from Python to Python, which take no space on the C stack.
_FRAMES = 6000
_NESTING_HELP = "split long expressions into several assignments, and chains of calls into fewer functions"


def lower(source: SourceFile, function: str | None = None, examples: Sequence[str] = (), target: tuple[int, int] | None = None) -> Lowered:
    """Lower a module to the typed IR of one entry: a function, or a behaviour class with its methods.

    `function` names the entry (by default the module's only one), `examples` are calls such as "f([1.0, 2.0], 0.5)", `target` is the
    CPython version whose behaviour is meant. Raises TranslationError with every refusal of the file.
    """
    with _GARBAGE.left_alone():
        return _lower(source, function, examples, target)


def _lower(source: SourceFile, function: str | None, examples: Sequence[str], target: tuple[int, int] | None) -> Lowered:
    report = Report(source)
    tree = parse(source, report)
    report.raise_if_any()
    assert tree is not None
    scope = collect(tree, source, "", report)
    name = choose_entry(scope, function)
    if name is None:
        report.raise_if_any()
    assert name is not None
    version = target or running_version()
    session = Session(version, library_session(version), scope.visited)
    lowered = None
    imported = import_module(tree, scope)
    check_names(tree, scope, imported)
    try:
        with _room_for_call_chains():
            lowered = _lower_entry(tree, scope, session, name, tuple(examples), imported)
    except RecursionError:
        start = Span(source.path, 1, 1, 1, 2)
        report.refuse("P0005", start, "the code is nested too deeply, or its functions call one another too deeply", _NESTING_HELP)
    check_dead_code(tree, scope)
    imported.tell(report)
    report.raise_if_any()
    assert lowered is not None
    return lowered


class _Garbage:
    """Python's collector of cycles, left alone while anybody lowers: trees grow, and it would walk them again and again to free nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lowering = 0
        self._was_enabled = False

    @contextlib.contextmanager
    def left_alone(self) -> Iterator[None]:
        """Switch the collector off, and on again where the last of those who lower at once is done and it was on before."""
        with self._lock:
            if not self._lowering:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._lowering += 1
        try:
            yield
        finally:
            with self._lock:
                self._lowering -= 1
                if not self._lowering and self._was_enabled:
                    gc.enable()


_GARBAGE = _Garbage()


@contextlib.contextmanager
def _room_for_call_chains() -> Iterator[None]:
    """Let Python recurse deeper for a while: a callee is lowered while its caller is, ten frames or so further down."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _lower_entry(
    tree: ast.Module, scope: ModuleScope, session: Session, name: str, examples: tuple[str, ...], imported: ImportedModule
) -> Lowered | None:
    if name in scope.classes:
        return lower_class(scope, session, name, accepted_text(tree, scope, imported.ignored, ()))
    definition = scope.functions[name]
    read = read_examples(scope, session, definition, examples, imported.evaluation())
    parameters = entry_parameters(scope, session, definition, read)
    if parameters is None:
        diagnose(scope, session, definition)
        return None
    signature = session.signature(scope, name, tuple(item.type for item in parameters))
    if signature.failed or scope.report.found:
        return None
    assert signature.result is not None
    if any(isinstance(node, Return) for node in walk_function(session.find(signature.name).function)):
        check_result(scope, definition, signature.result)
    given = tuple(item.example for item in read)
    program = assemble(scope, session, signature.name, parameters, given)
    accepted = accepted_text(tree, scope, imported.ignored, [(item.args, item.kwargs) for item in given])
    return Lowered(scope.source, program, "function", name, parameters, signature.result, given, accepted)
