"""A UR5e: joint angles for ten thousand poses, by damped least squares, and a hundred robots that draw Lissajous's table.

From Python to moving robots: translate and verify, bind to crowds, run, bake, check against a product of exponentials and against the
closed form, draw.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from checks import Solutions, drawing_checks, solver_checks
from picture import draw
from pxr import Usd
from scene import (
    BEYOND,
    LINKS,
    ROBOTS,
    TARGETS,
    Drawings,
    build_robots,
    build_targets,
    drawings,
    poses_beyond_reach,
    seeded_joints,
)
from truth import Array

from portalis.translator.cli.demonstration import Demonstration, fresh, options_of, sources
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import TrustPolicy, default_policy
from portalis.translator.stage.bake.baker import Baker
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.layers import overlay
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation

HERE = Path(__file__).parent
BEHAVIOURS = ("forward", "inverse", "follow", "links")
# An attempt is judged on the frame after its last iteration, and there are nine: no target is at work any longer.
FRAMES_OF_THE_SOLVER = 9 * 101 + 1


@dataclass
class Program:
    """The behaviours' source with the engine that translates it, and where to say so."""

    source: SourceFile
    engine: TranslatorEngine
    show: Demonstration


def main() -> int:
    """Run the demo and return 0 where every check holds."""
    parser = options_of(__doc__, "robot_arm", 960, "of the drawing robots; a drawing takes 960")
    parser.add_argument("--targets", type=int, default=10_000)
    options = parser.parse_args()
    program = Program(sources(HERE, "robot_arm")["robot_arm"], TranslatorEngine(), show := Demonstration.of(options))
    for name in BEHAVIOURS:
        show.verified(name, program.engine.compile(program.source, name).translation)
    joints, beyond = seeded_joints(options.targets), poses_beyond_reach(max(1, options.targets // 100))
    what = drawings()
    solutions, unreachable = solve(program, options.output / "targets", joints, beyond)
    angles, links = follow_paths(program, options.output / "robots", what, options.frames)
    show.checks = {"targets": solver_checks(solutions, unreachable), "robots": drawing_checks(what, angles, links)}
    picture = draw(options.output / "robots.png", solutions, what, angles)
    return show.end(picture, [options.output / "targets" / "scene.usda", options.output / "robots" / "out.usdc"])


def solve(program: Program, folder: Path, joints: Array, beyond: Array, frames: int = FRAMES_OF_THE_SOLVER) -> tuple[Solutions, Solutions]:
    """Solve for the poses that joint angles (n, 6) give, and for poses (m, 4, 4) beyond reach; a frame is an iteration of all of them."""
    (scene,) = fresh(folder, "scene.usda")
    build_targets(scene, joints, beyond)
    stage = open_stage(scene)
    policy = default_policy()
    _bind(program, stage, [TARGETS], "forward", {"arm": "seedArm", "wrist": "seedWrist"}, {"pose": "target"}, policy)
    _bind(program, stage, [TARGETS, BEYOND], "inverse", {}, {}, policy)
    stage.GetRootLayer().Save()
    with Simulation(stage, program.engine, policy) as simulation:
        for _ in program.show.frames(simulation, frames, "targets"):
            pass
        program.show.runs["targets"] = simulation.report()
        return _solutions(stage, TARGETS, joints), _solutions(stage, BEYOND, None)


def follow_paths(program: Program, folder: Path, what: Drawings, frames: int) -> tuple[Array, dict[str, tuple[Array, Array]]]:
    """Let the robots draw and bake it; return the angles (frames, n, 6), and each link's positions and stored quaternions."""
    scene, out = fresh(folder, "scene.usda", "out.usdc")
    policy = default_policy()
    stage = bound_robots(program, scene, what, policy)
    baker = Baker(overlay(stage, out))
    with Simulation(stage, program.engine, policy, sinks=[baker]) as simulation:
        for _ in program.show.frames(simulation, frames, "robots"):
            pass
        program.show.runs["robots"] = simulation.report()
    baker.finish(simulation.clock.fps)

    # Read the baked file back, as anybody would.
    baked = Usd.Stage.Open(str(out))
    angles = np.concatenate([_samples(baked, f"{ROBOTS}/Base.primvars:{name}", frames) for name in ("arm", "wrist")], axis=2)
    links = {
        link: (_samples(baked, f"{ROBOTS}/{link}.positions", frames), _samples(baked, f"{ROBOTS}/{link}.orientations", frames))
        for link in LINKS
    }
    return angles, links


def bound_robots(program: Program, scene: Path, what: Drawings, policy: TrustPolicy) -> Usd.Stage:
    """Write the stage of the drawing robots with their behaviours bound, and return it opened."""
    base = build_robots(scene, what)
    stage = open_stage(scene)
    _bind(program, stage, [base], "follow", {}, {}, policy)
    names = ("shoulder", "upper", "fore", "first", "second", "tool")
    wires = {name: f"{ROBOTS}/{link}.positions" for name, link in zip(names, LINKS, strict=True)}
    wires |= {f"{name}_turn": f"{ROBOTS}/{link}.orientations" for name, link in zip(names, LINKS, strict=True)}
    _bind(program, stage, [base], "links", {}, wires, policy)
    stage.GetRootLayer().Save()
    return stage


def _bind(
    program: Program, stage: Usd.Stage, prims: list[str], name: str, inputs: dict[str, str], outputs: dict[str, str], policy: TrustPolicy
) -> None:
    interface = program.engine.interface(program.source, name)
    bind(stage, prims, program.source, interface, inputs=inputs, outputs=outputs, approvals=policy.approvals)


def _solutions(stage: Usd.Stage, prim: str, seeds: Array | None) -> Solutions:
    found = {
        name: np.asarray(stage.GetPrimAtPath(prim).GetAttribute(f"primvars:{name}").Get())
        for name in ("target", "arm", "wrist", "iterations", "restarts", "solved")
    }
    joints = np.concatenate([found["arm"], found["wrist"]], axis=1)
    return Solutions(seeds, found["target"], joints, found["iterations"], found["restarts"], found["solved"].astype(bool))


def _samples(stage: Usd.Stage, path: str, frames: int) -> Array:
    attribute = stage.GetAttributeAtPath(path)
    return np.stack([np.asarray(attribute.Get(float(frame)), dtype=float) for frame in range(frames)])


if __name__ == "__main__":
    sys.exit(main())
