"""Instances of the module's own classes: how one is made, its fields read and stored, its methods found and called."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.making import after, constant, describe, hold, is_simple, primitive
from portalis.translator.frontend.facts.model import (
    PENDING,
    Assigned,
    Constant,
    Evaluated,
    Fact,
    Known,
    Load,
    Operated,
    Raised,
    Step,
    Tested,
    Unknown,
)
from portalis.translator.frontend.facts.sites import Sites
from portalis.translator.frontend.infer.applying import call_specialised
from portalis.translator.frontend.infer.frame import Frame
from portalis.translator.frontend.read.at_import.own_classes import EXCEPTION_ARGUMENTS, Method, OwnClass, own_class
from portalis.translator.frontend.read.class_forms.data_classes import SHOWING
from portalis.translator.frontend.read.class_forms.leaving import leaves_at_once
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.instances import (
    ASKED,
    FIRST_INDEX,
    FIRST_SLOT,
    NOT_IMPLEMENTED,
    class_named,
    exception_type,
    instance_type,
    is_instance,
    member_type,
)
from portalis.translator.ir.types import BOOL, NEVER, NONE, TEXT, LibraryRef, TupleType, Type, members_of

# What tells of a field that not every instance has whether one has it.
_HAS = "has "


def class_of(frame: Frame, type_: Type) -> OwnClass:
    """Return the class of the instances of a type."""
    assert isinstance(type_, LibraryRef | TupleType)
    found = own_class(module_of(frame), type_.python_class)
    assert isinstance(found, OwnClass)
    return found


def module_of(frame: Frame) -> ModuleScope:
    """Return the module whose classes are meant: where the library is inferred for a program, the program's."""
    scope = frame.names.scope
    if scope.library:
        module = frame.unit.specialiser.module
        assert module is not None
        return module
    return scope.outer or scope


def type_of(found: OwnClass) -> LibraryRef:
    """Return the type of the instances of a class."""
    said = [name for name in ASKED if found.says(name)]
    if found.is_exception:
        return exception_type(found.name, said)
    return instance_type(found.name, said) if found.kind is None else member_type(found.name, found.kind, said)


def begin_instance(frame: Frame, node: ast.AST, found: OwnClass, steps: list[Step]) -> Known:
    """Make an instance in a temporary, which has the constants of its class and no fields."""
    span, type_, sites = frame.span(node), type_of(found), frame.unit.specialiser.sites
    local = frame.temporary("instance", type_)
    names = list(sites.fields.setdefault(found.name, {}))
    steps.append(Assigned(span, local, Known(span, type_, Operated("frame.of", (), place_of(sites, found.name, "")))))
    made = Known(span, type_, Load(local))
    for name in names:
        default = class_constant(frame, node, found, name)
        if isinstance(default, Known) and (held := sites.held(found.name, name)) is not None:
            steps.append(_written(frame, node, made, name, coerced(frame, default, held)))
        elif name.startswith(_HAS):
            steps.append(_written(frame, node, made, name, constant(span, False)))
    return made


def place_of(sites: Sites, name: str, attribute: str) -> str:
    """Return where a field is in its frame; without one, where the frame ends."""
    index, slots = FIRST_INDEX, FIRST_SLOT
    for own, type_ in sites.fields[name].items():
        if own == attribute:
            break
        index, slots = index + 1, slots + type_.slot_count
    return f"{index}.{slots}"


def _written(frame: Frame, node: ast.AST, owner: Known, name: str, value: Known) -> Step:
    return Evaluated(frame.span(node), _write(frame, node, owner, name, value))


def _write(frame: Frame, node: ast.AST, owner: Known, name: str, value: Known) -> Known:
    assert isinstance(owner.type, LibraryRef)
    place = place_of(frame.unit.specialiser.sites, owner.type.python_class, name)
    return operated(frame.span(node), NONE, "frame.set", owner, value, name=place)


# Of an expression that is neither a number nor a text.
MISSING = ()


def plain_constant(value: ast.expr) -> object:
    """Return the number, text or None that an expression is; MISSING for any other."""
    try:
        plain = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return MISSING
    return plain if isinstance(plain, bool | int | float | str | None) else MISSING


def class_constant(frame: Frame, node: ast.AST, found: OwnClass, name: str) -> Fact | None:
    """Return an attribute that the class itself has; None where it has none."""
    value = found.constant(name)
    if value is None:
        return None
    plain = plain_constant(value)
    if not isinstance(plain, bool | int | float | str | None):
        return frame.refuse(
            "P0309", node, f"`{name}` of class `{found.name}` is neither a number nor a text", f"set it in __init__: self.{name} = …"
        )
    span = frame.span(node)
    return Known(span, TEXT, Constant(plain)) if isinstance(plain, str) else constant(span, plain)


def read_attribute(frame: Frame, node: ast.AST, owner: Known, name: str) -> Fact:
    """Return `owner.name` of an instance."""
    found, sites, span = class_of(frame, owner.type), frame.unit.specialiser.sites, frame.span(node)
    method = found.method(name)
    if method is not None and method.kind == "property":
        return call_method(frame, node, owner, method, [])
    if method is not None:
        return frame.refuse("P0307", node, f"the method `{name}` can only be called here", f"call it: x.{name}(…)")
    held = sites.held(found.name, name)
    if held is None:
        default = class_constant(frame, node, found, name)
        if default is not None:
            return after(span, [] if is_simple(owner) else [Evaluated(span, owner)], default) if isinstance(default, Known) else default
        return _missing(frame, node, found, name, [owner])
    place = place_of(sites, found.name, name)
    if name in found.certain or found.constant(name) is not None:
        return operated(span, held, "frame.get", owner, name=place)
    steps: list[Step] = []
    one = owner if is_simple(owner) else hold(frame, owner, "owner", steps)
    sites.stored(found.name, _HAS + name, BOOL)
    there = operated(span, BOOL, "frame.get", one, name=place_of(sites, found.name, _HAS + name))
    absent = primitive(span, BOOL, "bool.not", there)
    steps.append(Tested(span, absent, (Raised(span, "AttributeError", _no_attribute(found, name)),)))
    return after(span, steps, operated(span, held, "frame.get", one, name=place))


def has_attribute(frame: Frame, node: ast.AST, owner: Known, name: str) -> Known:
    """Return whether an instance, which costs nothing to evaluate, has a field, a method or a constant of a name."""
    found, sites, span = class_of(frame, owner.type), frame.unit.specialiser.sites, frame.span(node)
    if name in found.certain or found.method(name) is not None or found.constant(name) is not None:
        return constant(span, True)
    sites.stored(found.name, _HAS + name, BOOL)
    return operated(span, BOOL, "frame.get", owner, name=place_of(sites, found.name, _HAS + name))


def names_of_fields(frame: Frame, found: OwnClass) -> list[str]:
    """Return what the program stores in instances of a class, as far as that is known."""
    return [name for name in frame.unit.specialiser.sites.fields.get(found.name, {}) if not name.startswith(_HAS) and name != SHOWING]


def _no_attribute(found: OwnClass, name: str) -> str:
    return f"'{found.name}' object has no attribute '{name}'"


def _missing(frame: Frame, node: ast.AST, found: OwnClass, name: str, values: Sequence[Known]) -> Fact:
    sites = frame.unit.specialiser.sites
    if not sites.settled:
        frame.effects.unknown_result = True
        sites.fields.setdefault(found.name, {})
        return PENDING
    return frame.refuse(
        "P0307", node, f"`{found.name}` has no attribute `{name}` that anything is known of", "set it in __init__, or check its spelling"
    )


def store_attribute(frame: Frame, node: ast.AST, owner: Known, name: str, value: Known) -> Known | Unknown:
    """Return what does `owner.name = value`, both evaluated."""
    found, sites, span = class_of(frame, owner.type), frame.unit.specialiser.sites, frame.span(node)
    if value.type == NEVER:
        return constant(span, None)
    setter = found.role(name, "setter")
    if setter is not None:
        return call_method(frame, node, owner, setter, [value])
    if found.is_exception and name == EXCEPTION_ARGUMENTS and isinstance(node, ast.Attribute):
        return frame.refuse("P0307", node, "the arguments of an exception are not replaced", "call super().__init__(…)")
    if found.method(name) is not None:
        return frame.refuse("P0309", node, f"`{name}` is a method of class `{found.name}`", "give the field a name of its own")
    if found.slots is not None and name not in found.slots:
        return frame.refuse("P0307", node, f"`__slots__` of class `{found.name}` has no `{name}`", "CPython raises AttributeError here")
    default = class_constant(frame, node, found, name)
    if isinstance(default, Unknown):
        return default
    stored = None if value.type.mutable else sites.stored(found.name, name, value.type)
    if stored is not None and default is not None:
        stored = sites.stored(found.name, name, default.type)
    if stored is None:
        known = sites.held(found.name, name)
        shown = describe(value.type) if known is None else f"{describe(known)} and {describe(value.type)}"
        return frame.refuse("P0302", node, f"`{name}` of class `{found.name}` would hold {shown}", "give the field values of one type")
    steps: list[Step] = []
    if name not in found.certain and default is None:
        owner = owner if is_simple(owner) else hold(frame, owner, "owner", steps)
        sites.stored(found.name, _HAS + name, BOOL)
        steps.append(_written(frame, node, owner, _HAS + name, constant(span, True)))
    return after(span, steps, _write(frame, node, owner, name, coerced(frame, value, stored)))


def call_method(
    frame: Frame, node: ast.AST, owner: Known, method: Method, args: Sequence[Known], nodes: Sequence[ast.AST | None] = ()
) -> Fact:
    """Return the call of a method with evaluated arguments, one for each parameter."""
    parameters = method.definition.args
    count = len(parameters.posonlyargs) + len(parameters.args)
    if count != 1 + len(args) or parameters.kwonlyargs:
        return frame.refuse("P0310", node, f"`{method.name}` takes {count - 1} arguments, not {len(args)}", "pass these")
    return call_specialised(frame, node, module_of(frame), method.name, [owner, *args], [None, *nodes, *[None] * (len(args) - len(nodes))])


def special(frame: Frame, node: ast.AST, owner: Known, name: str, args: Sequence[Known], *, leaving: bool = False) -> Fact | None:
    """Return what the special method `name` of an instance gives; None where its class has none.

    `leaving`: it may give NotImplemented, and somebody else is asked then.
    """
    if frame.names.scope.library and frame.unit.specialiser.module is None:
        return frame.refuse("P0308", node, f"`{name}` is not called from here", "call it yourself")
    method = class_of(frame, owner.type).method(name)
    if method is None:
        return None
    found = call_method(frame, node, owner, method, args)
    if isinstance(found, Known) and NOT_IMPLEMENTED in members_of(found.type):
        if found.type == NOT_IMPLEMENTED and leaves_at_once(method.definition):
            return None
        return (
            found
            if leaving
            else frame.refuse(
                "P0305", node, f"`{method.name}` gives NotImplemented here, or may", "test for the class first, with isinstance"
            )
        )
    return found


def surrounding_class(frame: Frame, receiver: Known) -> OwnClass | None:
    """Return the class in whose body the function at hand is defined, as the class of whom it was called on derives from it."""
    name = class_named(receiver.type) or (receiver.type.python_class if isinstance(receiver.type, LibraryRef | TupleType) else "")
    found = own_class(module_of(frame), name)
    for one in found.line() if isinstance(found, OwnClass) else ():
        if any(method.definition is frame.unit.definition for method in (*one.methods.values(), *one.roles.values())):
            return one
    return None


def own_receiver(frame: Frame) -> Known | None:
    """Return the instance or class that the method at hand was called on: its first parameter, which nothing assigns."""
    definition = frame.unit.definition
    parameters = [] if definition is None else [*definition.args.posonlyargs, *definition.args.args]
    if definition is None or not parameters or parameters[0].arg in frame.unit.stored_names:
        return None
    name = parameters[0].arg
    binding = frame.live.names.get(name)
    known = binding is not None and (is_instance(binding.type) or class_named(binding.type) is not None)
    return None if binding is None or not known else frame.place(binding, frame.span(parameters[0]))
