"""The one table of syntax: each class of expression and statement with its handler, or with the one that refuses it."""

from __future__ import annotations

import ast
from typing import Any

from portalis.translator.frontend.infer.expressions.attributes import infer_attribute
from portalis.translator.frontend.infer.expressions.calls import infer_call
from portalis.translator.frontend.infer.expressions.choices import infer_bool_op, infer_comparison, infer_condition, infer_conditional
from portalis.translator.frontend.infer.expressions.comprehensions import infer_dict, infer_dict_comprehension
from portalis.translator.frontend.infer.expressions.functions.gathered import infer_list
from portalis.translator.frontend.infer.expressions.functions.values import infer_global, infer_inner_function, infer_lambda, infer_nonlocal
from portalis.translator.frontend.infer.expressions.names import infer_name
from portalis.translator.frontend.infer.expressions.objects.advancing import infer_generator_expression
from portalis.translator.frontend.infer.expressions.objects.displays import infer_set
from portalis.translator.frontend.infer.expressions.objects.sets import infer_set_comprehension
from portalis.translator.frontend.infer.expressions.plain import (
    infer_binary,
    infer_constant,
    infer_display,
    infer_joined,
    infer_unary,
    infer_walrus,
)
from portalis.translator.frontend.infer.expressions.subscripts import infer_subscript
from portalis.translator.frontend.infer.inference import Syntax
from portalis.translator.frontend.infer.refused import EXPRESSIONS, STATEMENTS, refuse_expression, refuse_statement
from portalis.translator.frontend.infer.statements.assignments import infer_annotated
from portalis.translator.frontend.infer.statements.augmented import infer_augmented
from portalis.translator.frontend.infer.statements.entering import infer_with
from portalis.translator.frontend.infer.statements.loops import infer_for, infer_while
from portalis.translator.frontend.infer.statements.matching import infer_match
from portalis.translator.frontend.infer.statements.orders import note_sorted
from portalis.translator.frontend.infer.statements.plain import (
    infer_delete,
    infer_expression_statement,
    infer_if,
    infer_import,
    infer_jump,
    infer_pass,
    infer_return,
)
from portalis.translator.frontend.infer.statements.raising import infer_assert, infer_raise
from portalis.translator.frontend.infer.statements.trying import infer_try
from portalis.translator.frontend.infer.statements.unpacking import infer_assignment
from portalis.translator.frontend.infer.statements.yielding import infer_yield, infer_yield_from

# A handler takes exactly the class that it stands beside; the type of a table cannot say so.
_EXPRESSIONS: dict[type[ast.expr], Any] = {
    ast.Constant: infer_constant,
    ast.Name: infer_name,
    ast.BinOp: infer_binary,
    ast.UnaryOp: infer_unary,
    ast.Compare: infer_comparison,
    ast.BoolOp: infer_bool_op,
    ast.IfExp: infer_conditional,
    ast.Call: infer_call,
    ast.JoinedStr: infer_joined,
    ast.Attribute: infer_attribute,
    ast.Subscript: infer_subscript,
    ast.Tuple: infer_display,
    ast.List: infer_display,
    ast.NamedExpr: infer_walrus,
    ast.ListComp: infer_list,
    ast.DictComp: infer_dict_comprehension,
    ast.Dict: infer_dict,
    ast.Set: infer_set,
    ast.SetComp: infer_set_comprehension,
    ast.Lambda: infer_lambda,
    ast.GeneratorExp: infer_generator_expression,
    ast.Yield: infer_yield,
    ast.YieldFrom: infer_yield_from,
}
_STATEMENTS: dict[type[ast.stmt], Any] = {
    ast.Assign: infer_assignment,
    ast.AugAssign: infer_augmented,
    ast.AnnAssign: infer_annotated,
    ast.Return: infer_return,
    ast.If: infer_if,
    ast.For: infer_for,
    ast.While: infer_while,
    ast.Expr: infer_expression_statement,
    ast.Pass: infer_pass,
    ast.Import: infer_import,
    ast.ImportFrom: infer_import,
    ast.Break: infer_jump,
    ast.Continue: infer_jump,
    ast.Raise: infer_raise,
    ast.Assert: infer_assert,
    ast.Match: infer_match,
    ast.With: infer_with,
    ast.Delete: infer_delete,
    ast.Try: infer_try,
    ast.FunctionDef: infer_inner_function,
    ast.Global: infer_global,
    ast.Nonlocal: infer_nonlocal,
}
# A later Python's syntax is refused by its name.
_OTHER_EXPRESSIONS = [kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.expr)]
_OTHER_STATEMENTS = [kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.stmt)]
SYNTAX = Syntax(
    {**dict.fromkeys((*_OTHER_EXPRESSIONS, *EXPRESSIONS), refuse_expression), **_EXPRESSIONS},
    {**dict.fromkeys((*_OTHER_STATEMENTS, *STATEMENTS), refuse_statement), **_STATEMENTS},
    infer_condition,
    note_sorted,
)
