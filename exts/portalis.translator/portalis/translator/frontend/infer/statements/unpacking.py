"""Assignment to several targets of what is gone over: CPython asks for one element more than there are targets, and for no further."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Compared, Fact, Known, Raised, Step, Tested, Unknown
from portalis.translator.frontend.infer.expressions.iterables import for_each
from portalis.translator.frontend.infer.expressions.objects.gone_over import fuses, gives_generator, is_builtin
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.written import MOST_COLUMNS
from portalis.translator.frontend.infer.statements.assignments import assign, drop_temporaries, gathered, infer_assign
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.hashed import is_dict_view
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.ir.types import BOOL, INT, ListRef, TupleType


def infer_assignment(infer: FunctionInference, node: ast.Assign) -> None:
    """Infer `a = b = value`, and `a, b = value` of what is computed element by element."""
    target = node.targets[0]
    several = infer.references and len(node.targets) == 1 and isinstance(target, ast.Tuple | ast.List)
    if not several or not fuses(infer, node.value) or gives_generator(infer, node.value):
        return infer_assign(infer, node)
    assert isinstance(target, ast.Tuple | ast.List)
    found = _columns(infer, target, node.value)
    assign(infer, target, _taken(infer, target, node.value) if found is None else found)
    drop_temporaries(infer)


def _columns(infer: FunctionInference, target: ast.Tuple | ast.List, node: ast.expr) -> Fact | None:
    """Return the columns of `a, b = zip(*pairs)`, each of the type of its elements; None for anything else."""
    match node:
        case ast.Call(args=[ast.Starred(value=argument)], keywords=[]) if is_builtin(infer, node, "zip"):
            pass
        case _:
            return None
    if any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(argument)):
        return None

    def evaluated() -> Fact:
        found = infer.expression(argument)
        return gathered(infer, argument, found) if isinstance(found, Known) and is_dict_view(found.type) else found

    attempt = infer.attempt(evaluated)
    rows = attempt.fact
    row = rows.type.item if isinstance(rows, Known) and isinstance(rows.type, ListRef) else None
    if not isinstance(rows, Known) or not isinstance(row, TupleType) or len(set(row.items)) == 1 or len(row.items) != len(target.elts):
        return None
    if len(row.items) > MOST_COLUMNS or any(isinstance(one, ast.Starred) for one in target.elts):
        return None
    infer.names.scope.visited.update((id(node), id(node.func), id(node.args[0])))
    for step in attempt.steps:
        infer.add(step)
    span = infer.span(node)
    held = hold(infer, rows, "rows", infer.statement_scope.steps)
    none = Known(span, BOOL, Compared("eq", operated(span, INT, "list.length", held), constant(span, 0)))
    message = f"not enough values to unpack (expected {len(row.items)}, got 0)"
    infer.add(Tested(span, none, (Raised(span, "ValueError", message),)))
    return make_tuple(infer, node, [infer.written(node, f"column_{place}", [held]) for place in range(len(row.items))])


def _taken(infer: FunctionInference, target: ast.Tuple | ast.List, node: ast.expr) -> Fact:
    """Return a list of what is taken of an expression."""
    span, steps = infer.span(node), list[Step]()
    made = begin_list(infer, node, steps)
    if isinstance(made, Unknown):
        return made
    starred = any(isinstance(element, ast.Starred) for element in target.elts)
    enough = Known(span, BOOL, Compared("gt", operated(span, INT, "list.length", made), constant(span, len(target.elts))))

    def use(item: Known, body: list[Step]) -> Unknown | None:
        return append_to(infer, node, made, item, body)

    failed = for_each(infer, node, steps, use, None if starred else enough)
    return after(span, steps, made) if failed is None else failed
