"""What bindings are resolved to: where the value of each port comes from and where it goes, decided once for all that are wired alike."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from portalis.translator.ir.nodes import Literals
from portalis.translator.ir.types import Type
from portalis.translator.stage.plan.bindings import OWN, BindingKey, PrimBinding, placed, seen_from
from portalis.translator.stage.plan.composed import StackSource, StackTarget, WorldSource
from portalis.translator.stage.plan.interface import LANE_HOST_VALUES, BehaviourInterface
from portalis.translator.stage.plan.kinds import BindingKind, kind_of
from portalis.translator.stage.transforms.stack import Stack

# How a frozen object gets the fields that follow from others.
_set = object.__setattr__


class AttributeSource(NamedTuple):
    """The composed value of an attribute; with `previous`, the value it had at the end of the frame before."""

    path: str
    type_name: str
    previous: bool = False


@dataclass(frozen=True, slots=True)
class HostSource:
    """A value of the host's own (`ir.host.HOST_TYPES`)."""

    name: str


@dataclass(frozen=True, slots=True)
class DefaultSource:
    """The parameter's default."""

    value: Literals


Source: TypeAlias = AttributeSource | StackSource | WorldSource | HostSource | DefaultSource


class Target(NamedTuple):
    """An attribute that is written."""

    path: str
    type_name: str


class ResolvedInput(NamedTuple):
    """A parameter or field and its source. A field without a source is not listed: it starts from its initial value.

    Where the source is an attribute without a value, `default` stands, or with `initial` the field's initial value.
    """

    name: str
    type: Type
    source: Source
    default: DefaultSource | None = None
    initial: bool = False


class ResolvedOutput(NamedTuple):
    """A result and the attributes that receive it; none where it only feeds state. `composed` are parts of transforms that receive it."""

    name: str
    type: Type
    targets: tuple[Target, ...]
    composed: tuple[StackTarget, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """How a binding of the prim `owner` is resolved, and with it all that are wired alike. `module` is the source's SHA-256.

    Paths that follow from the ports are as the bound prim sees them (`bindings.seen_from`).
    """

    owner: str
    module: str
    interface: BehaviourInterface
    kind: BindingKind
    inputs: tuple[ResolvedInput, ...]
    outputs: tuple[ResolvedOutput, ...]
    # The array whose elements are the lanes; None: there is one lane.
    elements: str | None = None
    # The transform ops of other prims that are wired alike, by the prim.
    stacks: Mapping[str, Stack] = field(default_factory=dict, repr=False)

    # The parameters whose value all lanes share.
    uniform: frozenset[str] = field(init=False)
    # Whether it writes into the space that its own transform, or its elements, are in.
    moves: bool = field(init=False)
    # The host's values that differ from lane to lane.
    lane_hosts: frozenset[str] = field(init=False)
    # The attributes that are written.
    written: tuple[str, ...] = field(init=False)
    # The ops that transforms are composed of, for what it takes and for what it writes.
    composed_of: tuple[str, ...] = field(init=False)
    # The attribute of each input that is one, and those that others may write.
    read: tuple[str | None, ...] = field(init=False)
    awaited: tuple[AttributeSource, ...] = field(init=False)
    # Whether it reads, or keeps, what transform ops compose to: its own, another prim's, or those above it.
    reads_spaces: bool = field(init=False)
    # The attributes that receive results, in the order of the results.
    direct: tuple[Target, ...] = field(init=False)

    def __post_init__(self) -> None:
        seen = partial(seen_from, self.owner)
        targets = [target for output in self.outputs for target in output.composed]
        sources = [item.source for item in self.inputs if isinstance(item.source, StackSource | WorldSource)]
        direct = tuple([Target(seen(target.path), target.type_name) for output in self.outputs for target in output.targets])
        # Several parts of one transform may be one op's.
        written = (*(path for path, _ in direct), *dict.fromkeys([seen(path) for target in targets for path in target.written]))
        attributes = [item.source if isinstance(item.source, AttributeSource) else None for item in self.inputs]
        host_values = [item.name for item in self.inputs if isinstance(item.source, HostSource)]
        # Where its own transform is written, gravity comes in the space of that; the elements of a crowd are in the crowd's.
        moves = self.kind.in_own_space or any(path.startswith(f"{OWN}.xformOp:") for path in written)
        lane_hosts = LANE_HOST_VALUES | {"gravity"} if moves else LANE_HOST_VALUES
        follows: dict[str, Any] = {
            "uniform": frozenset(host_values) - lane_hosts,
            "moves": moves,
            "lane_hosts": frozenset(host_values) & lane_hosts,
            "written": written,
            "composed_of": tuple(dict.fromkeys([seen(path) for item in (*sources, *targets) for path in item.reads])),
            "read": tuple([source and seen(source.path) for source in attributes]),
            "awaited": tuple(
                [source._replace(path=seen(source.path)) for source in attributes if source and seen(source.path) not in written]
            ),
            "reads_spaces": bool(sources or targets or not lane_hosts.isdisjoint(host_values)),
            "direct": direct,
        }
        for name, value in follows.items():
            _set(self, name, value)

    def changes(self, names: Container[str]) -> bool:
        """Tell whether an attribute of one of these names is written."""
        return any(path.rpartition(".")[2] in names for path in self.written)

    @property
    def composes(self) -> bool:
        """Whether it writes parts of transforms that several ops are set for."""
        return any(output.composed for output in self.outputs)

    @property
    def on_stacks(self) -> bool:
        """Whether it reads or writes parts of transforms as their ops compose them."""
        return self.composes or any(isinstance(port.source, StackSource) for port in self.inputs)


class ResolvedBinding:
    """A binding whose every port is decided. `index` is its place among those of one behaviour.

    `decision` is the same object where bindings are wired alike: all but the prims in their paths is the same.
    """

    __slots__ = ("_inputs", "_outputs", "_written", "binding", "decision", "index", "key")

    def __init__(self, binding: PrimBinding, decision: Decision, index: int) -> None:
        self.binding = binding
        self.decision = decision
        self.index = index
        self.key: BindingKey = binding.key
        self._inputs: tuple[ResolvedInput, ...] | None = None
        self._outputs: tuple[ResolvedOutput, ...] | None = None
        self._written: tuple[str, ...] | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ResolvedBinding):
            return NotImplemented
        if self._what() != other._what():
            return False
        # Where one decision holds for both, so do its ports: their paths are told by the prim.
        return self.decision is other.decision or (self.inputs == other.inputs and self.outputs == other.outputs)

    def __hash__(self) -> int:
        return hash((self.key, self.index))

    def __repr__(self) -> str:
        return f"ResolvedBinding({self.key}, {self.inputs}, {self.outputs})"

    def same_as(self, other: ResolvedBinding) -> bool:
        """Tell whether it runs the same code on the same attributes, wherever its place among the others is."""
        if self.decision is other.decision:
            return self.key == other.key
        return self.module == other.module and self.inputs == other.inputs and self.outputs == other.outputs

    def _what(self) -> tuple[object, ...]:
        return self.binding, self.module, self.interface, self.index, self.elements

    @property
    def module(self) -> str:
        """The SHA-256 of its source."""
        return self.decision.module

    @property
    def interface(self) -> BehaviourInterface:
        """What its behaviour takes and gives."""
        return self.decision.interface

    @property
    def kind(self) -> BindingKind:
        """What its lanes are."""
        return self.decision.kind

    @property
    def elements(self) -> str | None:
        """The array whose elements are the lanes; None: there is one lane."""
        return self.decision.elements

    @property
    def uniform(self) -> frozenset[str]:
        """The parameters whose value all lanes share."""
        return self.decision.uniform

    @property
    def moves(self) -> bool:
        """Whether it writes into the space that its own transform, or its elements, are in."""
        return self.decision.moves

    @property
    def lane_hosts(self) -> frozenset[str]:
        """The host's values that differ from lane to lane."""
        return self.decision.lane_hosts

    @property
    def space_of_parent(self) -> bool:
        """Whether it acts in the space of the prim's transform; else in the prim's own, where the elements of a crowd are."""
        return not self.kind.in_own_space

    @property
    def written(self) -> tuple[str, ...]:
        """The paths of all attributes that are written."""
        found = self._written
        if found is None:
            owner = self.key.path
            found = self._written = tuple([owner + path[1:] if path[0] == OWN else path for path in self.decision.written])
        return found

    @property
    def composed_of(self) -> tuple[str, ...]:
        """The paths of the ops that transforms are composed of, for what it takes and for what it writes."""
        return tuple([placed(self.key.path, path) for path in self.decision.composed_of])

    @property
    def targets(self) -> list[Target]:
        """The attributes that receive results, in the order of the results."""
        return [Target(placed(self.key.path, path), type_name) for path, type_name in self.decision.direct]

    def source_path(self, place: int) -> str:
        """Return the attribute that the input at `place` reads."""
        path = self.decision.read[place]
        assert path is not None, "the input reads an attribute"
        return self.key.path + path[1:] if path[0] == OWN else path

    @property
    def inputs(self) -> tuple[ResolvedInput, ...]:
        """Every input that has a source."""
        if self._inputs is None:
            self._inputs = self._moved(_input_for, self.decision.inputs)
        return self._inputs

    @property
    def outputs(self) -> tuple[ResolvedOutput, ...]:
        """Every result."""
        if self._outputs is None:
            self._outputs = self._moved(_output_for, self.decision.outputs)
        return self._outputs

    def _moved(self, port_for: Callable[..., Any], ports: tuple[Any, ...]) -> tuple[Any, ...]:
        old, new = self.decision.owner, self.key.path
        if old == new:
            return ports
        stacks = self.decision.stacks

        def moved(path: str) -> str:
            return placed(new, seen_from(old, path))

        def stack(before: Stack) -> Stack:
            prim = moved(f"{before.prim}.")[:-1]
            return stacks[prim] if prim != before.prim else before

        return tuple([port_for(port, moved, stack) for port in ports])


def _input_for(port: ResolvedInput, moved: Callable[[str], str], stack: Callable[[Stack], Stack]) -> ResolvedInput:
    source: Source
    match port.source:
        case AttributeSource(path, type_name, previous):
            source = AttributeSource(moved(path), type_name, previous)
        case StackSource(path, type_name, previous, ops, part):
            source = StackSource(moved(path), type_name, previous, stack(ops), part)
        case WorldSource() | HostSource() | DefaultSource():
            # What is read of the world is never below the bound prim: those are resolved one by one.
            return port
    return ResolvedInput(port.name, port.type, source, port.default, port.initial)


def _output_for(port: ResolvedOutput, moved: Callable[[str], str], stack: Callable[[Stack], Stack]) -> ResolvedOutput:
    direct = tuple([Target(moved(target.path), target.type_name) for target in port.targets])
    composed = tuple(StackTarget(moved(item.path), item.type_name, stack(item.stack), item.part, item.sets) for item in port.composed)
    return ResolvedOutput(port.name, port.type, direct, composed)


def decided(
    binding: PrimBinding,
    module: str,
    interface: BehaviourInterface,
    ports: tuple[tuple[ResolvedInput, ...], tuple[ResolvedOutput, ...]],
    index: int,
    elements: str | None = None,
) -> ResolvedBinding:
    """Return `binding` with a decision of its own: its inputs and outputs are `ports`."""
    key = binding.key
    return ResolvedBinding(binding, Decision(key.path, module, interface, kind_of(key.kind), *ports, elements), index)
