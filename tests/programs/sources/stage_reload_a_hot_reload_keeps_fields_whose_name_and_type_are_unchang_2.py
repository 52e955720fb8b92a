from pxr import Gf

class Counter:
    count: int = 0
    size: int = 7
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)

    def on_update(self):
        self.count = self.count + 100
        self.position = Gf.Vec3d(float(self.count), float(self.size), 0.0)
