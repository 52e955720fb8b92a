"""`json.loads(text)` where an annotation says what the text holds: the call gets a value of these types beside the text.

The annotation stands at the name that is bound, or says what the function returns. It is no more than a hint: what is written for `loads`
stops the call where the text holds anything else. In an oracle the function of that name leaves the value alone
(`verify/oracle/namespace.py`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from portalis.translator.frontend.facts.making import MADE

_SCALARS: dict[str, int | float | str] = {"int": 0, "float": 0.0, "bool": False, "str": ""}


def hint_loads(tree: ast.Module, name: str) -> None:
    """Give each call of `loads`, which has this name in the program, a value of what it is annotated to give."""
    for definition in ast.walk(tree):
        if isinstance(definition, ast.FunctionDef):
            for call, annotation in _annotated(definition):
                made = _value_of(annotation)
                if (
                    made is not None
                    and isinstance(call.func, ast.Name)
                    and call.func.id == name
                    and len(call.args) == 1
                    and not call.keywords
                ):
                    call.args.append(_placed(made, call))


def _annotated(definition: ast.FunctionDef) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Yield the calls in a function's own statements whose values are annotated, each with its annotation."""
    pending: list[ast.AST] = [*definition.body]
    while pending:
        match pending.pop():
            case ast.FunctionDef() | ast.Lambda() | ast.ClassDef():
                pass
            case ast.AnnAssign(annotation=annotation, value=ast.Call() as call):
                yield call, annotation
            case ast.Return(value=ast.Call() as call) if definition.returns is not None:
                yield call, definition.returns
            case node:
                pending += ast.iter_child_nodes(node)


def _value_of(annotation: ast.expr) -> ast.expr | None:
    """Return a value of the types that an annotation names; None where JSON or a translation has no such."""
    match annotation:
        case ast.Name(id=name) if name in _SCALARS:
            return ast.Constant(_SCALARS[name])
        case ast.Subscript(value=ast.Name(id="list" | "List"), slice=item) if (one := _value_of(item)) is not None:
            return ast.List([one], ast.Load())
        case ast.Subscript(value=ast.Name(id="dict" | "Dict"), slice=ast.Tuple(elts=[ast.Name(id="str"), item])):
            one = _value_of(item)
            return None if one is None else ast.Dict([ast.Constant("")], [one])
        case _:
            return None


def _placed(made: ast.expr, call: ast.Call) -> ast.expr:
    for number, node in enumerate(ast.walk(made)):
        setattr(node, MADE, number)
        if isinstance(node, ast.expr):
            ast.copy_location(node, call)
    return made
