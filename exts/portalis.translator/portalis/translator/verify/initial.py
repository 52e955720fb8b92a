"""What a module gives without being called: the state that a class starts from and the defaults of entries, held to CPython as well.

Cases draw their own state and arguments, so that no case would ever show these.
"""

from __future__ import annotations

from collections.abc import Sequence

from portalis.translator.calling.constants import constant_slots
from portalis.translator.calling.values import SlotValue, flatten, mismatch
from portalis.translator.ir.types import Type
from portalis.translator.verify.oracle.messages import Known, Loaded, unpack_slots
from portalis.translator.verify.plan import Plan, PlannedEntry
from portalis.translator.verify.shown import show
from portalis.translator.verify.slot_comparison import same_slots
from portalis.translator.verify.tally import Tally
from portalis.translator.work.link import OracleFailure


def compare_what_is_known(plan: Plan, loaded: Loaded, tally: Tally) -> None:
    """Count every field and default that differs from CPython's as a wrong case."""
    behaviour = plan.lowered.program.behaviour
    if behaviour is not None and behaviour.state is not None:
        for (name, type_), expr, known in zip(plan.request.fields, behaviour.initial, loaded.initial, strict=True):
            slots = constant_slots(expr, plan.request.strings)
            _compare(plan, tally, f"{plan.lowered.name}.{name}", type_, slots, known)
    for entry, told in zip(plan.entries, loaded.entries, strict=True):
        _compare_defaults(plan, tally, entry, told.defaults)


def _compare_defaults(plan: Plan, tally: Tally, entry: PlannedEntry, defaults: Sequence[Known | None]) -> None:
    strings = plan.request.strings
    ours = {item.name: item.default for item in plan.lowered.parameters if item.has_default}
    for parameter, known in zip(entry.function.params, defaults, strict=True):
        if known is None or parameter.name not in ours:
            continue
        default = ours[parameter.name]
        if mismatch(default, parameter.type, strings) is not None and known.why_not:
            # Neither is of the parameter's type: a call that leaves it out is stopped.
            continue
        slots = list(flatten(default, parameter.type, strings)) if mismatch(default, parameter.type, strings) is None else []
        _compare(plan, tally, f"the default of `{parameter.name}` in {entry.function.display}", parameter.type, slots, known)


def _compare(plan: Plan, tally: Tally, what: str, type_: Type, ours: Sequence[SlotValue], known: Known) -> None:
    strings = plan.request.strings
    try:
        theirs: Sequence[SlotValue] = () if known.why_not else unpack_slots(type_.slots, known.slots)
    except ValueError as error:
        raise OracleFailure(f"the oracle's answer cannot be read: {error}") from None
    if not known.why_not and same_slots([int(value) if type(value) is bool else value for value in ours], theirs):
        return
    tally.cases += 1
    cpython = known.why_not or show((type_,), theirs, strings)
    tally.wrong(what, cpython, show((type_,), ours, strings) if ours else "another", "what is there before any call")
