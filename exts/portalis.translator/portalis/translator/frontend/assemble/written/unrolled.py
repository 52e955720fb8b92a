"""Comprehensions over what has a known number of elements, written out, for programs whose lists have fixed lengths.

`[f(x) for x in (a, b)]` becomes `[f(a), f(b)]`, in CPython as well: only where nothing that is evaluated in between could tell, so that
what an element is computed of is names, constants, operators and calls of `math`, `Gf` and built-in functions.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from dataclasses import dataclass

from portalis.translator.frontend.read.tree import walk

# Elements of one comprehension, and nodes that all of them together may become.
_MOST_ELEMENTS = 64
_MOST_NODES = 4_000
_PURE = frozenset(("abs", "bool", "float", "int", "len", "max", "min", "pow", "round", "sum"))
_MODULES = frozenset(("math", "Gf"))
_ITERABLES = frozenset(("range", "zip", "enumerate"))
_CONSUMERS = frozenset(("sum", "min", "max", "list", "tuple", "any", "all"))
_VECTORS = {"Vec2": 2, "Vec3": 3, "Vec4": 4}


def unroll(tree: ast.Module) -> None:
    """Write out the comprehensions of all functions whose number of elements is known."""
    if _rebinds(tree, _PURE | _MODULES | _CONSUMERS | _ITERABLES):
        return
    constants = {
        target.id: len(value.elts)
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(value := statement.value, ast.List | ast.Tuple) and _is_plain(value)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            _unroll_body(statement, constants)
        if isinstance(statement, ast.ClassDef):
            fields = {f"self.{name}": length for name, length in _declared(statement.body).items()}
            for method in statement.body:
                if isinstance(method, ast.FunctionDef):
                    _unroll_body(method, constants | fields)


def _rebinds(tree: ast.Module, names: frozenset[str]) -> bool:
    """Tell whether one of the names may mean something else anywhere."""
    for node in walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                pass
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                pass
            case ast.alias(name=name) if name not in _MODULES:
                pass
            case _:
                continue
        if name in names or name == "*":
            return True
    return False


def _unroll_body(function: ast.FunctionDef, around: dict[str, int]) -> None:
    unrolled = _Unrolled(around | _lengths_in(function))
    function.body = [unrolled.visit(statement) for statement in function.body]


def _is_plain(value: ast.List | ast.Tuple) -> bool:
    return not any(isinstance(item, ast.Starred) for item in value.elts)


def _length(value: ast.expr | None) -> int | None:
    """Return how many elements an expression certainly has: a display, or one that is repeated."""
    match value:
        case ast.List() | ast.Tuple() if _is_plain(value):
            return len(value.elts)
        case ast.BinOp(left=ast.List() as display, op=ast.Mult(), right=ast.Constant(value=int(times))) if _is_plain(display) and times > 0:
            return len(display.elts) * times
        case ast.Call(func=ast.Attribute(value=ast.Name(id="Gf"), attr=name)) | ast.Attribute(value=ast.Name(id="Gf"), attr=name):
            return _VECTORS.get(name[:4])
        case _:
            return None


def _declared(body: Sequence[ast.stmt]) -> dict[str, int]:
    found: dict[str, int] = {}
    for statement in body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=value) | ast.Assign(targets=[ast.Name(id=name)], value=value):
                if (length := _length(value)) is not None:
                    found[name] = length
    return found


def _lengths_in(function: ast.FunctionDef) -> dict[str, int]:
    """Return the names of a function that have the same number of elements wherever they are bound; -1 hides what else they may be."""
    given = function.args
    parameters = (*given.posonlyargs, *given.args, *given.kwonlyargs)
    found = {item.arg: -1 if (length := _length(item.annotation)) is None else length for item in parameters}
    for node in walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=value):
                length = _length(value)
                found[name] = length if length is not None and found.get(name, length) == length else -1
    stored = [node.id for node in walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    assigned = [
        target.id
        for node in walk(function)
        for target in (node.targets if isinstance(node, ast.Assign) and len(node.targets) == 1 else [getattr(node, "target", None)])
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name)
    ]
    # What is bound in any other way, too, may be anything.
    return found | {name: -1 for name in stored if stored.count(name) != assigned.count(name)}


@dataclass(frozen=True)
class _Over:
    """What a target stands for, element by element."""

    values: list[ast.expr]


class _Unrolled(ast.NodeTransformer):
    def __init__(self, lengths: dict[str, int]) -> None:
        self._lengths = lengths

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        # Its names are others.
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        elements = self._elements(node)
        return node if elements is None else ast.copy_location(ast.List(elements, ast.Load()), node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.GeneratorExp() | ast.ListComp() as inner], keywords=[]) if name in _CONSUMERS:
                elements = self._elements(inner)
                if elements:
                    return ast.copy_location(self._consumed(node, name, elements, isinstance(inner, ast.GeneratorExp)), node)
        return self.generic_visit(node)

    @staticmethod
    def _consumed(node: ast.Call, name: str, elements: list[ast.expr], lazily: bool) -> ast.expr:
        display: ast.expr = ast.copy_location(ast.List(elements, ast.Load()), node)
        if name == "tuple":
            return ast.Tuple(elements, ast.Load())
        if name == "list":
            return display
        if name in ("any", "all") and lazily:
            # Who consumes stops at the first that decides.
            whole: ast.expr = ast.BoolOp(ast.Or() if name == "any" else ast.And(), elements) if len(elements) > 1 else elements[0]
            display = ast.copy_location(whole, node)
            return ast.Call(ast.copy_location(ast.Name("bool", ast.Load()), node), [display], [])
        return ast.Call(node.func, [display], [])

    def _elements(self, node: ast.ListComp | ast.GeneratorExp) -> list[ast.expr] | None:
        """Return the elements of a comprehension, one expression each; None where that would not be the same."""
        outer = self._lengths
        # What is bound here hides what has the name outside.
        self._lengths = outer | {name.id: -1 for item in node.generators for name in ast.walk(item.target) if isinstance(name, ast.Name)}
        node.elt = self.visit(node.elt)
        self._lengths = outer
        if len(node.generators) != 1 or node.generators[0].ifs or node.generators[0].is_async or not _is_pure(node.elt):
            return None
        generator = node.generators[0]
        bound = self._bound(generator.target, generator.iter)
        if bound is None:
            return None
        counts = {len(over.values) for over in bound.values()}
        count = min(counts, default=0)
        if not 0 < count <= _MOST_ELEMENTS or count * sum(1 for _ in ast.walk(node.elt)) > _MOST_NODES:
            return None
        made = []
        for index in range(count):
            element = copy.deepcopy(node.elt)
            made.append(_Substituted({name: over.values[index] for name, over in bound.items()}).visit(element))
        return made

    def _bound(self, target: ast.expr, iterated: ast.expr) -> dict[str, _Over] | None:
        match target, iterated:
            case ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second)]), ast.Call(
                func=ast.Name(id="enumerate"), args=[inner], keywords=[]
            ):
                over = self._over(inner)
                return None if over is None else {first: _Over([_number(i, inner) for i in range(len(over.values))]), second: over}
            case ast.Tuple(elts=targets), ast.Call(func=ast.Name(id="zip"), args=parts, keywords=[]) if len(parts) == len(targets):
                names = [item.id for item in targets if isinstance(item, ast.Name)]
                overs = [self._over(part) for part in parts]
                if len({*names}) != len(targets) or any(over is None for over in overs):
                    return None
                return {name: over for name, over in zip(names, overs, strict=True) if over is not None}
            case ast.Name(id=name), _:
                over = self._over(iterated)
                return None if over is None else {name: over}
            case _:
                return None

    def _over(self, iterated: ast.expr) -> _Over | None:
        match iterated:
            case ast.Call(func=ast.Name(id="range"), args=arguments, keywords=[]) if 1 <= len(arguments) <= 3:
                numbers = [number for item in arguments if (number := _whole(item)) is not None]
                if len(numbers) != len(arguments) or (len(numbers) == 3 and numbers[2] == 0) or len(range(*numbers)) > _MOST_ELEMENTS:
                    return None
                return _Over([_number(number, iterated) for number in range(*numbers)])
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                # What is computed would be computed once for each use.
                return _Over([*elements]) if all(isinstance(item, ast.Constant | ast.Name) for item in elements) else None
            case ast.Name(id=name) if self._lengths.get(name, -1) > 0:
                return _Over([_element(iterated, index) for index in range(self._lengths[name])])
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if self._lengths.get(f"self.{name}", -1) > 0:
                return _Over([_element(iterated, index) for index in range(self._lengths[f"self.{name}"])])
            case _:
                return None


class _Substituted(ast.NodeTransformer):
    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self._values.get(node.id)
        if value is None:
            return node
        made = copy.deepcopy(value)
        for part in ast.walk(made):
            ast.copy_location(part, node)
        return made


def _whole(node: ast.expr) -> int | None:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) if type(value) is int:
            return -value
        case ast.Constant(value=value) if type(value) is int:
            return value
        case _:
            return None


def _number(value: int, at: ast.expr) -> ast.expr:
    if value >= 0:
        return ast.copy_location(ast.Constant(value), at)
    return ast.copy_location(ast.UnaryOp(ast.USub(), ast.copy_location(ast.Constant(-value), at)), at)


def _element(of: ast.expr, index: int) -> ast.expr:
    return ast.copy_location(ast.Subscript(copy.deepcopy(of), ast.copy_location(ast.Constant(index), of), ast.Load()), of)


def _is_pure(element: ast.expr) -> bool:
    """Tell whether evaluating an element changes nothing, whatever its names are."""
    for node in ast.walk(element):
        match node:
            case ast.Call(func=ast.Name(id=name), keywords=[]) if name in _PURE:
                pass
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module)), keywords=[]) if module in _MODULES:
                pass
            case ast.Call(func=ast.Attribute(value=value, attr=name), keywords=[]) if name.startswith("Get") and not _is_self(value):
                pass
            case ast.Call() | ast.NamedExpr() | ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return False
            case ast.Await() | ast.Yield() | ast.YieldFrom() | ast.Starred() | ast.JoinedStr():
                return False
    return True


def _is_self(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == "self"
