"""Comprehensions whose elements are functions that see its variables: written as the functions that they are in CPython."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.model import Build, Fact, Known
from portalis.translator.frontend.infer.expressions.comprehensions import infer_list_comprehension
from portalis.translator.frontend.infer.expressions.functions.binding import Arguments
from portalis.translator.frontend.infer.expressions.functions.values import call_function_value, captured_names
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.escaping import keeps_targets
from portalis.translator.frontend.read.module_scope import InnerFunction
from portalis.translator.ir.types import FunctionType

_MADE = "@made"


def infer_list(infer: FunctionInference, node: ast.ListComp) -> Fact:
    """Infer `[element for target in iterable if test …]`."""
    if not infer.references or not keeps_targets(node) or any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(node)):
        return infer_list_comprehension(infer, node)
    inner, key = infer.names.scope.inner, f"line_{node.lineno}_{node.col_offset}.listcomp"
    infer.names.scope.visited.update(id(clause) for clause in node.generators)
    if key not in inner:
        definition = _written(node)
        inner[key] = InnerFunction(definition, captured_names(infer, definition), "<listcomp>", infer.names.imports)
    function = Known(infer.span(node), FunctionType(key, ()), Build(()))
    call = ast.copy_location(ast.Call(ast.copy_location(ast.Name("listcomp", ast.Load()), node), [], []), node)
    return call_function_value(infer, call, function, Arguments([], {}, []))


def _written(node: ast.ListComp) -> ast.FunctionDef:
    """Return a comprehension as a function without parameters."""
    appended = ast.Call(ast.Attribute(ast.Name(_MADE, ast.Load()), "append", ast.Load()), [node.elt], [])
    body: list[ast.stmt] = [ast.Expr(appended)]
    for clause in reversed(node.generators):
        for test in reversed(clause.ifs):
            body = [ast.If(test, body, [])]
        body = [ast.For(clause.target, clause.iter, body, [])]
    made = ast.Assign([ast.Name(_MADE, ast.Store())], ast.List([], ast.Load()))
    statements = [made, *body, ast.Return(ast.Name(_MADE, ast.Load()))]
    definition = ast.FunctionDef(name="listcomp", args=ast.arguments([], [], None, [], [], None, []), body=statements, decorator_list=[])
    for inner in ast.walk(definition):
        if "lineno" in inner._attributes and not hasattr(inner, "lineno"):
            ast.copy_location(inner, node)
    return definition
