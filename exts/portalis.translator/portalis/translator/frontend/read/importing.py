"""What CPython does when it imports a module: it looks up names in order, and one that is not there yet ends the import.

The front-end reads a module's constants and functions wherever they stand; this is the check that CPython would get as far.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from portalis.translator.frontend.read.module_scope import ModuleScope, runs_on_import
from portalis.translator.frontend.read.tree import child_nodes
from portalis.translator.frontend.refusals import BUILTINS

# What a module may use of the built-ins while it is imported: they read and write nothing, and give the same answer everywhere.
HARMLESS_BUILTINS = frozenset(
    (
        "abs", "all", "any", "bin", "bool", "bytes", "chr", "classmethod", "complex", "dict", "divmod", "enumerate", "filter", "float",
        "frozenset", "hex", "int", "isinstance", "len", "list", "map", "max", "min", "object", "oct", "ord", "pow", "property", "range",
        "repr", "reversed", "round", "set", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "type", "zip",
        "True", "False", "None", "Ellipsis", "NotImplemented",
    )
)  # fmt: skip
_MODULE_NAMES = frozenset(("__name__", "__file__", "__doc__"))


def check_import(tree: ast.Module, scope: ModuleScope) -> None:
    """Refuse what is read, while the module is imported, before it is there, and what then would do more than compute."""
    lazy = any(isinstance(item, ast.ImportFrom) and item.module == "__future__" and "annotations" in _names(item) for item in tree.body)
    _Importer(scope, lazy).run(tree.body, ())


def _names(statement: ast.Import | ast.ImportFrom) -> set[str]:
    return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}


class _Importer:
    """Goes through a module's statements in order, knowing the names that are bound so far."""

    def __init__(self, scope: ModuleScope, lazy_annotations: bool) -> None:
        self._scope = scope
        self._lazy = lazy_annotations
        self._bound: set[str] = set(_MODULE_NAMES)

    def run(self, statements: Sequence[ast.stmt], owner: tuple[set[str], ...]) -> None:
        """Run a body; `owner` holds the names of the class that it belongs to, if any."""
        names = owner[0] if owner else self._bound
        for statement in statements:
            for expression in self._evaluated(statement):
                self._read(expression, owner[0] if owner else set())
            match statement:
                case ast.ClassDef():
                    self.run(statement.body, (set(),))
                case ast.If() if not owner:
                    self.run(runs_on_import(self._scope, statement), ())
                case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.FunctionDef() | ast.Assign() | ast.AnnAssign():
                    pass
                case _ if owner:
                    self._refuse(statement, "P0226", "this statement would run when the module is imported", "move it into a method")
            names |= _binds(statement)

    def _evaluated(self, statement: ast.stmt) -> Iterator[ast.expr]:
        """Yield the expressions that a statement evaluates when it is reached."""
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                arguments = statement.args
                yield from statement.decorator_list
                yield from arguments.defaults
                yield from (default for default in arguments.kw_defaults if default is not None)
                parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
                annotations = [parameter.annotation for parameter in parameters if parameter is not None]
                yield from (item for item in (*annotations, statement.returns) if item is not None and not self._lazy)
            case ast.ClassDef():
                yield from statement.decorator_list
                yield from statement.bases
                yield from (keyword.value for keyword in statement.keywords)
            case ast.Assign() | ast.AugAssign():
                yield statement.value
            case ast.AnnAssign():
                if statement.value is not None:
                    yield statement.value
                if not self._lazy:
                    yield statement.annotation

    def _read(self, expression: ast.expr, known: set[str]) -> None:
        """Look up every name that an expression reads; what a lambda reads is read when it is called."""
        pending: list[ast.AST] = [expression]
        known = known | {node.id for node in ast.walk(expression) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        while pending:
            node = pending.pop()
            if isinstance(node, ast.Lambda):
                pending += node.args.defaults
                continue
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in known:
                self._look_up(node)
            pending += child_nodes(node)

    def _look_up(self, node: ast.Name) -> None:
        name, scope = node.id, self._scope
        if name in self._bound:
            if name in scope.reassigned:
                self._refuse(
                    node,
                    "P0314",
                    f"`{name}` is read while the module is imported, and defined more than once",
                    "give each definition its own name",
                )
        elif name in BUILTINS and name not in HARMLESS_BUILTINS:
            self._refuse(node, BUILTINS[name][0], f"`{name}` would be used when the module is imported", BUILTINS[name][2])
        elif name in HARMLESS_BUILTINS or _is_exception(name):
            pass
        elif name in scope.names:
            self._refuse(node, "P0303", f"`{name}` is used before the module defines it", f"define `{name}` above this line")
        elif hasattr(builtins, name):
            self._refuse(node, "P0224", f"the built-in `{name}` would be used when the module is imported", "write the value itself")
        else:
            self._refuse(node, "P0301", f"the name `{name}` is not defined", "define it above this line: CPython raises NameError here")

    def _refuse(self, node: ast.expr | ast.stmt, code: str, message: str, help: str) -> None:
        """Refuse, unless this line is refused already: lowering knows more of what was meant."""
        report = self._scope.report
        if all(item.span.line != node.lineno for item in report.found):
            report.refuse(code, node, message, help)


def _is_exception(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


def _binds(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import() | ast.ImportFrom():
            return _names(statement)
        case ast.AnnAssign(value=None) | ast.If():
            return set()
        case _:
            return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
