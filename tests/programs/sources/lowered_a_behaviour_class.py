from pxr import Gf


class Ball:
    height: float = 10.0
    speed: Gf.Vec3d = Gf.Vec3d(0.0)
    bounces = 0

    def fall(self, seconds):
        self.speed[2] -= 9.81 * seconds
        return self.speed[2] * seconds

    def on_init(self):
        self.bounces = 0

    def on_update(self, current_time, delta_time):
        self.height += self.fall(delta_time)
        if self.height < 0.0:
            self.bounces += 1
