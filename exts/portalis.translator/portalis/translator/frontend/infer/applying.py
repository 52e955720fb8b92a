"""Calls of specialisations, of the module's functions and the library's alike: arguments in, effects on objects, result out."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from dataclasses import replace

from portalis.translator.frontend.calls.binder import names_of, parameters_of
from portalis.translator.frontend.calls.library import LibraryRefused, MissingLibraryFunction, library_scope
from portalis.translator.frontend.facts.aliasing import Overlap
from portalis.translator.frontend.facts.contents import MAX_NESTING, is_deep
from portalis.translator.frontend.facts.making import TREE_HELP, after, constant, describe, is_place, to_float, to_int
from portalis.translator.frontend.facts.model import PENDING, Assigned, Fact, Invoked, Known, Load, Step, Unknown
from portalis.translator.frontend.infer.frame import Frame
from portalis.translator.frontend.infer.ownership import change, change_root, note_change
from portalis.translator.frontend.infer.specialised import RESULT, Signature, Summary
from portalis.translator.frontend.read.class_forms.own_exceptions import RAISABLE
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.tree import makes_generators, walk
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.types import BOOL, INT, WIDE, LibraryRef, RecordType


def call_library(frame: Frame, node: ast.AST, module: str, name: str, args: Sequence[Known], nodes: Sequence[ast.AST | None] = ()) -> Fact:
    """Call a library function; annotated float parameters take ints, converted explicitly, and missing ones their defaults."""
    scope = library_scope(module)
    definition = scope.functions.get(name)
    if definition is None:
        raise MissingLibraryFunction(f"library/{module}.py has no function {name}")
    parameters = parameters_of(definition)
    values = list(args)
    for parameter in parameters.order[len(values) :]:
        default = parameters.defaults[parameter]
        assert default is not None
        values.append(constant(frame.span(node), ast.literal_eval(default)))
    given = definition.args
    annotated = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    converted = [_convert(frame, node, parameter, value) for parameter, value in zip(annotated, values, strict=True)]
    argument_nodes = [*nodes, *[None] * (len(converted) - len(nodes))]
    if not scope.references or frame.names.scope.library:
        return call_specialised(frame, node, scope, name, converted, argument_nodes)
    try:
        return call_specialised(frame, node, scope, name, converted, argument_nodes)
    except LibraryRefused:
        # What is written for any elements asks them for what not every type has: an order, a hash.
        shown = ", ".join(describe(value.type) for value in converted)
        return frame.refuse("P0308", node, f"this is not translated of {shown}", "use elements that can be compared with one another")


def call_specialised(
    frame: Frame, node: ast.AST, scope: ModuleScope, name: str, args: Sequence[Known], nodes: Sequence[ast.AST | None]
) -> Fact:
    """Call a function specialised for its arguments' types; what it puts into their objects, and what is put into its result, is known."""
    specialiser, types = frame.unit.specialiser, tuple(value.type for value in args)
    if not scope.library and frame.references and (longer := specialiser.grown(scope, name, types)) != types:
        args, types = [coerced(frame, value, type_) for value, type_ in zip(args, longer, strict=True)], longer
    at = frame.span(node)
    if frame.generating and may_stop(scope, scope.definition(name)):
        return refuse_stop(frame, node, f"`{name}`")
    with frame.unit.report.blamed_on(node):
        signature = specialiser.signature(scope, name, types, at=at)
    result = signature.result
    if result is not None and result.refers and not signature.failed:
        result = frame.taken_over(node, result, name)
        if is_deep((*types, result), MAX_NESTING + 1):
            return frame.refuse("P0316", node, "lists or dicts would hold one another ever deeper here", TREE_HELP)
        if result != signature.result:
            signature = specialiser.signature(scope, name, types, result, at)
        if is_generator(result) and signature.result is not None and is_generator(signature.result):
            assert isinstance(result, LibraryRef) and isinstance(signature.result, LibraryRef)
            result = replace(result, known=signature.result.known)
    for index, (value, grown) in enumerate(zip(args, signature.parameters, strict=False)):
        if (
            value.type.refers
            and value.type != grown
            and frame.unify(value.type, frame.taken_over(node, grown, name, "argument", index)) is None
        ):
            return frame.refuse("P0302", node, f"`{name}` puts other values into an argument than it holds", "give all elements one type")
    found = apply_call(frame, node, signature, names_of(scope.definition(name)), args, nodes)
    return replace(found, type=result) if isinstance(found, Known) and result is not None and result.refers else found


def refuse_stop(frame: Frame, node: ast.AST, what: str) -> Unknown:
    """Refuse what is called for each element where a StopIteration may come out of it."""
    message = f"{what} may raise StopIteration, which ends what calls it for each element in CPython"
    return frame.refuse("P0206", node, message, "give `next` a default, or write a loop")


def may_stop(scope: ModuleScope, *definitions: ast.FunctionDef) -> bool:
    """Tell whether a StopIteration may come out of functions of the module, as far as names tell whom they call, or out of what CPython
    calls by itself: the special methods of the module's classes."""
    if scope.library or ("next" not in scope.source.text and "StopIteration" not in scope.source.text):
        return False
    # Who goes over an object by `for` catches what its `__next__` raises; who calls `next` is told by that.
    methods = {
        name: [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name != "__next__"]
        for name, node in scope.classes.items()
    }
    own = [item for found in methods.values() for item in found]
    # Whatever is done with an object may call one of these; out of a generator no StopIteration comes.
    asked = [item for item in own if item.name.startswith("__") and item.name != "__init__" and not makes_generators(item)]
    known, pending = {*map(id, asked), *map(id, definitions)}, [*definitions, *asked]
    while pending:
        one = pending.pop()
        caught = {node.name for node in walk(one) if isinstance(node, ast.ExceptHandler)}
        for node in walk(one):
            match node:
                case ast.Call(func=ast.Name(id="next"), args=[_]) | ast.Name(id="StopIteration") | ast.Attribute(attr="__next__"):
                    return True
                case ast.Raise(exc=ast.Name(id=name)) if name not in (*RAISABLE, *scope.exceptions, *caught):
                    # Of an exception that is a value, nobody knows here what it is.
                    return True
                case ast.Name(id=name) if name in scope.functions:
                    called = [scope.functions[name]]
                case ast.Name(id=name) if name in methods:
                    called = methods[name]
                case ast.Attribute(attr=name):
                    called = [item for item in own if item.name == name]
                case ast.Call(func=function) if _is_value(scope, function):
                    # It may be any.
                    called = [*scope.functions.values(), *own]
                case _:
                    continue
            pending += [item for item in called if id(item) not in known]
            known |= {id(item) for item in called}
    return False


def _is_value(scope: ModuleScope, function: ast.expr) -> bool:
    """Tell whether what is called may be a function that a variable or a field holds."""
    match function:
        case ast.Name(id=name):
            return not (hasattr(builtins, name) or scope.binds(name) or name in scope.exceptions)
        case ast.Attribute(attr=name):
            fields = (node for owner in scope.classes.values() for node in walk(owner) if isinstance(node, ast.Attribute))
            return any(node.attr == name and isinstance(node.ctx, ast.Store) for node in fields)
        case _:
            return True


def _convert(frame: Frame, node: ast.AST, parameter: ast.arg, value: Known) -> Known:
    found: Fact = value
    match parameter.annotation:
        case ast.Name(id="int") if value.type == WIDE:
            found = call_library(frame, node, "wide", "to_int", [value])
        case ast.Name(id="float") if value.type == WIDE:
            found = call_library(frame, node, "wide_conversion", "to_float", [value])
        case ast.Name(id="float") if value.type in (INT, BOOL):
            found = to_float(value)
        case ast.Name(id="int") if value.type == BOOL:
            found = to_int(value)
        case _:
            pass
    assert isinstance(found, Known)
    return found


def apply_call(
    frame: Frame,
    node: ast.AST,
    signature: Signature,
    names: Sequence[str],
    args: Sequence[Known],
    nodes: Sequence[ast.AST | None],
) -> Fact:
    """Return the call of one specialisation, and record what it does to the objects behind its arguments."""
    frame.effects.calls.add(signature.name)
    if signature.failed:
        return Unknown(None)
    steps: list[Step] = []
    passed = list(args)
    if signature.by_ref:
        named = dict(zip(names, args, strict=True))
        for index, (name, argument) in enumerate(zip(names, nodes, strict=True)):
            if name in signature.by_ref:
                passed[index] = _by_reference(frame, node, signature.summary, name, argument, named, steps)
    if signature.summary.shared:
        _share_objects(frame, signature.summary, dict(zip(names, args, strict=True)))
    if signature.result is None:
        frame.effects.unknown_result = True
        return PENDING
    span = frame.span(node)
    call = after(span, steps, Known(span, signature.result, Invoked(signature.name, tuple(passed))))
    return _result(signature, dict(zip(names, args, strict=True)), call) if call.type.mutable else call


def _by_reference(
    frame: Frame,
    node: ast.AST,
    summary: Summary,
    name: str,
    argument: ast.AST | None,
    named: dict[str, Known],
    steps: list[Step],
) -> Known:
    arg = named[name]
    if isinstance(arg.type, RecordType) and arg.type.changes_in_place:
        _change_self(frame, node, summary, name)
        return arg
    if not is_place(arg) and not arg.roots:
        local = frame.temporary(name, arg.type)
        steps.append(Assigned(arg.span, local, arg))
        return Known(arg.span, arg.type, Load(local))
    reached = frame.live.partners(arg.roots)
    for other, value in named.items():
        if other != name and reached & value.roots:
            frame.observe(Overlap(node, arg.roots | value.roots, name, arg.type))
            return arg
    note_change(frame, arg.roots, argument, node)
    change(frame, arg, node, with_parts=True)
    return arg


def _change_self(frame: Frame, node: ast.AST, summary: Summary, name: str) -> None:
    """Record what a method that was called does to the fields of `self`."""
    for root in sorted(summary.mutated):
        if root.startswith("self."):
            change_root(frame, root, node, frozenset(type_ for changed, type_ in summary.changed if changed == root))
    frame.effects.by_ref.add(frame.self_name or name)
    frame.effects.rebound |= summary.rebound
    bindings = frame.live.names
    changed = {root for root in summary.mutated | summary.rebound if root in bindings and bindings[root].type.mutable}
    note_change(frame, frozenset(changed), None, node)


def _share_objects(frame: Frame, summary: Summary, named: dict[str, Known]) -> None:
    """Record which of the caller's objects may share parts after the call."""
    roots = {f"@{name}": value.roots for name, value in named.items()}
    for left, right in summary.shared:
        if RESULT in (left, right):
            continue
        for one in roots.get(left, {left} if left.startswith("self.") else ()):
            for other in roots.get(right, {right} if right.startswith("self.") else ()):
                frame.live.share(one, other)


def _result(signature: Signature, named: dict[str, Known], call: Known) -> Known:
    """Return the call's result with what it may share with the caller's objects."""
    summary = signature.summary
    roots: set[str] = set()
    for left, right in summary.shared:
        if left == RESULT and right.startswith("@") and right != RESULT:
            roots |= named[right[1:]].roots
        elif left == RESULT and right.startswith("self."):
            roots.add(right)
    exact = named[summary.exact[1:]].exact if summary.exact is not None else None
    return Known(call.span, call.type, call.operation, frozenset(roots), exact, tangled=summary.tangled)
