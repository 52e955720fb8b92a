"""Reading a name: a local variable, a module constant, or a refusal that says what the name is instead."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import replace

from portalis.translator.diagnostics.spelling import did_you_mean, forgotten
from portalis.translator.frontend.calls.library import library_scope
from portalis.translator.frontend.calls.modules.math import help_for_math
from portalis.translator.frontend.calls.modules.table import module_rows
from portalis.translator.frontend.facts.contents import contents_of, holds_changeable
from portalis.translator.frontend.facts.making import constant
from portalis.translator.frontend.facts.model import Build, Fact, Known, Unknown
from portalis.translator.frontend.infer.expressions.functions.standing import builtin_value, standard_function
from portalis.translator.frontend.infer.expressions.functions.values import as_closure, module_function
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.enumerations import sentinel
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.at_import.kept import ConstantUses
from portalis.translator.frontend.read.at_import.own_classes import OwnClass, own_class
from portalis.translator.frontend.read.at_import.tables import import_of
from portalis.translator.frontend.read.module_scope import ModuleScope, known_of
from portalis.translator.frontend.read.standard import standard_constant
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.closures import is_callable
from portalis.translator.ir.instances import NOT_IMPLEMENTED, class_type
from portalis.translator.ir.types import BYTEARRAY, GF_TYPES, DictRef, ListRef, ListType, SetRef, Type, members_of
from portalis.translator.library.import_time import IMPORTABLE


def infer_name(infer: FunctionInference, node: ast.Name) -> Fact:
    """Infer the reading of a name."""
    name, scope = node.id, infer.names.scope
    if name in infer.names.local or name in infer.live.names:
        if name == infer.self_name:
            return infer.refuse(
                "P0504", node, f"`{name}` itself cannot be passed on or stored", f"pass what is needed of it: {name}.attribute"
            )
        return _variable(infer, node)
    kind, inner = infer.names.imported(name) or ("", "")
    if kind == "standard":
        return standard_value(infer, node, inner)
    if name in scope.constants:
        return module_constant(infer, node)
    if kind == "refused":
        return Unknown(None)
    if kind == "math" and inner:
        return math_constant(infer, node, inner)
    if kind == "library":
        module, _, constant = inner.rpartition(".")
        return foreign_constant(infer, node, module, constant)
    return _refuse_name(infer, node)


def _variable(infer: FunctionInference, node: ast.Name) -> Fact:
    value = infer.load(node.id, node)
    return as_closure(infer, node, value) if isinstance(value, Known) and is_callable(value.type) else value


def module_constant(infer: FunctionInference, node: ast.Name) -> Fact:
    """Infer a module constant by inferring its expression in place: it is never assigned twice, so its value is that of its text."""
    name, names = node.id, infer.names
    scope = names.scope.binder(name)
    if name in scope.state:
        return infer.refuse(
            "P0314",
            node,
            f"`{name}`, which calls change, is read while the module is imported",
            "read it in a function, where it is what it is by then",
        )
    if name in scope.reassigned:
        return infer.refuse(
            "P0314",
            node,
            f"the module variable `{name}` is assigned more than once, so it is no constant",
            "pass it as a parameter, or give each value its own name",
            f"the second assignment is in line {getattr(scope.reassigned[name], 'lineno', 0)}",
        )
    if name in names.expanding:
        return infer.refuse("P0314", node, f"the module constant `{name}` is defined by itself", "give it a value of its own")
    if (one := sentinel(infer, node, scope, name)) is not None:
        return one
    cache = infer.unit.specialiser.constants(scope)
    value = cache.get(name)
    if value is None:
        if not scope.expand():
            return infer.refuse(
                "P0005",
                node,
                "the module's constants are built from one another more often than its size allows",
                "write the values themselves, or compute them in a function",
            )
        # The constant's own text must not see the function's variables, and its refusals lie at the constant.
        with infer.apart(Names(scope, frozenset(), names.expanding | {name})):
            value = infer.expression(scope.constants[name])
        if scope.library or (isinstance(value, Known) and (value.is_constant or _is_plain(scope.constants[name], cache))):
            cache[name] = value
    if isinstance(value, Unknown):
        return value
    if not scope.library and (value.type.mutable or holds_changeable(value.type)) and is_kept(infer, scope, node, value.type):
        (scope.outer or scope).changed_constants.add(name)
        return infer.refuse(
            "P0314",
            node,
            f"`{name}` is one object for all calls, and here it could be changed or kept",
            f"pass on a copy, or what is looked up in it: list({name}), {name}[0]",
        )
    if value.is_constant:
        value = replace(value, span=infer.span(node))
    return replace(value, roots=frozenset((f"@@{name}",))) if value.type.mutable else value


def is_kept(infer: FunctionInference, scope: ModuleScope, node: ast.expr, type_: Type) -> bool:
    """Tell whether an object of the module, which is made anew here, could be told from the one that CPython has."""
    if infer.names.expanding:
        # In another constant, of which the same is asked.
        return False
    uses = ConstantUses(scope)
    if not uses.lies_in_a_function(node):
        return False
    if isinstance(type_, GF_TYPES):
        # What else would change it is seen by those who own values.
        return uses.are_returned(node)
    return not uses.only_read(node, _levels(type_), keyed=isinstance(type_, DictRef))


def _levels(type_: Type) -> int:
    """Return how many objects that can change lie in one another."""
    inner = contents_of(type_) if isinstance(type_, ListRef | DictRef | SetRef) else members_of(type_)
    below = max((_levels(one) for one in (inner if inner != (type_,) else type_.elements)), default=0)
    return below + (
        type_ == BYTEARRAY or isinstance(type_, DictRef | ListType) or (isinstance(type_, ListRef | SetRef) and not type_.frozen)
    )


def _is_plain(node: ast.expr, cache: Mapping[str, Fact]) -> bool:
    """Tell whether an expression needs no storage of the function that names it: literals, and tuples and lists of what is plain."""
    match node:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.Name(id=name):
            return name in cache
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return all(_is_plain(element, cache) for element in elements)
        case _:
            return False


def math_constant(infer: FunctionInference, node: ast.expr, name: str) -> Fact:
    """Infer `math.pi` and its like, which the library defines."""
    scope = library_scope("math")
    if name in scope.constants:
        return foreign_constant(infer, node, "math", name)
    if name in scope.functions:
        if (standing := standard_function(infer, node, f"math.{name}")) is not None:
            return standing
        return infer.refuse("P0309", node, f"`math.{name}` is a function and must be called here", f"write math.{name}(…)")
    return infer.refuse("P0317", node, f"`math.{name}` has no translation", help_for_math(name))


def standard_value(infer: FunctionInference, node: ast.expr, dotted: str) -> Fact:
    """Infer `sys.maxsize` and its like; a function of a module, and the module, are no values."""
    module, _, name = dotted.partition(".")
    if not name:
        return infer.refuse("P0309", node, f"the module `{module}` is not a value", f"use one of its names: {module}.…")
    value = standard_constant(module, name)
    if isinstance(value, str) and infer.references:
        return text_constant(infer, node, value)
    if value is not None:
        return constant(infer.span(node), value)
    if module == "operator" and f"operator.{name}" in module_rows() and (standing := standard_function(infer, node, dotted)) is not None:
        return standing
    if name in IMPORTABLE[module]:
        return infer.refuse("P0309", node, f"`{dotted}` is a function and must be called here", f"write {dotted}(…)")
    return infer.refuse("P0317", node, f"`{dotted}` has no translation", known_of(module, name))


def foreign_constant(infer: FunctionInference, node: ast.expr, module: str, name: str) -> Fact:
    """Infer a constant of a library module, seen from another module."""
    with infer.apart(Names(library_scope(module), frozenset())):
        return infer_name(infer, ast.copy_location(ast.Name(name, ast.Load()), node))


def _refuse_name(infer: FunctionInference, node: ast.Name) -> Fact:
    name, scope = node.id, infer.names.scope
    if name in scope.functions and infer.references:
        return module_function(infer, node)
    if name in scope.classes and infer.references and not isinstance(own_class(scope.outer or scope, name), str):
        return Known(infer.span(node), class_type(name), Build(()))
    if name == "NotImplemented" and infer.references:
        return operated(infer.span(node), NOT_IMPLEMENTED, "record.of", constant(infer.span(node), True))
    if name in scope.classes and isinstance(found := own_class(scope.outer or scope, name), OwnClass) and found.kind is not None:
        first, value = next(iter(found.members), ("RUNNING", 1))
        help_ = f"name constants in the module instead: {name.upper()}_{first} = {value!r}"
        return infer.refuse("P0309", node, f"members of the enumeration `{name}` are no values of a behaviour", help_)
    if name in scope.functions or name in scope.classes:
        return infer.refuse("P0309", node, f"`{name}` can only be called here, not used as a value", f"call it: {name}(…)")
    if infer.names.imported(name) is not None:
        return infer.refuse("P0309", node, f"the module `{name}` is not a value", f"use one of its names: {name}.…")
    if (standing := builtin_value(infer, node, name)) is not None:
        return standing
    if hasattr(builtins, name):
        return infer.refuse("P0224", node, f"the built-in `{name}` has no translation as a value", "call a function of this file instead")
    known = {*scope.names, *infer.names.local, *infer.storage.params}
    hint = did_you_mean(name, known, "define it as a parameter, a variable or a module constant")
    return infer.refuse("P0301", node, f"the name `{name}` is not defined", forgotten(import_of(name), hint))
