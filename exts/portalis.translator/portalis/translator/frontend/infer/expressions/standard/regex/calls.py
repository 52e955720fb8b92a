"""Calls of `re` and methods of patterns: which pattern is meant, what is looked at, what is made of the matches."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from portalis.translator.frontend.calls.binder import Misfit, Parameters, bind
from portalis.translator.frontend.facts.making import after, constant, describe, hold, is_simple, known_text, to_int
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.attributes import standard_name
from portalis.translator.frontend.infer.expressions.iterables import captured
from portalis.translator.frontend.infer.expressions.standard.regex.replacing import is_function, substitute
from portalis.translator.frontend.infer.expressions.standard.regex.searching import Searched, find_all, go_over, search, split
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.read.class_forms.nodes import names_bound_anywhere
from portalis.translator.frontend.read.patterns.program import FLAGS, Invalid, Pattern, read_pattern
from portalis.translator.frontend.read.patterns.sets import Untranslated
from portalis.translator.frontend.read.patterns.written import Lookup, is_fixed, is_only_read, written_text
from portalis.translator.frontend.read.tree import walk
from portalis.translator.frontend.types.references.operations import length_of, operated
from portalis.translator.frontend.types.references.regex import ANY_PATTERN, OF_A_MATCH, PATTERN, field_of, known_pattern, pattern_type
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.types import BOOL, INT, TEXT, LibraryRef

_HELP = "write the pattern as a text in the program, as Python's documentation of re has it"
_NO_FLAGS: Mapping[str, ast.expr | None] = {"flags": None}


@dataclass(frozen=True, slots=True)
class Function:
    """What a function of `re` takes behind the pattern, the last of which may be left out, and what it does."""

    parameters: tuple[str, ...]
    optional: tuple[str, ...]
    act: Callable[[FunctionInference, ast.Call, Searched, Mapping[str, Known], ast.expr | None], Fact]
    positions: bool = True


_FUNCTIONS: Mapping[str, Function] = {
    "search": Function(("string",), (), lambda infer, node, found, given, function: search(infer, node, found, 0)),
    "match": Function(("string",), (), lambda infer, node, found, given, function: search(infer, node, found, 1)),
    "fullmatch": Function(("string",), (), lambda infer, node, found, given, function: search(infer, node, found, 2)),
    "findall": Function(("string",), (), lambda infer, node, found, given, function: find_all(infer, node, found)),
    "finditer": Function(("string",), (), lambda infer, node, found, given, function: go_over(infer, node, found)),
    "split": Function(
        ("string",), ("maxsplit",), lambda infer, node, found, given, function: split(infer, node, found, given.get("maxsplit")), False
    ),
    "sub": Function(
        ("repl", "string"),
        ("count",),
        lambda infer, node, found, given, function: substitute(infer, node, found, given, function, False),
        False,
    ),
    "subn": Function(
        ("repl", "string"),
        ("count",),
        lambda infer, node, found, given, function: substitute(infer, node, found, given, function, True),
        False,
    ),
}
CALLABLE = (*_FUNCTIONS, "compile", "escape")


def call_regex(infer: FunctionInference, node: ast.Call, name: str) -> Fact:
    """Infer a call of a function of `re`."""
    if not infer.references:
        return infer.refuse("P0225", node, "regular expressions are not translated here", "compare texts with == or `in`")
    if name == "escape":
        return _escape(infer, node)
    if name not in CALLABLE:
        return infer.refuse("P0309", node, f"`re.{name}` is not called", "call re.search, re.findall, re.sub and their kin")
    function = _FUNCTIONS.get(name, Function((), (), _compile))
    order = ("pattern", *function.parameters, *function.optional, "flags")
    steps: list[Step] = []
    bound = _bound(infer, node, Parameters(order, 0, (), dict.fromkeys((*function.optional, "flags"))), steps)
    if isinstance(bound, Unknown):
        return bound
    given, nodes = bound
    flags = _flags(infer, nodes["flags"]) if "flags" in nodes else 0
    if isinstance(flags, Unknown):
        return flags
    found = _looked_for(infer, node, given, flags, steps)
    return found if isinstance(found, Unknown) else _done(infer, node, function, found, given, nodes)


def call_pattern_method(infer: FunctionInference, node: ast.Call, name: str, receiver: Known) -> Fact:
    """Infer a call of a method of a compiled pattern."""
    function = _FUNCTIONS.get(name)
    if function is None:
        return infer.refuse("P0307", node, f"the method `{name}` of a pattern has no translation", "use search, findall, sub and their kin")
    steps: list[Step] = []
    receiver = hold(infer, receiver, "pattern", steps) if not is_simple(receiver) else receiver
    optional = (*function.optional, *(("pos", "endpos") if function.positions else ()))
    bound = _bound(infer, node, Parameters((*function.parameters, *optional), 0, (), dict.fromkeys(optional)), steps)
    if isinstance(bound, Unknown):
        return bound
    given, nodes = bound
    found = _looked_for(infer, node, {**given, "pattern": receiver}, 0, steps)
    return found if isinstance(found, Unknown) else _done(infer, node, function, found, given, nodes)


def _done(
    infer: FunctionInference, node: ast.Call, function: Function, found: Searched, given: Mapping[str, Known], nodes: Mapping[str, ast.expr]
) -> Fact:
    for name in ("count", "maxsplit", "pos", "endpos"):
        if name in given and given[name].type not in (INT, BOOL):
            return infer.refuse("P0308", node, f"`{name}` is an int, not {describe(given[name].type)}", "pass an int")
    if "string" in given:
        text = given["string"]
        if text.type != TEXT:
            return infer.refuse("P0308", node, f"a pattern is not looked for in {describe(text.type)}", "pass a str")
        start, end = _ends(infer, node, text, given)
        found = replace(found, text=text, start=start, end=end)
    result = function.act(infer, node, found, given, nodes.get("repl"))
    return after(infer.span(node), found.steps, result) if isinstance(result, Known) else result


def _ends(infer: FunctionInference, node: ast.Call, text: Known, given: Mapping[str, Known]) -> list[Known]:
    """Return where what is looked at begins and ends."""
    span = infer.span(node)
    length = length_of(span, "text.length", text)
    ends = [constant(span, 0), length]
    for index, name in enumerate(("pos", "endpos")):
        if name in given:
            clamped = infer.library(node, "pattern_search", "within", [to_int(given[name]), length])
            assert isinstance(clamped, Known)
            ends[index] = clamped
    return ends


def _bound(
    infer: FunctionInference, node: ast.Call, parameters: Parameters, steps: list[Step]
) -> tuple[dict[str, Known], dict[str, ast.expr]] | Unknown:
    """Evaluate a call's arguments in their order, each once, but for flags and functions; return them and the nodes, by parameter."""
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    names = [keyword.arg for keyword in node.keywords]
    plain = not any(isinstance(argument, ast.Starred) for argument in arguments) and None not in names
    bound = bind(parameters, len(node.args), [name for name in names if name is not None]) if plain else Misfit("keyword")
    if isinstance(bound, Misfit):
        return infer.refuse("P0310", node, "this is not called with such arguments", "see Python's documentation of re")
    order = {index: name for name, index in bound.arguments}
    given: dict[str, Known] = {}
    nodes = {name: arguments[index] for index, name in order.items()}
    for index, argument in enumerate(arguments):
        name = order[index]
        if name == "flags" or (name == "repl" and is_function(infer, argument)):
            continue
        with captured(infer, steps):
            value = infer.expression(argument)
        if isinstance(value, Unknown):
            return value
        text = known_text(value)
        if text is None and name == "pattern" and value.type == TEXT:
            text = written_text(argument, partial(_assigned, infer))
        given[name] = replace(hold(infer, value, name, steps), text=text) if not value.is_constant else value
    return given, nodes


def _assigned(infer: FunctionInference, name: str) -> tuple[ast.expr, Lookup] | None:
    """Return the only expression that is ever assigned to a name of the function at hand, or of its module."""
    if name not in infer.names.local and infer.cell(name) is None:
        return _of_module(infer, name)
    inside = infer.unit.definition
    if inside is None or name not in infer.unit.stored_names or names_bound_anywhere(inside).count(name) != 1:
        return None
    for node in walk(inside):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name and (
                is_fixed(value) or is_only_read(inside, name)
            ):
                return value, partial(_assigned, infer)
    return None


def _of_module(infer: FunctionInference, name: str) -> tuple[ast.expr, Lookup] | None:
    value = infer.names.scope.constants.get(name) if name not in infer.names.scope.state else None
    return None if value is None else (value, partial(_of_module, infer))


def _flags(infer: FunctionInference, node: ast.expr) -> int | Unknown:
    """Return flags that are known: names of `re`, ints, and these joined by `|`."""
    infer.names.scope.visited.add(id(node))
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            one, other = _flags(infer, left), _flags(infer, right)
            if isinstance(one, Unknown):
                return one
            return other if isinstance(other, Unknown) else one | other
        case ast.Name() | ast.Attribute():
            module, _, name = (standard_name(infer, node) or "").partition(".")
            if isinstance(node, ast.Attribute):
                infer.names.scope.visited.add(id(node.value))
            if module == "re" and name in FLAGS:
                return FLAGS[name]
    return infer.refuse("P0240", node, "these flags are not known here", "write them out: re.I | re.M")


def _looked_for(infer: FunctionInference, node: ast.Call, given: Mapping[str, Known], flags: int, steps: list[Step]) -> Searched | Unknown:
    """Return what a call looks for: the pattern that its argument is, or that a text says."""
    value = given["pattern"]
    if isinstance(value.type, LibraryRef) and value.type.python_class == PATTERN and value.type != OF_A_MATCH:
        if flags:
            return infer.refuse("P0240", node, "CPython takes no flags where a pattern is compiled already", "give the flags to re.compile")
        if not value.type.known:
            return _searched(infer, node, (field_of(value, "program"), field_of(value, "source")), _NO_GROUPS, steps)
        pattern: Pattern | Unknown = known_pattern(value.type)
    elif value.type == TEXT and known_text(value) is None:
        return _of_any_text(infer, node, value, flags, steps)
    elif value.type == TEXT:
        pattern = _read(infer, node, known_text(value) or "", flags)
    else:
        return infer.refuse("P0308", node, f"{describe(value.type)} is no pattern", "pass a str")
    if isinstance(pattern, Unknown):
        return pattern
    return _searched(infer, node, (text_constant(infer, node, pattern.program), text_constant(infer, node, pattern.text)), pattern, steps)


def _searched(infer: FunctionInference, node: ast.Call, written: tuple[Known, Known], pattern: Pattern, steps: list[Step]) -> Searched:
    """Return what is looked for: a pattern's program and its text; where, is told later."""
    nothing, here = text_constant(infer, node, ""), constant(infer.span(node), 0)
    return Searched(*written, pattern, nothing, here, here, steps)


# What stands for a pattern that is known only when the program runs: it has no groups.
_NO_GROUPS = read_pattern("", 0)


def _of_any_text(infer: FunctionInference, node: ast.Call, text: Known, flags: int, steps: list[Step]) -> Searched | Unknown:
    """Return a pattern that is read when the program runs."""
    if flags:
        return infer.refuse("P0240", node, "flags of a pattern that is known only when the program runs are not translated", _HELP)
    program = infer.library(node, "pattern_reading", "program_of", [text])
    if isinstance(program, Unknown):
        return program
    return _searched(infer, node, (hold(infer, program, "program", steps), text), _NO_GROUPS, steps)


def _read(infer: FunctionInference, node: ast.Call, text: str, flags: int) -> Pattern | Unknown:
    try:
        return read_pattern(text, flags)
    except Invalid as error:
        return infer.refuse("P0240", node, f"CPython raises re.error here: {error}", "correct the pattern")
    except Untranslated as error:
        return infer.refuse("P0240", node, f"this has no translation: {error}", "write the pattern without it")


def _compile(infer: FunctionInference, node: ast.Call, found: Searched, given: Mapping[str, Known], function: ast.expr | None) -> Fact:
    """Return `re.compile(…)`; a pattern that is compiled already is itself."""
    if isinstance(given["pattern"].type, LibraryRef):
        return given["pattern"]
    if found.pattern is _NO_GROUPS:
        return operated(infer.span(node), ANY_PATTERN, "record.of", found.source, found.program)
    return operated(infer.span(node), pattern_type(found.pattern), "record.of", found.source)


def _escape(infer: FunctionInference, node: ast.Call) -> Fact:
    steps: list[Step] = []
    bound = _bound(infer, node, Parameters(("pattern",)), steps)
    if isinstance(bound, Unknown):
        return bound
    text = bound[0]["pattern"]
    if text.type != TEXT:
        return infer.refuse("P0308", node, f"`re.escape` of {describe(text.type)} has no translation", "pass a str")
    found = infer.library(node, "pattern_results", "escaped", [text])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found
