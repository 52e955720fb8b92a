"""From specialisations to a closed program: what the entry reaches, its strings, and what a host binds."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from portalis.translator.frontend.assemble.module_state import with_state
from portalis.translator.frontend.assemble.session import Session
from portalis.translator.frontend.facts.sent import is_class
from portalis.translator.frontend.infer.names.module_state import MODULE, cell_types, check_variables
from portalis.translator.frontend.lowered import Example, ParameterInfo
from portalis.translator.frontend.lowering.generators import split_generator
from portalis.translator.frontend.read.at_import.module_state import INITIALISER
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.tree import walk
from portalis.translator.frontend.represent.asking import refuse_asking
from portalis.translator.frontend.represent.identity import Identity, result_identity
from portalis.translator.ir.nodes import Behaviour, Const, Entry, Function, Node, ObjectOp, Program, Raise, Reraise, walk_function
from portalis.translator.ir.types import FLOAT, INT, STR, ListType, NoneType, TupleType, Type, holds_knot, holds_set
from portalis.translator.ir.wire import holds_references


@dataclass(frozen=True, slots=True)
class Specialisation:
    """The entry for one signature: the function's name in the session, its parameters, and the examples that have this signature."""

    name: str
    parameters: tuple[ParameterInfo, ...]
    examples: tuple[Example, ...]


def assemble(scope: ModuleScope, session: Session, entries: Sequence[Specialisation]) -> Program:
    """Build the program of a function entry, for each of its signatures.

    Ambiguous identity of a result is refused in the scope's report. A host binds the first.
    """
    entry = entries[0].name
    definition = scope.functions[session.find(entry).function.display]
    called = {item.name for item in entries} | ({INITIALISER} if scope.state else set())
    functions = reachable(session, (*(item.name for item in entries), *([INITIALISER] if scope.state else [])), scope.deep)
    functions = with_state(functions, cell_types(scope, session.sites), called)
    if scope.state:
        check_variables(scope, session.sites)
        _refuse_orders(scope, session, functions, definition, called)
    refuse_asking(scope.report, functions, {function.name for function in functions if session.of_library(function.name)})
    first, *others = (Entry(item.name, _identity(scope, session, definition, item.name)) for item in entries)
    outputs = _outputs(definition, session.find(entry).function.result)
    said = [*map(_said, functions)]
    tells, prints = any(one.tells for one in said), any(one.prints for one in said)
    # Objects by reference have no lanes, nor has what is printed.
    behaviour = None if any(map(holds_references, functions)) or prints else Behaviour(entry, (("update", entry),), outputs)
    parameters = tuple(parameter for item in entries for parameter in item.parameters)
    strings = tuple(sorted({*_strings(said, parameters), *_strings_in([text for item in entries for text in item.examples])}))
    for parameter in parameters if not strings else ():
        if holds_text(parameter.type):
            scope.report.refuse(
                "P0225",
                definition,
                f"no text can be passed for `{parameter.name}`: the program has no str constant",
                f'give an example with every text that is passed: "{definition.name}(…)"',
            )
    if tells or prints:
        functions = tuple(
            [replace(function, tells=tells, prints=prints) if function.name in called else function for function in functions]
        )
    classes = tuple((name, tuple(fields)) for name, fields in session.sites.fields.items() if name != MODULE and is_class(name))
    exceptions, initial = tuple(scope.exceptions.items()), INITIALISER if scope.state else ""
    return Program(functions, entry, strings, session.target, behaviour, first.identity, tuple(others), exceptions, classes, initial)


# What goes over a set, or takes of it whatever comes first.
_ASK_FOR_ORDER = ("sets.begun", "sets.next_slot", "sets.pop")


def _refuse_orders(
    scope: ModuleScope, session: Session, functions: Sequence[Function], definition: ast.FunctionDef, called: Collection[str]
) -> None:
    """Refuse a program that keeps a set from call to call and asks any for an order: one that crosses comes back without its table."""
    if not any(map(holds_set, cell_types(scope, session.sites).values())):
        return
    entries = [function for function in functions if function.name in called and function.name != INITIALISER]
    crossing = [type_ for one in entries for type_ in (one.result, *(param.type for param in one.params if "." not in param.name))]
    if any(map(holds_set, crossing)) or any(function.name.startswith(_ASK_FOR_ORDER) for function in functions):
        scope.report.refuse(
            "P0230",
            definition,
            "the order of a set that the module keeps from call to call is not translated",
            "keep a dict with the elements as keys, or a list beside it",
        )


def _identity(scope: ModuleScope, session: Session, definition: ast.FunctionDef, name: str) -> Identity:
    specialised = session.find(name)
    return result_identity(scope.report, definition, specialised.signature, dict(specialised.params), by_value=scope.by_value)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a function has to say by itself: its str constants, whether it raises with a text that it computes, whether it prints."""

    texts: frozenset[str]
    tells: bool
    prints: bool


def _said(function: Function) -> _Said:
    # The library's functions are the same in every program. The user's are never seen again, and a cache would hold them.
    return _said_by_library(function) if function.library else _go_over(function)


def _go_over(function: Function) -> _Said:
    nodes = [*walk_function(function)]
    # The library computes with numbers; its only texts are messages.
    constants = () if function.library else (node.value for node in nodes if isinstance(node, Const) and node.type == STR)
    return _Said(
        frozenset(text for text in constants if isinstance(text, str)),
        any(isinstance(node, Raise) and node.form != "constant" for node in nodes),
        any(isinstance(node, ObjectOp) and node.op == "output.write" for node in nodes),
    )


_said_by_library = lru_cache(maxsize=1024)(_go_over)


def _strings_in(examples: Sequence[Example]) -> set[str]:
    """Collect the texts that the examples pass: a caller passes those, whatever the program itself mentions."""
    texts = [text for example in examples for text in (*example.args, *(value for _, value in example.kwargs))]
    nodes = [node for text in texts for node in walk(ast.parse(text, mode="eval"))]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def holds_text(type_: Type) -> bool:
    """Tell whether a value of a type is, or holds, a str."""
    return type_ == STR or (isinstance(type_, TupleType | ListType) and any(map(holds_text, type_.elements)))


def reachable(session: Session, entries: tuple[str, ...], deep: bool = False) -> tuple[Function, ...]:
    """Return every function that the entries call, callees first; `deep` as recursive functions of the user's are.

    What the library does to objects that hold one another is C in CPython, whose limit lies elsewhere: there it is never known.
    """
    found: dict[str, Function] = {}
    entered: set[str] = set()

    for entry in entries:
        _reach(session, entry, found, entered)
    recursive = _recursive({name: session.find(name).calls for name in found})
    marked = {
        name: replace(function, recursive=True, deep=_nests_elsewhere(function) if function.library else deep)
        if name in recursive
        else function
        for name, function in found.items()
    }
    return _split_generators(marked, {name: session.find(name).calls for name in found})


def _nests_elsewhere(function: Function) -> bool:
    """Tell whether a function of the library nests as deeply as objects do that hold one another."""
    return any(holds_knot(parameter.type) for parameter in function.params)


# No closure: one that calls itself is a cycle, and would hold all that the session has made until the collector comes.
def _reach(session: Session, name: str, found: dict[str, Function], entered: set[str]) -> None:
    if name in entered:
        return
    entered.add(name)
    specialised = session.find(name)
    for callee in sorted(specialised.calls):
        _reach(session, callee, found, entered)
    found[name] = specialised.function


def _split_generators(functions: Mapping[str, Function], calls: Mapping[str, frozenset[str]]) -> tuple[Function, ...]:
    """Return functions with each generator function split in two: what makes frames calls nothing, so that it comes first."""
    if not any(function.generates for function in functions.values()):
        return tuple(functions.values())
    stopping = {name for name, function in functions.items() if any(map(_raises_stop, walk_function(function)))}
    if stopping:
        # What was caught may be raised again anywhere.
        stopping |= {name for name, function in functions.items() if any(isinstance(node, Reraise) for node in walk_function(function))}
    while more := {name for name in functions.keys() - stopping if calls[name] & stopping and not functions[name].generates}:
        stopping |= more
    makers, others = list[Function](), list[Function]()
    for name, function in functions.items():
        if function.generates:
            maker, resume = split_generator(function, name in stopping or bool(calls[name] & stopping))
            makers.append(maker)
            others.append(resume)
        else:
            others.append(function)
    return (*makers, *others)


def _raises_stop(node: Node) -> bool:
    return isinstance(node, Raise) and node.exception == "StopIteration"


def _recursive(calls: Mapping[str, frozenset[str]]) -> set[str]:
    """Return the functions that can call themselves; `calls` names whom each calls, callees first as far as there is such an order."""
    settled: set[str] = set()
    for name, callees in calls.items():
        # Calls of what cannot come back to itself cannot come back here either.
        if callees <= settled:
            settled.add(name)
    return {name for name in calls if name not in settled and _reaches(calls, name, name)}


def _reaches(calls: Mapping[str, frozenset[str]], start: str, goal: str) -> bool:
    """Tell whether a call of `start` can lead to a call of `goal`."""
    seen: set[str] = set()
    pending = list(calls[start])
    while pending:
        name = pending.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            pending += calls[name]
    return False


def strings_of(functions: tuple[Function, ...]) -> tuple[str, ...]:
    """Collect the str constants of a program, sorted by code points."""
    return _strings(map(_said, functions), ())


def _strings(said: Iterable[_Said], parameters: Sequence[ParameterInfo]) -> tuple[str, ...]:
    defaults = {info.default for info in parameters if isinstance(info.default, str)}
    return tuple(sorted(defaults.union(*(one.texts for one in said))))


# Tuples that are one value of a stage, as a Gf vector is: a variable that holds one is one result.
_VECTORS = frozenset(TupleType((item,) * size) for item in (FLOAT, INT) for size in (2, 3, 4))


def _outputs(definition: ast.FunctionDef, result: Type) -> tuple[tuple[str, Type], ...]:
    """Name the elements of a result after the variables that are returned, where all returns agree."""
    if isinstance(result, NoneType):
        return ()
    if result in _VECTORS and (whole := _returned_variable(definition)):
        return ((whole, result),)
    types = result.items if isinstance(result, TupleType) else (result,)
    names = _returned_names(definition, len(types), isinstance(result, TupleType))
    return tuple(zip(names, types, strict=True))


def _returned_variable(definition: ast.FunctionDef) -> str:
    """Return the one variable that every return gives as it is, or nothing."""
    values = [node.value for node in walk(definition) if isinstance(node, ast.Return) and node.value is not None]
    names = {value.id if isinstance(value, ast.Name) else "" for value in values}
    return names.pop() if len(names) == 1 else ""


def _returned_names(definition: ast.FunctionDef, count: int, is_tuple: bool) -> tuple[str, ...]:
    default = tuple(f"result_{index}" for index in range(count)) if is_tuple else ("result",)
    found: set[tuple[str, ...]] = set()
    for node in walk(definition):
        if not isinstance(node, ast.Return) or node.value is None:
            continue
        values = node.value.elts if is_tuple and isinstance(node.value, ast.Tuple) else [node.value]
        names = tuple(value.id if isinstance(value, ast.Name) else "" for value in values)
        found.add(names)
    names = next(iter(found)) if len(found) == 1 else ()
    return names if len(names) == count and all(names) and len(set(names)) == count else default
