"""Assignment to several targets of what is gone over: CPython asks for one element more than there are targets, and for no further."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import after, constant
from portalis.translator.frontend.facts.model import Compared, Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.iterables import for_each
from portalis.translator.frontend.infer.expressions.objects.gone_over import fuses, gives_generator
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.statements.assignments import assign, drop_temporaries, infer_assign
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.ir.types import BOOL, INT


def infer_assignment(infer: FunctionInference, node: ast.Assign) -> None:
    """Infer `a = b = value`, and `a, b = value` of what is computed element by element."""
    target = node.targets[0]
    several = infer.references and len(node.targets) == 1 and isinstance(target, ast.Tuple | ast.List)
    if not several or not fuses(infer, node.value) or gives_generator(infer, node.value):
        return infer_assign(infer, node)
    assert isinstance(target, ast.Tuple | ast.List)
    assign(infer, target, _taken(infer, target, node.value))
    drop_temporaries(infer)


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
