"""Expressions that evaluate only some of their operands: `and`, `or`, conditional expressions, chains of comparisons."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from portalis.translator.frontend.facts.making import after, decided, is_simple, once
from portalis.translator.frontend.facts.model import After, Assigned, Fact, Joined, Known, Load, Step, Unknown, blocked
from portalis.translator.frontend.infer.expressions.functions.raised import compared_class
from portalis.translator.frontend.infer.expressions.objects.views import container_of, is_in_range
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.narrowing import class_asked, class_named, is_sentinel, refine
from portalis.translator.frontend.infer.state import Branch, State
from portalis.translator.frontend.read.class_forms.enumerations import OBJECT
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.unions.members import narrowed
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, NONE, LibraryRef, UnionType, members_of, union_of

COMPARISONS: Mapping[type[ast.cmpop], Comparison] = {
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
}  # fmt: skip


def infer_condition(infer: FunctionInference, node: ast.expr) -> Fact:
    """Infer an expression of which only the truth matters: `and`, `or` and `not` may then mix types."""
    match node:
        case ast.BoolOp():
            return _join_conditions(infer, node, node.values)
        case ast.UnaryOp(op=ast.Not()):
            return table.negate(infer, node, infer.condition(node.operand))
        case _:
            value = infer.expression(node)
            if id(node) in infer.uses.asked_again and isinstance(value, Known) and _says_its_truth(infer, value):
                return _refuse_asking(infer, node)
            return table.truth(infer, node, value)


def infer_not(infer: FunctionInference, node: ast.UnaryOp) -> Fact:
    """Infer `not` as a value: it asks for the truth of what `and` and `or` below it give, of which they asked themselves."""
    if isinstance(node.operand, ast.BoolOp):
        infer.uses.asked_again.update(map(id, _asked(node.operand)))
    return table.negate(infer, node, infer.condition(node.operand))


def _asked(node: ast.BoolOp) -> Iterator[ast.expr]:
    """Yield the operands for whose truth `and` and `or` ask to give a value."""
    for value in node.values:
        if isinstance(value, ast.BoolOp):
            yield from _asked(value)
        elif value is not node.values[-1]:
            yield value


def _says_its_truth(infer: FunctionInference, value: Known) -> bool:
    return any(infer.has_special(member, name) for member in members_of(value.type) for name in ("__bool__", "__len__"))


def _refuse_asking(infer: FunctionInference, node: ast.expr) -> Unknown:
    return infer.refuse(
        "P0231", node, "how often CPython asks this for its truth depends on its version", "name what the inner `and` or `or` gives first"
    )


def _join_conditions(infer: FunctionInference, node: ast.BoolOp, nodes: list[ast.expr]) -> Fact:
    left = infer.condition(nodes[0])
    if len(nodes) == 1:
        return left
    conjunction = isinstance(node.op, ast.And)
    if isinstance(left, Known) and left.is_constant:
        return left if bool(left.constant) != conjunction else _join_conditions(infer, node, nodes[1:])
    before = infer.live.copy()
    refine(infer, nodes[0], conjunction)
    right = _join_conditions(infer, node, nodes[1:])
    _meet(infer, before)
    return _joined(infer, node, conjunction, left, right)


def _meet(infer: FunctionInference, before: State) -> None:
    """Join the state after an operand with the one in which it was not evaluated; no storage differs between the two."""
    infer.state = infer.join([Branch(before, []), Branch(infer.state, [])])


def _joined(infer: FunctionInference, node: ast.AST, conjunction: bool, left: Fact, right: Fact) -> Fact:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return blocked(left, right)
    return Known(infer.span(node), BOOL, Joined("and" if conjunction else "or", left, right))


def infer_bool_op(infer: FunctionInference, node: ast.BoolOp) -> Fact:
    """Infer `and` and `or` as values: they return one of their operands."""
    return _join_operands(infer, node, node.values)


def _join_operands(infer: FunctionInference, node: ast.BoolOp, nodes: list[ast.expr]) -> Fact:
    left = infer.expression(nodes[0])
    if len(nodes) == 1:
        return left
    conjunction = isinstance(node.op, ast.And)
    steps: list[Step] = []
    held = left
    if isinstance(left, Known):
        if is_simple(left):
            test = table.truth(infer, nodes[0], left)
            if isinstance(test, Known) and test.is_constant:
                return left if bool(test.constant) != conjunction else _join_operands(infer, node, nodes[1:])
        if left.type != BOOL:
            held = once(infer, left, "operand", steps)
    before = infer.live.copy()
    refine(infer, nodes[0], conjunction)
    right = _join_operands(infer, node, nodes[1:])
    _meet(infer, before)
    if isinstance(left, Known) and isinstance(right, Unknown) and right.pending:
        # A recursive call: what it gives is known once this is.
        return left
    if isinstance(left, Unknown) or isinstance(right, Unknown) or isinstance(held, Unknown):
        return _joined(infer, node, conjunction, left, right)
    if left.type == BOOL and right.type == BOOL:
        return _joined(infer, node, conjunction, left, right)
    if isinstance(nodes[0], ast.BoolOp) and _says_its_truth(infer, left):
        return _refuse_asking(infer, nodes[0])
    if left.type == BOOL:
        held = once(infer, left, "operand", steps)
    test = table.truth(infer, nodes[0], held)
    if not conjunction and isinstance(held.type, UnionType) and NONE in held.type.members:
        # What is true is not None.
        held = narrowed(infer, held, union_of([member for member in held.type.members if member != NONE]))
    then, otherwise = (right, held) if conjunction else (held, right)
    chosen = table.choose(infer, node, test, then, otherwise)
    return after(infer.span(node), steps, chosen) if isinstance(chosen, Known) else chosen


def infer_conditional(infer: FunctionInference, node: ast.IfExp) -> Fact:
    """Infer `then if test else otherwise`; a test that is known when translating leaves only the branch taken."""
    test = infer.condition(node.test)
    if isinstance(test, Known) and test.is_constant:
        return infer.expression(node.body if test.constant else node.orelse)
    before = infer.live.copy()
    refine(infer, node.test, True)
    then = infer.expression(node.body)
    after_then, infer.state = infer.state, before
    refine(infer, node.test, False)
    otherwise = infer.expression(node.orelse)
    infer.state = infer.join([Branch(after_then, []), Branch(infer.state, [])])
    return table.choose(infer, node, test, then, otherwise)


def infer_comparison(infer: FunctionInference, node: ast.Compare) -> Fact:
    """Infer a comparison or a chain of them: each operand is evaluated once, and none after the first that fails."""
    asked = _asked_class(infer, node) or compared_class(infer, node) or _asked_sentinel(infer, node)
    if asked is not None:
        return asked
    left = infer.expression(node.left)
    return _chain(infer, node, left, list(zip(node.ops, node.comparators, strict=True)))


def _asked_class(infer: FunctionInference, node: ast.Compare) -> Fact | None:
    """Infer `type(value) is C`, `type(value) == C` and their negations; None where a comparison is none of these."""
    match node:
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() | ast.Eq() | ast.NotEq() as op], comparators=[right]):
            asked, name = class_asked(infer, left), class_named(infer, right)
            if name is None and class_asked(infer, right) is not None:
                left, right = right, left
                asked, name = class_asked(infer, left), class_named(infer, right)
        case _:
            return None
    if asked is None or name is None or not infer.references:
        return None
    assert isinstance(left, ast.Call)
    infer.names.scope.visited.update((id(left), id(left.func), *map(id, ast.walk(right))))
    value = infer.expression(asked)
    if isinstance(value, Unknown):
        return value
    negated = isinstance(op, ast.IsNot | ast.NotEq)
    if isinstance(value.type, LibraryRef) and value.type.holds_none:
        return infer.refuse("P0305", node, f"`type` of {value.type}, which may be None, is not compared", "write `is None`")
    return by_member(
        infer, node, [value], lambda parts: decided(infer, node, (parts[0].type.python_class == name) != negated, parts), lambda types: None
    )


def _asked_sentinel(infer: FunctionInference, node: ast.Compare) -> Fact | None:
    """Infer `value is MISSING` of the only object of a module that is nothing else; None where a comparison is none of these."""
    match node:
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as op], comparators=[ast.Name(id=name) as right]):
            if not (infer.references and is_sentinel(infer, name, alone=True)):
                return None
        case _:
            return None
    value, _ = infer.expression(left), infer.expression(right)
    if isinstance(value, Unknown) or not any(member.python_class == OBJECT for member in members_of(value.type)):
        return value if isinstance(value, Unknown) else decided(infer, node, isinstance(op, ast.IsNot), [value])

    def one(parts: list[Known]) -> Known:
        return decided(infer, node, (parts[0].type.python_class == OBJECT) != isinstance(op, ast.IsNot), parts)

    return by_member(infer, node, [value], one, lambda types: None)


def _chain(infer: FunctionInference, node: ast.Compare, left: Fact, rest: list[tuple[ast.cmpop, ast.expr]]) -> Fact:
    op, right_node = rest[0]
    asks = isinstance(op, ast.In | ast.NotIn)
    if asks and len(rest) == 1 and (found := is_in_range(infer, node, left, right_node, isinstance(op, ast.NotIn))) is not None:
        return found
    if asks and isinstance(right_node, ast.Set):
        infer.uses.unordered.add(id(right_node))
    right = container_of(infer, right_node) if asks and len(rest) == 1 else infer.expression(right_node)
    if len(rest) == 1:
        return _compare_one(infer, node, op, left, right)
    # The middle operand is read twice. A temporary, assigned while the first comparison evaluates it, is read by the second.
    middle = right
    reassigned = any(isinstance(inner, ast.NamedExpr | ast.Call) for _, other in rest[1:] for inner in ast.walk(other))
    if isinstance(right, Known) and not (right.is_constant or (is_simple(right) and not reassigned)):
        local = infer.temporary("middle", right.type)
        read = Known(right.span, right.type, Load(local))
        middle = right.by(read.operation)
        right = right.by(After((Assigned(right.span, local, right),), read))
    first = _compare_one(infer, node, op, left, right)
    before = infer.live.copy()
    others = _chain(infer, node, middle, rest[1:])
    _meet(infer, before)
    return _joined(infer, node, True, first, others)


def _compare_one(infer: FunctionInference, node: ast.Compare, op: ast.cmpop, left: Fact, right: Fact) -> Fact:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return blocked(left, right)
    match op:
        case ast.Is() | ast.IsNot():
            return table.identical(infer, node, left, right, isinstance(op, ast.IsNot))
        case ast.In() | ast.NotIn():
            return table.contains(infer, node, left, right, isinstance(op, ast.NotIn))
        case _:
            return table.compare(infer, node, COMPARISONS[type(op)], left, right)
