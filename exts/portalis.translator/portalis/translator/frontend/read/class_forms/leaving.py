"""Special methods that leave the answer to somebody else: whether they do anything before they give `NotImplemented`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

_ASKING = ("isinstance", "type", "issubclass")


def leaves_at_once(definition: ast.FunctionDef) -> bool:
    """Tell whether a method asks nothing but which classes its arguments are of before it gives NotImplemented."""
    return _leave_at_once(definition.body)


def _leave_at_once(statements: Sequence[ast.stmt]) -> bool:
    for place, statement in enumerate(statements):
        match statement:
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.If(test=test, body=body, orelse=orelse) if _asks_classes(test):
                if not (_leave_at_once(body) and _leave_at_once(orelse)):
                    return False
            case ast.Return(value=value):
                return isinstance(value, ast.Name) or not _mentions(statement)
            case _:
                return not any(map(_mentions, statements[place:]))
    return True


def _mentions(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "NotImplemented" for node in ast.walk(statement))


def _asks_classes(test: ast.expr) -> bool:
    return all(map(_is_part_of_question, ast.walk(test)))


def _is_part_of_question(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in _ASKING
        case ast.Compare(ops=ops):
            return all(isinstance(op, ast.Is | ast.IsNot | ast.Eq | ast.NotEq) for op in ops)
        case ast.Name() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()) | ast.Tuple() | ast.Constant():
            return True
        case _:
            return isinstance(node, ast.expr_context | ast.boolop | ast.unaryop | ast.cmpop)
