"""Whether a program can change the objects that an entry is given: if it cannot, nobody needs to look whether it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portalis.translator.ir.generators import resume_name
from portalis.translator.ir.nodes import Assign, Function, Local, ObjectOp, Program, walk_function
from portalis.translator.ir.types import DictRef, ListRef, SetRef, Type, UnionType

_CHANGING = frozenset(("list.set", "list.append", "list.truncate", "list.extend", "record.set"))
_MAKING = frozenset(("list.of", "list.part", "record.of"))


def leaves_arguments(program: Program, entry: Function) -> bool:
    """Tell whether nothing that an entry calls changes an object of a type that its arguments hold, but for those just made."""
    given = {found for parameter in entry.params for found in _containers(parameter.type)}
    # What runs a generator on finds its parameters in the frame.
    passed = {resume_name(function.name): [parameter.name for parameter in function.params] for function in program.functions}
    return not any(
        _changes(function, given, passed.get(function.name, ())) for function in program.functions if function.name != entry.name
    )


def _changes(function: Function, given: set[Type], passed: Iterable[str]) -> bool:
    if function.library and not any(found in given for parameter in function.params for found in _containers(parameter.type)):
        # The library changes what it is given, and nothing else.
        return False
    made = _made(function) - {*passed}
    for node in walk_function(function):
        if isinstance(node, ObjectOp) and node.op in _CHANGING:
            target = node.args[0]
            fresh = isinstance(target, Local) and target.name in made
            if not fresh and (function.library or target.type in given):
                return True
    return False


def _made(function: Function) -> set[str]:
    """Return the variables that hold nothing but objects that the function has made itself."""
    found = {parameter.name: False for parameter in function.params}
    for node in walk_function(function):
        if isinstance(node, Assign) and not (isinstance(node.value, ObjectOp) and node.value.op == "frame.get"):
            new = isinstance(node.value, ObjectOp) and node.value.op in _MAKING
            found[node.target] = found.get(node.target, True) and new
    return {name for name, new in found.items() if new}


def _containers(type_: Type) -> Iterator[Type]:
    inner: tuple[Type, ...] = type_.members if isinstance(type_, UnionType) else type_.elements
    if isinstance(type_, ListRef | DictRef | SetRef):
        yield type_
        inner = (type_.item,) if isinstance(type_, SetRef) else type_.contents
    for item in inner:
        yield from _containers(item)
