from pxr import Gf

def lift(position: Gf.Vec3d, delta_time: float):
    position[2] += 2.0 * delta_time
    return position
