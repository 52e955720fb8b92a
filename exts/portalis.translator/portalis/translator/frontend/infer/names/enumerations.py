"""Members of enumerations: a number each, of which the names, values and texts are constants."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import cast

from portalis.translator.frontend.facts.making import constant
from portalis.translator.frontend.facts.model import Constant, Fact, Known
from portalis.translator.frontend.infer.applying import call_specialised
from portalis.translator.frontend.infer.frame import Frame
from portalis.translator.frontend.infer.names.instances import class_of, module_of, type_of
from portalis.translator.frontend.infer.names.written import placed
from portalis.translator.frontend.read.at_import.own_classes import OwnClass, own_class
from portalis.translator.frontend.read.class_forms.enumerations import OBJECT, sentinels
from portalis.translator.frontend.read.module_scope import InnerFunction, ModuleScope
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.enumerations import index_of
from portalis.translator.ir.instances import class_named, kind_of_member
from portalis.translator.ir.types import TEXT, Type

_ATTRIBUTES = {"name": "name", "_name_": "name", "value": "value", "_value_": "value"}


def member(frame: Frame, node: ast.AST, found: OwnClass, index: int) -> Known:
    """Return a member of an enumeration."""
    span = frame.span(node)
    return operated(span, type_of(found), "record.of", constant(span, index))


def sentinel(frame: Frame, node: ast.AST, scope: ModuleScope, name: str) -> Known | None:
    """Return the object that a name of a module stands for, as one of all that it has; None where it is none."""
    found = sentinels(scope) if frame.references else ()
    if name not in found:
        return None
    made = OwnClass(OBJECT, None, {}, {}, frozenset(), members=tuple([(one, index) for index, one in enumerate(found)]), kind="")
    return member(frame, node, cast(OwnClass, scope.own_classes.setdefault(OBJECT, made)), found.index(name))


def enumeration_of(frame: Frame, type_: Type) -> OwnClass | None:
    """Return the enumeration that values of a type are, as classes; None of all other types."""
    name = class_named(type_)
    found = None if name is None else own_class(module_of(frame), name)
    return found if isinstance(found, OwnClass) and found.kind is not None else None


def members(frame: Frame, node: ast.AST, type_: Type) -> list[Known] | None:
    """Return the members of the enumeration that values of a type are, in CPython's order; None where they are none."""
    found = enumeration_of(frame, type_)
    return None if found is None else [member(frame, node, found, index) for index in range(len(found.members))]


def attribute_of_member(frame: Frame, node: ast.AST, value: Known, name: str) -> Fact | None:
    """Return `member.name` or `member.value`; None for any other attribute."""
    found, asked = class_of(frame, value.type), _ATTRIBUTES.get(name)
    if asked is None or found.name == OBJECT or found.method(name) is not None:
        return None
    return _chosen(frame, node, value, asked, [one[asked == "value"] for one in found.members])


def value_of_member(frame: Frame, node: ast.AST, value: Known) -> Fact:
    """Return the value of a member."""
    return _chosen(frame, node, value, "value", [one for _, one in class_of(frame, value.type).members])


def text_of_member(frame: Frame, node: ast.AST, value: Known, shown: bool) -> Fact:
    """Return `str` of a member, or where it is `shown` its `repr`."""
    found = class_of(frame, value.type)
    if found.name == OBJECT:
        return frame.refuse("P0308", node, "the text of this object has its address in it", "show something else for it")
    if shown:
        texts = [f"<{found.name}.{name}: {one!r}>" for name, one in found.members]
    else:
        plain = kind_of_member(value.type) in ("int", "str")
        texts = [str(one) if plain else f"{found.name}.{name}" for name, one in found.members]
    return _chosen(frame, node, value, "repr" if shown else "str", texts)


def _chosen(frame: Frame, node: ast.AST, value: Known, label: str, choices: Sequence[object]) -> Fact:
    """Return the constant of a member's number: of one that is known itself, of any other by a function that is written for it."""
    index, span = index_of(value), frame.span(node)
    known = choices[index.constant] if index.is_constant and isinstance(index.constant, int) else None
    if isinstance(known, str):
        return Known(span, TEXT, Constant(known))
    if isinstance(known, int | float):
        return constant(span, known)
    lines = [f"    if index == {number}:\n        return {choice!r}" for number, choice in enumerate(choices[:-1])]
    text = "\n".join(["def choose(index):", *lines, f"    return {choices[-1]!r}"])
    return _call(frame, node, f"{value.type.python_class}.{label}", text, [index])


def looked_up(frame: Frame, node: ast.AST, found: OwnClass, value: Known) -> Fact:
    """Return `Class(value)`: the member that has the value."""
    if value.type == type_of(found):
        return value
    lines = [f"    if value == {one!r}:\n        return {found.name}.{name}" for name, one in found.members]
    shown = module_of(frame).inner_classes.shown(found.name)
    text = "\n".join(["def look_up(value):", *lines, f'    raise ValueError(f"{{value!r}} is not a valid {shown}")'])
    return _call(frame, node, f"{found.name}.lookup", text, [value])


def named(frame: Frame, node: ast.AST, found: OwnClass, name: Known) -> Fact:
    """Return `Class[name]`: the member that has the name."""
    lines = [f"    if name == {one!r}:\n        return {found.name}.{found.members[index][0]}" for one, index in found.names.items()]
    text = "\n".join(["def name_member(name):", *lines, "    raise KeyError(name)"])
    return _call(frame, node, f"{found.name}.named", text, [name])


def _call(frame: Frame, node: ast.AST, key: str, text: str, args: Sequence[Known]) -> Fact:
    scope = module_of(frame)
    if f"enumeration.{key}" not in scope.inner:
        definition = ast.parse(text).body[0]
        assert isinstance(definition, ast.FunctionDef)
        where = scope.classes[key.partition(".")[0]]
        scope.inner[f"enumeration.{key}"] = InnerFunction(placed(definition, where), ())
    return call_specialised(frame, node, scope, f"enumeration.{key}", list(args), [None] * len(args))
