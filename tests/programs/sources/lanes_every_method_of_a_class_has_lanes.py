
from pxr import Gf

class Walker:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    steps: int = 0
    busy: bool = False

    def on_init(self):
        self.steps = 10

    def on_update(self, delta_time: float):
        self.position += Gf.Vec3d(delta_time, 0.0, 1.0)
        self.steps -= 1
        self.busy = self.steps > 0
