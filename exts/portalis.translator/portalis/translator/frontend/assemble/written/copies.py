"""Arguments that are copied first, for hosts that take results by value.

What a function gives may be the caller's own object on one path and another on the next: a value cannot say which it is. Where nobody can
ask, as on a stage, the function begins with copies of its arguments, in CPython as well, and gives none of the caller's objects.
"""

from __future__ import annotations

import ast

from portalis.translator.ir.host import HOST_TYPES
from portalis.translator.ir.types import GF_TYPES


def copy_arguments(tree: ast.Module, name: str) -> bool:
    """Let the function begin with a copy of each argument of a `Gf` type, `v = Gf.Vec3d(v)`; tell whether it has such."""
    function = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name), None)
    if function is None or not any(_brings_gf(node) for node in tree.body):
        return False
    given = function.args
    made = [copy for parameter in (*given.posonlyargs, *given.args, *given.kwonlyargs) if (copy := _copy(parameter)) is not None]
    # Behind the docstring, which is one only where it comes first.
    place = 1 if ast.get_docstring(function, clean=False) is not None else 0
    function.body[place:place] = made
    return bool(made)


def _brings_gf(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and any(alias.name == "Gf" and alias.asname in (None, "Gf") for alias in node.names)


def _copy(parameter: ast.arg) -> ast.stmt | None:
    match parameter.annotation:
        case ast.Attribute(value=ast.Name(id="Gf"), attr=class_):
            pass
        case None if isinstance(type_ := HOST_TYPES.get(parameter.arg), GF_TYPES):
            class_ = str(type_).removeprefix("Gf.")
        case _:
            return None
    made = ast.parse(f"{parameter.arg} = Gf.{class_}({parameter.arg})").body[0]
    for node in ast.walk(made):
        ast.copy_location(node, parameter)
    return made
