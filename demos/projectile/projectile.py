"""A projectile with quadratic drag, wind and bounces: the behaviour that a thousand prims run."""

from pxr import Gf

RESTITUTION = 0.6


def update(
    position: Gf.Vec3d,
    velocity: Gf.Vec3d,
    drag: float,
    wind: Gf.Vec3d,
    gravity: Gf.Vec3d,
    meters_per_unit: float,
    delta_time: float,
):
    """Advance one projectile by one step, in the stage's own units and axes.

    `drag` is in 1/m, so that its product with a speed in stage units needs the stage's scale. Where nothing but gravity acts, the step is
    exact: the error of every trajectory without drag is rounding alone.
    """
    through_air = velocity - wind
    acceleration = gravity - through_air * (drag * meters_per_unit * through_air.GetLength())
    position += velocity * delta_time + acceleration * (0.5 * delta_time * delta_time)
    velocity += acceleration * delta_time

    up = -gravity.GetNormalized()
    height = Gf.Dot(position, up)
    falling = Gf.Dot(velocity, up)
    if height < 0.0 and falling < 0.0:
        position -= up * height
        velocity -= up * ((1.0 + RESTITUTION) * falling)
    return position, velocity
