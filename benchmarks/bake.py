"""What it costs to keep what a run computed: `run -o`, from the frames' values to a file that was read back.

Stands for: prims that all move, a double3 and a quatd each, in every frame. "completed" is the way of usdc files: OpenUSD writes the
attributes, the samples are added to its file. "one by one" is the way of everything else, and "attr.Set" what a script would do: both put
every sample into a layer and export it. All three write a usdc of the same samples. Then what memory the first way takes, by the number of
frames. Leaves out: computing the values.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from common import Result, arguments, show
from pxr import Gf, Sdf, Usd

from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.values import Codec, Rows, codec_of

SIZES = ((1_000, 60), (10_000, 60), (10_000, 240))
MEMORY = (10_000, (60, 240, 960))
# Every sample of the others is an object in memory.
ALL_WAYS_UP_TO = 1_200_000


class Scene:
    """Prims at rest in a file, and the values of their attributes in each frame."""

    def __init__(self, folder: Path, prims: int, frames: int) -> None:
        self.folder = folder
        self.frames = frames
        layer = Sdf.Layer.CreateNew(str(folder / "scene.usdc"))
        self.columns: list[tuple[list[Target], Codec, Rows]] = []
        generator = np.random.default_rng(1)
        for name, type_name, rest in (("place", "double3", Gf.Vec3d(0.0)), ("turn", "quatd", Gf.Quatd(1.0))):
            codec = codec_of(type_name)
            assert codec is not None
            targets = [Target(f"/World/Prim{index}.{name}", type_name) for index in range(prims)]
            for target in targets:
                Sdf.JustCreatePrimAttributeInLayer(layer, target.path, Sdf.ValueTypeNames.Find(type_name), Sdf.VariabilityVarying)
                layer.GetAttributeAtPath(target.path).default = rest
            self.columns.append((targets, codec, generator.random((prims, codec.width))))
        layer.Save()
        self.stage = Usd.Stage.Open(layer)
        self.samples = 2 * prims * frames


def baked(scene: Scene, completing: bool) -> None:
    """Bake as `run -o` does."""
    baker = Baker(overlay(scene.stage, scene.folder / "out.usdc", overwrite=True), completing=completing)
    for frame in range(scene.frames):
        baker.at(float(frame))
        for targets, codec, rows in scene.columns:
            baker.column(targets, codec, (), np.arange(len(targets)), rows + frame)
    baker.finish(24.0)
    if baker.completed != completing:
        raise SystemExit("the file was not written the way that was asked for")


def with_set(scene: Scene) -> None:
    """Bake as a script would: `attr.Set(value, frame)` for each sample."""
    layer = Sdf.Layer.CreateAnonymous(".usdc")
    layer.subLayerPaths.append(scene.stage.GetRootLayer().identifier)
    stage = Usd.Stage.Open(layer)
    attributes = [[stage.GetAttributeAtPath(target.path) for target in targets] for targets, _, _ in scene.columns]
    for frame in range(scene.frames):
        for items, (_, codec, rows) in zip(attributes, scene.columns, strict=True):
            for attribute, value in zip(items, codec.values_of_rows(rows + frame), strict=True):
                attribute.Set(value, float(frame))
    layer.Export(str(scene.folder / "set.usdc"))


def seconds(act: Callable[[], None]) -> float:
    """Return the processor's time that one call takes: disks and other programs are not what is compared."""
    gc.collect()
    started = time.process_time()
    act()
    return time.process_time() - started


def memory(act: Callable[[], None]) -> float:
    """Return the memory, MB, that one call takes beyond what there was. Pages of files that are mapped are the system's to take back."""
    most, done = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.005):
            most = max(most, _anonymous_kilobytes())

    gc.collect()
    before = _anonymous_kilobytes()
    watching = threading.Thread(target=watch)
    watching.start()
    act()
    done.set()
    watching.join()
    return (max(most, before) - before) / 1e3


def _anonymous_kilobytes() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))


def memory_by_frames(quick: bool) -> Result:
    """Return what a bake's memory is, by the number of its frames."""
    prims, all_frames = (20, (5, 10)) if quick else MEMORY
    result = Result("memory of a bake, MB beyond the scene's", ("prims x frames", "MB", "MB of the file"))
    for frames in all_frames:
        with tempfile.TemporaryDirectory() as folder:
            scene = Scene(Path(folder), prims, frames)
            taken = memory(lambda scene=scene: baked(scene, True))  # type: ignore[misc]
            size = (Path(folder) / "out.usdc").stat().st_size / 1e6
        result.rows.append([f"{prims:,} x {frames}", f"{taken:.0f}", f"{size:.0f}"])
        result.data[str(frames)] = {"prims": prims, "frames": frames, "megabytes": taken, "file_megabytes": size}
    return result


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__ or "").parse_args()
    register_schemas()
    # First: what the other ways leave free would serve this one.
    kept = memory_by_frames(options.quick)
    result = Result("baking, µs of the processor a sample", ("prims x frames", "way", "seconds", "µs a sample", "ratio to completed"))
    figures = []
    for prims, frames in [(20, 5)] if options.quick else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            scene = Scene(Path(folder), prims, frames)
            ways: dict[str, Callable[[], None]] = {"completed": lambda scene=scene: baked(scene, True)}  # type: ignore[misc]
            if scene.samples <= ALL_WAYS_UP_TO:
                ways["one by one"] = lambda scene=scene: baked(scene, False)  # type: ignore[misc]
                ways["attr.Set"] = lambda scene=scene: with_set(scene)  # type: ignore[misc]
            taken = {name: seconds(act) for name, act in ways.items()}
        for name, spent in taken.items():
            ratio = f"{spent / taken['completed']:.1f}"
            result.rows.append([f"{prims:,} x {frames}", name, f"{spent:.2f}", f"{spent / scene.samples * 1e6:.2f}", ratio])
            figures.append({"prims": prims, "frames": frames, "way": name, "cpu_seconds": spent, "samples": scene.samples})
    result.data = {"bakes": figures}
    show([result, kept], options.json)


if __name__ == "__main__":
    sys.exit(main())
