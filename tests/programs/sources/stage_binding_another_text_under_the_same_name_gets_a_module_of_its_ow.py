from pxr import Gf

def update(position: Gf.Vec3d, delta_time: float, speed: float = 3.0):
    position = position + Gf.Vec3d(speed * delta_time, 0.0, 0.0)
    return position
