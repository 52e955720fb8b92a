"""Loops that leave the same behind in whichever order they go over a set: they count, add ints, keep a greatest value, look for any."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from portalis.translator.frontend.infer.expressions.standard.unordered import is_quiet, is_told_by_value, may_raise, reads_plain_things
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.tree import walk
from portalis.translator.ir.types import BOOL, INT, WIDE, Type

# What is done to a variable again and again, as one kind where the operations may be mixed.
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "sum", ast.Sub: "sum", ast.Mult: "product", ast.BitOr: "or", ast.BitAnd: "and", ast.BitXor: "xor",
}  # fmt: skip
_GREATER, _LESS = (ast.Gt, ast.GtE), (ast.Lt, ast.LtE)


class Commuting:
    """What a loop does to variables, where it does nothing else: `kinds` says for each how what its rounds do to it is put together.

    In a round nothing is read that another round left, but for a variable by what changes it.
    """

    def __init__(self, infer: FunctionInference, loop: ast.For) -> None:
        self._infer, self._loop = infer, loop
        self.kinds: dict[str, str] = {}
        self._reads: set[str] = set()
        self._locals = set(_names(loop.target))
        self._gone: set[str] = set()
        self._ends: set[str] = set()
        # What a round that breaks the loop leaves behind.
        self._left: set[str] | None = None

    def commutes(self) -> bool:
        """Tell whether the loop is such."""
        function = self._infer.unit.definition
        if not isinstance(function, ast.FunctionDef) or not self._block(self._loop.body) or len(self._ends) > 1:
            return False
        if _is_guarded(function, self._loop):
            return False
        # Where a round may be the last, subscripts that may raise are refused as they are inferred.
        asked = [part for part in walk(self._loop) if not (self._ends and isinstance(part, ast.Subscript))]
        if may_raise(asked) > (0 if self._ends else 1):
            return False
        if self._left is not None and self._left != self.kinds.keys():
            return False
        declared = {name for node in walk(function) if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}
        changed = {*self.kinds, *self._locals}
        if self.kinds.keys() & (self._reads | self._locals) or changed & declared or any(map(self._infer.cell, changed)):
            return False
        return not self._locals & {*_loads(function, self._loop, frozenset())}

    @property
    def ends_early(self) -> bool:
        """Whether a round may be the last one."""
        return bool(self._ends)

    def asks_plain_things(self) -> bool:
        """Tell whether what rounds read, once it is known, is nothing that asking changes."""
        parts = [part for statement in self._loop.body for part in walk(statement)]
        return reads_plain_things(self._infer, parts, self._locals | {*self.kinds})

    def fits(self, name: str, type_: Type) -> bool:
        """Tell whether the order does not show in a variable of this type."""
        kind = self.kinds[name]
        return kind.startswith("constant") or (is_told_by_value(type_) if kind in ("max", "min") else type_ in (INT, BOOL, WIDE))

    def _block(self, statements: Sequence[ast.stmt], *, inner: bool = False, always: bool = True) -> bool:
        """Note what statements do, of an `inner` loop, and whether each round comes to them."""
        flags: set[str] = set()
        for statement in statements:
            match statement:
                case ast.Break() if not inner:
                    # All that is left behind is left by the round that ends the loop.
                    self._ends.add("break")
                    self._left = flags if self._left is None else self._left
                    return flags == self._left
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() as value):
                    flags.add(name)
                    if not self._changes(name, f"constant {ast.dump(value)}"):
                        return False
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if always and not _is_extreme_with(name, value):
                    if name in self._reads or not self._is_quiet(value) or name in self._reads:
                        return False
                    self._locals.add(name)
                case _ if not self._statement(statement, inner):
                    return False
        return True

    def _statement(self, node: ast.stmt, inner: bool) -> bool:
        match node:
            case ast.Pass() | ast.Continue() | ast.Break():
                return True
            case ast.Return(value=value):
                self._ends.add(f"return {ast.dump(value) if value is not None else None}")
                return value is None or _is_constant(value)
            case ast.If(test=test, body=[ast.Assign(targets=[ast.Name(id=name)], value=value)], orelse=[]) if kind := _kind_of_choice(
                test, name, value
            ):
                return self._changes(name, kind) and self._is_quiet(value)
            case ast.If(test=test, body=body, orelse=orelse):
                branches = (self._block(one, inner=inner, always=False) for one in (body, orelse))
                return self._is_quiet(test) and all(branches)
            case ast.For(target=target, iter=over, body=body, orelse=[]):
                return self._inner_loop(target, over, body)
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value) if type(op) in _OPERATORS:
                return self._changes(name, _OPERATORS[type(op)]) and self._is_quiet(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id=kind), args=args)) if _is_extreme_with(
                name, node.value
            ) and not self._infer.shadows(kind):
                others = [one for one in args if not (isinstance(one, ast.Name) and one.id == name)]
                return self._changes(name, kind) and all(map(self._is_quiet, others))
            case _:
                return False

    def _inner_loop(self, target: ast.expr, over: ast.expr, body: Sequence[ast.stmt]) -> bool:
        before, names = set(self._locals), set(_names(target))
        if not self._is_quiet(over) or names & (self._reads | self._locals):
            return False
        self._locals |= names
        found = self._block(body, inner=True)
        self._gone |= self._locals - before
        return found

    def _changes(self, name: str, kind: str) -> bool:
        return self.kinds.setdefault(name, kind) == kind

    def _is_quiet(self, node: ast.expr) -> bool:
        """Note what an expression reads; tell whether it does nothing else."""
        parts = list(walk(node))
        calls = [part.func for part in parts if isinstance(part, ast.Call)]
        reads = {part.id for part in parts if isinstance(part, ast.Name)}
        self._reads |= reads
        if any(isinstance(part, ast.NamedExpr | ast.Lambda | ast.Yield | ast.YieldFrom | ast.Await) for part in parts):
            return False
        methods = all(any(part is function for function in calls) for part in parts if isinstance(part, ast.Attribute))
        return methods and all(is_quiet(self._infer, function) for function in calls) and not reads & self._gone


def _kind_of_choice(test: ast.expr, name: str, value: ast.expr) -> str:
    """Return "max" for `value > name`, "min" for `value < name`, as a test of an assignment of the value; "" for anything else."""
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sides = [isinstance(one, ast.Name) and one.id == name for one in (left, right)]
            other = right if sides[0] else left
            if sum(sides) != 1 or ast.dump(other) != ast.dump(value) or not isinstance(op, (*_GREATER, *_LESS)):
                return ""
            return "max" if isinstance(op, _GREATER) == sides[1] else "min"
        case _:
            return ""


def _is_extreme_with(name: str, value: ast.expr) -> bool:
    """Tell whether an expression is `max` or `min` of a variable, once, and others."""
    match value:
        case ast.Call(func=ast.Name(id="max" | "min"), args=[_, _, *_] as args, keywords=[]):
            return sum(isinstance(one, ast.Name) and one.id == name for one in args) == 1
        case _:
            return False


def _is_constant(node: ast.expr) -> bool:
    return all(isinstance(inner, ast.Constant | ast.UnaryOp | ast.unaryop | ast.Tuple | ast.Load) for inner in ast.walk(node))


def _names(target: ast.expr) -> Iterator[str]:
    return (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _is_guarded(function: ast.FunctionDef, loop: ast.For) -> bool:
    """Tell whether what a round raises may be caught where what others did shows."""
    guarding = [node for node in walk(function) if isinstance(node, ast.Try | ast.With)]
    return any(inner is loop for node in guarding for inner in walk(node))


def _loads(node: ast.AST, loop: ast.For, bound: frozenset[str]) -> Iterator[str]:
    """Yield the names that a function reads outside of a loop, but in other loops and comprehensions that bind them."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            yield from () if name in bound else (name,)
            return
        case ast.For() if node is loop:
            parts: list[ast.AST] = [node.iter, *node.orelse]
        case ast.For(target=target, iter=over, body=body, orelse=orelse):
            yield from _all_loads([over, *orelse], loop, bound)
            parts, bound = [*body], bound | {*_names(target)}
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            parts = [*ast.iter_child_nodes(node)]
            bound |= {name for clause in node.generators for name in _names(clause.target)}
        case _:
            parts = [*ast.iter_child_nodes(node)]
    yield from _all_loads(parts, loop, bound)


def _all_loads(parts: Sequence[ast.AST], loop: ast.For, bound: frozenset[str]) -> Iterator[str]:
    for part in parts:
        yield from _loads(part, loop, bound)
