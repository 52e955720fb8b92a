"""A thousand projectiles with drag, wind and bounces, on a stage in metres with Z up and on one in centimetres with Y up.

From Python to moving prims: translate and verify, write the Rust crate and the WASM module, bind, run 240 frames, bake, check against the
closed form, draw.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from physics import camera_checks, checks
from picture import draw
from pxr import Usd
from scene import CAMERA, CENTIMETRES_Y_UP, METRES_Z_UP, StageKind, Throws, build, followed, throws

from portalis.translator.cli.demonstration import Check, Demonstration, at_most, fresh, options_of, sources
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import default_policy
from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation

HERE = Path(__file__).parent
BEHAVIOURS = {"projectile": "update", "camera": "follow"}


def main() -> int:
    """Run the demo and return 0 where every check holds."""
    options = options_of(__doc__, "projectile", 240).parse_args()
    show, engine, texts = Demonstration.of(options), TranslatorEngine(), sources(HERE, *BEHAVIOURS)
    for name, function in BEHAVIOURS.items():
        show.verified(name, engine.compile(texts[name], function).translation, crate=True)
    start, paths = throws(), {}
    for kind in (METRES_Z_UP, CENTIMETRES_Y_UP):
        folder = options.output / kind.name
        positions = paths[kind.name] = run(show, engine, texts, kind, start, folder, options.frames)
        show.checks[kind.name] = [*checks(start, positions), *camera_checks(folder / "out.usda", kind, positions)]
    show.checks["both"] = [stages_agree(paths)]
    picture = draw(options.output / "trajectories.png", start, paths[METRES_Z_UP.name])
    return show.end(picture, [options.output / name / "out.usda" for name in paths])


def run(
    show: Demonstration,
    engine: TranslatorEngine,
    texts: Mapping[str, SourceFile],
    kind: StageKind,
    start: Throws,
    folder: Path,
    frames: int,
) -> np.ndarray[Any, Any]:
    """Build one stage, bind, run and bake; return positions (frames + 1, n, 3) in metres with Z up, the start first."""
    scene, out = fresh(folder, "scene.usda", "out.usda")
    prims = build(scene, kind, start)
    stage = open_stage(scene)
    policy = default_policy()
    flight, camera = (engine.interface(texts[name], function) for name, function in BEHAVIOURS.items())
    bind(stage, prims, texts["projectile"], flight, approvals=policy.approvals)
    target = {"target": f"{prims[followed(len(prims))]}.xformOp:translate"}
    bind(stage, [CAMERA], texts["camera"], camera, inputs=target, approvals=policy.approvals)
    stage.GetRootLayer().Save()
    baker = Baker(overlay(stage, out))
    with Simulation(stage, engine, policy, sinks=[baker]) as simulation:
        for _ in show.frames(simulation, frames, kind.name):
            pass
        show.runs[kind.name] = simulation.report()
    baker.finish(simulation.clock.fps)

    # Read the baked file back, as anybody would: the sample of frame k is the state after k + 1 steps.
    baked = Usd.Stage.Open(str(out))
    attributes = [baked.GetPrimAtPath(prim).GetAttribute("xformOp:translate") for prim in prims]
    samples = [kind.metres(np.array([attribute.Get(float(frame)) for attribute in attributes])) for frame in range(frames)]
    return np.stack([start.position, *samples])


def stages_agree(paths: Mapping[str, np.ndarray[Any, Any]]) -> Check:
    """Both stages hold the same throws: before chaos sets in at the first bounce, their positions in metres agree to rounding."""
    left, right = paths.values()
    flying = np.logical_and.accumulate((left[:, :, 2] > 0.01) | (np.arange(len(left)) == 0)[:, None], axis=0)
    error = np.abs(left - right).max(axis=2)[flying].max() / np.abs(left).max()
    return at_most("metres against centimetres", error, 1e-12, int(flying.sum()))


if __name__ == "__main__":
    sys.exit(main())
