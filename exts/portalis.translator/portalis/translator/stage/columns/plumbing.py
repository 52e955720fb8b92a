"""Connect the ports of a group of lanes to feeds and outlets: one for each port and attribute type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pxr import Usd

from portalis.translator.ir.nodes import Literals
from portalis.translator.ir.types import Type
from portalis.translator.stage.columns.backend import ArrayReader, StageBackend
from portalis.translator.stage.columns.feeds import (
    ArrayFeed,
    ArraySource,
    ColumnFeed,
    Feed,
    HandedArray,
    LaneReads,
    ListFeed,
    StageArray,
    parts_of_rows,
)
from portalis.translator.stage.columns.outlets import (
    ArrayOutlet,
    ColumnOutlet,
    CrowdArray,
    Feedback,
    ListOutlet,
    Outlet,
    allowed_tokens,
)
from portalis.translator.stage.columns.owners import LaneOwners
from portalis.translator.stage.columns.transfer import Mask
from portalis.translator.stage.columns.written import Wires, Written, WrittenArray
from portalis.translator.stage.plan.bindings import placed_all
from portalis.translator.stage.plan.elements import UNAUTHORED
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.plan.resolved import AttributeSource, DefaultSource, ResolvedBinding, ResolvedInput, Target
from portalis.translator.stage.values import SLOT_DTYPE, Codec, Rows, codec_of, rows_to_slots


@dataclass(frozen=True, slots=True)
class Connections:
    """What all groups of a run are connected to.

    `written` are the attributes that behaviours write, `published` those of them that the stage gets in every frame (None: all), `wires`
    where those are found that one behaviour writes and another reads.
    """

    stage: Usd.Stage
    backend: StageBackend
    written: Collection[str]
    published: Collection[str] | None
    wires: Wires

    def publishes(self, path: str) -> bool:
        """Tell whether the stage gets the attribute at `path`."""
        return self.published is None or path in self.published

    def published_of(self, targets: Sequence[Target]) -> Mask:
        """Tell which attributes the stage gets."""
        published = self.published
        return np.array([published is None or path in published for path, _ in targets], np.bool_)


def count_reader(stage: Usd.Stage, backend: StageBackend, item: ResolvedBinding) -> tuple[str, ArrayReader] | None:
    """Return the array attribute, and its reader, whose length is the number of a crowd's elements; None where the binding is one lane."""
    path = item.elements
    # The only element of an array that has no value yet is nowhere to be counted.
    if path is None or not stage.GetAttributeAtPath(path).HasValue():
        return None
    return path, backend.array_reader(path, _codec(str(stage.GetAttributeAtPath(path).GetTypeName())))


# -------------------------------------------------------------------------------------------------------------------- gather
class _Readings:
    """Lanes, the attribute that each reads, whether it may go without a value, and whether the lane itself writes it."""

    def __init__(self) -> None:
        self.lanes: list[int] = []
        self.paths: list[str] = []
        self.optional: list[bool] = []
        self.own: list[bool] = []

    def add(self, lanes: Sequence[int], paths: Sequence[str], optional: bool, own: bool) -> None:
        self.lanes += lanes
        self.paths += paths
        self.optional += [optional] * len(lanes)
        self.own += [own] * len(lanes)


@dataclass(frozen=True, slots=True)
class _Wired:
    """An input of all bindings that share a decision: whether it may go without a value, is written by them, and is one value a lane.

    `path` is the attribute as the bound prim sees it.
    """

    place: int
    name: str
    path: str
    type_name: str
    optional: bool
    own: bool
    single: bool


class _SharedReader:
    """One value for all elements of a crowd, read as an array of one element; of none where there is no value."""

    def __init__(self, backend: StageBackend, source: AttributeSource, item: ResolvedBinding) -> None:
        self._reader = backend.column_reader([source.path], _codec(source.type_name), item.interface.strings)
        self.look_again()

    def look_again(self) -> None:
        self._reader.look_again(np.zeros(1, np.intp))
        self.varying = bool(self._reader.varying[0])

    def read(self, time_code: float) -> Rows:
        rows, missing, unfit = self._reader.read(time_code, np.zeros(1, np.intp))
        return rows[~(missing | unfit)]


def build_feeds(
    around: Connections, layout: LaneOwners, columns: Mapping[str, Columns], previous: bool, kept: tuple[Mask, Collection[str]]
) -> list[Feed]:
    """Return what fills `columns` (ports and fields by name): the inputs marked `previous`, or the others.

    `kept` marks lanes whose state outlived an edit and names the fields: those are not read again at first.
    """
    feeds: list[Feed] = []
    single: dict[tuple[str, str], _Readings] = defaultdict(_Readings)
    fresh, everywhere = ~kept[0], np.ones(layout.lanes, np.bool_)
    for indices in layout.alike():
        items = [layout.bindings[index] for index in indices]
        for wire in _wired_inputs(items[0], previous):
            if wire.single:
                lanes, owners = [layout.offsets[index] for index in indices], [item.key.path for item in items]
                single[wire.name, wire.type_name].add(lanes, placed_all(owners, wire.path), wire.optional, wire.own)
                continue
            for index, item in zip(indices, items, strict=True):
                port = item.inputs[wire.place]
                source = port.source
                assert isinstance(source, AttributeSource), "bindings that share a decision are wired alike"
                stale = (fresh if port.name in kept[1] else everywhere)[layout.of(index)]
                feeds.append(_array_feed(around, item, port, source, layout.of(index), columns[port.name], stale))
    strings = layout.bindings[0].interface.strings
    for (name, type_name), readings in single.items():
        stale = fresh if name in kept[1] else everywhere
        feeds.append(_column_feed(around, name, _codec(type_name), readings, columns[name], stale, strings))
    return feeds


def _wired_inputs(item: ResolvedBinding, previous: bool) -> Iterator[_Wired]:
    for place, port in enumerate(item.inputs):
        source = port.source
        if not isinstance(source, AttributeSource):
            continue
        own = source.path in item.written
        if (source.previous and not own) == previous:
            single = item.kind.shape(_codec(source.type_name).array) == "value"
            path = item.decision.read[place]
            assert path is not None, "the input reads an attribute"
            yield _Wired(place, port.name, path, source.type_name, port.default is not None or port.initial, own, single)


def _attribute_inputs(item: ResolvedBinding) -> Iterator[tuple[ResolvedInput, AttributeSource]]:
    for port in item.inputs:
        if isinstance(port.source, AttributeSource):
            yield port, port.source


def _array_feed(
    around: Connections, item: ResolvedBinding, port: ResolvedInput, source: AttributeSource, lanes: slice, columns: Columns, stale: Mask
) -> Feed:
    codec = _codec(source.type_name)
    shape = item.kind.shape(codec.array)
    shared = shape == "shared"
    reader = _SharedReader(around.backend, source, item) if shared else around.backend.array_reader(source.path, codec)
    own = source.path in item.written
    handed = source.path in around.written and not own
    elements: ArraySource = HandedArray(reader, source.path, around.wires, item.interface.strings) if handed else StageArray(reader)
    default = tuple(column[lanes].copy() for column in columns) if port.default is not None or port.initial else None
    if shape == "list":
        return ListFeed(port.name, elements, source.path, lanes.start, columns, default, own, bool(stale.any()))
    meant = _unauthored_rows(source.path, codec, shared)
    return ArrayFeed(port.name, elements, source.path, lanes, columns, default if meant is None else parts_of_rows(meant), own, stale)


def _column_feed(
    around: Connections, name: str, codec: Codec, readings: _Readings, columns: Columns, stale: Mask, strings: Sequence[str]
) -> Feed:
    paths = readings.paths
    lanes = np.array(readings.lanes, np.intp)
    reader = around.backend.column_reader(paths, codec, strings)
    own = np.array(readings.own, np.bool_)
    handed = np.array([path in around.written for path in paths], np.bool_) & ~own
    optional = np.array(readings.optional, np.bool_)
    defaults = tuple(column[lanes] for column in columns)
    _fill_identities(paths, codec, defaults, optional)
    reads = LaneReads(paths, lanes, handed, own, stale[lanes], defaults, optional)
    return ColumnFeed(name, reader, reads, columns, around.wires, strings)


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


def fill_defaults(layout: LaneOwners, columns: Mapping[str, Columns]) -> None:
    """Put the defaults of parameters into `columns`: for those that nothing is bound to, and until an attribute has a value."""
    for indices in layout.alike():
        item = layout.bindings[indices[0]]
        sources = ((port.name, port.source if isinstance(port.source, DefaultSource) else port.default) for port in item.inputs)
        for name, default in sources:
            values = default_slots(default.value, item.interface.strings) if default is not None else ()
            for column, value in zip(columns[name] if default is not None else (), values, strict=True):
                if len(indices) == len(layout.bindings):
                    column[:] = value
                    continue
                for index in indices:
                    column[layout.of(index)] = value


def default_slots(value: Literals, strings: Sequence[str]) -> tuple[int | float | bool, ...]:
    """Flatten a constant to the slots that hold it."""
    match value:
        case None:
            return ()
        case str():
            return (list(strings).index(value),)
        case bytes():
            raise AssertionError("no stage passes bytes")
        case _:
            return (value,)


# ------------------------------------------------------------------------------------------------------------------- scatter
def fed_back_inside(bindings: Sequence[ResolvedBinding], interface: BehaviourInterface) -> frozenset[str]:
    """Return the ports whose results are the next inputs as they are, so that they need not leave the sandbox in between.

    A class's field is one where it is assigned and nothing is read into it between calls, a function's parameter where each lane writes the
    attribute that it reads and this rounds nothing.
    """
    fields, types = dict(interface.fields), dict(interface.outputs)
    found = set(types)
    for item in {item.decision: item for item in bindings}.values():
        sources = {port.name: port.source for port in item.inputs}
        outputs = {output.name: output.targets for output in item.outputs}
        for name in tuple(found):
            source = sources.get(name)
            own = source.path if isinstance(source, AttributeSource) and source.path in item.written else None
            if name in fields:
                keeps = source is None or own is not None
            else:
                target = next((target for target in outputs.get(name, ()) if target.path == own), None)
                codec = _codec(target.type_name) if target is not None else None
                keeps = codec is not None and holds(codec, types[name]) and item.kind.shape(codec.array) != "list"
            if not keeps:
                found.discard(name)
    return frozenset(found)


def holds(codec: Codec, type_: Type) -> bool:
    """Tell whether attributes of a codec's type hold every value of `type_` as it is."""
    return all(codec.keeps(SLOT_DTYPE[slot]) for slot in type_.slots)


@dataclass(frozen=True, slots=True)
class _Writing:
    """How a result is written: its name, its attributes' type, the ports that take it back, and whether columns hold what attributes do."""

    name: str
    type_name: str
    feedback: tuple[str, ...]
    exact: bool


def build_outlets(
    around: Connections, layout: LaneOwners, inputs: Mapping[str, Columns], inside: Collection[str], time_code: float
) -> list[Outlet]:
    """Return what writes each result. `inputs` holds the parameters' columns that take a result back for the next frame.

    Those `inside` get theirs without it.
    """
    outlets: list[Outlet] = []
    single: dict[_Writing, tuple[list[int], list[Target]]] = defaultdict(lambda: ([], []))
    arrays: dict[_Writing, list[CrowdArray]] = defaultdict(list)
    for indices in layout.alike():
        items = [layout.bindings[index] for index in indices]
        writings = _writings(items[0], inside, inputs.keys() - inside)
        for writing, (path, type_name) in zip(writings, items[0].decision.direct, strict=True):
            codec = _codec(type_name)
            targets = [Target(placed, type_name) for placed in placed_all([item.key.path for item in items], path)]
            match items[0].kind.shape(codec.array):
                case "list":
                    for index, target in zip(indices, targets, strict=True):
                        outlets.append(_list_outlet(around, writing, target, layout.offsets[index], inputs))
                case "elements":
                    for index, target in zip(indices, targets, strict=True):
                        arrays[writing].append(_crowd_array(around, target, codec, layout.of(index), time_code))
                case _:
                    single[writing][0].extend([layout.offsets[index] for index in indices])
                    single[writing][1].extend(targets)
    for writing, crowds in arrays.items():
        # An array that is only about to get its elements has no others that a port could hold.
        exact = writing.exact and not any(crowd.fresh for crowd in crowds)
        outlets.append(ArrayOutlet(writing.name, crowds, _codec(writing.type_name), _feedback(writing, inputs), exact))
    strings = layout.bindings[0].interface.strings
    for writing, lanes in single.items():
        outlets.append(_column_outlet(around, writing, strings, lanes, _feedback(writing, inputs)))
    return outlets


def _writings(item: ResolvedBinding, inside: Collection[str], takers: Collection[str]) -> Iterator[_Writing]:
    """Yield how each target of a binding is written, in their order; `takers` are the ports that results are copied to."""
    readers: dict[str, list[str]] = defaultdict(list)
    for port, source in _attribute_inputs(item):
        if port.name in takers:
            readers[source.path].append(port.name)
    for output in item.outputs:
        for target in output.targets:
            exact = output.name in inside and holds(_codec(target.type_name), output.type)
            yield _Writing(output.name, target.type_name, tuple(readers[target.path]), exact)


def _feedback(writing: _Writing, inputs: Mapping[str, Columns]) -> tuple[Feedback, ...]:
    return tuple(Feedback(name, inputs[name]) for name in writing.feedback)


def _list_outlet(around: Connections, writing: _Writing, target: Target, lane: int, inputs: Mapping[str, Columns]) -> ListOutlet:
    codec, written = _codec(target.type_name), WrittenArray()
    around.wires.lay_array(target.path, written)
    writer = around.backend.array_writer(target, codec)
    return ListOutlet(writing.name, writer, around.publishes(target.path), target, codec, lane, _feedback(writing, inputs), written)


def _crowd_array(around: Connections, target: Target, codec: Codec, lanes: slice, time_code: float) -> CrowdArray:
    count = lanes.stop - lanes.start
    before = around.backend.array_reader(target.path, codec).read(time_code)
    fresh = len(before) != count
    if fresh:
        default = _unauthored_rows(target.path, codec, False)
        before = np.broadcast_to(default if default is not None else np.zeros((1, codec.width), codec.dtype), (count, codec.width))
    written = WrittenArray()
    around.wires.lay_array(target.path, written)
    writer = around.backend.array_writer(target, codec)
    return CrowdArray(writer, target, lanes, np.array(before), fresh, around.publishes(target.path), written)


def _column_outlet(
    around: Connections, writing: _Writing, strings: Sequence[str], lanes: tuple[list[int], list[Target]], feedback: tuple[Feedback, ...]
) -> ColumnOutlet:
    codec = _codec(writing.type_name)
    targets = lanes[1]
    allowed: Mask | None = None
    if codec.family == "token":
        # A string without a list takes whatever the behaviour's source says.
        unlisted = strings if writing.type_name == "string" else ()
        lists = [around.stage.GetAttributeAtPath(target.path).GetMetadata("allowedTokens") or unlisted for target in targets]
        allowed = allowed_tokens(lists, strings)
    written = Written(targets, codec, strings)
    around.wires.lay(written)
    writer = around.backend.column_writer(written.targets, codec, strings)
    return ColumnOutlet(writing.name, written, writer, around.published_of(targets), lanes[0], allowed, feedback, writing.exact)


def _unauthored_rows(path: str, codec: Codec, shared: bool) -> Rows | None:
    """Return what OpenUSD means by an attribute without a value: a crowd's elements, or the op of a transform that its lanes share."""
    name = path.rpartition(".")[2]
    if shared:
        return _identity_row(name.split(":")[1], codec) if name.startswith("xformOp:") else None
    value = UNAUTHORED.get(name)
    return np.array([value], codec.dtype) if value is not None and len(value) == codec.width else None


def _codec(type_name: str) -> Codec:
    codec = codec_of(type_name)
    assert codec is not None, "resolved ports have a type that crosses"
    return codec
