"""Hold a lane entry to the verified scalar function: every lane the same bits and the same error, whatever its neighbours do."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from portalis.translator.bridge import GuestStop, LaneRun
from portalis.translator.bridge.columns import PortColumns
from portalis.translator.bridge.lanes import Mask
from portalis.translator.calling.executable import RawCall, locate
from portalis.translator.calling.values import SlotValue
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import EntrySignature
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import Function
from portalis.translator.verify.cases import CaseGenerator

# Around the block of 128: empty, one, a tail alone, a whole block, a block and a tail, several.
LANE_COUNTS = (0, 1, 127, 128, 129, 300)
# Where a lane bails, the scalar function reruns its whole block; only a lane alone shows what the fast body gives for it.
ALONE = 100


class LaneSide(Protocol):
    """One entry's columns and what runs them: a module in the sandbox, or a kernel on a GPU."""

    @property
    def capacity(self) -> int: ...

    @property
    def inputs(self) -> PortColumns: ...

    @property
    def outputs(self) -> PortColumns: ...

    @property
    def active(self) -> Mask: ...

    def run(self, n: int) -> LaneRun: ...


@dataclass(frozen=True)
class LaneVerdict:
    """How many lanes were compared; the first difference, or an empty string."""

    lanes: int
    difference: str = ""


@dataclass(frozen=True)
class _Expected:
    """What the scalar function does with one lane's inputs; `stopped` where its budget ended the call."""

    site: object
    values: tuple[SlotValue, ...]
    stopped: bool = False


class LaneVerifier:
    """Compares one lane entry with its scalar function on the same cases."""

    def __init__(
        self, lowered: Lowered, function: Function, signature: EntrySignature, scalar: RawCall, sites: Sequence[ErrorSite]
    ) -> None:
        self._function = function
        self._signature = signature
        self._scalar = scalar
        self._sites = tuple(sites)
        self._generator = CaseGenerator.of(lowered.program, [port.type for port in signature.inputs], seed=11)
        kinds = list(function.result.slots)
        for parameter in function.params:
            kinds += parameter.type.slots if parameter.by_ref else ()
        self._kinds = tuple(kinds)

    def compare(self, module: LaneSide, lane_sites: Sequence[ErrorSite]) -> LaneVerdict:
        """Run every count of lanes, in generated and in shuffled order, and some lanes alone."""
        compared = 0
        shuffled = random.Random(5)
        for count in LANE_COUNTS:
            lanes = self._lanes(count)
            for _ in range(2):
                difference = self._compare_once(module, lanes, lane_sites)
                if difference:
                    return LaneVerdict(compared, difference)
                compared += count
                shuffled.shuffle(lanes)
        for lane in self._lanes(ALONE):
            difference = self._compare_once(module, [lane], lane_sites)
            if difference:
                return LaneVerdict(compared, difference)
            compared += 1
        return LaneVerdict(compared)

    def _lanes(self, count: int) -> list[list[SlotValue]]:
        """Draw `count` lanes; what all lanes share comes from the first."""
        lanes = list(self._generator.cases(count))
        position = 0
        for port in self._signature.inputs:
            width = len(port.slots)
            if port.uniform:
                for lane in lanes[1:]:
                    lane[position : position + width] = lanes[0][position : position + width]
            position += width
        return lanes

    def _expected(self, lane: Sequence[SlotValue]) -> _Expected:
        try:
            result = self._scalar(lane, self._kinds)
        except GuestStop:
            return _Expected(None, (), stopped=True)
        site, span = locate(result.error_word, self._sites)
        return _Expected((site.name, site.message, span) if site else None, tuple(result.values))

    def _compare_once(self, module: LaneSide, lanes: Sequence[Sequence[SlotValue]], lane_sites: Sequence[ErrorSite]) -> str:
        expected = [self._expected(lane) for lane in lanes]
        columns = [column for port in self._signature.inputs for column in module.inputs[port.name]]
        for position, column in enumerate(columns):
            for lane in range(len(lanes) if column.size > 1 or module.capacity == 1 else min(1, len(lanes))):
                column[lane] = lanes[lane][position]
        for index, item in enumerate(expected):
            module.active[index] = not item.stopped
        run = module.run(len(lanes))
        stops = (run.stop, *run.isolated) if run.stop else run.isolated
        if stops:
            return f"{len(lanes)} lanes: the lane entry stopped: {stops[0]}"
        outputs = [column for port in self._signature.outputs for column in module.outputs[port.name]]
        places, slots = self._signature.places, sum(len(port.slots) for port in self._signature.state)
        kept = [place for place in range(slots) if place not in places]
        for index, item in enumerate(expected):
            if item.stopped:
                continue
            site, span = locate(int(run.error_words[index]), lane_sites)
            given = (site.name, site.message, span) if site else None
            if given != item.site:
                return f"lane {index} of {len(lanes)}: the scalar function ended with {item.site}, the lane with {given}"
            if given is not None:
                continue
            # Of a class the scalar entry gives the whole state, with which the inputs begin; of a function its result.
            for column, value in zip(outputs, [item.values[place] for place in places], strict=True):
                if not _same(column[index].item(), value):
                    return f"lane {index} of {len(lanes)}: the scalar function gave {value!r}, the lane {column[index].item()!r}"
            for place in kept:
                if not _same(lanes[index][place], item.values[place]):
                    return f"lane {index} of {len(lanes)}: the scalar function changed slot {place} of the state, which is no output"
        return ""


def _same(lane: SlotValue, scalar: SlotValue) -> bool:
    if isinstance(lane, float) and isinstance(scalar, float):
        return (lane == scalar and math.copysign(1.0, lane) == math.copysign(1.0, scalar)) or (lane != lane and scalar != scalar)
    return int(lane) == int(scalar)
