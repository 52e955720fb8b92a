"""Bindings that are wired alike share one decision: of thousands of prims, one is resolved and the others are compared with it.

Two bindings are wired alike where they have the same behaviour and name the same attributes, but for the prim that they are on. The
decision for one holds for another where each attribute that is named has the same facts: all that `resolve` asks of the stage.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pxr import Sdf, Usd, UsdPhysics

from portalis.translator.stage.plan.composed import StackSource, StackTarget, WorldSource
from portalis.translator.stage.plan.discovery import Binding
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
_Port: TypeAlias = tuple[str, tuple[str, ...], bool]
# Functions of the class: looked up on an object of OpenUSD, each takes twice as long.
_attribute_of, _is_valid, _type_name, _variability = (
    Usd.Prim.GetAttribute,
    Usd.Object.IsValid,
    Usd.Attribute.GetTypeName,
    Usd.Attribute.GetVariability,
)


@dataclass(frozen=True, slots=True)
class _Decision:
    """What one binding was resolved to, and the facts of each attribute (its path as `_shape` writes it) that this depends on."""

    resolved: ResolvedBinding
    facts: tuple[tuple[str, Hashable], ...]


@dataclass(frozen=True, slots=True)
class _Prim:
    """A prim and its own facts. `simple`: no attribute but those of `built_in` can be authored with two types."""

    prim: Usd.Prim
    facts: Hashable
    simple: bool
    built_in: frozenset[str]


class Resolver:
    """Resolves the bindings of a stage that nobody changes meanwhile."""

    def __init__(self, stage: Usd.Stage) -> None:
        self._stage = stage
        self._decisions: dict[Hashable, _Decision] = {}
        self._prims: dict[str, _Prim] = {}
        self._graphs: dict[str, bool] = {}
        self._built_in: dict[Hashable, frozenset[str]] = {}
        self._stacks: dict[str, tuple[Stack, Hashable]] = {}

    def resolve(
        self, binding: Binding, module: str, interface: BehaviourInterface, index: int
    ) -> tuple[ResolvedBinding, list[StageProblem]]:
        """Resolve every port of `binding`, as `plan.resolve.resolve` does."""
        shape = _shape(binding, module, interface)
        if shape is None:
            return resolve(self._stage, binding, module, interface, index)
        owner, known = binding.key.path, self._decisions.get(shape)
        if known is not None and all(self._facts(_absolute(path, owner)) == facts for path, facts in known.facts):
            return self._for_another(known.resolved, binding, index), []
        resolved, problems = resolve(self._stage, binding, module, interface, index)
        if not problems:
            paths = {path: None for _, names, _ in (*shape[-2], *shape[-1]) for path in names}
            self._decisions[shape] = _Decision(resolved, tuple((path, self._facts(_absolute(path, owner))) for path in paths))
        return resolved, problems

    def _facts(self, path: str) -> Hashable:
        """Return what `resolve` may ask of the attribute at `path`, and of its prim; None where there is no attribute."""
        prim_path, _, name = path.partition(".")
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
        # Of other attributes it does not matter whether they have a value yet.
        valued = bool(attribute.HasValue()) if ":inputs:" in name else None
        is_text = type_name in ("token", "string")
        texts = (attribute.IsCustom(), *(attribute.GetMetadata("allowedTokens") or ())) if is_text else ()
        return type_name, _variability(attribute), owner.facts, types, valued, texts, is_applied(owner.prim, name)

    def _look_at(self, path: str) -> _Prim | None:
        prim = self._stage.GetPrimAtPath(path)
        if not prim:
            return None
        type_info = prim.GetPrimTypeInfo()
        schemas = type_info.GetTypeName(), tuple(type_info.GetAppliedAPISchemas())
        if schemas not in self._built_in:
            self._built_in[schemas] = frozenset(prim.GetPrimDefinition().GetPropertyNames())
        facts = schemas, prim.IsInstanceProxy(), prim.IsInPrototype(), _moved_by_physics(prim), self._in_graph(prim, path)
        found = self._prims[path] = _Prim(prim, facts, len(prim.GetPrimStack()) == 1, self._built_in[schemas])
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
        below = (f"{old}.", f"{old}/")

        def moved(path: str) -> str:
            return new + path[len(old) :] if path.startswith(below) else path

        def stack(before: Stack) -> Stack:
            prim = moved(f"{before.prim}.")[:-1]
            return self._stacks[prim][0] if prim != before.prim else before

        inputs, outputs = _inputs_for(resolved, moved, stack), _outputs_for(resolved, moved, stack)
        return ResolvedBinding(binding, resolved.module, resolved.interface, inputs, outputs, index, resolved.elements)

    def _in_graph(self, prim: Usd.Prim, path: str) -> bool:
        """Tell whether a prim, or one above it, is part of a graph that a host executes."""
        if path not in self._graphs:
            parent = path.rpartition("/")[0]
            self._graphs[path] = is_graph(prim) or (bool(parent) and self._in_graph(prim.GetParent(), parent))
        return self._graphs[path]


def _moved_by_physics(prim: Usd.Prim) -> Hashable:
    if not prim.HasAPI(UsdPhysics.RigidBodyAPI):
        return None
    body = UsdPhysics.RigidBodyAPI(prim)
    return body.GetRigidBodyEnabledAttr().Get(), body.GetKinematicEnabledAttr().Get()


def _authored_types(attribute: Usd.Attribute) -> Hashable:
    """Return the types that an attribute is authored with."""
    stack = attribute.GetPropertyStack(Usd.TimeCode.Default())
    return tuple(str(spec.typeName.type) for spec in stack if isinstance(spec, Sdf.AttributeSpec))


def _shape(binding: Binding, module: str, interface: BehaviourInterface) -> tuple[Hashable, tuple[_Port, ...], tuple[_Port, ...]] | None:
    """Return what a binding has in common with those wired alike: ports with their paths; None where there is more to its decision."""
    if binding.key.kind != "behavior":
        # How many elements there are is asked of each crowd.
        return None
    owner = binding.key.path
    inputs = tuple((spec.name, _relative(spec.connections or (spec.attribute,), owner), spec.previous) for spec in binding.inputs)
    if any(":inputs:" in path for spec in binding.inputs for path in spec.connections):
        # Connected to another binding's input, through which resolving follows.
        return None
    if any(composed_name(path) in WORLD_TYPES and path.startswith(_OWN) for _, paths, _ in inputs for path in paths):
        # What it is in the world depends on each one's ancestors.
        return None
    outputs = tuple(
        (spec.name, _relative((*((spec.attribute,) if spec.attribute else ()), *spec.writes), owner), spec.attribute is not None)
        for spec in binding.outputs
    )
    connected = tuple(bool(spec.connections) for spec in binding.inputs)
    return (module, interface.name, binding.key.instance, connected), inputs, outputs


def _relative(paths: Sequence[str], owner: str) -> tuple[str, ...]:
    below = (f"{owner}.", f"{owner}/")
    return tuple(_OWN + path[len(owner) :] if path.startswith(below) else path for path in paths)


def _absolute(path: str, owner: str) -> str:
    return owner + path[1:] if path[0] == _OWN else path


def _inputs_for(resolved: ResolvedBinding, moved: Callable[[str], str], stack: Callable[[Stack], Stack]) -> tuple[ResolvedInput, ...]:
    def source(old: Source) -> Source:
        match old:
            case AttributeSource(path, type_name, previous):
                return AttributeSource(moved(path), type_name, previous)
            case StackSource(path, type_name, previous, ops, part):
                return StackSource(moved(path), type_name, previous, stack(ops), part)
            case WorldSource() | HostSource() | DefaultSource():
                # What is read of the world is never below the bound prim: those are resolved one by one.
                return old

    return tuple(ResolvedInput(port.name, port.type, source(port.source), port.default, port.initial) for port in resolved.inputs)


def _outputs_for(resolved: ResolvedBinding, moved: Callable[[str], str], stack: Callable[[Stack], Stack]) -> tuple[ResolvedOutput, ...]:
    def composed(port: ResolvedOutput) -> tuple[StackTarget, ...]:
        return tuple(StackTarget(moved(item.path), item.type_name, stack(item.stack), item.part, item.sets) for item in port.composed)

    def direct(port: ResolvedOutput) -> tuple[Target, ...]:
        return tuple(Target(moved(target.path), target.type_name) for target in port.targets)

    return tuple(ResolvedOutput(port.name, port.type, direct(port), composed(port)) for port in resolved.outputs)
