from pxr import Gf

def rise(position: Gf.Vec3d, delta_time: float):
    position += Gf.Vec3d(0.0, 0.0, delta_time)
    return position
