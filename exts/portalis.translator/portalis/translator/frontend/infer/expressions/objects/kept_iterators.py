"""Iterators that are kept: CPython holds a dict or a set to the size that it had when the iterator was made, and asks how long an object
is whose indices are gone over; `tee` keeps elements."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import hold
from portalis.translator.frontend.facts.model import Fact, Known, Unknown, first_unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.class_forms.nodes import at_missing, placed_at
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.tree import walk
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.ir.types import DictRef, SetRef

# Methods after which a dict or a set may hold more or less.
_CHANGING = {
    *("add", "clear", "discard", "pop", "popitem", "remove", "setdefault", "update"),
    *("difference_update", "intersection_update", "symmetric_difference_update", "move_to_end"),
}


def may_grow(value: Known) -> bool:
    """Tell whether a value is a dict or a set that can hold more later."""
    return isinstance(value.type, DictRef) or (isinstance(value.type, SetRef) and not value.type.frozen)


def changes_hashed(scope: ModuleScope) -> bool:
    """Tell whether a module anywhere does what may change how much a dict or a set holds."""
    for definition in (*scope.functions.values(), *scope.classes.values()):
        for inner in walk(definition):
            match inner:
                case ast.Subscript(ctx=ast.Store() | ast.Del()):
                    return True
                case ast.AugAssign(op=ast.BitOr() | ast.BitAnd() | ast.BitXor() | ast.Sub()):
                    return True
                case ast.Call(func=ast.Attribute(attr=attr)) if attr in _CHANGING:
                    return True
    return False


def is_stored(infer: FunctionInference, node: ast.expr) -> bool:
    """Tell whether an expression is a variable or a field, so that it can be evaluated twice, and `len` is CPython's."""
    match node:
        case ast.Name():
            return not infer.shadows("len")
        case ast.Attribute(value=ast.Name(), attr=attr):
            return attr not in {one.name for one in _methods(infer)} and not infer.shadows("len")
        case _:
            return False


def length(node: ast.expr) -> ast.expr:
    """Return the call that measures what an expression gives."""
    return at_missing(ast.Call(ast.Name("len", ast.Load()), [node], []), node)


def unchanged(value: Known, name: str, size: str, where: ast.AST) -> ast.stmt:
    """Return the statement that raises what CPython raises where what a name stands for has another size by now."""
    what = "dictionary" if isinstance(value.type, DictRef) else "Set"
    raised = ast.Call(ast.Name("RuntimeError", ast.Load()), [ast.Constant(f"{what} changed size during iteration")], [])
    now = ast.Call(ast.Name("len", ast.Load()), [ast.Name(name, ast.Load())], [])
    test = ast.Compare(now, [ast.NotEq()], [ast.Name(size, ast.Load())])
    return placed_at(ast.If(test, [ast.Raise(raised, None)], []), where)


def refuse_asked_length(infer: FunctionInference, node: ast.expr) -> Unknown | None:
    """Refuse an iterator over an object's indices where it could show that CPython asks for the length: how often and when, whoever makes
    a list of what is left decides."""
    if not (infer.shadows("len") or any(not _only_measures(one) for one in _methods(infer) if one.name == "__len__")):
        return None
    message = "`__len__` does more than measure fields here, and CPython asks for it again where a list is made of this iterator"
    return infer.refuse("P0231", node, message, "let it return `len` of a field, or go over the object where the iterator is made")


def _methods(infer: FunctionInference) -> list[ast.FunctionDef]:
    return [item for one in infer.names.scope.classes.values() for item in one.body if isinstance(item, ast.FunctionDef)]


def _only_measures(definition: ast.FunctionDef) -> bool:
    """Tell whether a method returns sums and products of what fields hold, which shows nothing and is never negative."""
    match definition.body:
        case [*before, ast.Return(value=ast.expr() as value)] if not (before[1:] or definition.decorator_list):
            return all(isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) for one in before) and _is_measure(value)
        case _:
            return False


def _is_measure(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[ast.Attribute(value=ast.Name())], keywords=[]):
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Mult(), right=right):
            return _is_measure(left) and _is_measure(right)
        case _:
            return isinstance(node, ast.Constant) and type(node.value) is int


def infer_tee(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `tee(iterable, n)`: iterators that keep together what one of them has taken and another has not."""
    count = node.args[1] if len(node.args) == 2 else ast.Constant(2)
    if not isinstance(count, ast.Constant) or type(count.value) is not int or not 0 <= count.value <= _MOST_TEES:
        return infer.refuse("P0310", node, "`tee` is translated with a constant number of iterators", "write tee(values, 2)")
    steps = infer.statement_scope.steps
    infer.names.scope.visited.update(id(one) for one in node.args[1:])
    call = ast.copy_location(ast.Call(ast.copy_location(ast.Name("iter", ast.Load()), node), node.args[:1], []), node)
    source = infer.expression(call)
    seen = infer.expression(ast.copy_location(ast.List([], ast.Load()), node))
    if isinstance(source, Unknown) or isinstance(seen, Unknown):
        return source if isinstance(source, Unknown) else seen
    held, kept = hold(infer, source, "source", steps), hold(infer, seen, "seen", steps)
    made = [infer.written(node, "teed", [held, kept]) for _ in range(count.value)]
    unknown = first_unknown(*made)
    if unknown is not None:
        return unknown
    return make_tuple(infer, node, [hold(infer, one, "copy", steps) for one in made if isinstance(one, Known)])


# So many iterators `tee` gives at most.
_MOST_TEES = 8
