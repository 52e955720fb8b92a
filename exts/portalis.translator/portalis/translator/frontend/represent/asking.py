"""What of a program would show that the library asks keys in another sequence than CPython, or another number of times."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from portalis.translator.frontend.read.report import Report
from portalis.translator.ir.nodes import Call, Function, ObjectOp, walk_function
from portalis.translator.ir.shown import shown_by
from portalis.translator.ir.types import Type

# What CPython does with a table of its own, or asks for twice: these ask what is equal, and for hashes, as often as they need it.
_ASK_THEIR_OWN_WAY = ("dictionaries.", "sets.", "counting.")


# While these ask, a list is empty that CPython knows to be touched also where it is empty again.
_EMPTY_A_LIST = re.compile(r"asked_order\.sort_|line_\d+_\d+_\d+\.keys_of")


def refuse_asking(report: Report, functions: Sequence[Function], library: Collection[str]) -> None:
    """Refuse a program whose `__eq__`, `__hash__` and their like do what others see where the library decides when they are called.

    `library` names the functions that are of the library, also those that were made for the program: no others ask its classes.
    """
    named = {function.name: function for function in functions}
    ours = [one.name for one in functions if not one.library and one.name in library and one.name.startswith(_ASK_THEIR_OWN_WAY)]
    asked = [*_called(named, library, ours)]
    sorting = [function for function in functions if _EMPTY_A_LIST.match(function.name)]
    shown = shown_by(functions) if asked or sorting else {}
    for call in asked:
        if shown[call.function].anything:
            report.refuse(
                "P0231",
                call.span,
                f"`{named[call.function].display}` changes something or prints, and CPython decides here how often it is called, and when",
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


def _fill_and_empty(named: Mapping[str, Function], pending: list[str], type_: Type) -> bool:
    """Tell whether functions, or those that they reach, put elements into lists of a type and take some out."""
    seen, found = set(pending), set[str]()
    while pending:
        for node in walk_function(named[pending.pop()]):
            if isinstance(node, ObjectOp) and node.args and node.args[0].type == type_:
                found.add(node.op)
            elif isinstance(node, Call) and node.function not in seen:
                seen.add(node.function)
                pending.append(node.function)
    return "list.truncate" in found and not found.isdisjoint(("list.append", "list.extend"))
