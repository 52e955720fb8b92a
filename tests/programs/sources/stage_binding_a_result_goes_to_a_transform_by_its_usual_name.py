from pxr import Gf

def rise(current_time: float):
    return Gf.Vec3d(0.0, 0.0, current_time)
