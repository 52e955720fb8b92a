from pxr import Gf


class Fall:
    """Fall, and bounce off the ground."""

    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    velocity: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    bounce: float = 0.8

    def on_update(self, gravity: Gf.Vec3d, delta_time: float):
        self.velocity += gravity * delta_time
        self.position += self.velocity * delta_time
        up = -gravity.GetNormalized()
        height = Gf.Dot(self.position, up)
        falling = Gf.Dot(self.velocity, up)
        if height < 0.0 and falling < 0.0:
            self.position -= up * height
            self.velocity -= up * ((1.0 + self.bounce) * falling)
