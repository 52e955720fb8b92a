from pxr import Gf

class Placed:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)

    def on_play(self):
        self.position = Gf.Vec3d(7.0, 0.0, 0.0)
