"""Calls in doctests: what a docstring shows of its function, with the constants that it gives names to before."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

_PROMPT, _MORE = ">>> ", "..."


def calls_in_doctests(docstring: str, name: str) -> list[ast.Call]:
    """Return the calls of a function in a docstring's examples, each with the values of the names that examples before gave to them."""
    found: list[ast.Call] = []
    values: dict[str, ast.expr] = {}
    for text in _examples(docstring):
        try:
            statements = ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for statement in statements:
            filled = _Filled(values)
            found += [filled.visit(copy.deepcopy(call)) for call in calls_within(statement, name)]
            _remember(statement, values)
    return found


def calls_within(tree: ast.AST, name: str) -> list[ast.Call]:
    """Return the calls of a function in a tree."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name]


def _examples(docstring: str) -> Iterator[str]:
    """Yield the source of each example: what follows a prompt, and the lines that go on with it."""
    lines: list[str] = []
    for line in map(str.strip, docstring.splitlines()):
        if lines and line.startswith(_MORE):
            lines.append(line.removeprefix(_MORE).removeprefix(" "))
            continue
        if lines:
            yield "\n".join(lines)
        lines = [line.removeprefix(_PROMPT)] if line.startswith(_PROMPT) else []
    if lines:
        yield "\n".join(lines)


def _remember(statement: ast.stmt, values: dict[str, ast.expr]) -> None:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            values.pop(node.id, None)
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            values[name] = _Filled(values).visit(copy.deepcopy(value))


class _Filled(ast.NodeTransformer):
    """Puts the values of names in their places."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self.values = values

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Leave the function's own name, which may be a value's, too."""
        node.args = [self.visit(argument) for argument in node.args]
        node.keywords = [self.visit(keyword) for keyword in node.keywords]
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return the value of a name that has one."""
        return copy.deepcopy(self.values[node.id]) if node.id in self.values and isinstance(node.ctx, ast.Load) else node
