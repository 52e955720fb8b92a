"""What each port of a behaviour is bound to on one prim, decided before anything is authored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pxr import Sdf, Usd

from portalis.translator.ir.host import HOST_TYPES
from portalis.translator.ir.types import Type
from portalis.translator.stage.plan.bindings import PrimBinding
from portalis.translator.stage.plan.conventions import Existing, Literal, Place, Wire, by_convention, parse_wire
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.plan.nearest import near, perhaps
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.schema import NAMESPACE, Kind
from portalis.translator.stage.transforms.names import TYPES, composed_name

# The name of an input, its type, and whether it has no value of its own.
InputPort: TypeAlias = tuple[str, Type, bool]


@dataclass(frozen=True, slots=True)
class Wiring:
    """How one prim's binding is to be authored: what each input reads and each result writes."""

    prim: Usd.Prim
    kind: Kind
    inputs: dict[str, Wire] = field(default_factory=dict)
    outputs: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    # Results that the binding itself keeps, in an attribute of its own that starts with the literal.
    kept: dict[str, Literal] = field(default_factory=dict)

    @property
    def written(self) -> tuple[str, ...]:
        """The paths of all attributes that results go to, the binding's own apart."""
        return tuple(place.path for places in self.outputs.values() for place in places)


def wiring_of(stage: Usd.Stage, binding: PrimBinding) -> Wiring:
    """Return how a binding is wired as it stands: what a new binding in its place keeps. Wires to what is gone are left out."""
    wiring = Wiring(stage.GetPrimAtPath(binding.key.path), binding.key.kind)
    own = {spec.attribute: spec.name for spec in binding.outputs if spec.attribute is not None}
    for path, name in own.items():
        attribute = stage.GetAttributeAtPath(path)
        wiring.kept[name] = Literal(attribute.Get(), str(attribute.GetTypeName()))
    for item in binding.inputs:
        connected = [place for path in item.connections if (place := _there(stage, path)) is not None]
        attribute = stage.GetAttributeAtPath(item.attribute)
        if any(own.get(path) == item.name for path in item.connections):
            continue
        if len(connected) == 1:
            wiring.inputs[item.name] = connected[0]
        elif not item.connections and attribute.HasValue():
            wiring.inputs[item.name] = Literal(attribute.Get(), str(attribute.GetTypeName()))
    for output in binding.outputs:
        targets = tuple(place for path in output.writes if (place := _there(stage, path)) is not None)
        if targets:
            wiring.outputs[output.name] = targets
    return wiring


def _there(stage: Usd.Stage, path: str) -> Existing | None:
    """Return what a wire's path names, an attribute or a part of a transform, or None where it is gone."""
    if (part := composed_name(path)) is not None:
        return Existing(path, TYPES[part]) if stage.GetPrimAtPath(Sdf.Path(path).GetPrimPath()) else None
    attribute = stage.GetAttributeAtPath(path)
    return Existing(path, str(attribute.GetTypeName())) if attribute else None


def wire(
    prim: Usd.Prim,
    kind: Kind,
    interface: BehaviourInterface,
    ports: Sequence[InputPort],
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    before: Wiring | None = None,
) -> tuple[Wiring, list[StageProblem]]:
    """Decide what each port of a behaviour is bound to on one prim, without authoring anything.

    `ports` are its inputs (`input_ports`). What is given in words comes first, then how it was wired `before`, then the convention.
    """
    wiring = Wiring(prim, kind)
    problems = _unknown_names(prim, interface, ports, inputs, outputs)
    results = dict(interface.outputs)
    old = before or Wiring(prim, kind)
    # What a name finds by convention, for a port that is both an input and a result.
    found: dict[tuple[str, Type], Place | None] = {}
    for name, type_, needed in ports:
        try:
            place = old.inputs.get(name) if name in old.inputs and name not in inputs else _input(prim, kind, name, type_, inputs, found)
        except StageError as error:
            problems += [problem.of_port(f"input {name}") for problem in error.problems]
            continue
        if name in old.kept and name in results and not {name} & (inputs.keys() | outputs.keys()):
            wiring.kept[name] = old.kept[name]
        elif isinstance(place, Literal) and name in results and name not in outputs and interface.kind == "function":
            wiring.kept[name] = place
        elif place is not None:
            wiring.inputs[name] = place
        elif needed:
            problems.append(_missing(prim, "input", name, type_, interface))
    for name, type_ in interface.outputs:
        if name in wiring.kept:
            continue
        if name in old.kept and name not in outputs:
            wiring.kept[name] = old.kept[name]
        if name in old.outputs and name not in outputs:
            wiring.outputs[name] = old.outputs[name]
        if name in wiring.kept or name in wiring.outputs:
            continue
        try:
            output = _output(prim, kind, name, type_, outputs, found)
        except StageError as error:
            problems += [problem.of_port(f"output {name}") for problem in error.problems]
            continue
        if output is not None:
            wiring.outputs[name] = (output,)
        elif interface.kind == "function":
            problems.append(_missing(prim, "output", name, type_, interface))
    return wiring, problems


def input_ports(interface: BehaviourInterface) -> list[InputPort]:
    """Return (name, type, whether it has no value of its own) for every parameter and field."""
    parameters = [(p.name, p.type, not p.has_default and p.name not in HOST_TYPES) for p in interface.parameters]
    return parameters + [(name, type_, False) for name, type_ in interface.fields]


def _input(
    prim: Usd.Prim, kind: Kind, name: str, type_: Type, given: Mapping[str, str], found: dict[tuple[str, Type], Place | None]
) -> Wire | None:
    if name in given:
        return parse_wire(prim, kind, given[name], type_)
    if name in HOST_TYPES:
        return None
    place = found[name, type_] = by_convention(prim, kind, name, type_)
    return place


def _output(
    prim: Usd.Prim, kind: Kind, name: str, type_: Type, given: Mapping[str, str], found: Mapping[tuple[str, Type], Place | None]
) -> Place | None:
    if name not in given:
        return found[name, type_] if (name, type_) in found else by_convention(prim, kind, name, type_)
    place = parse_wire(prim, kind, given[name], type_)
    if isinstance(place, Literal):
        problem = StageProblem("PS101", f"a result cannot be written to {given[name]}", str(prim.GetPath()), "name an attribute")
        raise StageError(problem)
    return place


def _missing(prim: Usd.Prim, what: str, name: str, type_: Type, interface: BehaviourInterface) -> StageProblem:
    message = f"nothing says what the {what} {name}: {type_} of {interface.name} is bound to"
    value = f" or --input {name}=VALUE" if what == "input" else ""
    alike = near(name, (item for item in prim.GetPropertyNames() if not item.startswith(NAMESPACE)))
    has = f"; the prim has {', '.join(alike)}" if alike else ""
    return StageProblem("PS120", message, str(prim.GetPath()), f"write --{what} {name}=ATTRIBUTE{value}{has}", port=f"{what} {name}")


def _unknown_names(
    prim: Usd.Prim, interface: BehaviourInterface, ports: Sequence[InputPort], inputs: Mapping[str, str], outputs: Mapping[str, str]
) -> list[StageProblem]:
    known_inputs = [name for name, _, _ in ports]
    known_outputs = [name for name, _ in interface.outputs]
    unknown = [("input", name, known_inputs) for name in inputs if name not in known_inputs]
    unknown += [("output", name, known_outputs) for name in outputs if name not in known_outputs]
    return [unknown_port(interface, what, name, known, str(prim.GetPath())) for what, name, known in unknown]


def unknown_previous(prim: Usd.Prim, interface: BehaviourInterface, previous: Sequence[str]) -> list[StageProblem]:
    """Name the inputs of `previous` that the behaviour does not have."""
    known = [name for name, _, _ in input_ports(interface)] if previous else []
    return [unknown_port(interface, "input", name, known, str(prim.GetPath())) for name in previous if name not in known]


def unknown_port(interface: BehaviourInterface, what: str, name: str, known: Sequence[str], path: str) -> StageProblem:
    """Say that a behaviour has no input or output of a name, which somebody wrote for the binding at `path`."""
    has = f"it has {', '.join(known) or 'none'}"
    help_ = perhaps(name, known, "")
    return StageProblem("PS121", f"{interface.name} has no {what} {name!r}", path, f"{help_} {has}".strip())
