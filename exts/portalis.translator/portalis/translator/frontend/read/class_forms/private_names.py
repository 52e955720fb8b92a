"""Names that begin with two underscores, as CPython reads them: in `class Account`, `self.__balance` is `self._Account__balance`.

Outside classes they are names like any other; functions of a module that have one get another, since none of ours begins so.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from portalis.translator.frontend.read.tree import child_nodes


def write_private_names(tree: ast.Module, text: str, entry: str) -> None:
    """Give private names what CPython makes of them in classes, and functions that have one another name, unless it is the entry's.

    Not in a class that declares such a field with a type: the fields of a behaviour are attributes that somebody else names, too. Names of
    arguments in calls and of what is imported stay, as do those in a class without letters, and are refused.
    """
    if "__" not in text:
        return
    taken = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and _is_private(node.name)} - {entry}
    for statement in tree.body:
        _write(statement, lambda name: f"_own{name}" if name in taken else name)


def _is_private(name: str) -> bool:
    return name.startswith("__") and not name.endswith("__")


def _write(node: ast.AST, rename: Callable[[str], str]) -> None:
    if isinstance(node, ast.ClassDef):
        for one in (*node.decorator_list, *node.bases, *node.keywords):
            _write(one, rename)
        owner = "" if any(map(_declares_private, node.body)) else node.name.lstrip("_")
        for one in node.body:
            _write(one, lambda name: f"_{owner}{name}" if owner and _is_private(name) else name)
        return
    match node:
        case ast.Name(id=name):
            node.id = rename(name)
        case ast.Attribute(attr=name):
            node.attr = rename(name)
        case ast.FunctionDef(name=name):
            node.name = rename(name)
        case ast.arg(arg=name):
            node.arg = rename(name)
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            node.names = list(map(rename, names))
        case _:
            pass
    for child in child_nodes(node):
        _write(child, rename)


def _declares_private(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and _is_private(statement.target.id)
