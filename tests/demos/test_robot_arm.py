"""The robot demo holds to its truths on few targets and frames, and its checks find faults that are planted in its behaviours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from portalis.translator.cli.demonstration import Demonstration
from portalis.translator.source import SourceFile
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.demos import DEMOS, imported

FOLDER = DEMOS / "robot_arm"
TEXT = (FOLDER / "robot_arm.py").read_text(encoding="utf-8")
# Most attempts that lead anywhere are there after 21 iterations: enough for a test.
ITERATIONS, RESTARTS = 25, 8
QUICK = TEXT.replace("ITERATIONS = 100", f"ITERATIONS = {ITERATIONS}")
ALL_ATTEMPTS = (RESTARTS + 1) * (ITERATIONS + 1) + 1
TARGETS, FRAMES = 200, 20


@pytest.fixture(scope="module")
def demo() -> Iterator[ModuleType]:
    with imported(FOLDER) as program:
        yield program


def _solver_checks(demo: ModuleType, engine: TranslatorEngine, text: str, folder: Path, frames: int = ALL_ATTEMPTS) -> list[Any]:
    program = demo.Program(SourceFile("robot_arm.py", text), engine, Demonstration(folder, quiet=True))
    found, beyond = demo.solve(program, folder, demo.seeded_joints(TARGETS), demo.poses_beyond_reach(4), frames)
    assert {item.status for item in program.show.runs["targets"].behaviours} == {"ok"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["checks"], "ITERATIONS", ITERATIONS)
        return list(demo.solver_checks(found, beyond))


def _drawing_checks(demo: ModuleType, engine: TranslatorEngine, text: str, folder: Path) -> list[Any]:
    program = demo.Program(SourceFile("robot_arm.py", text), engine, Demonstration(folder, quiet=True))
    what = demo.drawings()
    angles, links = demo.follow_paths(program, folder, what, FRAMES)
    assert {item.status for item in program.show.runs["robots"].behaviours} == {"ok"}
    # Robots whose pens swing differently come to stand differently.
    assert np.ptp(angles[-1], axis=0).max() > 0.05
    return list(demo.drawing_checks(what, angles, links))


def _broken(checks: list[Any]) -> set[str]:
    return {check.name for check in checks if not check.holds}


def test_the_solver_holds_to_its_truths(demo: ModuleType, engine: TranslatorEngine, tmp_path: Path) -> None:
    checks = _solver_checks(demo, engine, QUICK, tmp_path)
    assert not _broken(checks) and all(check.values for check in checks)


def test_the_robots_hold_to_theirs(demo: ModuleType, engine: TranslatorEngine, tmp_path: Path) -> None:
    checks = _drawing_checks(demo, engine, QUICK, tmp_path)
    assert not _broken(checks) and all(check.values for check in checks)


# What is right, what is planted in its place, and the check that finds it. Those in one list do not meet: each is found by itself.
SIGN = ("-0.3922", "0.3922", "forward: position against exponentials, m")
TWIST = ("0.0, 0.0, 1.0, -1.0, 0.0)", "0.0, 0.0, 1.0, 1.0, 0.0)", "forward: turn against exponentials, rad")
SHORT_STEPS = ("LONGEST_STEP = 0.5", "LONGEST_STEP = 0.01", "inverse: share of targets solved")
NO_RESTART = ("RESTARTS = 8", "RESTARTS = 0", "inverse: given up too early")
MET_TOO_SOON = ("TOLERANCE = 1e-8", "TOLERANCE = 1e-3", "inverse: solved, but so far away, m")
RESTART_TOO_MANY = ("RESTARTS = 8", "RESTARTS = 9", "inverse: iterations and restarts past")
TURNS_IGNORED = ("return away, axis", "return away, axis * 0.0", "inverse: solved, but turned so far, rad")
GIVEN_UP_AS_SOLVED = (
    "elif restarts < RESTARTS:",
    "elif restarts == RESTARTS:\n            solved = True\n        else:",
    "inverse: beyond reach, but said to be solved",
)
ONE_ITERATION = ("ITERATIONS_A_FRAME = 2", "ITERATIONS_A_FRAME = 1", "pen from its path, m")
LEANS_THE_OTHER_WAY = ("(-math.sin(LEAN * east), 0.0, -", "(math.sin(LEAN * east), 0.0, -", "pen's lean from its path's")
FAST_CLOCK = ("current_time / period", "1.01 * current_time / period", "pen from its path, m")
WRONG_JOINT = ("link(x, y, z, upper, 2, arm[2])", "link(x, y, z, upper, 2, arm[1])", "links on the stage")
WRONG_TURN = ("pose_of(x, y, z, tool).E", "pose_of(-x, -y, z, tool).E", "links' turns on the stage, rad")
Fault = tuple[str, str, str]


@pytest.mark.parametrize(
    ("faults", "frames"),
    [
        ([SIGN], 1),
        ([TWIST], 1),
        ([SHORT_STEPS], ALL_ATTEMPTS),
        ([NO_RESTART, MET_TOO_SOON, TURNS_IGNORED], ALL_ATTEMPTS),
        ([RESTART_TOO_MANY, GIVEN_UP_AS_SOLVED], ALL_ATTEMPTS + ITERATIONS + 1),
    ],
    ids=["sign", "twist", "short steps", "no restart, met too soon, turns ignored", "a restart too many, given up called solved"],
)
def test_faults_in_the_solver_are_found(
    demo: ModuleType, engine: TranslatorEngine, tmp_path: Path, faults: list[Fault], frames: int
) -> None:
    broken = _broken(_solver_checks(demo, engine, _planted(faults), tmp_path, frames))
    assert all(any(name.startswith(check) for name in broken) for _, _, check in faults), broken


@pytest.mark.parametrize(
    "faults",
    [[ONE_ITERATION, WRONG_JOINT], [LEANS_THE_OTHER_WAY, WRONG_TURN], [FAST_CLOCK]],
    ids=["one iteration, wrong joint", "leans the other way, wrong turn", "fast clock"],
)
def test_faults_in_the_drawing_are_found(demo: ModuleType, engine: TranslatorEngine, tmp_path: Path, faults: list[Fault]) -> None:
    broken = _broken(_drawing_checks(demo, engine, _planted(faults), tmp_path))
    assert all(any(name.startswith(check) for name in broken) for _, _, check in faults), broken


def _planted(faults: list[Fault]) -> str:
    text = QUICK
    for right, wrong, _ in faults:
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    return text


def test_the_closed_form_finds_the_angles_that_a_pose_comes_of(demo: ModuleType) -> None:
    """The truth is true: all of its solutions give the pose again, and one of them is where the pose came from."""
    truth = sys.modules["truth"]
    joints = demo.seeded_joints(TARGETS)
    position, rotation = truth.tool_pose(joints)
    found = truth.closed_form(position, rotation)
    there = ~np.isnan(found).any(axis=2)
    again, turned = truth.tool_pose(found[there])
    lane = np.nonzero(there)[0]
    assert np.abs(again - position[lane]).max() < 1e-10 and truth.angle_between(turned, rotation[lane]).max() < 1e-10
    apart = np.abs(np.remainder(found - joints[:, None] + np.pi, 2.0 * np.pi) - np.pi).max(axis=2)
    assert np.nanmin(apart, axis=1).max() < 1e-9


def test_nothing_that_is_no_number_passes_a_check(demo: ModuleType) -> None:
    what = demo.drawings()
    angles = np.full((3, len(what.base), 6), np.nan)
    links = {name: (np.zeros((3, len(what.base), 3)), np.ones((3, len(what.base), 4))) for name in demo.LINKS}
    assert not any(check.holds for check in demo.drawing_checks(what, angles, links))
