"""Iterators over dicts and sets that are kept: CPython holds what it goes over to the size that it had when the iterator was made."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.model import Known
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.class_forms.nodes import at_missing, placed_at
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.tree import walk
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
            classes = infer.names.scope.classes.values()
            methods = {item.name for one in classes for item in one.body if isinstance(item, ast.FunctionDef)}
            return attr not in methods and not infer.shadows("len")
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
