"""One case of the fuzzer over stages: do a script's steps, and hold what happens to the stage's contract.

Broken is: an exception that is no `StageError` of ours, a frame that takes more processor time than every budget of its behaviours
together, a value written to what no binding declares, a layer of the user's that a frame changed, and a stage that stop does not give back.
"""

from __future__ import annotations

import contextlib
import difflib
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pxr import Gf, Sdf, Tf, Usd

from portalis.translator.bridge import Budget
from portalis.translator.diagnostics import TranslationError
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run import engine as engines
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.stage.schema import API_NAMES, MODULE_TYPE, prefix
from portalis.translator.translating.options import Options
from stage_fuzz.grammar import Step, generate
from stage_fuzz.sources import SOURCES

__all__ = ["generate", "run"]

register_schemas()
_ENGINE = engines.TranslatorEngine(Options(cases=4), Budget(fuel=400_000, fuel_per_lane=40_000, deadline_seconds=2.0))
# Processor seconds of a frame: the deadline, once for each of a few behaviours, what it takes to translate one that was edited, and room.
_FRAME_SECONDS = 20.0
_FRAME_LAYER = "portalis-frames"
_TRUST = TrustPolicy(Approvals(Path("/nonexistent")), ("*",))


class Broken(Exception):
    """An invariant does not hold."""


def run(steps: Sequence[Step], folder: Path, fates: Counter[str]) -> None:
    """Do a script's steps; raise where an invariant does not hold. `fates` counts what happened, for people to see that much did."""
    world = _World(folder, fates)
    try:
        for name, *arguments in steps:
            world.do(name, arguments)
    finally:
        world.end()


class _World:
    def __init__(self, folder: Path, fates: Counter[str]) -> None:
        self.folder = folder
        self.fates = fates
        self.stage = Usd.Stage.CreateInMemory("fuzz.usda")
        self.below = Sdf.Layer.CreateAnonymous("below.usda")
        self.stage.GetRootLayer().subLayerPaths.append(self.below.identifier)
        self.stage.SetDefaultPrim(self.stage.DefinePrim("/World", "Xform"))
        for path, type_name in (("/World/A", "Sphere"), ("/World/B", "Xform"), ("/World/A/C", "Cube"), ("/Other", "Scope")):
            prim = self.stage.DefinePrim(path, type_name)
            for name, of_type, value in (
                ("value", "double", 1.0),
                ("other", "float", 0.5),
                ("number", "int", 3),
                ("three", "double[]", [1.0, 2.0, 3.0]),
            ):
                prim.CreateAttribute(name, Sdf.ValueTypeNames.Find(of_type)).Set(value)
        self.stage.GetAttributeAtPath("/World/A.radius").Set(2.0)
        points = self.stage.DefinePrim("/World/Dust", "Points")
        points.GetAttribute("points").Set([Gf.Vec3f(1.0), Gf.Vec3f(2.0), Gf.Vec3f(3.0)])
        points.CreateAttribute("primvars:mass", Sdf.ValueTypeNames.FloatArray).Set([1.0, 2.0, 3.0])
        many = self.stage.DefinePrim("/World/Many", "PointInstancer")
        many.GetAttribute("positions").Set([Gf.Vec3f(1.0), Gf.Vec3f(2.0)])
        many.GetAttribute("protoIndices").Set([0, 0])
        self.simulation: Simulation | None = None
        # The attributes that the last frame left in the frame layer, and their values.
        self.left: dict[str, str] = {}

    def do(self, name: str, arguments: list[Any]) -> None:
        """Do one step; what OpenUSD itself refuses to author is not done."""
        match name:
            case "start":
                self.start(*arguments)
            case "frames":
                self.frames(*arguments)
            case "stop":
                self.stop()
            case "command line":
                self.command_line(*arguments)
            case "bind":
                self.bind(*arguments)
            case _:
                edit: Callable[..., None] = getattr(_Edits, {"class": "class_"}.get(name, name.replace(" ", "_")))
                try:
                    edit(self, *arguments)
                except Exception as error:
                    # What OpenUSD refuses is the author's; a listener of ours must not raise.
                    if any("translator" in frame.filename for frame in traceback.extract_tb(error.__traceback__)):
                        raise

    def bind(self, paths: list[str], source: str, kind: Any, instance: str, inputs: dict[str, str], outputs: dict[str, str]) -> None:
        text = SourceFile(f"{source}.py", SOURCES[source])
        before = _text(self.layers())
        try:
            interface = _ENGINE.interface(text, "")
            bind(self.stage, paths, text, interface, inputs=inputs, outputs=outputs, instance_name=instance, kind=kind, engine=_ENGINE)
        except (StageError, TranslationError) as error:
            self.count("bind", error)
            if changed := _difference(before, _text(self.layers())):
                raise Broken(f"a refused bind authored something: {changed} ({error})") from error
        else:
            self.fates["bound"] += 1

    def start(self, strict: bool, fps: float | None) -> None:
        if self.simulation is not None:
            return
        simulation = Simulation(self.stage, _ENGINE, _TRUST, fps=fps, strict=strict)
        try:
            clean = not any(problem.severity == "error" for problem in check(self.stage, _ENGINE))
        except StageError as error:
            clean = False
            self.count("check", error)
        before = _text(self.layers())
        try:
            simulation.start()
        except StageError as error:
            self.count("start", error)
            if clean and any(problem.code not in ("PS111", "PS140", "PS102") for problem in error.problems):
                raise Broken(f"check finds nothing, and the run is refused: {error}") from error
            if _text(self.layers()) != before:
                raise Broken("a refused start left something behind") from error
            return
        self.simulation = simulation
        self.fates["started"] += 1

    def frames(self, count: int) -> None:
        if self.simulation is None:
            return
        for _ in range(count):
            before, started = _text(self.layers()), time.process_time()
            try:
                self.simulation.step()
            except StageError as error:
                self.count("step", error)
                return
            if (spent := time.process_time() - started) > _FRAME_SECONDS:
                raise Broken(f"a frame took {spent:.0f} s of the processor")
            if _text(self.layers()) != before:
                raise Broken("a frame changed a layer of the user's")
            self.require_declared()
            self.fates["frames"] += 1
        self.fates["faults"] += sum(item.errors for item in self.simulation.report().behaviours)

    def stop(self) -> None:
        if self.simulation is None:
            return
        before = _text(self.layers())
        self.simulation.stop()
        self.simulation = None
        if any(_FRAME_LAYER in name for name in self.stage.GetSessionLayer().subLayerPaths):
            raise Broken("stop left the layer of the frames in the session")
        if _text(self.layers()) != before:
            raise Broken("stop did not give the stage back")
        self.fates["stopped"] += 1

    def end(self) -> None:
        """Close what is still open."""
        if self.simulation is not None:
            with contextlib.suppress(Exception):
                self.simulation.stop()

    def layers(self) -> list[Sdf.Layer]:
        """Return every layer that is the user's."""
        return [self.stage.GetSessionLayer(), self.stage.GetRootLayer(), self.below]

    def frame_layer(self) -> Sdf.Layer | None:
        """Return the layer that frames are written to."""
        names = [name for name in self.stage.GetSessionLayer().subLayerPaths if _FRAME_LAYER in name]
        return Sdf.Layer.Find(names[0]) if names else None

    def require_declared(self) -> None:
        """Raise where the frame layer has an opinion on an attribute that no binding of the stage declares.

        What a binding wrote that is no longer there stays as it is.
        """
        layer = self.frame_layer()
        if layer is None:
            return
        written: list[str] = []
        layer.Traverse(Sdf.Path.absoluteRootPath, lambda path: written.append(str(path)) if path.IsPrimPropertyPath() else None)
        declared, left = _declared(self.stage), dict[str, str]()
        for path in written:
            spec = layer.GetAttributeAtPath(path)
            prim, _, name = path.partition(".")
            moves = (f"{prim}.xformOp:", f"{prim}.portalis:transform:")
            moved = name.startswith("xformOp:") and any(other.startswith(moves) for other in declared)
            if spec is None or not spec.HasInfo("default"):
                continue
            value = repr(spec.default)
            if path not in declared and name != "extent" and not moved and self.left.get(path) != value:
                raise Broken(f"{path} was written, and no binding declares it")
            left[path] = value
        self.left = left

    def command_line(self, flat: bool) -> None:
        """Save the stage, then check, run and bake it as a user would."""
        from stage_sweep.one_stage import command

        path, output = self.folder / "stage.usda", self.folder / "out.usda"
        output.unlink(missing_ok=True)
        layer = Sdf.Layer.CreateAnonymous(".usda")
        layer.TransferContent(self.stage.GetRootLayer())
        layer.subLayerPaths.clear()
        try:
            layer.Export(str(path))
        except Tf.ErrorException:
            return
        shared, engines.TranslatorEngine = engines.TranslatorEngine, lambda *_, **__: _ENGINE  # type: ignore[misc, assignment]
        try:
            options = ["--frames", 2, "--trust", "*", "--json", "-o", output, *(["--flatten"] if flat else [])]
            for name, arguments in (("check", ["--json"]), ("run", options)):
                answer = command(name, path, *arguments)
                self.fates[f"{name} {answer.status}"] += 1
                if answer.trace or answer.status not in (0, 1, 2):
                    raise Broken(f"{name} ends with {answer.status}: {answer.trace}")
                if answer.status != 2 and answer.json.get("ok") is not (answer.status == 0):
                    raise Broken(f"{name} ends with {answer.status} and says {answer.json}")
        finally:
            engines.TranslatorEngine = shared  # type: ignore[misc]

    def count(self, what: str, error: StageError | TranslationError) -> None:
        """Take note of a refusal."""
        codes = (problem.code for problem in error.problems) if isinstance(error, StageError) else (item.code for item in error.diagnostics)
        self.fates.update(f"{what} {code}" for code in set(codes))


def _text(layers: Sequence[Sdf.Layer]) -> list[str]:
    """Return layers as text, without the layer of the frames."""
    texts = []
    for layer in layers:
        copy = Sdf.Layer.CreateAnonymous(".usda")
        copy.TransferContent(layer)
        for name in [name for name in copy.subLayerPaths if _FRAME_LAYER in name]:
            copy.subLayerPaths.remove(name)
        texts.append(copy.ExportToString())
    return texts


def _difference(before: Sequence[str], after: Sequence[str]) -> str:
    """Return the lines by which layers differ; empty where they do not."""
    pairs = zip(before, after, strict=True)
    lines = [line for one, other in pairs for line in difflib.unified_diff(one.splitlines(), other.splitlines(), lineterm="", n=1)]
    return "\n".join(lines)


def _declared(stage: Usd.Stage) -> set[str]:
    declared: set[str] = set()
    for prim in stage.TraverseAll():
        for found in prim.GetAuthoredPropertiesInNamespace("portalis"):
            if ":writes:" in found.GetName() and isinstance(found, Usd.Relationship):
                declared.update(map(str, found.GetTargets()))
            elif ":outputs:" in found.GetName():
                declared.add(str(found.GetPath()))
    return declared


def _typed(type_name: str, value: Any) -> Any:
    """Return a plain value as OpenUSD takes it for an attribute type."""
    wanted = Sdf.ValueTypeNames.Find(type_name)
    if isinstance(value, list) and wanted.isArray:
        return [_typed(type_name.removesuffix("[]"), item) for item in value]
    default = wanted.defaultValue
    if isinstance(value, list):
        return type(default)(*(value if len(value) != 4 or not type_name.startswith("quat") else (value[0], Gf.Vec3d(*value[1:]))))
    return type(default)(value) if isinstance(default, Sdf.AssetPath | Sdf.TimeCode) else value


def _specialized(stage: Usd.Stage, target: str) -> set[str]:
    """Return what a prim, what is above it and what these specialize come to, with all that is above that."""
    found, pending = set[str](), [Sdf.Path(target)]
    while pending:
        for path in pending.pop().GetPrefixes():
            spec = stage.GetRootLayer().GetPrimAtPath(path)
            if str(path) not in found:
                found.add(str(path))
                pending += list(spec.specializesList.prependedItems) + list(spec.specializesList.appendedItems) if spec else []
    return found


class _Edits:
    """What a user does to a stage, one method a kind of step."""

    @staticmethod
    def prim(world: _World, path: str, type_name: str) -> None:
        world.stage.DefinePrim(path, type_name)

    @staticmethod
    def over(world: _World, path: str) -> None:
        world.stage.OverridePrim(path)

    @staticmethod
    def class_(world: _World, path: str) -> None:
        world.stage.CreateClassPrim(path)

    @staticmethod
    def instanceable(world: _World, path: str) -> None:
        world.stage.GetPrimAtPath(path).SetInstanceable(True)

    @staticmethod
    def variants(world: _World, path: str) -> None:
        prim = world.stage.GetPrimAtPath(path)
        variants = prim.GetVariantSets().AddVariantSet("look")
        for name in ("one", "two"):
            variants.AddVariant(name)
            variants.SetVariantSelection(name)
            with variants.GetVariantEditContext():
                prim.CreateAttribute("value", Sdf.ValueTypeNames.Double).Set(1.0)

    @staticmethod
    def variant(world: _World, path: str, name: str) -> None:
        world.stage.GetPrimAtPath(path).GetVariantSet("look").SetVariantSelection(name)

    @staticmethod
    def ops(world: _World, path: str, ops: list[tuple[str, str, Any]]) -> None:
        prim = world.stage.GetPrimAtPath(path)
        for name, type_name, value in ops:
            if type_name:
                with contextlib.suppress(Tf.ErrorException, TypeError, ValueError):
                    prim.CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name), False).Set(_typed(type_name, value))
        prim.CreateAttribute("xformOpOrder", Sdf.ValueTypeNames.TokenArray, False, Sdf.VariabilityUniform).Set([op[0] for op in ops])

    @staticmethod
    def attribute(world: _World, path: str, type_name: str, value: Any) -> None:
        prim, _, name = path.partition(".")
        attribute = world.stage.GetPrimAtPath(prim).CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name))
        if value is not None:
            attribute.Set(_typed(type_name, value))

    @staticmethod
    def animate(world: _World, path: str, type_name: str, samples: list[tuple[float, Any]]) -> None:
        prim, _, name = path.partition(".")
        attribute = world.stage.GetPrimAtPath(prim).CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name))
        for code, value in samples:
            attribute.Set(_typed(type_name, value), code)

    @staticmethod
    def retype(world: _World, path: str, type_name: str, value: Any) -> None:
        prim, _, name = path.partition(".")
        world.stage.GetPrimAtPath(prim).RemoveProperty(name)
        _Edits.attribute(world, path, type_name, value)

    @staticmethod
    def session(world: _World, path: str, type_name: str, value: Any) -> None:
        with Usd.EditContext(world.stage, world.stage.GetSessionLayer()):
            _Edits.attribute(world, path, type_name, value)

    @staticmethod
    def reference(world: _World, path: str, target: str) -> None:
        world.stage.GetPrimAtPath(path).GetReferences().AddInternalReference(target)

    @staticmethod
    def payload(world: _World, path: str, target: str) -> None:
        world.stage.GetPrimAtPath(path).GetPayloads().AddInternalPayload(target)

    @staticmethod
    def inherit(world: _World, path: str, target: str) -> None:
        world.stage.GetPrimAtPath(path).GetInherits().AddInherit(target)

    @staticmethod
    def specialize(world: _World, path: str, target: str) -> None:
        # Of a payload beside prims that specialize one another in a ring OpenUSD itself does not come back.
        if path not in _specialized(world.stage, target):
            world.stage.GetPrimAtPath(path).GetSpecializes().AddSpecialize(target)

    @staticmethod
    def root(world: _World, name: str, value: Any) -> None:
        world.stage.GetRootLayer().pseudoRoot.SetInfo(name, {"a": value} if name in ("customLayerData", "expressionVariables") else value)

    @staticmethod
    def sublayer(world: _World, path: str, in_session: bool) -> None:
        layer = world.stage.GetSessionLayer() if in_session else world.below
        Sdf.CreatePrimInLayer(layer, path).specifier = Sdf.SpecifierDef

    @staticmethod
    def module(world: _World, path: str, source: str, damage: str) -> None:
        if damage == "missing":
            return
        prim = world.stage.DefinePrim(path, "Scope" if damage == "type" else MODULE_TYPE)
        uniform = Sdf.VariabilityUniform
        name, type_name = ("sourceAsset", Sdf.ValueTypeNames.Asset) if damage == "asset" else ("source", Sdf.ValueTypeNames.String)
        value = Sdf.AssetPath("/dev/zero") if damage == "asset" else SOURCES[source]
        prim.CreateAttribute(f"portalis:{name}", type_name, False, uniform).Set(value)
        if damage == "sha":
            prim.CreateAttribute("portalis:sourceSha256", Sdf.ValueTypeNames.String, False, uniform).Set("00")

    @staticmethod
    def apply(world: _World, path: str, kind: Any, instance: str, module: str) -> None:
        prim = world.stage.GetPrimAtPath(path)
        prim.AddAppliedSchema(f"{API_NAMES[kind]}:{instance}")
        prim.CreateRelationship(f"{prefix(kind, instance)}module", custom=False).SetTargets([module])

    @staticmethod
    def field(world: _World, path: str, kind: Any, instance: str, name: str, type_name: str, value: Any) -> None:
        _Edits.attribute(world, f"{path}.{prefix(kind, instance)}{name}", type_name, value)

    @staticmethod
    def scene(world: _World, path: str, name: str, type_name: str, value: Any) -> None:
        world.stage.GetPrimAtPath(path).AddAppliedSchema("PortalisSceneAPI")
        _Edits.attribute(world, f"{path}.portalis:scene:{name}", type_name, value)

    @staticmethod
    def input(world: _World, path: str, kind: Any, instance: str, name: str, type_name: str, value: Any, to: str | None) -> None:
        own = f"{path}.{prefix(kind, instance)}inputs:{name}"
        _Edits.attribute(world, own, type_name, value)
        if to is not None:
            world.stage.GetAttributeAtPath(own).SetConnections([to])

    @staticmethod
    def output(world: _World, path: str, kind: Any, instance: str, name: str, type_name: str | None, targets: list[str]) -> None:
        prim = world.stage.GetPrimAtPath(path)
        if targets:
            prim.CreateRelationship(f"{prefix(kind, instance)}writes:{name}", custom=False).SetTargets(targets)
        if type_name is not None:
            prim.CreateAttribute(f"{prefix(kind, instance)}outputs:{name}", Sdf.ValueTypeNames.Find(type_name), False)

    @staticmethod
    def delete(world: _World, path: str) -> None:
        world.stage.RemovePrim(path)

    @staticmethod
    def active(world: _World, path: str, active: bool) -> None:
        world.stage.GetPrimAtPath(path).SetActive(active)

    @staticmethod
    def rename(world: _World, path: str, other: str) -> None:
        edit = Sdf.BatchNamespaceEdit()
        edit.Add(path, other)
        world.stage.GetRootLayer().Apply(edit)

    @staticmethod
    def mute(world: _World, muted: bool) -> None:
        (world.stage.MuteLayer if muted else world.stage.UnmuteLayer)(world.below.identifier)

    @staticmethod
    def frame_layer(world: _World, what: str) -> None:
        layer, names = world.frame_layer(), world.stage.GetSessionLayer().subLayerPaths
        if layer is None:
            return
        if what == "cleared":
            layer.Clear()
            return
        names.remove(layer.identifier)
        if what == "last":
            names.append(layer.identifier)

    @staticmethod
    def session_cleared(world: _World) -> None:
        world.stage.GetSessionLayer().Clear()

    @staticmethod
    def root_layer_cleared(world: _World) -> None:
        world.stage.GetRootLayer().Clear()

    @staticmethod
    def reload(world: _World) -> None:
        world.stage.Reload()
