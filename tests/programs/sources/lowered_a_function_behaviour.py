from pxr import Gf


def update(position: Gf.Vec3d, velocity: Gf.Vec3d, delta_time, speed=2.0, loud: bool = False):
    position += velocity * (delta_time * speed)
    return position, velocity
