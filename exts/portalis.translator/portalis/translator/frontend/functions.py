"""One specialisation of one function: parameters in, body lowered, results joined, effects on objects summed up."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from portalis.translator.frontend.context import Context, Result
from portalis.translator.frontend.lower_statements import lower_body
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.parse import MAX_PARAMETERS, MAX_STATEMENTS, count_statements
from portalis.translator.frontend.read.tree import stored_names
from portalis.translator.frontend.scope import Binding
from portalis.translator.frontend.specialised import RESULT, Signature, Specialised, Specialiser, Summary
from portalis.translator.frontend.values import Value, constant, describe, zero
from portalis.translator.ir.nodes import Assign, Const, Function, Param, Return, Stmt
from portalis.translator.ir.types import BOOL, NONE, RecordType, Type, is_mutable

MAX_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be specialised, and under which name."""

    scope: ModuleScope
    definition: ast.FunctionDef
    display: str
    name: str
    types: tuple[Type, ...]
    poisoned: bool = False


def lower_function(request: Request, specialiser: Specialiser) -> Specialised:
    """Lower a function for given argument types; where it is refused, the signature says `failed`."""
    report = request.scope.report
    request.scope.visited.add(id(request.definition))
    mark = report.mark()
    stored = frozenset[str]().union(*map(stored_names, request.definition.body))
    local_names = stored | {parameter.arg for parameter in parameters_of(request.definition)}
    flagged: frozenset[str] = frozenset()
    if not check_definition(request):
        return _failed(request)
    for _ in range(MAX_ATTEMPTS):
        report.rewind(mark)
        context = Context(request.scope, specialiser, local_names, flagged, stored)
        _lower_once(context, request)
        if context.needs_flag <= flagged:
            break
        # A use was found that needs a run-time check: every assignment to the name must set its flag.
        flagged = flagged | context.needs_flag
    return _finish(context, request, failed=len(report.found) > len(mark))


def _lower_once(context: Context, request: Request) -> None:
    parameters = parameters_of(request.definition)
    for parameter, type_ in zip(parameters, request.types, strict=True):
        span = context.span(parameter)
        if isinstance(type_, RecordType):
            context.self_name, context.record = parameter.arg, type_
            context.params[parameter.arg] = type_
            for field, field_type in type_.fields:
                context.live.names[f"self.{field}"] = Binding(field_type, parameter.arg, field, assigned_at=span)
        elif request.poisoned:
            context.poison(parameter.arg)
        else:
            context.add_parameter(parameter.arg, type_, span)
    before = len(context.report.found)
    lower_body(context, request.definition.body)
    if context.state is not None:
        end = request.definition.body[-1]
        context.results.append(Result(constant(context.span(end), None), end, context.live.copy()))
        returns = any(not result.value.poison and result.value.type != NONE for result in context.results)
        if returns and len(context.report.found) == before:
            context.refuse(
                "P0304",
                request.definition,
                f"`{request.display}` returns a value on some paths and nothing on others",
                "end every path with `return value`, or with `raise`",
                f"the end of the function is reached after line {end.end_lineno}",
            )
        context.emit(Return(context.span(end), Const(context.span(end), NONE, None)))


def parameters_of(definition: ast.FunctionDef) -> list[ast.arg]:
    """Return a function's parameters in order, keyword-only ones last."""
    return definition.args.posonlyargs + definition.args.args + definition.args.kwonlyargs


def check_definition(request: Request) -> bool:
    """Refuse what a function may not have: decorators, `*args`, too many parameters or statements."""
    definition, report = request.definition, request.scope.report
    before = len(report.found)
    for decorator in definition.decorator_list:
        report.refuse("P0218", decorator, "a decorator is not translated", "remove it, and call what it would do in the function")
    for variadic in (definition.args.vararg, definition.args.kwarg):
        if variadic is not None:
            report.refuse("P0216", variadic, f"`*{variadic.arg}` is not translated", "give the function a fixed number of parameters")
    count = len(parameters_of(definition))
    if count > MAX_PARAMETERS:
        report.refuse(
            "P0009",
            definition,
            f"`{definition.name}` has {count} parameters; {MAX_PARAMETERS} are the most",
            "pass lists or tuples instead",
        )
    statements = count_statements(definition)
    if statements > MAX_STATEMENTS and not request.scope.library:
        report.refuse(
            "P0008",
            definition,
            f"`{definition.name}` has {statements} statements; {MAX_STATEMENTS} are the most in one function",
            "split it into several functions",
        )
    return len(report.found) == before


def _failed(request: Request) -> Specialised:
    signature = Signature(request.name, NONE, frozenset(), Summary(), failed=True)
    span = request.scope.report.span(request.definition)
    return Specialised(Function(span, request.name, request.display, (), NONE, (), ()), signature, frozenset())


def _finish(context: Context, request: Request, failed: bool) -> Specialised:
    result = _join_results(context, request)
    # Nothing is known of any result: what it was made of is refused, here or where it was imported.
    failed = failed or (result is None and not context.unknown_result)
    summary = _summarise(context)
    params = tuple(
        Param(parameter.arg, type_, parameter.arg in context.by_ref)
        for parameter, type_ in zip(parameters_of(request.definition), request.types, strict=True)
    )
    span = context.span(request.definition)
    flags: list[Stmt] = []
    for name in sorted(context.flagged):
        if name in context.params:
            continue
        flags.append(Assign(span, context.flag(name), Const(span, BOOL, False)))
        flags += [Assign(span, local, zero(span, type_)) for (held, type_), local in context.by_name.items() if held == name]
    function = Function(
        span,
        request.name,
        request.display,
        params,
        result if result is not None else NONE,
        tuple((name, type_) for name, type_ in context.locals.items()),
        (*flags, *context.block),
        library=request.scope.library,
        docstring=ast.get_docstring(request.definition),
    )
    signature = Signature(request.name, result, frozenset(context.by_ref), summary, failed)
    return Specialised(function, signature, frozenset(context.calls))


def _join_results(context: Context, request: Request) -> Type | None:
    """Return the type that all returns have; None where none is known yet. A function that only raises returns None."""
    known = [result for result in context.results if not result.value.poison]
    if not known:
        return None if context.unknown_result or context.results else NONE
    first = known[0].value.type
    for result in known[1:]:
        if result.value.type == first or NONE in (result.value.type, first):
            if result.value.type != first and isinstance(result.node, ast.Return):
                _refuse_results(context, request, first, result)
            continue
        _refuse_results(context, request, first, result)
    return first


def _refuse_results(context: Context, request: Request, first: Type, result: Result) -> None:
    context.refuse(
        "P0306",
        result.node,
        f"`{request.display}` returns {describe(first)} elsewhere and {describe(result.value.type)} here",
        "return the same type on every path, for example 0.0 instead of 0",
    )


def _summarise(context: Context) -> Summary:
    """Sum up what the function does to the objects that its caller can see."""
    shared: set[tuple[str, str]] = set()
    exact: set[str | None] = set()
    identities: list[dict[tuple[int, ...], str]] = []
    tangled = False
    for result in context.results:
        for left, right in result.state.shared:
            if _outlives(left) and _outlives(right) and left != right:
                shared.add((left, right))
        value = result.value
        if value.poison or not is_mutable(value.type):
            continue
        for root in result.state.partners(value.roots):
            if _outlives(root):
                shared |= {(RESULT, root), (root, RESULT)}
        exact.add(value.exact)
        tangled = tangled or value.tangled
        found: dict[tuple[int, ...], str] = {}
        _identify(value, (), found)
        identities.append(found)
    same = identities[0] if identities and all(found == identities[0] for found in identities) else {}
    return Summary(
        frozenset(context.mutated),
        frozenset(context.rebound),
        frozenset(shared),
        next(iter(exact)) if len(exact) == 1 else None,
        tuple(sorted(same.items())),
        tangled,
    )


def _outlives(root: str) -> bool:
    return (root.startswith("@") and not root.startswith("@@")) or root.startswith("self.")


def _identify(value: Value, path: tuple[int, ...], found: dict[tuple[int, ...], str]) -> None:
    """Collect the parts of a result that certainly are objects of the caller."""
    if value.exact is not None:
        found[path] = value.exact.removeprefix("@")
    elif value.items is not None:
        for index, item in enumerate(value.items):
            _identify(item, (*path, index), found)
