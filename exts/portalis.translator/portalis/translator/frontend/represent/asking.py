"""What of a program would show that the library asks keys in another sequence than CPython, or another number of times."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from portalis.translator.frontend.read.report import Report
from portalis.translator.ir.nodes import Call, Function, Node, ObjectOp, walk_function
from portalis.translator.ir.shown import shown_by
from portalis.translator.ir.types import DictRef, SetRef, Type

_TABLES = ("dictionaries.", "sets.", "counting.")
# These ask for a hash once, as CPython does, and of a set the elements that have it one after the other; all others as they need it. How
# often CPython compares with a key of a dict depends on its table, which comes to the same key more than once.
_ONCE = re.compile(r"dictionaries\.(store|contained|value_of|get_[12]|setdefault|delete|pop_[12])\.|sets\.(add|contained|discard|remove)\.")


# While these ask, a list is empty that CPython knows to be touched also where it is empty again.
_EMPTY_A_LIST = re.compile(r"asked_order\.sort_|line_\d+_\d+_\d+\.keys_of")


def refuse_asking(report: Report, functions: Sequence[Function], library: Collection[str]) -> None:
    """Refuse a program whose `__eq__`, `__hash__` and their like do what others see where the library decides when they are called.

    `library` names the functions that are of the library, also those that were made for the program: no others ask its classes.
    """
    named = {function.name: function for function in functions}
    asked = [*_called(named, library, _tables(named, library))]
    sorting = [function for function in functions if _EMPTY_A_LIST.match(function.name)]
    shown = shown_by(functions) if asked or sorting else {}
    for name in _tables(named, library) if asked else ():
        for call in _called(named, library, [name]):
            if shown[call.function].anything and not (_ONCE.match(name) and _leaves_alone(named, call.function, named[name])):
                report.refuse(
                    "P0231",
                    call.span,
                    f"`{named[call.function].display}` changes something or prints, and CPython decides how often it is called here",
                    "let it only compute from the fields, or keep these objects in a list",
                )
    for function in sorting:
        calls = [call for call in _called(named, library, [function.name]) if shown[call.function].anything]
        if _fill_and_empty(named, [call.function for call in calls], function.params[0].type):
            report.refuse(
                "P0231",
                calls[0].span,
                f"`{named[calls[0].function].display}` puts into a list and takes out again, which CPython notices of one that is sorted",
                "let it leave lists alone while one is sorted",
            )


def _tables(named: Mapping[str, Function], library: Collection[str]) -> list[str]:
    """Return what the program's functions call of the library that asks keys, and was made for the program."""
    made = {name for name in named if name in library and not named[name].library and name.startswith(_TABLES)}
    own = [function for function in named.values() if made and function.name not in library]
    return [*dict.fromkeys(call.function for one in own for call in walk_function(one) if isinstance(call, Call) and call.function in made)]


def _leaves_alone(named: Mapping[str, Function], name: str, table: Function) -> bool:
    """Tell whether a function is asked for a hash, or for what is equal in a set, and changes no dict or set like the one that asks it."""
    tables = [param.type for param in table.params if isinstance(param.type, DictRef | SetRef)]
    changed = {node.args[0].type for node in _reached(named, [name]) if isinstance(node, ObjectOp) and node.op == "record.set"}
    in_sequence = ("__hash__", "__eq__") if table.name.startswith("sets.") else ("__hash__",)
    return named[name].display in in_sequence and changed.isdisjoint(tables)


def _called(named: Mapping[str, Function], library: Collection[str], pending: list[str]) -> Iterator[Call]:
    """Yield the calls of the program's functions out of some functions, and out of what these call of the library."""
    seen = set(pending)
    while pending:
        for node in walk_function(named[pending.pop()]):
            if not isinstance(node, Call):
                continue
            if node.function not in library:
                yield node
            elif node.function not in seen:
                seen.add(node.function)
                pending.append(node.function)


def _fill_and_empty(named: Mapping[str, Function], names: list[str], type_: Type) -> bool:
    """Tell whether functions, or those that they reach, put elements into lists of a type and take some out."""
    found = {node.op for node in _reached(named, names) if isinstance(node, ObjectOp) and node.args and node.args[0].type == type_}
    return "list.truncate" in found and not found.isdisjoint(("list.append", "list.extend"))


def _reached(named: Mapping[str, Function], pending: list[str]) -> Iterator[Node]:
    """Yield the nodes of some functions, and of all that these reach."""
    seen = set(pending)
    while pending:
        for node in walk_function(named[pending.pop()]):
            yield node
            if isinstance(node, Call) and node.function not in seen:
                seen.add(node.function)
                pending.append(node.function)
