"""The projectile's frame on a GPU, for ten thousand to ten million lanes, beside Warp on the same GPU.

Stands for: a behaviour whose columns stay on the device; one launch a frame, waited for. "with columns" also copies every column there and
back, as a host does that reads the results each frame. Warp runs the same formulas rewritten for it (projectile_peers.py), free to fuse
multiplications with additions; the kernel is not. Before anything is timed, sixty frames of ten thousand lanes are compared with the
sandbox, bit for bit. Leaves out: several GPUs, CUDA graphs, and what a stage costs. Needs a GPU of compute capability 9.0 and cupy; Warp is
optional.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
from common import Result, Timing, arguments, measure, milliseconds, show
from projectile_peers import DELTA_TIME, GRAVITY, WIND, lanes, warp_step

from portalis.translator import Translation, translate
from portalis.translator.bridge.gpu import Device, NoGpu, find_gpu
from portalis.translator.bridge.gpu_lanes import GpuLanes
from portalis.translator.translating.gpu_lanes import build_gpu_lanes
from portalis.translator.translating.kernels import build_kernels
from portalis.translator.translating.lanes import build_lane_program
from portalis.translator.translating.messages import KernelBuild
from portalis.translator.verify.lane_verification import LaneSide
from portalis.translator.verify.trajectories import compare_trajectories, follow

SOURCE = Path(__file__).parents[1] / "demos" / "projectile" / "projectile.py"
UNIFORM = ("wind", "gravity", "meters_per_unit", "delta_time")
COUNTS = (10_000, 100_000, 1_000_000, 10_000_000)
COMPARED_LANES, COMPARED_FRAMES = 10_000, 60


def fill(module: LaneSide, columns: dict[str, np.ndarray[Any, Any]]) -> None:
    """Give lanes their start and what they share."""
    for name in ("position", "velocity"):
        for axis, column in enumerate(module.inputs[name]):
            column[:] = columns[name][:, axis]
    module.inputs["drag"][0][:] = columns["drag"]
    for name, vector in (("wind", WIND), ("gravity", GRAVITY)):
        for column, value in zip(module.inputs[name], vector, strict=True):
            column[0] = value
    module.inputs["meters_per_unit"][0][0], module.inputs["delta_time"][0][0] = 1.0, DELTA_TIME


def differences(translation: Translation, kernels: KernelBuild, device: Device) -> list[str]:
    """Follow the same lanes on the device and in the sandbox; say where they part."""
    program = build_lane_program(translation, "update", UNIFORM)
    columns = lanes(COMPARED_LANES)
    gpu = build_gpu_lanes(translation, kernels, program.signature, device, COMPARED_LANES)
    with program.module(COMPARED_LANES) as sandbox:
        for module in (gpu, sandbox):
            fill(module, columns)
        found = compare_trajectories(*(follow(module, COMPARED_FRAMES, COMPARED_LANES) for module in (gpu, sandbox)))
    return [str(item) for item in found]


def kernel_times(gpu: GpuLanes, count: int) -> tuple[Timing, Timing]:
    """Time a launch on resident columns, and a run that copies them."""
    gpu.upload()

    def launch() -> None:
        gpu.launch(count)
        # One word back is what waits for the launch.
        gpu.error_words(1)

    return measure(launch), measure(lambda: gpu.run(count), rounds=3)


def main() -> int:
    options = arguments(__doc__ or "").parse_args()
    device = find_gpu()
    if isinstance(device, NoGpu):
        print(f"gpu_lanes measures nothing here: {device.reason}", file=sys.stderr)
        return 1
    translation = translate(SOURCE.read_text(encoding="utf-8"), "update")
    kernels = build_kernels(translation.lowered, translation.options, UNIFORM)
    signature = build_lane_program(translation, "update", UNIFORM).signature
    for difference in (found := differences(translation, kernels, device)):
        print(f"the kernel differs from the sandbox: {difference}", file=sys.stderr)
    if found:
        return 1
    result = Result("projectile on a GPU, one frame", ("lanes", "kernel, ms", "with columns, ms", "Warp, ms", "kernel / Warp"))
    result.remarks.append(f"{device.name}; {COMPARED_FRAMES} frames of {COMPARED_LANES:,} lanes: the bits of the sandbox")
    has_warp = importlib.util.find_spec("warp") is not None
    for count in COUNTS:
        columns = lanes(count)
        gpu = build_gpu_lanes(translation, kernels, signature, device, count)
        fill(gpu, columns)
        kernel, whole = kernel_times(gpu, count)
        warp = measure(warp_step(columns, "cuda")) if has_warp else None
        result.data[str(count)] = {"kernel": kernel.median, "with_columns": whole.median, "warp": warp and warp.median}
        ratio = f"{kernel.median / warp.median:.2f}" if warp else "-"
        shown = [milliseconds(kernel.median), milliseconds(whole.median), milliseconds(warp.median) if warp else "absent", ratio]
        result.rows.append([f"{count:,}", *shown])
    show([result], options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
