"""Record a run: see every call, keep what it could not be expected to read, and digests of what it wrote."""

from __future__ import annotations

import platform
import shutil
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pxr import Usd

from portalis.translator.saving import replacing
from portalis.translator.stage.columns.owners import LaneOwners
from portalis.translator.stage.columns.units import Clock
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.recording.call import Call, Mask, Track, bits, digest
from portalis.translator.stage.recording.format import ARRAYS, FORMAT, HEADER, VERSION, Header, Lanes, Timing, write_chunk

# Of a recording, what is kept in memory before it goes to a temporary file, and of a chunk, before it is compressed.
_MEMORY = 64 << 20
_CELLS_PER_CHUNK = 1 << 20
_CALLS_PER_CHUNK = 4096


class _Seen:
    """A group that was seen: its number in the file, what it is expected to read next, and the entries that ran."""

    def __init__(self, number: int, layout: LaneOwners, interface: BehaviourInterface) -> None:
        self.number = number
        self.layout = layout
        self.interface = interface
        self.track = Track(layout, interface)
        self.entries: list[str] = []

    def lanes(self) -> Lanes:
        return lanes_of(self.layout, self.interface, tuple(self.entries))


def lanes_of(layout: LaneOwners, interface: BehaviourInterface, entries: tuple[str, ...]) -> Lanes:
    """Describe lanes that run together."""
    items = layout.bindings
    names, prims = tuple(str(item.key) for item in items), tuple(item.key.path for item in items)
    return Lanes(behaviour=interface.name, module=items[0].module, bindings=names, prims=prims, offsets=layout.offsets, entries=entries)


class Recorder:
    """A tap that records; `save` writes the file. What it holds grows with what happens, on the disk beyond some megabytes."""

    def __init__(self) -> None:
        # It is closed with the recorder.
        self._file = tempfile.SpooledTemporaryFile(_MEMORY)  # noqa: SIM115
        self._groups: dict[int, _Seen] = {}
        self._chunks = 0
        self._begin_chunk()
        self._pending: _Seen | None = None

    # ------------------------------------------------------------------------------------------------------- what happens
    def before(self, call: Call) -> None:
        """Keep the inputs of a call that differ from what they were expected to be."""
        self._finish_call()
        seen = self._groups.get(id(call.layout))
        if seen is None:
            seen = self._groups[id(call.layout)] = _Seen(len(self._groups), call.layout, call.interface)
        if call.entry not in seen.entries:
            seen.entries.append(call.entry)
        cells = sum(self._cells(seen.track, call, index, *column) for index, column in enumerate(call.columns()))
        active = 0
        if seen.track.active is None or not np.array_equal(seen.track.active, call.active):
            seen.track.active = call.active.copy()
            packed = np.packbits(call.active != 0)
            active = len(packed)
            self._parts["active"].append(packed)
        lanes = call.layout.lanes
        self._calls.append((seen.number, seen.entries.index(call.entry), call.now.frame, lanes, cells, active))
        self._cell_count += cells
        self._pending = seen

    def after(self, fits: Mask, outputs: Mapping[str, Columns]) -> None:
        """Keep the digest of a call's results."""
        seen = self._pending
        assert seen is not None, "a call comes first"
        self._pending = None
        seen.track.answer(fits, outputs)
        whole, marks = digest(seen.layout, fits, outputs)
        self._keep_digest(np.frombuffer(whole, np.uint8), marks)

    def save(self, path: Path, clock: Clock, frames: int) -> None:
        """Write what happened in `frames` frames to `path`; OSError where that cannot be done."""
        self._finish_call()
        self._end_chunk()
        header = Header(
            format=FORMAT,
            version=VERSION,
            python=platform.python_version(),
            openusd=".".join(map(str, Usd.GetVersion())),
            machine=platform.machine(),
            clock=Timing(start_code=clock.start_code, fps=clock.fps, time_codes_per_second=clock.time_codes_per_second),
            frames=frames,
            chunks=self._chunks,
            groups=tuple(seen.lanes() for seen in self._groups.values()),
        )
        with self._archive() as archive:
            archive.writestr(HEADER, header.model_dump_json())
        self._file.seek(0)
        try:
            with replacing(path) as temporary, open(temporary, "wb") as file:
                shutil.copyfileobj(self._file, file)
        except OSError as error:
            # The file beside it is nobody's business.
            raise OSError(error.errno, error.strerror, str(path)) from error
        finally:
            self.close()

    def close(self) -> None:
        """Let what was recorded go."""
        self._file.close()

    # ------------------------------------------------------------------------------------------------------------ details
    def _archive(self) -> zipfile.ZipFile:
        """Open the archive for one more member. It is not left open: a recording that is never saved has nothing to write."""
        return zipfile.ZipFile(cast(Any, self._file), "a" if self._chunks else "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def _cells(self, track: Track, call: Call, index: int, name: str, slot: int, column: NDArray[Any]) -> int:
        words, known = bits(column), track.known(call, name, slot)
        if known is None:
            which = np.arange(len(words))
        else:
            differs = words != known
            own = track.own(name)
            which = np.flatnonzero(differs if own is None else differs & ~own)
        track.keep(call, name, slot, words)
        if len(which):
            self._parts["columns"].append(np.full(len(which), index, np.uint16))
            self._parts["lanes"].append(np.diff(which, prepend=-1))
            self._parts["words"].append(words[which])
        return len(which)

    def _finish_call(self) -> None:
        """Of a call that was stopped there is nothing to compare but that."""
        if self._pending is not None:
            bindings = len(self._pending.layout.bindings)
            self._pending = None
            self._keep_digest(np.zeros(32, np.uint8), np.zeros(bindings, np.uint64))
        if self._cell_count >= _CELLS_PER_CHUNK or len(self._calls) >= _CALLS_PER_CHUNK:
            self._end_chunk()

    def _keep_digest(self, whole: NDArray[np.uint8], marks: NDArray[np.uint64]) -> None:
        self._digests.append(whole)
        self._parts["marks"].append(marks)

    def _begin_chunk(self) -> None:
        self._calls: list[tuple[int, int, int, int, int, int]] = []
        self._digests: list[NDArray[np.uint8]] = []
        self._parts: dict[str, list[NDArray[Any]]] = defaultdict(list)
        self._cell_count = 0

    def _end_chunk(self) -> None:
        if not self._calls:
            return
        chunk: dict[str, NDArray[Any]] = {name: _joined(self._parts[name], dtype) for name, (dtype, rank) in ARRAYS.items() if rank == 1}
        chunk["calls"] = np.array(self._calls, np.int64)
        chunk["digests"] = np.array(self._digests, np.uint8)
        with self._archive() as archive:
            write_chunk(archive, self._chunks, chunk)
        self._chunks += 1
        self._begin_chunk()


def _joined(parts: list[NDArray[Any]], dtype: str) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype)
