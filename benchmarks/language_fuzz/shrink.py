"""Make a module that shows something smaller: statements fall away, expressions become their own parts, as long as it still shows it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from language_fuzz.writer import Module


def smaller(module: Module, shows: Callable[[Module], bool], attempts: int = 400) -> Module:
    """Return the smallest module found within so many attempts."""
    for call in module.calls:
        if attempts and shows(one := Module(module.text, (call,))):
            module = one
            break
        attempts -= 1
    progress = True
    while progress:
        progress = False
        for text in _variants(module.text):
            attempts -= 1
            if attempts <= 0:
                return module
            candidate = Module(text, module.calls)
            if len(text) < len(module.text) and shows(candidate):
                module, progress = candidate, True
                break
    return module


def _variants(text: str) -> Iterator[str]:
    tree = ast.parse(text)
    for body, index in [(part, place) for node in ast.walk(tree) for part in _bodies(node) for place in range(len(part))]:
        removed = body.pop(index)
        inner = [] if isinstance(removed, ast.FunctionDef) else [item for part in _bodies(removed) for item in part]
        for replacement in ([ast.Pass()] if not body else [], inner):
            body[index:index] = replacement
            if body:
                yield ast.unparse(tree) + "\n"
            del body[index : index + len(replacement)]
        body.insert(index, removed)
    for node in list(ast.walk(tree)):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                for part in [item for item in ast.iter_child_nodes(value) if isinstance(item, ast.expr)]:
                    setattr(node, name, part)
                    yield ast.unparse(tree) + "\n"
                setattr(node, name, value)
            elif isinstance(value, list) and value and isinstance(value[0], ast.expr):
                for index in range(len(value)):
                    item = value.pop(index)
                    if value:
                        yield ast.unparse(tree) + "\n"
                    value.insert(index, item)


def _bodies(node: ast.AST) -> list[list[ast.stmt]]:
    found = [getattr(node, name, None) for name in ("body", "orelse", "finalbody")]
    found += [part.body for name in ("handlers", "cases") for part in getattr(node, name, [])]
    return [body for body in found if isinstance(body, list) and body]
