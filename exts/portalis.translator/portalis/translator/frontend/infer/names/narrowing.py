"""What a test says of what is named in it: of which members of their unions it is where the test holds, and where it does not."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from portalis.translator.frontend.calls.kinds import kinds_of
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.places import may_change, remember
from portalis.translator.frontend.read.class_forms.enumerations import OBJECT, sentinels
from portalis.translator.ir.instances import NOT_IMPLEMENTED
from portalis.translator.ir.types import NONE, Type, UnionType, union_of

# The classes that `type(value)` is compared with.
_CLASSES = frozenset(("bool", "int", "float", "str", "bytes", "bytearray", "tuple", "list", "dict", "set"))


def refine(infer: FunctionInference, test: ast.expr, holds: bool) -> None:
    """Let names be of the members that they are of where a test holds, or where it does not; it was inferred just before."""
    if infer.state is None or not infer.references:
        return
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            refine(infer, operand, not holds)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) == holds:
            assigned = {node.target.id for value in values for node in ast.walk(value) if isinstance(node, ast.NamedExpr)}
            for value in values:
                if infer.live.places and any(map(may_change, ast.walk(value))):
                    infer.live.places.clear()
                if not (_names(value) & assigned) or _assigns(value):
                    refine(infer, value, holds)
        case ast.NamedExpr() | ast.Name() | ast.Subscript() | ast.Attribute() if holds:
            _narrow(infer, test, lambda type_: type_ != NONE)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            _refine_comparison(infer, left, op, right, holds)
        case ast.Call(func=ast.Name(id="isinstance"), args=[value, kinds], keywords=[]) if not infer.shadows("isinstance"):
            wanted = kinds_of(infer, kinds)
            if wanted is not None:
                _narrow(infer, value, lambda type_: wanted(type_) == holds)


def _refine_comparison(infer: FunctionInference, left: ast.expr, op: ast.cmpop, right: ast.expr, holds: bool) -> None:
    if not isinstance(op, ast.Is | ast.IsNot | ast.Eq | ast.NotEq):
        return
    same = isinstance(op, ast.Is | ast.Eq) == holds
    for value, other in ((left, right), (right, left)):
        if isinstance(other, ast.Constant) and other.value is None:
            _narrow(infer, value, lambda type_: (type_ == NONE) == same)
        if not isinstance(other, ast.Name) or not isinstance(op, ast.Is | ast.IsNot):
            continue
        if other.id == "NotImplemented" and not infer.shadows(other.id):
            _narrow(infer, value, lambda type_: (type_ == NOT_IMPLEMENTED) == same)
        if is_sentinel(infer, other.id, alone=not same):
            _narrow(infer, value, lambda type_: (type_.python_class == OBJECT) == same)
    for value, other in ((left, right), (right, left)):
        asked, wanted = class_asked(infer, value), class_named(infer, other)
        if asked is not None and wanted is not None:
            _narrow(infer, asked, partial(_is_of, wanted, same))


def is_sentinel(infer: FunctionInference, name: str, *, alone: bool) -> bool:
    """Tell whether a name stands for an object of the module's that is nothing else; `alone`: the only one."""
    found = sentinels(infer.names.scope) if name not in infer.names.local and infer.cell(name) is None else ()
    return name in found and (len(found) == 1 or not alone)


def _is_of(wanted: str, same: bool, type_: Type) -> bool:
    return (type_.python_class == wanted) == same


def class_asked(infer: FunctionInference, node: ast.expr) -> ast.expr | None:
    """Return the argument of a call of `type` with one argument."""
    match node:
        case ast.Call(func=ast.Name(id="type"), args=[value], keywords=[]) if not infer.shadows("type"):
            return value
    return None


def class_named(infer: FunctionInference, node: ast.expr) -> str | None:
    """Return the name of the class that a built-in name or `type` of a literal is."""
    match node:
        case ast.Name(id=name) if name in _CLASSES and not infer.shadows(name):
            return name
        case ast.Name() | ast.Call(args=[ast.Name()]) if (own := infer.class_meant(node)) is not None:
            return own
        case ast.Call(func=ast.Name(id="type"), args=[value], keywords=[]) if not infer.shadows("type"):
            kinds = {ast.List: "list", ast.Tuple: "tuple", ast.Dict: "dict"}
            empty = not any(isinstance(inner, ast.Name | ast.Call) for inner in ast.walk(value))
            if isinstance(value, ast.Constant) and type(value.value).__name__ in (*_CLASSES, "NoneType"):
                return type(value.value).__name__
            return kinds.get(type(value)) if empty else None
    return None


def _names(node: ast.expr) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _assigns(node: ast.expr) -> bool:
    """Tell whether a test is about the name that it assigns itself."""
    while isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.NamedExpr) or (isinstance(node, ast.Compare) and isinstance(node.left, ast.NamedExpr))


def _narrow(infer: FunctionInference, node: ast.expr, keep: Callable[[Type], bool]) -> None:
    match node:
        case ast.Name(id=name) | ast.NamedExpr(target=ast.Name(id=name)):
            _narrow_name(infer, name, keep)
        case ast.Subscript() | ast.Attribute():
            remember(infer, node, keep)


def _narrow_name(infer: FunctionInference, name: str, keep: Callable[[Type], bool]) -> None:
    binding = infer.live.names.get(name)
    if binding is None or binding.unknown is not None or binding.conflict or not isinstance(binding.type, UnionType):
        return
    kept = [member for member in binding.type.members if keep(member)]
    if 0 < len(kept) < len(binding.type.members):
        infer.note_read(name, binding)
        infer.live.names[name] = replace(binding, type=union_of(kept), held=binding.held or binding.type)
