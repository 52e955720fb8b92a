"""Connect a group's ports to transforms: what its bindings read of stacks, of the world and of their own space, and write to stacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from portalis.translator.stage.columns.feeds import Feed
from portalis.translator.stage.columns.outlets import Feedback, Outlet
from portalis.translator.stage.columns.plumbing import Connections, LaneOwners
from portalis.translator.stage.plan.composed import StackSource, WorldSource
from portalis.translator.stage.plan.executor import Columns
from portalis.translator.stage.plan.resolved import AttributeSource, ResolvedBinding
from portalis.translator.stage.transforms.lanes import PartReading, StackLanes
from portalis.translator.stage.transforms.parts import Mask, Part
from portalis.translator.stage.transforms.roles import deciding
from portalis.translator.stage.transforms.spaces import Gravity, SpaceFeed, WorldFeed
from portalis.translator.stage.transforms.stack import Stack
from portalis.translator.stage.transforms.worlds import Worlds, places_of
from portalis.translator.stage.transforms.writing import OpFeedback, StackWriter


@dataclass(frozen=True, slots=True)
class Transforms:
    """What fills ports from transforms, at the start of the frame (`previous`) or before each call, and what writes results to them."""

    feeds: tuple[Feed, ...]
    previous: tuple[Feed, ...]
    outlets: tuple[Outlet, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """Where the lanes of a group are: `columns` are those of its ports and fields, `worlds` what all groups know of the world.

    `kept` marks lanes whose state outlived an edit and names the fields: those are not read again at first.
    """

    around: Connections
    worlds: Worlds
    layout: LaneOwners
    columns: Mapping[str, Columns]
    kept: tuple[Mask, Collection[str]]


@dataclass(slots=True)
class _Alike:
    """Lanes whose stacks have one shape and are read and written by the same ports: lane `lanes[i]` uses `stacks[places[i]]`."""

    stacks: list[Stack] = field(default_factory=list)
    lanes: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)

    def add(self, stack: Stack, lanes: range) -> None:
        """Add lanes; one prim's stack is read once, however many use it."""
        if stack.prim not in self.known:
            self.known[stack.prim] = len(self.stacks)
            self.stacks.append(stack)
        self.lanes += lanes
        self.places += [self.known[stack.prim]] * len(lanes)


@dataclass(frozen=True, slots=True)
class _Use:
    """How a binding uses one prim's stack: ports by the part that they read, results by the part that they write, ports that read an op."""

    shape: tuple[object, ...]
    reads: tuple[tuple[str, Part], ...]
    writes: tuple[tuple[str, Part], ...]
    sets: tuple[int, ...]
    raw: tuple[tuple[str, int], ...]
    previous: bool


def build_transforms(site: Site, gravity: Gravity) -> Transforms:
    """Return the feeds and outlets of all ports that are bound to transforms."""
    groups: dict[_Use, _Alike] = defaultdict(_Alike)
    on_stacks = {decision for decision in {item.decision for item in site.layout.bindings} if decision.on_stacks}
    for index, item in enumerate(site.layout.bindings if on_stacks else ()):
        for use, stack in _uses(item) if item.decision in on_stacks else ():
            lanes = site.layout.of(index)
            groups[use].add(stack, range(lanes.start, lanes.stop))
    feeds: dict[bool, list[Feed]] = {False: [], True: []}
    outlets: list[Outlet] = []
    for use, alike in groups.items():
        source = _stack_lanes(site, use, alike)
        feeds[use.previous].append(source)
        if use.writes:
            feedback = [OpFeedback(place, Feedback(name, site.columns[name])) for name, place in use.raw]
            outlets += StackWriter(site.around, source, use.writes, feedback).outlets()
    for previous, feed in _world_feeds(site):
        feeds[previous].append(feed)
    if (space := _space_feed(site, gravity)) is not None:
        feeds[False].append(space)
    return Transforms(tuple(feeds[False]), tuple(feeds[True]), tuple(outlets))


def _uses(item: ResolvedBinding) -> Iterator[tuple[_Use, Stack]]:
    targets = [(output.name, target) for output in item.outputs for target in output.composed]
    sources = [(port.name, port.source) for port in item.inputs if isinstance(port.source, StackSource)]
    for prim in dict.fromkeys(target.stack.prim for _, target in targets):
        own = [(name, target) for name, target in targets if target.stack.prim == prim]
        stack = own[0][1].stack
        written = {path: place for _, target in own for path, place in zip(target.written, target.sets, strict=True)}
        raw = [
            (port.name, written[port.source.path])
            for port in item.inputs
            if isinstance(port.source, AttributeSource) and port.source.path in written and port.name not in dict(item.interface.fields)
        ]
        # What is read of a stack that the lane itself writes is the lane's own result, `previous` or not.
        reads = tuple((name, source.part) for name, source in sources if source.stack.prim == prim)
        yield (
            _Use(
                stack.shape,
                reads,
                tuple((name, target.part) for name, target in own),
                tuple(sorted(set(written.values()))),
                tuple(raw),
                False,
            ),
            stack,
        )
    others = [(name, source) for name, source in sources if source.stack.prim not in {target.stack.prim for _, target in targets}]
    for key in dict.fromkeys((source.stack, source.previous) for _, source in others):
        reads = tuple((name, source.part) for name, source in others if (source.stack, source.previous) == key)
        yield _Use(key[0].shape, reads, (), (), (), key[1]), key[0]


def _stack_lanes(site: Site, use: _Use, alike: _Alike) -> StackLanes:
    lanes = np.array(alike.lanes, np.intp)
    firsts = {name: ~site.kept[0][lanes] for name, _ in use.reads if name in site.kept[1]}
    readings = [
        PartReading(name, part, site.columns[name], bool(use.writes) and name in firsts, firsts.get(name)) for name, part in use.reads
    ]
    ops = alike.stacks[0].ops
    needed = frozenset().union(*(deciding(ops, part) for _, part in use.reads), *(deciding(ops, part, True) for _, part in use.writes))
    return StackLanes(site.around, alike.stacks, (lanes, np.array(alike.places, np.intp)), readings, needed, use.sets)


def _world_feeds(site: Site) -> Iterator[tuple[bool, Feed]]:
    ports: dict[tuple[str, str, bool], list[tuple[str, int]]] = defaultdict(list)
    of_world = {item.decision for item in site.layout.bindings}
    of_world = {decision for decision in of_world if any(isinstance(port.source, WorldSource) for port in decision.inputs)}
    for index, item in enumerate(site.layout.bindings if of_world else ()):
        for port in item.inputs if item.decision in of_world else ():
            if isinstance(port.source, WorldSource):
                source = port.source
                lanes = range(site.layout.offsets[index], site.layout.offsets[index + 1])
                ports[port.name, source.name, source.previous] += [(source.prim, lane) for lane in lanes]
    for (port_name, name, previous), pairs in ports.items():
        lanes_of = [lane for _, lane in pairs]
        places = places_of(site.around.stage, site.worlds, [prim for prim, _ in pairs], name == "parent_to_world")
        first = ~site.kept[0][np.array(lanes_of, np.intp)] if port_name in site.kept[1] else None
        yield previous, WorldFeed(port_name, (site.worlds, places), name, lanes_of, site.columns[port_name], first)


def _space_feed(site: Site, gravity: Gravity) -> SpaceFeed | None:
    """Return what fills the host's values that differ from space to space."""
    item = site.layout.bindings[0]
    parents, falls = ("parent_to_world" in item.lane_hosts), ("gravity" in item.lane_hosts)
    if not (parents or falls):
        return None
    prims = [binding.key.path for binding in site.layout.bindings]
    places = np.repeat(places_of(site.around.stage, site.worlds, prims, item.space_of_parent), np.diff(site.layout.offsets))
    columns = site.columns
    return SpaceFeed((site.worlds, places), columns["parent_to_world"] if parents else None, gravity, columns["gravity"] if falls else None)
