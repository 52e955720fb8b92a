"""Attributes: fields of `self`, names of the modules math and Gf, and what types have."""

from __future__ import annotations

import ast

from portalis.translator.diagnostics.spelling import did_you_mean
from portalis.translator.frontend.calls.methods.rows import meant_member, method_rows
from portalis.translator.frontend.facts.contents import holds_changeable
from portalis.translator.frontend.facts.making import after, describe, is_simple
from portalis.translator.frontend.facts.model import Constant, Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.functions.named.tuples import attribute_of_named, names_of_fields
from portalis.translator.frontend.infer.expressions.functions.standing import bound_method, is_method, method_of_class, method_of_text
from portalis.translator.frontend.infer.expressions.names import is_kept, math_constant, standard_value
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.enumerations import attribute_of_member, member
from portalis.translator.frontend.infer.names.instances import MISSING, class_constant, class_of, plain_constant, read_attribute
from portalis.translator.frontend.infer.names.instances import module_of as module_of_classes
from portalis.translator.frontend.infer.names.narrowing import class_asked
from portalis.translator.frontend.infer.names.places import as_tested
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.annotations import gf_name
from portalis.translator.frontend.read.at_import.decorators import is_wraps
from portalis.translator.frontend.read.at_import.own_classes import OwnClass, own_class
from portalis.translator.frontend.read.standard import standard_constant
from portalis.translator.frontend.read.tree import walk
from portalis.translator.frontend.types.references.showing import python_class_named
from portalis.translator.frontend.types.table import behaviour_of
from portalis.translator.frontend.types.unions.exceptions import name_of_class
from portalis.translator.frontend.types.unions.mistakes import of_attribute
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.closures import closure_key, function_of, is_function
from portalis.translator.ir.exceptions import EXCEPTION
from portalis.translator.ir.instances import class_named, is_instance, is_named
from portalis.translator.ir.types import TEXT, FunctionType, LibraryRef, members_of
from portalis.translator.syntax import CLASS_NAME


def module_of(infer: FunctionInference, node: ast.expr) -> str | None:
    """Return "math" or "gf" where an expression means one of these modules, else None."""
    if isinstance(node, ast.Name) and (node.id in infer.names.local or node.id in infer.live.names):
        return None
    if gf_name(node, infer.names.scope) == "":
        return "gf"
    if isinstance(node, ast.Name) and infer.names.imported(node.id) == ("math", ""):
        return "math"
    return None


def standard_name(infer: FunctionInference, node: ast.expr) -> str | None:
    """Return what an expression means of Python's own library, "operator.add" or the module "operator" itself; None for all else."""
    match node:
        case ast.Name(id=name):
            kind, inner = infer.names.imported(name) or ("", "")
            return inner if kind == "standard" else f"math.{inner}".rstrip(".") if kind == "math" else None
        case ast.Attribute(value=value, attr=attribute):
            owner = standard_name(infer, value)
            # What a constant has is asked of its value: `string.ascii_uppercase.index`.
            return None if owner is None or standard_constant(*owner.partition(".")[::2]) is not None else f"{owner}.{attribute}"
        case _:
            return None


def is_self(infer: FunctionInference, node: ast.expr) -> bool:
    """Tell whether an expression is the method's `self`."""
    return isinstance(node, ast.Name) and infer.self_name is not None and node.id == infer.self_name


def infer_attribute(infer: FunctionInference, node: ast.Attribute) -> Fact:
    """Infer the reading of `value.name`."""
    if is_self(infer, node.value):
        return infer_field(infer, node)
    module = module_of(infer, node.value)
    if module == "math":
        return math_constant(infer, node, node.attr)
    standard = standard_name(infer, node)
    if standard is not None:
        infer.names.scope.visited.add(id(node.value))
        return standard_value(infer, node, standard)
    if module == "gf":
        return infer.refuse("P0318", node, f"`Gf.{node.attr}` can only be called here", f"write Gf.{node.attr}(…)")
    asked = class_asked(infer, node.value) if node.attr == CLASS_NAME else None
    if asked is not None and infer.references:
        return _name_of_class(infer, node, asked)
    if isinstance(node.value, ast.Name) and node.value.id not in infer.names.local and infer.lineage(node.value) is not None:
        return _of_class(infer, node, node.value.id)
    if isinstance(node.value, ast.Name) and node.value.id == "str" and infer.references and not infer.shadows("str"):
        infer.names.scope.visited.add(id(node.value))
        if (standing := method_of_text(infer, node)) is not None:
            return standing
    value = infer.expression(node.value)
    if isinstance(value, Unknown):
        return value
    if (owner := class_named(value.type)) is not None:
        constant = _of_class(infer, node, owner)
        looks: list[Step] = [] if is_simple(value) else [Evaluated(value.span, value)]
        return after(infer.span(node), looks, constant) if isinstance(constant, Known) else constant
    if any(is_instance(one) or is_named(one) for one in members_of(value.type)):
        return attribute_of(infer, node, value)
    if node.attr == CLASS_NAME and all(map(is_function, members_of(value.type))):
        named = by_member(infer, node, [value], lambda parts: _name_of_function(infer, node, parts[0]), lambda types: None)
        return named if named is not None else refuse_attribute(infer, node, value)
    found = behaviour_of(value.type).attribute(infer, node, value)
    if found is None and infer.references and is_method(value.type, node.attr):
        return bound_method(infer, node, value)
    return found if found is not None else refuse_attribute(infer, node, value)


def _name_of_class(infer: FunctionInference, node: ast.Attribute, asked: ast.expr) -> Fact:
    """Infer `type(value).__name__`."""
    infer.names.scope.visited.update(map(id, (node.value, *ast.iter_child_nodes(node.value))))
    value = infer.expression(asked)
    if isinstance(value, Unknown):
        return value

    def one(parts: list[Known]) -> Fact | None:
        type_ = parts[0].type
        if type_ == EXCEPTION:
            return name_of_class(parts[0])
        if isinstance(type_, FunctionType) or (isinstance(type_, LibraryRef) and not is_instance(type_)):
            return None
        effects: list[Step] = [] if is_simple(parts[0]) else [Evaluated(parts[0].span, parts[0])]
        return after(infer.span(node), effects, Known(infer.span(node), TEXT, Constant(_shown(infer, type_.python_class))))

    found = by_member(infer, node, [value], one, lambda types: None)
    return found


def _name_of_function(infer: FunctionInference, node: ast.Attribute, value: Known) -> Fact | None:
    """Return what a function of the text is called, if `wraps` gives none of its name another one, or a class; None of any other."""
    class_ = python_class_named(value.type) or class_named(value.type)
    effects: list[Step] = [] if is_simple(value) else [Evaluated(value.span, value)]
    if class_ is not None:
        return after(infer.span(node), effects, Known(infer.span(node), TEXT, Constant(_shown(infer, class_))))
    scope, closure = infer.names.scope, closure_key(value.type)
    key = function_of(closure) if closure is not None else value.type.name if isinstance(value.type, FunctionType) else ""
    definition = scope.inner[key].definition if key in scope.inner else scope.functions.get(key)
    if definition is None or scope.library or f"def {definition.name}(" not in scope.source.text:
        return None
    for one in (*scope.functions.values(), *scope.classes.values()):
        for inner in walk(one):
            if (
                isinstance(inner, ast.FunctionDef)
                and inner.name == definition.name
                and any(is_wraps(scope, by) for by in inner.decorator_list)
            ):
                return None
    return after(infer.span(node), effects, Known(infer.span(node), TEXT, Constant(definition.name)))


def _shown(infer: FunctionInference, name: str) -> str:
    return module_of_classes(infer).shown_names.get(name, name)


def _of_class(infer: FunctionInference, node: ast.Attribute, name: str) -> Fact:
    """Infer `Class.name`: a constant of the class, or its name."""
    infer.names.scope.visited.update((id(node), id(node.value)))
    if node.attr == CLASS_NAME:
        return Known(infer.span(node), TEXT, Constant(_shown(infer, name)))
    of = own_class(module_of_classes(infer), name)
    if isinstance(of, OwnClass) and of.fields is not None and node.attr == "_fields":
        return names_of_fields(infer, node, of)
    if isinstance(of, OwnClass) and node.attr in of.names:
        return member(infer, node, of, of.names[node.attr])
    found = None if isinstance(of, str) else _constant_of(infer, node, of)
    if found is not None:
        return found
    method = None if isinstance(of, str) or not infer.references else of.method(node.attr)
    if method is not None and method.kind != "property":
        return method_of_class(infer, node, name)
    return infer.refuse("P0309", node, f"`{name}.{node.attr}` is not translated", "read it of an instance, or call it")


def _constant_of(infer: FunctionInference, node: ast.Attribute, of: OwnClass) -> Fact | None:
    """Return an attribute that a class itself has, computed where it is named as a constant of the module is; None where it has none."""
    value = of.constant(node.attr)
    if value is None:
        return None
    plain = plain_constant(value)
    if plain is not MISSING:
        return class_constant(infer, node, of, node.attr)
    module, owner = module_of_classes(infer), of.owner_of_constant(node.attr)
    key = f"{owner.name}.{node.attr}"
    if key in infer.names.expanding:
        return infer.refuse("P0314", node, f"the constant `{key}` is defined by itself", "give it a value of its own")
    inside = module.inside(owner.name)
    for name, known in owner.constants.items():
        if known is value:
            break
        inside.shadow(name, known)
    with infer.apart(Names(inside, frozenset(), infer.names.expanding | {key})):
        found = infer.expression(value)
    return _only_read(infer, node, found, key, "make it in __init__, or pass on a copy")


def _only_read(infer: FunctionInference, node: ast.Attribute, found: Fact, key: str, help: str) -> Fact:
    """Refuse an object of a class that is made anew where it is named, if it could be told from the one that CPython has."""
    module = module_of_classes(infer)
    if isinstance(found, Known) and (found.type.mutable or holds_changeable(found.type)) and is_kept(infer, module, node, found.type):
        return infer.refuse("P0314", node, f"`{key}` is one object for all calls, and here it could be changed or kept", help)
    return found


def attribute_of(infer: FunctionInference, node: ast.Attribute, value: Known) -> Fact:
    """Return an attribute of an instance, or of what may be one."""

    def one(parts: list[Known]) -> Fact | None:
        if is_named(parts[0].type):
            return attribute_of_named(infer, node, parts[0]) or refuse_attribute(infer, node, parts[0])
        return _of_instance(infer, node, parts[0]) if is_instance(parts[0].type) else None

    if is_instance(value.type) or is_named(value.type):
        found = one([value])
        assert found is not None
        return found
    return by_member(infer, node, [value], one, lambda types: of_attribute(infer, node.attr, types))


def _of_instance(infer: FunctionInference, node: ast.Attribute, value: Known) -> Fact:
    of, sites = class_of(infer, value.type), infer.unit.specialiser.sites
    found = attribute_of_member(infer, node, value, node.attr) if of.kind is not None else None
    if found is not None:
        return _only_read(infer, node, found, f"{of.name}.….{node.attr}", "pass on a copy, or what is looked up in it")
    if of.method(node.attr) is None and sites.held(of.name, node.attr) is None and of.constant(node.attr) is not None:
        found = _constant_of(infer, node, of)
        effects: list[Step] = [] if is_simple(value) else [Evaluated(value.span, value)]
        return after(infer.span(node), effects, found) if isinstance(found, Known) else found or Unknown(None)
    method = of.method(node.attr)
    if method is not None and method.kind == "method":
        # It is named: there it has to be, though nothing may call it.
        infer.names.scope.visited.add(id(method.definition))
        return bound_method(infer, node, value)
    found = read_attribute(infer, node, value, node.attr)
    return found if method is not None else as_tested(infer, node, found)


# What a BehaviorScript has of itself: ways to a stage and its application.
_HOST_OBJECTS = frozenset(("prim", "prim_path", "stage", "timeline", "usd_context", "selection", "message_bus_event_stream"))


def infer_field(infer: FunctionInference, node: ast.Attribute) -> Fact:
    """Infer the reading of `self.name`."""
    key = f"self.{node.attr}"
    if key in infer.live.names:
        return infer.load(key, node)
    return refuse_field(infer, node)


def refuse_field(infer: FunctionInference, node: ast.Attribute) -> Unknown:
    """Refuse an attribute that the behaviour class does not declare."""
    if _is_told(infer, node.attr):
        return Unknown(None)
    declared = sorted(name.removeprefix("self.") for name in infer.live.names if name.startswith("self."))
    known = ", ".join(declared)
    declare = f"declare it in the class body with a type and a default: {node.attr}: float = 0.0"
    help_ = did_you_mean(node.attr, declared, declare, prefix="self.")
    if node.attr in _HOST_OBJECTS:
        help_ = (
            "a behaviour reaches no stage, it is given values: declare each attribute of the prim that it reads or writes by its name, "
            "such as position: Gf.Vec3d = Gf.Vec3d(0.0)"
        )
    note = f"declared are: {known or 'none'}"
    return infer.refuse("P0505", node, f"the class declares no attribute `{node.attr}`", help_, note)


def _is_told(infer: FunctionInference, attribute: str) -> bool:
    """Tell whether the class declares an attribute with something that was refused, which is told where it stands."""
    definition = infer.names.scope.classes.get(infer.receiver[1].name) if infer.receiver is not None else None
    targets = [
        target
        for statement in (definition.body if definition is not None else ())
        for target in (statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)])
    ]
    return any(isinstance(target, ast.Name) and target.id == attribute for target in targets)


def refuse_attribute(infer: FunctionInference, node: ast.Attribute, value: Known) -> Unknown:
    """Refuse an attribute that a value of this type does not have, or that has no translation."""
    help_ = "use indices (v[0]) and the methods and operators of pxr.Gf; other attributes are not translated"
    if node.attr in method_rows(value.type):
        help_ = f"call it: write {node.attr}(…)"
    help_ = meant_member(node.attr, value.type, help_, behaviour_of(value.type).attributes())
    return infer.refuse("P0307", node, f"the attribute `{node.attr}` of {describe(value.type)} has no translation", help_)
