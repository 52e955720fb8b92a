from pxr import Gf

class Walker:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    steps: int = 0

    def on_play(self):
        self.steps = 100

    def on_update(self):
        self.steps = self.steps + 1
        self.position = Gf.Vec3d(float(self.steps), 0.0, 0.0)
