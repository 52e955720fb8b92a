"""Statements that CPython runs at import, that have no translation, and that nothing which is translated can tell from none.

Such a statement is left out of what is translated and of what an oracle executes. What it binds, changes, or could change through the
functions that it mentions must be nothing that the entry can come to: then the entry does the same whether the statement ran or not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portalis.translator.frontend.read.at_import.module import ImportedModule, Problem
from portalis.translator.frontend.read.at_import.values import Known
from portalis.translator.frontend.read.free_names import free_names
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.tree import defaults_in_order, stored_names, walk
from portalis.translator.source import Span

# Refusals that say that something has no translation, not that CPython would stop at it.
_HAS_NO_TRANSLATION = frozenset(("P0201", "P0206", "P0210", "P0218", "P0224", "P0226", "P0227", "P0314"))
# What is in a definition that nobody comes to is executed nowhere.
_IN_DEFINITIONS = _HAS_NO_TRANSLATION | {"P0228"}
_ABOUT_THE_MODULE = frozenset(("__name__", "__file__", "__doc__"))
# With them a statement can come to names that it does not mention.
_REACH_ANYTHING = frozenset(("eval", "exec", "compile", "globals", "locals", "vars", "setattr", "delattr", "getattr", "exit", "quit"))
# Modules that others may have set to do something else.
_WITH_STATE = frozenset(("sys", "random", "decimal", "builtins", "importlib", "gc", "inspect", "ctypes", "locale"))
_LEAST_LIMIT = 1000


def leave_out(tree: ast.Module, scope: ModuleScope, imported: ImportedModule, entry: str, examples: Sequence[str]) -> None:
    """Forget the refusals of statements that nothing can tell from none, and leave these statements out."""
    refused = refused_places(scope, imported)
    if not refused:
        return
    reach = Reach(scope, imported)
    needed = reach.of_calls(entry, examples)
    for statement in tree.body:
        extent = extent_of(scope, statement)
        codes = {code for place, code in refused if place in extent}
        allowed = _IN_DEFINITIONS if isinstance(statement, ast.FunctionDef | ast.ClassDef) else _HAS_NO_TRANSLATION
        if codes and codes <= allowed and not reach.may_change(statement, needed):
            scope.deep = scope.deep or _sets_a_limit(statement, scope)
            imported.ignored.add(id(statement))
            forget(scope, imported, extent)


def forget(scope: ModuleScope, imported: ImportedModule, extent: Extent) -> None:
    """Forget what was refused within a statement."""
    imported.problems = [one for one in imported.problems if scope.report.span(one.node) not in extent]
    scope.report.rewind({place: one for place, one in scope.report.mark().items() if one.span not in extent})


@dataclass(frozen=True, slots=True)
class Extent:
    """From where to where a statement stands, its decorators included."""

    start: tuple[int, int]
    end: tuple[int, int]

    def __contains__(self, span: Span) -> bool:
        return self.start <= (span.line, span.column) < self.end


def extent_of(scope: ModuleScope, statement: ast.stmt) -> Extent:
    """Return from where to where a statement stands."""
    decorators = statement.decorator_list if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else []
    spans = [scope.report.span(node) for node in (statement, *decorators)]
    return Extent(min((span.line, span.column) for span in spans), (spans[0].end_line, spans[0].end_column))


def refused_places(scope: ModuleScope, imported: ImportedModule) -> list[tuple[Span, str]]:
    """Return where something is refused so far, and by which code."""
    told = [(found.span, found.code) for found in scope.report.found]
    return told + [(scope.report.span(problem.node), _code(problem, scope)) for problem in imported.problems]


def _code(problem: Problem, scope: ModuleScope) -> str:
    """Return a problem's code; of an annotation that CPython may stumble over, one that is never forgotten."""
    if problem.code == "P0228" and _reads_about_the_module(problem.node):
        return "P0227"
    if not problem.in_annotation:
        return problem.code
    foreign = any(isinstance(node, ast.Name) and scope.imports.get(node.id) == ("refused", "") for node in walk(problem.node))
    return problem.code if foreign else "annotation"


def _reads_about_the_module(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _ABOUT_THE_MODULE


class Reach:
    """What a module's names lead to: functions and classes to the names in them, constants to those in their values."""

    def __init__(self, scope: ModuleScope, imported: ImportedModule) -> None:
        self._scope = scope
        self._imported = imported

    def of_calls(self, entry: str, examples: Sequence[str]) -> set[str]:
        """Return what an entry leads to, and what examples of calls name; of a statement of state, what it mentions."""
        named = {name for text in examples for name in re.findall(r"[^\W\d]\w*", text)}
        return self.of({entry, *named}.union(*map(mentioned, self._scope.initialising)))

    def of(self, names: set[str]) -> set[str]:
        """Return names and all that they lead to."""
        found: set[str] = set()
        pending = list(names)
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self._mentioned_by(name)
        return found

    def _mentioned_by(self, name: str) -> set[str]:
        scope = self._scope
        node = scope.functions.get(name) or scope.classes.get(name) or scope.constants.get(name)
        return set() if node is None else mentioned(node)

    def may_change(self, statement: ast.stmt, needed: set[str]) -> bool:
        """Tell whether a statement may bind or change something that is needed."""
        changed = self.changed_by(statement)
        return changed is None or bool(changed & needed)

    def changed_by(self, statement: ast.stmt) -> set[str] | None:
        """Return the names that a statement binds, or may change what they stand for; None where that may be any."""
        bound = stored_names(statement) | {name for node in walk(statement) for name in _changed_by(node)}
        if "*" in bound:
            return None
        if isinstance(statement, ast.Import | ast.ImportFrom) or _sets_a_limit(statement, self._scope):
            return bound
        if isinstance(statement, ast.FunctionDef) and not any(map(_may_do_something, _evaluated_with(statement))):
            return {statement.name}
        reached = self.of(mentioned(statement))
        if reached & _REACH_ANYTHING or any(isinstance(node, ast.Raise) for node in walk(statement)):
            return None
        nodes = [node for name in reached for node in self._defined(name)]
        changed = {name for node in nodes for inner in walk(node) for name in _changed_by(inner)}
        changed |= {name for name in reached if self._has_state(name)}
        if "cls" in changed:
            changed |= reached & self._scope.classes.keys()
        return bound | changed

    def _defined(self, name: str) -> Iterator[ast.AST]:
        node = self._scope.functions.get(name) or self._scope.classes.get(name)
        if node is not None:
            yield node

    def _has_state(self, name: str) -> bool:
        """Tell whether what a name stands for can be changed without being bound anew."""
        imports = self._scope.imports.get(name)
        if imports is not None:
            return imports[0] == "refused" or imports[1].partition(".")[0] in _WITH_STATE
        if name in self._scope.classes:
            return any(_is_changeable(one.value) for one in self._scope.classes[name].body if isinstance(one, ast.Assign | ast.AnnAssign))
        if name not in self._scope.constants:
            return False
        meaning = self._imported.names.get(name)
        plain = isinstance(meaning, Known) and isinstance(meaning.value, int | float | str | bytes | None)
        return not plain and _is_changeable(self._scope.constants[name])


def _evaluated_with(definition: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield what CPython evaluates where it comes to a definition, whose body it does not run."""
    given = definition.args
    yield from definition.decorator_list
    yield from defaults_in_order(definition)
    for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
        if one is not None and one.annotation is not None:
            yield one.annotation
    if definition.returns is not None:
        yield definition.returns


def _may_do_something(node: ast.expr) -> bool:
    return any(not isinstance(inner, ast.Name | ast.Constant | ast.Attribute) for inner in walk(node))


def _is_changeable(node: ast.expr | None) -> bool:
    match node:
        case None | ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            return False
        case ast.Tuple(elts=elements):
            return any(map(_is_changeable, elements))
        case _:
            return True


def mentioned(node: ast.AST) -> set[str]:
    """Return the names of the module that a definition, a statement or an expression may come to; annotations of parameters left out."""
    if isinstance(node, ast.FunctionDef):
        outside = [*node.decorator_list, *defaults_in_order(node)]
        declared = {name for inner in walk(node) if isinstance(inner, ast.Global) for name in inner.names}
        return free_names(node).union(declared, *map(mentioned, outside))
    return {inner.id for inner in walk(node) if isinstance(inner, ast.Name)}


def _changed_by(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node itself declares global, imports from elsewhere, or stores into."""
    match node:
        case ast.Global(names=names):
            yield from names
        case ast.ImportFrom(names=aliases):
            yield from ("*" for alias in aliases if alias.name == "*")
        case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()) | ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            while isinstance(value, ast.Attribute | ast.Subscript):
                value = value.value
            if isinstance(value, ast.Name):
                yield value.id


def _sets_a_limit(statement: ast.stmt, scope: ModuleScope) -> bool:
    """Tell whether a statement raises CPython's limit of recursion: what nests deeper than the default's is stopped with a guard then."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="setrecursionlimit"), args=[limit], keywords=[])):
            return scope.imports.get(name) == ("standard", "sys") and _is_number(limit)
        case _:
            return False


def _is_number(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=int(value)):
            return value >= _LEAST_LIMIT
        case ast.BinOp(left=left, op=ast.Pow() | ast.Mult(), right=ast.Constant(value=int(right))):
            return (_is_number(left) and right > 0) or (isinstance(left, ast.Constant) and left.value == 10 and right >= 3)
        case _:
            return False
