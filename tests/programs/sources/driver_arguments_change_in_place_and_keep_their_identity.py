from pxr import Gf

def step(position: Gf.Vec3d, velocity: Gf.Vec3d, dt: float):
    position += velocity * dt
    return position, velocity
