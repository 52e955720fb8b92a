"""Find the bindings of a stage: everything that is composed, read by what is authored, so that it works without the schemas too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from pxr import Sdf, Usd

from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.schema import KIND_OF_API, PHASES, RESERVED_INSTANCE_NAMES, SCENE_API, Kind, Phase, prefix


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


@dataclass(frozen=True, slots=True)
class Discovery:
    """The bindings of a stage in traversal order, its settings, and what is wrong with how they are authored."""

    bindings: tuple[Binding, ...]
    scene: SceneSettings
    problems: tuple[StageProblem, ...]


def discover(stage: Usd.Stage) -> Discovery:
    """Read every binding of the composed stage: active, loaded, defined prims; the inside of instances is skipped, as USD does."""
    bindings: list[Binding] = []
    problems: list[StageProblem] = []
    scenes: list[Usd.Prim] = []
    for prim in stage.Traverse():
        names = prim.GetPrimTypeInfo().GetAppliedAPISchemas()
        if not names:
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
                bindings.append(_read_binding(prim, kind, instance, problems))
    for extra in scenes[1:]:
        message = f"{SCENE_API} is applied to {scenes[0].GetPath()} already"
        problems.append(StageProblem("PS121", message, str(extra.GetPath()), "keep one"))
    return Discovery(tuple(bindings), _read_scene(scenes[0]) if scenes else SceneSettings(), tuple(problems))


def instance_name_problem(instance: str, path: str) -> StageProblem | None:
    """Say what is wrong with the instance name of a binding at `path`, or None."""
    if not Sdf.Path.IsValidIdentifier(instance):
        return StageProblem("PS104", f"{instance!r} is not an identifier", path, "choose an instance name of letters, digits and _")
    if instance in RESERVED_INSTANCE_NAMES:
        return StageProblem("PS104", f"{instance!r} is the name of a property of the schema", path, "choose another instance name")
    return None


def _read_binding(prim: Usd.Prim, kind: Kind, instance: str, problems: list[StageProblem]) -> Binding:
    key = BindingKey(str(prim.GetPath()), kind, instance)
    properties = {p.GetName().removeprefix(key.prefix): p for p in prim.GetAuthoredPropertiesInNamespace(key.prefix.rstrip(":"))}

    def value(name: str, default: Any) -> Any:
        found = properties.get(name)
        result = found.Get() if isinstance(found, Usd.Attribute) else None
        return default if result is None else result

    phase = value("phase", "update")
    if phase not in PHASES:
        message = f"there is no phase {phase!r}; it runs in phase 'update'"
        problems.append(StageProblem("PS121", message, f"{key.path}.{key.prefix}phase", f"one of {', '.join(PHASES)}", "warning"))
        phase = "update"
    module = properties.get("module")
    previous = frozenset(value("previous", ()))
    return Binding(
        key,
        tuple(map(str, module.GetForwardedTargets())) if isinstance(module, Usd.Relationship) else (),
        str(value("function", "")),
        bool(value("enabled", True)),
        cast(Phase, phase),
        int(value("order", 0)),
        float(value("rate", 0.0)),
        tuple(_inputs(properties, previous)),
        tuple(_outputs(properties)),
        str(value("extentMode", "computed")),
    )


def _inputs(properties: dict[str, Usd.Property], previous: frozenset[str]) -> Iterator[InputSpec]:
    for name, found in sorted(properties.items()):
        if name.startswith("inputs:") and isinstance(found, Usd.Attribute):
            port = name.removeprefix("inputs:")
            yield InputSpec(port, str(found.GetPath()), tuple(map(str, found.GetConnections())), port in previous)


def _outputs(properties: dict[str, Usd.Property]) -> Iterator[OutputSpec]:
    ports = {name.partition(":")[2] for name in properties if name.startswith(("outputs:", "writes:"))}
    for port in sorted(ports):
        attribute, writes = properties.get(f"outputs:{port}"), properties.get(f"writes:{port}")
        targets = tuple(map(str, writes.GetTargets())) if isinstance(writes, Usd.Relationship) else ()
        yield OutputSpec(port, str(attribute.GetPath()) if isinstance(attribute, Usd.Attribute) else None, targets)


def _read_scene(prim: Usd.Prim) -> SceneSettings:
    def value(name: str, default: Any) -> Any:
        result = prim.GetAttribute(f"portalis:scene:{name}").Get()
        return default if result is None else result

    return SceneSettings(
        int(value("seed", 0)),
        float(value("fixedStep", 0.0)),
        int(value("fuelPerFrame", 0)),
        int(value("memoryBytes", 0)),
        float(value("secondsPerFrame", 0.0)),
    )
