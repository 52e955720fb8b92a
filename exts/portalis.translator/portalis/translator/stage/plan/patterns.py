"""Bindings that are wired alike share one decision: of thousands of prims, one is resolved and the others are compared with it.

Two bindings are wired alike where they have the same behaviour and name the same attributes, but for the prim that they are on. The
decision for one holds for another where each attribute that is named has the same facts: all that `resolve` asks of the stage.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from pxr import Sdf, Usd, UsdPhysics

from portalis.translator.stage.plan.composed import StackSource, StackTarget, WorldSource
from portalis.translator.stage.plan.discovery import Binding, BindingKey
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.plan.resolve import (
    AttributeSource,
    DefaultSource,
    HostSource,
    ResolvedBinding,
    ResolvedInput,
    ResolvedOutput,
    Source,
    Target,
    resolve,
)
from portalis.translator.stage.plan.targets import is_applied, is_graph
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.transforms.judge import is_sound
from portalis.translator.stage.transforms.names import PREFIX, WORLD_TYPES, composed_name
from portalis.translator.stage.transforms.stack import Stack, read_stack

# Stands for the bound prim's path; every other path begins with a slash.
_OWN = "~"
# Functions of the class: looked up on an object of OpenUSD, each takes twice as long.
_attribute_of, _is_valid, _type_name, _variability, _has_value = (
    Usd.Prim.GetAttribute,
    Usd.Object.IsValid,
    Usd.Attribute.GetTypeName,
    Usd.Attribute.GetVariability,
    Usd.Attribute.HasValue,
)


@dataclass(frozen=True, slots=True)
class _Decision:
    """What one binding was resolved to, and whether each attribute that it reads has a value."""

    resolved: ResolvedBinding
    valued: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """An attribute that bindings name: its prim's path, or what follows the bound prim's path where it is `own`, and its name."""

    own: bool
    prim: str
    name: str


class _Alike:
    """Bindings of one shape: the attributes that they name, and the decisions by what those are."""

    def __init__(self, paths: Sequence[str]) -> None:
        places = (path.partition(".") for path in dict.fromkeys(paths))
        self.places = [_Place(prim.startswith(_OWN), prim.removeprefix(_OWN), name) for prim, _, name in places]
        self.decisions: dict[Hashable, _Decision] = {}


@dataclass(frozen=True, slots=True)
class _Prim:
    """A prim and the number of its facts. `simple`: no attribute but those of `built_in` can be authored with two types."""

    prim: Usd.Prim
    facts: int
    simple: bool
    built_in: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Schemas:
    """What prims of one type with the same applied schemas have in common."""

    built_in: frozenset[str]
    is_body: bool


class Resolver:
    """Resolves the bindings of a stage that nobody changes meanwhile.

    `valued` has those of which it is known that each attribute that they read has a value.
    """

    def __init__(self, stage: Usd.Stage) -> None:
        self._stage = stage
        self.valued: set[BindingKey] = set()
        self._alike: dict[Hashable, _Alike | None] = {}
        self._prims: dict[str, _Prim] = {}
        self._prim_facts: dict[Hashable, int] = {}
        self._graphs: dict[str, bool] = {}
        self._schemas: dict[Hashable, _Schemas] = {}
        self._stacks: dict[str, tuple[Stack, Hashable]] = {}

    def resolve(
        self, binding: Binding, module: str, interface: BehaviourInterface, index: int
    ) -> tuple[ResolvedBinding, list[StageProblem]]:
        """Resolve every port of `binding`, as `plan.resolve.resolve` does."""
        if binding.key.kind != "behavior":
            # How many elements there are is asked of each crowd.
            return resolve(self._stage, binding, module, interface, index)
        shape = _shape(binding, module, interface)
        if shape not in self._alike:
            paths = _paths(binding)
            self._alike[shape] = _Alike(paths) if paths is not None else None
        alike = self._alike[shape]
        if alike is None:
            return resolve(self._stage, binding, module, interface, index)
        # Nothing is asked of what is no attribute: no decision names that.
        facts = self._all_facts(alike, binding.key.path) if alike.decisions else None
        known = alike.decisions.get(facts)
        problems: list[StageProblem] = []
        if known is not None:
            resolved = self._for_another(known.resolved, binding, index)
        else:
            resolved, problems = resolve(self._stage, binding, module, interface, index)
            if not problems:
                known = _Decision(resolved, self._has_values(resolved))
                alike.decisions[facts or self._all_facts(alike, binding.key.path)] = known
        if known is not None and known.valued:
            self.valued.add(binding.key)
        return resolved, problems

    def _all_facts(self, alike: _Alike, owner: str) -> Hashable:
        return tuple([self._facts(owner + place.prim if place.own else place.prim, place.name) for place in alike.places])

    def _has_values(self, resolved: ResolvedBinding) -> bool:
        sources = (port.source for port in resolved.inputs)
        return all(
            bool(self._stage.GetAttributeAtPath(source.path).HasValue()) for source in sources if isinstance(source, AttributeSource)
        )

    def _facts(self, prim_path: str, name: str) -> Hashable:
        """Return what `resolve` may ask of an attribute and of its prim, and whether it has a value; None where there is none."""
        owner = self._prims.get(prim_path) or self._look_at(prim_path)
        if owner is None:
            return None
        if name.startswith(PREFIX):
            return owner.facts, self._stack_facts(prim_path, owner.prim)
        attribute = _attribute_of(owner.prim, name)
        if not _is_valid(attribute):
            return None
        type_name = str(_type_name(attribute))
        types = () if owner.simple and name not in owner.built_in else _authored_types(attribute)
        texts: Hashable = ()
        if type_name in ("token", "string"):
            texts = attribute.IsCustom(), *(attribute.GetMetadata("allowedTokens") or ())
        return type_name, _variability(attribute), owner.facts, types, _has_value(attribute), texts, is_applied(owner.prim, name)

    def _look_at(self, path: str) -> _Prim | None:
        prim = self._stage.GetPrimAtPath(path)
        if not prim:
            return None
        type_info = prim.GetPrimTypeInfo()
        schemas = type_info.GetTypeName(), *type_info.GetAppliedAPISchemas()
        common = self._schemas.get(schemas)
        if common is None:
            built_in = frozenset(prim.GetPrimDefinition().GetPropertyNames())
            common = self._schemas[schemas] = _Schemas(built_in, bool(prim.HasAPI(UsdPhysics.RigidBodyAPI)))
        body = _moved_by_physics(prim) if common.is_body else None
        facts = schemas, prim.IsInstanceProxy(), prim.IsInPrototype(), body, self._in_graph(prim, path)
        # A number instead of them, because they are compared for each attribute.
        number = self._prim_facts.setdefault(facts, len(self._prim_facts))
        found = self._prims[path] = _Prim(prim, number, len(prim.GetPrimStack()) == 1, common.built_in)
        return found

    def _stack_facts(self, path: str, prim: Usd.Prim) -> Hashable:
        """Return what decides whether parts of a prim's transform can be read and written; like no other's where its values do."""
        if path not in self._stacks:
            stack = read_stack(prim)
            varying = tuple(bool(self._stage.GetAttributeAtPath(op.path).ValueMightBeTimeVarying()) for op in stack.ops)
            sound = is_sound(self._stage, stack, self._stage.GetStartTimeCode())
            self._stacks[path] = stack, (stack.shape, stack.resets, varying, True if sound else path)
        return self._stacks[path][1]

    def _for_another(self, resolved: ResolvedBinding, binding: Binding, index: int) -> ResolvedBinding:
        """Return the decision `resolved` for `binding`, which is wired alike."""
        old, new = resolved.key.path, binding.key.path
        below, size = (f"{old}.", f"{old}/"), len(old)

        def moved(path: str) -> str:
            return new + path[size:] if path.startswith(below) else path

        def stack(before: Stack) -> Stack:
            prim = moved(f"{before.prim}.")[:-1]
            return self._stacks[prim][0] if prim != before.prim else before

        inputs = tuple([_input_for(port, moved, stack) for port in resolved.inputs])
        outputs = tuple([_output_for(port, moved, stack) for port in resolved.outputs])
        return resolved.for_another(binding, inputs, outputs, index)

    def _in_graph(self, prim: Usd.Prim, path: str) -> bool:
        """Tell whether a prim, or one above it, is part of a graph that a host executes."""
        found = self._graphs.get(path)
        if found is None:
            found = is_graph(prim)
            if not found and (parent := path.rpartition("/")[0]):
                above = self._graphs.get(parent)
                found = self._in_graph(prim.GetParent(), parent) if above is None else above
            self._graphs[path] = found
        return found


def _moved_by_physics(prim: Usd.Prim) -> Hashable:
    body = UsdPhysics.RigidBodyAPI(prim)
    return body.GetRigidBodyEnabledAttr().Get(), body.GetKinematicEnabledAttr().Get()


def _authored_types(attribute: Usd.Attribute) -> Hashable:
    """Return the types that an attribute is authored with."""
    stack = attribute.GetPropertyStack(Usd.TimeCode.Default())
    return tuple(str(spec.typeName.type) for spec in stack if isinstance(spec, Sdf.AttributeSpec))


def _shape(binding: Binding, module: str, interface: BehaviourInterface) -> Hashable:
    """Return what a binding has in common with those wired alike: ports with their paths, as they are seen from the bound prim."""
    relative = _seen_from(binding.key.path)
    shape: list[Hashable] = [module, interface.name, binding.key.instance]
    for spec in binding.inputs:
        shape.append((spec.name, spec.previous, *map(relative, spec.connections)))
    shape.append(None)
    for port in binding.outputs:
        shape.append((port.name, port.attribute is not None, *map(relative, port.writes)))
    return tuple(shape)


def _paths(binding: Binding) -> list[str] | None:
    """Return the attributes that a binding names, as they are seen from the bound prim; None where there is more to its decision."""
    relative = _seen_from(binding.key.path)
    if any(":inputs:" in path for spec in binding.inputs for path in spec.connections):
        # Connected to another binding's input, through which resolving follows.
        return None
    reads = [relative(path) for spec in binding.inputs for path in spec.connections or (spec.attribute,)]
    if any(composed_name(path) in WORLD_TYPES and path.startswith(_OWN) for path in reads):
        # What it is in the world depends on each one's ancestors.
        return None
    own = [relative(spec.attribute) for spec in binding.outputs if spec.attribute is not None]
    return [*reads, *own, *(relative(path) for spec in binding.outputs for path in spec.writes)]


def _seen_from(owner: str) -> Callable[[str], str]:
    below, size = (f"{owner}.", f"{owner}/"), len(owner)

    def relative(path: str) -> str:
        return _OWN + path[size:] if path.startswith(below) else path

    return relative


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
