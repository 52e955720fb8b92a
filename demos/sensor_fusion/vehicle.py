"""A cart that drives around a room, and the inertial sensor that it carries."""

import math

from pxr import Gf


def scramble(x: int):
    """Return 32 bits that look as if they had nothing to do with `x`."""
    x = (((x >> 16) ^ x) * 0x45D9F3B) & 0xFFFFFFFF
    x = (((x >> 16) ^ x) * 0x45D9F3B) & 0xFFFFFFFF
    return (x >> 16) ^ x


def noise(key: int, axis: int):
    """Return a normally distributed number for one axis of the reading that has this key (Box and Muller 1958)."""
    bits = scramble(key ^ scramble(axis))
    radius = math.sqrt(-2.0 * math.log((bits + 0.5) / 4294967296.0))
    return radius * math.cos(math.tau * scramble(bits ^ 0x5BF03635) / 4294967296.0)


def drive(
    truth: Gf.Vec4d,
    thrust: float,
    turn: float,
    gyro_noise: float,
    accelerometer_noise: float,
    noise_seed: int,
    frame: int,
    current_time: float,
    delta_time: float,
):
    """Drive for one step from `truth` (x, y, heading, speed), and say what gyro and accelerometer read on the way."""
    acceleration = thrust * math.cos(3.0 * current_time)
    turning = turn * (1.0 + 0.5 * math.sin(2.0 * current_time))
    x, y, heading, speed = truth[0], truth[1], truth[2], truth[3]
    truth = Gf.Vec4d(
        x + speed * math.cos(heading) * delta_time,
        y + speed * math.sin(heading) * delta_time,
        heading + turning * delta_time,
        speed + acceleration * delta_time,
    )
    key = scramble(noise_seed ^ scramble(frame + 1000003))
    gyro = turning + gyro_noise * noise(key, 0)
    accelerometer = acceleration + accelerometer_noise * noise(key, 1)
    position = Gf.Vec3d(truth[0], truth[1], 0.0)
    orientation = Gf.Quatd(math.cos(0.5 * truth[2]), 0.0, 0.0, math.sin(0.5 * truth[2]))
    return truth, gyro, accelerometer, position, orientation
