"""The common stage: every demo's live part runs there below a root of its own, and a frame's time is told apart."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from pxr import Usd, UsdGeom

from tests.demos import DEMOS, imported
from tests.demos.conftest import FEW

FRAMES = 7


@pytest.fixture(scope="module")
def program() -> Iterator[ModuleType]:
    with imported(DEMOS / "together", "play") as found:
        yield found


@pytest.fixture(scope="module")
def live(program: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return program.Together(tmp_path_factory.mktemp("together"), FRAMES, FEW)


@pytest.fixture(scope="module")
def baked(live: Any) -> Any:
    live.run(None)
    return live


def test_all_run_and_a_frame_is_engine_and_usd(program: ModuleType, live: Any) -> None:
    costs = program.Costs()
    report = live.run(costs)
    assert [item.status for item in report.behaviours] == ["ok"] * 14 and not report.problems and not report.first_errors
    names = {path.parent.name for path in DEMOS.glob("*/demo.py")}
    assert set(live.does) == names and set(costs.engine) == {*names, "all five"} == set(costs.percentiles())
    for name in names:
        engine, usd = costs.engine[name], costs.usd[name]
        assert len(engine) == len(usd) == FRAMES and min(engine) > 0.0 and min(usd) >= 0.0 < max(usd)
    for each in (costs.engine, costs.usd):
        assert all(sum(each[name][frame] for name in names) < each["all five"][frame] for frame in range(FRAMES))


def test_everything_moves_in_the_bake_and_nothing_overlaps(baked: Any) -> None:
    stage = Usd.Stage.Open(str(baked.out))
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0 and stage.GetTimeCodesPerSecond() == 60.0
    for moved in (
        "/World/Camera.xformOp:translate",
        "/World/projectile/Projectiles.positions",
        "/World/robot_arm/Robots/Tool.positions",
        "/World/sensor_fusion/Fused/c02.xformOp:translate",
        "/World/sensor_fusion/Cloud.points",
        "/World/digital_twin/Line00.energy",
        "/World/fluid/Specks.points",
    ):
        first, last = (np.array(stage.GetAttributeAtPath(moved).Get(float(frame))) for frame in (0, FRAMES - 1))
        assert not np.array_equal(first, last), moved
    cache = UsdGeom.BBoxCache(0.0, [UsdGeom.Tokens.default_, UsdGeom.Tokens.render])
    boxes = {name: cache.ComputeWorldBound(stage.GetPrimAtPath(f"/World/{name}")).ComputeAlignedRange() for name in baked.does}
    for name, box in boxes.items():
        for other, there in boxes.items():
            apart = any(box.GetMax()[axis] < there.GetMin()[axis] or there.GetMax()[axis] < box.GetMin()[axis] for axis in range(3))
            assert name == other or apart, (name, other, box, there)


def test_the_fluid_on_the_stage_is_that_of_the_demo(baked: Any) -> None:
    """Its specks go where its solver, asked here once more, lets them go."""
    with imported(DEMOS / "fluid", "live") as part:
        begin = part.start(part.CELLS, part.SPECKS, size=part.SIDE)
    host = baked.hosts["fluid"]
    host.begin()
    places, drift = begin.specks.astype(np.float32), np.zeros_like(begin.specks, np.float32)
    for frame in range(FRAMES):
        if host.due(frame):
            drift = np.array(host.work(places), np.float32)
        moved = places.astype(float) + drift.astype(float) * (1.0 / 60.0)
        places = (moved - part.SIDE * np.floor(moved / part.SIDE)).astype(np.float32)
    stage = Usd.Stage.Open(str(baked.out))
    assert np.array_equal(np.array(stage.GetAttributeAtPath("/World/fluid/Specks.points").Get(float(FRAMES - 1))), places)
