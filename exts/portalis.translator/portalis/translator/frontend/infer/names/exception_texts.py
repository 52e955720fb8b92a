"""When the text of one of the program's exceptions is settled: CPython computes it when it is asked for, from what is there then."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.contents import holds_changeable
from portalis.translator.frontend.infer.frame import Frame
from portalis.translator.frontend.infer.names.instances import module_of
from portalis.translator.frontend.read.at_import.own_classes import EXCEPTION_ARGUMENTS, OwnClass, has_bodies, own_class
from portalis.translator.frontend.read.tree import walk
from portalis.translator.ir.instances import is_instance, kind_of_member
from portalis.translator.ir.types import BOOL, TEXT, ListRef, TupleType, Type, members_of

# The field that tells that arguments of some instances can change.
_CHANGES = "@changes"


def can_change(type_: Type) -> bool:
    """Tell whether the text of a value may be another one later."""
    inner = type_.items if isinstance(type_, TupleType) else (type_.item,) if isinstance(type_, ListRef) else members_of(type_)
    objects = is_instance(type_) and kind_of_member(type_) is None
    return objects or holds_changeable(type_) or any(map(can_change, inner if inner != (type_,) else ()))


def note_changes(frame: Frame, name: str) -> None:
    """Note that some instance of a class of exceptions has arguments that can change."""
    frame.unit.specialiser.sites.stored(name, _CHANGES, BOOL)


def reads_arguments(frame: Frame, name: str) -> bool:
    """Tell whether the text of instances of a class is made of their arguments when it is asked for."""
    return frame.unit.specialiser.sites.held(name, _CHANGES) is not None


def says_first(found: OwnClass) -> bool:
    """Tell whether `__init__` gives an exception other arguments, `super().__init__(…)`, before anybody can ask for those of its call."""
    owner = next((one for one in found.line() if "__init__" in one.methods), None)
    definition = owner.methods["__init__"].definition if owner is not None else None
    if owner is None or definition is None or not definition.args.args:
        return False
    own = definition.args.args[0].arg
    for statement in definition.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=[]), attr="__init__"))):
                return owner.base is None or owner.base.method("__init__") is None or says_first(owner.base)
        names = [one for one in walk(statement) if isinstance(one, ast.Name) and one.id in (own, "super")]
        seen = [one for one in walk(statement) if isinstance(one, ast.Attribute) and one.value in names]
        hidden = any(one.attr == EXCEPTION_ARGUMENTS or found.method(one.attr) is not None for one in seen)
        if hidden or len(names) > len(seen) or any(isinstance(one, ast.Return) for one in walk(statement)):
            return False
    return False


def is_settled(frame: Frame, found: OwnClass) -> bool:
    """Tell whether an instance of a class of exceptions has the same text wherever it is asked for, once it was raised."""
    if reads_arguments(frame, found.name):
        return False
    method = found.method("__str__")
    if method is None:
        return True
    own = method.definition.args.args[0].arg if method.definition.args.args else ""
    for node in walk(method.definition):
        if not (isinstance(node, ast.Name) and node.id == own and isinstance(node.ctx, ast.Load)):
            continue
        names = [one.attr for one in walk(method.definition) if isinstance(one, ast.Attribute) and one.value is node]
        if not all(_is_kept(frame, found, name) for name in names) or not names:
            return False
    return True


def _is_kept(frame: Frame, found: OwnClass, name: str) -> bool:
    """Tell whether a field holds, from `__init__` on, what cannot change."""
    held = frame.unit.specialiser.sites.held(found.name, name)
    if found.method(name) is not None or (held is not None and can_change(held)):
        return False
    module = module_of(frame)
    begins = {
        id(inner)
        for definition in module.classes.values()
        for one in definition.body
        if isinstance(one, ast.FunctionDef) and one.name == "__init__"
        for inner in walk(one)
    }
    places = [*module.functions.values(), *module.classes.values()]
    stores = [one for place in places for one in walk(place) if isinstance(one, ast.Attribute) and not isinstance(one.ctx, ast.Load)]
    return all(one.attr != name or id(one) in begins for one in stores)


def unsettled(frame: Frame) -> str:
    """Return the names of the program's exceptions whose text may be another one than when they were raised, with blanks between."""
    return " ".join(found.name for found in _made(frame) if not is_settled(frame, found))


def told_otherwise(frame: Frame) -> str:
    """Return the names of the program's exceptions whose arguments may be others than the one text that they show."""
    held = frame.unit.specialiser.sites.held
    plain = TupleType((TEXT,))
    return " ".join(one.name for one in _made(frame) if one.method("__str__") or held(one.name, EXCEPTION_ARGUMENTS) != plain)


def _made(frame: Frame) -> list[OwnClass]:
    """Return the program's own classes of exceptions of which there are objects."""
    if frame.unit.specialiser.module is None and frame.names.scope.library:
        return []
    module = module_of(frame)
    if not has_bodies(module):
        return []
    known = [found for name in module.exceptions if isinstance(found := own_class(module, name), OwnClass)]
    return [found for found in known if found.name in frame.unit.specialiser.sites.fields]
