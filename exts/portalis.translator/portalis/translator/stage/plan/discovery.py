"""Find the bindings of a stage: everything that is composed, read by what is authored, so that it works without the schemas too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar, cast

from pxr import Sdf, Tf, Usd, Vt

from portalis.translator.stage.problems import Severity, StageProblem
from portalis.translator.stage.schema import KIND_OF_API, PHASES, RESERVED_INSTANCE_NAMES, SCENE_API, Kind, Phase, prefix

_Value = TypeVar("_Value", bool, int, float, str, tuple[str, ...])
# Functions of the class: looked up on an object of OpenUSD, each takes twice as long.
_name_of, _connections_of, _targets_of = Usd.Property.GetName, Usd.Attribute.GetConnections, Usd.Relationship.GetTargets
_in_namespace = Usd.Prim.GetAuthoredPropertiesInNamespace
# What `absence_problem` finds nothing wrong with, asked at once.
_is_shown = Usd.PrimIsActive & Usd.PrimIsLoaded & ~Usd.PrimIsAbstract & Usd.PrimIsDefined


# Tuples with names, of which a stage makes a dozen a prim: each is made in half of a frozen dataclass's time.
class BindingKey(NamedTuple):
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


class InputSpec(NamedTuple):
    """An authored `inputs:NAME`: the attribute's own path and the attributes that it connects to."""

    name: str
    attribute: str
    connections: tuple[str, ...]
    previous: bool


class OutputSpec(NamedTuple):
    """An authored output: its `outputs:NAME` attribute, where there is one, and the targets of `writes:NAME`."""

    name: str
    attribute: str | None
    writes: tuple[str, ...]


class Binding(NamedTuple):
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
    sound: dict[str, bool] = {}
    layouts = Layouts()
    for prim in stage.TraverseAll():
        names = prim.GetPrimTypeInfo().GetAppliedAPISchemas()
        if not names:
            continue
        if not _is_shown(prim):
            elsewhere.append(prim)
            continue
        for name in names:
            api, _, instance = name.partition(":")
            if api == SCENE_API:
                scenes.append(prim)
                continue
            kind = KIND_OF_API.get(api)
            if kind is None:
                continue
            if instance not in sound:
                sound[instance] = instance_name_problem(instance, "") is None
            if sound[instance]:
                bindings.append(read_binding(prim, kind, instance, problems, layouts))
            elif problem := instance_name_problem(instance, str(prim.GetPath())):
                problems.append(problem)
    for extra in scenes[1:]:
        message = f"{SCENE_API} is applied to {scenes[0].GetPath()} already"
        problems.append(StageProblem("PS121", message, str(extra.GetPath()), "keep one"))
    scene = _read_scene(scenes[0], problems) if scenes else SceneSettings()
    problems += _absent(elsewhere, bindings)
    problems += _inside_instances(stage)
    return Discovery(tuple(bindings), scene, tuple(problems))


def absence_problem(prim: Usd.Prim, severity: Severity = "error") -> StageProblem | None:
    """Say why OpenUSD does not show `prim` and no behaviour runs on it, or None where it does."""
    if prim.IsPseudoRoot():
        message, help_ = "this is the root of all prims, not one of them", "give the path of a prim"
    elif not prim.IsActive():
        message, help_ = "this prim is inactive", "activate it: active = true"
    elif not prim.IsLoaded():
        message, help_ = "this prim is not loaded", "load its payload"
    elif prim.IsAbstract():
        message, help_ = "this prim is abstract: a class, or below one", "use a prim that inherits from it"
    elif not prim.IsDefined():
        message, help_ = "this prim is not defined: nothing but overs say it, or say a parent", "define it with def"
    else:
        return None
    return StageProblem("PS105", message, str(prim.GetPath()), help_, severity)


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


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where each of a binding's properties stands in the list of them.

    `attributes` has those that are attributes, by name; `inputs` the port and name of each; `outputs` the port, whether the binding has an
    attribute of its own for it, and the place of its relationship.
    """

    attributes: dict[str, int]
    module: int | None
    inputs: tuple[tuple[str, str, int], ...]
    outputs: tuple[tuple[str, bool, int | None], ...]


class Layouts:
    """The layouts of bindings, each found out once for all that have properties of the same names."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], _Layout] = {}

    def of(self, own: str, properties: Sequence[Usd.Property]) -> _Layout:
        """Return the layout of `properties`, which are those in the namespace `own`."""
        names = tuple(map(_name_of, properties))
        key = own, names, tuple(map(type, properties))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _layout([name.removeprefix(own) for name in names], properties)
        return found


def _layout(names: Sequence[str], properties: Sequence[Usd.Property]) -> _Layout:
    places = {name: index for index, name in enumerate(names)}
    attributes = {name: index for name, index in places.items() if isinstance(properties[index], Usd.Attribute)}
    relationships = {name: index for name, index in places.items() if isinstance(properties[index], Usd.Relationship)}
    inputs = tuple((name.removeprefix("inputs:"), name, attributes[name]) for name in sorted(attributes) if name.startswith("inputs:"))
    ports = sorted({name.partition(":")[2] for name in names if name.startswith(("outputs:", "writes:"))})
    outputs = tuple((port, f"outputs:{port}" in attributes, relationships.get(f"writes:{port}")) for port in ports)
    return _Layout(attributes, relationships.get("module"), inputs, outputs)


def read_binding(prim: Usd.Prim, kind: Kind, instance: str, problems: list[StageProblem], layouts: Layouts | None = None) -> Binding:
    """Read one binding of a prim as it is composed; what is wrong with how it is authored is added to `problems`."""
    key = BindingKey(str(prim.GetPath()), kind, instance)
    own = prefix(kind, instance)
    properties = _in_namespace(prim, own[:-1])
    layout = (layouts or Layouts()).of(own, properties)

    def value(name: str, default: _Value) -> _Value:
        index = layout.attributes.get(name)
        if index is None:
            return default
        result, problem = _read_value(properties[index], default)
        if problem is not None:
            problems.append(problem)
        return result

    before = len(problems)
    phase = value("phase", "update")
    if phase not in PHASES:
        message = f"there is no phase {phase!r}; it runs in phase 'update'"
        problems.append(StageProblem("PS121", message, f"{key.path}.{own}phase", f"one of {', '.join(PHASES)}", "warning"))
        phase = "update"
    function, enabled, order, rate = value("function", ""), value("enabled", True), value("order", 0), value("rate", 0.0)
    previous, extent_mode = value("previous", ()), value("extentMode", "computed")
    # What is authored with another type than the schema's was meant in a way that nobody knows: it does not run.
    readable = len(problems) == before or all(problem.severity == "warning" for problem in problems[before:])
    beginning = f"{key.path}.{own}"
    try:
        modules = tuple(map(str, properties[layout.module].GetForwardedTargets())) if layout.module is not None else ()
    except Tf.ErrorException:
        modules, readable = (), False
        problems.append(_other_property(f"{beginning}module"))
    inputs = [
        InputSpec(port, beginning + name, tuple(map(str, _connections_of(properties[index]))), port in previous)
        for port, name, index in layout.inputs
    ]
    outputs = [
        OutputSpec(port, f"{beginning}outputs:{port}" if has_own else None, () if index is None else _targets(properties[index]))
        for port, has_own, index in layout.outputs
    ]
    return Binding(
        key,
        modules,
        function,
        enabled and readable,
        cast(Phase, phase),
        order,
        rate,
        tuple(inputs),
        tuple(outputs),
        extent_mode,
    )


def _other_property(path: str) -> StageProblem:
    message = "an attribute stands where the schema has a relationship"
    return StageProblem("PS121", message, path, "bind again, or author it as the schema has it: rel")


def _targets(relationship: Usd.Relationship) -> tuple[str, ...]:
    return tuple(map(str, _targets_of(relationship)))


def _read_value(attribute: Usd.Attribute, default: _Value) -> tuple[_Value, StageProblem | None]:
    """Return an attribute's value, or `default` where it has none or is of another kind, and what is wrong with it."""
    wanted = type(default)
    try:
        result = attribute.Get()
    except UnicodeDecodeError:
        return default, StageProblem("PS121", "this is not text in UTF-8", str(attribute.GetPath()), "author it again")
    if result is None:
        return default, None
    if isinstance(result, Vt.TokenArray | Vt.StringArray):
        result = tuple(map(str, result))
    elif type(result) is int and wanted is float:
        result = float(result)
    if type(result) is wanted:
        return result, None
    message = f"a value of type {type(result).__name__} stands where the schema has {wanted.__name__}"
    return default, StageProblem("PS121", message, str(attribute.GetPath()), "bind again, or author it with the schema's type")


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
