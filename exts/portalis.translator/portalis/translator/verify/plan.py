"""What a verification will try: every entry with its cases, as the oracle is asked and as artefacts are called."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from portalis.translator.frontend.lowered import Lowered, Overload
from portalis.translator.ir.abi import called_entries
from portalis.translator.ir.nodes import Function, ObjectOp, Program, walk_function
from portalis.translator.ir.run.outcomes import decisions
from portalis.translator.ir.types import Slot, Type
from portalis.translator.ir.wire import crosses_by_wire
from portalis.translator.source import SourceFile, Span
from portalis.translator.verify.cases import CaseGenerator
from portalis.translator.verify.drift import uses_libm
from portalis.translator.verify.message_cases import MessageCases, read_message
from portalis.translator.verify.oracle.answers import AnswerShape, SlotShape, WireShape
from portalis.translator.verify.oracle.compiling import compile_accepted
from portalis.translator.verify.oracle.messages import (
    STATE_LIMIT,
    CompiledModule,
    EntryRequest,
    LoadRequest,
    Place,
    join_messages,
    slot_format,
    slots_of,
    split_messages,
)

# Where there are many signatures, each gets so many cases, though they be more than were asked for in all.
MANY_ENOUGH = 64
# Of the cases whose arguments are one object twice.
_ALIASED = 4
# How many cases are made of those that went further than others.
_FOLLOWING = 128


@dataclass(frozen=True)
class PlannedEntry:
    """One entry of a scalar module: of a function for one of its signatures."""

    export: str
    function: Function
    overload: Overload
    request: EntryRequest
    makes_objects: bool = False

    @property
    def examples(self) -> int:
        """How many of its cases, the first ones, are the user's examples."""
        return self.request.examples[1]

    @property
    def packed_cases(self) -> Iterator[bytes]:
        """The slots of each generated case, or its message."""
        if self.by_wire:
            return iter(split_messages(self.request.cases))
        size = len(self.request.cases) // max(1, self.request.count)
        return (self.request.cases[size * number : size * (number + 1)] for number in range(self.request.count))

    @functools.cached_property
    def by_wire(self) -> bool:
        """Whether it takes or gives objects by reference."""
        return self.request.by_wire

    @property
    def has_objects(self) -> bool:
        """Whether a call has to do with more than numbers, and so may take longer."""
        return self.by_wire or self.makes_objects

    @functools.cached_property
    def types(self) -> tuple[Type, ...]:
        """The types of the parameters."""
        return self.request.parameters

    @functools.cached_property
    def mutable(self) -> tuple[int, ...]:
        """The positions of the parameters that a call may change."""
        return tuple(index for index, type_ in enumerate(self.types) if type_.mutable)

    @functools.cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The slots of all arguments."""
        return slots_of(self.types)

    def shape(self, strings: int) -> AnswerShape:
        """Return the types that answers on this entry have."""
        if self.by_wire:
            return WireShape(self.function.result, self.types, self.request.prints, self.request.most)
        return SlotShape(self.function.result, tuple(self.types[index] for index in self.mutable), strings, len(self.types))


@dataclass(frozen=True)
class VerificationPlan:
    """All entries of a program, and the request that makes an oracle ready for them. `branches` are the decisions asked about, in order."""

    lowered: Lowered
    entries: tuple[PlannedEntry, ...]
    request: LoadRequest
    branches: tuple[tuple[Span, str], ...]
    uses_gf: bool
    seed: int

    @functools.cached_property
    def shapes(self) -> tuple[AnswerShape, ...]:
        """The types that answers on each entry have."""
        return tuple(entry.shape(len(self.request.strings)) for entry in self.entries)

    @property
    def decisions(self) -> tuple[int, ...]:
        """Which of the decisions asked about the module has."""
        return self.request.module.decisions if isinstance(self.request.module, CompiledModule) else ()

    @property
    def drifts(self) -> bool:
        """Whether the platform's libm is asked too."""
        return isinstance(self.request.module, CompiledModule) and self.request.module.drifts

    @property
    def answer_limit(self) -> int:
        """The most bytes that an answer can have."""
        return max(shape.limit(2 * len(self.branches)) for shape in self.shapes)


def plan_entries(lowered: Lowered, cases: int, seed: int) -> tuple[PlannedEntry, ...]:
    """Plan about so many cases, shared among the entries: the user's examples, boundaries, random values, one object for two parameters."""
    program = lowered.program
    exports = called_entries(program)
    wanted = max(1 if lowered.kind == "class" else min(cases, MANY_ENOUGH), cases // len(exports))
    return tuple(
        _plan_entry(lowered, export, program.function(name), number, wanted, seed) for number, (export, name) in enumerate(exports)
    )


def make_plan(lowered: Lowered, cases: int, seed: int) -> VerificationPlan:
    """Plan about so many cases, and compile what an oracle will execute; OracleFailure where what was accepted cannot be read."""
    program = lowered.program
    entries = plan_entries(lowered, cases, seed)
    branches, recursive = tuple(decisions(program)), recursive_functions(lowered)
    places = [_place(lowered.source, span, kind) for span, kind in branches]
    behaviour = program.behaviour
    fields = behaviour.state.fields if behaviour is not None and behaviour.state is not None else ()
    request = LoadRequest(
        module=compile_accepted(lowered.accepted.text, lowered.source.path, recursive=recursive, places=places, drifts=uses_libm(program)),
        path=lowered.source.path,
        name=lowered.called,
        strings=program.strings,
        recursive=recursive,
        entries=tuple(entry.request for entry in entries),
        fields=fields,
        state=_variables(lowered),
    )
    return VerificationPlan(lowered, entries, request, branches, uses_gf="pxr" in lowered.source.text, seed=seed)


def _variables(lowered: Lowered) -> tuple[tuple[str, Type], ...]:
    """Return the variables of the module's state, each with the type of the list that it is in."""
    program = lowered.program
    types = [parameter.type for parameter in program.function(program.initial).params] if program.initial else []
    return tuple(zip(lowered.state, types, strict=True))


def follow(plan: VerificationPlan, leading: Sequence[tuple[int, bytes | None]], number: int) -> VerificationPlan | None:
    """Plan cases made of some that an entry was called with; None where none of them are messages. `number` tells one such plan from
    another."""
    entries = []
    for index, entry in enumerate(plan.entries):
        found = [packed for which, packed in leading if which == index and packed is not None]
        messages: list[bytes] = []
        if entry.by_wire and found:
            cases = MessageCases.of(plan.lowered, entry.overload, entry.function, plan.seed + 1 + number)
            messages = cases.starting_from(found).changed(_FOLLOWING)
            messages = [message for message in messages if has_state(message, entry.types, plan.request.state)]
        request = replace(entry.request, cases=join_messages(messages), count=len(messages), twin=None, aliased=0)
        entries.append(replace(entry, request=request))
    if not any(entry.request.count for entry in entries):
        return None
    return replace(plan, entries=tuple(entries), request=replace(plan.request, entries=tuple(entry.request for entry in entries)))


def has_state(message: bytes, types: Sequence[Type], state: Sequence[tuple[str, Type]]) -> bool:
    """Tell whether each of the last arguments, the variables of the module, holds a value or nothing; a default always has one."""
    cells = read_message(message, types)[len(types) - len(state) :]
    return all(len(cell) == 1 or (not cell and "(" not in name) for (name, _), cell in zip(state, cells, strict=True))


def with_sequences(plan: VerificationPlan, messages: Sequence[Sequence[bytes]]) -> VerificationPlan:
    """Plan these messages for the entries."""
    entries = []
    for entry, cases in zip(plan.entries, messages, strict=True):
        request = replace(entry.request, cases=join_messages(cases), count=len(cases), twin=None, aliased=0)
        entries.append(replace(entry, request=request))
    return replace(plan, entries=tuple(entries), request=replace(plan.request, entries=tuple(entry.request for entry in entries)))


def _plan_entry(lowered: Lowered, export: str, function: Function, number: int, wanted: int, seed: int) -> PlannedEntry:
    """Plan the entry for the signature with this number, or of a class the method."""
    overload = lowered.overloads[number if lowered.kind == "function" else 0]
    first = sum(len(item.examples) for item in lowered.overloads[:number]) if lowered.kind == "function" else 0
    examples = (first, len(overload.examples)) if lowered.kind == "function" else (0, 0)
    method = export.partition(".")[2] if lowered.kind == "class" else ""
    wanted = max(1, wanted - examples[1])
    if crosses_by_wire(function):
        return _plan_wired(
            lowered, overload, export, function, EntryRequest(method, (), function.result, examples, b"", 0, None, 0), wanted, seed
        )
    types = tuple(parameter.type for parameter in function.params)
    slots = slots_of(types)
    generator = CaseGenerator.of(lowered.program, types, seed)
    pack = slot_format(slots).pack
    cases = [pack(*case) for case in generator.cases(wanted if slots else 1)]
    twin = _first_twin(types)
    request = EntryRequest(
        method=method,
        parameters=types,
        result=function.result,
        examples=examples,
        cases=b"".join(cases),
        count=len(cases),
        twin=twin,
        aliased=min(_ALIASED, len(cases)) if twin else 0,
    )
    return PlannedEntry(export, function, overload, request, makes_objects(lowered.program))


def _plan_wired(
    lowered: Lowered, overload: Overload, export: str, function: Function, empty: EntryRequest, wanted: int, seed: int
) -> PlannedEntry:
    """Plan an entry that crosses by wire: the examples' cases come first, as everywhere, and then messages made of them."""
    # What the module's state is, nobody knows yet.
    messages = [] if lowered.state else MessageCases.of(lowered, overload, function, seed).cases(wanted if function.params else 1)
    types = tuple(parameter.type for parameter in function.params)
    request = replace(
        empty, parameters=types, cases=join_messages(messages), count=len(messages), tells=function.tells, prints=function.prints
    )
    request = replace(request, most=STATE_LIMIT) if lowered.state else request
    return PlannedEntry(export, function, overload, request)


def _first_twin(types: Sequence[Type]) -> tuple[int, int] | None:
    """Find two parameters of one mutable type."""
    seen: dict[Type, int] = {}
    for position, type_ in enumerate(types):
        if type_.mutable and type_ in seen:
            return seen[type_], position
        seen.setdefault(type_, position)
    return None


def _place(source: SourceFile, span: Span, kind: str) -> Place:
    """Return where `ast` puts a span: columns from 0, in bytes."""

    def column(line: int, column: int) -> int:
        return len(source.line(line)[: column - 1].encode())

    return span.line, column(span.line, span.column), span.end_line, column(span.end_line, span.end_column), kind


# What the names of functions inside functions begin with.
_INNER = re.compile(r"line_\d+_\d+")


def recursive_functions(lowered: Lowered) -> tuple[str, ...]:
    """Name the user's functions that can call themselves, as the module knows them."""
    found = (function for function in lowered.program.functions if function.recursive and not function.library)
    return tuple(dict.fromkeys(map(_known_as, found)))


def _known_as(function: Function) -> str:
    # Specialisations of a method are called "Class.method", "Class.method.2"; a function inside another one is known by its own name.
    owner, _, rest = function.name.partition(".")
    method = rest.partition(".")[0] == function.display and owner.isidentifier() and not _INNER.match(owner)
    return f"{owner}.{function.display}" if method else function.display


def may_run_out_of_memory(program: Program) -> bool:
    """Tell whether a call may trap as one that uses a wrong address does: the lists in nested frames overflow the stack, or objects the
    arena."""
    return makes_objects(program) or any(function.recursive for function in program.functions)


def makes_objects(program: Program) -> bool:
    """Tell whether a program has to do with objects, and so with the arena."""
    return any(isinstance(node, ObjectOp) for function in program.functions for node in walk_function(function))
