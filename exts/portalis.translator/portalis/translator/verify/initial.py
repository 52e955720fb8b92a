"""What a module gives without being called: the state that a class starts from and the defaults of entries, held to CPython as well.

Cases draw their own state and arguments, so that no case would ever show these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portalis.translator.calling.constants import constant_slots
from portalis.translator.calling.values import SlotValue, flatten, mismatch
from portalis.translator.calling.wire import MalformedMessage, MessageReader, MessageWriter, Misfit
from portalis.translator.ir.types import Type
from portalis.translator.verify.oracle.messages import WIRE_LIMIT, Loaded, ModuleValue, unpack_slots
from portalis.translator.verify.plan import PlannedEntry, VerificationPlan
from portalis.translator.verify.shown import show, show_objects
from portalis.translator.verify.slot_comparison import same_slots
from portalis.translator.verify.tally import Tally
from portalis.translator.work.link import OracleFailure


def compare_what_is_known(plan: VerificationPlan, loaded: Loaded, tally: Tally) -> None:
    """Count every field and default that differs from CPython's as a wrong case."""
    behaviour = plan.lowered.program.behaviour
    if behaviour is not None and behaviour.state is not None:
        for (name, type_), expr, known in zip(plan.request.fields, behaviour.initial, loaded.initial, strict=True):
            slots = constant_slots(expr, plan.request.strings)
            _compare(plan, tally, f"{plan.lowered.name}.{name}", type_, slots, known)
    for entry, told in zip(plan.entries, loaded.entries, strict=True):
        _compare_defaults(plan, tally, entry, told.defaults)


def compare_state(plan: VerificationPlan, loaded: Loaded, tally: Tally, made: bytes | str) -> None:
    """Count a module's state that differs from CPython's when the module was imported as a wrong case."""
    known = loaded.state
    assert known is not None
    if not known.why_not and made == known.packed:
        return
    try:
        theirs, ours = (_shown_state(plan, one) for one in (known.why_not or known.packed, made))
    except MalformedMessage as error:
        raise OracleFailure(f"the oracle's answer cannot be read: {error}") from None
    if theirs == ours and not known.why_not and isinstance(made, bytes):
        # Sets of texts, in an order of their own.
        ours += " (other objects are one and the same)"
    tally.cases += 1
    tally.wrong("the module's state", theirs, ours, "what is there before any call")


def _shown_state(plan: VerificationPlan, made: bytes | str) -> str:
    if isinstance(made, str):
        return made
    reader = MessageReader(made, stand_ins=True)
    cells = [(name, reader.read(type_)) for name, type_ in plan.request.state]
    return ", ".join(f"{name} = {show_objects(cell)}" if cell else f"no {name}" for name, cell in cells)


def _compare_defaults(plan: VerificationPlan, tally: Tally, entry: PlannedEntry, defaults: Sequence[ModuleValue | None]) -> None:
    strings = plan.request.strings
    ours = {item.name: item.make_default() for item in entry.overload.parameters if item.has_default}
    for parameter, known in zip(entry.function.params, defaults, strict=True):
        if known is None or parameter.name not in ours:
            continue
        default = ours[parameter.name]
        if parameter.type.refers:
            _compare_objects(tally, f"the default of `{parameter.name}` in {entry.function.display}", parameter.type, default, known)
            continue
        if mismatch(default, parameter.type, strings) is not None and known.why_not:
            # Neither is of the parameter's type: a call that leaves it out is stopped.
            continue
        slots = list(flatten(default, parameter.type, strings)) if mismatch(default, parameter.type, strings) is None else []
        _compare(plan, tally, f"the default of `{parameter.name}` in {entry.function.display}", parameter.type, slots, known)


def _compare_objects(tally: Tally, what: str, type_: Type, default: Any, known: ModuleValue) -> None:
    """Compare a default that refers to an object."""
    writer = MessageWriter(WIRE_LIMIT)
    try:
        writer.write(default, type_)
    except Misfit as reason:
        ours, shown = b"", str(reason)
    else:
        ours, shown = writer.message(), repr(default)
    if ours == known.packed:
        # Where it is not of the parameter's type on either side, a call that leaves it out is stopped.
        return
    try:
        theirs = known.why_not or repr(MessageReader(known.packed).read(type_))
    except MalformedMessage as error:
        raise OracleFailure(f"the oracle's answer cannot be read: {error}") from None
    tally.cases += 1
    tally.wrong(what, theirs, shown, "what is there before any call")


def _compare(plan: VerificationPlan, tally: Tally, what: str, type_: Type, ours: Sequence[SlotValue], known: ModuleValue) -> None:
    strings = plan.request.strings
    try:
        theirs: Sequence[SlotValue] = () if known.why_not else unpack_slots(type_.slots, known.packed)
    except ValueError as error:
        raise OracleFailure(f"the oracle's answer cannot be read: {error}") from None
    if not known.why_not and same_slots([int(value) if type(value) is bool else value for value in ours], theirs):
        return
    tally.cases += 1
    cpython = known.why_not or show((type_,), theirs, strings)
    tally.wrong(what, cpython, show((type_,), ours, strings) if ours else "another", "what is there before any call")
