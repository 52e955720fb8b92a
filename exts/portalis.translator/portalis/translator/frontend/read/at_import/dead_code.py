"""What CPython reads when it compiles a function, whether it is ever reached or not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.tree import child_nodes, walk


def check_dead_code(tree: ast.Module, scope: ModuleScope) -> None:
    """Refuse what changes the meaning of a whole function from where it is never reached: `global`, `nonlocal`, `yield` and `await`."""
    if not any(word in scope.source.text for word in ("global", "nonlocal", "yield", "await")):
        return
    for definition in walk(tree):
        if not (isinstance(definition, ast.FunctionDef) and id(definition) in scope.visited):
            continue
        nodes = [*_own_nodes(definition)]
        generates = any(isinstance(node, ast.Yield | ast.YieldFrom) and id(node) in scope.visited for node in nodes)
        for node in nodes:
            match node:
                case ast.Global() | ast.Nonlocal() if id(node) not in scope.visited:
                    scope.report.refuse("P0209", node, "`global` and `nonlocal` are not translated", "return the new value instead")
                case ast.Yield() | ast.YieldFrom() if generates:
                    pass  # It is a generator in what is rebuilt, too.
                case ast.Yield() | ast.YieldFrom() | ast.Await():
                    scope.report.refuse(
                        "P0206",
                        node,
                        "a function that holds `yield` or `await` anywhere is no plain function",
                        "remove it: Python makes a generator of the whole function, even where this is never reached",
                    )


def _own_nodes(definition: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield what lies in a function's body and in no function or class inside it."""
    pending: list[ast.AST] = [*definition.body]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending += child_nodes(node)
