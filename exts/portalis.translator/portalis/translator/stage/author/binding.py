"""Author bindings: the schemas, the module, and the transform ops that a behaviour needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pxr import Sdf, Usd, UsdGeom, Vt

from portalis.translator.ir.host import HOST_TYPES
from portalis.translator.ir.types import Type
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.before import before_binding
from portalis.translator.stage.author.trust import Approvals
from portalis.translator.stage.plan.conventions import Literal, NewOp, Place, Wire, add_op, by_convention, parse_wire
from portalis.translator.stage.plan.discovery import BindingKey, absence_problem, discover, instance_name_problem, instance_problem
from portalis.translator.stage.plan.executor import Engine
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.plan.modules import author_module, module_scope, source_sha256
from portalis.translator.stage.plan.prepare import prepare
from portalis.translator.stage.plan.targets import target_problem
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.registry import require_schemas
from portalis.translator.stage.schema import API_NAMES, RESERVED_INSTANCE_NAMES, Kind


@dataclass(frozen=True, slots=True)
class Wiring:
    """How one prim's binding is to be authored: what each input reads and each result writes."""

    prim: Usd.Prim
    kind: Kind
    inputs: dict[str, Wire]
    outputs: dict[str, Place]
    # Results that the binding itself keeps, in an attribute of its own that starts with the literal.
    kept: dict[str, Literal]


def bind(
    stage: Usd.Stage,
    prim_paths: Sequence[str],
    source: SourceFile,
    interface: BehaviourInterface,
    *,
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    instance_name: str | None = None,
    kind: Kind | None = None,
    previous: Sequence[str] = (),
    approvals: Approvals | None = None,
    engine: Engine | None = None,
) -> tuple[BindingKey, ...]:
    """Bind a behaviour to prims at the stage's edit target and return the bindings' keys.

    `inputs` and `outputs` say, for a port by name, an attribute or (inputs) a literal; what they leave out goes by convention. A kind of
    None makes crowds of point instancers and points, and single lanes of everything else. A result that is also a parameter given as a
    literal is kept by the binding itself, from one frame to the next. Inputs named in `previous` read the value of the frame before.
    `approvals` takes note that the user who binds trusts the code, on the prims too that get the binding by composition. With an `engine`,
    what is authored is checked as `check` does, the bindings that are there included. Nothing stays authored where anything is wrong: a
    `StageError` holds every reason.
    """
    require_schemas()
    name = instance_name or default_instance_name(interface.name)
    problems = _edit_target_problems(stage, prim_paths)
    if (problem := instance_name_problem(name, interface.name)) is not None:
        problems.append(problem)
    if problems:
        raise StageError(*problems)
    wirings = []
    for path in prim_paths:
        prim = stage.GetPrimAtPath(path)
        wiring, its_problems = wire(prim, kind or default_kind(prim), interface, inputs or {}, outputs or {})
        problems += its_problems + _unknown_previous(prim, interface, previous)
        # An op that is still to be appended has no attribute yet.
        written = [place.path for place in wiring.outputs.values() if stage.GetAttributeAtPath(place.path)]
        problems += [problem for target in written if (problem := target_problem(stage, target, path)) is not None]
        wirings.append(wiring)
    if problems:
        raise StageError(*problems)

    def author() -> tuple[BindingKey, ...]:
        module = author_module(stage, source, _module_name(source, interface))
        keys = tuple(_author(wiring, name, module, interface, previous) for wiring in wirings)
        _require_effect(stage, keys)
        return keys

    if approvals is not None:
        approvals.require_safe()
    keys = author() if engine is None else _author_checked(stage, prim_paths, engine, author)
    if approvals is not None:
        approvals.approve(source_sha256(source.text), _written_by(stage, keys))
    return keys


def _written_by(stage: Usd.Stage, keys: Sequence[BindingKey]) -> list[str]:
    """Return what the bindings `keys` write, as authored at the edit target, and whatever inherits, specializes or references them."""
    target = stage.GetEditTarget()
    layer = target.GetLayer()
    authored = {target.MapToSpecPath(Sdf.Path(f"{key.path}.{key.prefix}module")) for key in keys}
    written = []
    for binding in discover(stage).bindings:
        module = stage.GetRelationshipAtPath(f"{binding.key.path}.{binding.key.prefix}module")
        if module and any(spec.layer == layer and spec.path in authored for spec in module.GetPropertyStack()):
            written += [path for output in binding.outputs for path in output.writes]
    return written


def _author_checked(
    stage: Usd.Stage, prim_paths: Sequence[str], engine: Engine, author: Callable[[], tuple[BindingKey, ...]]
) -> tuple[BindingKey, ...]:
    """Author and check; where the stage then has an error that it did not have before, take everything back and raise it."""
    before = before_binding(stage, stage.GetEditTarget(), prim_paths)
    try:
        keys = author()
        errors = prepare(stage, engine).errors
    except BaseException:
        before.restore()
        raise
    if not errors:
        return keys
    before.restore()
    there = frozenset(prepare(stage, engine).errors)
    if added := [problem for problem in errors if problem not in there]:
        raise StageError(*added)
    return author()


def default_instance_name(function: str) -> str:
    """Return the instance name of a function's binding where none is given."""
    return f"{function}_behavior" if function in RESERVED_INSTANCE_NAMES else function


def default_kind(prim: Usd.Prim) -> Kind:
    """Return the kind of binding that suits a prim: a crowd where it has elements."""
    return "crowd" if prim.IsA(UsdGeom.PointInstancer) or prim.IsA(UsdGeom.Points) else "behavior"


def wire(
    prim: Usd.Prim, kind: Kind, interface: BehaviourInterface, inputs: Mapping[str, str], outputs: Mapping[str, str]
) -> tuple[Wiring, list[StageProblem]]:
    """Decide what each port of a behaviour is bound to on one prim, without authoring anything."""
    wiring = Wiring(prim, kind, {}, {}, {})
    problems = _unknown_names(prim, interface, inputs, outputs)
    results = dict(interface.outputs)
    for name, type_, needed in _input_ports(interface):
        try:
            place = _input(prim, kind, name, type_, inputs)
        except StageError as error:
            problems += error.problems
            continue
        if isinstance(place, Literal) and name in results and name not in outputs and interface.kind == "function":
            wiring.kept[name] = place
        elif place is not None:
            wiring.inputs[name] = place
        elif needed:
            problems.append(_missing(prim, "input", name, type_, interface))
    for name, type_ in interface.outputs:
        if name in wiring.kept:
            continue
        try:
            output = _output(prim, kind, name, type_, outputs)
        except StageError as error:
            problems += error.problems
            continue
        if output is not None:
            wiring.outputs[name] = output
        elif interface.kind == "function":
            problems.append(_missing(prim, "output", name, type_, interface))
    return wiring, problems


def _input_ports(interface: BehaviourInterface) -> list[tuple[str, Type, bool]]:
    """Return (name, type, whether it has no value of its own) for every parameter and field."""
    parameters = [(p.name, p.type, not p.has_default and p.name not in HOST_TYPES) for p in interface.parameters]
    return parameters + [(name, type_, False) for name, type_ in interface.fields]


def _input(prim: Usd.Prim, kind: Kind, name: str, type_: Type, given: Mapping[str, str]) -> Wire | None:
    if name in given:
        return parse_wire(prim, kind, given[name], type_)
    return None if name in HOST_TYPES else by_convention(prim, kind, name, type_)


def _output(prim: Usd.Prim, kind: Kind, name: str, type_: Type, given: Mapping[str, str]) -> Place | None:
    if name not in given:
        return by_convention(prim, kind, name, type_)
    place = parse_wire(prim, kind, given[name], type_)
    if isinstance(place, Literal):
        problem = StageProblem("PS101", f"a result cannot be written to {given[name]}", str(prim.GetPath()), "name an attribute")
        raise StageError(problem)
    return place


def _missing(prim: Usd.Prim, what: str, name: str, type_: Type, interface: BehaviourInterface) -> StageProblem:
    message = f"nothing says what the {what} {name}: {type_} of {interface.name} is bound to"
    value = f" or --input {name}=VALUE" if what == "input" else ""
    return StageProblem("PS120", message, str(prim.GetPath()), f"write --{what} {name}=ATTRIBUTE{value}")


def _unknown_names(
    prim: Usd.Prim, interface: BehaviourInterface, inputs: Mapping[str, str], outputs: Mapping[str, str]
) -> list[StageProblem]:
    known_inputs = [name for name, _, _ in _input_ports(interface)]
    known_outputs = [name for name, _ in interface.outputs]
    unknown = [("input", name, known_inputs) for name in inputs if name not in known_inputs]
    unknown += [("output", name, known_outputs) for name in outputs if name not in known_outputs]
    return [
        StageProblem("PS121", f"{interface.name} has no {what} {name!r}", str(prim.GetPath()), f"it has {', '.join(known) or 'none'}")
        for what, name, known in unknown
    ]


def _unknown_previous(prim: Usd.Prim, interface: BehaviourInterface, previous: Sequence[str]) -> list[StageProblem]:
    known = [name for name, _, _ in _input_ports(interface)]
    help_ = f"it has {', '.join(known) or 'none'}"
    unknown = [name for name in previous if name not in known]
    return [StageProblem("PS121", f"{interface.name} has no input {name!r}", str(prim.GetPath()), help_) for name in unknown]


# ------------------------------------------------------------------------------------------------------------------- checks
def _edit_target_problems(stage: Usd.Stage, prim_paths: Sequence[str]) -> list[StageProblem]:
    target = stage.GetEditTarget()
    layer = target.GetLayer()
    problems = []
    if target.MapToSpecPath(module_scope(stage)).isEmpty:
        message = f"the edit target in {layer.identifier} does not reach {module_scope(stage)}, where modules live"
        problems.append(StageProblem("PS102", message, "/", "choose the root layer as the edit target"))
    if not layer.permissionToEdit:
        help_ = "unlock the layer, or choose another edit target"
        problems.append(StageProblem("PS102", f"the layer {layer.identifier} is locked", "/", help_))
    for path in prim_paths:
        prim = stage.GetPrimAtPath(path) if Sdf.Path.IsValidPathString(path) else None
        if not prim:
            problems.append(_no_prim(stage, path))
        elif problem := instance_problem(prim, path) or absence_problem(prim):
            problems.append(problem)
        elif target.MapToSpecPath(prim.GetPath()).isEmpty:
            message = f"the edit target in {layer.identifier} does not reach this prim"
            problems.append(
                StageProblem("PS102", message, path, "choose the root layer, or a variant that holds the prim, as the edit target")
            )
    return problems


def _no_prim(stage: Usd.Stage, path: str) -> StageProblem:
    """Say that there is no prim at `path`; below an inactive prim none is composed."""
    if Sdf.Path.IsValidPathString(path) and Sdf.Path(path).IsAbsoluteRootOrPrimPath():
        parents = map(stage.GetPrimAtPath, reversed(Sdf.Path(path).GetPrefixes()))
        parent = next((prim for prim in parents if prim), None)
        if parent is not None and not parent.IsActive() and (problem := absence_problem(parent)) is not None:
            return replace(problem, message=f"{parent.GetPath()} is inactive, and so is what is below it", path=path)
    return StageProblem("PS101", "there is no prim here", path, "give the path of a prim of the stage")


def _require_effect(stage: Usd.Stage, keys: Sequence[BindingKey]) -> None:
    """Raise where a stronger layer hides what was just authored."""
    hidden = [
        StageProblem(
            "PS136", "a stronger layer's apiSchemas hides the binding", key.path, "author in the strongest layer that has an opinion"
        )
        for key in keys
        if f"{API_NAMES[key.kind]}:{key.instance}" not in stage.GetPrimAtPath(key.path).GetAppliedSchemas()
    ]
    if hidden:
        raise StageError(*hidden)


# ---------------------------------------------------------------------------------------------------------------- authoring
def _module_name(source: SourceFile, interface: BehaviourInterface) -> str:
    stem = source.path.replace("\\", "/").rpartition("/")[2].removesuffix(".py")
    return stem if stem.isidentifier() else interface.name


def _author(wiring: Wiring, instance: str, module: Sdf.Path, interface: BehaviourInterface, previous: Sequence[str]) -> BindingKey:
    prim = wiring.prim
    key = BindingKey(str(prim.GetPath()), wiring.kind, instance)
    for place in (*wiring.inputs.values(), *wiring.outputs.values()):
        if isinstance(place, NewOp):
            add_op(prim, place)
    for old in prim.GetAuthoredPropertiesInNamespace(key.prefix.rstrip(":")):
        prim.RemoveProperty(old.GetName())
    prim.ApplyAPI(API_NAMES[wiring.kind], instance)
    prim.CreateRelationship(f"{key.prefix}module", custom=False).SetTargets([module])
    function = prim.CreateAttribute(f"{key.prefix}function", Sdf.ValueTypeNames.String, False, Sdf.VariabilityUniform)
    function.Set(interface.name)
    if previous:
        tokens = prim.CreateAttribute(f"{key.prefix}previous", Sdf.ValueTypeNames.TokenArray, False, Sdf.VariabilityUniform)
        tokens.Set(Vt.TokenArray([*previous]))
    for name, wired in wiring.inputs.items():
        attribute = _attribute(prim, f"{key.prefix}inputs:{name}", wired.type_name)
        if isinstance(wired, Literal):
            attribute.Set(wired.value)
        else:
            attribute.SetConnections([wired.path])
    for name, place in wiring.outputs.items():
        prim.CreateRelationship(f"{key.prefix}writes:{name}", custom=False).SetTargets([place.path])
    for name, literal in wiring.kept.items():
        output = _attribute(prim, f"{key.prefix}outputs:{name}", literal.type_name)
        output.Set(literal.value)
        if literal.type_name == "token":
            # All that the behaviour can say: its texts are the constants of its source.
            output.SetMetadata("allowedTokens", Vt.TokenArray([*interface.strings]))
        _attribute(prim, f"{key.prefix}inputs:{name}", literal.type_name).SetConnections([output.GetPath()])
    return key


def _attribute(prim: Usd.Prim, name: str, type_name: str) -> Usd.Attribute:
    return prim.CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name), custom=False)
