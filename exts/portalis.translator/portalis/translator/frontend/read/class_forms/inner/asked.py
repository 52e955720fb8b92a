"""Whether a program tells a class that a function makes from the one that another call of it made."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping

from portalis.translator.frontend.read.tree import child_nodes, walk

# Special methods that CPython finds by one class alone, whatever the other operand is.
_PLAIN = frozenset(
    f"__{name}__"
    for name in (
        "init", "str", "repr", "len", "bool", "iter", "next", "getitem", "setitem", "delitem", "contains", "call", "enter", "exit", "hash",
        "post_init", "reversed", "abs", "neg", "pos", "invert", "int", "float", "round", "format", "slots", "match_args",
    )
)  # fmt: skip
_BASES = frozenset(("object", "NamedTuple", "namedtuple", "ABC", "Protocol", "Generic"))


def tells_apart(tree: ast.Module, moving: Mapping[str, ast.ClassDef]) -> str:
    """Return how a program may tell such classes of two calls apart; nothing where it only makes instances and asks them.

    Which class an object has is asked by `isinstance`, `type`, handlers, patterns, data classes and enumerations, and by CPython where
    operands of different classes leave the answer to one another.
    """
    plain = {*moving, *(node.name for node in tree.body if isinstance(node, ast.ClassDef))}
    derived = any(isinstance(base, ast.Name) and base.id in moving for node in moving.values() for base in node.bases)
    for node in moving.values():
        if node.decorator_list:
            return f"`@{ast.unparse(node.decorator_list[0])}` compares classes"
        for base in node.bases:
            if not (isinstance(base, ast.Name) and (base.id in plain or base.id in _BASES or hasattr(builtins, base.id))):
                return f"`{ast.unparse(base)}` may compare classes"
        special = {one.name for one in node.body if isinstance(one, ast.FunctionDef) and one.name.startswith("__")} - _PLAIN
        if special and (derived or any(isinstance(inner, ast.Name) and inner.id == "NotImplemented" for inner in walk(node))):
            return f"`{min(special)}` depends on the classes of both operands"
    for inner, parent in _with_parents(tree):
        match inner:
            case ast.Name(id=name, ctx=ast.Load()) if name in moving and not _only_makes(inner, parent):
                return f"`{name}` is asked for"
            case ast.Name(id="type") if not _is_named(parent, tree):
                return "`type` is asked for"
            case ast.Attribute(attr="__class__"):
                return "`__class__` is asked for"
    return ""


def _with_parents(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST]]:
    for node in walk(tree):
        for child in child_nodes(node):
            yield child, node


def _only_makes(node: ast.Name, parent: ast.AST) -> bool:
    """Tell whether a class is named to be called, derived from, raised or read from, or says what something is meant to be."""
    match parent:
        case ast.Call(func=function):
            return function is node
        case ast.ClassDef() | ast.Attribute() | ast.arg():
            return True
        case ast.Raise(exc=raised):
            return raised is node
        case ast.FunctionDef(returns=returned):
            return returned is node
        case ast.AnnAssign(annotation=annotation):
            return annotation is node
        case _:
            return False


def _is_named(call: ast.AST, tree: ast.Module) -> bool:
    """Tell whether of `type(x)` nothing but the name is read."""
    return any(isinstance(node, ast.Attribute) and node.value is call and node.attr == "__name__" for node in walk(tree))
