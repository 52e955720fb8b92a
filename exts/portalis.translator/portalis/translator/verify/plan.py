"""What a verification will try: every entry with its cases, as the oracle is asked and as artefacts are called."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.ir.run.outcomes import decisions
from portalis.translator.ir.types import Slot, Type
from portalis.translator.source import SourceFile, Span
from portalis.translator.verify.cases import CaseGenerator
from portalis.translator.verify.drift import uses_libm
from portalis.translator.verify.oracle.answers import Shape
from portalis.translator.verify.oracle.messages import EntryRequest, LoadRequest, slot_format, slots_of
from portalis.translator.verify.oracle.rewriting import Place

# Of the cases whose arguments are one object twice.
_ALIASED = 4


@dataclass(frozen=True)
class PlannedEntry:
    """One entry of a scalar module. Of its cases, so many `examples` come first."""

    export: str
    function: Function
    request: EntryRequest
    examples: int

    @property
    def packed_cases(self) -> Iterator[bytes]:
        """The slots of each generated case."""
        size = len(self.request.cases) // max(1, self.request.count)
        return (self.request.cases[size * number : size * (number + 1)] for number in range(self.request.count))

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

    def shape(self, strings: int) -> Shape:
        """Return the types that answers on this entry have."""
        return Shape(self.function.result, tuple(self.types[index] for index in self.mutable), strings, len(self.types))


@dataclass(frozen=True)
class Plan:
    """All entries of a program, and the request that makes an oracle ready for them. `branches` are the decisions asked about, in order."""

    lowered: Lowered
    entries: tuple[PlannedEntry, ...]
    request: LoadRequest
    branches: tuple[tuple[Span, str], ...]
    uses_gf: bool

    @functools.cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The types that answers on each entry have."""
        return tuple(entry.shape(len(self.request.strings)) for entry in self.entries)

    @property
    def answer_limit(self) -> int:
        """The most bytes that an answer can have."""
        return max(shape.limit(2 * len(self.branches)) for shape in self.shapes)


def make_plan(lowered: Lowered, cases: int, seed: int) -> Plan:
    """Plan about so many cases, shared among the entries: the user's examples, boundaries, random values, one object for two parameters."""
    program = lowered.program
    exports = scalar_entries(program)
    entries = tuple(_plan_entry(lowered, export, program.function(name), max(1, cases // len(exports)), seed) for export, name in exports)
    branches = tuple(decisions(program))
    behaviour = program.behaviour
    fields = behaviour.state.fields if behaviour is not None and behaviour.state is not None else ()
    request = LoadRequest(
        accepted=lowered.accepted.text,
        path=lowered.source.path,
        name=lowered.name,
        strings=program.strings,
        recursive=recursive_functions(lowered),
        decisions=tuple(_place(lowered.source, span, kind) for span, kind in branches),
        entries=tuple(entry.request for entry in entries),
        fields=fields,
        drift=uses_libm(program),
    )
    return Plan(lowered, entries, request, branches, uses_gf="pxr" in lowered.source.text)


def _plan_entry(lowered: Lowered, export: str, function: Function, wanted: int, seed: int) -> PlannedEntry:
    types = tuple(parameter.type for parameter in function.params)
    examples = len(lowered.examples) if lowered.kind == "function" else 0
    slots = slots_of(types)
    generator = CaseGenerator.of(lowered.program, types, seed)
    pack = slot_format(slots).pack
    cases = [pack(*case) for case in generator.cases(max(1, wanted - examples) if slots else 1)]
    twin = _first_twin(types)
    request = EntryRequest(
        method=export.partition(".")[2],
        parameters=types,
        result=function.result,
        has_examples=examples > 0,
        cases=b"".join(cases),
        count=len(cases),
        twin=twin,
        aliased=min(_ALIASED, len(cases)) if twin else 0,
    )
    return PlannedEntry(export, function, request, examples)


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


def recursive_functions(lowered: Lowered) -> tuple[str, ...]:
    """Name the user's functions that can call themselves, as the module knows them."""
    methods = f"{lowered.name}." if lowered.kind == "class" else ""
    found = (function for function in lowered.program.functions if function.recursive and not function.library)
    return tuple(dict.fromkeys(methods + item.display if item.name.startswith(methods) else item.display for item in found))


def may_overflow_its_stack(program: Program) -> bool:
    """Tell whether calls may nest so deeply that the lists in their frames overflow the stack, which traps as an address."""
    return any(function.recursive for function in program.functions)
