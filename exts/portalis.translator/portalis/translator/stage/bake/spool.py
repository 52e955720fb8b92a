"""The frames of a bake while it runs: their values go to a file without a name, beside the layer that is being made.

What is kept in memory grows with the attributes, and with the frames only by the note of a block of values.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.values import Codec, Rows

ALIGNMENT = 8
_TOKEN = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class SpooledValues:
    """How values of a type lie in the file: the type of a scalar (of a token, its index in the spool's table) and the bytes of an element.

    A `small` value is told by four bytes, which lie beside the notes instead of among the values.
    """

    dtype: np.dtype[Any]
    row_bytes: int
    small: bool


@functools.cache
def _stored(codec: Codec) -> SpooledValues:
    dtype = _TOKEN if codec.family == "token" else codec.dtype.newbyteorder("<")
    size = codec.width * dtype.itemsize
    return SpooledValues(dtype, size, not codec.array and size <= 4)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that gets samples."""

    target: Target
    codec: Codec

    @property
    def stored(self) -> SpooledValues:
        """How its values lie in the file."""
        return _stored(self.codec)


@dataclass(frozen=True, slots=True)
class _Column:
    """Attributes that are written together: their numbers, and the spool's number of each of a program's strings.

    It keeps what it is known by: as long as it is there, no other object gets the same identity.
    """

    targets: Sequence[Target]
    strings: Sequence[str]
    numbers: NDArray[np.int64]
    tokens: NDArray[np.uint32]
    stored: SpooledValues
    first: int
    last: int
    consecutive: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """What one column got in one frame: `count` values, of all its attributes or of those listed in the notes at `which`.

    `place` is where the values begin: in the values' file, or for small ones in the notes.
    """

    frame: int
    column: int
    count: int
    which: int
    place: int


class GrowingFile:
    """A file that grows; its name is gone before anybody could lose it."""

    def __init__(self, folder: Path) -> None:
        # Open as long as this object lives.
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder if folder.is_dir() else None)  # noqa: SIM115
        self.size = 0

    def append(self, array: NDArray[Any]) -> int:
        """Write an array and return where it begins, a multiple of eight bytes."""
        place = self.size
        content = np.ascontiguousarray(array)
        self._file.write(content.reshape(-1).view(np.uint8).data if content.size else b"")
        padding = -content.nbytes % ALIGNMENT
        self._file.write(bytes(padding))
        self.size += content.nbytes + padding
        return place

    def read(self, place: int, size: int) -> NDArray[np.uint8]:
        """Return `size` bytes from `place` on."""
        self._file.seek(place)
        content = np.frombuffer(self._file.read(size), np.uint8)
        self._file.seek(0, os.SEEK_END)
        return content

    def read_rows(self, places: NDArray[np.int64], size: int) -> NDArray[np.uint8]:
        """Return (places, size) bytes; those that follow one another in the file are read at once."""
        sorted_, back = np.unique(places, return_inverse=True)
        rows = np.empty((len(sorted_), size), np.uint8)
        starts = np.concatenate(([0], np.flatnonzero(np.diff(sorted_) != size) + 1, [len(sorted_)])).tolist()
        for start, stop in itertools.pairwise(starts):
            if stop > start:
                rows[start:stop] = self.read(int(sorted_[start]), (stop - start) * size).reshape(-1, size)
        return rows[back]

    def close(self) -> None:
        """Give the space back."""
        # What is still in its buffer may not fit on the disk, and nobody wants it.
        with contextlib.suppress(OSError):
            self._file.close()

    def copy_to(self, file: IO[bytes]) -> None:
        """Append all bytes to another file."""
        self._file.seek(0)
        shutil.copyfileobj(self._file, file, 1 << 20)
        self._file.seek(0, os.SEEK_END)


class Spool:
    """The frames so far. OSError where the disk takes no more; what was taken stays usable."""

    def __init__(self, folder: Path) -> None:
        self.attributes: list[Attribute] = []
        self.codes: list[float] = []
        self.tokens: dict[str, int] = {}
        # The frame at which each attribute was first written; -1: never.
        self.first: NDArray[np.int64] = np.zeros(0, np.int64)
        self.values = GrowingFile(folder)
        self._notes = GrowingFile(folder)
        self._numbers: dict[Target, int] = {}
        self._columns: list[_Column] = []
        self._known: dict[tuple[int, int], int] = {}
        self._arrays: dict[Target, int] = {}
        self._before: dict[bytes, int] = {}
        self._blocks: list[_Block] = []

    def at(self, time_code: float) -> None:
        """Begin the frame at `time_code`; doing so again changes nothing."""
        if not self.codes or self.codes[-1] != time_code:
            self.codes.append(time_code)

    def take(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        """Take new `rows` (as many as `which`, width) of single-valued attributes, `which` of `targets`, in ascending order."""
        key = id(targets), id(strings)
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = self._new_column(targets, codec, strings)
        stored = self._columns[number].tokens[rows] if codec.family == "token" else rows
        self._take(len(self.codes) - 1, number, which, stored)

    def take_array(self, target: Target, codec: Codec, rows: Rows) -> None:
        """Take all elements of an array attribute."""
        self._take_array(len(self.codes) - 1, target, codec, rows)

    def take_before(self, frame: int, numbers: NDArray[np.int64], values: Sequence[Any]) -> None:
        """Take the `values` that attributes of one type had at a frame before anybody wrote them."""
        codec = self.attributes[int(numbers[0])].codec
        targets = [self.attributes[number].target for number in numbers.tolist()]
        if codec.array:
            for target, value in zip(targets, values, strict=True):
                self._take_array(frame, target, codec, codec.rows_of_array(value))
            return
        key = numbers.tobytes()
        if key not in self._before:
            self._before[key] = self._new_column(targets, codec, ())
        token = codec.family == "token"
        rows = self._token_rows(list(map(str, values))) if token else codec.rows_of_values(values)
        self._take(frame, self._before[key], np.arange(len(targets)), rows)

    def close(self) -> None:
        """Give the space on the disk back; nothing can be taken or read any more."""
        self.values.close()
        self._notes.close()

    def gather(self, start: int, stop: int) -> NDArray[np.int64]:
        """Return (stop - start, frames): where the value lies that each of these attributes got in each frame, -1 where it got none.

        For a small value, what its four bytes are.
        """
        table = np.full((len(self.codes), stop - start), -1, np.int64)
        for block in self._blocks:
            column = self._columns[block.column]
            if column.last < start or column.first >= stop:
                continue
            row = table[block.frame]
            if column.consecutive and block.which < 0:
                low, high = max(start, column.first), min(stop, column.last + 1)
                row[low - start : high - start] = self._places(block, slice(low - column.first, high - column.first))
                continue
            numbers = column.numbers
            if block.which >= 0:
                numbers = numbers[self._notes.read(block.which, 4 * block.count).view("<i4")]
            chosen = np.flatnonzero((numbers >= start) & (numbers < stop))
            row[numbers[chosen] - start] = self._places(block, chosen)
        return np.ascontiguousarray(table.T)

    def _places(self, block: _Block, which: slice | Indices) -> NDArray[np.int64]:
        """Return where some of a block's values lie; of small ones, what their bytes are."""
        stored = self._columns[block.column].stored
        if not stored.small:
            rows = np.arange(which.start, which.stop) if isinstance(which, slice) else which
            return np.asarray(block.place + stored.row_bytes * rows, np.int64)
        size = stored.row_bytes
        raw = self._notes.read(block.place, size * block.count).reshape(-1, size)[which]
        return np.pad(raw, ((0, 0), (0, 4 - size))).view("<u4")[:, 0].astype(np.int64)

    def _take(self, frame: int, number: int, which: Indices, rows: Rows) -> None:
        column = self._columns[number]
        place = (self._notes if column.stored.small else self.values).append(rows.astype(column.stored.dtype, copy=False))
        everything = len(which) == len(column.numbers)
        listed = -1 if everything else self._notes.append(np.asarray(which, "<i4"))
        self._blocks.append(_Block(frame, number, len(which), listed, place))
        self._note_first(column.numbers if everything else column.numbers[which], frame)

    def _take_array(self, frame: int, target: Target, codec: Codec, rows: Rows) -> None:
        number = self._arrays.get(target)
        if number is None:
            number = self._arrays[target] = self._new_column((target,), codec, ())
        column = self._columns[number]
        place = self.values.append(np.array([len(rows)], "<u8"))
        self.values.append(rows.astype(column.stored.dtype, copy=False))
        self._blocks.append(_Block(frame, number, 1, -1, place))
        self._note_first(column.numbers, frame)

    def _note_first(self, numbers: NDArray[np.int64], frame: int) -> None:
        fresh = numbers[self.first[numbers] < 0]
        if len(fresh):
            self.first[fresh] = frame

    def _new_column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str]) -> int:
        for target in targets:
            if target not in self._numbers:
                self._numbers[target] = len(self.attributes)
                self.attributes.append(Attribute(target, codec))
        self.first = np.pad(self.first, (0, len(self.attributes) - len(self.first)), constant_values=-1)
        numbers = np.array([self._numbers[target] for target in targets], np.int64)
        edges, consecutive = (int(numbers.min()), int(numbers.max())), bool((np.diff(numbers) == 1).all())
        tokens = self._token_rows(strings)[:, 0]
        self._columns.append(_Column(targets, strings, numbers, tokens, _stored(codec), *edges, consecutive))
        return len(self._columns) - 1

    def _token_rows(self, strings: Sequence[str]) -> NDArray[np.uint32]:
        rows = [self.tokens.setdefault(text, len(self.tokens)) for text in strings]
        return np.array(rows, np.uint32).reshape(-1, 1)
