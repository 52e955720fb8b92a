"""Decide, for each port of a bound behaviour, where its value comes from and where it goes."""

from __future__ import annotations

from collections.abc import Sequence

from pxr import Usd

from portalis.translator.ir.host import HOST_TYPES
from portalis.translator.stage.plan.bindings import InputSpec, PrimBinding
from portalis.translator.stage.plan.composed import (
    StackSource,
    StackTarget,
    WorldSource,
    composed_source,
    composed_target,
    together_problems,
)
from portalis.translator.stage.plan.elements import crowd_elements
from portalis.translator.stage.plan.interface import BehaviourInterface, Parameter
from portalis.translator.stage.plan.nearest import rotation_of
from portalis.translator.stage.plan.resolved import (
    AttributeSource,
    DefaultSource,
    HostSource,
    ResolvedBinding,
    ResolvedInput,
    ResolvedOutput,
    Source,
    Target,
    decided,
)
from portalis.translator.stage.plan.targets import (
    WINDING,
    authored_type_problem,
    own_output_problem,
    said_problem,
    store_problem,
    target_problem,
)
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.schema import NAMESPACE
from portalis.translator.stage.transforms.names import composed_name
from portalis.translator.stage.values import codec_of, mismatch, python_type

_KINDS_HELP = "bind with --kind crowd, where each element is one value, or with --kind array, where the whole is a list"


def resolve(
    stage: Usd.Stage, binding: PrimBinding, module: str, interface: BehaviourInterface, index: int
) -> tuple[ResolvedBinding, list[StageProblem]]:
    """Resolve every port of `binding`; the result may only be run where no problem is an error."""
    problems = [_conflict(binding, interface, name) for name in interface.conflicts()]
    problems += _unknown_ports(binding, interface)
    specs = {spec.name: spec for spec in binding.inputs}
    inputs: list[ResolvedInput] = []
    fields = [Parameter(name, type_) for name, type_ in interface.fields if name in specs]
    for parameter in (*interface.parameters, *fields):
        found: list[StageProblem] = []
        source = _source(stage, binding, parameter, specs.get(parameter.name), found)
        problems += [problem.of_port(f"input {parameter.name}") for problem in found]
        if source is not None:
            default = DefaultSource(parameter.default) if parameter.has_default else None
            inputs.append(ResolvedInput(parameter.name, parameter.type, source, default, parameter in fields))
    outputs = _outputs(stage, binding, interface, problems)
    elements = _elements(stage, binding, inputs, outputs, problems)
    resolved = decided(binding, module, interface, (tuple(inputs), outputs), index, elements)
    if not any(spec.attribute or spec.writes for spec in binding.outputs):
        results = [name for name, _ in interface.outputs]
        said = f"no attribute takes {', '.join(results)}" if results else "it has no results"
        named = " or ".join(f"--output {name}=ATTRIBUTE" for name in results)
        help_ = f"bind again with {named}" if results else "return a value, or assign an attribute of self"
        problems.append(StageProblem("PS135", f"{interface.name} writes nothing: {said}", binding.key.path, help_, "warning"))
    return resolved, problems


def _conflict(binding: PrimBinding, interface: BehaviourInterface, name: str) -> StageProblem:
    message = f"{interface.name} uses the name {name} for two different values"
    return StageProblem("PS122", message, binding.key.path, "rename one: a binding has one input for each name")


def _unknown_ports(binding: PrimBinding, interface: BehaviourInterface) -> list[StageProblem]:
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
    stage: Usd.Stage, binding: PrimBinding, parameter: Parameter, spec: InputSpec | None, problems: list[StageProblem]
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
    stage: Usd.Stage, binding: PrimBinding, parameter: Parameter, spec: InputSpec, problems: list[StageProblem]
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
                "PS127", f"inputs are connected in a ring: {' <- '.join(way)}", spec.attribute, "connect one of them to an attribute"
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
    if connected := attribute.GetConnections():
        problems.append(_connected_problem(spec, path, [str(source) for source in connected]))
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
    one_value = binding.key.kind == "behavior" and not reason and name.endswith("[]")
    if one_value:
        reason = f"{name} is a whole array, and this binding has one value a prim"
    if reason:
        help_ = _KINDS_HELP if one_value else _type_help(name, parameter)
        if rotation := rotation_of(attribute):
            reason, help_ = f"{WINDING}, and no rotation", f"a rotation is read as the quaternion {rotation}"
        problems.append(StageProblem("PS122", f"the input {spec.name} of {binding.key} is {parameter.type}: {reason}", path, help_))
        return None
    return AttributeSource(path, name, spec.previous)


def _connected_problem(spec: InputSpec, path: str, sources: Sequence[str]) -> StageProblem:
    """Refuse an attribute whose own value is not what those get who follow its connections."""
    message = f"the input {spec.name} reads this attribute, which is itself connected to {' and '.join(sources)}"
    help_ = f"bind again with --input {spec.name}={sources[0]}, or take the connection away"
    return StageProblem("PS128", message, path, help_)


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
    if (codec.family, codec.layout) == ("int", "scalar"):
        return f"annotate {parameter.name} as int and write float({parameter.name}) where a float is meant"
    return f"annotate {parameter.name} as {python_type(codec)}, or connect another attribute"


def _outputs(
    stage: Usd.Stage, binding: PrimBinding, interface: BehaviourInterface, problems: list[StageProblem]
) -> tuple[ResolvedOutput, ...]:
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
                problems += [problem.of_port(f"output {name}")] if problem else []
                composed += [target] if target else []
                continue
            attribute = stage.GetAttributeAtPath(path)
            problem = own_output_problem(attribute) if path in own else target_problem(stage, path, binding.key.path)
            problem = problem or authored_type_problem(attribute)
            problem = problem or store_problem(attribute, type_, binding.key.kind == "array") or _array_problem(binding, attribute)
            problem = problem or said_problem(attribute, dict(interface.texts).get(name, ()))
            if problem is not None:
                problems.append(problem.of_port(f"output {name}"))
            if problem is None or problem.severity == "warning":
                targets.append(Target(path, str(attribute.GetTypeName())))
        outputs.append(ResolvedOutput(name, type_, tuple(targets), tuple(composed)))
    parts = [target for output in outputs for target in output.composed]
    problems += together_problems(stage, parts, [target.path for output in outputs for target in output.targets])
    return tuple(outputs)


def _elements(
    stage: Usd.Stage,
    binding: PrimBinding,
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


def _array_problem(binding: PrimBinding, attribute: Usd.Attribute) -> StageProblem | None:
    array = str(attribute.GetTypeName()).endswith("[]")
    if binding.key.kind == "behavior" and array:
        message = f"{attribute.GetTypeName()} is a whole array, and this binding has one value a prim"
        return StageProblem("PS122", message, str(attribute.GetPath()), _KINDS_HELP)
    if binding.key.kind == "crowd" and not array:
        help_ = "write an array attribute, or bind with --kind behavior: one value a prim"
        return StageProblem("PS122", "the elements of a crowd cannot share one value", str(attribute.GetPath()), help_)
    return None
