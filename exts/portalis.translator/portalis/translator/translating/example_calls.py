"""Examples whose arguments call functions of the file: what these give, by their own translations, stands there instead."""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Callable, Sequence
from typing import Any

from portalis.translator.diagnostics import TranslationError
from portalis.translator.source import SourceFile

# Longer examples tell no more.
_MOST_CHARACTERS = 20_000

# What translates a function for a call of it, given as text, and calls that.
Translate = Callable[[str, str], Callable[..., Any]]


def calls_functions(error: TranslationError) -> bool:
    """Tell whether a refusal is that of an example which calls something."""
    return any(one.code == "P0227" and one.message.startswith("the example would evaluate a call of") for one in error.diagnostics)


def evaluated(source: SourceFile, entry: str, examples: Sequence[str], translate: Translate) -> tuple[str, ...] | None:
    """Return examples with values where they call functions of the file, the entry excepted, with constants; None where none does."""
    try:
        defined = {node.name for node in ast.parse(source.text).body if isinstance(node, ast.FunctionDef)} - {entry}
        trees = [ast.parse(text.strip(), mode="eval") for text in examples]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    calls = _Calls(defined, translate)
    found = tuple(ast.unparse(calls.visit(tree)) for tree in trees)
    return found if calls.replaced and all(len(text) <= _MOST_CHARACTERS for text in found) else None


class _Calls(ast.NodeTransformer):
    """Puts values where functions are called, innermost first, and elements where constants are indexed."""

    def __init__(self, defined: set[str], translate: Translate) -> None:
        self._defined, self._translate, self.replaced = defined, translate, 0

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Replace a call."""
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id not in self._defined:
            return node
        try:
            args = [ast.literal_eval(one) for one in node.args]
            named = {one.arg: ast.literal_eval(one.value) for one in node.keywords if one.arg is not None}
            if len(named) < len(node.keywords):
                return node
            with contextlib.redirect_stdout(io.StringIO()):
                value = self._translate(node.func.id, ast.unparse(node))(*args, **named)
        except Exception:
            # It is refused, or stopped, or raises what the function raises: there is no such value.
            return node
        return self._written(node, value)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Replace an element of what was called."""
        before = self.replaced
        self.generic_visit(node)
        if self.replaced == before:
            return node
        try:
            value = ast.literal_eval(node.value)[ast.literal_eval(node.slice)]
        except (ValueError, TypeError, LookupError, SyntaxError):
            return node
        return self._written(node, value)

    def _written(self, node: ast.expr, value: Any) -> ast.expr:
        """Return a value as it is written, or the node where it is no constant."""
        text = repr(value)
        try:
            if len(text) > _MOST_CHARACTERS or ast.literal_eval(text) != value:
                return node
        except (SyntaxError, ValueError, TypeError):
            return node
        self.replaced += 1
        return ast.copy_location(ast.parse(text, mode="eval").body, node)
