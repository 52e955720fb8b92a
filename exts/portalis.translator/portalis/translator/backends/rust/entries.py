"""Loops over the entries of a dict that gets and loses none meanwhile: an iterator's, where others look at the dict before every entry.

Such a loop of the IR counts entries with `dictionaries.next_entry`, which raises where the dict's size has changed. In a loop that adds and
removes nothing, by itself or in what it calls, it cannot: a dict sets its `used` whenever it does either. What is put in the place of
a value is met as the loop meets it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from portalis.translator.ir.instances import asks_a_class
from portalis.translator.ir.nodes import (
    Assign,
    Call,
    Compare,
    Const,
    Fallible,
    Function,
    Local,
    Node,
    ObjectOp,
    Prim,
    Program,
    Sequence,
    Stmt,
    While,
    walk,
    walk_function,
)
from portalis.translator.ir.types import DictRef
from portalis.translator.passes.facts.effects import with_callers

_NEXT = "dictionaries.next_entry."


@dataclass(frozen=True, slots=True)
class EntryLoop:
    """A loop over the entries of the dict in a local: the call that finds the next one's number, for the local `number`.

    `taken` are the locals that get parts of an entry at the beginning of the body, with the name of the part, and `rest` what follows.
    """

    dict: Local
    number: str
    call: Call
    taken: tuple[tuple[str, str], ...]
    rest: tuple[Stmt, ...]

    @property
    def type(self) -> DictRef:
        """The type of the dict."""
        assert isinstance(self.dict.type, DictRef), "what has entries is a dict"
        return self.dict.type


def entry_loop(loop: While) -> EntryLoop | None:
    """Return what a loop goes over where it is one over the entries of a dict."""
    match loop.test:
        case Sequence(_, _, (Assign(_, number, Call() as call),), Compare(_, _, "ge", Local(_, _, asked), Const(_, _, 0))):
            pass
        case _:
            return None
    # Whether the number is known to stay in 64 bits, as it does, tells nothing of the loop.
    match [argument.value if isinstance(argument, Fallible) else argument for argument in call.args]:
        case [Local() as entries, Prim(op="int.add", args=(Local(_, _, counted), Const(_, _, 1))), Local(), Local()]:
            if not call.function.startswith(_NEXT) or not number == counted == asked:
                return None
        case _:
            return None
    taken: list[tuple[str, str]] = []
    for statement in loop.body:
        match statement:
            case Assign(
                _, target, ObjectOp(_, _, "list.get", (ObjectOp(_, _, "record.get", (Local(_, _, owner),), part), Local(_, _, at)))
            ):
                if (owner, at) != (entries.name, number) or part not in ("keys", "values"):
                    break
                taken.append((target, part))
            case _:
                break
    return EntryLoop(entries, number, call, tuple(taken), loop.body[len(taken) :])


def steady_walks(program: Program) -> frozenset[int]:
    """Return the ids of the calls that find the next entry of dicts that get and lose none while it is looked for."""
    loops = [
        (function, node, found)
        for function in program.functions
        for node in walk_function(function)
        if isinstance(node, While) and (found := entry_loop(node)) is not None
    ]
    changing = {
        type_: with_callers(program, [function.name for function in program.functions if any(_changes(walk_function(function), type_))])
        for type_ in {found.type for _, _, found in loops}
    }
    return frozenset(
        id(found.call)
        for function, loop, found in loops
        if not asks_a_class(found.type.key)
        and _is_alone(function, found)
        and not any(_changes(walk(loop), found.type))
        and not any(isinstance(node, Call) and node.function in changing[found.type] for node in walk(loop))
    )


def _changes(nodes: Iterator[Node], type_: DictRef) -> Iterator[bool]:
    return (
        True
        for node in nodes
        if isinstance(node, ObjectOp) and (node.op, node.name) == ("record.set", "used") and node.args[0].type == type_
    )


def _is_alone(function: Function, loop: EntryLoop) -> bool:
    """Tell whether nothing but the loop asks for the number of the entry, and nothing in it gives its variables other values."""
    uses = Counter(node.name for node in walk_function(function) if isinstance(node, Local))
    sets = Counter(node.target for node in walk_function(function) if isinstance(node, Assign))
    used, made = (argument.name for argument in loop.call.args[2:] if isinstance(argument, Local))
    once = (loop.dict.name, used, made)
    return uses[loop.number] == 2 + len(loop.taken) and sets[loop.number] == 2 and all(sets[name] == 1 for name in once)
