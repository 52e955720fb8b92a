"""Find the bindings of a stage: everything that is composed, read by what is authored, so that it works without the schemas too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from pxr import Sdf, Usd, Vt

from portalis.translator.stage.problems import Severity, StageProblem
from portalis.translator.stage.schema import KIND_OF_API, PHASES, RESERVED_INSTANCE_NAMES, SCENE_API, Kind, Phase, prefix

_Value = TypeVar("_Value", bool, int, float, str, tuple[str, ...])
# Functions of the class: looked up on an object of OpenUSD, each takes twice as long.
_name_of, _connections_of, _targets_of = Usd.Property.GetName, Usd.Attribute.GetConnections, Usd.Relationship.GetTargets


@dataclass(frozen=True, slots=True, order=True)
class BindingKey:
    """What identifies a binding: the prim's path, the kind of schema and the instance name."""

    path: str
    kind: Kind
    instance: str

    def __str__(self) -> str:
        return f"{self.path} ({self.instance})"

    @property
    def prefix(self) -> str:
        """The namespace of the binding's properties."""
        return prefix(self.kind, self.instance)


@dataclass(frozen=True, slots=True)
class InputSpec:
    """An authored `inputs:NAME`: the attribute's own path and the attributes that it connects to."""

    name: str
    attribute: str
    connections: tuple[str, ...]
    previous: bool


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """An authored output: its `outputs:NAME` attribute, where there is one, and the targets of `writes:NAME`."""

    name: str
    attribute: str | None
    writes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """One behaviour bound to one prim, as authored."""

    key: BindingKey
    modules: tuple[str, ...]
    function: str
    enabled: bool
    phase: Phase
    order: int
    rate: float
    inputs: tuple[InputSpec, ...]
    outputs: tuple[OutputSpec, ...]
    extent_mode: str = "computed"


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """What a PortalisSceneAPI says; zeros leave the host's own settings as they are."""

    seed: int = 0
    fixed_step: float = 0.0
    fuel_per_frame: int = 0
    memory_bytes: int = 0
    seconds_per_frame: float = 0.0
    path: str = "/"


@dataclass(frozen=True, slots=True)
class Discovery:
    """The bindings of a stage in traversal order, its settings, and what is wrong with how they are authored."""

    bindings: tuple[Binding, ...]
    scene: SceneSettings
    problems: tuple[StageProblem, ...]


def discover(stage: Usd.Stage) -> Discovery:
    """Read every binding of the composed stage: of active, loaded, defined prims. What cannot run where it stands is a problem."""
    bindings: list[Binding] = []
    problems: list[StageProblem] = []
    scenes: list[Usd.Prim] = []
    elsewhere: list[Usd.Prim] = []
    for prim in stage.TraverseAll():
        names = prim.GetPrimTypeInfo().GetAppliedAPISchemas()
        if not names:
            continue
        if absence_problem(prim) is not None:
            elsewhere.append(prim)
            continue
        for name in names:
            api, _, instance = name.partition(":")
            if api == SCENE_API:
                scenes.append(prim)
            elif (kind := KIND_OF_API.get(api)) is None:
                continue
            elif problem := instance_name_problem(instance, str(prim.GetPath())):
                problems.append(problem)
            else:
                bindings.append(read_binding(prim, kind, instance, problems))
    for extra in scenes[1:]:
        message = f"{SCENE_API} is applied to {scenes[0].GetPath()} already"
        problems.append(StageProblem("PS121", message, str(extra.GetPath()), "keep one"))
    scene = _read_scene(scenes[0], problems) if scenes else SceneSettings()
    problems += _absent(elsewhere, bindings)
    problems += _inside_instances(stage)
    return Discovery(tuple(bindings), scene, tuple(problems))


def absence_problem(prim: Usd.Prim, severity: Severity = "error") -> StageProblem | None:
    """Say why OpenUSD does not show `prim` and no behaviour runs on it, or None where it does."""
    path = str(prim.GetPath())
    if prim.IsPseudoRoot():
        return StageProblem("PS105", "this is the root of all prims, not one of them", path, "give the path of a prim", severity)
    if not prim.IsActive():
        return StageProblem("PS105", "this prim is inactive", path, "activate it: active = true", severity)
    if not prim.IsLoaded():
        return StageProblem("PS105", "this prim is not loaded", path, "load its payload", severity)
    if prim.IsAbstract():
        return StageProblem("PS105", "this prim is abstract: a class, or below one", path, "use a prim that inherits from it", severity)
    if not prim.IsDefined():
        return StageProblem(
            "PS105", "this prim is not defined: nothing but overs say it, or say a parent", path, "define it with def", severity
        )
    return None


def instance_problem(prim: Usd.Prim, path: str) -> StageProblem | None:
    """Say that `prim` is inside an instance, where USD ignores opinions, or None."""
    if not prim or not (prim.IsInstanceProxy() or prim.IsInPrototype()):
        return None
    root = prim
    while root.IsInstanceProxy():
        root = root.GetParent()
    message = f"this is inside the instance {root.GetPath()}, where nothing can be written"
    return StageProblem("PS103", message, path, f"bind {root.GetPath()} itself, or make it not instanceable, or use a crowd")


def bindings_of(prim: Usd.Prim) -> Iterator[Binding]:
    """Return the bindings of a prim, whether or not they run."""
    for name in prim.GetPrimTypeInfo().GetAppliedAPISchemas():
        api, _, instance = name.partition(":")
        kind = KIND_OF_API.get(api)
        if kind is not None and instance_name_problem(instance, "") is None:
            yield read_binding(prim, kind, instance, [])


def every_binding(stage: Usd.Stage) -> Iterator[Binding]:
    """Return every binding of the composed stage outside instances, those of prims that are not shown included, in traversal order."""
    for prim in stage.TraverseAll():
        yield from bindings_of(prim)


def _absent(prims: Sequence[Usd.Prim], running: Sequence[Binding]) -> Iterator[StageProblem]:
    """Warn of the bindings of prims that are not shown; a class whose heirs run is how one behaviour is given to many."""
    inherited = {(item.key.kind, item.key.instance, item.function) for item in running}
    for prim in prims:
        problem = absence_problem(prim, "warning")
        bindings = [(item.key.kind, item.key.instance, item.function) for item in bindings_of(prim) if item.enabled]
        if problem is not None and any(not (prim.IsAbstract() and item in inherited) for item in bindings):
            yield problem


def _inside_instances(stage: Usd.Stage) -> Iterator[StageProblem]:
    """Refuse the bindings inside instances, by the path below the first instance of each prototype."""
    for prototype in stage.GetPrototypes():
        for prim in Usd.PrimRange(prototype):
            if prim == prototype or not any(item.enabled for item in bindings_of(prim)):
                continue
            path = _outside(prim)
            problem = instance_problem(stage.GetPrimAtPath(path), str(path))
            if problem is not None:
                count = len(prototype.GetInstances())
                more = f", one of {count} of the same prototype" if count > 1 else ""
                yield replace(problem, message=f"{problem.message}{more}")


def _outside(prim: Usd.Prim) -> Sdf.Path:
    """Return the path at which a prim inside a prototype is seen below the first of its instances, which may be inside another one."""
    prototype = prim
    while prototype and not prototype.IsPrototype():
        prototype = prototype.GetParent()
    instances = prototype.GetInstances() if prototype else ()
    if not instances:
        return prim.GetPath()
    first = min(instances, key=lambda item: (item.IsInPrototype(), item.GetPath()))
    return prim.GetPath().ReplacePrefix(prototype.GetPath(), _outside(first))


def instance_name_problem(instance: str, path: str) -> StageProblem | None:
    """Say what is wrong with the instance name of a binding at `path`, or None."""
    if not Sdf.Path.IsValidIdentifier(instance):
        return StageProblem("PS104", f"{instance!r} is not an identifier", path, "choose an instance name of letters, digits and _")
    if instance in RESERVED_INSTANCE_NAMES:
        return StageProblem("PS104", f"{instance!r} is the name of a property of the schema", path, "choose another instance name")
    return None


def read_binding(prim: Usd.Prim, kind: Kind, instance: str, problems: list[StageProblem]) -> Binding:
    """Read one binding of a prim as it is composed; what is wrong with how it is authored is added to `problems`."""
    key = BindingKey(str(prim.GetPath()), kind, instance)
    own = key.prefix
    authored = prim.GetAuthoredPropertiesInNamespace(own[:-1])
    properties = {name.removeprefix(own): found for name, found in zip(map(_name_of, authored), authored, strict=True)}

    def value(name: str, default: _Value) -> _Value:
        found = properties.get(name)
        if not isinstance(found, Usd.Attribute):
            return default
        result, problem = _read_value(found, default)
        if problem is not None:
            problems.append(problem)
        return result

    before = len(problems)
    phase = value("phase", "update")
    if phase not in PHASES:
        message = f"there is no phase {phase!r}; it runs in phase 'update'"
        problems.append(StageProblem("PS121", message, f"{key.path}.{key.prefix}phase", f"one of {', '.join(PHASES)}", "warning"))
        phase = "update"
    module = properties.get("module")
    function, enabled, order, rate = value("function", ""), value("enabled", True), value("order", 0), value("rate", 0.0)
    previous, extent_mode = frozenset(value("previous", ())), value("extentMode", "computed")
    # What is authored with another type than the schema's was meant in a way that nobody knows: it does not run.
    readable = all(problem.severity == "warning" for problem in problems[before:])
    return Binding(
        key,
        tuple(map(str, module.GetForwardedTargets())) if isinstance(module, Usd.Relationship) else (),
        function,
        enabled and readable,
        cast(Phase, phase),
        order,
        rate,
        tuple(_inputs(f"{key.path}.{own}", properties, previous)),
        tuple(_outputs(f"{key.path}.{own}", properties)),
        extent_mode,
    )


def _read_value(attribute: Usd.Attribute, default: _Value) -> tuple[_Value, StageProblem | None]:
    """Return an attribute's value, or `default` where it has none or is of another kind, and what is wrong with it."""
    path, wanted = str(attribute.GetPath()), type(default)
    try:
        result = attribute.Get()
    except UnicodeDecodeError:
        return default, StageProblem("PS121", "this is not text in UTF-8", path, "author it again")
    if result is None:
        return default, None
    if isinstance(result, Vt.TokenArray | Vt.StringArray):
        result = tuple(map(str, result))
    elif type(result) is int and wanted is float:
        result = float(result)
    if type(result) is wanted:
        return result, None
    message = f"a value of type {type(result).__name__} stands where the schema has {wanted.__name__}"
    return default, StageProblem("PS121", message, path, "bind again, or author it with the schema's type")


def _inputs(beginning: str, properties: dict[str, Usd.Property], previous: frozenset[str]) -> Iterator[InputSpec]:
    for name in sorted(properties):
        if name.startswith("inputs:") and isinstance(found := properties[name], Usd.Attribute):
            port = name.removeprefix("inputs:")
            yield InputSpec(port, beginning + name, tuple(map(str, _connections_of(found))), port in previous)


def _outputs(beginning: str, properties: dict[str, Usd.Property]) -> Iterator[OutputSpec]:
    ports = {name.partition(":")[2] for name in properties if name.startswith(("outputs:", "writes:"))}
    for port in sorted(ports):
        attribute, writes = properties.get(f"outputs:{port}"), properties.get(f"writes:{port}")
        targets = tuple(map(str, _targets_of(writes))) if isinstance(writes, Usd.Relationship) else ()
        yield OutputSpec(port, f"{beginning}outputs:{port}" if isinstance(attribute, Usd.Attribute) else None, targets)


def _read_scene(prim: Usd.Prim, problems: list[StageProblem]) -> SceneSettings:
    def value(name: str, default: _Value) -> _Value:
        attribute = prim.GetAttribute(f"portalis:scene:{name}")
        if not attribute:
            return default
        result, problem = _read_value(attribute, default)
        if problem is not None:
            problems.append(problem)
        return result

    return SceneSettings(
        value("seed", 0),
        value("fixedStep", 0.0),
        value("fuelPerFrame", 0),
        value("memoryBytes", 0),
        value("secondsPerFrame", 0.0),
        str(prim.GetPath()),
    )
