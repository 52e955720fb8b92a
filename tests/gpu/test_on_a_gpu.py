"""What only a GPU can show: the kernels on it give the bits of wasm, and the comparison there is its twin's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from portalis.translator.bridge.comparison import DeviceComparison, compare_columns
from portalis.translator.bridge.gpu import Device, NoGpu, find_gpu
from portalis.translator.bridge.gpu_lanes import GpuLanes
from tests.gpu.programs import kernels
from tests.gpu.sources import ENDLESS
from tests.gpu.test_ptx import ALL_LANES, SOURCES


@pytest.fixture(name="gpu")
def _gpu() -> Device:
    device = find_gpu()
    if isinstance(device, NoGpu):
        pytest.skip(device.reason)
    return device


@pytest.mark.parametrize("name", SOURCES)
def test_kernels_compute_what_wasm_computes(name: str, gpu: Device) -> None:
    built = kernels(SOURCES[name])
    for signature in built.signatures:
        verdict = built.compare(signature, GpuLanes(gpu, built.module.ptx, signature, 300))
        assert not verdict.difference and verdict.lanes >= ALL_LANES


def test_a_lane_without_end_ends(gpu: Device) -> None:
    built = kernels(ENDLESS)
    lanes = GpuLanes(gpu, built.module.ptx, built.signatures[0], 100, fuel=100_000)
    lanes.inputs["n"][0][:] = 5
    lanes.inputs["n"][0][37] = -1
    assert [stop.lane for stop in lanes.run(100).isolated] == [37]


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64])
def test_the_comparison_is_its_twin(kind: type, gpu: Device) -> None:
    source = np.random.default_rng(1)
    left = source.integers(0, 255, 1_000_003 * np.dtype(kind).itemsize, np.uint8).view(kind)
    right = left.copy()
    right[[70_001, 999_999]] = 1
    compare = DeviceComparison(gpu)
    assert compare(left, right) == compare_columns(left, right)
    assert compare(left, left) == compare_columns(left, left)


def test_the_benchmark_compares_or_says_why_not(tmp_path: Path) -> None:
    program = Path(__file__).parents[2] / "benchmarks" / "gpu_lanes.py"
    done = subprocess.run([sys.executable, str(program), "--json"], cwd=tmp_path, capture_output=True, text=True, timeout=600)
    device = find_gpu()
    if isinstance(device, NoGpu):
        assert done.returncode == 1 and done.stderr.strip() == f"gpu_lanes measures nothing here: {device.reason}" and not done.stdout
    else:
        assert done.returncode == 0 and json.loads(done.stdout)["results"], done.stderr
