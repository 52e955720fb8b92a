"""A module's state: variables that its functions change, and objects that its own statements compute.

CPython has one of each for all calls. What is state, and which statements make it, is found from the syntax alone: whatever may bind or
change a name of the state belongs to it, and so does what such a statement binds.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator, Sequence

from portalis.translator.frontend.read.at_import.module import ImportedModule
from portalis.translator.frontend.read.at_import.needless import Reach, extent_of, forget, mentioned, refused_places
from portalis.translator.frontend.read.module_scope import ModuleScope, is_settled
from portalis.translator.frontend.read.tree import stored_names, walk

# The function that makes the state, which no text can name.
INITIALISER = "module.state"
# What is refused of a module's own statements that functions may hold.
_STATEMENTS = frozenset(("P0226", "P0227", "P0229", "P0314"))
_DEFINE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def find_state(
    tree: ast.Module, scope: ModuleScope, imported: ImportedModule, entry: str, examples: Sequence[str], changed: Collection[str] = ()
) -> bool:
    """Find the state that an entry leads to, and forget what was refused of the statements that make it; tell whether there is any.

    `changed` are constants that are known to be changed or kept.
    """
    scope.state, scope.initialising = (), ()
    scope.made_defaults = {id(default): name for statement in tree.body for name, default in _made_defaults(statement)}
    reach = Reach(scope, imported)
    needed = reach.of_calls(entry, examples)
    running = [statement for statement in tree.body if _runs(scope, statement)]
    changes = {id(statement): reach.changed_by(statement) for statement in running}
    refused = refused_places(scope, imported)
    state = set(changed) | {name for name in needed for name in _declared_global(scope, name)}
    making: dict[int, ast.stmt] = {}
    found = True
    while found:
        found = False
        for statement in running:
            altered = changes[id(statement)]
            if id(statement) in making or altered is None:
                continue
            wanted = altered & (needed | state)
            extent = extent_of(scope, statement)
            codes = {code for place, code in refused if place in extent}
            reads_state = bool(wanted and mentioned(statement) & state)
            if (wanted & state) or reads_state or (wanted and codes and codes <= _STATEMENTS):
                making[id(statement)] = statement
                state |= {name for name in wanted if _is_variable(scope, name)} | stored_names(statement)
                needed |= reach.of(mentioned(statement))
                found = True
    bound = {name for statement in making.values() if isinstance(statement, ast.Assign | ast.AnnAssign) for name in stored_names(statement)}
    # Where it is not bound, a name of Python's own means that.
    # Of a default there is nothing but the object.
    state = {name for name in state if "(" not in name or name in scope.made_defaults.values()}
    if not state or not all(_is_variable(scope, name) and (name in bound or not hasattr(builtins, name)) for name in state):
        return False
    scope.initialising = tuple(one for statement in tree.body for one in _making(scope, statement, making, state))
    scope.state = tuple(dict.fromkeys(name for statement in scope.initialising for name in _in_order(statement) if name in state))
    if not state <= {*scope.state}:
        scope.state += tuple(sorted(state - {*scope.state}))
    for statement in scope.initialising:
        forget(scope, imported, extent_of(scope, statement))
    return True


def default_name(function: str, parameter: str) -> str:
    """Return what the default of a parameter is called as state, which no text can name."""
    return f"{function}({parameter})"


def _made_defaults(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield the defaults of a function that are objects which can change, each by its name as state."""
    if isinstance(statement, ast.FunctionDef):
        given = statement.args
        positional = [*given.posonlyargs, *given.args]
        defaults: list[tuple[ast.arg, ast.expr | None]] = [
            *zip(positional[len(positional) - len(given.defaults) :], given.defaults, strict=True)
        ]
        for parameter, default in (*defaults, *zip(given.kwonlyargs, given.kw_defaults, strict=True)):
            if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call):
                yield default_name(statement.name, parameter.arg), default


def _making(scope: ModuleScope, statement: ast.stmt, making: dict[int, ast.stmt], state: set[str]) -> Iterator[ast.stmt]:
    """Yield what a statement does to make the state: itself, or the evaluation of defaults."""
    if id(statement) in making:
        yield statement
    for name, default in _made_defaults(statement):
        if name in state:
            yield ast.copy_location(ast.Assign([ast.copy_location(ast.Name(name, ast.Store()), default)], default), default)


def _runs(scope: ModuleScope, statement: ast.stmt) -> bool:
    """Tell whether a statement does more than define, import or say something."""
    if isinstance(statement, _DEFINE) or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
        return False
    return not (isinstance(statement, ast.If | ast.Try) and is_settled(scope, statement))


def _declared_global(scope: ModuleScope, name: str) -> Iterator[str]:
    """Yield the names of the module that a function or class declares as such and binds."""
    node = scope.functions.get(name) or scope.classes.get(name)
    for inner in walk(node) if node is not None else ():
        if isinstance(inner, ast.FunctionDef):
            declared = {one for item in inner.body for below in walk(item) if isinstance(below, ast.Global) for one in below.names}
            if declared:
                yield from declared & set[str]().union(*map(stored_names, inner.body))


def _is_variable(scope: ModuleScope, name: str) -> bool:
    imported = scope.imports.get(name)
    return name not in scope.functions and name not in scope.classes and (imported is None or imported == ("refused", ""))


def _in_order(statement: ast.stmt) -> list[str]:
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
