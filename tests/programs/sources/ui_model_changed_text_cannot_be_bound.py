from pxr import Gf

def rise(position: Gf.Vec3d, delta_time: float):
    position[2] += 6.0 * delta_time
    return position
