"""Expressions: one handler for each kind of syntax, everything else refused with its own code."""

from __future__ import annotations

import ast

from portalis.translator.frontend.attributes import lower_attribute
from portalis.translator.frontend.comparisons import COMPARISONS, choose, compare, contains
from portalis.translator.frontend.context import Branch, Context
from portalis.translator.frontend.conversions import known, truth
from portalis.translator.frontend.evaluation import is_simple, once
from portalis.translator.frontend.lower_calls import lower_call
from portalis.translator.frontend.names import lower_name
from portalis.translator.frontend.operators import SYMBOLS, binary, invert, negative, positive
from portalis.translator.frontend.refusals import refuse_expression
from portalis.translator.frontend.sequences import make_list, make_tuple
from portalis.translator.frontend.subscripts import lower_subscript
from portalis.translator.frontend.values import POISON, Value, constant, sequence
from portalis.translator.ir.nodes import Assign, BoolOp, Expr, Local, Prim, Stmt
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import BOOL, NONE, is_mutable


def lower_expression(context: Context, node: ast.expr) -> Value:
    """Lower an expression; where it is refused the value is poisoned."""
    context.scope.visited.add(id(node))
    match node:
        case ast.Constant():
            return lower_constant(context, node)
        case ast.Name():
            return lower_name(context, node, lower_expression)
        case ast.BinOp():
            left = lower_expression(context, node.left)
            right = lower_expression(context, node.right)
            return binary(context, node, SYMBOLS[type(node.op)], left, right)
        case ast.UnaryOp():
            return lower_unary(context, node)
        case ast.Compare():
            return lower_comparison(context, node)
        case ast.BoolOp():
            return lower_bool_op(context, node)
        case ast.IfExp():
            return lower_conditional(context, node)
        case ast.Call():
            return lower_call(context, node, lower_expression)
        case ast.Attribute():
            return lower_attribute(context, node, lower_expression)
        case ast.Subscript():
            return lower_subscript(context, node, lower_expression)
        case ast.Tuple() | ast.List():
            return lower_display(context, node)
        case ast.NamedExpr():
            return lower_walrus(context, node)
        case _:
            return refuse_expression(context, node)


def lower_constant(context: Context, node: ast.Constant) -> Value:
    """Lower a literal."""
    value = node.value
    if isinstance(value, bool | float | str) or value is None:
        return constant(context.span(node), value)
    if isinstance(value, int):
        if value > INT_MAX:
            return context.refuse(
                "P0007",
                node,
                "this integer literal does not fit in 64 bits",
                "use numbers up to 9223372036854775807, or a float such as 1e30",
            )
        return constant(context.span(node), value)
    return refuse_expression(context, node)


def lower_unary(context: Context, node: ast.UnaryOp) -> Value:
    """Lower `-x`, `+x`, `~x` and `not x`; the smallest int is only written as the negative of a number too large."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))) if number == -INT_MIN:
            return constant(context.span(node), INT_MIN)
    if isinstance(node.op, ast.Not):
        return negate(context, node, lower_condition(context, node.operand))
    value = lower_expression(context, node.operand)
    match node.op:
        case ast.USub():
            return negative(context, node, value)
        case ast.UAdd():
            return positive(context, node, value)
        case _:
            return invert(context, node, value)


def negate(context: Context, node: ast.AST, value: Value) -> Value:
    """Return `not value` of a bool."""
    if value.poison:
        return value
    if value.is_constant:
        return constant(context.span(node), not value.constant)
    return Value(Prim(context.span(node), BOOL, "bool.not", (value.expr,)))


def lower_condition(context: Context, node: ast.expr) -> Value:
    """Lower an expression of which only the truth matters: `and`, `or` and `not` may then mix types."""
    context.scope.visited.add(id(node))
    match node:
        case ast.BoolOp():
            return _join_conditions(context, node, "and" if isinstance(node.op, ast.And) else "or", node.values)
        case ast.UnaryOp(op=ast.Not()):
            return negate(context, node, lower_condition(context, node.operand))
        case _:
            return truth(context, node, lower_expression(context, node))


def _join_conditions(context: Context, node: ast.AST, op: str, nodes: list[ast.expr]) -> Value:
    left = lower_condition(context, nodes[0])
    if len(nodes) == 1:
        return left
    if left.is_constant:
        decided = bool(left.constant) == (op == "or")
        return left if decided else _join_conditions(context, node, op, nodes[1:])
    before = context.live.copy()
    right = _join_conditions(context, node, op, nodes[1:])
    context.state = context.join([Branch(before, []), Branch(context.state, [])])
    if left.poison or right.poison:
        return POISON
    return Value(BoolOp(context.span(node), BOOL, "and" if op == "and" else "or", left.expr, right.expr))


def lower_bool_op(context: Context, node: ast.BoolOp) -> Value:
    """Lower `and` and `or` as values: they return one of their operands."""
    return _join_operands(context, node, isinstance(node.op, ast.And), node.values)


def _join_operands(context: Context, node: ast.BoolOp, conjunction: bool, nodes: list[ast.expr]) -> Value:
    left = lower_expression(context, nodes[0])
    if len(nodes) == 1:
        return left
    test = truth(context, nodes[0], left) if is_simple(left) else None
    if test is not None and test.is_constant:
        return left if bool(test.constant) != conjunction else _join_operands(context, node, conjunction, nodes[1:])
    body: list[Stmt] = []
    held = once(context, left, "operand", body) if left.type != BOOL else left
    before = context.live.copy()
    right = _join_operands(context, node, conjunction, nodes[1:])
    context.state = context.join([Branch(before, []), Branch(context.state, [])])
    if left.poison or right.poison:
        return POISON
    span = context.span(node)
    if left.type == BOOL and right.type == BOOL:
        return Value(BoolOp(span, BOOL, "and" if conjunction else "or", left.expr, right.expr))
    if left.type == BOOL:
        held = once(context, left, "operand", body)
    test = truth(context, nodes[0], held)
    then, otherwise = (right, held) if conjunction else (held, right)
    chosen = choose(context, node, test, then, otherwise)
    return chosen.with_expr(sequence(span, body, chosen.expr))


def lower_conditional(context: Context, node: ast.IfExp) -> Value:
    """Lower `then if test else otherwise`; a test that is known when translating leaves only the branch taken."""
    test = lower_condition(context, node.test)
    if test.is_constant:
        return lower_expression(context, node.body if test.constant else node.orelse)
    before = context.live.copy()
    then = lower_expression(context, node.body)
    after_then, context.state = context.state, before
    otherwise = lower_expression(context, node.orelse)
    context.state = context.join([Branch(after_then, []), Branch(context.state, [])])
    return choose(context, node, test, then, otherwise)


def lower_comparison(context: Context, node: ast.Compare) -> Value:
    """Lower a comparison or a chain of them: each operand is evaluated once, and none after the first that fails."""
    left = lower_expression(context, node.left)
    return _chain(context, node, left, list(zip(node.ops, node.comparators, strict=True)))


def _chain(context: Context, node: ast.Compare, left: Value, rest: list[tuple[ast.cmpop, ast.expr]]) -> Value:
    op, right_node = rest[0]
    right = lower_expression(context, right_node)
    if len(rest) == 1:
        return _compare_one(context, node, op, left, right)
    # The middle operand is read twice. A temporary, assigned while the first comparison evaluates it, is read by the second.
    middle = right
    reassigned = any(isinstance(inner, ast.NamedExpr | ast.Call) for _, other in rest[1:] for inner in ast.walk(other))
    if not (right.is_constant or right.poison or (is_simple(right) and not reassigned)):
        local = context.temporary("middle", right.type)
        middle = right.with_expr(Local(right.span, right.type, local))
        right = right.with_expr(_assigning(right, local))
    first = _compare_one(context, node, op, left, right)
    before = context.live.copy()
    others = _chain(context, node, middle, rest[1:])
    context.state = context.join([Branch(before, []), Branch(context.state, [])])
    if first.poison or others.poison:
        return POISON
    return Value(BoolOp(context.span(node), BOOL, "and", first.expr, others.expr))


def _assigning(value: Value, local: str) -> Expr:
    return sequence(value.span, [Assign(value.span, local, value.expr)], Local(value.span, value.type, local))


def _compare_one(context: Context, node: ast.Compare, op: ast.cmpop, left: Value, right: Value) -> Value:
    if left.poison or right.poison:
        return POISON
    match op:
        case ast.Is() | ast.IsNot():
            negated = isinstance(op, ast.IsNot)
            if NONE in (left.type, right.type):
                return known(context, node, (left.type == right.type) != negated, [left, right])
            return context.refuse("P0305", node, "`is` is only translated for None", "compare values with == or !=")
        case ast.In() | ast.NotIn():
            return contains(context, node, left, right, isinstance(op, ast.NotIn))
        case _:
            return compare(context, node, COMPARISONS[type(op)], left, right)


def lower_display(context: Context, node: ast.Tuple | ast.List) -> Value:
    """Lower a tuple or list display."""
    values = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            values.append(refuse_expression(context, element))
        else:
            values.append(lower_expression(context, element))
    return make_tuple(context, node, values) if isinstance(node, ast.Tuple) else make_list(context, node, values)


def lower_walrus(context: Context, node: ast.NamedExpr) -> Value:
    """Lower `(name := value)`."""
    value = lower_expression(context, node.value)
    name = node.target.id
    if value.poison:
        context.poison(name)
        return value
    if is_mutable(value.type):
        context.poison(name)
        return context.refuse(
            "P0407", node, f"`:=` is not translated for {value.type}, which can be changed in place", "assign it in a statement of its own"
        )
    statements = context.assignment(name, value, context.span(node))
    return Value(sequence(context.span(node), statements, context.place(context.live.names[name], context.span(node))))
