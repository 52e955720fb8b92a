"""Calls: which callable a call means, its arguments in Python's order, and the parameters that they go to."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from portalis.translator.diagnostics.spelling import did_you_mean
from portalis.translator.frontend.calls.builtins import BUILTINS
from portalis.translator.frontend.calls.gf import call_gf, call_static
from portalis.translator.frontend.calls.intrinsics import call_intrinsic
from portalis.translator.frontend.calls.methods.classes import class_rows
from portalis.translator.frontend.calls.methods.rows import MISSPELT_MEMBER, call_method
from portalis.translator.frontend.calls.methods.texts import make_table
from portalis.translator.frontend.calls.modules.math import math_rows, refuse_math_name
from portalis.translator.frontend.calls.modules.table import module_rows
from portalis.translator.frontend.calls.rows import call_row
from portalis.translator.frontend.facts.making import after, constant, hold, is_simple, once
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.attributes import is_self, standard_name
from portalis.translator.frontend.infer.expressions.attributes import module_of as imported_module
from portalis.translator.frontend.infer.expressions.functions.arguments import Arguments, arguments_of, call_function, call_with
from portalis.translator.frontend.infer.expressions.functions.builtin_calls import call_builtin
from portalis.translator.frontend.infer.expressions.functions.called import call_value
from portalis.translator.frontend.infer.expressions.functions.held import (
    call_evaluated,
    call_with_function,
    computed_function,
    evaluates_first,
)
from portalis.translator.frontend.infer.expressions.functions.instances import (
    call_in_class,
    call_instance,
    call_of_class,
    call_of_instance,
    can_be_called,
    class_value,
    construct,
    refuse_method,
)
from portalis.translator.frontend.infer.expressions.functions.named.data_classes import FUNCTIONS, call_of_data
from portalis.translator.frontend.infer.expressions.functions.named.tuples import call_of_named
from portalis.translator.frontend.infer.expressions.functions.raised import made_exception
from portalis.translator.frontend.infer.expressions.functions.standing import called_of_class, infer_partial, names_text
from portalis.translator.frontend.infer.expressions.functions.stars.starred import has_stars, spreads
from portalis.translator.frontend.infer.expressions.functions.stars.variadic import call_with_stars
from portalis.translator.frontend.infer.expressions.functions.values import call_function_value, module_function
from portalis.translator.frontend.infer.expressions.iterables import captured
from portalis.translator.frontend.infer.expressions.names import standard_value
from portalis.translator.frontend.infer.expressions.objects.advancing import advancing
from portalis.translator.frontend.infer.expressions.objects.dicts import dict_from_keys
from portalis.translator.frontend.infer.expressions.objects.methods import call_object_method
from portalis.translator.frontend.infer.expressions.standard.functions import consumer_of_module
from portalis.translator.frontend.infer.expressions.standard.regex.calls import call_regex
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import class_of, read_attribute
from portalis.translator.frontend.read.annotations import GF_NAMES, gf_name
from portalis.translator.frontend.read.at_import.decorators import is_decorated
from portalis.translator.frontend.read.at_import.own_classes import own_class
from portalis.translator.frontend.read.tree import walk
from portalis.translator.frontend.types.unions.mistakes import Mistake, mistaken, of_attribute
from portalis.translator.frontend.types.unions.splitting import by_member, only
from portalis.translator.ir.closures import is_callable
from portalis.translator.ir.instances import class_named, is_instance, is_named
from portalis.translator.ir.types import NONE, FunctionType, LibraryRef, Type, UnionType
from portalis.translator.syntax import ASKED_BY


def infer_call(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer a call."""
    if infer.references and has_stars(node) and spreads(infer, node):
        return _of_receiver(infer, node, lambda one: call_with_stars(infer, one, _call))
    if evaluates_first(infer, node):
        return _of_receiver(infer, node, lambda one: call_evaluated(infer, one, _call))
    computed = computed_function(infer, node) if infer.references else None
    if computed is None:
        return _call(infer, node)
    return _of_receiver(infer, node, lambda one: call_with_function(infer, one, computed, _call))


def _of_receiver(infer: FunctionInference, node: ast.Call, call: Callable[[ast.Call], Fact]) -> Fact:
    """Infer a call whose arguments are evaluated first; CPython looks the method up before, in what it evaluates before."""
    match node.func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return call(node)
        case ast.Attribute(value=ast.Name(id=name)) if name not in infer.live.names:
            return call(node)
        case ast.Attribute(value=owner, attr=attribute) if isinstance(owner, ast.Name | ast.Constant) or _calls(owner):
            pass
        case _:
            return call(node)
    steps: list[Step] = []
    with captured(infer, steps):
        receiver = infer.expression(owner)
    if isinstance(receiver, Unknown):
        return receiver
    if is_instance(receiver.type) or not isinstance(receiver.type, LibraryRef):
        receiver = hold(infer, receiver, "receiver", steps)
    with captured(infer, steps):
        found: Fact | None = mistaken(infer, node, of_attribute(infer, attribute, [receiver.type]), [receiver], NONE)
        if found is None:
            held = ast.copy_location(ast.Name("@receiver", ast.Load()), owner)
            infer.replaced[id(held)] = lambda: receiver
            infer.names.scope.visited.add(id(node.func))
            function = ast.copy_location(ast.Attribute(held, attribute, ast.Load()), node.func)
            found = call(ast.copy_location(ast.Call(function, node.args, node.keywords), node))
            infer.replaced.pop(id(held), None)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _calls(node: ast.expr) -> bool:
    return any(isinstance(inner, ast.Call) for inner in walk(node))


def _call(infer: FunctionInference, node: ast.Call) -> Fact:
    function = node.func
    if isinstance(function, ast.Name):
        return _call_name(infer, node, function.id)
    if isinstance(function, ast.Attribute):
        return _call_attribute(infer, node, function)
    if isinstance(function, ast.Lambda) and infer.references and not has_stars(node):
        arguments = arguments_of(infer, node)
        if isinstance(arguments, Unknown):
            return arguments
        if not arguments.keywords:
            return call_value(infer, node, function, arguments.args)
    value = infer.expression(function)
    if isinstance(value, Unknown):
        return _quiet(arguments_of(infer, node))
    if is_instance(value.type) or is_callable(value.type):
        return _call_function_value(infer, node, value)
    return infer.refuse("P0309", node, "only functions called by name are translated", "define it with `def` and call it by its name")


def _call_name(infer: FunctionInference, node: ast.Call, name: str) -> Fact:
    if id(node.func) in infer.replaced:
        value = infer.expression(node.func)
        return value if isinstance(value, Unknown) else _call_function_value(infer, node, value)
    scope = infer.names.scope
    binding = infer.live.names.get(name)
    if binding is not None and binding.unknown is not None:
        arguments_of(infer, node)
        return Unknown(binding.unknown.cause)
    imported = infer.names.imported(name)
    if imported == ("refused", ""):
        return _quiet(arguments_of(infer, node))
    if name in infer.names.imports and imported is not None:
        return _call_imported(infer, node, *imported)
    if name in infer.names.local:
        is_called = binding is not None and (is_instance(binding.type) or can_be_called(infer, binding.type))
        if infer.references and (is_called or infer.cell(name) is not None):
            value = infer.load(name, node.func)
            return value if isinstance(value, Unknown) else _call_function_value(infer, node, value)
        return infer.refuse("P0309", node, f"`{name}` is a variable here, not a function", "call a function of this file by its name")
    if name in scope.functions:
        if infer.references and is_decorated(scope, scope.functions[name]):
            value = module_function(infer, ast.copy_location(ast.Name(name, ast.Load()), node.func))
            return value if isinstance(value, Unknown) else _call_function_value(infer, node, value)
        return call_function(infer, node, scope, name, None)
    if imported is not None:
        return _call_imported(infer, node, *imported)
    if name in scope.classes and infer.references and not (name in scope.exceptions and isinstance(own_class(scope, name), str)):
        return construct(infer, node, name, arguments_of(infer, node, open_=True))
    if (made := made_exception(infer, node)) is not None:
        return made
    if name in scope.classes:
        return infer.refuse("P0309", node, f"an object of class `{name}` is not translated", "use a tuple, or separate variables")
    if name in scope.constants and infer.references:
        value = infer.expression(node.func)
        if isinstance(value, Unknown) or can_be_called(infer, value.type):
            return value if isinstance(value, Unknown) else _call_function_value(infer, node, value)
    if name in scope.constants:
        return infer.refuse("P0309", node, f"`{name}` is a constant, not a function", "call a function of this file by its name")
    return call_builtin(infer, node, name)


def _call_function_value(infer: FunctionInference, node: ast.Call, value: Known) -> Fact:
    if is_instance(value.type):
        return call_instance(infer, node, value, arguments_of(infer, node, open_=True))
    if not can_be_called(infer, value.type):
        arguments_of(infer, node, open_=True)
        return infer.refuse("P0309", node, f"{value.type} is no function", "call a function of this file by its name")
    arguments = arguments_of(infer, node, open_=True)
    if isinstance(arguments, Unknown):
        return arguments
    # CPython looks at what it calls first: the name may have no value.
    looks: list[Step] = []
    if isinstance(value.type, FunctionType):
        looks = [] if is_simple(value) else [Evaluated(value.span, value)]
    else:
        value = once(infer, value, "function", looks)
    found = call_function_value(infer, node, value, arguments)
    return after(infer.span(node), looks, found) if isinstance(found, Known) else found


def _quiet(arguments: Arguments | Unknown) -> Unknown:
    """Return what stands for the call of something whose refusal is told already."""
    return arguments if isinstance(arguments, Unknown) else Unknown(None)


def _call_standard(infer: FunctionInference, node: ast.Call, dotted: str) -> Fact:
    """Infer a call of a function of Python's own library."""
    if dotted.startswith("re."):
        return call_regex(infer, node, dotted.removeprefix("re."))
    consume = consumer_of_module(infer, node, dotted) or advancing(infer, node, dotted)
    if consume is not None:
        return consume(infer, node)
    if dotted in FUNCTIONS and infer.references:
        return call_of_data(infer, node, dotted)
    if dotted == "functools.partial" and infer.references:
        return infer_partial(infer, node)
    arguments = arguments_of(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    row = module_rows().get(dotted)
    return standard_value(infer, node, dotted) if row is None else call_row(infer, node, row, arguments.args, arguments.keywords)


def _call_imported(infer: FunctionInference, node: ast.Call, kind: str, inner: str) -> Fact:
    if kind == "standard":
        return _call_standard(infer, node, inner)
    if kind == "math" and (consume := consumer_of_module(infer, node, f"math.{inner}")) is not None:
        return consume(infer, node)
    arguments = arguments_of(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    match kind:
        case "intrinsic":
            return call_intrinsic(infer, node, inner, arguments.args)
        case "library":
            module, _, name = inner.rpartition(".")
            return infer.library(node, module, name, arguments.args, node.args)
        case "math" if inner:
            return _call_math(infer, node, inner, arguments)
        case "gf" if inner:
            return call_gf(infer, node, inner, arguments.args, arguments.keywords)
        case _:
            return infer.refuse("P0309", node, "this cannot be called", "call a function of this file, of math or of Gf")


def _call_math(infer: FunctionInference, node: ast.Call, name: str, arguments: Arguments) -> Fact:
    row = math_rows().get(name)
    return refuse_math_name(infer, node, name) if row is None else call_row(infer, node, row, arguments.args, arguments.keywords)


def _call_attribute(infer: FunctionInference, node: ast.Call, function: ast.Attribute) -> Fact:
    match function, len(node.args):
        case ast.Attribute(value=ast.Name(id="dict")), 1 | 2 if (
            function.attr == "fromkeys" and infer.references and not infer.shadows("dict") and not node.keywords
        ):
            infer.names.scope.visited.update((id(function), id(function.value)))
            return dict_from_keys(infer, node)
    module = imported_module(infer, function.value)
    standard = standard_name(infer, function)
    if standard is not None and module is None:
        infer.names.scope.visited.update((id(function), id(function.value)))
        return _call_standard(infer, node, standard)
    if standard is not None and (consume := consumer_of_module(infer, node, standard)) is not None:
        return consume(infer, node)
    static = gf_name(function.value, infer.names.scope) if module is None else None
    if module is None and static not in GF_NAMES:
        return _call_method(infer, node, function)
    arguments = arguments_of(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    if module == "math":
        return _call_math(infer, node, function.attr, arguments)
    if module == "gf":
        return call_gf(infer, node, function.attr, arguments.args, arguments.keywords)
    assert static is not None
    return call_static(infer, node, static, function.attr, arguments.args)


def _call_method(infer: FunctionInference, node: ast.Call, function: ast.Attribute, of: str = "") -> Fact:
    """Infer a call of a method; with `of` its object has to be of that built-in class."""
    if is_self(infer, function.value):
        return _call_own_method(infer, node, function)
    if infer.references and function.attr == "maketrans" and isinstance(function.value, ast.Name) and names_text(infer, function.value):
        owner = infer.expression(function.value) if function.value.id in infer.live.names else constant(infer.span(node), None)
        arguments = arguments_of(infer, node)
        if isinstance(owner, Known) and isinstance(arguments, Arguments) and not arguments.keywords:
            made = make_table(infer, node, arguments.args)
            return after(infer.span(node), [Evaluated(owner.span, owner)], made) if isinstance(made, Known) else made
    dotted = f"{function.value.id}.{function.attr}" if isinstance(function.value, ast.Name) else ""
    if infer.references and (row := class_rows().get(dotted)) is not None and not infer.shadows(dotted.partition(".")[0]):
        arguments = arguments_of(infer, node)
        return arguments if isinstance(arguments, Unknown) else call_row(infer, node, row, arguments.args, arguments.keywords)
    of_class = call_of_class(infer, node, function) if infer.references else None
    if of_class is not None:
        return of_class
    if not of and (bound := called_of_class(infer, node, function)) is not None:
        return _call_method(infer, *bound)
    receiver = infer.expression(function.value)
    if of and isinstance(receiver, Known) and receiver.type.python_class != of:
        return infer.refuse("P0307", node, f"`{of}.{function.attr}` of {receiver.type} raises TypeError", f"call it of a {of}")
    # CPython looks the method up before it evaluates the arguments.
    if isinstance(receiver, Known) and isinstance(receiver.type, UnionType):
        sole = _receiver(infer, function, receiver)
        if sole is None:
            return _call_method_of_any(infer, node, function, receiver)
        receiver = sole
    if isinstance(receiver, Known) and is_instance(receiver.type) and _holds_function(infer, receiver, function.attr):
        infer.names.scope.visited.add(id(function))
        value = read_attribute(infer, function, receiver, function.attr)
        return value if isinstance(value, Unknown) else _call_function_value(infer, node, value)
    if isinstance(receiver, Known) and is_instance(receiver.type):
        return call_of_instance(infer, node, function, receiver)
    if isinstance(receiver, Known) and class_named(receiver.type) is not None:
        return call_in_class(infer, node, function, receiver)
    if isinstance(receiver, Known) and is_named(receiver.type) and (found := call_of_named(infer, node, function, receiver)) is not None:
        return found
    if isinstance(receiver, Known):
        wrong = mistaken(infer, node, of_attribute(infer, function.attr, [receiver.type]), [receiver], NONE)
        if wrong is not None:
            return wrong
        plain = infer.references and not (node.args or node.keywords or isinstance(receiver.type, LibraryRef | FunctionType))
        if plain and function.attr in ASKED_BY:
            return call_row(infer, node, BUILTINS[ASKED_BY[function.attr]], [receiver], {})
    if isinstance(receiver, Known) and receiver.type.refers:
        found = call_object_method(infer, node, function, receiver)
        if found is not None:
            return found
    arguments = arguments_of(infer, node)
    if isinstance(receiver, Unknown):
        return arguments if isinstance(arguments, Unknown) and receiver.pending else receiver
    if isinstance(arguments, Unknown):
        return arguments
    return call_method(infer, node, function, receiver, arguments.args, arguments.keywords)


def _holds_function(infer: FunctionInference, receiver: Known, name: str) -> bool:
    """Tell whether an attribute of an instance that is called is a field."""
    of = class_of(infer, receiver.type)
    held = infer.unit.specialiser.sites.held(of.name, name)
    return of.method(name) is None and held is not None and is_callable(held)


def _receiver(infer: FunctionInference, function: ast.Attribute, value: Known) -> Known | None:
    """Return a receiver of several classes as the one that has the method; None where several have."""

    def wrong(types: Sequence[Type]) -> Mistake | None:
        return of_attribute(infer, function.attr, types)

    return only(infer, function, value, lambda type_: wrong([type_]) is None, wrong)


def _call_method_of_any(infer: FunctionInference, node: ast.Call, function: ast.Attribute, receiver: Known) -> Fact:
    steps: list[Step] = []
    held = hold(infer, receiver, "receiver", steps)
    arguments = arguments_of(infer, node)
    if isinstance(arguments, Unknown):
        return arguments
    # None that lacks it may be asked: its arguments are evaluated already.
    assert isinstance(held.type, UnionType)
    if any(of_attribute(infer, function.attr, [member]) is not None for member in held.type.members):
        return infer.refuse(
            "P0307", node, f"not every {held.type} has the method `{function.attr}`", "test for the type first: if x is not None"
        )

    def one(parts: list[Known]) -> Fact:
        names = list(arguments.keywords)
        args, keywords = parts[1 : 1 + len(arguments.args)], dict(zip(names, parts[1 + len(arguments.args) :], strict=True))
        if is_instance(parts[0].type):
            method = class_of(infer, parts[0].type).method(function.attr)
            if method is not None and method.kind in ("static", "class"):
                owner = class_value(infer, node, parts[0].type.python_class) if method.kind == "class" else None
                return call_with(infer, node, infer.names.scope, method.name, owner, Arguments(args, keywords, arguments.nodes))
            if method is None or method.kind != "method":
                said = f"`{parts[0].type}` has no method `{function.attr}`"
                return refuse_method(infer, node, class_of(infer, parts[0].type), function.attr, said, "define it in the class")
            return call_with(infer, node, infer.names.scope, method.name, parts[0], Arguments(args, keywords, arguments.nodes))
        return call_method(infer, node, function, parts[0], args, keywords)

    found = by_member(infer, node, [held, *arguments.values], one, lambda types: None)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _call_own_method(infer: FunctionInference, node: ast.Call, function: ast.Attribute) -> Fact:
    """Infer `self.helper(…)`."""
    assert infer.receiver is not None
    record = infer.receiver[1]
    owner = infer.names.scope.classes[record.name]
    methods = [item.name for item in owner.body if isinstance(item, ast.FunctionDef)]
    if function.attr not in methods:
        help_ = did_you_mean(function.attr, methods, "define it in the class, or call a function", prefix="self.", likeness=MISSPELT_MEMBER)
        return infer.refuse("P0505", node, f"the class has no method `{function.attr}`", help_)
    for key, binding in list(infer.live.names.items()):
        if key.startswith("self.") and binding.stale is not None:
            infer.load(key, function)
    return call_function(infer, node, infer.names.scope, f"{record.name}.{function.attr}", infer.place_of_self(node))
