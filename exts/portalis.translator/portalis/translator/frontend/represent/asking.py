"""What of a program would show that the library asks keys in another sequence than CPython, or another number of times."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from portalis.translator.frontend.read.report import Report
from portalis.translator.ir.nodes import Call, Function, walk_function
from portalis.translator.ir.shown import shown_by

# What CPython does with a table of its own, or asks for twice: these ask what is equal, and for hashes, as often as they need it.
_ASK_THEIR_OWN_WAY = ("dictionaries.", "sets.", "counting.", "grouping.")


def refuse_asking(report: Report, functions: Sequence[Function], library: Collection[str]) -> None:
    """Refuse a program whose `__eq__`, `__hash__` and their like do what others see where the library decides when they are called.

    `library` names the functions that are of the library, also where they were made for the program.
    """
    named = {function.name: function for function in functions}
    asked = [*_asked(named, library)]
    shown = shown_by(functions) if asked else {}
    for call in asked:
        if shown[call.function].anything:
            report.refuse(
                "P0231",
                call.span,
                f"`{named[call.function].display}` changes something or prints, and CPython decides here how often it is called, and when",
                "let it only compute from the fields, or keep these objects in a list",
            )


def _asked(named: Mapping[str, Function], library: Collection[str]) -> Iterator[Call]:
    """Yield the calls of the program's functions out of what asks its own way, and out of what that calls of the library."""
    pending = [name for name in named if name in library and name.startswith(_ASK_THEIR_OWN_WAY)]
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
