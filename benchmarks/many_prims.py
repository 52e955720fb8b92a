"""`bind`, `check` and `run -o` on stages of 3,000 and 30,000 bound prims: how they grow with the prims, and where a run's time goes.

Stands for a large stage on the command line: each command is a process of its own and begins from files. Compared is processor time, which
other programs on the machine change little; "linear" is by how many times there are more prims. The table of a run's phases is what
`run --report` says, beside the wall time of the process: what lies outside is Python's own start and end. Leaves out: transforms through
more than one op, references, behaviours that read one another, and Kit.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from common import Result, arguments, show
from pxr import Gf, Sdf, Usd, UsdGeom, Vt
from stage_bench import PRIMS

from portalis.translator.stage.author.trust import SETTINGS_VARIABLE

COUNTS, QUICK_COUNTS = (3_000, 30_000), (5, 20)
FRAMES, QUICK_FRAMES = 24, 2
_WIRES = ("--input", "velocity=velocity", "--input", "drag=drag", "--output", "velocity=velocity")


@dataclass(frozen=True)
class Cost:
    """What one command took, in seconds: processor time of its process and those that it started, and wall time."""

    processor: float
    wall: float


def make_stage(path: Path, count: int) -> None:
    """Write a stage of `count` prims with a position, a velocity and a drag each."""
    layer = Sdf.Layer.CreateNew(str(path))
    stage = Usd.Stage.Open(layer)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    # Told to the stage at once: prim by prim, it would compose what is there again each time.
    with Sdf.ChangeBlock():
        world = layer.GetPrimAtPath("/World")
        for index in range(count):
            prim = Sdf.PrimSpec(world, f"p{index}", Sdf.SpecifierDef, "Xform")
            Sdf.AttributeSpec(prim, "xformOp:translate", Sdf.ValueTypeNames.Double3).default = Gf.Vec3d(index, 0.0, 10.0)
            order = Sdf.AttributeSpec(prim, "xformOpOrder", Sdf.ValueTypeNames.TokenArray, Sdf.VariabilityUniform)
            order.default = Vt.TokenArray(["xformOp:translate"])
            Sdf.AttributeSpec(prim, "velocity", Sdf.ValueTypeNames.Vector3d).default = Gf.Vec3d(1.0, index % 7, 3.0)
            Sdf.AttributeSpec(prim, "drag", Sdf.ValueTypeNames.Double).default = 0.01
    stage.Save()


def command(folder: Path, *words: str) -> Cost:
    """Run one command of `portalis` in `folder`; SystemExit with what it said where it fails."""
    started = time.perf_counter()
    log = folder / "said"
    with log.open("wb") as out:
        actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, out.fileno(), 2)]
        program = [sys.executable, "-m", "portalis.translator.cli", *words]
        # Nobody's own approvals are touched.
        process = os.posix_spawn(sys.executable, program, os.environ | {SETTINGS_VARIABLE: str(folder)}, file_actions=actions)
        _, status, used = os.wait4(process, 0)
    if status != 0:
        raise SystemExit(f"many_prims: portalis {words[0]} failed: {log.read_text(encoding='utf-8', errors='replace')}")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - started)


def costs(folder: Path, count: int, frames: int) -> tuple[dict[str, Cost], dict[str, float]]:
    """Return what each command costs for `count` prims, and the seconds of a run by phase."""
    stage, over, bake, report = (str(folder / name) for name in (f"{count}.usd", f"{count}.over.usd", f"{count}.usdc", f"{count}.json"))
    behaviour = folder / "projectile.py"
    behaviour.write_text(PRIMS, encoding="utf-8")
    make_stage(Path(stage), count)
    found = {
        "bind": command(folder, "bind", stage, "/World/p*", str(behaviour), *_WIRES, "-o", over),
        "check": command(folder, "check", over),
        f"run -o, {frames} frames": command(folder, "run", over, "--frames", str(frames), "-o", bake, "--report", report),
    }
    return found, json.loads(Path(report).read_text(encoding="utf-8"))["seconds"]


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__ or "").parse_args()
    if not hasattr(os, "wait4"):
        raise SystemExit("many_prims: this system does not tell the processor time of a process that ended")
    small, large = QUICK_COUNTS if options.quick else COUNTS
    with tempfile.TemporaryDirectory() as name:
        if not options.quick:
            # What is translated and verified once, whatever the number of prims, is done before.
            costs(Path(name), 1, 1)
        many, more = costs(Path(name), large, QUICK_FRAMES if options.quick else FRAMES)
        few, phases = (many, more) if options.quick else costs(Path(name), small, FRAMES)
    sizes = tuple(f"{count:,} prims, s of CPU" for count in (small, large))
    columns = ("command", *sizes, f"ratio (linear: {large / small:.0f})", "µs a further prim")
    table = Result("commands on many prims", columns)
    for what in few:
        one, other = few[what].processor, many[what].processor
        a_prim = (other - one) / (large - small) * 1e6
        table.rows.append([what, f"{one:.2f}", f"{other:.2f}", f"{other / one:.1f}", f"{a_prim:.0f}"])
    told = Result("where the wall time of a run goes, s", ("phase", f"{small:,} prims", f"{large:,} prims"))
    told.rows = [[phase, f"{phases.get(phase, 0.0):.2f}", f"{seconds:.2f}"] for phase, seconds in more.items()]
    walls = [next(reversed(found.values())).wall for found in (few, many)]
    told.rows.append(["outside of the report", *(f"{wall - sum(of.values()):.2f}" for wall, of in zip(walls, (phases, more), strict=True))])
    told.rows.append(["the process", *(f"{wall:.2f}" for wall in walls)])
    told.remarks = [f"the report accounts for {sum(more.values()) / walls[1]:.1%} of the run with {large:,} prims"]
    show([table, told], options.json)


if __name__ == "__main__":
    sys.exit(main())
