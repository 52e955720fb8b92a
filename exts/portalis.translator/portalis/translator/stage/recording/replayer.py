"""Replay a recording: every call gets the inputs that it had, and what comes out must have the same bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portalis.translator.stage.columns.owners import LaneOwners
from portalis.translator.stage.columns.units import Clock
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.recording.call import Call, Mask, Track, bits, digest, put_bits
from portalis.translator.stage.recording.format import Chunk, Lanes, RecordingFile, Timing
from portalis.translator.stage.recording.recorder import lanes_of


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a run first differs from its recording; `behaviour` and `prim` are empty where no one behaviour is to blame."""

    frame: int
    behaviour: str
    prim: str
    message: str

    def __str__(self) -> str:
        return f"frame {self.frame}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A call of the recording."""

    group: int
    entry: str
    frame: int
    active: NDArray[np.uint8] | None
    columns: NDArray[np.uint16]
    lanes: NDArray[np.int64]
    words: NDArray[np.uint64]
    digest: bytes
    marks: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class _Known:
    """A group of this run that is one of the recording's. It holds the layout, so that no other one gets its identity."""

    number: int
    layout: LaneOwners
    track: Track


class Replayer:
    """A tap that replays the recording at `path`; OSError or ValueError where it cannot be read.

    The stage says what is bound to what; every value comes from the recording. After the first `difference` nothing is compared.
    """

    def __init__(self, path: Path) -> None:
        self._file = RecordingFile(path)
        self.header = self._file.header
        self.difference: Difference | None = None
        self._calls = self._recorded_calls()
        self._tracks: dict[int, _Known] = {}
        self._pending: tuple[Call, Track, _Recorded] | None = None

    @property
    def fps(self) -> float:
        """The frame rate that was recorded."""
        return self.header.clock.fps

    def require_clock(self, clock: Clock) -> None:
        """Raise a ValueError where a run's time is not the recording's."""
        mine = Timing(start_code=clock.start_code, fps=clock.fps, time_codes_per_second=clock.time_codes_per_second)
        for name, recorded in self.header.clock:
            if getattr(mine, name) != recorded:
                raise ValueError(
                    f"the recording was made with {name.replace('_', ' ')} {recorded:g}, and this stage has {getattr(mine, name):g}"
                )

    def before(self, call: Call) -> None:
        """Put the recorded inputs in place."""
        self._finish_call()
        if self.difference is not None:
            return
        recorded = next(self._calls, None)
        if recorded is None:
            self._differ(call.now.frame, call, "", f"the recording has no call of {call.interface.name} here")
            return
        track = self._track(call, recorded)
        if track is None:
            return
        self._put(call, track, recorded)
        self._pending = call, track, recorded

    def after(self, fits: Mask, outputs: Mapping[str, Columns]) -> None:
        """Compare the results."""
        if self._pending is None:
            return
        call, track, recorded = self._pending
        self._pending = None
        track.answer(fits, outputs)
        whole, marks = digest(call.layout, fits, outputs)
        if whole == recorded.digest:
            return
        wrong = np.flatnonzero(marks != recorded.marks).tolist()
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        where = call.layout.bindings[wrong[0]].key.path if wrong else ""
        what = "was stopped in the recording" if not any(recorded.digest) else "computed other bits than the recording"
        self._differ(recorded.frame, call, where, f"{call.interface.name} on {where or 'some prim'}{more} {what}")

    def end(self, frames: int | None) -> Difference | None:
        """Return the first difference of a run that ended after `frames` frames; None: somebody ended it early, on purpose."""
        self._finish_call()
        if frames is None:
            return self.difference
        if self.difference is None and frames != self.header.frames:
            self._differ(min(frames, self.header.frames), None, "", f"the recording has {self.header.frames} frames, and this run {frames}")
        left = next(self._calls, None) if self.difference is None else None
        if left is not None:
            name = self.header.groups[left.group].behaviour
            self._differ(left.frame, None, "", f"the recording has a call of {name} that this run did not make")
        return self.difference

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # ------------------------------------------------------------------------------------------------------------ details
    def _finish_call(self) -> None:
        """Nothing was answered: right only where the recorded call was stopped too."""
        pending, self._pending = self._pending, None
        if pending is not None and any(pending[2].digest):
            self._differ(pending[2].frame, pending[0], "", f"{pending[0].interface.name} was stopped, and it was not in the recording")

    def _track(self, call: Call, recorded: _Recorded) -> Track | None:
        """Return what is known of the group that calls, or None where the recording has another one here."""
        group = self.header.groups[recorded.group]
        known = self._tracks.get(id(call.layout))
        if known is None:
            here = lanes_of(call.layout, call.interface, group.entries)
            if (len(self._tracks), here) == (recorded.group, group):
                known = self._tracks[id(call.layout)] = _Known(recorded.group, call.layout, Track(call.layout, call.interface))
        if known is None or (known.number, call.entry, call.now.frame) != (recorded.group, recorded.entry, recorded.frame):
            self._differ(call.now.frame, call, "", _other(call, recorded, group))
            return None
        return known.track

    def _put(self, call: Call, track: Track, recorded: _Recorded) -> None:
        if recorded.active is not None:
            track.active = np.unpackbits(recorded.active, count=call.layout.lanes)
        if track.active is not None:
            call.active[:] = track.active
        for index, (name, slot, column) in enumerate(call.columns()):
            mine = recorded.columns == index
            lanes, words = np.cumsum(recorded.lanes[mine]) - 1, recorded.words[mine]
            known = track.known(call, name, slot)
            held = bits(column) if known is None else known.copy()
            if known is not None and (own := track.own(name)) is not None:
                held[own] = bits(column)[own]
            if len(lanes) and (lanes.min() < 0 or lanes.max() >= len(held)):
                raise ValueError("this is not a recording of a run: a cell lies outside its column")
            held[lanes] = words
            put_bits(held, column)
            track.keep(call, name, slot, bits(column))

    def _recorded_calls(self) -> Iterator[_Recorded]:
        for chunk in self._file.chunks():
            yield from _calls_of(chunk, self.header.groups)

    def _differ(self, frame: int, call: Call | None, prim: str, message: str) -> None:
        self.difference = Difference(frame, call.interface.name if call else "", prim, message)


def _calls_of(chunk: Chunk, groups: tuple[Lanes, ...]) -> Iterator[_Recorded]:
    marks = active = cells = 0
    for (group, entry, frame, _, count, bytes_), whole in zip(chunk["calls"].tolist(), chunk["digests"], strict=True):
        own, of_call = slice(marks, marks + len(groups[group].bindings)), slice(cells, cells + count)
        yield _Recorded(
            group,
            groups[group].entries[entry],
            frame,
            chunk["active"][active : active + bytes_] if bytes_ else None,
            chunk["columns"][of_call],
            chunk["lanes"][of_call],
            chunk["words"][of_call],
            whole.tobytes(),
            chunk["marks"][own],
        )
        marks, active, cells = own.stop, active + bytes_, of_call.stop


def _other(call: Call, recorded: _Recorded, group: Lanes) -> str:
    """Say how a call is another one than the recorded."""
    here = lanes_of(call.layout, call.interface, group.entries)
    if (recorded.entry, recorded.frame) == (call.entry, call.now.frame) and here.bindings == group.bindings:
        if here.module != group.module:
            return f"the source of {here.behaviour} is not the one that was recorded"
        if here.offsets != group.offsets:
            return f"{here.behaviour} has {here.offsets[-1]} lanes, and {group.offsets[-1]} in the recording"
    wanted = f"{group.behaviour}.{recorded.entry} on {_first(group.prims)} in frame {recorded.frame}"
    return f"the recording has {wanted}, where this run has {here.behaviour}.{call.entry} on {_first(here.prims)}"


def _first(prims: tuple[str, ...]) -> str:
    return prims[0] if len(prims) == 1 else f"{prims[0]} and {len(prims) - 1} more"
