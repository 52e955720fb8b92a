"""A stage as columns that counts how long its host takes, so that a frame can be told apart into OpenUSD and everything else."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pxr import Usd

from portalis.translator.stage.columns.backend import (
    ArrayReader,
    ArrayWriter,
    ColumnReader,
    ColumnWriter,
    Indices,
    Kept,
    MakeBackend,
    StageBackend,
)
from portalis.translator.stage.columns.packing import Parts
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.values import Codec, Rows

# Counts what happens within it to the attribute at a path.
_Counting: TypeAlias = Callable[[str], contextlib.AbstractContextManager[None]]


class HostSeconds:
    """Seconds of wall time in a stage's host, by what `name_of` makes of the path of an attribute.

    They hold reading and writing attributes, with the conversion between the host's types and rows of numbers, and composing matrices and
    extents. Finding attributes, once, before a run starts, is not counted.
    """

    def __init__(self, name_of: Callable[[str], str] = lambda path: "") -> None:
        self.seconds: dict[str, float] = {}
        self._name_of = name_of

    def of(self, make: MakeBackend) -> MakeBackend:
        """Return what makes backends that count here and are otherwise those of `make`."""

        def make_counting(stage: Usd.Stage, listening: Callable[[bool], None]) -> StageBackend:
            return _TimedBackend(make(stage, listening), self.counting)

        return make_counting

    @contextlib.contextmanager
    def counting(self, path: str) -> Iterator[None]:
        """Count what happens within this to an attribute."""
        started = time.perf_counter()
        try:
            yield
        finally:
            name = self._name_of(path)
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started


class _TimedColumnReader:
    def __init__(self, reader: ColumnReader, path: str, counting: _Counting) -> None:
        self._reader, self._path, self._counting = reader, path, counting
        # An array of the reader's own, which is changed in place.
        self.varying = reader.varying

    def read(self, time_code: float, which: Indices) -> tuple[Rows, NDArray[np.bool_], NDArray[np.bool_]]:
        with self._counting(self._path):
            return self._reader.read(time_code, which)

    def look_again(self, which: Indices) -> None:
        self._reader.look_again(which)


class _TimedArrayReader:
    def __init__(self, reader: ArrayReader, path: str, counting: _Counting) -> None:
        self._reader, self._path, self._counting = reader, path, counting
        self.varying = reader.varying

    def read(self, time_code: float) -> Rows:
        with self._counting(self._path):
            return self._reader.read(time_code)

    def look_again(self) -> None:
        self._reader.look_again()
        self.varying = self._reader.varying


class _TimedColumnWriter:
    def __init__(self, writer: ColumnWriter, path: str, counting: _Counting) -> None:
        self._writer, self._path, self._counting = writer, path, counting

    def write(self, which: Indices, rows: Rows, alike: NDArray[np.bool_]) -> None:
        with self._counting(self._path):
            self._writer.write(which, rows, alike)


class _TimedArrayWriter:
    def __init__(self, writer: ArrayWriter, path: str, counting: _Counting) -> None:
        self._writer, self._path, self._counting = writer, path, counting

    def write(self, parts: Parts, alike: bool) -> None:
        with self._counting(self._path):
            self._writer.write(parts, alike)


class _TimedBackend:
    def __init__(self, backend: StageBackend, counting: _Counting) -> None:
        self._backend, self._counting = backend, counting

    def compose_from(self, paths: Callable[[], Collection[str]]) -> None:
        self._backend.compose_from(paths)

    def column_reader(self, paths: Sequence[str], codec: Codec, strings: Sequence[str]) -> ColumnReader:
        return _TimedColumnReader(self._backend.column_reader(paths, codec, strings), paths[0] if paths else "", self._counting)

    def array_reader(self, path: str, codec: Codec) -> ArrayReader:
        return _TimedArrayReader(self._backend.array_reader(path, codec), path, self._counting)

    def column_writer(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str]) -> ColumnWriter:
        path = targets[0].path if targets else ""
        return _TimedColumnWriter(self._backend.column_writer(targets, codec, strings), path, self._counting)

    def array_writer(self, target: Target, codec: Codec) -> ArrayWriter:
        return _TimedArrayWriter(self._backend.array_writer(target, codec), target.path, self._counting)

    def local_to_world(self, paths: Sequence[str], time_code: float) -> Rows:
        with self._counting(paths[0] if paths else ""):
            return self._backend.local_to_world(paths, time_code)

    def remember(self, prims: Mapping[str, Usd.Prim]) -> None:
        self._backend.remember(prims)

    def clear(self, path: str) -> None:
        with self._counting(path):
            self._backend.clear(path)

    def update_extent(self, path: str, time_code: float) -> Rows | None:
        with self._counting(f"{path}.extent"):
            return self._backend.update_extent(path, time_code)

    def frame(self, time_code: float) -> contextlib.AbstractContextManager[None]:
        return self._backend.frame(time_code)

    def hidden(self) -> contextlib.AbstractContextManager[None]:
        return self._backend.hidden()

    def forget(self, keep: Collection[str]) -> None:
        self._backend.forget(keep)

    def keep(self) -> Kept:
        return self._backend.keep()

    def bring_back(self, kept: Kept) -> None:
        self._backend.bring_back(kept)

    def close(self) -> None:
        self._backend.close()
