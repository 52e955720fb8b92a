"""`asdict`, `astuple` and `replace` of instances of data classes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import partial

from portalis.translator.frontend.facts.making import MADE, after, hold
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.functions.arguments import Arguments, arguments_of
from portalis.translator.frontend.infer.expressions.functions.instances import construct
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import read_attribute
from portalis.translator.frontend.read.class_forms.data_classes import fields_of
from portalis.translator.frontend.types.references.hashed import copy_of
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.instances import is_exception, is_instance, kind_of_member
from portalis.translator.ir.types import BOOL, FLOAT, INT, NONE, TEXT, WIDE, DictRef, ListRef, TupleType, Type, UnionType

FUNCTIONS = ("dataclasses.asdict", "dataclasses.astuple", "dataclasses.replace")
_ITEM = "@item"


def call_of_data(infer: FunctionInference, node: ast.Call, name: str) -> Fact:
    """Infer a call of one of `FUNCTIONS`."""
    arguments = arguments_of(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    if len(arguments.args) != 1 or (arguments.keywords and name != "dataclasses.replace"):
        return infer.refuse("P0310", node, f"`{name}` is not called with such arguments", "give it an instance alone")
    steps: list[Step] = []
    owner = hold(infer, arguments.args[0], "instance", steps)
    changes = {one: hold(infer, value, one, steps) for one, value in arguments.keywords.items()}
    build = partial(_replaced, infer, node, changes) if name == "dataclasses.replace" else partial(_shown, infer, node, name)
    found = by_member(infer, node, [owner], lambda parts: build(parts[0]), lambda types: None)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _fields(infer: FunctionInference, type_: Type) -> Sequence[str] | None:
    definition = infer.names.scope.classes.get(type_.python_class) if is_instance(type_) and not is_exception(type_) else None
    return None if definition is None else fields_of(definition)


def _replaced(infer: FunctionInference, node: ast.Call, changes: dict[str, Known], owner: Known) -> Fact | None:
    names = _fields(infer, owner.type)
    if names is None or not changes.keys() <= {*names}:
        return None
    values = {name: changes.get(name) or read_attribute(infer, node, owner, name) for name in names}
    unknown = next((value for value in values.values() if isinstance(value, Unknown)), None)
    given = {name: value for name, value in values.items() if isinstance(value, Known)}
    return unknown or construct(infer, node, owner.type.python_class, Arguments([], given, []))


def _shown(infer: FunctionInference, node: ast.Call, function: str, owner: Known) -> Fact | None:
    names, steps = _fields(infer, owner.type), list[Step]()
    values: list[ast.expr] = []
    class_ = owner.type.python_class
    for name in names or ():
        read = read_attribute(infer, node, owner, name)
        copied = _copied(infer, _placed(node, f"{class_}.{name}"), function, read) if isinstance(read, Known) else read
        if not isinstance(copied, Known):
            return copied
        values.append(_standing(infer, node, hold(infer, copied, name, steps)))
    if names is None:
        return None
    keys: list[ast.expr | None] = [ast.copy_location(ast.Constant(name), node) for name in names]
    display = ast.copy_location(ast.Dict(keys, values) if function == "dataclasses.asdict" else ast.Tuple(values, ast.Load()), node)
    setattr(display, MADE, class_)
    found = infer.expression(display)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _placed(node: ast.Call, label: str) -> ast.Call:
    """Return a call that stands where another one does, and makes objects of its own."""
    made = ast.copy_location(ast.Call(node.func, node.args, node.keywords), node)
    setattr(made, MADE, label)
    return made


def _copied(infer: FunctionInference, node: ast.Call, function: str, value: Known) -> Fact | None:
    """Return what stands for a field's value; None where CPython would copy it in a way that is not known here."""
    type_ = value.type
    if isinstance(type_, UnionType):
        return by_member(infer, node, [value], lambda parts: _copied(infer, node, function, parts[0]), lambda types: None)
    if _is_plain(type_):
        return value
    if _fields(infer, type_) is not None:
        return _shown(infer, node, function, value)
    if isinstance(type_, DictRef) and type_.python_class == "dict" and _is_plain(type_.key) and _is_plain(type_.value):
        return copy_of(infer, node, [value])
    if not isinstance(type_, ListRef) or type_.frozen:
        return None
    if _is_plain(type_.item):
        return infer.library(node, "splicing", "as_list", [value])
    if _fields(infer, type_.item) is None:
        return None
    each = ast.comprehension(ast.Name(_ITEM, ast.Store()), _standing(infer, node, value), [], 0)
    made = ast.ListComp(ast.Call(node.func, [ast.Name(_ITEM, ast.Load())], []), [each])
    for inner in ast.walk(made):
        if isinstance(inner, ast.expr) and not hasattr(inner, "lineno"):
            ast.copy_location(inner, node)
    setattr(made, MADE, getattr(node, MADE, ""))
    return infer.expression(made)


def _is_plain(type_: Type) -> bool:
    """Tell whether a value of a type is its own copy."""
    if isinstance(type_, TupleType):
        return not type_.named and all(map(_is_plain, type_.items))
    if isinstance(type_, ListRef):
        return type_.frozen and _is_plain(type_.item)
    return type_ in (INT, FLOAT, BOOL, TEXT, NONE, WIDE) or (kind_of_member(type_) is not None and type_.python_class != "object")


def _standing(infer: FunctionInference, node: ast.AST, value: Known) -> ast.expr:
    """Return a name that stands for a value."""
    name = ast.Name("@value", ast.Load())
    assert isinstance(node, ast.expr)
    ast.copy_location(name, node)

    # The name has to live as long as what it stands for.
    def stands(_: ast.expr = name) -> Known:
        return value

    infer.replaced[id(name)] = stands
    return name
