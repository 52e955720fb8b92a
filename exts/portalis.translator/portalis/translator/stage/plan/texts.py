"""Which texts a behaviour's results can be, as far as its source itself says them: constants, and where they flow on whatever path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeAlias

from portalis.translator.ir.nodes import (
    Assign,
    Call,
    Const,
    Expr,
    Fallible,
    FieldLoad,
    Function,
    IfExpr,
    Local,
    Make,
    Program,
    Return,
    Store,
    walk_function,
)
from portalis.translator.ir.nodes import Sequence as BodyThenValue
from portalis.translator.ir.types import STR, RecordType

# A variable of a function, a field of the behaviour's state (of no function), or one of a function's results.
_Place: TypeAlias = tuple[str, str | int]


def texts_of(program: Program) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the constants that each result which is a text may be, for those that may be any, in the order of the program's strings.

    What comes from elsewhere, such as from an attribute, is not among them.
    """
    behaviour = program.behaviour
    assert behaviour is not None, "only a behaviour has results by name"
    state = behaviour.state
    flows: dict[_Place, set[_Place | str]] = defaultdict(set)
    for function in program.functions:
        for place, source in _flows(program, function, state):
            flows[place] |= set(_sources(source, function, state))
    if state is not None:
        places: list[tuple[str, _Place]] = [(name, ("", name)) for name, type_ in state.fields if type_ == STR]
    else:
        entry = dict(behaviour.entries)["update"]
        places = [(name, (entry, index)) for index, (name, type_) in enumerate(behaviour.outputs) if type_ == STR]
    found = {name: _constants(flows, place) for name, place in places}
    return tuple((name, tuple(text for text in program.strings if text in texts)) for name, texts in found.items() if texts)


def _flows(program: Program, function: Function, state: RecordType | None) -> Iterator[tuple[_Place, Expr]]:
    """Yield what gets its value from what within a function, calls of others included."""
    for node in walk_function(function):
        match node:
            case Assign(_, target, value):
                yield (function.name, target), value
            case Store(_, FieldLoad(_, _, whole, name), value) if whole.type == state:
                yield ("", name), value
            case Return(_, Make(_, _, items)):
                yield from (((function.name, index), item) for index, item in enumerate(items))
            case Return(_, value):
                yield (function.name, 0), value
            case Call(_, _, name, args):
                yield from (((name, param.name), arg) for param, arg in zip(program.function(name).params, args, strict=True))


def _sources(expr: Expr, function: Function, state: RecordType | None) -> Iterator[_Place | str]:
    """Yield the constants and the places that may give an expression its value."""
    match expr:
        case Const(_, type_, str() as value) if type_ == STR:
            yield value
        case Local(_, _, name):
            yield function.name, name
        case FieldLoad(_, _, whole, name) if whole.type == state:
            yield "", name
        case IfExpr(_, _, _, then, otherwise):
            yield from _sources(then, function, state)
            yield from _sources(otherwise, function, state)
        case Call(_, _, name, _):
            yield name, 0
        case BodyThenValue(_, _, _, value) | Fallible(_, _, value, _):
            yield from _sources(value, function, state)


def _constants(flows: dict[_Place, set[_Place | str]], place: _Place) -> set[str]:
    seen, waiting, found = {place}, [place], set()
    while waiting:
        for source in flows.get(waiting.pop(), ()):
            if isinstance(source, str):
                found.add(source)
            elif source not in seen:
                seen.add(source)
                waiting.append(source)
    return found
