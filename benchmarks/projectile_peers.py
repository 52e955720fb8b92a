"""The projectile's step as a user would write it for numpy, Numba and Warp: same formulas, float64, one array per component.

Each peer is a function of no arguments that advances its own copy of the same lanes by one step. They stand for what somebody would pick
instead of Portalis; none of them is verified against CPython, sandboxed, or guarded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

RESTITUTION = 0.6
GRAVITY = (0.0, 0.0, -9.81)
WIND = (3.0, 1.0, 0.0)
DELTA_TIME = 1.0 / 60.0


def lanes(count: int, seed: int = 7) -> dict[str, np.ndarray[Any, Any]]:
    """Make the starting columns: positions (n, 3) in metres, velocities (n, 3) in m/s, drag (n) in 1/m."""
    source = np.random.default_rng(seed)
    position = source.uniform(-50.0, 50.0, (count, 3))
    position[:, 2] = source.uniform(0.0, 40.0, count)
    velocity = source.uniform(-30.0, 30.0, (count, 3))
    return {"position": position, "velocity": velocity, "drag": source.uniform(0.0, 0.02, count)}


def numpy_step(columns: dict[str, np.ndarray[Any, Any]]) -> Callable[[], None]:
    """Advance with whole-array operations."""
    position, velocity, drag = columns["position"].copy(), columns["velocity"].copy(), columns["drag"]
    gravity, wind = np.array(GRAVITY), np.array(WIND)
    up = -gravity / np.sqrt(np.dot(gravity, gravity))

    def step() -> None:
        nonlocal position, velocity
        through_air = velocity - wind
        speed = np.sqrt(np.einsum("ij,ij->i", through_air, through_air))
        acceleration = gravity - through_air * (drag * speed)[:, None]
        position = position + (velocity * DELTA_TIME + acceleration * (0.5 * DELTA_TIME * DELTA_TIME))
        velocity = velocity + acceleration * DELTA_TIME
        height, falling = position @ up, velocity @ up
        bounced = (height < 0.0) & (falling < 0.0)
        position = np.where(bounced[:, None], position - up * height[:, None], position)
        velocity = np.where(bounced[:, None], velocity - up * ((1.0 + RESTITUTION) * falling)[:, None], velocity)

    return step


def numba_step(columns: dict[str, np.ndarray[Any, Any]]) -> Callable[[], None]:
    """Advance with one compiled loop over the lanes, on one core."""
    import numba

    @numba.njit  # type: ignore[untyped-decorator]
    def kernel(position: Any, velocity: Any, drag: Any, gravity: Any, wind: Any, up: Any, dt: float) -> None:
        for lane in range(position.shape[0]):
            ax, ay, az = velocity[lane, 0] - wind[0], velocity[lane, 1] - wind[1], velocity[lane, 2] - wind[2]
            factor = drag[lane] * np.sqrt(ax * ax + ay * ay + az * az)
            ax, ay, az = gravity[0] - ax * factor, gravity[1] - ay * factor, gravity[2] - az * factor
            half = 0.5 * dt * dt
            position[lane, 0] += velocity[lane, 0] * dt + ax * half
            position[lane, 1] += velocity[lane, 1] * dt + ay * half
            position[lane, 2] += velocity[lane, 2] * dt + az * half
            velocity[lane, 0] += ax * dt
            velocity[lane, 1] += ay * dt
            velocity[lane, 2] += az * dt
            height = position[lane, 0] * up[0] + position[lane, 1] * up[1] + position[lane, 2] * up[2]
            falling = velocity[lane, 0] * up[0] + velocity[lane, 1] * up[1] + velocity[lane, 2] * up[2]
            if height < 0.0 and falling < 0.0:
                for axis in range(3):
                    position[lane, axis] -= up[axis] * height
                    velocity[lane, axis] -= up[axis] * ((1.0 + RESTITUTION) * falling)

    position, velocity, drag = columns["position"].copy(), columns["velocity"].copy(), columns["drag"]
    gravity, wind = np.array(GRAVITY), np.array(WIND)
    up = -gravity / np.sqrt(np.dot(gravity, gravity))

    def step() -> None:
        kernel(position, velocity, drag, gravity, wind, up, DELTA_TIME)

    return step


def warp_step(columns: dict[str, np.ndarray[Any, Any]], device: str = "cpu") -> Callable[[], None]:
    """Advance with a Warp kernel on one of Warp's devices, and wait for it."""
    import warp as wp

    wp.config.quiet = True
    wp.init()

    @wp.kernel  # type: ignore[untyped-decorator]
    def kernel(  # type: ignore[no-untyped-def]
        position: wp.array(dtype=wp.vec3d),
        velocity: wp.array(dtype=wp.vec3d),
        drag: wp.array(dtype=wp.float64),
        gravity: wp.vec3d,
        wind: wp.vec3d,
        restitution: wp.float64,
        dt: wp.float64,
    ):
        lane = wp.tid()
        through_air = velocity[lane] - wind
        acceleration = gravity - through_air * (drag[lane] * wp.length(through_air))
        p = position[lane] + velocity[lane] * dt + acceleration * (wp.float64(0.5) * dt * dt)
        v = velocity[lane] + acceleration * dt
        up = -wp.normalize(gravity)
        height = wp.dot(p, up)
        falling = wp.dot(v, up)
        if height < wp.float64(0.0) and falling < wp.float64(0.0):
            p = p - up * height
            v = v - up * ((wp.float64(1.0) + restitution) * falling)
        position[lane] = p
        velocity[lane] = v

    count = len(columns["drag"])
    position = wp.array(columns["position"], dtype=wp.vec3d, device=device)
    velocity = wp.array(columns["velocity"], dtype=wp.vec3d, device=device)
    drag = wp.array(columns["drag"], dtype=wp.float64, device=device)
    inputs = [position, velocity, drag, wp.vec3d(*GRAVITY), wp.vec3d(*WIND), wp.float64(RESTITUTION), wp.float64(DELTA_TIME)]

    def step() -> None:
        wp.launch(kernel, dim=count, inputs=inputs, device=device)
        wp.synchronize_device(device)

    return step
