"""Trajectories of lanes in the sandbox, of kernels, and of CPython, held to each other over many frames."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pxr import Gf

from portalis.translator.backends.llvm import build_lanes
from portalis.translator.bridge import GuestStop, LaneModule, heap_bytes_needed
from portalis.translator.bridge.comparison import ColumnDifference, compare_columns
from portalis.translator.verify.lane_verification import LaneSide
from portalis.translator.verify.trajectories import compare_trajectories, follow
from tests.gpu.programs import Kernels, kernels
from tests.gpu.sources import ENDLESS, FILTER, PROJECTILE

FRAMES, COUNT = 30, 65


def sandboxed(built: Kernels, entry: int) -> LaneModule:
    """Return an entry's lanes as wasm."""
    signature = built.signatures[entry]
    wasm = build_lanes(built.program, signature.name, signature, None, heap_bytes_needed(signature, COUNT)).wasm
    return LaneModule(wasm, signature, COUNT)


def launch(lanes: LaneSide) -> None:
    """Give projectiles their start."""
    source = np.random.default_rng(5)
    for name, low, high in (("position", 0.0, 20.0), ("velocity", -9.0, 9.0), ("drag", 0.0, 0.02), ("wind", -2.0, 2.0)):
        for column in lanes.inputs[name]:
            column[:] = source.uniform(low, high, COUNT)
    lanes.inputs["gravity"][2][:] = -9.81
    lanes.inputs["meters_per_unit"][0][:] = 1.0
    lanes.inputs["delta_time"][0][:] = 1.0 / 30.0


def test_a_kernel_follows_wasm_and_cpython_frame_after_frame() -> None:
    built = kernels(PROJECTILE)
    gpu = built.lanes(built.signatures[0], COUNT)
    launch(gpu)
    start = {name: [column.copy() for column in columns] for name, columns in gpu.inputs.items()}
    with sandboxed(built, 0) as module:
        launch(module)
        wasm = follow(module, FRAMES, COUNT)
    kernel = follow(gpu, FRAMES, COUNT)
    assert not compare_trajectories(wasm, kernel)
    # Lanes come down and bounce, so that both branches were taken.
    assert (np.diff(np.sign(wasm["velocity[2]"]), axis=0) > 0).any()
    for lane in (0, 1, COUNT - 1):
        assert [tuple(column[-1, lane] for name, column in kernel.items() if name != "errors")] == [in_cpython(start, lane)]


def in_cpython(start: dict[str, list[Any]], lane: int) -> tuple[float, ...]:
    """Run the source itself."""
    namespace: dict[str, Any] = {}
    exec(PROJECTILE, namespace)
    values = {name: [float(column[lane]) for column in columns] for name, columns in start.items()}
    vectors = {name: Gf.Vec3d(*item) if len(item) == 3 else item[0] for name, item in values.items()}
    for _ in range(FRAMES):
        vectors["position"], vectors["velocity"] = namespace["update"](**vectors)
    return (*vectors["position"], *vectors["velocity"])


def test_a_class_that_runs_into_its_error() -> None:
    built = kernels(FILTER)
    gpu = built.lanes(built.signatures[1], COUNT)
    with sandboxed(built, 1) as module:
        for lanes in (gpu, module):
            lanes.inputs["steps"][0][:] = np.arange(COUNT)
            lanes.inputs["cutoff"][0][:] = 3.0
            lanes.inputs["target"][0][:] = np.linspace(-4.0, 4.0, COUNT)
            lanes.inputs["delta_time"][0][:] = 0.05
        wasm, kernel = follow(module, FRAMES, COUNT), follow(gpu, FRAMES, COUNT)
    assert wasm.keys() == kernel.keys() == {"value[0]", "steps[0]", "settled[0]", "errors"}
    assert [int((row != 0).sum()) for row in wasm["errors"]] == list(range(1, FRAMES + 1))
    # The two programs number their error sites alike.
    assert not compare_trajectories(wasm, kernel)


def test_a_difference_is_placed() -> None:
    left = {"x[0]": np.ones((4, 5)), "errors": np.zeros((4, 5), np.int64)}
    right = {name: column.copy() for name, column in left.items()}
    right["x[0]"][2, 3] = math.nextafter(math.nextafter(1.0, 2.0), 2.0)
    right["x[0]"][3, 0] = math.nextafter(1.0, 2.0)
    (found,) = compare_trajectories(left, right, compare_columns)
    assert (found.column, found.frame, found.lane, found.difference) == ("x[0]", 2, 3, ColumnDifference(2, 2, 13))
    assert str(found) == "x[0]: 2 differ, first in frame 2, lane 3; at most 2 apart"


def test_trajectories_that_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        compare_trajectories({"x": np.zeros((2, 2))}, {"y": np.zeros((2, 2))})
    with pytest.raises(ValueError, match=r"x: \(2, 2\) and \(4, 1\)"):
        compare_trajectories({"x": np.zeros((2, 2))}, {"x": np.zeros((4, 1))})


def test_a_stopped_lane_ends_the_trajectory() -> None:
    built = kernels(ENDLESS)
    lanes = built.lanes(built.signatures[0], 3)
    lanes.inputs["n"][0][:] = [1, -1, 2]
    with pytest.raises(GuestStop, match=r"used up .* \(frame 0\), in lane 1"):
        follow(lanes, 2, 3)
