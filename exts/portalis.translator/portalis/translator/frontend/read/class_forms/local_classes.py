"""Classes that a function defines for itself, moved in front of the function where nobody can tell.

CPython makes such a class anew in each call. One that has methods alone, and takes no names of the functions around it, is the same each
time, but for its `__qualname__`, which an error about its arguments would show.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterator

from portalis.translator.frontend.read.free_names import own_names
from portalis.translator.frontend.read.tree import walk

_INDENTED = re.compile(r"^[ \t]+class\s", re.MULTILINE)
_MARKS = frozenset(("classmethod", "property", "staticmethod"))


def move_local_classes(tree: ast.Module, text: str) -> None:
    """Move the classes of a module's functions and methods, and of functions inside them, to module level."""
    if _INDENTED.search(text) is None:
        return
    bound = Counter(_bound(tree))
    spread = {node.func.id for node in walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _spreads(node)}
    for statement in [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)]:
        above = {one.name for one in tree.body[: tree.body.index(statement)] if isinstance(one, ast.ClassDef)}
        outer = (
            [statement] if isinstance(statement, ast.FunctionDef) else [one for one in statement.body if isinstance(one, ast.FunctionDef)]
        )
        for owner, around in (found for one in outer for found in _functions(one, frozenset())):
            moved: set[str] = set()
            for index, node in enumerate(owner.body):
                if not isinstance(node, ast.ClassDef) or bound[node.name] > 1 or node.name in spread or hasattr(builtins, node.name):
                    continue
                apart = _free_names(node) & (around - moved - {node.name})
                if _is_plain(node, above) and not apart and _is_read_below(tree, owner, node):
                    tree.body.insert(tree.body.index(statement), node)
                    owner.body[index] = ast.copy_location(ast.Pass(), node)
                    moved.add(node.name)
                    above.add(node.name)


def _functions(function: ast.FunctionDef, around: frozenset[str]) -> Iterator[tuple[ast.FunctionDef, frozenset[str]]]:
    """Yield a function and those in its body, each with the names that it and those around it bind."""
    bound = around | own_names(function)
    yield function, bound
    for inner in function.body:
        if isinstance(inner, ast.FunctionDef):
            yield from _functions(inner, bound)


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (alias.asname or alias.name.partition(".")[0] for alias in aliases)
            case _:
                pass


def _spreads(call: ast.Call) -> bool:
    return any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords)


def _is_plain(node: ast.ClassDef, above: set[str]) -> bool:
    """Tell whether a class has methods alone, whose defaults are constants, and derives from nothing else than is known above it."""
    bases = all(isinstance(base, ast.Name) and (base.id in above or hasattr(builtins, base.id)) for base in node.bases)
    return bases and not node.keywords and not node.decorator_list and all(map(_is_plain_member, node.body))


def _is_plain_member(node: ast.stmt) -> bool:
    match node:
        case ast.FunctionDef(decorator_list=marks, args=ast.arguments(defaults=defaults, kw_defaults=by_name)):
            constants = all(one is None or isinstance(one, ast.Constant) for one in (*defaults, *by_name))
            return constants and all(isinstance(mark, ast.Name) and mark.id in _MARKS for mark in marks)
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case _:
            return False


def _free_names(node: ast.ClassDef) -> set[str]:
    """Return the names that a class mentions, whoever binds them."""
    outer = {name for inner in walk(node) if isinstance(inner, ast.Nonlocal | ast.Global) for name in inner.names}
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
    free = {inner.id for one in methods for inner in walk(one) if isinstance(inner, ast.Name) and inner.id not in own_names(one)}
    return outer | free


def _is_read_below(tree: ast.Module, function: ast.FunctionDef, node: ast.ClassDef) -> bool:
    """Tell whether a class is named below it in its function alone: elsewhere CPython finds no such name."""

    def names(within: ast.AST) -> list[ast.Name]:
        return [inner for inner in walk(within) if isinstance(inner, ast.Name) and inner.id == node.name]

    inside = names(function)
    return len(names(tree)) == len(inside) and all(name.lineno >= node.lineno for name in inside)
