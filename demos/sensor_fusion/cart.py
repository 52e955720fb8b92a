"""A cart in a room of planes: how it drives, and what its inertial sensor and its LiDAR measure on the way."""

import math

from pxr import Gf

# The walls, floor and ceiling: a wall is (nx, ny, d), the points with nx·x + ny·y = d, and the room lies on the side of the origin.
WALLS = ((1.0, 0.0, 7.0), (0.28, 0.96, 5.0), (-0.96, 0.28, 6.0), (-0.28, -0.96, 4.5), (0.6, -0.8, 6.5))
SENSOR_HEIGHT = 1.2
CEILING = 3.0
# The lowest and highest beams of a sweep fall and rise by this much on each metre along the floor.
STEEPEST = 0.6
FRAMES_PER_SWEEP = 6


def scramble(x: int):
    """Return 32 bits that look as if they had nothing to do with `x`."""
    x = (((x >> 16) ^ x) * 0x45D9F3B) & 0xFFFFFFFF
    x = (((x >> 16) ^ x) * 0x45D9F3B) & 0xFFFFFFFF
    return (x >> 16) ^ x


def measurement_key(noise_seed: int, frame: int):
    """Return what the measurements of one cart in one frame have in common."""
    return scramble(scramble(noise_seed ^ 0x2545F491) ^ frame)


def noise(key: int, number: int):
    """Return a normally distributed number for one of the measurements that have this key (Box and Muller 1958)."""
    bits = scramble(key ^ scramble(number))
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
    # Beams are numbered from 0 on, and never get so far.
    key = measurement_key(noise_seed, frame)
    gyro = turning + gyro_noise * noise(key, 0x7FFFFFFE)
    accelerometer = acceleration + accelerometer_noise * noise(key, 0x7FFFFFFF)
    position = Gf.Vec3d(truth[0], truth[1], 0.0)
    orientation = Gf.Quatd(math.cos(0.5 * truth[2]), 0.0, 0.0, math.sin(0.5 * truth[2]))
    return truth, gyro, accelerometer, position, orientation


def nearest_wall(x: float, y: float, heading: float):
    """Return how far it is to the walls from (x, y) in the direction `heading`, and how that changes with x, y and heading."""
    across, up = math.cos(heading), math.sin(heading)
    nearest, by_x, by_y, by_heading = 1e9, 0.0, 0.0, 0.0
    for nx, ny, d in WALLS:
        closing = nx * across + ny * up
        if closing > 1e-9:
            distance = (d - nx * x - ny * y) / closing
            if distance < nearest:
                nearest = distance
                by_x, by_y = -nx / closing, -ny / closing
                by_heading = -distance * (ny * across - nx * up) / closing
    return nearest, by_x, by_y, by_heading


def free_distance(slope: float):
    """Return how far a beam goes, measured along the floor, before it meets the floor or the ceiling."""
    height = SENSOR_HEIGHT if slope < 0.0 else CEILING - SENSOR_HEIGHT
    return height / max(abs(slope), 1e-9)


def slope_of(ring: int, rings: int):
    """Return by how much a beam rises on each metre along the floor."""
    return STEEPEST * ((2 * ring + 1) / rings - 1.0)


def sweep(truth: Gf.Vec4d, columns: int, rings: int, lidar_noise: float, noise_seed: int, frame: int, index: int):
    """Show one beam, element `index` of a cloud of points: where the LiDAR at `truth` (x, y, heading, speed) says that it ended.

    >>> sweep(Gf.Vec4d(1.0, 0.5, 0.7, 1.0), 10, 8, 0.03, 7, 12, 43)
    """
    slope = slope_of(index % rings, rings)
    heading = truth[2] + math.tau * (index // rings) / columns
    along = min(nearest_wall(truth[0], truth[1], heading)[0], free_distance(slope))
    stretch = math.sqrt(1.0 + slope * slope)
    along += lidar_noise * noise(measurement_key(noise_seed, frame), index) / stretch
    position = Gf.Vec3d(truth[0] + along * math.cos(heading), truth[1] + along * math.sin(heading), SENSOR_HEIGHT + along * slope)
    return position


def scan(
    truth: Gf.Vec4d,
    predicted: Gf.Vec4d,
    columns: int,
    rings: int,
    lidar_noise: float,
    noise_seed: int,
    first_sweep: int,
    frame: int,
):
    """Compare a whole sweep, taken at `truth`, with what is expected at `predicted` (x, y, heading, speed).

    Every beam is one measurement of a Kalman filter: its residual r (measured minus expected range), its row h of the measurement matrix
    and its variance σ². What the filter needs of all of them is two sums, `information` Σ hᵀh/σ² and `gradient` Σ hᵀr/σ². Between sweeps
    there is nothing to compare, and both are zero. A beam that ends on the floor or the ceiling says nothing of x, y and heading.

    >>> scan(Gf.Vec4d(1.0, 0.5, 0.7, 1.0), Gf.Vec4d(1.01, 0.49, 0.701, 1.0), 7, 5, 0.03, 7, 0, 12)
    >>> scan(Gf.Vec4d(1.0, 0.5, 0.7, 1.0), Gf.Vec4d(1.01, 0.49, 0.701, 1.0), 7, 5, 0.03, 7, 0, 13)
    """
    information = Gf.Matrix4d(0.0)
    gradient = Gf.Vec4d(0.0, 0.0, 0.0, 0.0)
    if (frame - first_sweep) % FRAMES_PER_SWEEP != 0:
        return information, gradient
    key = measurement_key(noise_seed, frame)
    variance = lidar_noise * lidar_noise
    for column in range(columns):
        around = math.tau * column / columns
        actual = nearest_wall(truth[0], truth[1], truth[2] + around)[0]
        expected, by_x, by_y, by_heading = nearest_wall(predicted[0], predicted[1], predicted[2] + around)
        weight = 0.0
        pull = 0.0
        for ring in range(rings):
            slope = slope_of(ring, rings)
            free = free_distance(slope)
            if expected < free:
                stretch = math.sqrt(1.0 + slope * slope)
                measured = min(actual, free) * stretch + lidar_noise * noise(key, column * rings + ring)
                weight += stretch * stretch
                pull += stretch * (measured - expected * stretch)
        row = Gf.Vec4d(by_x, by_y, by_heading, 0.0)
        gradient += row * (pull / variance)
        for i in range(3):
            for j in range(3):
                information[i, j] += row[i] * row[j] * weight / variance
    return information, gradient
