"""Nodes that are made for a tree that is rebuilt: functions and classes without what has no effect, and traps."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from portalis.translator.frontend.read.tree import stored_names, walk
from portalis.translator.syntax import TRAP

Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands, as a constant, where a class stood that is one of the module now (`inner/moving.py`)."""

    name: str


def mark_of(node: ast.ClassDef) -> ast.stmt:
    """Return the statement that does nothing, and says that a class stood there."""
    mark = ast.Constant(Placed(node.name))  # type: ignore[arg-type, unused-ignore]
    return placed_at(ast.Expr(mark), node)


def bare_parameters(node: ast.arguments) -> ast.arguments:
    def bare(parameters: Sequence[ast.arg]) -> list[ast.arg]:
        return [ast.copy_location(ast.arg(parameter.arg), parameter) for parameter in parameters]

    rest, named = (None if one is None else bare([one])[0] for one in (node.vararg, node.kwarg))
    return ast.arguments(
        posonlyargs=bare(node.posonlyargs),
        args=bare(node.args),
        vararg=rest,
        kwonlyargs=bare(node.kwonlyargs),
        kw_defaults=node.kw_defaults,
        kwarg=named,
        defaults=node.defaults,
    )


def function_node(name: str, parameters: ast.arguments, body: list[ast.stmt]) -> ast.FunctionDef:
    made = ast.FunctionDef(name=name, args=parameters, body=body, decorator_list=[], returns=None)
    if "type_params" in ast.FunctionDef._fields:
        made.type_params = []  # type: ignore[attr-defined, unused-ignore]
    return made


def class_node(name: str, bases: list[ast.expr], body: list[ast.stmt]) -> ast.ClassDef:
    made = ast.ClassDef(name=name, bases=bases, keywords=[], body=body, decorator_list=[])
    if "type_params" in ast.ClassDef._fields:
        made.type_params = []  # type: ignore[attr-defined, unused-ignore]
    return made


def trap(node: ast.expr) -> ast.expr:
    """Return what stands for an expression that is never evaluated; the names that it would assign stay local to the function."""
    trap: ast.expr = ast.Call(ast.Name(TRAP, ast.Load()), [], [])
    for name in sorted(stored_names(node)):
        trap = ast.NamedExpr(ast.Name(name, ast.Store()), trap)
    return placed_at(trap, node)


def trap_statements(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return what stands for statements that are never reached; the names that they would assign stay local to the function."""
    if not statements:
        return []
    names = sorted(set().union(*map(stored_names, statements)))
    made: list[ast.stmt] = [ast.Expr(ast.Call(ast.Name(TRAP, ast.Load()), [], []))]
    if names:
        made.append(ast.Assign([ast.Name(name, ast.Store()) for name in names], ast.Constant(None)))
    return [placed_at(statement, statements[0]) for statement in made]


def placed_at(made: Node, where: ast.AST) -> Node:
    """Give a node and everything below it the position of another."""
    for inner in ast.walk(made):
        if "lineno" in inner._attributes:
            ast.copy_location(inner, where)
    return made


# What `namedtuple` is called where it is executed.
NAMED_TUPLE_MAKER = "_portalis_namedtuple"


def at_missing(made: Node, where: ast.AST) -> Node:
    """Give what has no position yet, of a node and everything below it, the position of another."""
    for inner in ast.walk(made):
        if "lineno" in inner._attributes and not hasattr(inner, "lineno"):
            ast.copy_location(inner, where)
    return made


def names_bound_anywhere(node: ast.AST) -> list[str]:
    """Return every name that is bound anywhere in a node, as often as it is."""
    found = []
    for inner in walk(node):
        match inner:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                found.append(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.append(name)
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.MatchMapping(rest=str(name))
            ):
                found.append(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found += [alias.asname or alias.name.partition(".")[0] for alias in names]
    return found
