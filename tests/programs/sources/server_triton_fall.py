from pxr import Gf

def fall(position: Gf.Vec3d, velocity: Gf.Vec3d, dt: float):
    position += velocity * dt
    return position
