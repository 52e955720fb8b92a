"""The crowd's step of frames.py as a user would write it for numpy, Numba and Warp, in the same single precision.

Each peer is a function of no arguments that advances its own copy of the same elements by one step. They stand for what somebody would pick
instead of Portalis: none of them is verified against CPython, sandboxed, or guarded, and none of them reads or writes a stage.
"""

from __future__ import annotations

import functools
import importlib.util
import math
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from stage_bench import DELTA_TIME, crowd_columns

Step: TypeAlias = Callable[[], object]
Columns: TypeAlias = np.ndarray[Any, Any]
_GRAVITY, _DRAG, _BOUNCE = np.float32(-9.81), np.float32(0.01), np.float32(0.8)
_DT = np.float32(DELTA_TIME)


def numpy_step(position: Columns, velocity: Columns) -> Step:
    """Advance with whole-array operations."""
    fall = np.array([0.0, 0.0, _GRAVITY * _DT], np.float32)

    def step() -> None:
        length = np.sqrt(np.einsum("ij,ij->i", velocity, velocity))
        velocity[:] = velocity + fall - velocity * (_DRAG * length * _DT)[:, None]
        position[:] = position + velocity * _DT
        below = position[:, 2] < 0.0
        position[below, 2] *= -1.0
        velocity[below, 2] *= -_BOUNCE

    return step


def numba_step(position: Columns, velocity: Columns, *, parallel: bool) -> Step:
    """Advance with one compiled loop over the elements, on one core or on all."""
    kernel = _numba_kernel(parallel)
    return lambda: kernel(position, velocity)


@functools.cache
def _numba_kernel(parallel: bool) -> Any:
    import numba

    gravity, drag, bounce, dt = _GRAVITY, _DRAG, _BOUNCE, _DT

    @numba.njit(parallel=parallel)  # type: ignore[untyped-decorator]
    def kernel(position: Any, velocity: Any) -> None:
        for lane in numba.prange(position.shape[0]):
            vx, vy, vz = velocity[lane, 0], velocity[lane, 1], velocity[lane, 2]
            factor = drag * np.sqrt(vx * vx + vy * vy + vz * vz) * dt
            vx, vy, vz = vx - vx * factor, vy - vy * factor, vz + gravity * dt - vz * factor
            z = position[lane, 2] + vz * dt
            position[lane, 0] += vx * dt
            position[lane, 1] += vy * dt
            if z < 0.0:
                z, vz = -z, -vz * bounce
            position[lane, 2] = z
            velocity[lane, 0], velocity[lane, 1], velocity[lane, 2] = vx, vy, vz

    return kernel


def warp_step(position: Columns, velocity: Columns) -> Step:
    """Advance with a Warp kernel on the CPU, where Warp has one thread."""
    import warp as wp

    wp.config.quiet = True
    wp.init()

    @wp.kernel  # type: ignore[untyped-decorator]
    def kernel(position: wp.array(dtype=wp.vec3), velocity: wp.array(dtype=wp.vec3), dt: float):  # type: ignore[no-untyped-def]
        lane = wp.tid()
        v = velocity[lane]
        v = v + wp.vec3(0.0, 0.0, -9.81) * dt - v * (0.01 * wp.length(v) * dt)
        p = position[lane] + v * dt
        if p[2] < 0.0:
            p = wp.vec3(p[0], p[1], -p[2])
            v = wp.vec3(v[0], v[1], -v[2] * 0.8)
        position[lane] = p
        velocity[lane] = v

    # Without a copy: what Warp writes is in the columns.
    inputs = [wp.array(column, dtype=wp.vec3, device="cpu", copy=False) for column in (position, velocity)]
    return lambda: wp.launch(kernel, dim=len(position), inputs=[*inputs, float(_DT)], device="cpu")


def peers(count: int) -> Iterator[tuple[str, Step]]:
    """Yield the name and the step of every peer that is installed, each over its own `count` elements."""
    makers: dict[str, tuple[str, Callable[[Columns, Columns], Step]]] = {
        "numpy, one core": ("numpy", numpy_step),
        "Numba, one core": ("numba", lambda *columns: numba_step(*columns, parallel=False)),
        "Numba, all cores": ("numba", lambda *columns: numba_step(*columns, parallel=True)),
        "Warp on the CPU, one core": ("warp", warp_step),
    }
    for name, (module, make) in makers.items():
        if importlib.util.find_spec(module):
            columns = crowd_columns(count)
            step = make(*columns)
            step()
            _require_same_step(name, *(column[0].tolist() for column in columns))
            yield name, step


def absent() -> list[str]:
    """Say which peers are not installed."""
    names = {"numba": "Numba", "warp": "Warp"}
    return [
        f"{name} is absent: pip install 'portalis-translator[bench]'"
        for module, name in names.items()
        if not importlib.util.find_spec(module)
    ]


def _require_same_step(name: str, position: list[float], velocity: list[float]) -> None:
    """Raise where a peer does not compute what is compared: the first element after its first step."""
    factor = 0.01 * math.sqrt(3.0) * DELTA_TIME
    expected = [1.0 - factor, 1.0 - factor, 1.0 - 9.81 * DELTA_TIME - factor]
    places = [start + speed * DELTA_TIME for start, speed in zip((0.0, 0.0, 10.0), expected, strict=True)]
    if not np.allclose([*position, *velocity], [*places, *expected], rtol=1e-5):
        raise AssertionError(f"{name} computes {position}, {velocity} instead of {places}, {expected}")
