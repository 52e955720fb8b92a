"""Connect the ports of a group of lanes to feeds and outlets: one for each port and attribute type."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pxr import Usd

from portalis.translator.ir.nodes import Literals
from portalis.translator.stage.columns.backend import ArrayReader, StageBackend
from portalis.translator.stage.columns.transfer import (
    ArrayFeed,
    ArrayOutlet,
    ColumnFeed,
    ColumnOutlet,
    CrowdArray,
    Feed,
    ListFeed,
    ListOutlet,
    Mask,
    Outlet,
    allowed_tokens,
)
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.plan.resolve import AttributeSource, DefaultSource, ResolvedBinding, ResolvedInput, Target
from portalis.translator.stage.values import Codec, Rows, codec_of, rows_to_slots

# What the elements of a crowd's array are where the array has no value, as UsdGeom defines it.
_UNAUTHORED: dict[str, tuple[float, ...]] = {
    "orientations": (0.0, 0.0, 0.0, 1.0),
    "orientationsf": (0.0, 0.0, 0.0, 1.0),
    "scales": (1.0, 1.0, 1.0),
    "velocities": (0.0, 0.0, 0.0),
    "angularVelocities": (0.0, 0.0, 0.0),
    "accelerations": (0.0, 0.0, 0.0),
    "widths": (1.0,),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Which lanes belong to which binding: those of binding i start at `offsets[i]`."""

    bindings: tuple[ResolvedBinding, ...]
    offsets: tuple[int, ...]

    @property
    def lanes(self) -> int:
        """The number of lanes."""
        return self.offsets[-1]

    def of(self, index: int) -> slice:
        """Return the lanes of binding `index`."""
        return slice(self.offsets[index], self.offsets[index + 1])

    def owner(self, lane: int) -> tuple[ResolvedBinding, int]:
        """Return the binding of a lane and the lane's place in it."""
        index = bisect.bisect_right(self.offsets, lane) - 1
        return self.bindings[index], lane - self.offsets[index]


def count_reader(stage: Usd.Stage, backend: StageBackend, item: ResolvedBinding) -> tuple[str, ArrayReader] | None:
    """Return the array attribute, and its reader, whose length is the number of a crowd's elements; None where the binding is one lane."""
    path = item.elements
    # The only element of an array that has no value yet is nowhere to be counted.
    if path is None or not stage.GetAttributeAtPath(path).HasValue():
        return None
    return path, backend.array_reader(path, _codec(str(stage.GetAttributeAtPath(path).GetTypeName())))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A lane, the attribute that it reads, and whether it may go without a value."""

    lane: int
    path: str
    optional: bool


class _SharedReader:
    """One value for all elements of a crowd, read as an array of one element; of none where there is no value."""

    def __init__(self, backend: StageBackend, source: AttributeSource, item: ResolvedBinding) -> None:
        self._reader = backend.column_reader([source.path], _codec(source.type_name), item.interface.strings)
        self.varying = bool(self._reader.varying[0])

    def look_again(self) -> None:
        self._reader.look_again(np.zeros(1, np.intp))
        self.varying = bool(self._reader.varying[0])

    def read(self, time_code: float) -> Rows:
        rows, missing = self._reader.read(time_code, np.zeros(1, np.intp))
        return rows[~missing]


def build_feeds(
    backend: StageBackend,
    layout: Layout,
    columns: Mapping[str, Columns],
    written: Collection[str],
    previous: bool,
    kept: tuple[Mask, Collection[str]],
) -> list[Feed]:
    """Return what fills `columns` (ports and fields by name) from the stage: the inputs marked `previous`, or the others.

    `written` are the attributes that behaviours write, which therefore change every frame. `kept` marks lanes whose state outlived an edit
    and names the fields: those are not read again at first.
    """
    feeds: list[Feed] = []
    single: dict[tuple[str, str], list[_Reading]] = defaultdict(list)
    everywhere = np.ones(layout.lanes, np.bool_)
    for index, item in enumerate(layout.bindings):
        lanes = layout.of(index)
        for port, source in _attribute_inputs(item):
            if (source.previous and source.path not in item.written) != previous:
                continue
            stale = (~kept[0] if port.name in kept[1] else everywhere)[lanes]
            codec = _codec(source.type_name)
            if item.key.kind == "behavior" or (item.key.kind == "array" and not codec.array):
                # Of a token's reader it is not known whether there is no value or one that the behaviour does not know.
                optional = codec.family != "token" and (port.default is not None or port.initial)
                single[port.name, source.type_name].append(_Reading(lanes.start, source.path, optional))
                continue
            shared = not codec.array
            reader = _SharedReader(backend, source, item) if shared else backend.array_reader(source.path, codec)
            default = None if shared else _unauthored_rows(source.path, codec)
            always, fed_back = source.path in written, source.path in item.written
            if item.key.kind == "array":
                feeds.append(ListFeed(reader, source.path, lanes.start, columns[port.name], always, fed_back, bool(stale.any())))
            else:
                feeds.append(ArrayFeed(reader, source.path, lanes, columns[port.name], default, always, fed_back, stale))
    for (name, type_name), pairs in single.items():
        stale = ~kept[0] if name in kept[1] else everywhere
        feeds.append(_column_feed(backend, layout, columns[name], type_name, pairs, written, stale))
    return feeds


def _attribute_inputs(item: ResolvedBinding) -> Iterator[tuple[ResolvedInput, AttributeSource]]:
    for port in item.inputs:
        if isinstance(port.source, AttributeSource):
            yield port, port.source


def _column_feed(
    backend: StageBackend,
    layout: Layout,
    columns: Columns,
    type_name: str,
    lanes: list[_Reading],
    written: Collection[str],
    stale: Mask,
) -> Feed:
    codec = _codec(type_name)
    numbers, paths = [item.lane for item in lanes], [item.path for item in lanes]
    reader = backend.column_reader(paths, codec, layout.bindings[0].interface.strings)
    own = np.array([path in layout.owner(lane)[0].written for lane, path in zip(numbers, paths, strict=True)], np.bool_)
    others = np.array([path in written for path in paths], np.bool_)
    optional = np.array([item.optional for item in lanes], np.bool_)
    defaults = tuple(column[numbers] for column in columns)
    _fill_identities(paths, codec, defaults, optional)
    return ColumnFeed(reader, paths, numbers, columns, others, own, stale[numbers], defaults, optional)


def _fill_identities(paths: Sequence[str], codec: Codec, defaults: Columns, optional: Mask) -> None:
    """Make the identity the default of transform ops: without a value, that is what OpenUSD composes them as."""
    ops = [path.rpartition(".")[2].split(":")[1] if ".xformOp:" in path else "" for path in paths]
    for op in set(ops) - {""}:
        which = np.flatnonzero(np.array([item == op for item in ops], np.bool_))
        rows_to_slots(np.broadcast_to(_identity_row(op, codec), (len(which), codec.width)), defaults, which)
        optional[which] = True


def _identity_row(op: str, codec: Codec) -> Rows:
    if op == "transform":
        return np.eye(codec.shape[-1], dtype=codec.dtype).reshape(1, -1)
    if op == "orient":
        return np.array([[0.0, 0.0, 0.0, 1.0]], codec.dtype)
    return np.full((1, codec.width), 1.0 if op.startswith("scale") else 0.0, codec.dtype)


def fill_defaults(layout: Layout, columns: Mapping[str, Columns]) -> None:
    """Put the defaults of parameters into `columns`: for those that nothing is bound to, and until an attribute has a value."""
    for index, item in enumerate(layout.bindings):
        for port in item.inputs:
            default = port.source if isinstance(port.source, DefaultSource) else port.default
            if default is not None:
                for column, value in zip(columns[port.name], default_slots(default.value, item.interface.strings), strict=True):
                    column[layout.of(index)] = value


def default_slots(value: Literals, strings: Sequence[str]) -> tuple[int | float | bool, ...]:
    """Flatten a constant to the slots that hold it."""
    match value:
        case None:
            return ()
        case str():
            return (list(strings).index(value),)
        case _:
            return (value,)


def build_outlets(
    stage: Usd.Stage, backend: StageBackend, layout: Layout, inputs: Mapping[str, Columns], time_code: float
) -> list[tuple[str, Outlet]]:
    """Return (result's name, what writes it). `inputs` holds the parameters' columns that take a result back for the next frame."""
    outlets: list[tuple[str, Outlet]] = []
    single: dict[tuple[str, str, tuple[str, ...]], list[tuple[int, Target]]] = defaultdict(list)
    arrays: dict[tuple[str, str, tuple[str, ...]], list[CrowdArray]] = defaultdict(list)
    for index, item in enumerate(layout.bindings):
        readers: dict[str, list[str]] = defaultdict(list)
        for port, source in _attribute_inputs(item):
            if port.name in inputs:
                readers[source.path].append(port.name)
        for output in item.outputs:
            for target in output.targets:
                codec = _codec(target.type_name)
                back = tuple(readers[target.path])
                if item.key.kind == "array" and codec.array:
                    writer = backend.array_writer(target, codec)
                    feedback = tuple(inputs[name] for name in back)
                    outlets.append((output.name, ListOutlet(writer, target, codec, layout.offsets[index], feedback)))
                elif codec.array:
                    arrays[output.name, target.type_name, back].append(_crowd_array(backend, target, codec, layout.of(index), time_code))
                else:
                    single[output.name, target.type_name, back].append((layout.offsets[index], target))
    for (name, type_name, back), crowds in arrays.items():
        outlets.append((name, ArrayOutlet(crowds, _codec(type_name), tuple(inputs[port] for port in back))))
    for (name, type_name, back), lanes in single.items():
        feedback = tuple(inputs[port] for port in back)
        outlets.append((name, _column_outlet(stage, backend, layout.bindings[0].interface.strings, type_name, lanes, feedback)))
    return outlets


def _crowd_array(backend: StageBackend, target: Target, codec: Codec, lanes: slice, time_code: float) -> CrowdArray:
    count = lanes.stop - lanes.start
    before = backend.array_reader(target.path, codec).read(time_code)
    fresh = len(before) != count
    if fresh:
        default = _unauthored_rows(target.path, codec)
        before = np.broadcast_to(default if default is not None else np.zeros((1, codec.width), codec.dtype), (count, codec.width))
    return CrowdArray(backend.array_writer(target, codec), target, lanes, np.array(before), fresh)


def _column_outlet(
    stage: Usd.Stage,
    backend: StageBackend,
    strings: Sequence[str],
    type_name: str,
    lanes: list[tuple[int, Target]],
    feedback: tuple[Columns, ...],
) -> ColumnOutlet:
    codec = _codec(type_name)
    targets = [target for _, target in lanes]
    allowed: Mask | None = None
    if codec.family == "token":
        # A string without a list takes whatever the behaviour's source says.
        unlisted = strings if type_name == "string" else ()
        lists = [stage.GetAttributeAtPath(target.path).GetMetadata("allowedTokens") or unlisted for target in targets]
        allowed = allowed_tokens(lists, strings)
    numbers = [lane for lane, _ in lanes]
    return ColumnOutlet(backend.column_writer(targets, codec, strings), targets, codec, strings, numbers, allowed, feedback)


def _unauthored_rows(path: str, codec: Codec) -> Rows | None:
    value = _UNAUTHORED.get(path.rpartition(".")[2])
    return np.array([value], codec.dtype) if value is not None and len(value) == codec.width else None


def _codec(type_name: str) -> Codec:
    codec = codec_of(type_name)
    assert codec is not None, "resolved ports have a type that crosses"
    return codec
