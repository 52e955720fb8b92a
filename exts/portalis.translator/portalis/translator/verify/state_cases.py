"""Cases for a module with state: sequences of calls, each of which finds what the one before it left.

They begin with the state that the module makes when it is imported. What comes of a call the artefact says itself: whether that is so the
oracle is asked afterwards, call by call, so that each is held to CPython in the state in which it was made.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from portalis.translator.bridge import GuestStop
from portalis.translator.calling.wire import MalformedMessage, MessageReader, MessageWriter, Misfit, TooLong
from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.types import NONE, TEXT, Type, holds_set
from portalis.translator.verify.message_cases import MESSAGE_LIMIT, MessageCases
from portalis.translator.verify.oracle.messages import STATE_LIMIT
from portalis.translator.verify.plan import PlannedEntry, VerificationPlan
from portalis.translator.verify.report import STOPPED

# An export and a message; the error word and the answer, or why there is none.
CallOne = Callable[[str, bytes], tuple[int, bytes] | GuestStop]
# How many calls are made from one initial state; every so many sequences one is longer.
_LENGTH, _LONG, _EVERY = 6, 40, 8
# In so many calls the arguments are those of the call before, which the state may hold by now.
_AGAIN = 5
# How many calls there are at least, and how much state there is in all of them together.
_FEWEST, _MOST_BYTES = 24, 1 << 23


def made_state(plan: VerificationPlan, call: CallOne, export: str) -> bytes | str:
    """Return the state that an artefact makes, as a message; why there is none where making it ends otherwise."""
    types = tuple(type_ for _, type_ in plan.request.state)
    cells: list[Any] = [[] for _ in types]
    writer = _written(cells, types, STATE_LIMIT)
    assert writer is not None
    given = call(export, writer.message())
    if isinstance(given, GuestStop):
        return str(given)
    word, answer = given
    if word:
        return STOPPED
    program = plan.lowered.program
    try:
        reader = MessageReader(answer, writer.objects)
        reader.read(NONE)
        for type_ in types:
            reader.read(type_)
        if program.function(program.initial).prints:
            reader.read(TEXT)
        reader.end()
        reader.commit(exact=False)
    except MalformedMessage as reason:
        return str(reason)
    made = _written(cells, types, STATE_LIMIT, arguments=False)
    return "more than fits a message" if made is None else made.message()


def sequences(plan: VerificationPlan, entry: PlannedEntry, initial: bytes, wanted: int, call: CallOne) -> list[bytes]:
    """Return the messages of calls that follow one another, from an initial state again and again."""
    variables = len(plan.request.state)
    own, state_types = entry.types[:-variables], entry.types[-variables:]
    cases = MessageCases.of(plan.lowered, entry.overload, entry.function, plan.seed, without_state=True)
    given = [message for example in cases.examples if (message := _message(example, own)) is not None]
    drawn = itertools.chain(given, given, cases.cases(wanted if own else 1))
    # Much state takes as long as many calls.
    wanted = max(_FEWEST, min(wanted, _MOST_BYTES // (len(initial) + 1)))
    limit = 2 * len(initial) + MESSAGE_LIMIT
    pool = list(itertools.islice(itertools.cycle(list(drawn)), wanted))
    found: dict[bytes, None] = {}
    left, number = 0, 0
    arguments: list[Any] = []
    state: list[Any] = []
    for position, message in enumerate(pool):
        if not left:
            left = _LONG if number % _EVERY == _EVERY - 1 else _LENGTH
            number += 1
            state = _read(initial, state_types)
        left -= 1
        if not arguments or position % _AGAIN:
            arguments = _read(message, own)
            if position % 2:
                arguments = _with_defaults(plan, entry, arguments, state)
        writer = _written([*arguments, *state], entry.types, limit)
        if writer is None:
            left = 0
            continue
        found[writer.message()] = None
        if not _advance(entry, writer, call(entry.export, writer.message())):
            left = 0
    return list(found)


def _with_defaults(plan: VerificationPlan, entry: PlannedEntry, arguments: list[Any], state: Sequence[list[Any]]) -> list[Any]:
    """Return arguments as they are where those are left out whose defaults are the module's."""
    kept = {name: cell for (name, _), cell in zip(plan.request.state, state, strict=True) if "(" in name}
    names = [f"{entry.overload.name}({parameter.name})" for parameter in entry.overload.parameters]
    return [kept[name][0] if name in kept else value for name, value in zip(names, arguments, strict=True)]


def _advance(entry: PlannedEntry, writer: MessageWriter, given: tuple[int, bytes] | GuestStop) -> bool:
    """Put what a call left into the objects of its message; False where nobody knows that."""
    if isinstance(given, GuestStop) or given[0]:
        return False
    reader = MessageReader(given[1], writer.objects, stand_ins=_has_stand_ins(entry.types))
    try:
        for type_ in (entry.function.result, *entry.types, *((TEXT,) if entry.function.prints else ())):
            reader.read(type_)
        reader.end()
        reader.commit(exact=False)
    except (MalformedMessage, GuardError):
        return False
    return True


def _has_stand_ins(types: Sequence[Type]) -> bool:
    """Tell whether values of `Gf` can be read without OpenUSD; sets have to be such that the next call finds them as they are."""
    return not any(map(holds_set, types))


def _read(message: bytes, types: Sequence[Type]) -> list[Any]:
    reader = MessageReader(message, stand_ins=_has_stand_ins(types))
    return [reader.read(type_) for type_ in types]


def _message(values: Sequence[Any], types: Sequence[Type]) -> bytes | None:
    writer = _written(values, types, MESSAGE_LIMIT)
    return None if writer is None else writer.message()


def _written(values: Sequence[Any], types: Sequence[Type], limit: int, *, arguments: bool = True) -> MessageWriter | None:
    writer = MessageWriter(limit, arguments=arguments)
    try:
        for value, type_ in zip(values, types, strict=True):
            writer.write(value, type_)
    except (Misfit, TooLong, ValueError):
        return None
    return writer
