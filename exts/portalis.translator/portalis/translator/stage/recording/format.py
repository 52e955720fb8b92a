"""The file of a recording, version 2: a zip of one JSON document and NumPy arrays.

`recording.json` is a `Header`. Its `groups` are the lanes that ran together, in the order of their first call. What happened lies in
chunks, `NNNNNN/NAME.npy`, one array a name (`ARRAYS`):

- `calls` (calls, 6): group, entry (its place in `Group.entries`), frame, lanes, cells, and bytes of `active` (0: as in the group's
  last call).
- `digests` (calls, 32): the SHA-256 of the results; zeros where the call was stopped.
- `marks`: for each call one word a binding, made of its lanes' results.
- `active`: for each call that says so, one bit a lane: whether it ran.
- `columns`, `lanes`, `words`: the cells, call by call. Each is a 64-bit word that an input column got at a lane. `columns` counts the
  slots of the entry's inputs; `lanes` is the distance from the cell before in that column, from -1 for its first. Only what differs from
  the expected (`recording.call.Track`) is a cell.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

FORMAT: Literal["portalis-recording"] = "portalis-recording"
VERSION = 2
HEADER = "recording.json"
ARRAYS: Mapping[str, tuple[str, int]] = {
    "calls": ("<i8", 2),
    "digests": ("|u1", 2),
    "marks": ("<u8", 1),
    "active": ("|u1", 1),
    "columns": ("<u2", 1),
    "lanes": ("<i8", 1),
    "words": ("<u8", 1),
}
# A recording comes from another machine: no member of one is unpacked beyond this.
_MOST_BYTES = 1 << 30


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Timing(_Model):
    """The clock of a run."""

    start_code: float
    fps: float
    time_codes_per_second: float


class Lanes(_Model):
    """The lanes that run together: behaviour, SHA-256 of its source, bindings, where each one's lanes begin (and end), entries seen."""

    behaviour: str
    module: str
    bindings: tuple[str, ...]
    prims: tuple[str, ...]
    offsets: tuple[Annotated[int, Field(ge=0, lt=1 << 40)], ...]
    entries: tuple[str, ...]


class Header(_Model):
    """What a recording is of."""

    format: Literal["portalis-recording"]
    version: int
    python: str
    openusd: str
    machine: str
    clock: Timing
    frames: int
    chunks: int
    groups: tuple[Lanes, ...]


Chunk = dict[str, NDArray[Any]]


def write_chunk(archive: zipfile.ZipFile, number: int, chunk: Chunk) -> None:
    """Add a chunk's arrays."""
    for name, (dtype, _) in ARRAYS.items():
        with archive.open(f"{number:06d}/{name}.npy", "w") as member:
            np.lib.format.write_array(member, np.ascontiguousarray(chunk[name], dtype), allow_pickle=False)


class RecordingFile:
    """A recording that is read; ValueError, which names the file, where it is something else or damaged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._archive = self._open()
        self.header = self._header()

    def chunks(self) -> Iterator[Chunk]:
        """Yield what happened, a chunk at a time."""
        for number in range(self.header.chunks):
            chunk = {name: self._array(f"{number:06d}/{name}.npy", dtype, rank) for name, (dtype, rank) in ARRAYS.items()}
            self._require(_consistent(chunk, self.header), f"chunk {number} does not add up")
            yield chunk

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def _open(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self._path)
        except zipfile.BadZipFile as error:
            raise self._wrong("it is no zip") from error

    def _header(self) -> Header:
        try:
            header = Header.model_validate_json(self._bytes(HEADER))
        except ValidationError as error:
            raise self._wrong(f"{HEADER} is not what it should be") from error
        self._require(header.version == VERSION, f"it is of version {header.version}, and this is Portalis with version {VERSION}")
        for group in header.groups:
            offsets = np.array(group.offsets, np.int64)
            right = (
                len(offsets) == len(group.bindings) + 1 == len(group.prims) + 1 and offsets[0] == 0 and bool((np.diff(offsets) >= 0).all())
            )
            self._require(right, f"the lanes of {group.behaviour} do not add up")
        return header

    def _array(self, name: str, dtype: str, rank: int) -> NDArray[Any]:
        try:
            array = np.lib.format.read_array(io.BytesIO(self._bytes(name)), allow_pickle=False)
        except (ValueError, TypeError, EOFError, MemoryError) as error:
            raise self._wrong(f"{name} is no array") from error
        self._require(array.dtype == np.dtype(dtype) and array.ndim == rank, f"{name} is no array of {dtype}")
        return array

    def _bytes(self, name: str) -> bytes:
        try:
            member = self._archive.getinfo(name)
        except KeyError as error:
            raise self._wrong(f"{name} is missing") from error
        self._require(member.file_size <= _MOST_BYTES, f"{name} is too large")
        try:
            return self._archive.read(member)
        except Exception as error:
            # Besides those of the zip, each way to compress has its own classes for damaged bytes.
            raise self._wrong(f"{name} is damaged") from error

    def _require(self, holds: bool, why: str) -> None:
        if not holds:
            raise self._wrong(why)

    def _wrong(self, why: str) -> ValueError:
        return ValueError(f"{self._path} is not a recording of a run: {why}")


def _consistent(chunk: Chunk, header: Header) -> bool:
    """Tell whether the parts of a chunk have the lengths that its calls say, and name groups and entries that there are."""
    calls = chunk["calls"]
    if calls.shape[1:] != (6,) or chunk["digests"].shape != (len(calls), 32) or (calls < 0).any():
        return False
    if not len(calls):
        return True
    group, entry, _, lanes, cells, active = calls.T
    if group.max(initial=0) >= len(header.groups):
        return False
    sizes = np.array([(len(item.bindings), len(item.entries), item.offsets[-1]) for item in header.groups], np.int64).reshape(-1, 3)
    bindings, entries, of_group = sizes[group].T
    return bool(
        (entry < entries).all()
        and (lanes == of_group).all()
        and ((active == 0) | (active == (lanes + 7) // 8)).all()
        # One by one too: a sum can come out right because it wrapped.
        and (cells <= len(chunk["words"])).all()
        and len(chunk["marks"]) == bindings.sum()
        and len(chunk["active"]) == active.sum()
        and len(chunk["columns"]) == len(chunk["lanes"]) == len(chunk["words"]) == cells.sum()
    )
