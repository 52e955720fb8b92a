
import math
from pxr import Gf

def update(position: Gf.Vec3d, velocity: Gf.Vec3d, delta_time: float, drag: float):
    acceleration = Gf.Vec3d(0.0, 0.0, -9.81) - velocity * (drag * velocity.GetLength())
    velocity = velocity + acceleration * delta_time
    position = position + velocity * delta_time
    if position[2] < 0.0:
        position = Gf.Vec3d(position[0], position[1], -position[2])
        velocity = Gf.Vec3d(velocity[0], velocity[1], -velocity[2] * 0.6)
    return position, velocity * math.cos(1.0 / (drag - 5.0))
