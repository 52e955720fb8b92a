"""`with` over what Python's own library enters: `suppress` is a `try`, `nullcontext` gives what it holds."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.tables import Control, Matched
from portalis.translator.frontend.infer.expressions.attributes import standard_name
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.refused import refuse_statement


def infer_with(infer: FunctionInference, node: ast.With) -> Control | None:
    """Infer `with` as the statements that it stands for; what is entered otherwise is refused."""
    body = node.body
    for item in reversed(node.items):
        made = _entered(infer, item, body) if infer.references else None
        if made is None:
            refuse_statement(infer, node)
            return None
        body = made
    for item in node.items:
        assert isinstance(item.context_expr, ast.Call)
        infer.names.scope.visited.update((id(item.context_expr), *(id(inner) for inner in ast.walk(item.context_expr.func))))
        if standard_name(infer, item.context_expr.func) == "contextlib.suppress":
            infer.names.scope.visited.update(id(inner) for inner in item.context_expr.args)
    infer.body(body)
    return Matched(tuple(body))


def _entered(infer: FunctionInference, item: ast.withitem, body: list[ast.stmt]) -> list[ast.stmt] | None:
    """Return what a body under one manager stands for; None where that has no translation."""
    call = item.context_expr
    if not isinstance(call, ast.Call) or call.keywords or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    match standard_name(infer, call.func), call.args, item.optional_vars:
        case "contextlib.suppress", [], None:
            return body
        case "contextlib.suppress", [*kinds], None if all(isinstance(kind, ast.Name) and kind.id != "BaseException" for kind in kinds):
            taken = kinds[0] if len(kinds) == 1 else ast.copy_location(ast.Tuple(kinds, ast.Load()), call)
            handler = ast.copy_location(ast.ExceptHandler(taken, None, [ast.copy_location(ast.Pass(), call)]), call)
            return [ast.copy_location(ast.Try(body, [handler], [], []), call)]
        case "contextlib.nullcontext", [value], None:
            return [ast.copy_location(ast.Expr(value), call), *body]
        case "contextlib.nullcontext", [value], target if target is not None:
            return [ast.copy_location(ast.Assign([target], value), call), *body]
        case "contextlib.nullcontext", [], None:
            return body
    return None
