"""The lamp of a robot: amber while it waits for a part, green while it works, red while it is stopped."""

from pxr import Gf

IDLE = 0
WORKING = 1


def light(state: int):
    if state == IDLE:
        color = [Gf.Vec3f(0.95, 0.7, 0.1)]
    elif state == WORKING:
        color = [Gf.Vec3f(0.1, 0.7, 0.3)]
    else:
        color = [Gf.Vec3f(0.85, 0.15, 0.1)]
    return color
