from pxr import Gf

def update(position: Gf.Vec3d, velocity: Gf.Vec3d):
    position = position + velocity
    velocity = velocity * 0.5
    return position, velocity
