"""Expressions outside functions: the defaults of parameters, the fields of classes, the arguments of examples."""

from __future__ import annotations

import ast
from collections.abc import Hashable

from portalis.translator.frontend.facts.model import Fact
from portalis.translator.frontend.infer.expressions.functions.arguments import infer_default
from portalis.translator.frontend.infer.frame import Unit
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.specialised import Specialiser
from portalis.translator.frontend.infer.syntax import SYNTAX
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.tree import walk


def infer_constant(
    scope: ModuleScope, specialiser: Specialiser, node: ast.expr, owner: Hashable = None, *, for_its_type: bool = False
) -> Fact:
    """Infer an expression that sees a module's names and no variables; `owner` tells its objects from those of other expressions.

    One that is inferred `for_its_type` alone shows the order of no set.
    """
    mark = scope.report.mark()
    owner = object() if owner is None else owner
    while True:
        specialiser.sites.forget(owner)
        inference = FunctionInference(Unit(specialiser, scope.report, owner), Names(scope, frozenset()), SYNTAX)
        if for_its_type:
            inference.uses.unordered.update(id(inner) for inner in walk(node) if isinstance(inner, ast.Set))
        found = inference.expression(node)
        if owner not in specialiser.sites.dirty:
            return found
        if not specialiser.spend():
            return inference.refuse(
                "P0316", node, "the types of what this holds do not settle", "put values of one type into each container"
            )
        scope.report.rewind(mark)


def infer_parameter_default(scope: ModuleScope, specialiser: Specialiser, node: ast.expr) -> Fact:
    """Infer the default of a parameter, which nothing can change in place; `scope` is what the definition sees."""
    return infer_default(_inference(scope, specialiser), node, scope)


def _inference(scope: ModuleScope, specialiser: Specialiser) -> FunctionInference:
    return FunctionInference(Unit(specialiser, scope.report), Names(scope, frozenset()), SYNTAX)
