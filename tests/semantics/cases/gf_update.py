from pxr import Gf


def update(position: Gf.Vec3d, velocity: Gf.Vec3d, delta_time: float):
    velocity += Gf.Vec3d(0, 0, -9.81) * delta_time
    position += velocity * delta_time
    if position[2] < 0:
        position[2] = 0
        velocity[2] *= -0.5
    return position, velocity

# call: (Gf.Vec3d(1, 2, 3), Gf.Vec3d(0), 0.1)
# call: (Gf.Vec3d(1, 2, -3), Gf.Vec3d(4, 5, 6), 0.1)
