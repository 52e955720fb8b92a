"""Bindings that are wired alike share one decision: of thousands of prims, one is resolved and the others are compared with it.

Two bindings are wired alike where they have the same behaviour and name the same attributes, but for the prim that they are on. The
decision for one holds for another where each attribute that is named has the same facts: all that `resolve` asks of the stage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from pxr import Sdf, Usd, UsdPhysics

from portalis.translator.stage.plan.alike import have_same_facts, text_facts
from portalis.translator.stage.plan.bindings import OWN, Authored, BindingKey, PrimBinding
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.plan.reading import AT_ONCE
from portalis.translator.stage.plan.resolve import resolve
from portalis.translator.stage.plan.resolved import AttributeSource, Decision, ResolvedBinding
from portalis.translator.stage.plan.targets import is_applied, is_graph
from portalis.translator.stage.plan.unvalued import may_be_unpassable
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.transforms.judge import is_sound
from portalis.translator.stage.transforms.names import PREFIX, WORLD_TYPES, composed_name
from portalis.translator.stage.transforms.stack import Stack, read_stack

# Functions of the class: looked up on an object of OpenUSD, each takes twice as long.
_connected = Usd.Attribute.HasAuthoredConnections
_attribute_of, _is_valid, _type_name, _variability, _value_of = (
    Usd.Prim.GetAttribute,
    Usd.Object.IsValid,
    Usd.Attribute.GetTypeName,
    Usd.Attribute.GetVariability,
    Usd.Attribute.Get,
)


@dataclass(frozen=True, slots=True)
class _Known:
    """How one binding was resolved, and whether each attribute that it reads, but for ops of transforms, has a value to pass at first."""

    decision: Decision
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
        self.places = [_Place(prim.startswith(OWN), prim.removeprefix(OWN), name) for prim, _, name in places]
        self.decisions: dict[Hashable, _Known] = {}


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

    `valued` has those of which it is known that each attribute that they read has a value where a run starts, or is an op that needs none.
    """

    def __init__(self, stage: Usd.Stage) -> None:
        self._stage = stage
        self._start = Usd.TimeCode(stage.GetStartTimeCode())
        self.valued: set[BindingKey] = set()
        self._alike: dict[Hashable, _Alike | None] = {}
        self._wirings: dict[Hashable, tuple[Authored, _Alike | None]] = {}
        self._prims: dict[str, _Prim] = {}
        self._prim_facts: dict[Hashable, int] = {}
        self._graphs: dict[str, bool] = {}
        self._schemas: dict[Hashable, _Schemas] = {}
        self._stacks: dict[str, Stack] = {}
        self._stack_facts_of: dict[str, Hashable] = {}
        # Those that have the facts of the first one that says the same, these first ones, and how they were resolved, by what they say.
        self._same: set[BindingKey] = set()
        self._firsts: set[BindingKey] = set()
        self._known: dict[int, _Known] = {}

    def resolve(
        self, binding: PrimBinding, module: str, interface: BehaviourInterface, index: int
    ) -> tuple[ResolvedBinding, list[StageProblem]]:
        """Resolve every port of `binding`, as `plan.resolve.resolve` does."""
        if binding.key.kind != "behavior":
            # How many elements there are is asked of each crowd.
            return resolve(self._stage, binding, module, interface, index)
        alike = self._alike_of(binding, module, interface)
        if alike is None:
            return resolve(self._stage, binding, module, interface, index)
        key = binding.key
        known = self._known.get(id(binding.authored)) if key in self._same else None
        problems: list[StageProblem] = []
        if known is None and alike.decisions:
            # Nothing is asked of what is no attribute: no decision names that.
            known = alike.decisions.get(self._all_facts(alike, key.path))
        if known is not None:
            resolved = ResolvedBinding(binding, known.decision, index)
        else:
            resolved, problems = resolve(self._stage, binding, module, interface, index)
            if not problems:
                # Where it holds for others, so do what their transforms are composed of.
                decision = replace(resolved.decision, stacks=self._stacks)
                resolved = ResolvedBinding(binding, decision, index)
                known = _Known(decision, self._has_values(resolved))
                alike.decisions[self._all_facts(alike, key.path)] = known
        if known is not None and key in self._firsts:
            self._known[id(binding.authored)] = known
        if known is not None and known.valued:
            self.valued.add(key)
        return resolved, problems

    def compare(self, bindings: Sequence[PrimBinding], prims: Sequence[Usd.Prim]) -> None:
        """Find out at once, of bindings and their prims, which have the facts of the first one of their wiring."""
        wirings: dict[int, list[int]] = defaultdict(list)
        for index, binding in enumerate(bindings):
            wirings[id(binding.authored)].append(index)
        for indices in wirings.values():
            first = bindings[indices[0]]
            named = _paths(first) if first.key.kind == "behavior" and len(indices) > 1 else None
            if named is None:
                continue
            read, written = ([path for path in paths if path.startswith(OWN)] for paths in named)
            if any(not path.startswith(f"{OWN}.") or path.startswith(f"{OWN}.{PREFIX}") for path in (*read, *written)):
                # Of other prims, or composed of several attributes.
                continue
            keys = [bindings[index].key for index in indices]
            same: list[bool] = []
            for start in range(0, len(indices), AT_ONCE):
                some = slice(start, start + AT_ONCE)
                same += have_same_facts(
                    prims[indices[0]],
                    [prims[index] for index in indices[some]],
                    [key.path for key in keys[some]],
                    {path[2:] for path in read},
                    {path[2:] for path in written},
                    self._in_graph,
                    self._start,
                )
            self._firsts.add(keys[0])
            self._same.update(compress(keys[1:], same[1:]))

    def _alike_of(self, binding: PrimBinding, module: str, interface: BehaviourInterface) -> _Alike | None:
        wiring = id(binding.authored), module, interface.name, binding.key.instance
        if wiring not in self._wirings:
            shape = _shape(binding, module, interface)
            if shape not in self._alike:
                named = _paths(binding)
                self._alike[shape] = _Alike([*named[0], *named[1]]) if named is not None else None
            # With what it is the identity of, lest another gets it.
            self._wirings[wiring] = binding.authored, self._alike[shape]
        return self._wirings[wiring][1]

    def _all_facts(self, alike: _Alike, owner: str) -> Hashable:
        return tuple([self._facts(owner + place.prim if place.own else place.prim, place.name) for place in alike.places])

    def _has_values(self, resolved: ResolvedBinding) -> bool:
        sources = [port.source for port in resolved.inputs if isinstance(port.source, AttributeSource)]
        if any(may_be_unpassable(source.type_name) for source in sources):
            # Whether a value can be passed is asked of each.
            return False
        paths = [source.path for source in sources]
        # An op without a value is the identity.
        return all(self._stage.GetAttributeAtPath(path).Get(self._start) is not None for path in paths if ".xformOp:" not in path)

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
            texts = text_facts(attribute)
        values = _value_of(attribute, self._start) is not None, _connected(attribute)
        return type_name, _variability(attribute), owner.facts, types, values, texts, is_applied(owner.prim, name)

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
            stack = self._stacks[path] = read_stack(prim)
            varying = tuple(bool(self._stage.GetAttributeAtPath(op.path).ValueMightBeTimeVarying()) for op in stack.ops)
            sound = is_sound(self._stage, stack, self._stage.GetStartTimeCode())
            self._stack_facts_of[path] = stack.shape, stack.resets, varying, True if sound else path
        return self._stack_facts_of[path]

    def _in_graph(self, prim: Usd.Prim, path: str) -> bool:
        """Tell whether a prim, or one above it, is part of a graph that a host executes."""
        asked = []
        while path and path not in self._graphs and not is_graph(prim):
            asked.append(path)
            prim, path = prim.GetParent(), path.rpartition("/")[0]
        # Where nobody knew, the prim is one itself.
        found = bool(path) and self._graphs.setdefault(path, True)
        self._graphs.update(dict.fromkeys(asked, found))
        return found


def _moved_by_physics(prim: Usd.Prim) -> Hashable:
    body = UsdPhysics.RigidBodyAPI(prim)
    return body.GetRigidBodyEnabledAttr().Get(), body.GetKinematicEnabledAttr().Get()


def _authored_types(attribute: Usd.Attribute) -> Hashable:
    """Return the types that an attribute is authored with."""
    stack = attribute.GetPropertyStack(Usd.TimeCode.Default())
    return tuple(str(spec.typeName.type) for spec in stack if isinstance(spec, Sdf.AttributeSpec))


def _shape(binding: PrimBinding, module: str, interface: BehaviourInterface) -> Hashable:
    """Return what a binding has in common with those wired alike: ports with their paths, as they are seen from the bound prim."""
    said = binding.authored
    reads = tuple((spec.name, spec.previous, spec.connections) for spec in said.inputs)
    writes = tuple((port.name, port.attribute is not None, port.writes) for port in said.outputs)
    return module, interface.name, binding.key.instance, reads, writes


def _paths(binding: PrimBinding) -> tuple[list[str], list[str]] | None:
    """Return the attributes that a binding reads and writes, as its prim sees them; None where there is more to its decision."""
    said = binding.authored
    if any(":inputs:" in path for spec in said.inputs for path in spec.connections):
        # Connected to another binding's input, through which resolving follows.
        return None
    reads = [path for spec in said.inputs for path in spec.connections or (spec.attribute,)]
    if any(composed_name(path) in WORLD_TYPES and path.startswith(OWN) for path in reads):
        # What it is in the world depends on each one's ancestors.
        return None
    own = [spec.attribute for spec in said.outputs if spec.attribute is not None]
    return reads, [*own, *(path for spec in said.outputs for path in spec.writes)]
