"""Cases of a verified translation as its crate's own tests: what goes in, and what CPython gave."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from portalis.translator.backends.rust import KnownCase
from portalis.translator.bridge import GuestStop
from portalis.translator.calling.executable import Unfit
from portalis.translator.calling.outcome import Outcome
from portalis.translator.calling.values import build, deep_copy
from portalis.translator.diagnostics import GuardError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.verify.message_cases import MessageCases, example_arguments, read_message
from portalis.translator.verify.oracle.messages import slot_format
from portalis.translator.verify.plan import plan_entries

# How many a crate has, how many are looked at for these, and how many of those may be stopped, each of which has cost its budget.
_MOST, _TRIED, _STOPPED = 16, 96, 8
# Where calls follow one another: how many there are of what takes no arguments, and how long these are at most, in characters.
_FEW, _SHORT = 4, 120


def known_cases(lowered: Lowered, answer: Callable[[Sequence[Any]], Outcome], seed: int, kept: Sequence[Any] = ()) -> list[KnownCase]:
    """Return cases of a function's first signature, those of its examples first; `answer` is what its verified module gives.

    A call that a guard stops is none. Where the module keeps something, `kept` are its variables as nothing has called it, and the cases
    are calls in turn, each of which finds what the ones before it left.
    """
    if lowered.kind != "function":
        return []
    found: list[KnownCase] = []
    stopped = 0
    for given in _arguments_in_turn(lowered, seed) if kept else _arguments(lowered, seed):
        if len(found) == _MOST or stopped == _STOPPED:
            break
        after, cells = deep_copy((given, kept))
        try:
            outcome = answer([*after, *cells])
        except GuestStop:
            stopped += 1
            continue
        except (GuardError, Unfit):
            continue
        raised, value = outcome.error, outcome.value
        if kept and isinstance(raised, RecursionError):
            continue  # How deep CPython comes, and what it leaves, depends on who calls.
        kept = cells
        if kept:
            # A later call may change what the module keeps of these.
            after, value = deep_copy((after, value))
        case = KnownCase(given, after, value, None if raised is None else (type(raised).__name__, str(raised)))
        if kept or all(repr(case.before) != repr(other.before) for other in found):
            found.append(case)
    return found


def _arguments_in_turn(lowered: Lowered, seed: int) -> Iterator[tuple[Any, ...]]:
    """Yield the arguments of the user's examples, twice, and those of generated cases, none of which a test could not hold."""
    overload = lowered.overloads[0]
    function = lowered.program.function(lowered.program.entry)
    cases = MessageCases.of(lowered, overload, function, seed, without_state=True)
    types = tuple(param.type for param in function.params[: len(overload.parameters)])
    drawn = (tuple(read_message(message, types)) for message in cases.cases(_TRIED if types else _FEW))
    for given in itertools.chain(cases.examples, cases.examples, drawn):
        shown = repr(given)
        if len(shown) <= _SHORT and "nan" not in shown:
            yield given


def _arguments(lowered: Lowered, seed: int) -> Iterator[tuple[Any, ...]]:
    """Yield the arguments of the user's examples, then those of generated cases."""
    overload, strings = lowered.overloads[0], lowered.program.strings
    for example in overload.examples:
        given = example_arguments(example, overload)
        if given is not None:
            yield given
    entry = plan_entries(lowered, _TRIED, seed)[0]
    unpack = slot_format(entry.slots).unpack
    for packed in entry.packed_cases:
        if entry.by_wire:
            yield tuple(read_message(packed, entry.types))
        else:
            slots = iter(unpack(packed))
            yield tuple(build(type_, slots, strings) for type_ in entry.types)
