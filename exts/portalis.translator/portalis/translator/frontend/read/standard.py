"""Names that a module imports of Python's own library: the constants among them, and imports that stand inside a function."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Collection, Iterator, Mapping

from portalis.translator.frontend.read.module_scope import Imported, ModuleScope, import_meanings
from portalis.translator.frontend.read.tree import child_nodes, walk
from portalis.translator.library.import_time import ABSTRACT_CLASSES, IGNORED_MODULES, IMPORTABLE
from portalis.translator.syntax import MODULES

_LOCAL = ("math", "standard", "typing")


def standard_constant(module: str, name: str) -> int | str | None:
    """Return the value of `sys.maxsize`, `string.digits` and their like; None for what is no constant or may not be imported."""
    if name not in IMPORTABLE.get(module, ()):
        return None
    value = getattr(importlib.import_module(module), name)
    # Flags of `re` are no ints but of a class of their own.
    return value if type(value) in (int, str) else None


def local_imports(scope: ModuleScope, definition: ast.FunctionDef) -> Mapping[str, Imported]:
    """Return what the imports among a function's own statements bind.

    One that nothing precedes which reads or writes its names is as good as an import above the function. Of any other nothing is known:
    its names may be unbound when they are read, or bound to something else.
    """
    if "import" not in scope.source.text:
        return {}
    inner = [node for node in _own(definition) if isinstance(node, ast.Import | ast.ImportFrom)]
    if not inner:
        return {}
    meanings: dict[str, set[Imported]] = {}
    for node in inner:
        for name, imported in import_meanings(scope, node).items():
            meanings.setdefault(name, set()).add(imported)
    stored, found = _bound_otherwise(definition), dict[str, Imported]()
    for place, statement in enumerate(definition.body):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            read = {node.id for earlier in definition.body[:place] for node in walk(earlier) if isinstance(node, ast.Name)}
            for name, imported in import_meanings(scope, statement).items():
                if imported[0] in _LOCAL and len(meanings[name]) == 1 and name not in stored and name not in read - found.keys():
                    found[name] = imported
    return found


def _bound_otherwise(definition: ast.FunctionDef) -> set[str]:
    """Return the names that a function binds by anything but an import."""
    given = definition.args
    names = {parameter.arg for parameter in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
    names |= {variadic.arg for variadic in (given.vararg, given.kwarg) if variadic is not None}
    for node in _own(definition):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
            case ast.Global(names=declared) | ast.Nonlocal(names=declared):
                names.update(declared)
    return names


def _own(definition: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield what stands in a function's body and in no function inside it."""
    pending: list[ast.AST] = list(definition.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            pending += child_nodes(node)


def executed_imports(statement: ast.Import | ast.ImportFrom, asked: Collection[str]) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield what is executed of an import: of classes and modules that annotations use, those whose names `isinstance` asks about."""
    if isinstance(statement, ast.Import):
        if names := [alias for alias in statement.names if _is_executed(alias, asked)]:
            yield ast.copy_location(ast.Import(names), statement)
    elif statement.module in IGNORED_MODULES:
        # `typing` has abstract classes of `collections.abc` by the same names.
        for module, known in ABSTRACT_CLASSES.items():
            if names := [alias for alias in statement.names if alias.name in known and (alias.asname or alias.name) in asked]:
                yield ast.copy_location(ast.ImportFrom(module, names, 0), statement)
    elif statement.module in MODULES:
        yield statement


def _is_executed(alias: ast.alias, asked: Collection[str]) -> bool:
    if alias.name in ABSTRACT_CLASSES:
        return alias.asname is None and alias.name.partition(".")[0] in asked
    return alias.name in MODULES
