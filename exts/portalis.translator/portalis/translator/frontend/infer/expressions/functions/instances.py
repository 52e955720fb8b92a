"""Calls about the module's own classes: instances made, methods of instances, of classes and of base classes."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import after, constant
from portalis.translator.frontend.facts.model import PENDING, Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.functions.arguments import arguments_of, call_function, call_with
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import begin_instance, class_of, module_of, own_receiver, surrounding_class
from portalis.translator.frontend.read.at_import.own_classes import Method, own_class
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import NONE


def construct(infer: FunctionInference, node: ast.Call, scope: ModuleScope, name: str) -> Fact:
    """Infer the call of a class: a new instance, on which `__init__` is called."""
    arguments = arguments_of(infer, node)
    found = own_class(module_of(infer), name)
    if isinstance(found, str):
        return infer.refuse("P0309", node, f"an object of class `{name}` is not translated: {found}", "use a tuple, or separate variables")
    if isinstance(arguments, Unknown):
        return arguments
    infer.names.scope.visited.add(id(node.func))
    steps: list[Step] = []
    made = begin_instance(infer, node, found, steps)
    method = found.method("__init__")
    if method is None and arguments.values:
        return infer.refuse("P0310", node, f"`{name}` takes no arguments", "define __init__ in the class")
    if method is not None:
        done = call_with(infer, node, scope, method.name, made, arguments)
        if isinstance(done, Unknown) and not done.pending and infer.unit.specialiser.sites.settled:
            return done
        if isinstance(done, Known) and done.type != NONE:
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
            receiver = own_receiver(infer)
            found = None if receiver is None else surrounding_class(infer)
            if receiver is None or found is None or found.base is None:
                arguments_of(infer, node)
                return infer.refuse("P0309", node, "`super()` is translated in methods of classes with a base class", "name the function")
            method = found.base.method(function.attr)
            if method is None and function.attr == "__init__" and not node.args and not node.keywords:
                return constant(infer.span(node), None)
            if method is None or method.kind != "method":
                arguments_of(infer, node)
                return infer.refuse("P0307", node, f"`{found.base.name}` has no method `{function.attr}`", "define it in the base class")
            return call_function(infer, node, module_of(infer), method.name, receiver)
        case ast.Name(id=name) if infer.lineage(name) is not None:
            visited.update((id(function), id(owner)))
            of = own_class(module_of(infer), name)
            method = None if isinstance(of, str) else of.method(function.attr)
            if method is None or method.kind not in ("static", "method"):
                arguments_of(infer, node)
                return infer.refuse("P0309", node, f"`{name}.{function.attr}` is not translated", "call a method of an instance")
            return _call_plainly(infer, node, method)
        case _:
            return None


def _call_plainly(infer: FunctionInference, node: ast.Call, method: Method) -> Fact:
    """Infer the call of a static method, or of a method that gets its instance as an argument like any other."""
    if method.kind == "static":
        return call_function(infer, node, module_of(infer), method.name, None)
    arguments = arguments_of(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    owner = method.name.partition(".")[0]
    if not arguments.args or not is_instance(arguments.args[0].type) or not class_of(infer, arguments.args[0].type).derives_from(owner):
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
    arguments_of(infer, node)
    if not infer.unit.specialiser.sites.settled:
        infer.effects.unknown_result = True
        return PENDING
    return infer.refuse(
        "P0307", node, f"`{receiver.type}` has no method `{function.attr}` that is called so", "define it in the class with `def`"
    )


def call_instance(infer: FunctionInference, node: ast.Call, value: Known) -> Fact:
    """Infer `value(…)` of an instance: its class says what that gives."""
    infer.names.scope.visited.add(id(node.func))
    method = class_of(infer, value.type).method("__call__")
    if method is not None and method.kind == "method":
        return call_function(infer, node, module_of(infer), method.name, value)
    arguments_of(infer, node)
    return infer.refuse("P0309", node, f"`{value.type}` cannot be called", "define __call__ in the class")
