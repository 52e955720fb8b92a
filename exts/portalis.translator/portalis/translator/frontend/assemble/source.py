"""The front-end's entry: a module's source and the name of a function or class in, a typed program out."""

from __future__ import annotations

import ast
import contextlib
import gc
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend.assemble.classes import lower_class
from portalis.translator.frontend.assemble.elements import add_elements
from portalis.translator.frontend.assemble.entry import choose_entry
from portalis.translator.frontend.assemble.overloads import Attempt, Wanted, lower_function
from portalis.translator.frontend.assemble.session import Session, library_session
from portalis.translator.frontend.assemble.travelling import accepted_text
from portalis.translator.frontend.assemble.written.caches import expand_caches
from portalis.translator.frontend.assemble.written.copies import copy_arguments
from portalis.translator.frontend.assemble.written.imports import leave_out_unused
from portalis.translator.frontend.assemble.written.memories import expand_memories
from portalis.translator.frontend.assemble.written.modules import Taken, take_written
from portalis.translator.frontend.assemble.written.ranges import name_ranges
from portalis.translator.frontend.assemble.written.seeds import expand_seeds
from portalis.translator.frontend.assemble.written.unrolled import unroll
from portalis.translator.frontend.infer.names.records import classes_of_entries
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.frontend.read.at_import.dead_code import check_dead_code
from portalis.translator.frontend.read.at_import.module import ImportedModule, Problem, import_module
from portalis.translator.frontend.read.at_import.module_state import find_state
from portalis.translator.frontend.read.at_import.names import check_names
from portalis.translator.frontend.read.at_import.needless import leave_out
from portalis.translator.frontend.read.class_forms.class_variables import write_class_variables
from portalis.translator.frontend.read.class_forms.data_classes import expand_data_classes
from portalis.translator.frontend.read.class_forms.expanding import expand_class_syntax
from portalis.translator.frontend.read.class_forms.inner.moving import InnerClasses, move_classes
from portalis.translator.frontend.read.class_forms.managers import expand_managers
from portalis.translator.frontend.read.class_forms.private_names import write_private_names
from portalis.translator.frontend.read.module_scope import ModuleScope, collect
from portalis.translator.frontend.read.parse import parse
from portalis.translator.frontend.read.patterns.written import write_patterns
from portalis.translator.frontend.read.python_version import running_version
from portalis.translator.frontend.read.report import Found, Report
from portalis.translator.frontend.read.tree import count_nodes, makes_generators
from portalis.translator.ir.types import Type
from portalis.translator.source import SourceFile, Span

# Mostly calls from Python to Python, which take no space on the C stack.
_FRAMES = 6000
_NESTING_HELP = "split long expressions into several assignments, and chains of calls into fewer functions"


def lower(
    source: SourceFile,
    function: str | None = None,
    examples: Sequence[str] = (),
    target: tuple[int, int] | None = None,
    references: bool = False,
    types: tuple[Type, ...] | None = None,
    wide: bool = False,
    elements: bool = False,
    powers: bool = False,
    by_value: bool = False,
    entries: bool = False,
) -> Lowered:
    """Lower a module to the typed IR of one entry: a function, or a behaviour class with its methods.

    `function` names the entry (by default the module's only one), `examples` are calls such as "f([1.0, 2.0], 0.5)", `target` is the
    CPython version whose behaviour is meant. Without `references` lists have fixed lengths and texts are the program's constants: what a
    stage can run. `types` are those of a function's arguments, whatever annotations and examples say: it has no other signature then.
    With `wide`, which has references, ints may have more than 64 bits: an operation that can leave them gives such. With `powers`, which
    has them too, a power of ints may be a float, and one of floats complex. `elements`: the entry gives an iterator, and `types` are those
    of the function that stands for it (`Lowered.elements`). `by_value`: whoever calls cannot tell a result that is an argument from a copy
    of it. Without `entries` a dict has under a key that is written out what examples have.
    Raises TranslationError with every refusal of the file.
    """
    wanted = Wanted(function or "", tuple(examples), types=types, wide=wide, powers=powers, entries=entries)
    references = references or wide or powers or entries
    with _GARBAGE_LEFT.on():
        try:
            return _lower_either(source, wanted, target, references, elements, by_value)
        except TranslationError as error:
            if by_value and all(refusal.code == "P0405" for refusal in error.diagnostics):
                with contextlib.suppress(TranslationError):
                    return _lower(source, wanted, target, references, Report(source), elements, by_value, copied=True)
                raise
            # What is known of entries is meant to help alone.
            if not references or entries or not any("{" in text for text in examples):
                raise
            with contextlib.suppress(TranslationError):
                return _lower_either(source, replace(wanted, entries=True), target, references, elements)
            raise


def _lower_either(
    source: SourceFile, wanted: Wanted, target: tuple[int, int] | None, references: bool, elements: bool, by_value: bool = False
) -> Lowered:
    report = Report(source)
    try:
        return _lower(source, wanted, target, references, report, elements, by_value)
    except TranslationError:
        if elements or not report.gives_iterator:
            raise
        with contextlib.suppress(TranslationError):
            return _lower(source, wanted, target, references, Report(source), True)
        raise


def _lower(
    source: SourceFile,
    wanted: Wanted,
    target: tuple[int, int] | None,
    references: bool,
    report: Report,
    elements: bool,
    by_value: bool = False,
    copied: bool = False,
) -> Lowered:
    tree = parse(source, report)
    report.raise_if_any()
    assert tree is not None
    inner = _write_out(tree, source.text, wanted.name, references)
    if by_value:
        unroll(tree)
    leave_out_unused(tree, source.text)
    caches = expand_caches(tree, source.text) if references else None
    remembered = expand_memories(tree, source.text) if references else frozenset[str]()
    taken = take_written(tree, source, certain=references and name_ranges(tree, source.text))
    scope = _collected(tree, report, taken, inner)
    name = choose_entry(scope, wanted.name or None, taken.names | inner.qualified.keys())
    if name is None:
        report.raise_if_any()
    assert name is not None
    if copied and copy_arguments(tree, name):
        scope = _collected(tree, report, taken, inner)
    scope.by_value = copied
    several = references and name in scope.functions
    if several and (elements or makes_generators(scope.functions[name])):
        wanted = replace(wanted, elements=add_elements(tree, scope, name) or "")
    version = target or running_version()
    # CPython's own counts calls of functions in C, too: nobody knows here where it would stop.
    scope.deep = scope.deep or caches is not None
    imported = import_module(tree, scope)
    check_names(tree, scope, imported)
    wanted = replace(wanted, name=name, several=several)
    start, changed = Told.of(scope, imported), {*(caches or ()), *remembered}
    while True:
        # Elements are asked for again and again, each time by a call.
        if several and not wanted.elements:
            find_state(tree, scope, imported, name, wanted.examples, changed)
        leave_out(tree, scope, imported, name, wanted.examples)
        lowered = _lower_either_way(tree, scope, wanted, imported, version, taken.nodes)
        if lowered is not None or not several or scope.changed_constants <= changed:
            break
        # What is changed or kept is one object for all calls: it has to be the state of the module.
        changed |= scope.changed_constants
        start.again(scope, imported)
    check_dead_code(tree, scope)
    for made in inner.several(name, kept=bool(scope.state)):
        message = "each call makes a class of its own, and the program tells classes apart"
        report.refuse("P0208", scope.classes[made], message, "move it to module level")
    imported.tell(report)
    report.raise_if_any()
    assert lowered is not None
    return lowered


def _write_out(tree: ast.Module, text: str, entry: str, references: bool) -> InnerClasses:
    """Write what has a shorter form in Python in the words that it stands for; return the classes that stand in functions and classes."""
    write_private_names(tree, text, entry)
    inner = move_classes(tree) if references else InnerClasses()
    expand_class_syntax(tree, text)
    expand_data_classes(tree, inner.qualified)
    if references:
        write_class_variables(tree, text, inner.of_functions)
        expand_managers(tree, text)
        write_patterns(tree, text)
        expand_seeds(tree, text)
    return inner


def _collected(tree: ast.Module, report: Report, taken: Taken, inner: InnerClasses) -> ModuleScope:
    scope = collect(tree, report.source, "", report)
    scope.inner_classes = inner
    taken.define(scope)
    return scope


@dataclass(frozen=True)
class Told:
    """What was told of a module before its state was looked for."""

    found: Found
    problems: list[Problem]
    ignored: set[int]

    @classmethod
    def of(cls, scope: ModuleScope, imported: ImportedModule) -> Told:
        """Keep what is told now."""
        return cls(scope.report.mark(), [*imported.problems], {*imported.ignored})

    def again(self, scope: ModuleScope, imported: ImportedModule) -> None:
        """Tell that and nothing else."""
        scope.report.rewind(self.found)
        imported.problems, imported.ignored = [*self.problems], {*self.ignored}


def _lower_either_way(
    tree: ast.Module,
    scope: ModuleScope,
    wanted: Wanted,
    imported: ImportedModule,
    version: tuple[int, int],
    written: int,
) -> Lowered | None:
    """Lower the entry with lists and texts as values, or else as objects by reference.

    Values come first: they have lanes, and Rust. Where both ways are refused, what is told is why references do not help, unless values
    never were the problem.
    """
    referring = wanted.wide or wanted.powers or scope.state or any(type_.refers for type_ in wanted.types or ())
    ways = [True] if referring else [False, True] if wanted.several else [False]
    before, visited, nodes = scope.report.mark(), set(scope.visited), written + count_nodes(tree)
    refused: dict[bool, Found] = {}

    entries = classes_of_entries(tree, wanted.examples)

    def attempt(way: bool, mixed: bool, without: Mapping[int, str], tolerant: bool = False) -> Attempt:
        scope.report.rewind(before)
        scope.visited.intersection_update(visited)
        scope.expansions = 0
        scope.references = way
        scope.wide, scope.powers = wanted.wide, wanted.powers
        scope.entries = {} if wanted.entries or not way else entries
        session = Session(version, library_session(version), scope.visited, nodes, mixes=way, tolerant=tolerant, module=scope)
        return _lower_one_way(tree, scope, session, replace(wanted, mixed=mixed, without=without), imported)

    partial: list[tuple[bool, bool, Mapping[int, str], bool]] = []
    mixes = False
    for way, mixed in [(way, mixed) for way in ways for mixed in (True, False)]:
        if not mixed and not mixes:
            continue
        made = attempt(way, mixed, {})
        mixes = made.mixes
        if made.lowered is None or scope.report.mark() != before:
            refused.setdefault(way, scope.report.mark())
        elif not made.failed:
            return made.lowered
        else:
            partial.append((way, mixed, made.failed, False))
    if partial and True in ways:
        # One signature shows what the function is for; what is wrong for another may be what its example is to show.
        made = attempt(True, True, {}, tolerant=True)
        if made.lowered is not None and not made.failed:
            return made.lowered
        if made.lowered is not None:
            partial.append((True, True, made.failed, True))
    if partial:
        # Once more without what is refused: nothing of it may have been looked at when the module is rebuilt.
        return attempt(*min(partial, key=lambda item: len(item[2]))).lowered
    of_values = [refusal.code for refusal in refused.get(False, {}).values()]
    about_objects = True in refused and _is_about_objects(scope.functions[wanted.name], wanted.examples)
    told = False not in refused or (True in refused and (about_objects or any(code in _ENDED_BY_REFERENCES for code in of_values)))
    scope.report.rewind(refused[told])
    return None


# What is refused of values alone: lengths that differ, texts that are no constants, what only objects can do.
_ENDED_BY_REFERENCES = frozenset(
    (
        "P0106",
        "P0108",
        "P0202",
        "P0203",
        "P0204",
        "P0205",
        "P0206",
        "P0207",
        "P0212",
        "P0213",
        "P0214",
        "P0215",
        "P0210",
        "P0217",
        "P0223",
        "P0225",
        "P0302",
        "P0304",
        "P0306",
        "P0307",
        "P0309",
        "P0314",
        "P0319",
        "P0401",
        "P0402",
        "P0403",
        "P0404",
        "P0405",
        "P0406",
    )
)


def _is_about_objects(definition: ast.FunctionDef, examples: tuple[str, ...]) -> bool:
    """Tell whether a function takes or gives lists or texts, as its annotations and examples show."""
    given = definition.args
    annotations = [parameter.annotation for parameter in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    shown = " ".join(ast.unparse(node) for node in (*annotations, definition.returns) if node is not None)
    if re.search(r"\b(str|list|List|Sequence|Iterable)\b", shown):
        return True
    return any(mark in text for text in (*examples, *_doctests(definition)) for mark in "['\"")


def _doctests(definition: ast.FunctionDef) -> list[str]:
    return [line for line in (ast.get_docstring(definition) or "").splitlines() if line.lstrip().startswith(">>>")]


def _lower_one_way(tree: ast.Module, scope: ModuleScope, session: Session, wanted: Wanted, imported: ImportedModule) -> Attempt:
    try:
        with _ROOM_FOR_CALLS.on():
            return _lower_entry(tree, scope, session, wanted, imported)
    except RecursionError:
        start = Span(scope.source.path, 1, 1, 1, 2)
        scope.report.refuse("P0005", start, "the code is nested too deeply, or its functions call one another too deeply", _NESTING_HELP)
        return Attempt(None)


class _Switched:
    """Something of the whole process that is another way while anybody lowers, in whatever thread: the first switches it, the last back.

    `switch` switches it, and returns what switches it back.
    """

    def __init__(self, switch: Callable[[], Callable[[], object]]) -> None:
        self._lock = threading.Lock()
        self._lowering = 0
        self._switch = switch

    @contextlib.contextmanager
    def on(self) -> Iterator[None]:
        """Have it switched."""
        with self._lock:
            if not self._lowering:
                self._back = self._switch()
            self._lowering += 1
        try:
            yield
        finally:
            with self._lock:
                self._lowering -= 1
                if not self._lowering:
                    self._back()


def _leave_garbage() -> Callable[[], object]:
    """Switch Python's collector of cycles off: trees grow, and it would walk them again and again to free nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    return gc.enable if was_enabled else lambda: None


def _recurse_deeper() -> Callable[[], object]:
    """Let Python recurse deeper: a callee is lowered while its caller is, ten frames or so further down."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    return lambda: sys.setrecursionlimit(limit)


_GARBAGE_LEFT, _ROOM_FOR_CALLS = _Switched(_leave_garbage), _Switched(_recurse_deeper)


def _lower_entry(tree: ast.Module, scope: ModuleScope, session: Session, wanted: Wanted, imported: ImportedModule) -> Attempt:
    if wanted.name in scope.classes:
        return Attempt(lower_class(scope, session, wanted.name, accepted_text(tree, scope, imported.ignored, ())))
    return lower_function(tree, scope, session, wanted, imported)
