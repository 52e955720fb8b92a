"""Find the bindings of a stage: everything that is composed, read by what is authored, so that it works without the schemas too."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pxr import Sdf, Usd

from portalis.translator.stage.plan.bindings import PrimBinding
from portalis.translator.stage.plan.executor import Limits
from portalis.translator.stage.plan.reading import read_binding, read_bindings, read_value
from portalis.translator.stage.problems import Severity, StageProblem
from portalis.translator.stage.schema import KIND_OF_API, RESERVED_INSTANCE_NAMES, SCENE_API, Kind

_Value = TypeVar("_Value", bool, int, float, str, tuple[str, ...])
# A function of the class: looked up on an object of OpenUSD, it takes twice as long.
_type_info = Usd.Prim.GetPrimTypeInfo
# What `absence_problem` finds nothing wrong with, asked at once.
_is_shown = Usd.PrimIsActive & Usd.PrimIsLoaded & ~Usd.PrimIsAbstract & Usd.PrimIsDefined


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """What a PortalisSceneAPI says; zeros leave the host's own settings as they are."""

    seed: int = 0
    fixed_step: float = 0.0
    fuel_per_frame: int = 0
    memory_bytes: int = 0
    seconds_per_frame: float = 0.0
    path: str = "/"

    @property
    def limits(self) -> Limits:
        """What it allows one call."""
        return Limits(self.fuel_per_frame, self.memory_bytes, self.seconds_per_frame)


@dataclass(frozen=True, slots=True)
class Discovery:
    """The bindings of a stage in traversal order, its settings, what is wrong with how they are authored, and the prim of each binding."""

    bindings: tuple[PrimBinding, ...]
    scene: SceneSettings
    problems: tuple[StageProblem, ...]
    prims: tuple[Usd.Prim, ...] = ()


def discover(stage: Usd.Stage) -> Discovery:
    """Read every binding of the composed stage: of active, loaded, defined prims. What cannot run where it stands is a problem."""
    problems: list[StageProblem] = []
    scenes: list[Usd.Prim] = []
    elsewhere: list[Usd.Prim] = []
    bound: list[Usd.Prim] = []
    applied: list[tuple[tuple[Kind, str], ...]] = []
    prims = list(stage.TraverseAll())
    last: Usd.PrimTypeInfo | None = None
    ours: _Ours | None = None
    for prim, info in zip(prims, map(_type_info, prims), strict=True):
        # Prims of one type often follow one another.
        if info != last:
            last, ours = info, _ours(tuple(info.GetAppliedAPISchemas()))
        if ours is None:
            continue
        if not _is_shown(prim):
            elsewhere.append(prim)
            continue
        if ours.is_scene:
            scenes.append(prim)
        problems += [problem for name in ours.unsound if (problem := instance_name_problem(name, str(prim.GetPath())))]
        if ours.bindings:
            bound.append(prim)
            applied.append(ours.bindings)
    bindings, owners = read_bindings(bound, applied, problems)
    for extra in scenes[1:]:
        message = f"{SCENE_API} is applied to {scenes[0].GetPath()} already"
        problems.append(StageProblem("PS121", message, str(extra.GetPath()), "keep one"))
    scene = _read_scene(scenes[0], problems) if scenes else SceneSettings()
    problems += _absent(elsewhere, bindings)
    problems += _inside_instances(stage)
    problems += _over_instances(stage)
    return Discovery(tuple(bindings), scene, tuple(problems), tuple(owners))


@dataclass(frozen=True, slots=True)
class _Ours:
    """What is ours of the schemas that are applied to prims of one type: bindings, those with a name that is none, and the scene's."""

    bindings: tuple[tuple[Kind, str], ...]
    unsound: tuple[str, ...]
    is_scene: bool


@functools.lru_cache(maxsize=1024)
def _ours(names: tuple[str, ...]) -> _Ours | None:
    if not names:
        return None
    pairs = [(api, instance) for api, _, instance in (name.partition(":") for name in names)]
    ours = [(kind, instance) for api, instance in pairs if (kind := KIND_OF_API.get(api)) is not None]
    sound = {instance: instance_name_problem(instance, "") is None for _, instance in ours}
    return _Ours(
        tuple(item for item in ours if sound[item[1]]),
        tuple(instance for _, instance in ours if not sound[instance]),
        any(api == SCENE_API for api, _ in pairs),
    )


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


def bindings_of(prim: Usd.Prim) -> Iterator[PrimBinding]:
    """Return the bindings of a prim, whether or not they run."""
    for name in prim.GetPrimTypeInfo().GetAppliedAPISchemas():
        api, _, instance = name.partition(":")
        kind = KIND_OF_API.get(api)
        if kind is not None and instance_name_problem(instance, "") is None:
            yield read_binding(prim, kind, instance, [])


def every_binding(stage: Usd.Stage) -> Iterator[PrimBinding]:
    """Return every binding of the composed stage outside instances, those of prims that are not shown included, in traversal order."""
    for prim in stage.TraverseAll():
        yield from bindings_of(prim)


def _absent(prims: Sequence[Usd.Prim], running: Sequence[PrimBinding]) -> Iterator[StageProblem]:
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


def _over_instances(stage: Usd.Stage) -> Iterator[StageProblem]:
    """Refuse the bindings that the stage's own layers author below an instance: OpenUSD leaves out what they say there."""
    instances = [prim.GetPath() for prototype in stage.GetPrototypes() for prim in prototype.GetInstances() if not prim.IsInPrototype()]
    for layer in stage.GetLayerStack() if instances else ():
        for path in filter(None, (_bound_below(layer.GetPrimAtPath(place)) for place in sorted(instances))):
            problem = instance_problem(stage.GetPrimAtPath(path), str(path))
            if problem is not None:
                yield replace(problem, message=f"{problem.message}; {layer.identifier} has a binding here, which OpenUSD leaves out")


def _bound_below(spec: Sdf.PrimSpec | None) -> Sdf.Path | None:
    """Return the first prim below `spec` to which a layer applies one of our schemas."""
    waiting = [*spec.nameChildren] if spec is not None else []
    while waiting:
        child = waiting.pop(0)
        if any(name.partition(":")[0] in KIND_OF_API for name in child.GetInfo("apiSchemas").GetAppliedItems()):
            return child.path
        waiting += child.nameChildren
    return None


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


def _read_scene(prim: Usd.Prim, problems: list[StageProblem]) -> SceneSettings:
    def value(name: str, default: _Value) -> _Value:
        attribute = prim.GetAttribute(f"portalis:scene:{name}")
        if not attribute:
            return default
        result, problem = read_value(attribute, default)
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
