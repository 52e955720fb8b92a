"""The modules in `library/standard/`, taken into a program that imports them.

The program's tree is changed so that CPython still executes it: a use of `statistics.mean` becomes the name `statistics_mean`, which an
import that is added binds to the real function, and which the scope of the program binds to the written one. So a written function is
specialised, refused, verified and called as one of the program's own. What is told of it stands where the program calls it.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portalis.translator.frontend.assemble.written.hinted import hint_loads
from portalis.translator.frontend.assemble.written.renaming import Renaming, Target, below_what_comes_first, bindings_of, targets_of
from portalis.translator.frontend.read.at_import.own_classes import TAKEN
from portalis.translator.frontend.read.free_names import own_names
from portalis.translator.frontend.read.module_scope import ModuleScope, collect_statement
from portalis.translator.frontend.read.python_version import running_version
from portalis.translator.frontend.read.tree import stored_names, walk
from portalis.translator.library.import_time import IMPORTABLE
from portalis.translator.source import SourceFile

STANDARD = "portalis.translator.library.standard"


@dataclass(frozen=True)
class WrittenModule:
    """A file of `library/standard/`: the text of each definition, what is imported of other files, which plain modules and intrinsics.

    `plain` has the statement that imports each name.
    """

    name: str
    definitions: Mapping[str, str]
    foreign: Mapping[str, Target]
    plain: Mapping[str, str]
    intrinsics: frozenset[str]


@functools.cache
def written_modules() -> Mapping[str, frozenset[str]]:
    """Return the names that programs may use of each module that is written here."""
    found = importlib.util.find_spec(STANDARD)
    assert found is not None and found.origin is not None
    names = sorted(path.stem for path in Path(found.origin).parent.glob("*.py") if path.stem != "__init__")
    public = {name: frozenset(own for own in _read(name).definitions if not own.startswith("_")) for name in names}
    # Every name of `math` may be imported.
    return {name: found & IMPORTABLE.get(name, found) for name, found in public.items()}


@functools.cache
def _read(name: str) -> WrittenModule:
    found = importlib.util.find_spec(f"{STANDARD}.{name}")
    assert found is not None and found.origin is not None
    text = Path(found.origin).read_text("utf-8")
    lines = text.splitlines(keepends=True)
    definitions: dict[str, str] = {}
    foreign: dict[str, Target] = {}
    plain: dict[str, str] = {}
    intrinsics: set[str] = set()
    for node in _of_this_version(ast.parse(text).body):
        match node:
            case ast.FunctionDef(name=own) | ast.ClassDef(name=own) | ast.Assign(targets=[ast.Name(id=own)]):
                first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
                definitions[own] = textwrap.dedent("".join(lines[first - 1 : node.end_lineno]))
            case ast.Import(names=[ast.alias(name=module, asname=None)]):
                plain[module] = f"import {module}"
            case ast.ImportFrom(module="portalis.translator.library.intrinsics", names=names):
                intrinsics |= {alias.name for alias in names}
            case ast.ImportFrom(module=str(module), names=names) if module.startswith(f"{STANDARD}."):
                foreign |= {alias.name: (module.removeprefix(f"{STANDARD}."), alias.name) for alias in names}
            case ast.ImportFrom(module="enum" | "typing" as module, names=names):
                plain |= {alias.name: f"from {module} import {alias.name}" for alias in names}
            case ast.Expr(value=ast.Constant()) | ast.ImportFrom(module="__future__"):
                pass
            case _:
                raise AssertionError(f"library/standard/{name}.py: line {node.lineno}")
    return WrittenModule(name, definitions, foreign, plain, frozenset(intrinsics))


def _of_this_version(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a file that are for the CPython that runs: of an `if sys.version_info >= (3, …)` one side."""
    for node in body:
        match node:
            case ast.If(
                test=ast.Compare(left=ast.Attribute(value=ast.Name(id="sys"), attr="version_info"), ops=[ast.GtE()], comparators=[least])
            ):
                yield from _of_this_version(node.body if running_version() >= ast.literal_eval(least) else node.orelse)
            case ast.Import(names=[ast.alias(name="sys")]):
                pass
            case _:
                yield node


@dataclass
class Taken:
    """What a program takes of written modules: statements and intrinsics for its scope, and the number of nodes in them."""

    statements: list[ast.stmt] = field(default_factory=list)
    intrinsics: dict[str, str] = field(default_factory=dict)
    shown_names: dict[str, str] = field(default_factory=dict)
    nodes: int = 0

    @property
    def names(self) -> frozenset[str]:
        """What the statements bind."""
        return frozenset(name for statement in self.statements for name in _bound(statement))

    def define(self, scope: ModuleScope) -> None:
        """Bind the statements' names in the program's scope to what is written."""
        for statement in self.statements:
            for name in _bound(statement):
                scope.imports.pop(name, None)
            collect_statement(scope, statement)
        scope.imports |= {name: ("intrinsic", intrinsic) for name, intrinsic in self.intrinsics.items()}
        scope.shown_names |= self.shown_names


def take_written(tree: ast.Module, source: SourceFile, *, certain: bool = False) -> Taken:
    """Change a program's tree to use what is written of the modules that it imports, and return that.

    `certain`: it imports some by an import that does not stand in the text.
    """
    modules = written_modules()
    if not (certain or any(name in source.text for name in modules)) or not any(_imports(node, modules) for node in walk(tree)):
        return Taken()
    if any(isinstance(node, ast.Global) for node in walk(tree)):
        return Taken()
    return _Taking(tree, source, modules).take()


def _imports(node: ast.AST, modules: Mapping[str, frozenset[str]]) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom) and bool(targets_of(node, modules))


def _bound(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=[ast.Name(id=name)]):
            yield name
        case ast.Import(names=names):
            yield from (alias.asname or alias.name for alias in names)


class _Taking:
    """Takes written modules into one program."""

    def __init__(self, tree: ast.Module, source: SourceFile, modules: Mapping[str, frozenset[str]]) -> None:
        self._tree, self._text, self._modules = tree, source.text, modules
        self._lines, self._placed = source.text.count("\n") + 1, 0
        self._taken = Taken()
        # In the order of their files: what a class derives from stands above it.
        self._order: dict[int, int] = {}
        self._names: dict[Target, str] = {}
        self._pending: list[Target] = []
        self._places: dict[str, ast.expr] = {}
        self._bound = _bound_anywhere(tree, modules) | {*_read_unbound(tree, frozenset(bindings_of(tree.body, {})))}

    def take(self) -> Taken:
        own = bindings_of(self._tree.body, self._modules)
        Renaming(own, self._modules, self._of_program).visit(self._tree)
        if (loads := self._names.get(("json", "loads"))) is not None:
            hint_loads(self._tree, loads)
        self._leave_imports_out()
        used = list(self._names)
        while self._pending:
            self._define(self._pending.pop())
        self._import(used)
        self._taken.statements.sort(key=lambda one: self._order[id(one)])
        self._taken.nodes = sum(1 for statement in self._taken.statements for _ in walk(statement))
        return self._taken

    def _leave_imports_out(self) -> None:
        """Leave out what functions import by the names that the program has for it outside of them."""
        for body in [node.body for node in walk(self._tree) if isinstance(node, ast.FunctionDef)]:
            for index, statement in enumerate(body):
                if isinstance(statement, ast.ImportFrom) and not (kept := self._kept(statement)):
                    body[index] = ast.copy_location(ast.Pass(), statement)
                elif isinstance(statement, ast.ImportFrom):
                    statement.names = kept

    def _kept(self, statement: ast.ImportFrom) -> list[ast.alias]:
        targets = targets_of(statement, self._modules)
        bound = {alias.asname or alias.name: alias for alias in statement.names}
        return [alias for name, alias in bound.items() if self._names.get(targets.get(name, ("", ""))) != name]

    def _of_program(self, target: Target, node: ast.expr) -> str:
        self._places.setdefault(target[0], node)
        return self._name(target)

    def _name(self, target: Target) -> str:
        """Return what a name of a module is called in the program; a class keeps its own name where nothing else has it."""
        found = self._names.get(target)
        if found is None:
            module, name = target
            text = _read(module).definitions.get(name, "")
            is_class = text.startswith(("class ", "@"))
            found = name if is_class and name not in self._bound | TAKEN else f"{module}_{name}"
            while not (is_class and found == name) and found in self._text:
                found += "_"
            self._names[target] = found
            self._pending.append(target)
        return found

    def _define(self, target: Target) -> None:
        module, name = target
        read, place = _read(module), self._place(module)
        made: ast.stmt
        if name in read.intrinsics:
            self._taken.intrinsics[self._names[target]] = name
            return
        if name in read.plain:
            made = ast.parse(f"{read.plain[name]} as {self._names[target]}").body[0]
        else:
            made = ast.parse(read.definitions[name]).body[0]
            own: dict[str, Target | None] = {one: (module, one) for one in (*read.definitions, *read.plain, *read.intrinsics)}
            Renaming({**own, **read.foreign}, {}, lambda inner, _: self._within(module, inner)).visit(made)
            match made:
                case ast.FunctionDef() | ast.ClassDef():
                    made.name = self._names[target]
                    self._taken.shown_names[made.name] = name
                case ast.Assign(targets=[ast.Name() as bound]):
                    bound.id = self._names[target]
        self._settle(made, place)
        self._order[id(made)] = -1 if name in read.plain else list(read.definitions).index(name)
        self._taken.statements.append(made)

    def _settle(self, made: ast.stmt, place: ast.expr) -> None:
        """Let every part of a statement begin where its use does, and end behind the file, each elsewhere: places tell nodes apart."""
        for node in ast.walk(made):
            if isinstance(node, ast.expr | ast.stmt | ast.arg | ast.keyword | ast.excepthandler | ast.alias):
                self._placed += 1
                node.lineno, node.col_offset = place.lineno, place.col_offset
                node.end_lineno, node.end_col_offset = self._lines + self._placed, (place.end_col_offset or 0) + self._placed

    def _within(self, module: str, target: Target) -> str:
        self._places.setdefault(target[0], self._place(module))
        return self._name(target)

    def _place(self, module: str) -> ast.expr:
        return self._places[module]

    def _import(self, used: list[Target]) -> None:
        """Import what the program uses by the names that it has there: below its docstring and what it imports of the future."""
        first = below_what_comes_first(self._tree)
        for target in reversed(used):
            module, name = target
            alias = ast.alias(name, self._names[target] if self._names[target] != name else None)
            made = ast.ImportFrom(module, [alias], 0)
            for node in (made, alias):
                ast.copy_location(node, self._place(module))
            self._tree.body.insert(first, made)


def _read_unbound(node: ast.AST, bound: frozenset[str]) -> Iterator[str]:
    """Yield the names that are read where nothing binds them, as where one function imports what another has not: CPython finds none."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name not in bound:
            yield name
        case ast.FunctionDef() | ast.Lambda():
            bound |= own_names(node)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            bound |= {name for clause in node.generators for name in stored_names(clause.target)}
        case _:
            pass
    for inner in ast.iter_child_nodes(node):
        yield from _read_unbound(inner, bound)


def _bound_anywhere(tree: ast.Module, modules: Mapping[str, frozenset[str]]) -> set[str]:
    """Return every name that anything in a program binds, but for imports of what has the same name there."""
    found: set[str] = set()
    for node in walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                found.add(name)
            case ast.Import() | ast.ImportFrom():
                targets = targets_of(node, modules)
                bound = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
                found |= {name for name in bound if targets.get(name, ("", ""))[1] != name}
    return found
