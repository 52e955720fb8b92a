"""A function entry, specialised for each of its signatures, as one program."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from portalis.translator.frontend.assemble.elements import with_limit
from portalis.translator.frontend.assemble.entry import (
    check_crossing,
    check_result,
    declared_parameters,
    entry_parameters,
    parameters_of_types,
    parameters_shown,
)
from portalis.translator.frontend.assemble.examples import TypedExample, read_examples
from portalis.translator.frontend.assemble.program import Specialisation, assemble
from portalis.translator.frontend.assemble.session import Session, diagnose
from portalis.translator.frontend.assemble.signatures import MAX_SIGNATURES, Shown, shown_signatures
from portalis.translator.frontend.assemble.travelling import accepted_text
from portalis.translator.frontend.calls.binder import parameters_of
from portalis.translator.frontend.facts.contents import holding
from portalis.translator.frontend.facts.sites import Sites
from portalis.translator.frontend.infer.names.module_state import begin_state
from portalis.translator.frontend.infer.specialised import Inferred, Signature
from portalis.translator.frontend.lowered import Lowered, Overload, ParameterInfo
from portalis.translator.frontend.read.at_import.decorators import is_decorated
from portalis.translator.frontend.read.at_import.module import ImportedModule
from portalis.translator.frontend.read.at_import.module_state import INITIALISER
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.report import Found
from portalis.translator.ir.nodes import Return, walk_function
from portalis.translator.ir.types import DictRef, ListRef, Type, UnionType, members_of, union_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be lowered: an entry and calls of it. `several`: it may have several signatures, `mixed` as for
    `signatures.joined`; `without` are those, by their number, that were tried before and refused, and why.

    `wide`: ints may have more than 64 bits. `powers`: a power may be a float of ints, and complex of floats. `entries`: dicts
    may have under a key what no example has there. `elements` is the function that gives the elements of what it gives, if it gives an
    iterator.

    With `types` it has one signature, with these for its parameters.
    """

    name: str
    examples: tuple[str, ...]
    several: bool = False
    mixed: bool = True
    types: tuple[Type, ...] | None = None
    wide: bool = False
    powers: bool = False
    entries: bool = False
    elements: str = ""
    without: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of lowering an entry: nothing where all signatures are refused, or what the annotations say.

    The refusals of the first are in the scope's report then. `failed` are the signatures that are refused, by their number, and why; what
    was looked at for those is in what was lowered: with any, it has to be lowered again without them. `mixes`: there would be more
    signatures if elements did not differ within one.
    """

    lowered: Lowered | None
    failed: Mapping[int, str] = field(default_factory=dict)
    mixes: bool = False


@dataclass(slots=True)
class _Lowering:
    """What one function's signatures are lowered with, and whether some of them are one because their elements may differ."""

    scope: ModuleScope
    session: Session
    definition: ast.FunctionDef
    wanted: Wanted
    mixes: bool = False


def lower_function(tree: ast.Module, scope: ModuleScope, session: Session, wanted: Wanted, imported: ImportedModule) -> Attempt:
    """Lower a function for all its signatures."""
    definition = scope.functions[wanted.elements or wanted.name]
    for decorator in definition.decorator_list if is_decorated(scope, definition) else ():
        scope.report.refuse("P0218", decorator, "an entry that is decorated is not translated", "translate a function that calls it")
        return Attempt(None)
    if scope.state:
        begin_state(scope, session.sites)
    lowering = _Lowering(scope, session, definition, wanted)
    allowed = imported.evaluation(named_tuples=scope.references)
    examples = read_examples(scope, session, scope.functions[wanted.name], wanted.examples, allowed)
    examples = with_limit(examples, definition) if wanted.elements else examples
    first, others = _signatures(lowering, examples)
    if first is None:
        diagnose(scope, session, definition)
        return Attempt(None, mixes=lowering.mixes)
    found, failed, of_first = _all_specialised(lowering, (first, *others))
    # Annotations say what a function is for; an example that nothing is translated for may be one that shows what is wrong.
    if not found or (0 in failed and not first[0].examples):
        scope.report.rewind(of_first)
        return Attempt(None, mixes=lowering.mixes)
    return Attempt(_assembled(tree, lowering, imported, found), failed, lowering.mixes)


Parameters = tuple[ParameterInfo, ...]
_Tried: TypeAlias = tuple[list[tuple["_Made", Shown]], dict[int, str], Found]


def _all_specialised(lowering: _Lowering, signatures: Sequence[tuple[Shown, Parameters]]) -> _Tried:
    """Specialise the entry for all signatures, again and again until no more is known of what instances hold than when a round began."""
    session, sites = lowering.session, lowering.session.sites
    before = lowering.scope.report.mark()
    while True:
        tried = _each_specialised(lowering, signatures)
        if not sites.fields or (sites.settled and not sites.instances_grew) or not session.spend():
            return tried
        lowering.scope.report.rewind(before)
        session.begin_round(settled=not sites.instances_grew)


def _each_specialised(lowering: _Lowering, signatures: Sequence[tuple[Shown, Parameters]]) -> _Tried:
    """Return the signatures that have a translation, why others have none, and what was told of the first."""
    report = lowering.scope.report
    found: list[tuple[_Made, Shown]] = []
    failed: dict[int, str] = {}
    of_first = before = report.mark()
    if lowering.scope.state and not _has_state(lowering):
        told = report.mark()
        report.rewind(before)
        return [], dict.fromkeys(range(len(signatures)), "the module's state is refused"), told
    for number, (item, parameters) in enumerate(signatures):
        if number in lowering.wanted.without:
            continue
        made, shown = _specialised(lowering, parameters, item)
        after = report.mark()
        if made is None or after != before:
            failed[number] = f"{shown}: {_first_refusal(before, after)}"
            of_first = of_first if number else after
            report.rewind(before)
        elif (same := next((at for at, (known, _) in enumerate(found) if known.types == made.types), None)) is not None:
            known, other = found[same]
            found[same] = known, replace(other, examples=(*other.examples, *item.examples))
        else:
            found.append((made, item))
    return found, failed, of_first


def _has_state(lowering: _Lowering) -> bool:
    """Infer what makes the module's state; tell whether it has a translation."""
    scope, session = lowering.scope, lowering.session
    begin_state(scope, session.sites)
    before = scope.report.mark()
    signature = session.signature(scope, INITIALISER, ())
    return not signature.failed and scope.report.mark() == before


def _signatures(
    lowering: _Lowering, examples: Sequence[TypedExample]
) -> tuple[tuple[Shown, Parameters] | None, list[tuple[Shown, Parameters]]]:
    """Return the signatures with their parameters; no first one where there is none without a refusal."""
    scope, session, definition = lowering.scope, lowering.session, lowering.definition
    if not lowering.wanted.several:
        parameters = entry_parameters(scope, session, definition, examples)
        only = Shown(tuple(examples), examples=tuple(examples))
        return (None if parameters is None else (only, parameters)), []
    given = {name for example in examples for name, _ in example.types}
    given |= set(parameters_of(definition).defaults) if examples else set()
    declared = declared_parameters(scope, session, definition, given=given)
    if scope.report.found:
        return None, []
    if lowering.wanted.types is not None:
        return parameters_of_types(definition, declared, lowering.wanted.types, examples), []

    def signatures(mixed: bool) -> list[Shown]:
        return shown_signatures(declared, examples, as_values=not scope.references, mixed=mixed)[:MAX_SIGNATURES]

    shown = signatures(lowering.wanted.mixed)
    lowering.mixes = lowering.wanted.mixed and len(examples) > 1 and len(signatures(mixed=False)) != len(shown)
    found = []
    for number, item in enumerate(shown):
        mark = scope.report.mark()
        parameters = parameters_shown(scope, session, definition, declared, item)
        if parameters is not None:
            found.append((item, parameters))
        elif number == 0:
            return None, []
        else:
            scope.report.rewind(mark)
    return found[0], found[1:]


@dataclass(frozen=True, slots=True)
class _Made:
    """One signature, specialised."""

    parameters: Parameters
    signature: Signature

    @property
    def types(self) -> tuple[Type, ...]:
        return tuple(item.type for item in self.parameters)


def _specialised(lowering: _Lowering, parameters: Parameters, shown: Shown) -> tuple[_Made | None, str]:
    """Specialise the entry for a signature; return it where nothing is refused, and its parameters as text.

    An example shows some depth of many where functions go down into lists that hold lists, or dicts that hold dicts, level by level; and
    what is refused of some levels may have a translation of any.
    """
    report, before = lowering.scope.report, lowering.scope.report.mark()
    found = _specialised_for(lowering, parameters, shown)
    told = report.mark()
    nested = tuple(
        replace(item, type=_nested(lowering.session.sites, item.type)) if item.type_from == "example" else item for item in parameters
    )
    if nested == parameters or (found[0] is not None and told == before and not _goes_down(lowering.session)):
        return found
    report.rewind(before)
    deeper = _specialised_for(lowering, nested, shown)
    if deeper[0] is not None and report.mark() == before:
        return deeper
    report.rewind(told)
    return found


def _nested(sites: Sites, type_: Type) -> Type:
    """Return a type in which lists that hold lists, and dicts that hold dicts, do so to any depth."""
    if isinstance(type_, UnionType):
        return union_of(_nested(sites, member) for member in type_.members)
    if isinstance(type_, ListRef | DictRef) and any(type(one) is type(type_) for one in members_of(type_.held)):
        held = sites.tied(type_)
        return type_ if held is None else holding(type_, held)
    return type_


def _goes_down(session: Session) -> bool:
    """Tell whether a function calls itself, maybe through others, with what one of its arguments holds."""
    for key, inferred in session.done.items():
        entered = {inferred.request.name}
        pending = list(inferred.calls)
        while pending:
            name = pending.pop()
            if name in entered or name not in session.by_name:
                continue
            entered.add(name)
            called = session.by_name[name]
            pending += called.calls
            if called.request.definition is inferred.request.definition and any(map(_is_held_in, called.request.types, key[2])):
                return True
    return False


def _failed_callee(session: Session, name: str) -> Inferred | None:
    """Return what a specialisation needs that failed and told nothing, as it assumed so of itself in a round; None where nothing did."""
    entered: set[str] = set()
    pending = [name]
    while pending:
        inferred = session.by_name.get(pending.pop())
        if inferred is None or inferred.request.name in entered:
            continue
        if inferred.signature.failed:
            return inferred
        entered.add(inferred.request.name)
        pending += inferred.calls
    return None


def _is_held_in(inner: Type, outer: Type) -> bool:
    """Tell whether values of a type are elements of a list, or values of a dict, of another type."""
    held = [one.held for one in members_of(outer) if isinstance(one, ListRef | DictRef) and one.beside is None]
    return any({*members_of(inner)} <= {*members_of(one)} for one in held)


def _specialised_for(lowering: _Lowering, parameters: Parameters, shown: Shown) -> tuple[_Made | None, str]:
    scope, name = lowering.scope, lowering.wanted.elements or lowering.wanted.name
    parameters, signature = _settled(scope, lowering.session, name, parameters)
    text = f"{name}({', '.join(f'{item.name}: {item.type}' for item in parameters)})"
    if signature.failed:
        return None, text
    if (silent := _failed_callee(lowering.session, signature.name)) is not None:
        message = f"what `{silent.request.display}` returns cannot be found: it calls itself with ever other types"
        scope.report.refuse("P0316", silent.request.definition, message, "give what it is called with one type")
        return None, text
    assert signature.result is not None
    if not check_crossing(scope, scope.functions[lowering.wanted.name], (signature.result, *(item.type for item in parameters))):
        return None, text
    # To who calls a function in Python the annotation of its result is nothing but a note, as it is to CPython.
    function = lowering.session.find(signature.name).function
    if not lowering.wanted.several and any(isinstance(node, Return) for node in walk_function(function)):
        check_result(scope, lowering.definition, signature.result)
    return _Made(parameters, signature), text


def _settled(
    scope: ModuleScope, session: Session, name: str, parameters: tuple[ParameterInfo, ...]
) -> tuple[tuple[ParameterInfo, ...], Signature]:
    """Specialise the entry; what it puts into an argument of which the examples tell nothing is known of that argument from the start."""
    while True:
        types = tuple(item.type for item in parameters)
        signature = session.signature(scope, name, types)
        if signature.failed or signature.parameters == types:
            return parameters, signature
        parameters = tuple(replace(item, type=type_) for item, type_ in zip(parameters, signature.parameters, strict=True))


def _first_refusal(before: Found, after: Found) -> str:
    for place, refusal in after.items():
        if place not in before:
            return f"{refusal.code} in line {refusal.span.line}: {refusal.message}"
    return "refused"


def _assembled(tree: ast.Module, lowering: _Lowering, imported: ImportedModule, found: Sequence[tuple[_Made, Shown]]) -> Lowered:
    scope, name, elements = lowering.scope, lowering.wanted.name, lowering.wanted.elements
    overloads, specialisations = [], []
    for made, shown in found:
        given = tuple(item.example for item in shown.examples)
        assert made.signature.result is not None
        overloads.append(Overload(name, made.parameters, made.signature.result, given, gives_elements=bool(elements)))
        specialisations.append(Specialisation(made.signature.name, made.parameters, given))
    program = assemble(scope, lowering.session, specialisations)
    examples = [(item.args, item.kwargs) for overload in overloads for item in overload.examples]
    accepted = accepted_text(tree, scope, imported.ignored, examples)
    first, others = overloads[0], tuple(overloads[1:])
    refused = tuple(lowering.wanted.without.values())
    return Lowered(
        scope.source,
        program,
        "function",
        name,
        first.parameters,
        first.result,
        first.examples,
        accepted,
        others,
        refused,
        elements,
        scope.state,
    )
