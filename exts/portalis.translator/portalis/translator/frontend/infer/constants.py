"""Expressions outside functions: the defaults of parameters, the fields of classes, the arguments of examples."""

from __future__ import annotations

import ast
from collections.abc import Hashable

from portalis.translator.frontend.facts.model import Fact
from portalis.translator.frontend.infer.expressions.calls import infer_default
from portalis.translator.frontend.infer.frame import Unit
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.specialised import Specialiser
from portalis.translator.frontend.infer.syntax import SYNTAX
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.module_scope import ModuleScope


def infer_constant(scope: ModuleScope, specialiser: Specialiser, node: ast.expr, owner: Hashable = None) -> Fact:
    """Infer an expression that sees a module's names and no variables; `owner` tells its objects from those of other expressions."""
    return _inference(scope, specialiser, owner).expression(node)


def infer_parameter_default(scope: ModuleScope, specialiser: Specialiser, node: ast.expr) -> Fact:
    """Infer the default of a parameter, which nothing can change in place; `scope` is what the definition sees."""
    return infer_default(_inference(scope, specialiser), node, scope)


def _inference(scope: ModuleScope, specialiser: Specialiser, owner: Hashable = None) -> FunctionInference:
    return FunctionInference(Unit(specialiser, scope.report, owner), Names(scope, frozenset()), SYNTAX)
