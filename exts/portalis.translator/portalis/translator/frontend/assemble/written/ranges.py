"""`range` where it is a value and not gone over at once: such a use becomes that of a name imported of `builtins`, a written module.

So a program pays for the object only where it keeps one.
"""

from __future__ import annotations

import ast
import collections
from collections.abc import Iterator

from portalis.translator.frontend.assemble.written.renaming import below_what_comes_first
from portalis.translator.frontend.read.tree import walk

_NAME = "builtins_range"
_LOOPS = (ast.For, ast.comprehension)
# What draws from a sequence by its length and indices; and methods that go over what they are given, whatever classes of the program have.
_DRAWN = ("choice", "choices", "sample")
_OF_CONTAINERS = frozenset(
    name for kind in (list, dict, set, str, bytes, collections.deque) for name in dir(kind) if not name.startswith("_")
)


def name_ranges(tree: ast.Module, text: str) -> bool:
    """Rename the uses of `range` as a value inside functions, and import it by that name; tell whether there are any."""
    if "range" not in text or _is_gone_over_at_once(tree) or _binds_range(tree):
        return False
    functions = {node.name for node in walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    definitions = [statement for statement in tree.body if isinstance(statement, ast.FunctionDef | ast.ClassDef)]
    uses = [name for definition in definitions for name in _uses(definition, functions)]
    if not uses:
        return False
    name = _NAME
    while name in text:
        name += "_"
    for use in uses:
        use.id = name
    alias = ast.alias("range", name)
    made = ast.ImportFrom("builtins", [alias], 0)
    for node in (made, alias):
        ast.copy_location(node, uses[0])
    tree.body.insert(below_what_comes_first(tree), made)
    return True


def _is_gone_over_at_once(tree: ast.Module) -> bool:
    """Tell whether the name stands nowhere but in loops over a range, as in most programs."""
    names = loops = 0
    for node in walk(tree):
        if isinstance(node, ast.Name):
            names += node.id == "range"
        elif isinstance(node, _LOOPS):
            iterable = node.iter
            loops += isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Name) and iterable.func.id == "range"
    return names == loops


def _binds_range(tree: ast.Module) -> bool:
    """Tell whether the name may mean something else anywhere."""
    for node in walk(tree):
        match node:
            case ast.Name(id="range", ctx=ast.Store() | ast.Del()) | ast.arg(arg="range") | ast.alias(asname="range"):
                return True
            case ast.alias(name="range" | "*", asname=None) | ast.Global():
                # A program that declares names global takes nothing that is written (`modules.py`).
                return True
            case ast.FunctionDef(name="range") | ast.ClassDef(name="range") | ast.ExceptHandler(name="range") | ast.MatchAs(name="range"):
                return True
    return False


def _uses(within: ast.AST, functions: set[str]) -> Iterator[ast.Name]:
    for node in walk(within):
        for value in _kept_by(node, functions):
            match value:
                case ast.Call(func=ast.Name(id="range") as name):
                    yield name
                case ast.Name(id="range"):
                    yield value


def _kept_by(node: ast.AST, functions: set[str]) -> Iterator[ast.expr | None]:
    """Yield the parts of a node whose values are kept, given on, or looked into, rather than gone over."""
    match node:
        case ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.NamedExpr(value=value) | ast.Return(value=value):
            yield value
        case ast.Subscript(value=value) | ast.Attribute(value=value) | ast.FormattedValue(value=value) | ast.Yield(value=value):
            yield value
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.BoolOp(values=values):
            yield from values
        case ast.Lambda(body=body):
            yield body
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements) | ast.Dict(values=elements):
            yield from elements
        case ast.Compare(left=left, ops=operators, comparators=compared):
            yield left
            yield from (one for op, one in zip(operators, compared, strict=True) if not isinstance(op, ast.In | ast.NotIn))
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, kind]):
            yield from kind.elts if isinstance(kind, ast.Tuple) else (kind,)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords) if name in functions:
            yield from arguments
            yield from (keyword.value for keyword in keywords)
        case ast.Call(func=ast.Attribute(attr=name), args=arguments) if name in _DRAWN or name in functions - _OF_CONTAINERS:
            yield from arguments
        case ast.Call(func=ast.Name(id="str" | "repr" | "print" | "hash" | "type" | "bool"), args=arguments):
            yield from arguments
