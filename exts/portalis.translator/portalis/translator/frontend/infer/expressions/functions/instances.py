"""Calls about the module's own classes: instances made, methods of instances, of classes and of base classes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from portalis.translator.diagnostics.spelling import did_you_mean
from portalis.translator.frontend.calls.builtins import BUILTINS
from portalis.translator.frontend.calls.methods.rows import MISSPELT_MEMBER
from portalis.translator.frontend.calls.rows import call_row
from portalis.translator.frontend.facts.making import after, constant, decided, describe, hold, is_simple
from portalis.translator.frontend.facts.model import PENDING, Build, Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.functions.arguments import Arguments, arguments_of, call_function, call_with
from portalis.translator.frontend.infer.expressions.functions.exceptions import begin_exception, call_of_exception
from portalis.translator.frontend.infer.expressions.functions.named.tuples import make_named
from portalis.translator.frontend.infer.expressions.functions.raised import class_of_value, derives
from portalis.translator.frontend.infer.expressions.functions.standing import builtin_value
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.enumerations import looked_up
from portalis.translator.frontend.infer.names.instances import (
    begin_instance,
    class_of,
    module_of,
    own_receiver,
    surrounding_class,
    type_of,
)
from portalis.translator.frontend.infer.names.narrowing import class_asked
from portalis.translator.frontend.read.at_import.own_classes import OwnClass, own_class
from portalis.translator.frontend.types.references.building import list_of
from portalis.translator.frontend.types.references.hashing import hashed, is_hashable
from portalis.translator.frontend.types.references.showing import CLASSES
from portalis.translator.frontend.types.unions.enumerations import is_number_or_text, plain
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.closures import is_function
from portalis.translator.ir.exceptions import EXCEPTION, EXCEPTION_CLASS
from portalis.translator.ir.hashing import hash_varies
from portalis.translator.ir.instances import class_named, class_type, is_instance, is_named, kind_of_member, says
from portalis.translator.ir.types import FLOAT, INT, NEVER, NONE, WIDE, LibraryRef, Type, members_of


def class_value(infer: FunctionInference, node: ast.AST, name: str) -> Known:
    """Return a class of the module as a value."""
    return Known(infer.span(node), class_type(name), Build(()))


def construct(infer: FunctionInference, node: ast.Call, name: str, arguments: Arguments | Unknown) -> Fact:
    """Return the call of a class: a new instance, on which `__init__` is called."""
    found = own_class(module_of(infer), name)
    if isinstance(found, str):
        return infer.refuse("P0309", node, f"an object of class `{name}` is not translated: {found}", "use a tuple, or separate variables")
    if isinstance(arguments, Unknown):
        return arguments
    if found.abstract:
        return infer.refuse(
            "P0309", node, f"`{name}` is abstract: CPython makes no instance of it", "define what it lacks in a class of its own"
        )
    infer.names.scope.visited.add(id(node.func))
    if found.fields is not None:
        return make_named(infer, node, found, arguments)
    if found.kind is not None:
        if len(arguments.args) != 1 or arguments.keywords:
            return infer.refuse("P0310", node, f"`{name}` is looked up by one value", f"write {name}(value)")
        return looked_up(infer, node, found, arguments.args[0])
    steps: list[Step] = []
    made = begin_instance(infer, node, found, steps)
    method = found.method("__init__")
    if found.is_exception:
        arguments = replace(arguments, args=[hold(infer, value, "argument", steps) for value in arguments.args])
        refused = begin_exception(infer, node, made, arguments, steps, says_more=method is not None)
        if refused is not None:
            return refused
    if method is None and arguments.values and not found.is_exception:
        return infer.refuse("P0310", node, f"`{name}` takes no arguments", "define __init__ in the class")
    if method is not None:
        done = call_with(infer, node, module_of(infer), method.name, made, arguments)
        if isinstance(done, Unknown) and not done.pending and infer.unit.specialiser.sites.settled:
            return done
        if isinstance(done, Known) and done.type not in (NONE, NEVER):
            return infer.refuse("P0304", node, f"`__init__` of class `{name}` returns a value", "CPython raises TypeError here")
        if isinstance(done, Known):
            steps.append(Evaluated(infer.span(node), done))
    return after(infer.span(node), steps, made)


def call_of_class(infer: FunctionInference, node: ast.Call, function: ast.Attribute) -> Fact | None:
    """Infer `super().name(…)` and `Class.name(…)`; None where it is neither."""
    owner, visited = function.value, infer.names.scope.visited
    match owner:
        case ast.Call(func=ast.Name(id="super"), args=[], keywords=[]) if not infer.shadows("super"):
            visited.update((id(function), id(owner), id(owner.func)))
            return _call_of_base(infer, node, function)
        case ast.Name(id=name) if name not in infer.names.local and infer.lineage(owner) is not None:
            visited.update((id(function), id(owner)))
            return call_in_class(infer, node, function, class_value(infer, owner, name))
        case _:
            return None


def _call_of_base(infer: FunctionInference, node: ast.Call, function: ast.Attribute) -> Fact:
    receiver = own_receiver(infer)
    found = None if receiver is None else surrounding_class(infer, receiver)
    if (
        receiver is not None
        and found is not None
        and found.is_exception
        and (found.base is None or found.base.method(function.attr) is None)
    ):
        return call_of_exception(infer, node, function, receiver)
    if receiver is None or found is None or found.base is None:
        if function.attr == "__init__" and not node.args and not node.keywords and found is not None:
            return constant(infer.span(node), None)
        arguments_of(infer, node)
        return infer.refuse("P0309", node, "`super()` is translated in methods of classes with a base class", "name the function")
    method = found.base.method(function.attr)
    if method is None and function.attr == "__init__" and not node.args and not node.keywords:
        return constant(infer.span(node), None)
    of_class = class_named(receiver.type)
    if method is not None and method.kind == "method" and of_class is None:
        return call_function(infer, node, module_of(infer), method.name, receiver)
    if method is not None and method.kind == "class":
        given = receiver if of_class is not None else class_value(infer, node, receiver.type.python_class)
        return call_function(infer, node, module_of(infer), method.name, given)
    if method is not None and method.kind == "static":
        return call_function(infer, node, module_of(infer), method.name, None)
    arguments_of(infer, node)
    said = f"`{found.base.name}` has no method `{function.attr}`"
    return refuse_method(infer, node, found.base, function.attr, said, "define it in the base class")


def call_in_class(infer: FunctionInference, node: ast.Call, function: ast.Attribute, owner: Known) -> Fact:
    """Infer `Class.name(…)`: a class method, a static method, or a method that gets its instance as an argument like any other."""
    infer.names.scope.visited.add(id(function))
    name = class_named(owner.type)
    assert name is not None
    of = own_class(module_of(infer), name)
    method = None if isinstance(of, str) else of.method(function.attr)
    if method is None or method.kind == "property":
        arguments_of(infer, node)
        return infer.refuse("P0309", node, f"`{name}.{function.attr}` is not translated", "call a method of an instance")
    if method.kind == "class":
        return call_function(infer, node, module_of(infer), method.name, owner)
    if not is_simple(owner):
        infer.add(Evaluated(owner.span, owner))
    if method.kind == "static":
        return call_function(infer, node, module_of(infer), method.name, None)
    arguments = arguments_of(infer, node, open_=True)
    if isinstance(arguments, Unknown):
        return arguments
    defined = method.name.partition(".")[0]
    if not arguments.args or not is_instance(arguments.args[0].type) or not class_of(infer, arguments.args[0].type).derives_from(defined):
        return infer.refuse(
            "P0309", node, f"`{method.name}` is called with something else than an instance", "call a method of an instance"
        )
    return call_with(infer, node, module_of(infer), method.name, None, arguments)


def call_of_instance(infer: FunctionInference, node: ast.Call, function: ast.Attribute, receiver: Known) -> Fact:
    """Infer `value.name(…)` of an instance."""
    infer.names.scope.visited.add(id(function))
    method = class_of(infer, receiver.type).method(function.attr)
    if method is not None and method.kind == "method":
        return call_function(infer, node, module_of(infer), method.name, receiver)
    if method is not None and method.kind == "static":
        infer.add(Evaluated(receiver.span, receiver))
        return call_function(infer, node, module_of(infer), method.name, None)
    if method is not None and method.kind == "class":
        infer.add(Evaluated(receiver.span, receiver))
        return call_function(infer, node, module_of(infer), method.name, class_value(infer, node, receiver.type.python_class))
    arguments_of(infer, node)
    if not infer.unit.specialiser.sites.settled:
        infer.effects.unknown_result = True
        return PENDING
    said = f"`{receiver.type}` has no method `{function.attr}` that is called so"
    return refuse_method(infer, node, class_of(infer, receiver.type), function.attr, said, "define it in the class with `def`")


def refuse_method(infer: FunctionInference, node: ast.Call, of: OwnClass, name: str, said: str, otherwise: str) -> Unknown:
    """Refuse a call of a method that neither a class nor its bases have; the help asks for one that is spelt almost so."""
    known: list[str] = []
    owner: OwnClass | None = of
    while owner is not None:
        known += owner.methods
        owner = owner.base
    return infer.refuse("P0307", node, said, did_you_mean(name, known, otherwise, likeness=MISSPELT_MEMBER))


_SAID = {"abs": "__abs__", "int": "__int__", "float": "__float__", "round": "__round__"}
_GIVEN: dict[str, tuple[Type, ...]] = {"int": (INT, WIDE), "float": (FLOAT,)}


def said_of_instance(infer: FunctionInference, node: ast.Call, name: str, args: Sequence[Known]) -> Fact | None:
    """Return what a built-in gives of an instance whose class says it; None for any other call."""
    if name in ("min", "max") and len(args) > 1 and any(is_instance(one.type) for one in args):
        listed = list_of(infer, node, [*args])
        return infer.written(node, "least" if name == "min" else "greatest", [listed]) if isinstance(listed, Known) else listed
    if (
        args
        and is_number_or_text(args[0])
        and name in ("int", "float", "abs", "round")
        and class_of(infer, args[0].type).method(_SAID[name]) is None
    ):
        values = plain(infer, node, args)
        return values if isinstance(values, Unknown) else call_row(infer, node, BUILTINS[name], values, {})
    special_name = _SAID.get(name)
    if special_name is None or not args or not is_instance(args[0].type) or len(args) > 1 + (name == "round"):
        return None
    method = class_of(infer, args[0].type).method(special_name)
    if method is None or method.kind != "method":
        return None
    given = Arguments(list(args[1:]), {}, list(node.args[1:]))
    found = call_with(infer, node, module_of(infer), method.name, args[0], given)
    wanted = _GIVEN.get(name)
    if isinstance(found, Known) and wanted is not None and found.type not in wanted:
        return infer.refuse(
            "P0308", node, f"`{special_name}` gives {found.type}", f"CPython raises TypeError here: `{name}` gives its own type"
        )
    return found


def call_type(infer: FunctionInference, node: ast.Call) -> Fact | None:
    """Infer `type(value)` of an instance or of what is of a class of Python's own: its class; None for anything else."""
    asked = class_asked(infer, node)
    value = None if asked is None or not infer.references else infer.expression(asked)
    if isinstance(value, Known) and value.type == EXCEPTION:
        return class_of_value(infer, node, value)
    if not isinstance(value, Known) or not all(is_instance(one) or _has_plain_class(infer, one) for one in members_of(value.type)):
        return value if isinstance(value, Unknown) else None
    infer.names.scope.visited.add(id(node.func))

    def one(parts: list[Known]) -> Fact | None:
        effects: list[Step] = [] if is_simple(parts[0]) else [Evaluated(parts[0].span, parts[0])]
        name = parts[0].type.python_class
        class_ = class_value(infer, node, name) if is_instance(parts[0].type) else builtin_value(infer, node, name)
        return after(infer.span(node), effects, class_) if isinstance(class_, Known) else class_

    return by_member(infer, node, [value], one, lambda types: None)


def _has_plain_class(infer: FunctionInference, type_: Type) -> bool:
    name = type_.python_class
    return name in CLASSES and not is_named(type_) and not infer.shadows(name)


def call_hash(infer: FunctionInference, node: ast.Call) -> Fact | None:
    """Infer `hash(value)`: of numbers CPython's own; where a class says what its hash is, of anything, since only tables see that."""
    if len(node.args) != 1 or node.keywords or not infer.references or isinstance(node.args[0], ast.Starred):
        return None
    value = infer.expression(node.args[0])
    if isinstance(value, Unknown):
        return value
    inside = infer.unit.definition is not None and infer.unit.definition.name == "__hash__"
    if not inside and is_instance(value.type) and _hash_is_known(infer, value.type):
        infer.names.scope.visited.add(id(node.func))
        said = infer.special(node, value, "__hash__", [])
        # CPython takes an int of 64 bits as it is, but for -1.
        return said if not isinstance(said, Known) or said.type != INT else infer.library(node, "hashing", "of_object", [said])
    if not is_hashable(value.type) or (hash_varies(value.type) and not inside):
        return infer.refuse("P0308", node, f"`hash` of {describe(value.type)} differs from run to run, or is none", "use the value itself")
    infer.names.scope.visited.add(id(node.func))
    return hashed(infer, node, value)


def _hash_is_known(infer: FunctionInference, type_: Type) -> bool:
    """Tell whether a class says that its hash is that of fields, or one of them, whose hashes are the same in every process."""
    is_said = kind_of_member(type_) is None and says(type_, "__hash__")
    method = class_of(infer, type_).method("__hash__") if is_said else None
    match method.definition if method is not None and method.kind == "method" else None:
        case ast.FunctionDef(args=ast.arguments(args=[ast.arg(arg=own)]), body=[*described, ast.Return(value=ast.expr() as given)]):
            pass
        case _:
            return False
    match given:
        case ast.Call(func=ast.Name(id="hash"), args=[ast.Tuple(elts=parts)], keywords=[]):
            pass
        case ast.Call(func=ast.Name(id="hash"), args=[part], keywords=[]):
            parts = [part]
        case _:
            return False
    fields = [part.attr for part in parts if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == own]
    held = [infer.unit.specialiser.sites.held(type_.python_class, name) for name in fields]
    plain = all(isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) for one in described) and not infer.shadows("hash")
    return plain and len(fields) == len(parts) and not any(one is not None and hash_varies(one) for one in held)


def call_subclass(infer: FunctionInference, node: ast.Call) -> Fact | None:
    """Infer `issubclass(one, other)` of classes of the module; None for anything else."""
    if len(node.args) != 2 or node.keywords or not infer.references:
        return None
    asked = infer.expression(node.args[0])
    if isinstance(asked, Known) and asked.type == EXCEPTION_CLASS:
        return derives(infer, node, asked)
    name = class_named(asked.type) if isinstance(asked, Known) else None
    kinds = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
    wanted = [infer.lineage(kind) for kind in kinds]
    found = None if name is None else own_class(module_of(infer), name)
    if not isinstance(asked, Known) or not isinstance(found, OwnClass):
        return None
    infer.names.scope.visited.update((id(node.func), *map(id, ast.walk(node.args[1]))))
    objects = [isinstance(kind, ast.Name) and kind.id == "object" and not infer.shadows("object") for kind in kinds]
    if any(one is None and not is_object for one, is_object in zip(wanted, objects, strict=True)):
        return None
    answer = any(objects) or any(derives(type_of(found)) for derives in wanted if derives is not None)
    return decided(infer, node, answer, [asked])


def can_be_called(infer: FunctionInference, type_: Type) -> bool:
    """Tell whether a value of a type may be called: a function, or an instance whose class says what that gives."""
    return type_ == NEVER or any(is_function(one) or (is_instance(one) and infer.has_special(one, "__call__")) for one in members_of(type_))


def call_instance(infer: FunctionInference, node: ast.Call, value: Known, arguments: Arguments | Unknown) -> Fact:
    """Return the call of an instance: its class says what that gives."""
    infer.names.scope.visited.add(id(node.func))
    method = class_of(infer, value.type).method("__call__")
    if method is not None and method.kind == "method":
        return call_with(infer, node, module_of(infer), method.name, value, arguments)
    return infer.refuse("P0309", node, f"`{value.type}` cannot be called", "define __call__ in the class")


def call_callable(infer: FunctionInference, node: ast.Call) -> Fact | None:
    """Infer `callable(value)`, which the class of a value says; None for what nobody here knows of."""
    if len(node.args) != 1 or node.keywords or not infer.references or isinstance(node.args[0], ast.Starred):
        return None
    value = infer.expression(node.args[0])
    if isinstance(value, Unknown) or any(_is_of_the_library(one) for one in members_of(value.type)):
        return value if isinstance(value, Unknown) else None
    infer.names.scope.visited.update((id(node.func), id(node.args[0])))

    def one(parts: list[Known]) -> Fact:
        return decided(infer, node, can_be_called(infer, parts[0].type), parts)

    return by_member(infer, node, [value], one, lambda types: None)


def _is_of_the_library(type_: Type) -> bool:
    return isinstance(type_, LibraryRef) and not is_instance(type_) and not is_function(type_)
