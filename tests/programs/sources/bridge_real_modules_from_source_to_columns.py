
from pxr import Gf

def fall(position: Gf.Vec3d, velocity: Gf.Vec3d, delta_time: float) -> tuple[Gf.Vec3d, Gf.Vec3d]:
    velocity = velocity + Gf.Vec3d(0.0, 0.0, -9.81) * delta_time
    position = position + velocity * delta_time
    return position, velocity
