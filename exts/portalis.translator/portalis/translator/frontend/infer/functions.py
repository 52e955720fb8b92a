"""One specialisation of one function: parameters in, body inferred, results joined, effects on objects summed up."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace

from portalis.translator.frontend.calls.binder import in_order, names_of
from portalis.translator.frontend.facts.aliasing import Observation
from portalis.translator.frontend.facts.making import constant, describe
from portalis.translator.frontend.facts.model import Assigned, Known, Unknown
from portalis.translator.frontend.facts.tables import Facts
from portalis.translator.frontend.infer.frame import Frame, Unit, flag_of
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.cells import new_cell, own_cell, received_cell
from portalis.translator.frontend.infer.names.escaping import kept_in_cells
from portalis.translator.frontend.infer.names.module_state import bind_state, seen_by
from portalis.translator.frontend.infer.specialised import RESULT, Inferred, Request, Signature, Specialiser, Summary
from portalis.translator.frontend.infer.state import Binding, Result
from portalis.translator.frontend.infer.statements.yielding import placed_yields, yields
from portalis.translator.frontend.infer.syntax import SYNTAX
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.at_import.decorators import is_decorated
from portalis.translator.frontend.read.at_import.own_classes import is_own_method
from portalis.translator.frontend.read.free_names import bound_before_use, changed_from_inside
from portalis.translator.frontend.read.groups import grouping_calls
from portalis.translator.frontend.read.module_scope import Imported
from portalis.translator.frontend.read.parse import MAX_PARAMETERS, MAX_STATEMENTS, count_statements
from portalis.translator.frontend.read.standard import local_imports
from portalis.translator.frontend.read.tree import makes_generators, stored_names
from portalis.translator.ir.generators import generator_type, is_generator, returned_type, yielded_type
from portalis.translator.ir.types import NONE, RecordType, Type

# Parameters whose types were refused: that is told where they are declared.
UNTOLD = Unknown(None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An inference, and what representation decides about: what was observed of objects, and which roots may share one at the end."""

    inferred: Inferred
    observations: tuple[Observation, ...] = ()
    shared: frozenset[tuple[str, str]] = frozenset()


def _imported_around(request: Request, stored: frozenset[str]) -> Mapping[str, Imported]:
    """Return what the functions around one import, and it does not name otherwise."""
    inner = next((one for one in request.scope.inner.values() if one.imports and one.definition is request.definition), None)
    if inner is None:
        return {}
    own = stored.union(names_of(request.definition))
    return {name: imported for name, imported in inner.imports.items() if name not in own}


def infer_function(request: Request, specialiser: Specialiser) -> Outcome:
    """Infer a function for given argument types; where it is refused, the signature says `failed`."""
    report = request.scope.report
    request.scope.visited.add(id(request.definition))
    before = len(report.found)
    if not check_definition(request):
        return Outcome(_failed(request))
    stored = frozenset[str]().union(*map(stored_names, request.definition.body))
    imports = {**_imported_around(request, stored), **local_imports(request.scope, request.definition)}
    grouping = grouping_calls(request.definition) if "groupby" in request.scope.source.text else {}
    parameters = names_of(request.definition)
    received = [cell for cell in map(received_cell, parameters) if cell is not None]
    local = (stored | set(parameters) | {cell.name for cell in received}) - imports.keys()
    shared = seen_by(request.definition, request.scope, local) if request.scope.references else []
    local |= {*shared}
    names = Names(request.scope, local, imports=imports, grouping=grouping)
    infer = FunctionInference(Unit(specialiser, report, request.owner, stored, request.definition, request.at), names, SYNTAX)
    infer.cells.update({cell.name: cell for cell in received})
    bind_state(infer, request.definition, shared)
    if makes_generators(request.definition):
        infer.effects.placed, infer.effects.maker = placed_yields(request.definition), request.name
    _infer_body(infer, request)
    failed = len(report.found) > before
    result = _join_results(infer, request) if infer.effects.placed is None else _joined_generator(infer, request)
    # Nothing is known of any result: what it was made of is refused, here or where it was imported.
    failed = failed or (result is None and not infer.effects.unknown_result)
    sharing = frozenset[tuple[str, str]]().union(*(one.state.shared for one in infer.effects.results))
    return Outcome(_finish(infer, request, result, failed), tuple(infer.effects.observations), sharing)


def _infer_body(infer: FunctionInference, request: Request) -> None:
    for parameter, declared in zip(in_order(request.definition), request.types, strict=True):
        span = infer.span(parameter)
        type_ = infer.taken_over(parameter, declared, parameter.arg) if declared.refers else declared
        if isinstance(type_, RecordType) and type_.changes_in_place:
            infer.receiver = parameter.arg, type_
            infer.storage.params[parameter.arg] = type_
            for field, field_type in type_.fields:
                infer.live.names[f"self.{field}"] = Binding(field_type, parameter.arg, field, assigned_at=span)
        elif request.unknown:
            infer.lose(parameter.arg, UNTOLD)
        else:
            infer.add_parameter(parameter.arg, type_, span)
    before = len(infer.unit.report.found)
    if infer.references and infer.effects.placed is None and not request.scope.library:
        _make_cells(infer, request.definition)
    infer.body(request.definition.body)
    if infer.state is None:
        return
    end = request.definition.body[-1]
    infer.effects.results.append(Result(infer.as_result(constant(infer.span(end), None)), end, infer.live.copy()))
    if infer.effects.placed is not None:
        return
    returns = any(isinstance(result.value, Known) and result.value.type != NONE for result in infer.effects.results)
    if returns and not infer.references and len(infer.unit.report.found) == before:
        infer.refuse(
            "P0304",
            request.definition,
            f"`{request.display}` returns a value on some paths and nothing on others",
            "end every path with `return value`, or with `raise`",
            f"the end of the function is reached after line {end.end_lineno}",
        )


def _make_cells(infer: FunctionInference, definition: ast.FunctionDef) -> None:
    """Make the cells of the variables that functions inside this one change; those of parameters hold what was passed."""
    sure, span = bound_before_use(definition), infer.span(definition)
    for name in sorted(changed_from_inside(definition) | kept_in_cells(definition)):
        binding = infer.live.names.get(name)
        cell = own_cell(name, name in sure)
        made = new_cell(infer, definition, cell, None if binding is None or binding.unknown else infer.place(binding, span))
        if isinstance(made, Known):
            local = infer.storage.local_for(cell.kept_as, made.type)
            infer.facts.entry.append(Assigned(span, local, made))
            infer.live.names[cell.kept_as] = Binding(made.type, local, assigned_at=span)
            infer.cells[name] = cell
            # Whoever looks for the variable elsewhere finds none.
            infer.live.names.pop(name, None)


def check_definition(request: Request) -> bool:
    """Refuse what a function may not have: decorators, `*args`, too many parameters or statements."""
    definition, report = request.definition, request.scope.report
    before = len(report.found)
    handled = is_own_method(request.scope, definition) or (request.scope.references and is_decorated(request.scope, definition))
    for decorator in () if handled else definition.decorator_list:
        report.refuse("P0218", decorator, "a decorator is not translated", "remove it, and call what it would do in the function")
    for variadic in (definition.args.vararg, definition.args.kwarg):
        if variadic is not None and not request.scope.references:
            report.refuse("P0216", variadic, f"`*{variadic.arg}` is not translated", "give the function a fixed number of parameters")
    count = len(names_of(definition))
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


def _failed(request: Request) -> Inferred:
    return Inferred(
        request, Signature(request.name, NONE, frozenset(), Summary(), failed=True), Facts(), {}, {}, {}, frozenset(), frozenset(), None
    )


def _finish(infer: FunctionInference, request: Request, result: Type | None, failed: bool) -> Inferred:
    effects, storage = infer.effects, infer.storage
    parameters = tuple(storage.params.values()) if not request.unknown else ()
    signature = Signature(request.name, result, frozenset(effects.by_ref), _summarise(infer), failed, parameters)
    unused = {flag_of(name) for name, _ in storage.by_name} - {flag_of(name) for name in effects.flagged}
    return Inferred(
        request,
        signature,
        infer.facts,
        storage.params,
        {local: type_ for local, type_ in storage.locals.items() if local not in unused},
        storage.by_name,
        frozenset(effects.flagged),
        frozenset(effects.calls),
        infer.span(request.definition.body[-1]) if infer.state is not None else None,
    )


def _join_results(infer: FunctionInference, request: Request) -> Type | None:
    """Return the type that all returns have; None where none is known yet. A function that only raises returns None."""
    known = [(result.value, result.node) for result in infer.effects.results if isinstance(result.value, Known)]
    if not known:
        return None if infer.effects.unknown_result or infer.effects.results else NONE
    first = known[0][0].type
    if request.wanted is not None:
        wanted = infer.taken_over(request.definition, request.wanted, "wanted")
        first = _joined(infer, first, wanted) or first
    for value, node in known[1:]:
        joined = _joined(infer, first, value.type)
        if joined is not None:
            first = joined
            continue
        if infer.references or NONE not in (value.type, first) or isinstance(node, ast.Return):
            infer.refuse(
                "P0306",
                node,
                f"`{request.display}` returns {describe(first)} elsewhere and {describe(value.type)} here",
                "return the same type on every path, for example 0.0 instead of 0",
            )
    if infer.references and any(value.type != first for value, _ in known):
        infer.unit.specialiser.sites.give(request.owner, first)
    return first


def _joined_generator(infer: FunctionInference, request: Request) -> Type | None:
    """Return the type of the generators that a function makes; None where nothing is known yet of what they give."""
    wanted = request.wanted if request.wanted is not None and is_generator(request.wanted) else None
    returned = _join_results(infer, replace(request, wanted=None if wanted is None else returned_type(wanted))) or NONE
    known = [(one.value, one.node) for one in infer.effects.yields if isinstance(one.value, Known)]
    if not known and infer.effects.yields:
        return None
    item = known[0][0].type if known else NONE
    others = [(value.type, node) for value, node in known[1:]]
    if wanted is not None:
        before = infer.taken_over(request.definition, yielded_type(wanted), "yields")
        others.insert(0, (before, known[0][1] if known else request.definition))
    for other, node in others:
        joined = infer.generalise(item, other)
        if joined is None:
            refused = f"`{request.display}` yields {describe(item)} elsewhere and {describe(other)} here"
            infer.refuse("P0306", node, refused, "yield values of one type")
            return NONE
        item = joined
    if any(value.type != item for value, _ in known):
        yields(infer, item)
    return generator_type(request.name, item, returned)


def _joined(infer: FunctionInference, left: Type, right: Type) -> Type | None:
    return infer.generalise(left, right) if infer.references else infer.unify(left, right)


def _summarise(frame: Frame) -> Summary:
    """Sum up what the function does to the objects that its caller can see."""
    shared: set[tuple[str, str]] = set()
    exact: set[str | None] = set()
    identities: list[dict[tuple[int, ...], str]] = []
    tangled = False
    for result in frame.effects.results:
        for left, right in result.state.shared:
            # Of a field its own parts may have become one object, which lasts until the next call.
            if _outlives(left) and _outlives(right) and (left != right or left.startswith("self.")):
                shared.add((left, right))
        value = result.value
        if not isinstance(value, Known) or not value.type.mutable:
            continue
        for root in result.state.partners(value.roots):
            if _outlives(root):
                shared |= {(RESULT, root), (root, RESULT)}
        exact.add(value.exact)
        # Of an object that holds no others there are no two parts.
        tangled = tangled or (value.tangled and any(item.mutable for item in value.type.elements))
        found: dict[tuple[int, ...], str] = {}
        _identify(value, (), found)
        identities.append(found)
    same = identities[0] if identities and all(found == identities[0] for found in identities) else {}
    return Summary(
        frozenset(frame.effects.mutated),
        frozenset(frame.effects.rebound),
        frozenset(shared),
        next(iter(exact)) if len(exact) == 1 else None,
        tuple(sorted(same.items())),
        tangled,
        frozenset(frame.effects.changed),
    )


def _outlives(root: str) -> bool:
    return (root.startswith("@") and not root.startswith("@@")) or root.startswith("self.")


def _identify(value: Known, path: tuple[int, ...], found: dict[tuple[int, ...], str]) -> None:
    """Collect the parts of a result that certainly are objects of the caller."""
    if value.exact is not None:
        found[path] = value.exact.removeprefix("@")
    elif value.items is not None:
        for index, item in enumerate(value.items):
            _identify(item, (*path, index), found)
