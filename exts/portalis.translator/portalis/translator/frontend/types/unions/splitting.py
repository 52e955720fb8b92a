"""Operations on values of several classes: written for each combination of members, of which one runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import TypeAlias

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, describe, hold, is_simple
from portalis.translator.frontend.facts.model import (
    PENDING,
    Assigned,
    Evaluated,
    Fact,
    Joined,
    Known,
    Load,
    Raised,
    Step,
    Stopped,
    Tested,
    Unknown,
)
from portalis.translator.frontend.types.unions.members import coerced, is_member, taken
from portalis.translator.frontend.types.unions.mistakes import Mistake
from portalis.translator.ir.types import BOOL, NEVER, NONE, Type, UnionType, members_of
from portalis.translator.source import Span

# The operation on operands of one member each; None or a refusal where there is none.
Build: TypeAlias = Callable[[list[Known]], Fact | None]
# What CPython raises instead, for operands of these types.
Wrong: TypeAlias = Callable[[Sequence[Type]], Mistake | None]


@dataclass(frozen=True, slots=True)
class _Case:
    """One combination of members: when it is the one, what is computed then after some steps, or else what is raised."""

    test: Known
    steps: tuple[Step, ...]
    value: Known | None


def by_member(infer: Inference, node: ast.AST, values: Sequence[Known], build: Build, wrong: Wrong) -> Fact:
    """Return an operation on operands of which some are of several classes, each of which is evaluated once, in order.

    Where no combination has the operation, or CPython has one that is not translated, it is refused as the operation itself is.
    """
    span, steps = infer.span(node), list[Step]()
    held = list(values)
    if not all(map(is_simple, held)):
        held = [hold(infer, value, "operand", steps) for value in held]
    cases: list[_Case] = []
    waits = False
    for members in product(*[members_of(value.type) for value in held]):
        parts = [taken(value, member) for value, member in zip(held, members, strict=True)]
        attempt = infer.attempt(partial(build, parts))
        if isinstance(attempt.fact, Unknown) and attempt.fact.pending:
            waits = True
            continue
        test = _all_hold(span, held, members)
        if isinstance(attempt.fact, Known):
            cases.append(_Case(test, attempt.steps, None if attempt.ends else attempt.fact))
            continue
        mistake = wrong(members)
        if mistake is None:
            return _refused(infer, node, parts, build)
        cases.append(_Case(test, (ended(infer, span, mistake),), None))
    known = [case for case in cases if case.value is not None]
    if not known:
        return PENDING if waits else _refused(infer, node, [taken(value, members_of(value.type)[0]) for value in held], build)
    return _chosen(infer, node, steps, cases)


def only(infer: Inference, node: ast.AST, value: Known, fits: Callable[[Type], bool], wrong: Wrong) -> Known | None:
    """Return a value as the one member that fits, where CPython raises for all others; None where that is not so."""
    assert isinstance(value.type, UnionType)
    fitting = [member for member in value.type.members if fits(member)]
    mistakes = {member: wrong([member]) for member in value.type.members if member not in fitting}
    if len(fitting) != 1 or None in mistakes.values():
        return None
    span, steps = infer.span(node), list[Step]()
    held = value if is_simple(value) else hold(infer, value, "either", steps)
    for member, mistake in mistakes.items():
        assert mistake is not None
        steps.append(Tested(span, is_member(held, member), (ended(infer, span, mistake),)))
    return after(span, steps, taken(held, fitting[0]))


def _all_hold(span: Span, values: Sequence[Known], members: Sequence[Type]) -> Known:
    tests = [is_member(value, member) for value, member in zip(values, members, strict=True) if isinstance(value.type, UnionType)]
    found = tests[0] if tests else constant(span, True)
    for test in tests[1:]:
        found = Known(span, BOOL, Joined("and", found, test))
    return found


def ended(infer: Inference, span: Span, mistake: Mistake) -> Step:
    """Return the step that raises what CPython raises for operands of these types."""
    # The library's functions are not CPython's own, so that they may come to it with other operands than these do.
    return Stopped(span, f"{mistake.exception}: {mistake.message}") if infer.scope.library else Raised(span, *mistake)


def _refused(infer: Inference, node: ast.AST, parts: list[Known], build: Build) -> Unknown:
    found = build(parts)
    if isinstance(found, Unknown):
        return found
    shown = " and ".join([describe(part.type) for part in parts])
    return infer.refuse(
        "P0308", node, f"this is not translated of {shown}", "test for the type first: if x is not None, isinstance(x, int)"
    )


def _chosen(infer: Inference, node: ast.AST, steps: list[Step], cases: list[_Case]) -> Fact:
    span = infer.span(node)
    known = [case for case in cases if case.value is not None]
    values = [case.value for case in known if case.value is not None]
    if len(known) == len(cases) and _are_one_constant(values):
        return after(span, steps, values[0])
    if len(known) == 1:
        steps += [Tested(span, case.test, case.steps) for case in cases if case.value is None]
        return after(span, [*steps, *known[0].steps], values[0])
    type_: Type | None = NEVER
    for value in values:
        joined = None if type_ is None else infer.generalise(type_, value.type)
        if joined is None:
            shown = ", ".join(dict.fromkeys(describe(value.type) for value in values))
            return infer.refuse("P0302", node, f"this gives values of too many types: {shown}", "convert them to one type")
        type_ = joined
    assert type_ is not None
    local = None if type_ == NONE else infer.temporary("either", type_)
    otherwise: tuple[Step, ...] = ()
    for index, case in enumerate(reversed(cases)):
        then = case.steps
        if case.value is not None and local is None:
            then = (*then, Evaluated(span, case.value))
        elif case.value is not None and local is not None:
            then = (*then, Assigned(span, local, coerced(infer, case.value, type_)))
        otherwise = then if not index else (Tested(span, case.test, then, otherwise),)
    result = constant(span, None) if local is None else Known(span, type_, Load(local))
    return after(span, [*steps, *otherwise], result)


def _are_one_constant(values: Sequence[Known]) -> bool:
    return all(value.is_constant and value.type == values[0].type and value.constant == values[0].constant for value in values)
