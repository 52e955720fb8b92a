from pxr import Gf

class Counter:
    count: int = 0
    size: float = 1.0
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)

    def on_update(self):
        self.count = self.count + 1
        self.position = Gf.Vec3d(float(self.count), self.size, 0.0)
