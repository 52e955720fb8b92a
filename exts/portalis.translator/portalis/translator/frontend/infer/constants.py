"""Expressions outside functions: the defaults of parameters, the fields of classes, the arguments of examples."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Hashable

from portalis.translator.frontend.facts.model import Fact
from portalis.translator.frontend.infer.expressions.calls import infer_default
from portalis.translator.frontend.infer.frame import Unit
from portalis.translator.frontend.infer.inference import FunctionInference, Syntax
from portalis.translator.frontend.infer.specialised import Specialiser
from portalis.translator.frontend.infer.syntax import SYNTAX
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.report import Where
from portalis.translator.ir.types import DictRef, ListRef, SetRef, Type


def infer_constant(scope: ModuleScope, specialiser: Specialiser, node: ast.expr, owner: Hashable = None) -> Fact:
    """Infer an expression that sees a module's names and no variables; `owner` tells its objects from those of other expressions."""
    mark = scope.report.mark()
    owner = object() if owner is None else owner
    while True:
        specialiser.sites.forget(owner)
        found = _ConstantInference(Unit(specialiser, scope.report, owner), Names(scope, frozenset()), SYNTAX).expression(node)
        if owner not in specialiser.sites.dirty or not specialiser.spend():
            return found
        scope.report.rewind(mark)


class _ConstantInference(FunctionInference):
    """The inference of one expression, whose nodes may all have one span: the objects that it makes are told apart by their order."""

    def __init__(self, unit: Unit, names: Names, syntax: Syntax) -> None:
        super().__init__(unit, names, syntax)
        self._made = itertools.count()

    def made_here(self, where: Where, type_: ListRef | DictRef | SetRef, *place: Hashable) -> Type | None:
        return super().made_here(where, type_, *place, next(self._made))


def infer_parameter_default(scope: ModuleScope, specialiser: Specialiser, node: ast.expr) -> Fact:
    """Infer the default of a parameter, which nothing can change in place; `scope` is what the definition sees."""
    return infer_default(_inference(scope, specialiser), node, scope)


def _inference(scope: ModuleScope, specialiser: Specialiser) -> FunctionInference:
    return FunctionInference(Unit(specialiser, scope.report), Names(scope, frozenset()), SYNTAX)
