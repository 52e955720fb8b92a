"""The parts of a line, each an element of a crowd: on the conveyor, waiting before the robot, or not there."""

from pxr import Gf

SLOTS = 32  # as many parts as a line can hold
TRANSIT = 8.0  # seconds that a part is on the conveyor
LENGTH = 4.0  # metres that it goes there
GAP = 0.24  # metres from one waiting part to the next
HEIGHT = 0.46


def show(index: int, entered: float, now: float, parts_in: int, done: int):
    """Show part n in element n % SLOTS from when it was put on the conveyor until the robot is done with it."""
    number = done + (index - done) % SLOTS
    there = number < parts_in
    moved = LENGTH * (now - entered) / TRANSIT
    end = max(LENGTH - GAP * (number - done), 0.0)
    position = Gf.Vec3f(min(moved, end), 0.0, HEIGHT) if there else Gf.Vec3f(0.0, 0.0, 0.0)
    scale = Gf.Vec3f(1.0, 1.0, 1.0) if there else Gf.Vec3f(0.0, 0.0, 0.0)
    return position, scale
