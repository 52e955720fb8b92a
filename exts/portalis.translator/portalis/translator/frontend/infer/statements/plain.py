"""Statements that are neither assignments nor loops and raise nothing by themselves: `if`, `return`, jumps, expressions, `del`."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import constant, describe, is_simple
from portalis.translator.frontend.facts.model import Assigned, Evaluated, Jumped, Known, Returned, Step, Unknown
from portalis.translator.frontend.facts.tables import Branching, Control, Taken
from portalis.translator.frontend.infer.frame import flag_of
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.narrowing import refine
from portalis.translator.frontend.infer.refused import refuse_statement
from portalis.translator.frontend.infer.state import Branch, Result
from portalis.translator.frontend.infer.statements.slices import delete_slice
from portalis.translator.frontend.read.module_scope import import_meanings, imported_names


def infer_expression_statement(infer: FunctionInference, node: ast.Expr) -> None:
    """Infer an expression evaluated for its effect; a text on its own is a comment."""
    if isinstance(node.value, ast.Constant):
        return
    value = infer.expression(node.value)
    if infer.state is not None and isinstance(value, Known) and not is_simple(value):
        infer.add(Evaluated(infer.span(node), value))


def infer_return(infer: FunctionInference, node: ast.Return) -> None:
    """Infer `return`, and leave the point after it unreachable."""
    value = infer.expression(node.value) if node.value is not None else constant(infer.span(node), None)
    if infer.state is None:
        return
    if isinstance(value, Known):
        value = infer.as_result(value)
    infer.note_state(jumps=True)
    infer.effects.results.append(Result(value, node, infer.live.copy()))
    if isinstance(value, Known):
        infer.add(Returned(infer.span(node), value))
    infer.state = None


def infer_if(infer: FunctionInference, node: ast.If) -> Control | None:
    """Infer `if`; a test that is known when translating leaves only the branch taken."""
    test = infer.condition(node.test)
    if isinstance(test, Known) and test.is_constant:
        infer.body(node.body if test.constant else node.orelse)
        return Taken(bool(test.constant))
    if infer.state is None:
        return None
    before = infer.live.copy()
    then_copies: list[Step] = []
    otherwise_copies: list[Step] = []
    refine(infer, node.test, True)
    infer.body(node.body)
    then = Branch(infer.state, then_copies)
    infer.state = before
    refine(infer, node.test, False)
    infer.body(node.orelse)
    infer.state = infer.join([then, Branch(infer.state, otherwise_copies)])
    if isinstance(test, Unknown):
        return None
    return Branching(infer.span(node.test), test, tuple(then_copies), tuple(otherwise_copies))


def infer_pass(infer: FunctionInference, node: ast.Pass) -> None:
    """Infer `pass`, which does nothing."""


def infer_import(infer: FunctionInference, node: ast.Import | ast.ImportFrom) -> None:
    """Infer an import inside a function: what it binds is known before (`read/standard.py`), or it is refused."""
    found = import_meanings(infer.names.scope, node)
    if all(infer.names.imports.get(name) == imported for name, imported in found.items()):
        return
    imported_names(infer.names.scope, node)
    help = "import it at the top of the file, or before everything else in the function"
    refused = infer.refuse("P0201", node, "this import inside a function is not translated", help)
    for name in found:
        infer.lose(name, refused)


def infer_jump(infer: FunctionInference, node: ast.Break | ast.Continue) -> None:
    """Infer `break` and `continue`; the state goes to where they lead."""
    if not infer.loops:
        infer.refuse("P0001", node, "`break` and `continue` belong inside a loop", "put it in a loop, or return")
        return
    span = infer.span(node)
    loop = infer.loops[-1]
    # A loop's next iteration may raise.
    infer.note_state(jumps=isinstance(node, ast.Break))
    infer.move_out_of_parameters(span)
    copies: list[Step] = []
    infer.add(Jumped(span, "break" if isinstance(node, ast.Break) else "continue", copies))
    ways = loop.breaks if isinstance(node, ast.Break) else loop.continues
    ways.append(Branch(infer.state, copies if infer.references else None))
    infer.state = None


def _delete_name(infer: FunctionInference, node: ast.Name) -> None:
    """Let a name have no value from here on; CPython raises where it has none before."""
    infer.names.scope.visited.add(id(node))
    value = infer.load(node.id, node)
    if isinstance(value, Unknown):
        return
    span = infer.span(node)
    if not is_simple(value):
        infer.add(Evaluated(span, value))
    infer.flag(node.id)
    infer.add(Assigned(span, flag_of(node.id), constant(span, False)))
    infer.live.forget(node.id)
    del infer.live.names[node.id]


def infer_delete(infer: FunctionInference, node: ast.Delete) -> None:
    """Infer `del` of names and of elements of objects by reference."""
    for target in node.targets:
        if infer.references and isinstance(target, ast.Name) and infer.cell(target.id) is None:
            _delete_name(infer, target)
            continue
        if not infer.references or not isinstance(target, ast.Subscript):
            refuse_statement(infer, node)
            return
        infer.names.scope.visited.add(id(target))
        value = infer.expression(target.value)
        if isinstance(target.slice, ast.Slice):
            if isinstance(value, Known):
                delete_slice(infer, target, value)
            continue
        index = infer.expression(target.slice)
        if isinstance(value, Unknown) or isinstance(index, Unknown):
            return
        done = infer.delete_element(target, value, index)
        if done is None:
            infer.refuse("P0214", target, f"`del` of an element of {describe(value.type)} is not translated", "build what is left")
        elif isinstance(done, Known):
            infer.add(Evaluated(infer.span(node), done))
