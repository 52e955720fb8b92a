"""Names that begin with two underscores lead into Python's own machinery, so none is read, written, defined or imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from portalis.translator.frontend.read.at_import.module import ImportedModule, Problem, is_metadata
from portalis.translator.frontend.read.module_scope import ModuleScope, is_settled, runs_on_import
from portalis.translator.frontend.read.tree import child_nodes
from portalis.translator.syntax import ASKED_BY, CLASS_NAME, COMPARISONS, SPECIAL_METHODS

# Attributes that may be read of any value: the name of a class, what built-ins ask, and what compares.
_READ = (CLASS_NAME, *ASKED_BY, *COMPARISONS)
_HELP = 'use a name of your own; only `if __name__ == "__main__":` and methods of classes may have such names'


def check_names(tree: ast.Module, scope: ModuleScope, imported: ImportedModule) -> None:
    """Refuse such names wherever they stand, but for guards, for what describes the module, and for the names of methods."""
    if "__" not in scope.source.text and scope.source.text.isascii():
        return  # Other alphabets have letters that Python reads as an underscore.
    for node, name in _module_names(tree.body, scope):
        if name.startswith("__") and name.strip("_"):
            message = f"`{name}` begins with two underscores"
            imported.problems.append(Problem(node, "P0228", message, _HELP))


def _module_names(statements: list[ast.stmt], scope: ModuleScope) -> Iterator[tuple[ast.AST, str]]:
    """Yield every name that stands in the module, with the node that it can be shown at."""
    for statement in statements:
        if isinstance(statement, ast.If | ast.Try) and is_settled(scope, statement):
            yield from _module_names(runs_on_import(scope, statement), scope)
        elif not is_metadata(statement) and not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            yield from _names_below(statement)


def _names_below(statement: ast.stmt) -> Iterator[tuple[ast.AST, str]]:
    methods: set[int] = set()
    pending: list[tuple[ast.AST, ast.AST]] = [(statement, statement)]
    while pending:
        node, outer = pending.pop()
        where = node if hasattr(node, "lineno") else outer
        if isinstance(node, ast.ClassDef):
            methods |= {id(item) for item in node.body if isinstance(item, ast.FunctionDef) and item.name.endswith("__")}
            methods |= {id(name) for item in node.body for name in _special_names(item)}
        if isinstance(node, ast.Attribute) and (_is_of_base(node) or (node.attr in _READ and isinstance(node.ctx, ast.Load))):
            methods.add(id(node))
        if id(node) not in methods:
            for name in _names_of(node):
                yield where, name
        pending += [(child, where) for child in child_nodes(node)]


def _special_names(statement: ast.stmt) -> list[ast.Name]:
    """Return the names in `__rmul__ = __mul__`, and in what says which fields there may be: `__slots__ = …`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id="__slots__" | "__match_args__") as target]):
            return [target]
        case ast.Assign(targets=[ast.Name() as target], value=ast.Name() as value):
            return [name for name in (target, value) if name.id in SPECIAL_METHODS]
        case _:
            return []


def _is_of_base(node: ast.Attribute) -> bool:
    """Tell whether an attribute is the special method of a base class: `super().__len__`, `Base.__init__`; or what `@dataclass` calls,
    written out."""
    if node.attr in ("__post_init__", "__init__") and isinstance(node.value, ast.Name):
        return (node.attr == "__post_init__") == (node.value.id == "self")
    match node.value:
        case ast.Call(func=ast.Name(id="super"), args=[], keywords=[]):
            return node.attr in SPECIAL_METHODS
        case _:
            return False


def _names_of(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node itself holds."""
    if isinstance(node, ast.Constant):
        return
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, str):
            yield from value.split(".")
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, str))
