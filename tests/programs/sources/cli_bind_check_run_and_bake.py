
from pxr import Gf

def update(position: Gf.Vec3d, velocity: Gf.Vec3d, gravity: Gf.Vec3d, delta_time: float):
    velocity += gravity * delta_time
    position += velocity * delta_time
    return position, velocity
