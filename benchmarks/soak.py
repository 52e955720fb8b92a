"""A day of work on one stage, in an hour: 200 prims run while somebody edits, and nothing may grow or fall over.

It stands for a stage that is open and playing while its author works: values edited in most frames; prims made, bound, switched off and
deleted; modules edited, some into what is refused, some into what never ends; layers muted, variants switched, a crowd that grows and
shrinks; pauses, and now and then the time line dragged back. It leaves out a renderer and Kit. The edits come from a seed, which is
printed; names are taken from a pool, because OpenUSD keeps every name that it ever saw.

    python benchmarks/soak.py --frames 20000 --seed 1

It ends with status 1 where a step raises, where stopping does not give the stage back, or where memory grew.
"""

from __future__ import annotations

import argparse
import gc
import platform
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.plan.modules import source_sha256
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.translating.options import Options

PRIMS = 200
SPARE = 40
FRAMES_BETWEEN_EDITS = 20
# Allocators keep what they had: growth is what goes on after the first quarter, and beyond this share of it.
MOST_GROWTH = 0.05
FEWEST_FOR_GROWTH = 2_000

MOVE = """\
from pxr import Gf

def move(position: Gf.Vec3d, speed: float, delta_time: float, index: int, endless: int):
    steps = 0
    while index == endless:
        steps = 1 - steps
    position = position * 0.999 + Gf.Vec3d(speed * delta_time, 0.0, FACTOR)
    return position
"""
WATCH = """\
from pxr import Gf

class Watch:
    seen: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    near: float = 0.0
    count: int = 0

    def on_play(self):
        self.count = 1

    def on_update(self, frame: int):
        self.count = self.count + 1
        self.near = self.near * 0.5 + self.seen[0] + 1.0 / float(self.count % 1000)
"""
SWARM = """\
from pxr import Gf

def swarm(position: Gf.Vec3d, index: int, current_time: float):
    position = position * 0.99 + Gf.Vec3d(0.01, current_time * 0.001, float(index))
    return position
"""
# What somebody types: the same behaviour with another number, what is refused, what has no end in sight.
EDITS = (
    *(MOVE.replace("FACTOR", f"{k}.0 * 0.001") for k in range(6)),
    MOVE.replace("FACTOR", "float(open(1))"),
    MOVE.replace("FACTOR", "0.0").replace("index == endless", "index >= 0"),
    "def move(:\n",
)


class Author:
    """Makes the stage and edits it, one edit at a time."""

    def __init__(self, engine: TranslatorEngine, seed: int) -> None:
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self._engine = engine
        self.stage = self._make()

    def edit(self) -> None:
        """Edit one thing."""
        prims = (self._make_prim, self._delete_prim, self._enable, self._crowd)
        edits: Sequence[Callable[[], None]] = (self._module, self._module, *prims, self._mute, self._variant, self._endless)
        chosen = self.random.choice(edits)
        self.done[chosen.__name__.strip("_")] += 1
        chosen()

    def value(self) -> None:
        """Edit a value that a behaviour reads."""
        prim = self.stage.GetPrimAtPath(f"/World/P{self.random.randrange(PRIMS - 2)}")
        prim.GetAttribute("speed").Set(self.random.random())

    # ------------------------------------------------------------------------------------------------------------ the stage
    def _make(self) -> Usd.Stage:
        stage = Usd.Stage.CreateInMemory()
        UsdGeom.SetStageMetersPerUnit(stage, 1.0)
        stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
        stage.SetTimeCodesPerSecond(24.0)
        self.stage = stage
        for index in range(PRIMS - 1):
            self._prim(f"/World/P{index}")
        movers = [f"/World/P{index}" for index in range(PRIMS - 51)]
        self._bind(movers, MOVE.replace("FACTOR", "0.0"), inputs={"endless": "-1"})
        for index in range(PRIMS - 51, PRIMS - 1):
            self._bind([f"/World/P{index}"], WATCH, inputs={"seen": f"/World/P{index - 100}.xformOp:translate"})
        points = UsdGeom.Points.Define(stage, "/World/Crowd")
        points.CreatePointsAttr([Gf.Vec3f(float(index)) for index in range(50)])
        self._bind(["/World/Crowd"], SWARM)
        self._layer = Sdf.Layer.CreateAnonymous()
        stage.GetRootLayer().subLayerPaths.append(self._layer.identifier)
        variants = stage.GetPrimAtPath("/World/P0").GetVariantSets().AddVariantSet("pace")
        for name, speed in (("slow", 0.1), ("fast", 10.0)):
            variants.AddVariant(name)
            variants.SetVariantSelection(name)
            with variants.GetVariantEditContext():
                stage.GetPrimAtPath("/World/P0").GetAttribute("speed").Set(speed)
        return stage

    def _prim(self, path: str) -> None:
        prim = UsdGeom.Xform.Define(self.stage, path)
        prim.AddTranslateOp().Set(Gf.Vec3d(0.0))
        for name in ("speed", "near"):
            prim.GetPrim().CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(1.0)

    def _bind(self, paths: list[str], text: str, **options: object) -> None:
        source = SourceFile("soak.py", text)
        bind(self.stage, paths, source, self._engine.interface(source, ""), **options)  # type: ignore[arg-type]

    # ------------------------------------------------------------------------------------------------------------ the edits
    def _module(self) -> None:
        text = self.random.choice(EDITS)
        module = self.stage.GetPrimAtPath("/World/Portalis/soak")
        with Sdf.ChangeBlock():
            spec = self.stage.GetRootLayer().GetPrimAtPath(module.GetPath())
            spec.attributes["portalis:source"].default = text
            spec.attributes["portalis:sourceSha256"].default = source_sha256(text)

    def _make_prim(self) -> None:
        path = f"/World/New{self.random.randrange(SPARE)}"
        if not self.stage.GetPrimAtPath(path):
            self._prim(path)
            self._bind([path], WATCH, inputs={"seen": "/World/P1.xformOp:translate"})

    def _delete_prim(self) -> None:
        self.stage.RemovePrim(f"/World/New{self.random.randrange(SPARE)}")

    def _enable(self) -> None:
        prim = self.stage.GetPrimAtPath(f"/World/P{self.random.randrange(PRIMS - 51)}")
        attribute = prim.CreateAttribute("portalis:behavior:move:enabled", Sdf.ValueTypeNames.Bool, False, Sdf.VariabilityUniform)
        attribute.Set(self.random.random() < 0.7)

    def _crowd(self) -> None:
        count = self.random.randrange(100)
        self.stage.GetAttributeAtPath("/World/Crowd.points").Set([Gf.Vec3f(float(index)) for index in range(count)])

    def _mute(self) -> None:
        (self.stage.UnmuteLayer if self._layer.identifier in self.stage.GetMutedLayers() else self.stage.MuteLayer)(self._layer.identifier)

    def _variant(self) -> None:
        self.stage.GetPrimAtPath("/World/P0").GetVariantSet("pace").SetVariantSelection(self.random.choice(("slow", "fast")))

    def _endless(self) -> None:
        """Have one prim never end, and give it up: the others run on."""
        prim = self.stage.GetPrimAtPath(f"/World/P{self.random.randrange(PRIMS - 51)}")
        prim.GetAttribute("portalis:behavior:move:inputs:endless").Set(self.random.randrange(-1, PRIMS))


def memory_mb() -> float:
    """Return the memory that this process holds, in MB; 0 where the system does not tell."""
    gc.collect()
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024.0 for line in lines if line.startswith("VmRSS")), 0.0)


def soak(frames: int, seed: int) -> int:
    """Run, print, and return the status."""
    register_schemas()
    engine = TranslatorEngine(Options(cases=16))
    author = Author(engine, seed)
    print(f"soak: {frames:,} frames over {PRIMS} prims, seed {seed}; Python {platform.python_version()}, {platform.platform()}")
    simulation = Simulation(author.stage, engine, TrustPolicy(Approvals(Path("/nonexistent")), ("*",)), strict=False)
    held: list[float] = []
    rewinds = 0
    started, slowest = time.process_time(), 0.0
    with simulation:
        for frame in range(frames):
            if author.random.random() < 0.5:
                author.value()
            if frame % FRAMES_BETWEEN_EDITS == 0:
                author.edit()
            if author.random.random() < 0.001:
                simulation.pause()
                author.value()
                simulation.resume()
            if author.random.random() < 0.0005:
                simulation.rewind()
                rewinds += 1
            before = time.process_time()
            simulation.step()
            slowest = max(slowest, time.process_time() - before)
            if frame % max(1, frames // 20) == 0:
                held.append(memory_mb())
                errors = sum(item.errors for item in simulation.report().behaviours)
                used = time.process_time() - started
                print(f"  frame {frame:>8,}: {held[-1]:7.1f} MB, {used:7.1f} s of CPU, {errors:,} errors", flush=True)
    held.append(memory_mb())
    session = author.stage.GetSessionLayer()
    clean = not session.subLayerPaths and not session.rootPrims
    quarter = max(held[: len(held) // 4 + 1])
    growth = held[-1] / quarter - 1.0 if quarter else 0.0
    seconds = time.process_time() - started
    edits = ", ".join(f"{count} {name}" for name, count in sorted(author.done.items()))
    print(f"  {seconds:.1f} s of CPU, {seconds / frames * 1000.0:.2f} ms a frame, slowest {slowest * 1000.0:.0f} ms")
    print(f"  {rewinds} rewinds, {edits}")
    print(f"  memory after the first quarter {quarter:.1f} MB, at the end {held[-1]:.1f} MB: {growth:+.1%}")
    print(f"  the stage was {'given back' if clean else 'NOT GIVEN BACK'}")
    flat = frames < FEWEST_FOR_GROWTH or growth <= MOST_GROWTH
    return 0 if clean and flat else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.exit(soak(arguments.frames, arguments.seed))
