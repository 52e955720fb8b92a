"""Examples: calls given by the user and in doctests, read for the types of their constant arguments."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from dataclasses import dataclass

from portalis.translator.frontend.assemble.doctests import calls_in_doctests, calls_within
from portalis.translator.frontend.assemble.example_values import ExampleEvaluation
from portalis.translator.frontend.calls.binder import Misfit, bind, parameters_of
from portalis.translator.frontend.facts.contents import as_any_length
from portalis.translator.frontend.facts.model import Known
from portalis.translator.frontend.infer.constants import infer_constant
from portalis.translator.frontend.infer.specialised import Specialiser
from portalis.translator.frontend.lowered import Example
from portalis.translator.frontend.read.at_import.values import Beyond, Evaluation, NotOnTheList
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.report import Report
from portalis.translator.ir.types import TupleType, Type
from portalis.translator.source import SourceFile

_HELP = 'give a call with constant arguments, such as "f([1.0, 2.0], 0.5)"'


@dataclass(frozen=True, slots=True)
class TypedExample:
    """An example with the type of each parameter that it gives an argument for."""

    example: Example
    types: tuple[tuple[str, Type], ...]


def read_examples(
    scope: ModuleScope, specialiser: Specialiser, definition: ast.FunctionDef, texts: tuple[str, ...], allowed: Evaluation
) -> tuple[TypedExample, ...]:
    """Read the user's examples (a wrong one is refused) and the doctests (one that is no plain call is left out)."""
    found: list[TypedExample] = []
    for text in texts:
        calls = _parsed_calls(text, definition.name)
        if not calls:
            scope.report.refuse(
                "P0107", definition, f"the example `{text}` is not a call of `{definition.name}`", f'write "{definition.name}(…)"'
            )
            continue
        for call, shown in calls:
            example = _typed(scope, specialiser, definition, call, shown, allowed, len(found))
            if example is not None:
                found.append(example)
    for call in calls_in_doctests(ast.get_docstring(definition) or "", definition.name):
        quiet = Report(scope.source)
        outer, scope.report = scope.report, quiet
        example = _typed(scope, specialiser, definition, call, ast.unparse(call), allowed, len(found))
        scope.report = outer
        if example is not None and not quiet.found:
            found.append(example)
    return tuple(found)


def _parsed_calls(text: str, name: str) -> list[tuple[ast.Call, str]]:
    """Return the call that an example is, or those within it, with their texts: `sorted(f(3))` shows what `f` is called with, too."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    calls = calls_within(tree, name)
    return [(call, text if call is tree else ast.unparse(call)) for call in calls]


def _typed(
    scope: ModuleScope,
    specialiser: Specialiser,
    definition: ast.FunctionDef,
    call: ast.Call,
    text: str,
    allowed: Evaluation,
    number: int,
) -> TypedExample | None:
    keywords = [keyword.arg for keyword in call.keywords if keyword.arg is not None]
    starred = any(isinstance(item, ast.Starred) for item in call.args) or len(keywords) < len(call.keywords)
    bound = bind(parameters_of(definition), len(call.args), keywords)
    if starred or isinstance(bound, Misfit):
        scope.report.refuse("P0107", definition, f"the arguments of the example `{text}` do not fit `{definition.name}`", _HELP)
        return None
    types: list[tuple[str, Type]] = []
    further: list[Type] = []
    before = len(scope.report.found)
    nodes = [*call.args, *(keyword.value for keyword in call.keywords)]
    for name, index in bound.arguments:
        node = nodes[index]
        type_ = _type_of_argument(scope, specialiser, node, definition, ("example", number, index))
        if type_ is not None and not _may_be_evaluated(scope, definition, node, allowed):
            return None
        if type_ is None:
            if len(scope.report.found) == before:
                scope.report.refuse("P0107", definition, f"the argument `{ast.unparse(node)}` of the example is not constant", _HELP)
            return None
        if name.startswith("*"):
            further.append(type_)
        else:
            types.append((name, type_))
    if definition.args.vararg is not None:
        # Of one type they may be any number.
        together = TupleType(tuple(further))
        types.append((definition.args.vararg.arg, as_any_length(together) or together))
    return TypedExample(
        Example(
            text,
            tuple(map(ast.unparse, call.args)),
            tuple((keyword.arg, ast.unparse(keyword.value)) for keyword in call.keywords if keyword.arg),
        ),
        tuple(types),
    )


def _may_be_evaluated(scope: ModuleScope, definition: ast.FunctionDef, node: ast.expr, allowed: Evaluation) -> bool:
    """Hold an argument to what a module may evaluate when it is imported, and to pure calls beyond it; CPython evaluates it too."""
    try:
        ExampleEvaluation(allowed.names, allowed.bounded).value(node)
    except NotOnTheList as error:
        code = "P0229" if isinstance(error, Beyond) else "P0227"
        scope.report.refuse(code, definition, f"the example would evaluate {error}", _HELP)
        return False
    return True


def _type_of_argument(scope: ModuleScope, specialiser: Specialiser, node: ast.expr, where: ast.AST, owner: Hashable) -> Type | None:
    """Return the type of an expression that uses nothing but constants; None (with refusals at `where`) where it has none."""
    # Where in the example's text something stands tells one list from another, and nothing to the reader of the source.
    within = Report(SourceFile("<example>", ast.unparse(node)))
    outer, scope.report = scope.report, within
    try:
        value = infer_constant(scope, specialiser, ast.parse(within.source.text, mode="eval").body, owner, for_its_type=True)
    finally:
        scope.report = outer
    for found in within.found:
        outer.refuse(found.code, where, found.message, found.help, *found.notes)
    return value.type if isinstance(value, Known) else None
