"""Decide, for each port of a bound behaviour, where its value comes from and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from pxr import Usd

from portalis.translator.ir.host import HOST_TYPES
from portalis.translator.ir.nodes import Literals
from portalis.translator.ir.types import Type
from portalis.translator.stage.plan.composed import (
    StackSource,
    StackTarget,
    WorldSource,
    composed_source,
    composed_target,
    together_problems,
)
from portalis.translator.stage.plan.discovery import Binding, BindingKey, InputSpec
from portalis.translator.stage.plan.elements import crowd_elements
from portalis.translator.stage.plan.interface import LANE_HOST_VALUES, BehaviourInterface, Parameter
from portalis.translator.stage.plan.kinds import BindingKind, kind_of
from portalis.translator.stage.plan.targets import authored_type_problem, own_output_problem, store_problem, target_problem
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.schema import NAMESPACE
from portalis.translator.stage.transforms.names import composed_name
from portalis.translator.stage.values import codec_of, mismatch

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


@dataclass(frozen=True, slots=True)
class ResolvedBinding:
    """A binding whose every port is decided. `module` is the source's SHA-256; `index` its place among those of one behaviour."""

    binding: Binding
    module: str
    interface: BehaviourInterface
    inputs: tuple[ResolvedInput, ...]
    outputs: tuple[ResolvedOutput, ...]
    index: int
    # The array whose elements are the lanes; None: there is one lane.
    elements: str | None = None

    key: BindingKey = field(init=False, repr=False, compare=False)
    # The parameters whose value all lanes share.
    uniform: frozenset[str] = field(init=False, repr=False, compare=False)
    # Whether it writes into the space that its own transform, or its elements, are in.
    moves: bool = field(init=False, repr=False, compare=False)
    # The host's values that differ from lane to lane.
    lane_hosts: frozenset[str] = field(init=False, repr=False, compare=False)
    # The paths of all attributes that are written.
    written: tuple[str, ...] = field(init=False, repr=False, compare=False)

    # The paths of the ops that transforms are composed of, for what it takes and for what it writes.
    composed_of: tuple[str, ...] = field(init=False, repr=False, compare=False)
    # The same object where bindings are wired alike: all but the prims in their paths is the same.
    pattern: object = field(init=False, repr=False, compare=False)

    @property
    def kind(self) -> BindingKind:
        """What its lanes are."""
        return kind_of(self.key.kind)

    def __post_init__(self) -> None:
        self._say_what_is_touched()
        host_values = [item.name for item in self.inputs if isinstance(item.source, HostSource)]
        # Where its own transform is written, gravity comes in the space of that; the elements of a crowd are in the crowd's.
        moves = self.kind.in_own_space or any(path.startswith(f"{self.binding.key.path}.xformOp:") for path in self.written)
        lane_hosts = LANE_HOST_VALUES | {"gravity"} if moves else LANE_HOST_VALUES
        _set(self, "pattern", object())
        _set(self, "moves", moves)
        _set(self, "uniform", frozenset(host_values) - lane_hosts)
        _set(self, "lane_hosts", frozenset(host_values) & lane_hosts)

    def _say_what_is_touched(self) -> None:
        direct = [target.path for output in self.outputs for target in output.targets]
        sources = [item.source for item in self.inputs if isinstance(item.source, StackSource | WorldSource)]
        targets = [target for output in self.outputs for target in output.composed]
        # Several parts of one transform may be one op's.
        composed = dict.fromkeys([path for target in targets for path in target.written])
        _set(self, "key", self.binding.key)
        _set(self, "written", (*direct, *composed))
        _set(self, "composed_of", tuple(dict.fromkeys([path for item in (*sources, *targets) for path in item.reads])))

    def for_another(
        self, binding: Binding, inputs: tuple[ResolvedInput, ...], outputs: tuple[ResolvedOutput, ...], index: int
    ) -> ResolvedBinding:
        """Return this decision for `binding`, wired alike, whose `inputs` and `outputs` are these."""
        made = object.__new__(ResolvedBinding)
        for name, value in (("binding", binding), ("inputs", inputs), ("outputs", outputs), ("index", index)):
            _set(made, name, value)
        for name in ("module", "interface", "elements", "uniform", "moves", "lane_hosts", "pattern"):
            _set(made, name, getattr(self, name))
        made._say_what_is_touched()
        return made

    @property
    def space_of_parent(self) -> bool:
        """Whether it acts in the space of the prim's transform; else in the prim's own, where the elements of a crowd are."""
        return not self.kind.in_own_space


def resolve(
    stage: Usd.Stage, binding: Binding, module: str, interface: BehaviourInterface, index: int
) -> tuple[ResolvedBinding, list[StageProblem]]:
    """Resolve every port of `binding`; the result may only be run where no problem is an error."""
    problems = [_conflict(binding, interface, name) for name in interface.conflicts()]
    problems += _unknown_ports(binding, interface)
    specs = {spec.name: spec for spec in binding.inputs}
    inputs: list[ResolvedInput] = []
    fields = [Parameter(name, type_) for name, type_ in interface.fields if name in specs]
    for parameter in (*interface.parameters, *fields):
        source = _source(stage, binding, parameter, specs.get(parameter.name), problems)
        if source is not None:
            default = DefaultSource(parameter.default) if parameter.has_default else None
            inputs.append(ResolvedInput(parameter.name, parameter.type, source, default, parameter in fields))
    outputs = _outputs(stage, binding, interface, problems)
    elements = _elements(stage, binding, inputs, outputs, problems)
    resolved = ResolvedBinding(binding, module, interface, tuple(inputs), outputs, index, elements)
    if not any(spec.attribute or spec.writes for spec in binding.outputs):
        results = [name for name, _ in interface.outputs]
        said = f"no attribute takes {', '.join(results)}" if results else "it has no results"
        help_ = f"bind again with --output {results[0]}=ATTRIBUTE" if results else "return a value, or assign an attribute of self"
        problems.append(StageProblem("PS135", f"{interface.name} writes nothing: {said}", binding.key.path, help_, "warning"))
    return resolved, problems


def _conflict(binding: Binding, interface: BehaviourInterface, name: str) -> StageProblem:
    message = f"{interface.name} uses the name {name} for two different values"
    return StageProblem("PS122", message, binding.key.path, "rename one: a binding has one input for each name")


def _unknown_ports(binding: Binding, interface: BehaviourInterface) -> list[StageProblem]:
    known_inputs = [p.name for p in interface.parameters] + [name for name, _ in interface.fields]
    known_outputs = [name for name, _ in interface.outputs]
    unknown = [(s.attribute, "input", s.name, known_inputs) for s in binding.inputs if s.name not in known_inputs]
    prefix = f"{binding.key.path}.{binding.key.prefix}"
    unknown += [(f"{prefix}outputs:{s.name}", "output", s.name, known_outputs) for s in binding.outputs if s.name not in known_outputs]
    return [
        StageProblem("PS121", f"{interface.name} has no {what} {name!r}", path, f"it has {', '.join(known) or 'none'}")
        for path, what, name, known in unknown
    ]


def _source(
    stage: Usd.Stage, binding: Binding, parameter: Parameter, spec: InputSpec | None, problems: list[StageProblem]
) -> Source | None:
    if spec is not None:
        return _attribute_source(stage, binding, parameter, spec, problems)
    path = f"{binding.key.path}.{binding.key.prefix}inputs:{parameter.name}"
    if parameter.name in HOST_TYPES:
        if parameter.type != HOST_TYPES[parameter.name]:
            message = f"the host's {parameter.name} is {HOST_TYPES[parameter.name]}, not {parameter.type}"
            problems.append(StageProblem("PS122", message, path, f"annotate it as {HOST_TYPES[parameter.name]}"))
            return None
        return HostSource(parameter.name)
    if parameter.has_default:
        return DefaultSource(parameter.default)
    help_ = f"bind again with --input {parameter.name}=ATTRIBUTE or --input {parameter.name}=VALUE"
    problems.append(StageProblem("PS120", f"the input {parameter.name} has no value", path, help_))
    return None


def _attribute_source(
    stage: Usd.Stage, binding: Binding, parameter: Parameter, spec: InputSpec, problems: list[StageProblem]
) -> AttributeSource | StackSource | WorldSource | None:
    if len(spec.connections) > 1:
        message = f"{len(spec.connections)} attributes are connected to the input {spec.name}"
        problems.append(StageProblem("PS123", message, spec.attribute, "connect one"))
        return None
    way = _follow(stage, spec.attribute)
    path = way[-1]
    if path in way[:-1]:
        problems.append(
            StageProblem(
                "PS127", f"inputs are connected in a ring: {' ← '.join(way)}", spec.attribute, "connect one of them to an attribute"
            )
        )
        return None
    if composed_name(path) is not None:
        source, problem = composed_source(stage, path, spec.previous, parameter.type)
        problems += [problem] if problem else []
        return source
    attribute = stage.GetAttributeAtPath(path)
    if not attribute:
        problems.append(
            StageProblem("PS101", f"the attribute that the input {spec.name} reads does not exist", path, "create it, or bind again")
        )
        return None
    if not spec.connections and not attribute.HasValue():
        problems.append(StageProblem("PS120", f"the input {spec.name} has neither a value nor a connection", path, "author one"))
        return None
    if problem := authored_type_problem(attribute):
        problems.append(problem)
        return None
    name = str(attribute.GetTypeName())
    whole_array = binding.key.kind == "array"
    reason = mismatch(codec_of(name), name, parameter.type, "read", whole_array)
    if binding.key.kind == "behavior" and not reason and name.endswith("[]"):
        reason = f"{name} is a whole array, and this binding has one value a prim"
    if reason:
        message = f"the input {spec.name} of {binding.key} is {parameter.type}: {reason}"
        problems.append(StageProblem("PS122", message, path, _type_help(name, parameter)))
        return None
    return AttributeSource(path, name, spec.previous)


def _follow(stage: Usd.Stage, start: str) -> tuple[str, ...]:
    """Follow inputs that are connected to other bindings' inputs to the attribute that holds the value; return the whole way.

    A way that ends where it was before is a ring.
    """
    way = [start]
    while ":inputs:" in way[-1] and way[-1].partition(".")[2].startswith(NAMESPACE) and way[-1] not in way[:-1]:
        attribute = stage.GetAttributeAtPath(way[-1])
        connections = attribute.GetConnections() if attribute else []
        if len(connections) != 1:
            break
        way.append(str(connections[0]))
    return tuple(way)


def _type_help(type_name: str, parameter: Parameter) -> str:
    codec = codec_of(type_name)
    if codec is None:
        return "connect an attribute of numbers, bools or tokens"
    if codec.family == "int":
        return f"annotate {parameter.name} as int and write float({parameter.name}) where a float is meant"
    wider = {"vector": f"Gf.Vec{codec.width}d", "quaternion": "Gf.Quatd", "matrix": f"Gf.Matrix{codec.shape[-1:]}d", "scalar": "float"}
    if codec.family == "float" and codec.layout != "matrix":
        return f"annotate {parameter.name} as {wider[codec.layout]}, or connect another attribute"
    return "connect an attribute of the parameter's type"


def _outputs(stage: Usd.Stage, binding: Binding, interface: BehaviourInterface, problems: list[StageProblem]) -> tuple[ResolvedOutput, ...]:
    specs = {spec.name: spec for spec in binding.outputs}
    outputs: list[ResolvedOutput] = []
    for name, type_ in interface.outputs:
        spec = specs.get(name)
        targets: list[Target] = []
        composed: list[StackTarget] = []
        own = (spec.attribute,) if spec is not None and spec.attribute is not None else ()
        for path in (*own, *(spec.writes if spec is not None else ())):
            if composed_name(path) is not None:
                target, problem = composed_target(stage, path, type_, binding.key.path)
                problems += [problem] if problem else []
                composed += [target] if target else []
                continue
            attribute = stage.GetAttributeAtPath(path)
            problem = own_output_problem(attribute) if path in own else target_problem(stage, path, binding.key.path)
            problem = problem or authored_type_problem(attribute)
            problem = problem or store_problem(attribute, type_, binding.key.kind == "array") or _array_problem(binding, attribute)
            if problem is not None:
                problems.append(problem)
            else:
                targets.append(Target(path, str(attribute.GetTypeName())))
        outputs.append(ResolvedOutput(name, type_, tuple(targets), tuple(composed)))
    parts = [target for output in outputs for target in output.composed]
    problems += together_problems(stage, parts, [target.path for output in outputs for target in output.targets])
    return tuple(outputs)


def _elements(
    stage: Usd.Stage,
    binding: Binding,
    inputs: Sequence[ResolvedInput],
    outputs: Sequence[ResolvedOutput],
    problems: list[StageProblem],
) -> str | None:
    """Return the array whose elements are a crowd's lanes."""
    if binding.key.kind != "crowd":
        return None
    sources = [port.source for port in inputs if isinstance(port.source, AttributeSource)]
    reads = [source.path for source in sources if source.type_name.endswith("[]")]
    writes = [target.path for output in outputs for target in output.targets]
    elements, its_problems = crowd_elements(stage, binding.key.path, reads, writes)
    problems += its_problems
    return elements


def _array_problem(binding: Binding, attribute: Usd.Attribute) -> StageProblem | None:
    array = str(attribute.GetTypeName()).endswith("[]")
    if binding.key.kind == "behavior" and array:
        return StageProblem("PS122", "a whole array cannot be written by a single prim's binding", str(attribute.GetPath()), "bind a crowd")
    if binding.key.kind == "crowd" and not array:
        return StageProblem("PS122", "the elements of a crowd cannot share one value", str(attribute.GetPath()), "write an array attribute")
    return None
