from pxr import Gf


class Mover:
    a: Gf.Vec3d = Gf.Vec3d(0.0)
    b: Gf.Vec3d = Gf.Vec3d(0.0)

    def on_update(self, current_time, delta_time):
        self.b += Gf.Vec3d(1.0)
        self.a = self.b
